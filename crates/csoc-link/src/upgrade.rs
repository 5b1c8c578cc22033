//! Requests that switch protocols, through HTTP/2: exec, attach and port-forward.
//!
//! Story: `kubectl exec` asks the API server to switch to WebSocket. The server sends that over the link as an
//! extended CONNECT that carries the original method; the agent asks its API server over HTTP/1.1, and when that
//! answers 101, bytes are passed both ways untouched, each side closing on its own. Any other answer goes back as it
//! is, status, headers and body, because kubectl decides from it whether to fall back to SPDY.

use http::header::{CONNECTION, HeaderName, HeaderValue, UPGRADE};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::ext::Protocol;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy_bidirectional_with_sizes};

use crate::body::LinkBody;
use crate::budget::Permit;
use crate::connection::{Connection, Sending};
use crate::error::LinkError;
use crate::{Body, Io};

/// The `:protocol` of the link's own extended CONNECT.
const PROTOCOL: &str = "csoc-upgrade";
/// What HTTP/2 has no place for: the method and the protocol that were asked for, the status that was answered.
const METHOD: HeaderName = HeaderName::from_static("csoc-method");
const SWITCH: HeaderName = HeaderName::from_static("csoc-switch");
const STATUS: HeaderName = HeaderName::from_static("csoc-status");
/// One direction's buffer in the agent.
const COPY: usize = 32 * 1024;

/// What came of it, at the server's end.
#[derive(Debug)]
pub enum Upgraded {
    /// The head as it is to be given to the client (101), and the stream behind it.
    Switched(Response<()>, UpgradedIo),
    /// The answer as it is to be given to the client.
    Refused(Response<LinkBody>),
}

/// The switched stream. Dropping it resets it.
#[derive(Debug)]
pub struct UpgradedIo {
    io: TokioIo<hyper::upgrade::Upgraded>,
    _permit: Permit,
}

pub(crate) async fn send(
    connection: &Connection,
    request: Request<()>,
    how: Sending<'_>,
) -> Result<Upgraded, LinkError> {
    let (response, permit) = connection.exchange(wrap(request), how).await?;
    let status = response.headers().get(STATUS).and_then(|v| StatusCode::from_bytes(v.as_bytes()).ok());
    let status = status.ok_or_else(|| LinkError::Malformed("an upgrade was answered without a status".into()))?;
    if status == StatusCode::SWITCHING_PROTOCOLS && response.status() == StatusCode::OK {
        let mut head = Response::new(());
        *head.status_mut() = status;
        *head.headers_mut() = unwrapped(response.headers());
        let io = hyper::upgrade::on(response).await.map_err(|e| LinkError::Lost(crate::error::causes(&e)))?;
        return Ok(Upgraded::Switched(head, UpgradedIo { io: TokioIo::new(io), _permit: permit }));
    }
    let (mut head, body) = response.into_parts();
    head.status = status;
    head.headers = unwrapped(&head.headers);
    Ok(Upgraded::Refused(Response::from_parts(head, LinkBody::new(body, permit))))
}

/// The client's request as an extended CONNECT.
fn wrap(request: Request<()>) -> Request<Body> {
    let (mut head, ()) = request.into_parts();
    let switch = head.headers.remove(UPGRADE);
    strip(&mut head.headers);
    if let Some(switch) = switch {
        head.headers.insert(SWITCH, switch);
    }
    if let Ok(method) = HeaderValue::from_str(head.method.as_str()) {
        head.headers.insert(METHOD, method);
    }
    head.method = Method::CONNECT;
    head.extensions.insert(Protocol::from_static(PROTOCOL));
    Request::from_parts(head, crate::empty())
}

/// What the agent is asked to switch, as the HTTP/1.1 request it was; `None` for any other request.
///
/// # Errors
/// When it is one, but says nothing sensible.
pub fn asked(request: &Request<Incoming>) -> Option<Result<Request<()>, LinkError>> {
    let protocol = request.extensions().get::<Protocol>()?;
    if request.method() != Method::CONNECT || protocol.as_str() != PROTOCOL {
        return None;
    }
    Some(unwrap(request).ok_or_else(|| LinkError::Malformed("an upgrade without method or protocol".into())))
}

fn unwrap(request: &Request<Incoming>) -> Option<Request<()>> {
    let method = Method::from_bytes(request.headers().get(METHOD)?.as_bytes()).ok()?;
    let switch = request.headers().get(SWITCH)?.clone();
    let path = request.uri().path_and_query()?.as_str();
    let mut plain = Request::builder().method(method).uri(path).body(()).ok()?;
    let mut headers = request.headers().clone();
    headers.remove(METHOD);
    headers.remove(SWITCH);
    strip(&mut headers);
    headers.insert(UPGRADE, switch);
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    *plain.headers_mut() = headers;
    Some(plain)
}

/// The answer that says "switched", given what the API server answered with its 101.
#[must_use]
pub fn switched<B>(answer: &Response<B>) -> Response<Body> {
    let mut response = Response::new(crate::empty());
    *response.headers_mut() = wrapped(answer.status(), answer.headers());
    response
}

/// The answer that was not a 101, body and all.
#[must_use]
pub fn refused(answer: Response<Body>) -> Response<Body> {
    let (mut head, body) = answer.into_parts();
    head.headers = wrapped(head.status, &head.headers);
    head.extensions.clear();
    // A 2xx would mean that the stream is switched.
    head.status = StatusCode::CONFLICT;
    Response::from_parts(head, body)
}

fn wrapped(status: StatusCode, headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    let switch = headers.remove(UPGRADE);
    strip(&mut headers);
    if let Some(switch) = switch {
        headers.insert(SWITCH, switch);
    }
    headers.insert(STATUS, HeaderValue::from(status.as_u16()));
    headers
}

fn unwrapped(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove(STATUS);
    if let Some(switch) = headers.remove(SWITCH) {
        headers.insert(UPGRADE, switch);
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    }
    headers
}

/// What belongs to one hop only and may not be on HTTP/2: the usual ones, and those that `Connection` names.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in ["connection", "upgrade", "keep-alive", "proxy-connection", "transfer-encoding", "te", "http2-settings"]
    {
        headers.remove(name);
    }
}

/// Pass bytes both ways until both sides have said all; the agent runs this after its 101.
///
/// # Errors
/// When either side breaks.
pub async fn splice(request: Request<Incoming>, mut backend: impl Io) -> std::io::Result<(u64, u64)> {
    let upgraded = hyper::upgrade::on(request).await.map_err(std::io::Error::other)?;
    let mut link = TokioIo::new(upgraded);
    let copied = copy_bidirectional_with_sizes(&mut link, &mut backend, COPY, COPY).await;
    // A broken side must not leave the other one waiting.
    let _ = (link.shutdown().await, backend.shutdown().await);
    copied
}

impl AsyncRead for UpgradedIo {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for UpgradedIo {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buf: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
