//! Who an agent is: the authority that says so, the token that begins it, and the certificate that carries it.
//!
//! Story: a person runs one Helm command with a token that works once, for an hour. The agent makes its own key,
//! which never leaves the cluster, and gets a certificate for a day that says which cluster it is. It renews that by
//! itself. The certificate alone opens nothing: at every connection the recorded key of the cluster is asked for
//! (`accept::Doorkeeper`), so that revoking is one row in the store, not a list that has to reach somebody.
//!
//! Nothing here asks for the time: it is handed in.

mod authority;
mod key;
mod token;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp};
use rustls::pki_types::CertificateDer;
use uuid::Uuid;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

pub use authority::{Authority, AuthorityPem, Issued};
pub use key::AgentKey;
pub use token::{JoinToken, TokenFault, TokenRecord};

/// How long an agent's certificate is good. It is renewed after two thirds.
pub const AGENT_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// The same for the server's on the link.
pub const SERVER_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Certificates begin in the past, so that a clock that is some hours off does not keep an agent out.
pub const BACKDATE: SignedDuration = SignedDuration::from_hours(6);
/// An agent that was away (a cluster switched off over a long weekend) may still renew within this time.
pub const RENEWAL_GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The authority's own certificate.
pub const AUTHORITY_LIFE: SignedDuration = SignedDuration::from_hours(5 * 365 * 24);

/// Begins the name in an agent's certificate.
const CLUSTER: &str = "csoc://cluster/";

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("the certificate cannot be read: {0}")]
    Certificate(String),
    #[error("the certificate names no cluster")]
    NoCluster,
    #[error("the certificate request cannot be read, or is not signed by its own key: {0}")]
    Request(String),
    #[error("the key is not the one this agent has joined with; it has to join again")]
    OtherKey,
    #[error("the certificate could not be signed: {0}")]
    Signing(String),
    #[error("the authority cannot be read: {0}")]
    Authority(String),
}

/// SHA-256 of a public key (its SubjectPublicKeyInfo), as kubeadm writes it: `sha256:` and hex.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    #[must_use]
    pub fn of(public_key_info: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, public_key_info).as_ref());
        Self(bytes)
    }

    /// Of the key in a certificate.
    ///
    /// # Errors
    /// When it is not one.
    pub fn of_certificate(certificate: &CertificateDer<'_>) -> Result<Self, IdentityError> {
        Ok(Self::of(parse(certificate)?.public_key().raw))
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a fingerprint is `sha256:` and 64 hexadecimal digits".to_owned();
        let hex = text.strip_prefix("sha256:").filter(|hex| hex.len() == 64 && hex.is_ascii()).ok_or_else(wrong)?;
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// What an agent's certificate says. That it was signed by the authority was checked in the handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentIdentity {
    pub cluster: Uuid,
    pub key: Fingerprint,
    pub not_after: Timestamp,
}

impl AgentIdentity {
    /// # Errors
    /// When it is not an agent's.
    pub fn read(certificate: &CertificateDer<'_>) -> Result<Self, IdentityError> {
        let parsed = parse(certificate)?;
        let names = parsed.subject_alternative_name().map_err(|e| IdentityError::Certificate(e.to_string()))?;
        let mut clusters = names.iter().flat_map(|names| &names.value.general_names).filter_map(|name| match name {
            GeneralName::URI(uri) => uri.strip_prefix(CLUSTER).and_then(|id| id.parse::<Uuid>().ok()),
            _ => None,
        });
        // Exactly one: two would let whoever reads it choose.
        let (Some(cluster), None) = (clusters.next(), clusters.next()) else { return Err(IdentityError::NoCluster) };
        let end = parsed.validity().not_after.timestamp();
        let not_after = Timestamp::from_second(end).map_err(|e| IdentityError::Certificate(e.to_string()))?;
        Ok(Self { cluster, key: Fingerprint::of(parsed.public_key().raw), not_after })
    }
}

fn parse<'a>(certificate: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, IdentityError> {
    let (rest, parsed) =
        X509Certificate::from_der(certificate).map_err(|e| IdentityError::Certificate(e.to_string()))?;
    if rest.is_empty() { Ok(parsed) } else { Err(IdentityError::Certificate("more than one".into())) }
}

/// When a certificate that is good from `issued` to `not_after` is to be renewed: after two thirds.
#[must_use]
pub fn renew_at(issued: Timestamp, not_after: Timestamp) -> Timestamp {
    let life = not_after.duration_since(issued);
    issued.checked_add(life * 2 / 3).unwrap_or(not_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_survives_being_written_down() {
        let fingerprint = Fingerprint::of(b"key");
        assert_eq!(fingerprint.to_string().parse::<Fingerprint>().unwrap(), fingerprint);
        for wrong in
            ["", "sha256:", "sha1:00", &format!("sha256:{}", "g".repeat(64)), &format!("sha256:{}", "é".repeat(32))]
        {
            assert!(wrong.parse::<Fingerprint>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn renewal_is_after_two_thirds() {
        let begin: Timestamp = "2026-11-25T00:00:00Z".parse().unwrap();
        assert_eq!(renew_at(begin, begin + AGENT_LIFE).to_string(), "2026-11-25T16:00:00Z");
    }
}
