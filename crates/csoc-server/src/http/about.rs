//! `/about`.

use axum::Json;
use axum::extract::State;
use csoc_api::settings::About;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::permission::{Allowed, FleetRead};
use crate::app::App;
use crate::service::about;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read))
}

/// What this installation is.
#[utoipa::path(get, path = "/about", tag = "settings", extensions(("x-permission" = json!("fleet:read"))),
    responses((status = 200, body = About)))]
async fn read(State(app): State<App>, allowed: Allowed<FleetRead>) -> Json<About> {
    Json(about::about(&app, &allowed.visible))
}
