//! Join tokens: they work once, for one cluster, for a short time. The store keeps a digest, never the token.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::identity::IdentityError;

/// Begins every token, so that a scanner of repositories knows one when it sees it.
const PREFIX: &str = "csoc_join_";

/// What a person puts into the Helm command.
pub struct JoinToken {
    pub id: Uuid,
    secret: Zeroizing<[u8; 32]>,
}

/// What the store keeps of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    pub id: Uuid,
    pub cluster: Uuid,
    pub digest: [u8; 32],
    pub expires: Timestamp,
    pub used: Option<Timestamp>,
}

/// Why a token does not let anybody in. The one who shows it is told only that it does not; the audit is told this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("it is no join token")]
    Malformed,
    #[error("it is not known, or its secret is wrong")]
    Unknown,
    #[error("it has expired")]
    Expired,
    #[error("it was used already")]
    Used,
}

impl JoinToken {
    /// # Errors
    /// When the machine has no randomness.
    pub fn generate() -> Result<Self, IdentityError> {
        let mut secret = Zeroizing::new([0; 32]);
        aws_lc_rs::rand::fill(&mut secret[..]).map_err(|_| IdentityError::Signing("no randomness".into()))?;
        Ok(Self { id: Uuid::now_v7(), secret })
    }

    /// # Errors
    /// [`TokenFault::Malformed`].
    pub fn parse(text: &str) -> Result<Self, TokenFault> {
        let (id, secret) =
            text.trim().strip_prefix(PREFIX).and_then(|t| t.split_once('_')).ok_or(TokenFault::Malformed)?;
        let id = Uuid::try_parse(id).map_err(|_| TokenFault::Malformed)?;
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(secret).map_err(|_| TokenFault::Malformed)?);
        let mut secret = Zeroizing::new([0; 32]);
        if bytes.len() != secret.len() {
            return Err(TokenFault::Malformed);
        }
        secret.copy_from_slice(&bytes);
        Ok(Self { id, secret })
    }

    /// The text to hand out, once.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}_{}", self.id.simple(), URL_SAFE_NO_PAD.encode(&self.secret[..])))
    }

    #[must_use]
    pub fn record(&self, cluster: Uuid, expires: Timestamp) -> TokenRecord {
        TokenRecord { id: self.id, cluster, digest: self.digest(), expires, used: None }
    }

    fn digest(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, &self.secret[..]).as_ref());
        bytes
    }
}

impl std::fmt::Debug for JoinToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JoinToken({})", self.id)
    }
}

impl TokenRecord {
    /// Whether `token` lets its bearer in now. That it is used only once, the store ensures when it marks it used.
    ///
    /// # Errors
    /// Why not. The secret is compared first: only who knows it learns more.
    pub fn check(&self, token: &JoinToken, now: Timestamp) -> Result<(), TokenFault> {
        if self.id != token.id || verify_slices_are_equal(&self.digest, &token.digest()).is_err() {
            return Err(TokenFault::Unknown);
        }
        if self.used.is_some() {
            return Err(TokenFault::Used);
        }
        if now >= self.expires {
            return Err(TokenFault::Expired);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn now() -> Timestamp {
        "2026-11-25T08:00:00Z".parse().unwrap()
    }

    fn stage() -> (JoinToken, TokenRecord) {
        let token = JoinToken::generate().unwrap();
        let record = token.record(Uuid::from_u128(1), now() + SignedDuration::from_hours(1));
        (token, record)
    }

    #[test]
    fn what_is_handed_out_is_what_lets_in() {
        let (token, record) = stage();
        let typed = JoinToken::parse(&format!(" {}\n", &*token.reveal())).unwrap();
        assert_eq!(record.check(&typed, now()), Ok(()));
    }

    #[test]
    fn it_expires_and_works_once() {
        let (token, mut record) = stage();
        assert_eq!(record.check(&token, record.expires), Err(TokenFault::Expired));
        record.used = Some(now());
        assert_eq!(record.check(&token, now()), Err(TokenFault::Used));
    }

    #[test]
    fn a_wrong_secret_learns_nothing_else() {
        let (_, mut record) = stage();
        record.used = Some(now());
        let guess = JoinToken { id: record.id, secret: Zeroizing::new([7; 32]) };
        assert_eq!(record.check(&guess, record.expires), Err(TokenFault::Unknown));
    }

    #[test]
    fn what_is_no_token_is_told_apart() {
        for text in ["", "csoc_join_", "csoc_join_x_y", "csoc_join_00000000000000000000000000000001_c2hvcnQ", "ghp_x"] {
            assert_eq!(JoinToken::parse(text).unwrap_err(), TokenFault::Malformed, "{text}");
        }
    }

    #[test]
    fn neither_logs_nor_errors_show_it() {
        let (token, record) = stage();
        let shown = format!("{token:?} {record:?}");
        let secret = token.reveal();
        let secret = secret.rsplit_once('_').unwrap().1;
        assert!(!shown.contains(secret));
    }
}
