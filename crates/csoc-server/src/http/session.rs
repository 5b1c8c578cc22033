//! `/session` and `/me`: signing in and out, and one's own things.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use csoc_api::session::{Me, PasswordChange, SessionRow, SignIn};
use csoc_core::SessionId;
use csoc_core::access::Credential;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::input::{Body, Id};
use super::permission::{Anyone, SignedIn, presented};
use crate::app::App;
use crate::identity::{SESSION_LONGEST, SessionCookie, recognize};
use crate::service::sessions::{self, Opened};
use crate::service::{Fault, Origin};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, me, sign_out))
        .routes(routes!(list))
        .routes(routes!(revoke))
        .routes(routes!(password))
}

pub(super) fn with_cookie(app: &App, opened: Opened) -> impl IntoResponse + use<> {
    let cookie = SessionCookie::new(app.config.is_secure()).set(&opened.secret, SESSION_LONGEST);
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Json(opened.me))
}

/// Sign in with name and password.
///
/// After some failures every further one has to wait longer: 429 with `Retry-After`.
#[utoipa::path(post, path = "/session", tag = "session", extensions(("x-permission" = json!("nobody"))),
    request_body = SignIn, responses((status = 200, body = Me)))]
async fn sign_in(
    State(app): State<App>,
    anyone: Anyone,
    headers: HeaderMap,
    Body(ask): Body<SignIn>,
) -> Result<impl IntoResponse, Fault> {
    let before = recognize(&app, &presented(&app, &headers), Origin::default()).await.ok();
    let before = before.and_then(|who| match who.by.actor.credential {
        Credential::Session(id) => Some(id),
        Credential::Token(_) | Credential::Loopback => None,
    });
    let opened = sessions::sign_in(&app, anyone.origin, before, ask).await?;
    Ok(with_cookie(&app, opened))
}

/// Who is asking, and what they may do.
#[utoipa::path(get, path = "/session", tag = "session", extensions(("x-permission" = json!("signed-in"))),
    responses((status = 200, body = Me)))]
async fn me(State(app): State<App>, who: SignedIn) -> Result<Json<Me>, Fault> {
    sessions::me(&app, &who.by, who.csrf, who.must_change_password).await.map(Json)
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "session", extensions(("x-permission" = json!("signed-in"))),
    responses((status = 204)))]
async fn sign_out(State(app): State<App>, who: SignedIn) -> Result<impl IntoResponse, Fault> {
    sessions::sign_out(&app, &who.by).await?;
    let cookie = SessionCookie::new(app.config.is_secure()).clear();
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, cookie)])))
}

/// Where one is signed in.
#[utoipa::path(get, path = "/me/sessions", tag = "session", extensions(("x-permission" = json!("signed-in"))),
    responses((status = 200, body = Vec<SessionRow>)))]
async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Vec<SessionRow>>, Fault> {
    sessions::list(&app, &who.by, who.by.actor.person).await.map(Json)
}

/// End one of one's own sessions.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "session", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("signed-in"))), responses((status = 204)))]
async fn revoke(State(app): State<App>, who: SignedIn, Id(id): Id<Uuid>) -> Result<StatusCode, Fault> {
    sessions::revoke(&app, &who.by, who.by.actor.person, SessionId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Choose a new password. Every other session of this person ends.
#[utoipa::path(post, path = "/me/password", tag = "session", extensions(("x-permission" = json!("signed-in"))),
    request_body = PasswordChange, responses((status = 204)))]
async fn password(State(app): State<App>, who: SignedIn, Body(ask): Body<PasswordChange>) -> Result<StatusCode, Fault> {
    sessions::change_password(&app, &who.by, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}
