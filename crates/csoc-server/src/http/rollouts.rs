//! Rollouts: the same bump over many commons.

use axum::Json;
use axum::extract::State;
use csoc_api::page::{Page, PageQuery};
use csoc_api::releases::{RolloutDetail, RolloutRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::{Asked, Id};
use super::permission::{Allowed, FleetRead};
use crate::app::App;
use crate::service::{Fault, releases};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// Rollouts, the newest first
#[utoipa::path(
    get,
    path = "/rollouts",
    tag = "releases",
    extensions(("x-permission" = json!("fleet:read"))),
    params(PageQuery, ("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Page<RolloutRow>)),
)]
async fn list(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Asked(asked): Asked<PageQuery>,
) -> Result<Json<Page<RolloutRow>>, Fault> {
    let lens = app.fleet.view().lens(&allowed.visible);
    releases::rollouts(&lens, asked.limit, asked.cursor.as_deref()).map(Json)
}

/// A rollout: who got it when, who is missing
#[utoipa::path(
    get,
    path = "/rollouts/{id}",
    tag = "releases",
    extensions(("x-permission" = json!("fleet:read"))),
    params(("id" = String, Path)),
    responses((status = 200, body = RolloutDetail), (status = 404)),
)]
async fn show(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Id(id): Id<String>,
) -> Result<Json<RolloutDetail>, Fault> {
    releases::rollout(&app, &allowed.visible, &id).await.map(Json)
}
