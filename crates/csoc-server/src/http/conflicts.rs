//! Hostnames that several folders claim.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use csoc_api::commons::{ConflictDecision, ConflictRow};
use csoc_core::ConflictId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::{Body, Id};
use super::permission::{Allowed, CommonsEdit, FleetRead};
use crate::app::App;
use crate::service::{Fault, conflicts};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(decide))
}

/// Contested hostnames that wait for a decision
#[utoipa::path(
    get,
    path = "/conflicts",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Vec<ConflictRow>)),
)]
async fn list(allowed: Allowed<FleetRead>, State(app): State<App>) -> Result<Json<Vec<ConflictRow>>, Fault> {
    conflicts::list(&app, &allowed.visible).await.map(Json)
}

/// Decide whether folders that claim one hostname are one commons
#[utoipa::path(
    post,
    path = "/conflicts/{id}",
    tag = "fleet",
    extensions(("x-permission" = json!("commons:edit"))),
    params(("id" = uuid::Uuid, Path)),
    request_body = ConflictDecision,
    responses((status = 204), (status = 404), (status = 409), (status = 422)),
)]
async fn decide(
    allowed: Allowed<CommonsEdit>,
    State(app): State<App>,
    Id(id): Id<ConflictId>,
    Body(ask): Body<ConflictDecision>,
) -> Result<StatusCode, Fault> {
    conflicts::decide(&app, &allowed.by, &allowed.visible, id, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}
