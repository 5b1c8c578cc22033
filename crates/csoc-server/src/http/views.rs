//! `/views`: saved views.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use csoc_api::views::{SavedView, SavedViewCreate};
use csoc_core::SavedViewId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::input::{Body, Id};
use super::permission::{Allowed, FleetRead};
use crate::app::App;
use crate::service::{Fault, views};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(remove))
}

/// One's own views, and those shared with the organizations that one may see.
#[utoipa::path(get, path = "/views", tag = "views", extensions(("x-permission" = json!("fleet:read"))),
    responses((status = 200, body = Vec<SavedView>)))]
async fn list(State(app): State<App>, allowed: Allowed<FleetRead>) -> Result<Json<Vec<SavedView>>, Fault> {
    views::list(&app, &allowed.by, &allowed.visible).await.map(Json)
}

/// Save a view; one's own view of the same name is replaced.
#[utoipa::path(post, path = "/views", tag = "views", extensions(("x-permission" = json!("fleet:read"))),
    request_body = SavedViewCreate, responses((status = 201, body = SavedView)))]
async fn create(
    State(app): State<App>,
    allowed: Allowed<FleetRead>,
    Body(ask): Body<SavedViewCreate>,
) -> Result<(StatusCode, Json<SavedView>), Fault> {
    Ok((StatusCode::CREATED, Json(views::create(&app, &allowed.by, &allowed.visible, ask).await?)))
}

/// Remove one's own view.
#[utoipa::path(delete, path = "/views/{id}", tag = "views", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("fleet:read"))), responses((status = 204)))]
async fn remove(State(app): State<App>, allowed: Allowed<FleetRead>, Id(id): Id<Uuid>) -> Result<StatusCode, Fault> {
    views::remove(&app, &allowed.by, SavedViewId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
