//! Certificate and key for HTTPS, and until when the certificate is good.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::TlsFiles;

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("cannot read the certificates in {path}: {reason}")]
    Certificate { path: String, reason: String },
    #[error("cannot read the private key in {path}: {reason}")]
    Key { path: String, reason: String },
    #[error("certificate and key do not make a TLS server: {0}")]
    Pair(rustls::Error),
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let failed = |reason: String| TlsError::Certificate { path: path.display().to_string(), reason };
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = read.map_err(|error| failed(error.to_string()))?;
    if chain.is_empty() { Err(failed("there is none".to_owned())) } else { Ok(chain) }
}

pub fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, TlsError> {
    let chain = certificates(&files.cert)?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| TlsError::Key { path: files.key.display().to_string(), reason: error.to_string() })?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(TlsError::Pair)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// When the first of the chain's certificates ends.
pub fn expires_at(cert: &Path) -> Result<Timestamp, TlsError> {
    let failed = |reason: String| TlsError::Certificate { path: cert.display().to_string(), reason };
    let mut first: Option<Timestamp> = None;
    for der in certificates(cert)? {
        let (_, parsed) = x509_parser::parse_x509_certificate(&der).map_err(|error| failed(error.to_string()))?;
        let end = Timestamp::from_second(parsed.validity().not_after.timestamp()).map_err(|e| failed(e.to_string()))?;
        first = Some(first.map_or(end, |first| first.min(end)));
    }
    first.ok_or_else(|| failed("there is none".to_owned()))
}
