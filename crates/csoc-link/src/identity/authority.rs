//! csoc's own certificate authority, and how it is replaced without locking anybody out.
//!
//! Story: after four years the authority is rotated. The new one is also signed by the old one (a cross certificate),
//! so agents that know only the old one go on trusting the server; they learn the new one at their next renewal, a day
//! later. Certificates of the old one stay good until it is retired. If instead the key was stolen, the old one is
//! retired at once and every agent joins again.

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, SanType, SerialNumber,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::OffsetDateTime;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::identity::{AGENT_LIFE, AUTHORITY_LIFE, BACKDATE, CLUSTER, Fingerprint, IdentityError, SERVER_LIFE, parse};
use crate::tls::SERVER_NAME;

/// Signs; and knows whom else to trust.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    /// The one before, until it is retired.
    previous: Option<Previous>,
}

struct Previous {
    certificate: CertificateDer<'static>,
    /// The present key, signed by the one before.
    cross: CertificateDer<'static>,
}

/// As it is kept: the key is a secret, the rest is not.
pub struct AuthorityPem {
    pub key: Zeroizing<String>,
    /// The authority's certificate; after a rotation also the one before and the cross certificate, in this order.
    pub certificates: String,
}

/// A certificate that was signed, and what to trust with it.
#[derive(Debug, Clone)]
pub struct Issued {
    pub certificate: CertificateDer<'static>,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

impl Authority {
    /// # Errors
    /// When the machine has no randomness.
    pub fn create(now: Timestamp) -> Result<Self, IdentityError> {
        let (params, key) = (authority_params(now)?, KeyPair::generate().map_err(signing)?);
        let certificate = params.self_signed(&key).map_err(signing)?.der().clone();
        Ok(Self { issuer: Issuer::new(params, key), certificate, previous: None })
    }

    /// A new key, trusted by whoever trusts this one.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn rotate(&self, now: Timestamp) -> Result<Self, IdentityError> {
        let (params, key) = (authority_params(now)?, KeyPair::generate().map_err(signing)?);
        let certificate = params.self_signed(&key).map_err(signing)?.der().clone();
        let cross = params.signed_by(&key, &self.issuer).map_err(signing)?.der().clone();
        let previous = Previous { certificate: self.certificate.clone(), cross };
        Ok(Self { issuer: Issuer::new(params, key), certificate, previous: Some(previous) })
    }

    /// No longer trust the one before.
    pub fn retire(&mut self) {
        self.previous = None;
    }

    /// Of the present key: what a joining agent is told to expect.
    ///
    /// # Errors
    /// When its certificate cannot be read.
    pub fn fingerprint(&self) -> Result<Fingerprint, IdentityError> {
        Fingerprint::of_certificate(&self.certificate)
    }

    /// Whom to trust.
    #[must_use]
    pub fn trusted(&self) -> Vec<CertificateDer<'static>> {
        let previous = self.previous.as_ref().map(|previous| previous.certificate.clone());
        std::iter::once(self.certificate.clone()).chain(previous).collect()
    }

    /// A certificate for the agent of `cluster`, for the key that signed `request` (DER). Only the key is taken from
    /// the request: whatever else it asks for (names, being an authority) is not looked at.
    ///
    /// # Errors
    /// When the request is not signed by its own key, or by another than the one `expected`.
    pub fn sign_agent(
        &self,
        request: &[u8],
        cluster: Uuid,
        expected: Option<&Fingerprint>,
        now: Timestamp,
    ) -> Result<(Issued, Fingerprint), IdentityError> {
        let request = CertificateSigningRequestParams::from_der(&CertificateSigningRequestDer::from(request))
            .map_err(|e| IdentityError::Request(e.to_string()))?;
        let key = Fingerprint::of(&request.public_key.subject_public_key_info());
        if expected.is_some_and(|expected| *expected != key) {
            return Err(IdentityError::OtherKey);
        }
        let mut params = CertificateParams::default();
        let uri = format!("{CLUSTER}{cluster}").try_into().map_err(signing)?;
        params.subject_alt_names = vec![SanType::URI(uri)];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let issued = self.sign(params, &request.public_key, now, AGENT_LIFE)?;
        Ok((issued, key))
    }

    /// A certificate and key for the server's end of the link, with the chain that old and new agents can follow.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn sign_server(
        &self,
        now: Timestamp,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>, Issued), IdentityError> {
        let key = KeyPair::generate().map_err(signing)?;
        let mut params = CertificateParams::new(vec![SERVER_NAME.to_owned()]).map_err(signing)?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let issued = self.sign(params, &key, now, SERVER_LIFE)?;
        let mut chain = vec![issued.certificate.clone()];
        if let Some(previous) = &self.previous {
            chain.push(previous.cross.clone());
        }
        chain.extend(self.trusted());
        Ok((chain, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())), issued))
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        key: &impl PublicKeyData,
        now: Timestamp,
        life: SignedDuration,
    ) -> Result<Issued, IdentityError> {
        let (not_before, not_after) = (now - BACKDATE, now + life);
        params.distinguished_name = DistinguishedName::new();
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.serial_number = Some(serial()?);
        (params.not_before, params.not_after) = (date(not_before)?, date(not_after)?);
        let certificate = params.signed_by(key, &self.issuer).map_err(signing)?.der().clone();
        Ok(Issued { certificate, not_before: now, not_after })
    }

    /// # Errors
    /// When it is not what [`Authority::to_pem`] gave, or the key does not belong to the certificate.
    pub fn from_pem(pem: &AuthorityPem) -> Result<Self, IdentityError> {
        let wrong = |e: &dyn std::fmt::Display| IdentityError::Authority(e.to_string());
        let key = KeyPair::from_pem(&pem.key).map_err(|e| wrong(&e))?;
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.certificates.as_bytes()).collect();
        let mut certificates = certificates.map_err(|e| wrong(&e))?.into_iter();
        let certificate = certificates.next().ok_or_else(|| wrong(&"no certificate"))?;
        if Fingerprint::of_certificate(&certificate)? != Fingerprint::of(&key.subject_public_key_info()) {
            return Err(wrong(&"the key does not belong to the certificate"));
        }
        if !parse(&certificate)?.is_ca() {
            return Err(wrong(&"its certificate is not one of an authority"));
        }
        let previous = match (certificates.next(), certificates.next()) {
            (Some(certificate), Some(cross)) => Some(Previous { certificate, cross }),
            _ => None,
        };
        let issuer = Issuer::from_ca_cert_der(&certificate, key).map_err(|e| wrong(&e))?;
        Ok(Self { issuer, certificate, previous })
    }

    #[must_use]
    pub fn to_pem(&self) -> AuthorityPem {
        let previous = self.previous.iter().flat_map(|p| [&p.certificate, &p.cross]);
        let certificates = std::iter::once(&self.certificate).chain(previous).map(pem_of).collect();
        AuthorityPem { key: Zeroizing::new(self.issuer.key().serialize_pem()), certificates }
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("fingerprint", &self.fingerprint().ok()).finish_non_exhaustive()
    }
}

/// A certificate as text.
fn pem_of(certificate: &CertificateDer<'static>) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn authority_params(now: Timestamp) -> Result<CertificateParams, IdentityError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    // Two authorities with one name would make it a matter of luck which of them a verifier tries.
    let name = format!("csoc authority {}", Uuid::now_v7().simple());
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serial_number = Some(serial()?);
    (params.not_before, params.not_after) = (date(now - BACKDATE)?, date(now + AUTHORITY_LIFE)?);
    Ok(params)
}

fn serial() -> Result<SerialNumber, IdentityError> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| IdentityError::Signing("no randomness".into()))?;
    // Positive, and never shortened.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}

fn date(at: Timestamp) -> Result<OffsetDateTime, IdentityError> {
    OffsetDateTime::from_unix_timestamp(at.as_second()).map_err(|e| IdentityError::Signing(e.to_string()))
}

fn signing(error: rcgen::Error) -> IdentityError {
    IdentityError::Signing(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{AgentIdentity, AgentKey};

    const CLUSTER_ID: Uuid = Uuid::from_u128(7);

    fn now() -> Timestamp {
        "2026-11-25T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_certificate_says_which_cluster_and_no_more_than_it_should() {
        let (authority, key) = (Authority::create(now()).unwrap(), AgentKey::generate().unwrap());
        let (issued, fingerprint) = authority.sign_agent(&key.request().unwrap(), CLUSTER_ID, None, now()).unwrap();
        let read = AgentIdentity::read(&issued.certificate).unwrap();
        assert_eq!(read, AgentIdentity { cluster: CLUSTER_ID, key: key.fingerprint(), not_after: now() + AGENT_LIFE });
        assert_eq!(fingerprint, key.fingerprint());
    }

    #[test]
    fn a_request_cannot_ask_for_more() {
        let authority = Authority::create(now()).unwrap();
        let pair = KeyPair::generate().unwrap();
        let mut greedy = CertificateParams::new(vec![SERVER_NAME.to_owned()]).unwrap();
        greedy.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let request = greedy.serialize_request(&pair).unwrap();
        let (issued, _) = authority.sign_agent(request.der(), CLUSTER_ID, None, now()).unwrap();
        let parsed = parse(&issued.certificate).unwrap();
        assert!(!parsed.is_ca());
        assert_eq!(parsed.subject_alternative_name().unwrap().unwrap().value.general_names.len(), 1);
    }

    #[test]
    fn renewing_with_another_key_or_a_broken_request_is_refused() {
        let authority = Authority::create(now()).unwrap();
        let (mine, other) = (AgentKey::generate().unwrap(), AgentKey::generate().unwrap());
        let refused = authority.sign_agent(&other.request().unwrap(), CLUSTER_ID, Some(&mine.fingerprint()), now());
        assert!(matches!(refused, Err(IdentityError::OtherKey)));
        let mut broken = mine.request().unwrap();
        *broken.last_mut().unwrap() ^= 1;
        assert!(matches!(authority.sign_agent(&broken, CLUSTER_ID, None, now()), Err(IdentityError::Request(_))));
    }

    #[test]
    fn it_is_kept_and_read_again_with_the_one_before() {
        let old = Authority::create(now()).unwrap();
        let kept = Authority::from_pem(&old.rotate(now()).unwrap().to_pem()).unwrap();
        assert_eq!(kept.trusted().len(), 2);
        assert_eq!(kept.trusted()[1], old.trusted()[0]);
        let mut mixed = kept.to_pem();
        mixed.key = old.to_pem().key;
        assert!(matches!(Authority::from_pem(&mixed), Err(IdentityError::Authority(_))));
    }
}
