//! Reading the record of what was done: pages, export, proof.

use csoc_api::audit::{AuditQuery, AuditRow, AuditVerification};
use csoc_api::page::Page;
use csoc_core::access::{Permission, Visible};
use csoc_core::audit::{ActorRef, Object, Outcome, Record, hex};
use csoc_store::{AuditExport, AuditFilter, PageRequest};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::settings::audit_keep_days;
use super::{By, Fault, Origin};
use crate::app::App;
use crate::filter::{Filter, Test};

/// Words of the list's filter.
const WORDS: &[&str] = &["actor", "action", "result", "object", "id"];

/// The list's filter, in the words of the store.
fn filter(query: &AuditQuery) -> Result<AuditFilter, Fault> {
    let text = query.filter.as_deref().unwrap_or_default();
    let parsed = Filter::parse(text, WORDS).map_err(|error| Fault::invalid("filter", error.to_string()))?;
    let mut wanted = AuditFilter { since: query.since, until: query.until, ..AuditFilter::default() };
    if !parsed.words.is_empty() {
        wanted.text = Some(parsed.words.join(" "));
    }
    for token in &parsed.tokens {
        let Test::Like(pattern) = &token.test else {
            return Err(Fault::invalid("filter", format!("`{}` takes a word, not a comparison", token.key)));
        };
        if token.negated {
            return Err(Fault::invalid("filter", "this list cannot exclude; say what it should show"));
        }
        let value = pattern.text().to_owned();
        match token.key.as_str() {
            "actor" => wanted.actor = Some(value.trim_matches('*').to_owned()),
            "action" => wanted.actions.push(value),
            "object" => wanted.object_kinds.push(value),
            "id" => wanted.object_id = Some(value),
            _ => match Outcome::parse(&value) {
                Some(outcome) => wanted.results.push(outcome),
                None => {
                    let known: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
                    return Err(Fault::invalid("filter", format!("`result` is one of {}", known.join(", "))));
                }
            },
        }
    }
    Ok(wanted)
}

fn row(record: Record) -> AuditRow {
    let entry = record.entry;
    AuditRow {
        seq: u64::try_from(record.seq).unwrap_or(0),
        time: entry.time,
        actor: entry.actor.name,
        actor_id: entry.actor.id.map(|id| id.0),
        credential: entry.actor.credential_kind,
        address: entry.address,
        request_id: entry.request_id,
        action: entry.action,
        object_kind: entry.object.kind,
        object_id: entry.object.id,
        object_name: entry.object.name,
        organization: entry.organization.map(|id| id.0),
        result: entry.result.as_str().to_owned(),
        detail: entry.detail.unwrap_or(serde_json::Value::Null),
        hash: hex(&record.hash),
    }
}

pub async fn list(app: &App, visible: &Visible, query: AuditQuery) -> Result<Page<AuditRow>, Fault> {
    let filter = filter(&query)?;
    let request = PageRequest { after: query.cursor, limit: query.limit.unwrap_or(100).clamp(1, 500) };
    let page = app.store.audit_page(visible, &filter, &request).await?;
    let total = app.store.audit_count(visible, &filter).await?;
    Ok(Page {
        items: page.items.into_iter().map(row).collect(),
        total: u64::try_from(total).unwrap_or(0),
        next: page.next,
    })
}

/// Everything that matches, oldest first. That it was taken out is itself recorded.
pub async fn export(app: &App, by: &By, visible: Visible, query: AuditQuery) -> Result<AuditExport, Fault> {
    let filter = filter(&query)?;
    let object = Object { kind: "audit".to_owned(), id: None, name: None };
    let mut entry = by.did(app.now(), "audit.export", object);
    entry.detail = Some(json!({ "filter": query.filter, "since": query.since, "until": query.until }));
    if let Visible::Only(some) = &visible
        && some.len() == 1
    {
        entry.organization = some.first().copied();
    }
    app.audit.append(entry).await?;
    Ok(app.store.audit_export(visible, filter))
}

/// Walks the whole record. It is of all organizations at once, so only who may read all may ask.
pub async fn verify(app: &App, by: &By) -> Result<AuditVerification, Fault> {
    by.permit_everywhere(Permission::AuditRead)?;
    let done = app.store.audit_verify(&app.config.audit_files(), &[]).await?;
    let report = &done.report;
    let mut problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    if report.problem_count > problems.len() as u64 {
        problems.push(format!("… and {} more", report.problem_count - problems.len() as u64));
    }
    let object = Object { kind: "audit".to_owned(), id: None, name: None };
    let mut entry = by.did(app.now(), "audit.verify", object);
    entry.detail = Some(json!({ "rows": report.rows, "problems": report.problem_count }));
    app.audit.append(entry).await?;
    Ok(AuditVerification {
        ok: report.is_intact(),
        rows: report.rows,
        checkpoints: done.marks,
        last_checkpoint_at: report.signed_to.as_ref().and_then(csoc_core::audit::Mark::at),
        problems,
        took_ms: u64::try_from(done.took.as_millis()).unwrap_or(u64::MAX),
    })
}

/// Removes what is older than the settings want it kept; the proof of the rest stays whole.
pub async fn prune(app: &App) -> Result<(), Fault> {
    let days = audit_keep_days(app).await?;
    if days == 0 {
        return Ok(());
    }
    let now = app.now();
    let before = now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN);
    let object = Object { kind: "audit".to_owned(), id: None, name: None };
    let entry = Origin::default().entry(now, ActorRef::system(), "audit.prune", object, Outcome::Ok);
    // Verifying what is removed reads all of it: not while there is nothing to remove.
    let oldest = AuditFilter { until: Some(before), ..AuditFilter::default() };
    if app.store.audit_count(&Visible::All, &oldest).await? > 0 {
        app.store.audit_prune(&app.config.audit_files(), &[], before, entry).await?;
    }
    Ok(())
}
