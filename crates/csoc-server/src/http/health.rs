//! For whatever watches the process: is it alive, can it serve, how does it do.
//!
//! `/metrics` is answered to loopback, and to whoever presents a credential with `settings:edit`.

use std::net::IpAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::routing::get;
use csoc_core::access::{Permission, Visible};
use jiff::SignedDuration;

use super::permission::presented;
use super::scope::{Scope, note_route};
use crate::app::App;
use crate::identity::recognize;
use crate::metrics::SourceLabels;
use crate::service::Fault;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .layer(from_fn(note_route))
}

/// The process answers.
async fn alive() -> &'static str {
    "ok\n"
}

/// The store answers, and there is a fleet to show.
async fn ready(State(app): State<App>) -> Result<&'static str, Fault> {
    if app.stop.is_cancelled() {
        return Err(Fault::NotReady("the server is shutting down".to_owned()));
    }
    app.store.ping().await?;
    if !app.fleet.is_loaded() {
        return Err(Fault::NotReady("the fleet is being loaded".to_owned()));
    }
    Ok("ready\n")
}

async fn metrics(State(app): State<App>, request: Request) -> Result<impl IntoResponse, Fault> {
    let scope = request.extensions().get::<Scope>().cloned().unwrap_or_else(Scope::unknown);
    let address = scope.origin.address.as_deref().and_then(|a| a.parse::<IpAddr>().ok());
    if !address.is_some_and(|address| address.is_loopback()) {
        let who = recognize(&app, &presented(&app, request.headers()), scope.origin).await?;
        who.by.permit_everywhere(Permission::SettingsEdit)?;
    }
    let age = app.audit.status().last_checkpoint.and_then(|mark| mark.at());
    let age = age.map_or(SignedDuration::ZERO, |at| app.now().duration_since(at));
    app.metrics.audit_age.set(age.as_secs_f64());
    note_source_ages(&app).await?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], app.metrics.text()))
}

/// Ages grow by themselves, so they are told as of now. One that was never read is as old as its row.
async fn note_source_ages(app: &App) -> Result<(), Fault> {
    let now = app.now();
    app.metrics.source_age.clear();
    for source in app.store.source_list(&Visible::All).await? {
        let fetched = app.ingest.reading(source.id).state.fetched_at.unwrap_or(source.created_at);
        let labels = SourceLabels { source: source.name, id: source.id.to_string() };
        app.metrics.source_age.get_or_create(&labels).set(now.duration_since(fetched).as_secs_f64());
    }
    Ok(())
}
