//! `/audit`.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use csoc_api::audit::{AuditQuery, AuditRow, AuditVerification};
use csoc_api::page::Page;
use csoc_store::AuditExport;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::input::Asked;
use super::permission::{Allowed, AuditRead, Everywhere};
use crate::app::App;
use crate::service::{Fault, audit};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(export)).routes(routes!(verify))
}

/// What was done and refused, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", params(AuditQuery),
    extensions(("x-permission" = json!("audit:read"))), responses((status = 200, body = Page<AuditRow>)))]
async fn list(
    State(app): State<App>,
    allowed: Allowed<AuditRead>,
    Asked(query): Asked<AuditQuery>,
) -> Result<Json<Page<AuditRow>>, Fault> {
    audit::list(&app, &allowed.visible, query).await.map(Json)
}

/// Everything that matches as JSON lines, oldest first.
#[utoipa::path(get, path = "/audit/export", tag = "audit", params(AuditQuery),
    extensions(("x-permission" = json!("audit:read"))),
    responses((status = 200, description = "One row a line", content_type = "application/x-ndjson", body = String)))]
async fn export(
    State(app): State<App>,
    allowed: Allowed<AuditRead>,
    Asked(query): Asked<AuditQuery>,
) -> Result<impl IntoResponse, Fault> {
    let export = audit::export(&app, &allowed.by, allowed.visible, query).await?;
    let lines = futures_util::stream::try_unfold(export, next_lines);
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"csoc-audit.jsonl\""),
    ];
    Ok((headers, Body::from_stream(lines)))
}

async fn next_lines(mut export: AuditExport) -> Result<Option<(String, AuditExport)>, csoc_store::StoreError> {
    Ok(export.next_lines().await?.map(|lines| (lines, export)))
}

/// Prove that nothing of the record was changed.
#[utoipa::path(get, path = "/audit/verify", tag = "audit",
    extensions(("x-permission" = json!("audit:read")), ("x-scope" = json!("installation"))),
    responses((status = 200, body = AuditVerification)))]
async fn verify(State(app): State<App>, allowed: Everywhere<AuditRead>) -> Result<Json<AuditVerification>, Fault> {
    audit::verify(&app, &allowed.by).await.map(Json)
}
