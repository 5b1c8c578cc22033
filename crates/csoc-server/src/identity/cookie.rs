//! The cookie that carries a session's secret.

use std::time::Duration;

use csoc_core::secret::Secret;

/// `__Host-` makes browsers insist on Secure, Path=/ and no Domain; it cannot be had over plain HTTP, where
/// the server only listens on loopback.
const SECURE_NAME: &str = "__Host-csoc";
const PLAIN_NAME: &str = "csoc";

#[derive(Clone, Copy, Debug)]
pub struct SessionCookie {
    secure: bool,
}

impl SessionCookie {
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    fn name(self) -> &'static str {
        if self.secure { SECURE_NAME } else { PLAIN_NAME }
    }

    /// `Set-Cookie` for a new session.
    pub fn set(self, secret: &Secret, longest: Duration) -> String {
        self.header(secret.expose(), longest.as_secs())
    }

    /// `Set-Cookie` that takes it away.
    pub fn clear(self) -> String {
        self.header("", 0)
    }

    fn header(self, value: &str, seconds: u64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", self.name())
    }

    /// The secret in a `Cookie` header.
    pub fn find(self, header: &str) -> Option<Secret> {
        let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.into_iter().find(|(name, _)| *name == self.name())?.1;
        (!value.is_empty()).then(|| Secret::new(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_is_found_among_others() {
        let cookie = SessionCookie::new(true);
        let set = cookie.set(&"abc".into(), Duration::from_secs(60));
        assert_eq!(set, "__Host-csoc=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
        assert_eq!(cookie.find("a=b; __Host-csoc=abc; c=d").unwrap().expose(), "abc");
        assert!(cookie.find("csoc=abc").is_none() && cookie.find("__Host-csoc=").is_none());
    }
}
