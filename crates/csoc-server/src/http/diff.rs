//! Two sides compared by effective values.

use axum::Json;
use axum::extract::State;
use csoc_api::values::DiffResult;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::Asked;
use super::permission::{Allowed, ConfigRead};
use crate::app::App;
use crate::service::{Fault, values};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DiffQuery {
    /// `commons:ID`, or `commons:ID@COMMIT-OR-TIME`
    left: String,
    right: String,
    /// Also what belongs to an environment
    all: Option<bool>,
}

/// What differs between two commons, or one commons at two times
#[utoipa::path(
    get,
    path = "/diff",
    tag = "fleet",
    extensions(("x-permission" = json!("config:read"))),
    params(DiffQuery),
    responses((status = 200, body = DiffResult), (status = 400), (status = 404)),
)]
async fn show(
    allowed: Allowed<ConfigRead>,
    State(app): State<App>,
    Asked(asked): Asked<DiffQuery>,
) -> Result<Json<DiffResult>, Fault> {
    values::diff(&app, &allowed.visible, &asked.left, &asked.right, asked.all.unwrap_or(false)).await.map(Json)
}
