//! `/sources`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use csoc_api::sources::{ProbeResult, SourceCreate, SourcePatch, SourceProbe, SourceRow, WebhookCreated};
use csoc_core::SourceId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::input::{Body, Id};
use super::permission::{Allowed, SourceEdit, SourceFetch, SourceRead};
use crate::app::App;
use crate::service::{Fault, sources};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(probe))
        .routes(routes!(read, patch, remove))
        .routes(routes!(fetch))
        .routes(routes!(webhook_create, webhook_remove))
}

/// Registered repositories, and how they are doing.
#[utoipa::path(get, path = "/sources", tag = "sources", extensions(("x-permission" = json!("source:read"))),
    params(("organization" = Option<Uuid>, Query)), responses((status = 200, body = Vec<SourceRow>)))]
async fn list(State(app): State<App>, allowed: Allowed<SourceRead>) -> Result<Json<Vec<SourceRow>>, Fault> {
    sources::list(&app, &allowed.visible).await.map(Json)
}

/// Register a repository; it is fetched at once.
#[utoipa::path(post, path = "/sources", tag = "sources", extensions(("x-permission" = json!("source:edit"))),
    request_body = SourceCreate, responses((status = 201, body = SourceRow)))]
async fn create(
    State(app): State<App>,
    allowed: Allowed<SourceEdit>,
    Body(ask): Body<SourceCreate>,
) -> Result<(StatusCode, Json<SourceRow>), Fault> {
    Ok((StatusCode::CREATED, Json(sources::create(&app, &allowed.by, ask).await?)))
}

/// Look what is at a location, without registering it.
#[utoipa::path(post, path = "/sources/probe", tag = "sources", extensions(("x-permission" = json!("source:edit"))),
    request_body = SourceProbe, responses((status = 200, body = ProbeResult)))]
async fn probe(
    State(app): State<App>,
    allowed: Allowed<SourceEdit>,
    Body(ask): Body<SourceProbe>,
) -> Result<Json<ProbeResult>, Fault> {
    sources::probe(&app, &allowed.by, ask).await.map(Json)
}

/// One source.
#[utoipa::path(get, path = "/sources/{id}", tag = "sources", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("source:read"))), responses((status = 200, body = SourceRow)))]
async fn read(
    State(app): State<App>,
    allowed: Allowed<SourceRead>,
    Id(id): Id<Uuid>,
) -> Result<Json<SourceRow>, Fault> {
    sources::fetch_row(&app, &allowed.visible, SourceId(id)).await.map(Json)
}

/// Change name, branch, interval or credential, or pause it.
#[utoipa::path(patch, path = "/sources/{id}", tag = "sources", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("source:edit"))),
    request_body = SourcePatch, responses((status = 200, body = SourceRow)))]
async fn patch(
    State(app): State<App>,
    allowed: Allowed<SourceEdit>,
    Id(id): Id<Uuid>,
    Body(ask): Body<SourcePatch>,
) -> Result<Json<SourceRow>, Fault> {
    sources::patch(&app, &allowed.by, SourceId(id), ask).await.map(Json)
}

/// Remove it with everything that was read from it.
#[utoipa::path(delete, path = "/sources/{id}", tag = "sources", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("source:edit"))), responses((status = 204)))]
async fn remove(State(app): State<App>, allowed: Allowed<SourceEdit>, Id(id): Id<Uuid>) -> Result<StatusCode, Fault> {
    sources::remove(&app, &allowed.by, SourceId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Fetch it now. The answer comes at once; the stream of events says when it is done.
#[utoipa::path(post, path = "/sources/{id}/fetch", tag = "sources", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("source:fetch"))), responses((status = 202, body = SourceRow)))]
async fn fetch(
    State(app): State<App>,
    allowed: Allowed<SourceFetch>,
    Id(id): Id<Uuid>,
) -> Result<(StatusCode, Json<SourceRow>), Fault> {
    Ok((StatusCode::ACCEPTED, Json(sources::fetch(&app, &allowed.by, SourceId(id)).await?)))
}

/// Make or renew the secret with which the Git host signs its calls.
#[utoipa::path(post, path = "/sources/{id}/webhook", tag = "sources", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("source:edit"))), responses((status = 201, body = WebhookCreated)))]
async fn webhook_create(
    State(app): State<App>,
    allowed: Allowed<SourceEdit>,
    Id(id): Id<Uuid>,
) -> Result<(StatusCode, Json<WebhookCreated>), Fault> {
    Ok((StatusCode::CREATED, Json(sources::webhook_create(&app, &allowed.by, SourceId(id)).await?)))
}

/// Take no calls of the Git host any more.
#[utoipa::path(delete, path = "/sources/{id}/webhook", tag = "sources", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("source:edit"))), responses((status = 204)))]
async fn webhook_remove(
    State(app): State<App>,
    allowed: Allowed<SourceEdit>,
    Id(id): Id<Uuid>,
) -> Result<StatusCode, Fault> {
    sources::webhook_remove(&app, &allowed.by, SourceId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
