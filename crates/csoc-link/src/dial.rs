//! From the agent's cluster to the server: directly, through an HTTP proxy, or inside a WebSocket.
//!
//! Whatever carries it, the TLS of the link is ours from end to end: the server's certificate comes from csoc's own
//! authority and has one fixed name, so neither a proxy nor a load balancer with a certificate that the machine
//! trusts can sit in between.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Url;

use crate::BoxIo;
use crate::error::causes;
use crate::settings::DIAL;
use crate::tls;
use crate::websocket::{self, MessageStream};

/// One variant for each step that can fail, so that a person at the firewall knows where to look.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    #[error("{0} is not an address of a server: use csoc://host:port, or wss://host/path inside a WebSocket")]
    Address(Url),
    #[error("{host}:{port} was not reached: {why}")]
    Connect { host: String, port: u16, why: String },
    #[error("the proxy {proxy} did not open the way: {why}")]
    Proxy { proxy: String, why: String },
    #[error("no WebSocket at {url}: {why}")]
    WebSocket { url: String, why: String },
    #[error("no TLS with the server: {0}")]
    Tls(String),
}

/// How a server is reached.
#[derive(Debug, Clone)]
pub struct Route {
    /// `csoc://host:port` directly; `wss://host/path` (or `ws://`) inside a WebSocket.
    pub server: Url,
    /// An HTTP proxy that knows CONNECT; user and password in the address are sent to it.
    pub proxy: Option<Url>,
    /// For the outer TLS of `wss`: what the machine trusts.
    pub outer: Option<Arc<rustls::ClientConfig>>,
}

/// Open a connection and shake hands, asking for `protocol`.
///
/// # Errors
/// The step that failed.
pub async fn dial(
    route: &Route,
    mut tls: rustls::ClientConfig,
    protocol: &[u8],
) -> Result<TlsStream<BoxIo>, DialError> {
    tls.alpn_protocols = vec![protocol.to_vec()];
    let io = carrier(route).await?;
    let name = ServerName::try_from(tls::SERVER_NAME).map_err(|e| DialError::Tls(e.to_string()))?;
    let stream = within(TlsConnector::from(Arc::new(tls)).connect(name, io)).await.map_err(DialError::Tls)?;
    // A server that does not know the protocol may still shake hands.
    if stream.get_ref().1.alpn_protocol() != Some(protocol) {
        return Err(DialError::Tls(format!("it does not speak {}", String::from_utf8_lossy(protocol))));
    }
    Ok(stream)
}

/// The bytes below our TLS.
async fn carrier(route: &Route) -> Result<BoxIo, DialError> {
    let wrong = || DialError::Address(route.server.clone());
    let host = route.server.host_str().ok_or_else(wrong)?;
    let default = match route.server.scheme() {
        "csoc" => 7443,
        "wss" => 443,
        "ws" => 80,
        _ => return Err(wrong()),
    };
    let port = route.server.port().unwrap_or(default);
    let plain = match &route.proxy {
        None => Box::new(tcp(host, port).await?),
        Some(proxy) => through(proxy, host, port).await?,
    };
    match route.server.scheme() {
        "csoc" => Ok(plain),
        "ws" => in_websocket(plain, &route.server).await,
        _ => {
            let failed = |why: String| DialError::WebSocket { url: route.server.to_string(), why };
            let outer =
                route.outer.clone().ok_or_else(|| failed("no trusted authorities for wss were given".into()))?;
            let name = ServerName::try_from(bare(host).to_owned()).map_err(|e| failed(e.to_string()))?;
            let outer = within(TlsConnector::from(outer).connect(name, plain)).await.map_err(failed)?;
            in_websocket(Box::new(outer), &route.server).await
        }
    }
}

/// The brackets of an IPv6 address belong to the URL.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

async fn tcp(host: &str, port: u16) -> Result<TcpStream, DialError> {
    let failed = |why| DialError::Connect { host: host.to_owned(), port, why };
    let stream = within(TcpStream::connect((bare(host), port))).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(|e| failed(e.to_string()))?;
    Ok(stream)
}

/// CONNECT through an HTTP proxy.
async fn through(proxy: &Url, host: &str, port: u16) -> Result<BoxIo, DialError> {
    // Never the password.
    let shown = format!("{}:{}", proxy.host_str().unwrap_or_default(), proxy.port().unwrap_or(3128));
    let failed = |why: String| DialError::Proxy { proxy: shown.clone(), why };
    let stream = tcp(proxy.host_str().unwrap_or_default(), proxy.port().unwrap_or(3128)).await?;
    let shaken = within(hyper::client::conn::http1::handshake(TokioIo::new(stream))).await;
    let (mut sender, connection) = shaken.map_err(failed)?;
    tokio::spawn(connection.with_upgrades());
    let target = format!("{host}:{port}");
    let mut request = Request::builder().method(Method::CONNECT).uri(&target).header(HOST, &target);
    if !proxy.username().is_empty() {
        request =
            request.header(PROXY_AUTHORIZATION, basic(proxy).ok_or_else(|| failed("its password is no text".into()))?);
    }
    let request = request.body(crate::empty()).map_err(|e| failed(e.to_string()))?;
    let response = within(sender.send_request(request)).await.map_err(failed)?;
    if response.status() != StatusCode::OK {
        return Err(failed(format!("it answered {}", response.status())));
    }
    let opened = within(hyper::upgrade::on(response)).await.map_err(failed)?;
    Ok(Box::new(TokioIo::new(opened)))
}

fn basic(proxy: &Url) -> Option<HeaderValue> {
    let decode = |text| percent_encoding::percent_decode_str(text).decode_utf8().ok();
    let both = format!("{}:{}", decode(proxy.username())?, decode(proxy.password().unwrap_or_default())?);
    let mut value =
        HeaderValue::from_str(&format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(both))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

async fn in_websocket(io: BoxIo, url: &Url) -> Result<BoxIo, DialError> {
    let opening = tokio_tungstenite::client_async_with_config(url.as_str(), io, Some(websocket::config()));
    let (socket, _) = within(opening).await.map_err(|why| DialError::WebSocket { url: url.to_string(), why })?;
    Ok(Box::new(MessageStream::new(socket)))
}

/// One step, with its limit.
async fn within<T, E: std::error::Error>(step: impl Future<Output = Result<T, E>>) -> Result<T, String> {
    within_limit(DIAL, step).await
}

async fn within_limit<T, E: std::error::Error>(
    limit: Duration,
    step: impl Future<Output = Result<T, E>>,
) -> Result<T, String> {
    match tokio::time::timeout(limit, step).await {
        Ok(done) => done.map_err(|e| causes(&e)),
        Err(_) => Err(format!("nothing within {limit:?}")),
    }
}
