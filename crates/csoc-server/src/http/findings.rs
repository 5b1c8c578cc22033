//! Findings, waivers, rules.

use axum::Json;
use axum::extract::State;
use csoc_api::findings::{
    FindingDetail, FindingRow, FindingsQuery, RuleRow, UnwaiveRequest, WaiveRequest, WaiveResult,
};
use csoc_api::page::Page;
use csoc_core::FindingId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::{Asked, Body, Id};
use super::list::page;
use super::permission::{Allowed, FindingRead, FindingWaive};
use crate::app::App;
use crate::service::{Fault, findings};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(waive))
        .routes(routes!(unwaive))
        .routes(routes!(rules))
}

/// Findings that pass the filter; open ones unless it names a state
#[utoipa::path(
    get,
    path = "/findings",
    tag = "findings",
    extensions(("x-permission" = json!("finding:read"))),
    params(FindingsQuery, ("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Page<FindingRow>), (status = 400)),
)]
async fn list(
    allowed: Allowed<FindingRead>,
    State(app): State<App>,
    Asked(asked): Asked<FindingsQuery>,
) -> Result<Json<Page<FindingRow>>, Fault> {
    let filter = findings::parsed(asked.filter.as_deref())?;
    let view = app.fleet.view();
    let lens = view.lens(&allowed.visible);
    let rows = findings::list(&view, &lens, &filter, asked.sort.as_deref())?;
    page(rows, |row: &FindingRow| row.id.to_string(), asked.limit, asked.cursor.as_deref()).map(Json)
}

/// A finding with the lines it stands in and why it matters
#[utoipa::path(
    get,
    path = "/findings/{id}",
    tag = "findings",
    extensions(("x-permission" = json!("finding:read"))),
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = FindingDetail), (status = 404)),
)]
async fn show(
    allowed: Allowed<FindingRead>,
    State(app): State<App>,
    Id(id): Id<FindingId>,
) -> Result<Json<FindingDetail>, Fault> {
    findings::detail(&app, &allowed.visible, id).await.map(Json)
}

/// Waive findings until a day, with a reason
#[utoipa::path(
    post,
    path = "/findings/waive",
    tag = "findings",
    extensions(("x-permission" = json!("finding:waive"))),
    request_body = WaiveRequest,
    responses((status = 200, body = WaiveResult), (status = 400)),
)]
async fn waive(
    allowed: Allowed<FindingWaive>,
    State(app): State<App>,
    Body(ask): Body<WaiveRequest>,
) -> Result<Json<WaiveResult>, Fault> {
    findings::waive(&app, &allowed.by, &allowed.visible, ask).await.map(Json)
}

/// Take waivers of findings back
#[utoipa::path(
    post,
    path = "/findings/unwaive",
    tag = "findings",
    extensions(("x-permission" = json!("finding:waive"))),
    request_body = UnwaiveRequest,
    responses((status = 200, body = WaiveResult), (status = 400)),
)]
async fn unwaive(
    allowed: Allowed<FindingWaive>,
    State(app): State<App>,
    Body(ask): Body<UnwaiveRequest>,
) -> Result<Json<WaiveResult>, Fault> {
    findings::unwaive(&app, &allowed.by, &allowed.visible, ask).await.map(Json)
}

/// The rules, with how many findings each has
#[utoipa::path(
    get,
    path = "/rules",
    tag = "findings",
    extensions(("x-permission" = json!("finding:read"))),
    params(("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Vec<RuleRow>)),
)]
async fn rules(allowed: Allowed<FindingRead>, State(app): State<App>) -> Json<Vec<RuleRow>> {
    Json(findings::rules(&app.fleet.view().lens(&allowed.visible)))
}
