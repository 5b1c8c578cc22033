//! `/settings`.

use axum::Json;
use axum::extract::State;
use csoc_api::settings::{Settings, SettingsPatch};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::Body;
use super::permission::{Allowed, Everywhere, FleetRead, SettingsEdit};
use crate::app::App;
use crate::service::{Fault, settings};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, patch))
}

/// Settings of the installation.
#[utoipa::path(get, path = "/settings", tag = "settings", extensions(("x-permission" = json!("fleet:read"))),
    responses((status = 200, body = Settings)))]
async fn read(State(app): State<App>, _: Allowed<FleetRead>) -> Result<Json<Settings>, Fault> {
    settings::read(&app).await.map(Json)
}

/// Change them; absent fields stay as they are.
#[utoipa::path(patch, path = "/settings", tag = "settings",
    extensions(("x-permission" = json!("settings:edit")), ("x-scope" = json!("installation"))),
    request_body = SettingsPatch, responses((status = 200, body = Settings)))]
async fn patch(
    State(app): State<App>,
    allowed: Everywhere<SettingsEdit>,
    Body(ask): Body<SettingsPatch>,
) -> Result<Json<Settings>, Fault> {
    settings::patch(&app, &allowed.by, ask).await.map(Json)
}
