//! What a Git host calls when something landed. A call only makes us fetch; nothing in it is believed.

use aws_lc_rs::hmac;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use csoc_core::SourceId;
use csoc_core::access::Visible;
use csoc_core::audit::{ActorRef, Object, Outcome};
use csoc_core::secret::Secret;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::Id;
use super::permission::Anyone;
use crate::app::App;
use crate::service::Fault;
use crate::service::sources::webhook_secret_of;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(call))
}

/// Something landed: fetch the source (GitHub `X-Hub-Signature-256`, GitLab `X-Gitlab-Token`)
#[utoipa::path(
    post,
    path = "/webhooks/{source}",
    tag = "sources",
    extensions(("x-permission" = json!("signature"))),
    params(("source" = uuid::Uuid, Path)),
    request_body(content = String, content_type = "application/json"),
    responses((status = 202), (status = 401)),
)]
async fn call(
    anyone: Anyone,
    State(app): State<App>,
    Id(id): Id<SourceId>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Fault> {
    let source = app.store.source_fetch(&Visible::All, id).await?;
    let secret = source.as_ref().map(|source| webhook_secret_of(&app, source)).transpose()?.flatten();
    // A source that is not there, one without a webhook and a wrong signature answer alike.
    if !secret.is_some_and(|secret| is_signed(&secret, &headers, &body)) {
        let object = Object::new("source", id, "");
        let entry = anyone.origin.entry(app.now(), ActorRef::nobody(""), "webhook.call", object, Outcome::Refused);
        app.audit.append(entry).await?;
        return Err(Fault::NotSignedIn);
    }
    app.ingest.nudge(id, None);
    Ok(StatusCode::ACCEPTED)
}

/// Compared without telling by its time where the first difference is.
fn is_signed(secret: &Secret, headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(signature) = header("x-hub-signature-256").and_then(|value| value.strip_prefix("sha256=")) {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        return unhex(signature).is_some_and(|signature| hmac::verify(&key, body, &signature).is_ok());
    }
    header("x-gitlab-token").is_some_and(|token| secret.equals(token))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let pairs = digits.chunks_exact(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    if digits.len().is_multiple_of(2) { pairs.collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(name: &'static str, value: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        is_signed(&Secret::new("key"), &headers, b"The quick brown fox jumps over the lazy dog")
    }

    #[test]
    fn only_who_knows_the_secret_is_heard() {
        // The HMAC-SHA-256 example that every description of it uses.
        let right = "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";
        assert!(signed("x-hub-signature-256", right));
        assert!(!signed("x-hub-signature-256", &right.replace("f7", "f8")));
        assert!(!signed("x-hub-signature-256", "sha256=é") && !signed("x-hub-signature-256", "sha256="));
        assert!(signed("x-gitlab-token", "key") && !signed("x-gitlab-token", "Key"));
        assert!(!is_signed(&Secret::new("key"), &HeaderMap::new(), b""));
    }
}
