//! What the reader has already is not sent again.
//!
//! Any JSON that a GET answers gets an `ETag`, its hash, unless the handler set a better one (the views of
//! the fleet use their revision); whoever sends it back as `If-None-Match` gets 304 and no body.

use aws_lc_rs::digest;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;
use csoc_core::audit::hex;

/// Larger answers are streams.
const LARGEST: usize = 32 * 1024 * 1024;

pub(super) async fn answer_unchanged(request: Request, next: Next) -> Response<Body> {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let is_get = request.method() == Method::GET;
    let response = next.run(request).await;
    if !is_get || response.status() != StatusCode::OK || !is_json(&response) {
        return response;
    }
    let response = with_etag(response).await;
    match (response.headers().get(header::ETAG), known) {
        (Some(tag), Some(known)) if names(&known, tag) => unchanged(response),
        _ => response,
    }
}

fn is_json(response: &Response<Body>) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

async fn with_etag(response: Response<Body>) -> Response<Body> {
    if response.headers().contains_key(header::ETAG) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, LARGEST).await else {
        parts.status = StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(parts, Body::empty());
    };
    let hash = hex(digest::digest(&digest::SHA256, &bytes).as_ref().get(..12).unwrap_or_default());
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{hash}\"")) {
        parts.headers.insert(header::ETAG, tag);
        parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Weak comparison: compression makes another representation of the same thing.
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.trim() == "*" || known.split(',').any(|one| bare(one) == bare(tag))
}

fn unchanged(response: Response<Body>) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    Response::from_parts(parts, Body::empty())
}
