//! `/organizations`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use csoc_api::organizations::{OrganizationRow, OrganizationWrite};
use csoc_core::OrganizationId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::input::{Body, Id};
use super::permission::{Allowed, Everywhere, FleetRead, OrganizationEdit};
use crate::app::App;
use crate::service::{Fault, organizations};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(rename, remove))
}

/// The organizations whose fleet the reader may see.
#[utoipa::path(get, path = "/organizations", tag = "organizations", extensions(("x-permission" = json!("fleet:read"))),
    responses((status = 200, body = Vec<OrganizationRow>)))]
async fn list(State(app): State<App>, allowed: Allowed<FleetRead>) -> Result<Json<Vec<OrganizationRow>>, Fault> {
    organizations::list(&app, &allowed.visible).await.map(Json)
}

/// Make an organization.
#[utoipa::path(post, path = "/organizations", tag = "organizations",
    extensions(("x-permission" = json!("organization:edit")), ("x-scope" = json!("installation"))),
    request_body = OrganizationWrite, responses((status = 201, body = OrganizationRow)))]
async fn create(
    State(app): State<App>,
    allowed: Everywhere<OrganizationEdit>,
    Body(ask): Body<OrganizationWrite>,
) -> Result<(StatusCode, Json<OrganizationRow>), Fault> {
    Ok((StatusCode::CREATED, Json(organizations::create(&app, &allowed.by, ask).await?)))
}

/// Rename it.
#[utoipa::path(patch, path = "/organizations/{id}", tag = "organizations", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("organization:edit"))),
    request_body = OrganizationWrite, responses((status = 200, body = OrganizationRow)))]
async fn rename(
    State(app): State<App>,
    allowed: Allowed<OrganizationEdit>,
    Id(id): Id<Uuid>,
    Body(ask): Body<OrganizationWrite>,
) -> Result<Json<OrganizationRow>, Fault> {
    organizations::rename(&app, &allowed.by, OrganizationId(id), ask).await.map(Json)
}

/// Remove it, when it has neither sources nor commons.
#[utoipa::path(delete, path = "/organizations/{id}", tag = "organizations", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("organization:edit")), ("x-scope" = json!("installation"))),
    responses((status = 204)))]
async fn remove(
    State(app): State<App>,
    allowed: Everywhere<OrganizationEdit>,
    Id(id): Id<Uuid>,
) -> Result<StatusCode, Fault> {
    organizations::remove(&app, &allowed.by, OrganizationId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
