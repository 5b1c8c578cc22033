//! The web interface, built into the program. Every path that is not ours is one of its pages.
//!
//! The page brings a policy that lets only this server's own files run or style it: nothing inline, nothing
//! from elsewhere.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use axum::response::IntoResponse;
use csoc_core::audit::hex;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::service::Fault;

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Files;

const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>csoc</title><h1>The web interface is not built</h1>\
    <p>Run <code>make ui</code> and build the program again. The API works: <a href=\"/api/docs\">/api/docs</a>.</p>";

pub(super) async fn serve(request: Request) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Fault::NotFound { what: "path" }.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if !path.is_empty() && path != "index.html" {
        if let Some(file) = asset(path, request.headers()) {
            return file;
        }
        // A missing script must not be answered with a page: the browser would blame the page.
        if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
            return Fault::NotFound { what: "file" }.into_response();
        }
    }
    index()
}

fn index() -> Response<Body> {
    let page = Files::get("index.html").map_or_else(|| Body::from(NOT_BUILT), body);
    let mut response = Response::new(page);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn asset(path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    // Files are compressed when the interface is built, not here.
    let packed = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, ending)| {
        let wanted = accepted.split(',').any(|one| one.split(';').next().unwrap_or_default().trim() == encoding);
        let file = wanted.then(|| Files::get(&format!("{path}.{ending}"))).flatten()?;
        Some((file, Some(encoding)))
    });
    let (file, encoding) = packed.or_else(|| Some((Files::get(path)?, None)))?;
    let tag = format!("\"{}\"", hex(file.metadata.sha256_hash().get(..12).unwrap_or_default()));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = Response::new(if known { Body::empty() } else { body(file) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(path)));
    // Names under assets/ hold a hash of what is in them.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Some(response)
}

fn body(file: EmbeddedFile) -> Body {
    match file.data {
        std::borrow::Cow::Borrowed(bytes) => Body::from(bytes),
        std::borrow::Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
