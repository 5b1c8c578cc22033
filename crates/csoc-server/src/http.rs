//! HTTP: what the world sees. Handlers unpack, ask a service, pack; they decide nothing.
//!
//! Story: `GET /api/v1/sources` passes the layers (a request id, limits, a deadline, headers), reaches
//! [`sources`], whose first argument `Allowed<SourceRead>` has found out who asks and where they may do
//! this. Without that argument the handler has nothing to ask with. Whatever goes wrong on the way becomes
//! one shape, `application/problem+json`, in one place.
//!
//! To add a route: a handler with `#[utoipa::path]` (its `x-permission` says what the extractor demands;
//! the test that walks the document compares the two), `routes!` in its module, done.

mod about;
mod audit;
mod changes;
mod clusters;
mod commons;
mod conflicts;
mod diff;
mod docs;
mod etag;
mod events;
mod findings;
mod health;
mod input;
mod list;
mod now;
mod organizations;
mod people;
mod permission;
mod problem;
mod releases;
mod rollouts;
mod scope;
mod search;
mod session;
mod settings;
mod setup;
mod sources;
mod tokens;
mod ui;
mod values;
mod views;
mod webhooks;

pub mod listen;

pub(crate) use list::{limit_of, page};

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::service::Fault;

/// What a request body may hold, unless its route says otherwise.
const BODY_LIMIT: usize = 1024 * 1024;
/// A request that takes longer is answered with a problem.
const DEADLINE: Duration = Duration::from_secs(30);

#[derive(OpenApi)]
#[openapi(
    info(title = "csoc", description = "The operations center for fleets of Gen3 data commons.", license(name = "Apache-2.0")),
    servers((url = "/")),
    components(schemas(csoc_api::problem::Problem)),
)]
struct Document;

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(setup::routes())
        .merge(session::routes())
        .merge(tokens::routes())
        .merge(people::routes())
        .merge(organizations::routes())
        .merge(sources::routes())
        .merge(webhooks::routes())
        .merge(now::routes())
        .merge(commons::routes())
        .merge(values::routes())
        .merge(diff::routes())
        .merge(conflicts::routes())
        .merge(clusters::routes())
        .merge(releases::routes())
        .merge(rollouts::routes())
        .merge(changes::routes())
        .merge(findings::routes())
        .merge(search::routes())
        .merge(audit::routes())
        .merge(events::routes())
        .merge(views::routes())
        .merge(settings::routes())
        .merge(about::routes())
}

/// The contract: every route of `/api/v1` with its shapes and its permission.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, document) = OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api()).split_for_parts();
    docs::finish(document)
}

/// The contract as the text of `openapi.json`.
pub fn openapi_json() -> String {
    // Extensions come out of a hash map: sorted, the text is the same every time.
    let mut document = serde_json::to_value(openapi()).unwrap_or_default();
    document.sort_all_objects();
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

pub fn router(app: &App) -> Router {
    let (api, _) = OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api()).split_for_parts();
    // What the layers below do not reach (unknown paths) is answered by the user interface's own handler.
    let api = api
        .route("/api/{*path}", axum::routing::any(unknown))
        .route("/openapi.json", get(docs::document))
        .route("/api/docs", get(docs::page))
        .route("/api/docs.css", get(docs::style))
        .layer(from_fn(scope::note_route))
        .layer(from_fn(etag::answer_unchanged))
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::GATEWAY_TIMEOUT, DEADLINE));
    Router::new()
        .merge(api)
        .merge(health::routes())
        .fallback(ui::serve)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn_with_state(app.clone(), scope::around))
        .with_state(app.clone())
}

async fn unknown(_: Request) -> Fault {
    Fault::NotFound { what: "path; /api/docs lists what there is" }
}
