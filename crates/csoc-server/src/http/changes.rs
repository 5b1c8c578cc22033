//! Changes: landings seen as what they did.

use axum::Json;
use axum::extract::State;
use csoc_api::changes::{ChangeDetail, ChangeRow, ChangesQuery};
use csoc_api::page::Page;
use csoc_core::LandingId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::{Asked, Id};
use super::permission::{Allowed, FleetRead};
use crate::app::App;
use crate::service::{Fault, changes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// Landings, newest first
#[utoipa::path(
    get,
    path = "/changes",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(ChangesQuery, ("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Page<ChangeRow>), (status = 400)),
)]
async fn list(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Asked(asked): Asked<ChangesQuery>,
) -> Result<Json<Page<ChangeRow>>, Fault> {
    changes::list(&app, &allowed.visible, asked).await.map(Json)
}

/// A landing with everything it changed
#[utoipa::path(
    get,
    path = "/changes/{id}",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ChangeDetail), (status = 404)),
)]
async fn show(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Id(id): Id<LandingId>,
) -> Result<Json<ChangeDetail>, Fault> {
    changes::detail(&app, &allowed.visible, id).await.map(Json)
}
