//! A text that must not be seen: a token, a password's hash, a key.
//!
//! Story: a source is logged with `{:?}` while its fetch fails; the log says `[redacted]` where the token
//! is. The text is reached only by [`Secret::expose`], which is easy to find in a review, and it is wiped
//! when dropped. It cannot be serialized: what is stored of it is encrypted or hashed first.

use std::fmt;

use serde::Deserialize;
use zeroize::Zeroizing;

#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Never hand it to a message, an error or a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Equal in a time that does not tell how much of it was right.
    pub fn equals(&self, other: &str) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(self.0.as_bytes(), other.as_bytes()).is_ok()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let token: Secret = serde_json::from_str(r#""ghp_abc""#).unwrap();
        assert_eq!(format!("{token} {token:?} {:?}", Some(&token)), "[redacted] [redacted] Some([redacted])");
        assert_eq!(token.expose(), "ghp_abc");
    }

    #[test]
    fn comparing_secrets_is_exact() {
        let token = Secret::new("abc");
        assert!(token.equals("abc") && !token.equals("abd") && !token.equals("ab") && !token.equals(""));
    }
}
