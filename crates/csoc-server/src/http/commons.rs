//! Commons and their services.

use axum::Json;
use axum::extract::State;
use csoc_api::commons::{CommonsDetail, CommonsPatch, CommonsQuery, CommonsRow, ServiceRow};
use csoc_api::page::Page;
use csoc_core::CommonsId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::{Asked, Body, Id};
use super::list::page;
use super::permission::{Allowed, CommonsEdit, FleetRead};
use crate::app::App;
use crate::fleet_view::lens::CommonsSeen;
use crate::fleet_view::rows;
use crate::service::{Fault, commons, fleet};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, correct)).routes(routes!(services))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct At {
    /// A commit or a time: the commons as it was
    at: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ServicesQuery {
    /// `service:fence tag:2026.* enabled:yes behind:>2`
    filter: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
    at: Option<String>,
}

/// Commons that pass the filter
#[utoipa::path(
    get,
    path = "/commons",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(CommonsQuery, ("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Page<CommonsRow>), (status = 400)),
)]
async fn list(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Asked(asked): Asked<CommonsQuery>,
) -> Result<Json<Page<CommonsRow>>, Fault> {
    let filter = fleet::filter(asked.filter.as_deref(), fleet::COMMONS_WORDS)?;
    let lens = fleet::lens(&app, &allowed.visible, asked.at.as_deref()).await?;
    let mut seen: Vec<&CommonsSeen> =
        lens.commons.iter().filter(|seen| fleet::commons_pass(&lens, seen, &filter)).collect();
    fleet::sort_commons(&mut seen, asked.sort.as_deref())?;
    let page = page(seen, |seen| seen.row.id.to_string(), asked.limit, asked.cursor.as_deref())?;
    let items = page.items.into_iter().map(|seen| seen.row.clone()).collect();
    Ok(Json(Page { items, total: page.total, next: page.next }))
}

/// A commons in full
#[utoipa::path(
    get,
    path = "/commons/{id}",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(("id" = uuid::Uuid, Path), At),
    responses((status = 200, body = CommonsDetail), (status = 404)),
)]
async fn show(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Id(id): Id<CommonsId>,
    Asked(At { at }): Asked<At>,
) -> Result<Json<CommonsDetail>, Fault> {
    commons::detail(&app, &allowed.visible, id, at.as_deref()).await.map(Json)
}

/// Correct what the files cannot say: tier, twin, owners
#[utoipa::path(
    patch,
    path = "/commons/{id}",
    tag = "fleet",
    extensions(("x-permission" = json!("commons:edit"))),
    params(("id" = uuid::Uuid, Path)),
    request_body = CommonsPatch,
    responses((status = 200, body = CommonsDetail), (status = 400), (status = 404)),
)]
async fn correct(
    allowed: Allowed<CommonsEdit>,
    State(app): State<App>,
    Id(id): Id<CommonsId>,
    Body(patch): Body<CommonsPatch>,
) -> Result<Json<CommonsDetail>, Fault> {
    commons::correct(&app, &allowed.by, &allowed.visible, id, patch).await.map(Json)
}

/// Services of all commons, one row per service and image
#[utoipa::path(
    get,
    path = "/services",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(ServicesQuery, ("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Page<ServiceRow>), (status = 400)),
)]
async fn services(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Asked(asked): Asked<ServicesQuery>,
) -> Result<Json<Page<ServiceRow>>, Fault> {
    let filter = fleet::filter(asked.filter.as_deref(), fleet::SERVICE_WORDS)?;
    let lens = fleet::lens(&app, &allowed.visible, asked.at.as_deref()).await?;
    let all = lens.commons.iter().flat_map(|seen| rows::services(&lens, seen));
    let found: Vec<ServiceRow> = all.filter(|row| fleet::service_passes(row, &filter)).collect();
    let id = |row: &ServiceRow| {
        format!("{} {} {}", row.commons_id, row.service, row.component.as_deref().unwrap_or_default())
    };
    page(found, id, asked.limit, asked.cursor.as_deref()).map(Json)
}
