//! The palette's search.

use axum::Json;
use axum::extract::State;
use csoc_api::search::SearchResult;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::Asked;
use super::permission::{Allowed, FleetRead};
use crate::app::App;
use crate::service::{Fault, search};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words; all must be found
    q: String,
}

/// Commons, clusters, services, tags, changes and findings by name
#[utoipa::path(
    get,
    path = "/search",
    tag = "fleet",
    extensions(("x-permission" = json!("fleet:read"))),
    params(SearchQuery, ("organization" = Option<uuid::Uuid>, Query, description = "Only of this organization")),
    responses((status = 200, body = Vec<SearchResult>)),
)]
async fn find(
    allowed: Allowed<FleetRead>,
    State(app): State<App>,
    Asked(SearchQuery { q }): Asked<SearchQuery>,
) -> Result<Json<Vec<SearchResult>>, Fault> {
    search::find(&app, &allowed.by, &allowed.visible, &q).await.map(Json)
}
