//! `/tokens`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use csoc_api::tokens::{TokenCreate, TokenCreated, TokenRow, TokensQuery};
use csoc_core::TokenId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::input::{Asked, Body, Id};
use super::permission::SignedIn;
use crate::app::App;
use crate::service::{Fault, tokens};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// One's own tokens.
#[utoipa::path(get, path = "/tokens", tag = "tokens", params(TokensQuery), extensions(("x-permission" = json!("signed-in"))),
    responses((status = 200, body = Vec<TokenRow>)))]
async fn list(
    State(app): State<App>,
    who: SignedIn,
    Asked(query): Asked<TokensQuery>,
) -> Result<Json<Vec<TokenRow>>, Fault> {
    tokens::list(&app, &who.by, query.all.unwrap_or(false)).await.map(Json)
}

/// Make a token; its secret is in this answer and never again.
#[utoipa::path(post, path = "/tokens", tag = "tokens", extensions(("x-permission" = json!("signed-in"))),
    request_body = TokenCreate, responses((status = 201, body = TokenCreated)))]
async fn create(
    State(app): State<App>,
    who: SignedIn,
    Body(ask): Body<TokenCreate>,
) -> Result<(StatusCode, Json<TokenCreated>), Fault> {
    Ok((StatusCode::CREATED, Json(tokens::create(&app, &who.by, ask).await?)))
}

/// Revoke a token, at once.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("signed-in"))), responses((status = 204)))]
async fn revoke(State(app): State<App>, who: SignedIn, Id(id): Id<Uuid>) -> Result<StatusCode, Fault> {
    tokens::revoke(&app, &who.by, TokenId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
