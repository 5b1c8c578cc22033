//! Putting together what is shown: the fleets as read, and what the store adds to them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use csoc_api::changes::ChangeRow;
use csoc_api::findings::SinceRow;
use csoc_core::access::Visible;
use csoc_core::commons::claims;
use csoc_core::{CommonsId, OrganizationId, SourceId, WaiverId};
use csoc_store::{LandingFilter, PageRequest, Snapshot, Source, Write};
use jiff::Timestamp;

use super::follow::Seen;
use super::identify::Identities;
use super::read::StoredState;
use super::{Slot, SourceReading, locked, never};
use crate::app::App;
use crate::fleet_view::view::{
    ClusterRecord, CommonsRecord, ConflictRecord, FindingRecord, SourceRecord, WaiverRecord,
};
use crate::fleet_view::{FleetView, SourceFleet};
use crate::service::{Fault, changes};

const KIND: &str = "fleet";
/// Landings that Now may look at.
const RECENT: u32 = 200;
/// Findings resolved longer ago are only in the store.
const RESOLVED_DAYS: i64 = 90;

/// After a start: the last snapshots, before anything is read.
pub(super) async fn restore(app: &App) -> Result<(), Fault> {
    let mut fleets = std::collections::BTreeMap::new();
    for source in app.store.source_list(&Visible::All).await? {
        let Some(snapshot) = app.store.snapshot_fetch(source.id, KIND).await? else { continue };
        match serde_json::from_slice::<SourceFleet>(&snapshot.content) {
            Ok(fleet) => {
                fleets.insert(source.id, Arc::new(fleet));
            }
            // Of another version: the source is read again in a moment.
            Err(error) => tracing::info!(%error, source = source.name, "an old snapshot is not shown"),
        }
    }
    let _turn = app.ingest.publishing.lock().await;
    make(app, fleets).await
}

/// A source's new fleet: kept for the next start, shown with the next [`republish`].
pub(super) async fn keep(app: &App, slot: &Slot, fleet: SourceFleet) -> Result<(), Fault> {
    let content = serde_json::to_vec(&fleet).map_err(|error| Fault::inner("keeping a snapshot")(error.into()))?;
    let mut write = app.store.write().await?;
    let (source, commit) = (fleet.source, fleet.commit.clone());
    write.snapshot_put(Snapshot { source, kind: KIND.to_owned(), taken_at: fleet.read_at, commit, content }).await?;
    write.commit().await?;
    show(&mut locked(&slot.reading), &fleet);
    let _turn = app.ingest.publishing.lock().await;
    let mut fleets = app.fleet.view().fleets.clone();
    fleets.insert(source, Arc::new(fleet));
    make(app, fleets).await
}

fn show(reading: &mut SourceReading, fleet: &SourceFleet) {
    reading.layouts.clone_from(&fleet.layouts);
    reading.commons = u32::try_from(fleet.commons.len()).unwrap_or(u32::MAX);
    reading.clusters = u32::try_from(fleet.clusters.len()).unwrap_or(u32::MAX);
    reading.state.unread.clone_from(&fleet.unread);
    if fleet.landings > 0 {
        reading.state.landings = fleet.landings;
    }
}

/// The same fleets with what the store says now.
pub async fn republish(app: &App) -> Result<(), Fault> {
    let _turn = app.ingest.publishing.lock().await;
    let fleets = app.fleet.view().fleets.clone();
    make(app, fleets).await
}

async fn make(app: &App, mut fleets: std::collections::BTreeMap<SourceId, Arc<SourceFleet>>) -> Result<(), Fault> {
    let all = &Visible::All;
    let now = app.now();
    let sources = app.store.source_list(all).await?;
    fleets.retain(|id, _| sources.iter().any(|source| source.id == *id));
    let organizations = app.store.organization_list(all).await?.into_iter().map(|one| (one.id, one.name)).collect();
    let commons = app.store.commons_list(all).await?;
    let clusters = app.store.cluster_list(all).await?;
    let waivers: HashMap<WaiverId, WaiverRecord> = app
        .store
        .waiver_list(all)
        .await?
        .into_iter()
        .map(|one| {
            let record = WaiverRecord {
                id: one.id,
                reason: one.reason,
                person: one.person_name,
                created_at: one.created_at,
                until: one.until,
            };
            (one.id, record)
        })
        .collect();
    let mut findings = Vec::new();
    for source in &sources {
        for finding in app.store.finding_list_of_source(source.id, now).await? {
            let old =
                finding.resolved_at.is_some_and(|at| at < now - jiff::SignedDuration::from_hours(24 * RESOLVED_DAYS));
            if !old {
                findings.push(finding_record(finding, &waivers));
            }
        }
    }
    let view = FleetView::new(crate::fleet_view::view::Parts {
        revision: app.events.revision() + 1,
        taken_at: now,
        organizations,
        sources: sources.iter().map(|source| (source.id, source_record(app, source))).collect(),
        fleets,
        commons: commons.into_iter().map(|one| (one.id, commons_record(one))).collect(),
        clusters: clusters
            .into_iter()
            .map(|one| {
                let record = ClusterRecord {
                    organization: one.organization,
                    first_seen_at: one.first_seen_at,
                    gone_at: one.gone_at,
                };
                (one.id, record)
            })
            .collect(),
        findings: Arc::new(findings),
        conflicts: open_conflicts(app).await?,
        recent: Arc::new(recent(app).await?),
    });
    app.fleet.replace(view);
    Ok(())
}

fn commons_record(one: csoc_store::Commons) -> CommonsRecord {
    CommonsRecord {
        organization: one.organization,
        name: one.name,
        corrections: serde_json::from_value(one.corrections).unwrap_or_default(),
        first_seen_at: one.first_seen_at,
        gone_at: one.gone_at,
        merged: one.merged_into.is_some(),
    }
}

fn source_record(app: &App, source: &Source) -> SourceRecord {
    let reading = app.ingest.reading(source.id);
    SourceRecord {
        organization: source.organization,
        name: source.name.clone(),
        branch: source.branch.clone(),
        location: source.location.clone(),
        kind: source.kind.as_str().to_owned(),
        phase: reading.state.phase,
        fetched_at: reading.state.fetched_at,
        failing_since: app.ingest.failing_since(source.id),
        error: reading.state.error,
    }
}

fn finding_record(finding: csoc_store::Finding, waivers: &HashMap<WaiverId, WaiverRecord>) -> FindingRecord {
    let found = finding.found;
    FindingRecord {
        id: finding.id,
        organization: finding.organization,
        source: found.source,
        commons: found.commons,
        cluster: found.cluster,
        rule: found.rule,
        severity: found.severity,
        path: found.path,
        line: found.line,
        column: found.column,
        message: found.message,
        help: found.help,
        since: finding.since.map(|since| SinceRow { at: since.at, commit: since.commit, by: since.by }),
        first_seen_at: finding.first_seen_at,
        last_seen_at: finding.last_seen_at,
        resolved_at: finding.resolved_at,
        reopened: finding.reopened,
        waiver: finding.waiver.and_then(|id| waivers.get(&id).cloned()),
    }
}

async fn recent(app: &App) -> Result<Vec<ChangeRow>, Fault> {
    let page = app.store.landing_page(&Visible::All, &LandingFilter::default(), &PageRequest::first(RECENT)).await?;
    let sources = app.store.source_list(&Visible::All).await?.into_iter().map(|source| (source.id, source)).collect();
    Ok(page.items.into_iter().filter_map(|landing| changes::row(&sources, landing)).collect())
}

async fn open_conflicts(app: &App) -> Result<Vec<ConflictRecord>, Fault> {
    let open = app.store.conflict_list(&Visible::All).await?.into_iter().filter(|conflict| conflict.ended_at.is_none());
    let record = |conflict: csoc_store::Conflict| ConflictRecord {
        id: conflict.id.0,
        organization: conflict.organization,
        why: conflict.detail["why"].as_str().unwrap_or_default().to_owned(),
        hostname: conflict.hostname,
        since: conflict.since_at,
        candidates: serde_json::from_value::<Vec<CommonsId>>(conflict.detail["candidates"].clone()).unwrap_or_default(),
    };
    Ok(open.map(record).collect())
}

/// Contested hostnames of one organization's view: those that begin, those that go on, those that ended.
pub(super) async fn conflicts(
    app: &App,
    write: &mut Write,
    source: &Source,
    identities: &Identities,
    now: Timestamp,
) -> Result<(), Fault> {
    let all = app.store.conflict_list(&Visible::All).await?;
    let (stored, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|known| known.organization == source.organization);
    for conflict in &identities.conflicts {
        let detail = detail_for(conflict, source.organization);
        match stored.iter().find(|known| known.hostname == conflict.hostname && known.decision.is_none()) {
            Some(known) => {
                if known.detail != detail {
                    write.conflict_set_detail(known.id, &detail).await?;
                }
                if known.ended_at.is_some() {
                    write.conflict_set_ended(known.id, None).await?;
                }
            }
            None => {
                write.conflict_insert(source.organization, &conflict.hostname, &detail, now).await?;
            }
        }
    }
    for known in stored.iter().filter(|known| known.ended_at.is_none() && of_source(known, source.id)) {
        if !identities.conflicts.iter().any(|conflict| conflict.hostname == known.hostname) {
            write.conflict_set_ended(known.id, Some(now)).await?;
        }
    }
    tell_others(write, source.organization, &others, identities, now).await
}

/// Another organization learns that its hostname is claimed elsewhere, not by whom. What it decided stands;
/// whether the contradiction goes on is seen when its own source is read.
async fn tell_others(
    write: &mut Write,
    own: OrganizationId,
    stored: &[csoc_store::Conflict],
    identities: &Identities,
    now: Timestamp,
) -> Result<(), Fault> {
    for conflict in &identities.conflicts {
        let parties = conflict.parties.iter().map(|party| party.organization);
        let others: BTreeSet<OrganizationId> = parties.filter(|organization| *organization != own).collect();
        for organization in others {
            let known = stored.iter().any(|known| {
                known.organization == organization
                    && known.hostname == conflict.hostname
                    && (known.decision.is_some() || known.ended_at.is_none())
            });
            if !known {
                let detail = detail_for(conflict, organization);
                write.conflict_insert(organization, &conflict.hostname, &detail, now).await?;
            }
        }
    }
    Ok(())
}

/// What one organization is told: its own folders, and whether there are others.
fn detail_for(conflict: &claims::Conflict, organization: OrganizationId) -> serde_json::Value {
    let mine = conflict.parties.iter().filter(|party| party.organization == organization);
    let candidates: Vec<CommonsId> = mine.clone().map(|party| party.commons).collect();
    let folders: Vec<&str> = mine.clone().map(|party| party.folder.as_str()).collect();
    let elsewhere = conflict.parties.len() > folders.len();
    let why = why(&conflict.hostname, &folders, elsewhere);
    let parties: Vec<serde_json::Value> = mine
        .map(|party| serde_json::json!({ "source": party.source, "folder": party.folder, "commons": party.commons }))
        .collect();
    serde_json::json!({ "why": why, "candidates": candidates, "parties": parties })
}

fn of_source(conflict: &csoc_store::Conflict, source: SourceId) -> bool {
    let source = serde_json::json!(source);
    conflict.detail["parties"].as_array().is_some_and(|parties| parties.iter().any(|party| party["source"] == source))
}

fn why(hostname: &str, folders: &[&str], elsewhere: bool) -> String {
    let mut sentence = match folders {
        [one] => format!("{hostname} is declared in {one}"),
        some => format!("{hostname} is declared in {}", some.join(" and ")),
    };
    if elsewhere {
        sentence.push_str(" and by a source that you cannot see");
    }
    sentence
}

/// What the source's row remembers of its state.
fn stored(source: &Source) -> StoredState {
    serde_json::from_value(source.state.clone()).unwrap_or_default()
}

/// Before the first round after a start.
pub(super) fn remembered(app: &App, source: &Source) -> SourceReading {
    let mut reading = never();
    let state = stored(source);
    if let Some(fleet) = app.fleet.view().fleets.get(&source.id) {
        show(&mut reading, fleet);
    }
    if state.fetched_at.is_some() {
        reading.state.phase = super::phase(state.error.is_some()).to_owned();
    }
    reading.state.head = state.head;
    reading.state.head_time = state.head_time;
    reading.state.head_title = state.head_title;
    reading.state.fetched_at = state.fetched_at;
    reading.state.attempted_at = state.attempted_at;
    reading.state.error = state.error;
    reading.state.landings = state.landings;
    reading
}

/// Keeps how the source is doing, for the next start and for other replicas.
pub(super) async fn store_state(app: &App, source: &Source, slot: &Slot) {
    let kept = write_state(app, source.id, slot, None).await;
    if let Err(error) = kept {
        tracing::warn!(%error, source = source.name, "its state could not be kept");
    }
}

/// Every landing up to this one is written.
pub(super) async fn store_walked(
    app: &App,
    source: &Source,
    slot: &Slot,
    commit: &str,
    charts: &Seen,
) -> Result<(), Fault> {
    write_state(app, source.id, slot, Some((commit, charts))).await
}

async fn write_state(app: &App, id: SourceId, slot: &Slot, walked: Option<(&str, &Seen)>) -> Result<(), Fault> {
    let Some(source) = app.store.source_fetch(&Visible::All, id).await? else { return Ok(()) };
    let mut state = stored(&source);
    {
        let reading = locked(&slot.reading);
        state.head.clone_from(&reading.state.head);
        state.head_time = reading.state.head_time;
        state.head_title.clone_from(&reading.state.head_title);
        state.fetched_at = reading.state.fetched_at;
        state.attempted_at = reading.state.attempted_at;
        state.error.clone_from(&reading.state.error);
        state.landings = reading.state.landings;
    }
    state.failing_since = *locked(&slot.failing_since);
    if let Some((walked, charts)) = walked {
        state.walked = Some(walked.to_owned());
        state.charts = Some(charts.clone());
    }
    let value = serde_json::to_value(&state).map_err(|error| Fault::inner("keeping a state")(error.into()))?;
    let mut write = app.store.write().await?;
    write.source_set_state(id, &value, app.now()).await?;
    write.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contested_hostname_names_only_what_the_reader_sees() {
        assert_eq!(why("a.example.org", &["x/a", "y/a"], false), "a.example.org is declared in x/a and y/a");
        assert_eq!(
            why("a.example.org", &["x/a"], true),
            "a.example.org is declared in x/a and by a source that you cannot see"
        );
    }
}
