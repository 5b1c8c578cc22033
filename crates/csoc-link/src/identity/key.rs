//! The agent's own key: made in the cluster, kept there, and what it signs to be known by.

use rcgen::{CertificateParams, DistinguishedName, KeyPair, PublicKeyData as _};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

use crate::identity::{Fingerprint, IdentityError};

pub struct AgentKey {
    pair: KeyPair,
}

impl AgentKey {
    /// A new one (P-256).
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn generate() -> Result<Self, IdentityError> {
        KeyPair::generate().map(|pair| Self { pair }).map_err(|e| IdentityError::Signing(e.to_string()))
    }

    /// # Errors
    /// When it is not a private key in PEM.
    pub fn from_pem(pem: &str) -> Result<Self, IdentityError> {
        KeyPair::from_pem(pem).map(|pair| Self { pair }).map_err(|e| IdentityError::Signing(e.to_string()))
    }

    /// To be kept in the cluster, and nowhere else.
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(self.pair.serialize_pem())
    }

    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.pair.subject_public_key_info())
    }

    /// A request for a certificate (DER). It names nothing: which cluster this is, the server says.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn request(&self) -> Result<Vec<u8>, IdentityError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        let request = params.serialize_request(&self.pair).map_err(|e| IdentityError::Signing(e.to_string()))?;
        Ok(request.der().to_vec())
    }

    pub(crate) fn to_der(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.pair.serialize_der()))
    }
}

impl std::fmt::Debug for AgentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AgentKey({})", self.fingerprint())
    }
}
