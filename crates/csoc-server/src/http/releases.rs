//! Releases, and the matrix service × commons.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use csoc_api::releases::{Matrix, ReleaseList, TagHistory};
use csoc_core::CommonsId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::input::Asked;
use super::permission::{Allowed, FleetRead};
use crate::app::App;
use crate::service::{Fault, releases};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(matrix)).routes(routes!(history))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MatrixQuery {
    /// Which commons: the words of `/commons`
    filter: Option<String>,
    /// A commit or a time: the fleet as it was
    at: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HistoryQuery {
    commons: Uuid,
    service: String,
}

/// Releases that are known, and from which evidence
#[utoipa::path(
    get,
    path = "/releases",
    tag = "releases",
    extensions(("x-permission" = json!("fleet:read"))),
    params(("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = ReleaseList)),
)]
async fn list(allowed: Allowed<FleetRead>, State(app): State<App>) -> Json<ReleaseList> {
    let view = app.fleet.view();
    Json(releases::list(&view, &view.lens(&allowed.visible)))
}

/// What runs where: services as columns, commons as rows
#[utoipa::path(
    get,
    path = "/matrix",
    tag = "releases",
    extensions(("x-permission" = json!("fleet:read"))),
    params(MatrixQuery, ("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Matrix), (status = 400)),
)]
async fn matrix(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Asked(asked): Asked<MatrixQuery>,
) -> Result<Response, Fault> {
    let bytes = releases::matrix(&app, &allowed.visible, asked.filter.as_deref(), asked.at.as_deref()).await?;
    Ok(super::list::json(bytes))
}

/// One cell's story: every tag this service had in this commons
#[utoipa::path(
    get,
    path = "/matrix/history",
    tag = "releases",
    extensions(("x-permission" = json!("fleet:read"))),
    params(HistoryQuery),
    responses((status = 200, body = TagHistory), (status = 404)),
)]
async fn history(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Asked(asked): Asked<HistoryQuery>,
) -> Result<Json<TagHistory>, Fault> {
    releases::history(&app, &allowed.visible, CommonsId(asked.commons), &asked.service).await.map(Json)
}
