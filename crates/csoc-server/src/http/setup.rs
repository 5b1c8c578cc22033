//! `/setup`: the first administrator.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use csoc_api::session::{Me, SetupRequest, SetupState};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::Body;
use super::permission::Anyone;
use super::session::with_cookie;
use crate::app::App;
use crate::service::{Fault, sessions};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(state, complete))
}

/// Is the first administrator still to be made?
#[utoipa::path(get, path = "/setup", tag = "session", extensions(("x-permission" = json!("nobody"))),
    responses((status = 200, body = SetupState)))]
async fn state(State(app): State<App>, _: Anyone) -> Result<Json<SetupState>, Fault> {
    sessions::setup_state(&app).await.map(Json)
}

/// Make the first administrator, and sign them in.
///
/// `code` is what the server printed at its start.
#[utoipa::path(post, path = "/setup", tag = "session", extensions(("x-permission" = json!("nobody"))),
    request_body = SetupRequest, responses((status = 200, body = Me)))]
async fn complete(
    State(app): State<App>,
    anyone: Anyone,
    Body(ask): Body<SetupRequest>,
) -> Result<impl IntoResponse, Fault> {
    let opened = sessions::setup(&app, anyone.origin, ask).await?;
    Ok(with_cookie(&app, opened))
}
