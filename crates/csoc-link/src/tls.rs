//! TLS of the link: 1.3 only, one authority, certificates on both sides.
//!
//! The server's certificate has one fixed name, whatever address it is dialed by: proxies, load balancers and
//! WebSockets need no name of ours. Nothing is resumed: a resumed session would skip asking for the certificate.

use std::sync::Arc;

use jiff::SignedDuration;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig,
    SignatureScheme,
};

use crate::identity::{AgentIdentity, AgentKey, Fingerprint, RENEWAL_GRACE};
use crate::settings::Class;

/// In every server certificate of the link.
pub const SERVER_NAME: &str = "link.csoc.internal";
/// Asked for by an agent that joins or renews: HTTP/1.1 with the usual roles.
pub const ENROLMENT: &[u8] = b"csoc-enrolment/1";

/// Asked for the time at every handshake; a test hands in its own.
pub type Clock = Arc<dyn TimeProvider>;

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn roots(trusted: Vec<CertificateDer<'static>>) -> Result<Arc<RootCertStore>, Error> {
    let mut roots = RootCertStore::empty();
    trusted.into_iter().try_for_each(|certificate| roots.add(certificate))?;
    Ok(Arc::new(roots))
}

fn unusable(error: impl std::fmt::Display) -> Error {
    Error::General(error.to_string())
}

/// The server's end. Made anew when its certificate or the trusted authorities change.
///
/// # Errors
/// When key and certificate do not fit.
pub fn server(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    trusted: Vec<CertificateDer<'static>>,
    clock: Clock,
) -> Result<ServerConfig, Error> {
    let inner = WebPkiClientVerifier::builder_with_provider(roots(trusted)?, provider())
        .allow_unauthenticated()
        .build()
        .map_err(unusable)?;
    let mut config = ServerConfig::builder_with_details(provider(), clock)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(Arc::new(AgentVerifier { inner, grace: RENEWAL_GRACE }))
        .with_single_cert(chain, key)?;
    config.alpn_protocols = Class::ALL.iter().map(|class| class.protocol().to_vec()).collect();
    config.alpn_protocols.push(ENROLMENT.to_vec());
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// The agent's end, with the certificate it got.
///
/// # Errors
/// When key and certificate do not fit.
pub fn agent(
    trusted: Vec<CertificateDer<'static>>,
    certificate: CertificateDer<'static>,
    key: &AgentKey,
    clock: Clock,
) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_details(provider(), clock)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots(trusted)?)
        .with_client_auth_cert(vec![certificate], key.to_der())?;
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// The end of an agent that has nothing yet but the fingerprint of the authority.
///
/// # Errors
/// Never for a provider that knows TLS 1.3.
pub fn joining(authority: Fingerprint, clock: Clock) -> Result<ClientConfig, Error> {
    let verifier = PinnedAuthority { authority, provider: provider() };
    let mut config = ClientConfig::builder_with_details(provider(), clock)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// Lets a certificate that ended some days ago through the handshake; `accept` then lets it renew and nothing else.
#[derive(Debug)]
struct AgentVerifier {
    inner: Arc<dyn ClientCertVerifier>,
    grace: SignedDuration,
}

impl ClientCertVerifier for AgentVerifier {
    fn client_auth_mandatory(&self) -> bool {
        // Who joins has none yet; who wants a link without one is turned away after the handshake.
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let identity = AgentIdentity::read(end_entity).map_err(|_| CertificateError::ApplicationVerificationFailure)?;
        let (end, grace) = (identity.not_after.as_second(), self.grace.as_secs());
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let at = if seconds > end && seconds <= end + grace { u64::try_from(end).unwrap_or(0) } else { now.as_secs() };
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(at));
        self.inner.verify_client_cert(end_entity, intermediates, at)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Trusts the one authority whose key has this fingerprint, which the server shows along with its certificate.
#[derive(Debug)]
struct PinnedAuthority {
    authority: Fingerprint,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedAuthority {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let pinned = |c: &&CertificateDer<'_>| Fingerprint::of_certificate(c).is_ok_and(|f| f == self.authority);
        let authority = intermediates.iter().find(pinned).ok_or(CertificateError::UnknownIssuer)?;
        let roots = roots(vec![authority.clone().into_owned()])?;
        WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&self.provider))
            .build()
            .map_err(unusable)?
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("the link speaks TLS 1.3 only".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
