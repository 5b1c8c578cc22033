//! The first screen.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use csoc_api::now::Now;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::permission::{Allowed, FleetRead};
use crate::app::App;
use crate::fleet_view::now;
use crate::service::Fault;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// What needs somebody, a tile per commons, the last day's changes
#[utoipa::path(
    get,
    path = "/now",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Now)),
)]
async fn show(allowed: Allowed<FleetRead>, State(app): State<App>) -> Result<Response, Fault> {
    let view = app.fleet.view();
    let lens = view.lens(&allowed.visible);
    // A fetch that finds nothing new changes no fleet, only how fresh the fleet is known to be.
    let fetched = |id: csoc_core::SourceId| app.ingest.reading(id).state.fetched_at;
    let freshness = now::freshness(&view, &allowed.visible, &fetched);
    if let (Some(bytes), Some(same)) = (lens.body("now"), lens.body("now.freshness"))
        && same == freshness
    {
        return Ok(super::list::json(bytes));
    }
    let now = now::now(&view, &allowed.visible, &lens, &fetched);
    let bytes = Bytes::from(serde_json::to_vec(&now).map_err(|error| Fault::inner("writing now")(error.into()))?);
    lens.keep_body("now.freshness", freshness);
    lens.keep_body("now", bytes.clone());
    Ok(super::list::json(bytes))
}
