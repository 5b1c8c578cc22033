//! Effective values with their origins.

use axum::Json;
use axum::extract::State;
use csoc_api::values::ValuesTree;
use csoc_core::CommonsId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::{Asked, Id};
use super::permission::{Allowed, ConfigRead};
use crate::app::App;
use crate::service::{Fault, values};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Effective values, each with the file and line it comes from; with the chart's defaults where it is at hand
#[utoipa::path(
    get,
    path = "/commons/{id}/values",
    tag = "fleet",
    extensions(("x-permission" = json!("config:read"))),
    params(
        ("id" = uuid::Uuid, Path),
        ("q" = Option<String>, Query, description = "Found in path or value"),
        ("prefix" = Option<String>, Query, description = "Paths that begin with this"),
        ("path" = Option<String>, Query, description = "This value alone, whole"),
        ("against" = Option<String>, Query, description = "twin, default (what the chart says), commons:ID, at:COMMIT-OR-TIME or none"),
        ("only" = Option<String>, Query, description = "different: leave out what is the same on both sides; said: leave out the chart's defaults"),
        ("at" = Option<String>, Query, description = "A commit or a time"),
    ),
    responses((status = 200, body = ValuesTree), (status = 400), (status = 404)),
)]
async fn show(
    allowed: Allowed<ConfigRead>,
    State(app): State<App>,
    Id(id): Id<CommonsId>,
    Asked(ask): Asked<values::Ask>,
) -> Result<Json<ValuesTree>, Fault> {
    values::tree(&app, &allowed.visible, id, ask).await.map(Json)
}
