//! Clusters.

use axum::Json;
use axum::extract::State;
use csoc_api::clusters::{ClusterDetail, ClusterRow};
use csoc_api::page::{Page, PageQuery};
use csoc_core::ClusterId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::{Asked, Id};
use super::list::page;
use super::permission::{Allowed, FleetRead};
use crate::app::App;
use crate::fleet_view::rows;
use crate::service::Fault;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// Clusters, by name
#[utoipa::path(
    get,
    path = "/clusters",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(PageQuery, ("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Page<ClusterRow>)),
)]
async fn list(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Asked(asked): Asked<PageQuery>,
) -> Result<Json<Page<ClusterRow>>, Fault> {
    let lens = app.fleet.view().lens(&allowed.visible);
    let rows = lens.clusters.iter().map(|seen| seen.row.clone()).collect();
    page(rows, |row: &ClusterRow| row.id.to_string(), asked.limit, asked.cursor.as_deref()).map(Json)
}

/// A cluster: its add-ons against what most have, the commons on it
#[utoipa::path(
    get,
    path = "/clusters/{id}",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ClusterDetail), (status = 404)),
)]
async fn show(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Id(id): Id<ClusterId>,
) -> Result<Json<ClusterDetail>, Fault> {
    let view = app.fleet.view();
    let lens = view.lens(&allowed.visible);
    let seen = lens.cluster(id).ok_or(Fault::NotFound { what: "cluster" })?;
    let location = view.sources.get(&seen.fleet.source).map(|source| source.location.as_str()).unwrap_or_default();
    Ok(Json(rows::cluster_detail(&lens, seen, rows::file_url_prefix(location, &seen.fleet.commit))))
}
