//! One request from its arrival to its answer: its id, its log line, its measure, the headers every answer
//! has, and the body of every problem.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use csoc_core::audit::{ActorRef, Object, Outcome};
use tracing::Instrument as _;

use super::problem::Pending;
use crate::app::App;
use crate::config::Proxies;
use crate::service::{Fault, Origin};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Of an answer that was not ours, so much is read to tell what it says.
const LONGEST_TEXT: usize = 4096;

/// Who connected, as the socket says.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// What is known of a request besides itself.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub origin: Origin,
    /// Filled in by the extractor that finds out who asks.
    actor: Arc<OnceLock<ActorRef>>,
}

impl Scope {
    /// Of a request that did not come through [`around`].
    pub fn unknown() -> Self {
        Self { origin: Origin::default(), actor: Arc::default() }
    }

    pub fn recognized(&self, actor: ActorRef) {
        // Only the first extractor of a request tells.
        let _ = self.actor.set(actor);
    }
}

pub(super) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response<Body> {
    let started = Instant::now();
    let id = request_id(request.headers());
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip().to_canonical());
    let address = client_address(&app.config.proxies, peer, request.headers());
    let user_agent = text(request.headers(), &header::USER_AGENT).chars().take(200).collect();
    let origin = Origin { address: address.map(|a| a.to_string()), request_id: Some(id.clone()), user_agent };
    let scope = Scope { origin, actor: Arc::default() };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(scope.clone());
    let span = tracing::info_span!("request", %id, %method, path);
    let answer = async {
        if is_rebound(&app, request.headers(), &path) {
            return Fault::NotAllowed("this server does not answer under that host name").into_response();
        }
        next.run(request).await
    };
    let mut response = answer.instrument(span.clone()).await;
    let route = response.extensions().get::<Route>().map_or("other", |route| route.0.as_str()).to_owned();
    if !response.status().is_success() && !response.status().is_redirection() {
        response = finish_problem(&app, &scope, &method, &path, response).instrument(span.clone()).await;
    }
    let elapsed = started.elapsed();
    app.metrics.request(&method, &route, response.status(), elapsed);
    let actor = scope.actor.get().map_or("-", |actor| actor.name.as_str());
    let status = response.status().as_u16();
    let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::debug!(status, ms, actor, address = ?scope.origin.address, "answered"));
    finish_headers(&app, &path, &id, response.headers_mut());
    response
}

/// The route's template, noted by the innermost layer, for measures that do not grow with every id.
#[derive(Clone)]
struct Route(String);

/// Inside the router, where the route is known.
pub(super) async fn note_route(path: Option<MatchedPath>, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    if let Some(path) = path {
        response.extensions_mut().insert(Route(path.as_str().to_owned()));
    }
    response
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The caller's, when it can stand in a log without harm; a new one otherwise.
fn request_id(headers: &HeaderMap) -> String {
    let given = text(headers, &REQUEST_ID);
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if (1..=64).contains(&given.len()) && given.chars().all(good) {
        return given.to_owned();
    }
    uuid::Uuid::now_v7().simple().to_string()
}

/// The address of the client: the socket's, or what the proxies that we trust say, from the last backwards.
fn client_address(proxies: &Proxies, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
    let trusted = |address: &IpAddr| proxies.networks.iter().any(|network| network.contains(*address));
    let peer = peer?;
    if !proxies.in_front || !(proxies.networks.is_empty() || trusted(&peer)) {
        return Some(peer);
    }
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|v| v.split(','))
        .collect();
    let mut nearest = peer;
    for hop in said.iter().rev() {
        // What cannot be read was not written by a proxy of ours.
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
        if !trusted(&nearest) {
            break;
        }
    }
    Some(nearest)
}

/// A page elsewhere can point its own name at 127.0.0.1 and then read what a server on loopback answers to
/// everybody. So there only names of loopback are answered.
fn is_rebound(app: &App, headers: &HeaderMap, path: &str) -> bool {
    let config = &app.config;
    if !config.listen.ip().is_loopback() || config.proxies.in_front || !path.starts_with("/api/") {
        return false;
    }
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.chars().all(|c| c.is_ascii_digit())).map_or(host, |(n, _)| n);
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let ours = config.public_url.as_ref().and_then(|url| url.host_str());
    !(bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) || ours == Some(name))
}

async fn finish_problem(
    app: &App,
    scope: &Scope,
    method: &Method,
    path: &str,
    mut response: Response<Body>,
) -> Response<Body> {
    let status = response.status();
    if status == StatusCode::NOT_MODIFIED || response.headers().contains_key(header::ETAG) {
        return response;
    }
    let pending = match response.extensions_mut().remove::<Pending>() {
        Some(pending) => pending,
        None => {
            let body = std::mem::take(response.body_mut());
            let bytes = axum::body::to_bytes(body, LONGEST_TEXT).await.unwrap_or_default();
            Pending::of_status(status, String::from_utf8_lossy(&bytes).into_owned())
        }
    };
    if let Some(cause) = &pending.cause {
        tracing::error!(code = pending.code, cause, "failed");
    }
    if status == StatusCode::FORBIDDEN {
        record_refusal(app, scope, method, path, &pending).await;
    }
    let id = scope.origin.request_id.as_deref().unwrap_or_default();
    let body = serde_json::to_vec(&pending.into_problem(status, id)).unwrap_or_default();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    *response.body_mut() = Body::from(body);
    response
}

async fn record_refusal(app: &App, scope: &Scope, method: &Method, path: &str, pending: &Pending) {
    let actor = scope.actor.get().cloned().unwrap_or_else(|| ActorRef::nobody(""));
    let shown: String = path.chars().take(200).collect();
    let object = Object { kind: "route".to_owned(), id: None, name: Some(format!("{method} {shown}")) };
    let mut entry = scope.origin.entry(app.now(), actor, "request.refuse", object, Outcome::Refused);
    entry.detail = Some(serde_json::json!({ "code": pending.code, "needs": pending.refused.as_deref() }));
    if let Err(error) = app.audit.append(entry).await {
        tracing::error!(%error, "a refusal could not be recorded");
    }
}

/// What every answer says to browsers. Pages of the user interface bring their own policy, with a nonce.
fn finish_headers(app: &App, path: &str, id: &str, headers: &mut HeaderMap) {
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(header::REFERRER_POLICY, "no-referrer");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if path.starts_with("/api/") {
        put(header::CACHE_CONTROL, "no-store");
    }
    if app.config.is_secure() {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Network;

    fn said(hops: &str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_str(hops).unwrap())])
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let peer: IpAddr = "10.0.0.1".parse().unwrap();
        let network = Network { address: "10.0.0.0".parse().unwrap(), bits: 8 };
        let ask = |proxies: Proxies, hops: &str| client_address(&proxies, Some(peer), &said(hops)).unwrap().to_string();
        let named = Proxies { in_front: true, networks: vec![network] };
        assert_eq!(ask(Proxies::default(), "1.2.3.4"), "10.0.0.1");
        assert_eq!(ask(named.clone(), "6.6.6.6, 1.2.3.4, 10.9.9.9"), "1.2.3.4");
        assert_eq!(ask(named, "6.6.6.6, garbage"), "10.0.0.1");
        assert_eq!(ask(Proxies { in_front: true, networks: vec![] }, "6.6.6.6, 1.2.3.4"), "1.2.3.4");
    }

    #[test]
    fn a_request_id_is_kept_only_when_it_is_harmless() {
        let with = |id: &'static str| HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_static(id))]);
        assert_eq!(request_id(&with("abc-1.2_3")), "abc-1.2_3");
        assert_ne!(request_id(&with("a b")), "a b");
        assert_eq!(request_id(&HeaderMap::new()).len(), 32);
    }
}
