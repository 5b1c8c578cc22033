//! `/people`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use csoc_api::page::{Page, PageQuery};
use csoc_api::people::{PeopleQuery, PersonCreate, PersonCreated, PersonPatch, PersonRow};
use csoc_api::session::SessionRow;
use csoc_core::{PersonId, SessionId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::input::{Asked, Body, Id};
use super::permission::{Allowed, PeopleEdit, PeopleRead};
use crate::app::App;
use crate::service::{Fault, people, sessions};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(patch, remove))
        .routes(routes!(reset_password))
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
}

/// People with a role in the organizations that the reader administers.
#[utoipa::path(get, path = "/people", tag = "people", params(PeopleQuery),
    extensions(("x-permission" = json!("people:read"))), responses((status = 200, body = Page<PersonRow>)))]
async fn list(
    State(app): State<App>,
    allowed: Allowed<PeopleRead>,
    Asked(query): Asked<PeopleQuery>,
) -> Result<Json<Page<PersonRow>>, Fault> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    people::list(&app, &allowed.visible, query.filter, page).await.map(Json)
}

/// Make a person; the one-time password is in this answer and never again.
#[utoipa::path(post, path = "/people", tag = "people", extensions(("x-permission" = json!("people:edit"))),
    request_body = PersonCreate, responses((status = 201, body = PersonCreated)))]
async fn create(
    State(app): State<App>,
    allowed: Allowed<PeopleEdit>,
    Body(ask): Body<PersonCreate>,
) -> Result<(StatusCode, Json<PersonCreated>), Fault> {
    Ok((StatusCode::CREATED, Json(people::create(&app, &allowed.by, ask).await?)))
}

/// Change name, roles, or whether they may sign in at all.
#[utoipa::path(patch, path = "/people/{id}", tag = "people", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("people:edit"))),
    request_body = PersonPatch, responses((status = 200, body = PersonRow)))]
async fn patch(
    State(app): State<App>,
    allowed: Allowed<PeopleEdit>,
    Id(id): Id<Uuid>,
    Body(ask): Body<PersonPatch>,
) -> Result<Json<PersonRow>, Fault> {
    people::patch(&app, &allowed.by, PersonId(id), ask).await.map(Json)
}

/// Remove a person with their roles, sessions and tokens. What they did stays in the audit.
#[utoipa::path(delete, path = "/people/{id}", tag = "people", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("people:edit"))), responses((status = 204)))]
async fn remove(State(app): State<App>, allowed: Allowed<PeopleEdit>, Id(id): Id<Uuid>) -> Result<StatusCode, Fault> {
    people::remove(&app, &allowed.by, PersonId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new one-time password; the person is signed out everywhere.
#[utoipa::path(post, path = "/people/{id}/password", tag = "people", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("people:edit"))), responses((status = 200, body = PersonCreated)))]
async fn reset_password(
    State(app): State<App>,
    allowed: Allowed<PeopleEdit>,
    Id(id): Id<Uuid>,
) -> Result<Json<PersonCreated>, Fault> {
    people::reset_password(&app, &allowed.by, PersonId(id)).await.map(Json)
}

/// Where a person is signed in.
#[utoipa::path(get, path = "/people/{id}/sessions", tag = "people", params(("id" = Uuid, Path)),
    extensions(("x-permission" = json!("people:edit"))), responses((status = 200, body = Vec<SessionRow>)))]
async fn list_sessions(
    State(app): State<App>,
    allowed: Allowed<PeopleEdit>,
    Id(id): Id<Uuid>,
) -> Result<Json<Vec<SessionRow>>, Fault> {
    let person = people::for_sessions(&app, &allowed.by, PersonId(id)).await?;
    sessions::list(&app, &allowed.by, person).await.map(Json)
}

/// End one of a person's sessions.
#[utoipa::path(delete, path = "/people/{id}/sessions/{sid}", tag = "people",
    params(("id" = Uuid, Path), ("sid" = Uuid, Path)),
    extensions(("x-permission" = json!("people:edit"))), responses((status = 204)))]
async fn revoke_session(
    State(app): State<App>,
    allowed: Allowed<PeopleEdit>,
    Id((id, session)): Id<(Uuid, Uuid)>,
) -> Result<StatusCode, Fault> {
    let person = people::for_sessions(&app, &allowed.by, PersonId(id)).await?;
    sessions::revoke(&app, &allowed.by, person, SessionId(session)).await?;
    Ok(StatusCode::NO_CONTENT)
}
