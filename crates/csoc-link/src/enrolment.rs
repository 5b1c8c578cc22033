//! Joining and renewing: one request over a connection whose TLS is the link's, with the usual roles.
//!
//! Story: the agent starts with a token and the authority's fingerprint, makes a key, and asks for a certificate. The
//! token is worth nothing after that. Two thirds of a day later it asks again, showing the certificate it has. After
//! a weekend switched off it still may; after a week it has to join again. When the cluster was removed meanwhile, it
//! is told so.
//!
//! These messages are a promise between versions: fields are added, never removed or given another meaning.

use std::convert::Infallible;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::dial::{DialError, Route, dial};
use crate::error::causes;
use crate::identity::{
    AgentIdentity, AgentKey, Authority, Fingerprint, IdentityError, Issued, JoinToken, TokenFault, renew_at,
};
use crate::settings::DIAL;
use crate::tls::{self, Clock, ENROLMENT};
use crate::{Body, Io, hello};

const JOIN: &str = "/enrolment/v1/join";
const RENEW: &str = "/enrolment/v1/renew";

#[derive(Debug, Serialize, Deserialize)]
struct Join {
    token: String,
    /// PKCS #10, DER, Base64.
    request: String,
    /// The `kube-system` namespace's uid: the cluster's own name for itself.
    cluster_uid: String,
    version: String,
    mode: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Renew {
    request: String,
    version: String,
}

/// The answer to both.
#[derive(Debug, Serialize, Deserialize)]
struct Certified {
    cluster: Uuid,
    /// DER, Base64.
    certificate: String,
    /// Whom to trust from now on; all of them.
    trusted: Vec<String>,
    issued: Timestamp,
    not_after: Timestamp,
}

/// Why no certificate was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NotGiven {
    #[error("the token is not accepted: it is wrong, was used, or has expired; ask for a new one")]
    Token,
    #[error("the cluster that this token is for is another one (its kube-system namespace has another uid)")]
    OtherCluster,
    #[error("the agent was revoked or the cluster removed; join again with a new token")]
    Revoked,
    #[error("another key belongs to this cluster now; join again with a new token")]
    OtherKey,
    #[error("the server could not understand the request")]
    Malformed,
    #[error("the server could not do it now; it is tried again")]
    Unavailable,
    #[error("the server refused for a reason that this version does not know")]
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Serialize, Deserialize)]
struct Problem {
    code: NotGiven,
}

/// What a join asks to be written down.
#[derive(Debug)]
pub struct Joining {
    pub token: JoinToken,
    pub key: Fingerprint,
    pub cluster_uid: String,
    pub version: String,
    pub mode: String,
}

/// The recorded state behind enrolment.
pub trait Registrar: Send + Sync + 'static {
    /// Use up the token and record the key as its cluster's, in one step: of two agents with the same token one gets
    /// in. Answers which cluster it is.
    fn join(&self, joining: Joining) -> impl Future<Output = Result<Uuid, NotGiven>> + Send;

    /// The key that belongs to a cluster; `None` when it was removed or revoked.
    fn registered(&self, cluster: Uuid) -> impl Future<Output = Option<Fingerprint>> + Send;

    fn authority(&self) -> Arc<Authority>;

    fn now(&self) -> Timestamp;

    /// For the audit: why a token did not work is not told to the one who showed it.
    fn refused(&self, why: &str) -> impl Future<Output = ()> + Send;
}

/// The server's end: answer one agent, for at most [`DIAL`].
pub async fn serve<R: Registrar>(stream: impl Io, identity: Option<AgentIdentity>, registrar: Arc<R>) {
    let identity = Arc::new(identity);
    let answering = service_fn(move |request: Request<Incoming>| {
        let (identity, registrar) = (Arc::clone(&identity), Arc::clone(&registrar));
        async move { Ok::<_, Infallible>(answer(request, identity.as_ref().as_ref(), registrar.as_ref()).await) }
    });
    let serving = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(DIAL)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), answering);
    if let Ok(Err(error)) = tokio::time::timeout(DIAL, serving).await {
        tracing::debug!(error = causes(&error), "an enrolment broke off");
    }
}

async fn answer<R: Registrar>(
    request: Request<Incoming>,
    identity: Option<&AgentIdentity>,
    registrar: &R,
) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let body = hello::read(request.into_body()).await;
    let certified = match (path.as_str(), body, identity) {
        (JOIN, Ok(body), _) => join(&body, registrar).await,
        (RENEW, Ok(body), Some(identity)) => renew(&body, identity, registrar).await,
        _ => Err(NotGiven::Malformed),
    };
    match certified {
        Ok(certified) => json(StatusCode::OK, &certified),
        Err(code) => {
            let status = match code {
                NotGiven::Malformed => StatusCode::BAD_REQUEST,
                NotGiven::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::FORBIDDEN,
            };
            json(status, &Problem { code })
        }
    }
}

async fn join<R: Registrar>(body: &[u8], registrar: &R) -> Result<Certified, NotGiven> {
    let Join { token, request, cluster_uid, version, mode } = read(body)?;
    let token = match JoinToken::parse(&token) {
        Ok(token) => token,
        Err(fault) => {
            registrar.refused(&fault.to_string()).await;
            return Err(NotGiven::Token);
        }
    };
    let request = BASE64.decode(request).map_err(|_| NotGiven::Malformed)?;
    let (authority, now) = (registrar.authority(), registrar.now());
    // Before the token is used up: a broken request must not cost it.
    let (_, key) = authority.sign_agent(&request, Uuid::nil(), None, now).map_err(|_| NotGiven::Malformed)?;
    let cluster = registrar.join(Joining { token, key: key.clone(), cluster_uid, version, mode }).await?;
    let (issued, _) = authority.sign_agent(&request, cluster, Some(&key), now).map_err(|_| NotGiven::Unavailable)?;
    Ok(certified(cluster, &issued, &authority))
}

async fn renew<R: Registrar>(body: &[u8], identity: &AgentIdentity, registrar: &R) -> Result<Certified, NotGiven> {
    let Renew { request, .. } = read(body)?;
    let request = BASE64.decode(request).map_err(|_| NotGiven::Malformed)?;
    match registrar.registered(identity.cluster).await {
        None => return Err(NotGiven::Revoked),
        Some(key) if key != identity.key => return Err(NotGiven::OtherKey),
        Some(_) => {}
    }
    let authority = registrar.authority();
    match authority.sign_agent(&request, identity.cluster, Some(&identity.key), registrar.now()) {
        Ok((issued, _)) => Ok(certified(identity.cluster, &issued, &authority)),
        Err(IdentityError::OtherKey) => Err(NotGiven::OtherKey),
        Err(IdentityError::Request(_)) => Err(NotGiven::Malformed),
        Err(_) => Err(NotGiven::Unavailable),
    }
}

fn certified(cluster: Uuid, issued: &Issued, authority: &Authority) -> Certified {
    Certified {
        cluster,
        certificate: BASE64.encode(&issued.certificate),
        trusted: authority.trusted().iter().map(|c| BASE64.encode(c)).collect(),
        issued: issued.not_before,
        not_after: issued.not_after,
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, NotGiven> {
    serde_json::from_slice(body).map_err(|_| NotGiven::Malformed)
}

fn json<T: Serialize>(status: StatusCode, value: &T) -> Response<Body> {
    let mut response = Response::new(crate::full(serde_json::to_vec(value).unwrap_or_default()));
    *response.status_mut() = status;
    response
}

impl From<TokenFault> for NotGiven {
    fn from(_: TokenFault) -> Self {
        Self::Token
    }
}

// ---- the agent's end ----

/// Why an agent has no certificate now.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentError {
    #[error(transparent)]
    Dial(#[from] DialError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("no TLS can be made of it: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the server broke off: {0}")]
    Broken(String),
    #[error("the server's answer makes no sense: {0}")]
    Malformed(String),
    #[error(transparent)]
    Refused(#[from] NotGiven),
}

/// What an agent is known by: kept in the cluster (the key is in it), and read again at the next start.
#[derive(Debug)]
pub struct Credentials {
    pub key: AgentKey,
    pub cluster: Uuid,
    pub certificate: CertificateDer<'static>,
    pub trusted: Vec<CertificateDer<'static>>,
    pub issued: Timestamp,
    pub not_after: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// PKCS #8, PEM.
    key: String,
    certified: Certified,
}

impl Drop for Kept {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.key);
    }
}

/// What a joining agent says of itself.
#[derive(Debug, Clone)]
pub struct About {
    pub cluster_uid: String,
    pub version: String,
    pub mode: String,
}

impl Credentials {
    /// Join with a token; `key` may be one that an earlier attempt has kept.
    ///
    /// # Errors
    /// The step that failed; [`EnrolmentError::Refused`] when trying again does not help.
    pub async fn join(
        route: &Route,
        authority: Fingerprint,
        token: &str,
        key: AgentKey,
        about: About,
        clock: Clock,
    ) -> Result<Self, EnrolmentError> {
        let About { cluster_uid, version, mode } = about;
        let request = BASE64.encode(key.request()?);
        let message = Join { token: token.to_owned(), request, cluster_uid, version, mode };
        let certified = ask(route, tls::joining(authority, clock)?, JOIN, &message).await?;
        Self::of(key, certified)
    }

    /// A new certificate for the same key.
    ///
    /// # Errors
    /// As [`Credentials::join`].
    pub async fn renew(self, route: &Route, version: &str, clock: Clock) -> Result<Self, (Self, EnrolmentError)> {
        let renewed = async {
            let message = Renew { request: BASE64.encode(self.key.request()?), version: version.to_owned() };
            ask(route, self.tls(clock)?, RENEW, &message).await
        };
        let certified: Certified = match renewed.await {
            Ok(certified) => certified,
            Err(error) => return Err((self, error)),
        };
        match decoded(&certified) {
            Ok((certificate, trusted)) => {
                let Certified { cluster, issued, not_after, .. } = certified;
                Ok(Self { key: self.key, cluster, certificate, trusted, issued, not_after })
            }
            Err(error) => Err((self, error)),
        }
    }

    fn of(key: AgentKey, certified: Certified) -> Result<Self, EnrolmentError> {
        let (certificate, trusted) = decoded(&certified)?;
        let Certified { cluster, issued, not_after, .. } = certified;
        Ok(Self { key, cluster, certificate, trusted, issued, not_after })
    }

    /// As text, to be kept in the cluster. It holds the private key.
    ///
    /// # Errors
    /// Never for what [`Credentials::join`] gave.
    pub fn to_text(&self) -> Result<Zeroizing<String>, EnrolmentError> {
        let kept = Kept {
            key: self.key.to_pem().to_string(),
            certified: Certified {
                cluster: self.cluster,
                certificate: BASE64.encode(&self.certificate),
                trusted: self.trusted.iter().map(|c| BASE64.encode(c)).collect(),
                issued: self.issued,
                not_after: self.not_after,
            },
        };
        let text = serde_json::to_string(&kept).map(Zeroizing::new);
        text.map_err(|e| EnrolmentError::Malformed(e.to_string()))
    }

    /// What [`Credentials::to_text`] gave.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_text(text: &str) -> Result<Self, EnrolmentError> {
        // The parser's own message could quote the key.
        let kept: Kept = serde_json::from_str(text)
            .map_err(|e| EnrolmentError::Malformed(format!("kept credentials, line {}", e.line())))?;
        let key = AgentKey::from_pem(&kept.key)?;
        let (certificate, trusted) = decoded(&kept.certified)?;
        let Certified { cluster, issued, not_after, .. } = &kept.certified;
        let (cluster, issued, not_after) = (*cluster, *issued, *not_after);
        Ok(Self { key, cluster, certificate, trusted, issued, not_after })
    }

    /// From when on it is to be renewed.
    #[must_use]
    pub fn renew_at(&self) -> Timestamp {
        renew_at(self.issued, self.not_after)
    }

    /// For dialing with it.
    ///
    /// # Errors
    /// When key and certificate do not fit.
    pub fn tls(&self, clock: Clock) -> Result<rustls::ClientConfig, rustls::Error> {
        tls::agent(self.trusted.clone(), self.certificate.clone(), &self.key, clock)
    }
}

fn decoded(certified: &Certified) -> Result<(CertificateDer<'static>, Vec<CertificateDer<'static>>), EnrolmentError> {
    let decode = |text: &String| {
        let bytes = BASE64.decode(text).map_err(|e| EnrolmentError::Malformed(e.to_string()))?;
        Ok::<_, EnrolmentError>(CertificateDer::from(bytes))
    };
    let trusted = certified.trusted.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
    if trusted.is_empty() {
        return Err(EnrolmentError::Malformed("it names nobody to trust".into()));
    }
    Ok((decode(&certified.certificate)?, trusted))
}

/// One request, one answer.
async fn ask<Q: Serialize>(
    route: &Route,
    tls: rustls::ClientConfig,
    path: &str,
    message: &Q,
) -> Result<Certified, EnrolmentError> {
    let malformed = |e: &dyn std::fmt::Display| EnrolmentError::Malformed(e.to_string());
    let stream = dial(route, tls, ENROLMENT).await?;
    let asking = async {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let text = serde_json::to_vec(message).unwrap_or_default();
        let request = Request::builder().method(Method::POST).uri(path).header("host", tls::SERVER_NAME);
        let Ok(request) = request.body(crate::full(text)) else { return Ok(None) };
        // Both at once: the connection moves the bytes of the request.
        let exchange = async {
            let response = sender.send_request(request).await?;
            let status = response.status();
            let body = hello::read(response.into_body()).await;
            Ok::<_, hyper::Error>(Some((status, body)))
        };
        tokio::select! {
            answered = exchange => answered,
            ended = connection => ended.map(|()| None),
        }
    };
    let answered = tokio::time::timeout(DIAL, asking).await;
    let answered = answered.map_err(|_| EnrolmentError::Broken(format!("no answer within {DIAL:?}")))?;
    let (status, body) = answered
        .map_err(|e| EnrolmentError::Broken(causes(&e)))?
        .ok_or_else(|| EnrolmentError::Broken("it closed the connection without an answer".into()))?;
    let body = body.map_err(|e| malformed(&e))?;
    if status == StatusCode::OK {
        return serde_json::from_slice(&body).map_err(|e| malformed(&e));
    }
    let Problem { code } = serde_json::from_slice(&body).map_err(|e| malformed(&e))?;
    Err(code.into())
}
