//! Hostnames that several folders claim, and what people decide about them.
//!
//! Story: `old/a.example.org` and `new/a.example.org` are both there while a commons moves. Somebody who knows
//! says that they are one, and why; from then on the second folder is the same commons, with its findings and
//! its history. The decision is kept and holds for every later reading.

use std::collections::BTreeSet;

use csoc_api::commons::{ConflictCandidate, ConflictDecision, ConflictRow};
use csoc_core::access::{Permission, Visible};
use csoc_core::audit::Object;
use csoc_core::commons::claims::{Decision, Verdict};
use csoc_core::{CommonsId, ConflictId, SourceId};
use csoc_store::Conflict;
use serde::Deserialize;

use super::{By, Fault, Mistake};
use crate::app::App;
use crate::events::{Audience, Topic};
use crate::fleet_view::Lens;

/// A folder that claims the hostname; rows of before contested folders had an id may have no `commons`.
#[derive(Clone, Debug, Deserialize)]
struct Party {
    source: SourceId,
    folder: String,
    commons: Option<CommonsId>,
}

fn parties(conflict: &Conflict) -> Vec<Party> {
    serde_json::from_value(conflict.detail["parties"].clone()).unwrap_or_default()
}

/// Those that wait for a decision, the newest first; the ones that the other pages show too.
pub async fn list(app: &App, visible: &Visible) -> Result<Vec<ConflictRow>, Fault> {
    let view = app.fleet.view();
    let lens = view.lens(visible);
    let shown: BTreeSet<ConflictId> = view.conflicts.iter().map(|conflict| ConflictId(conflict.id)).collect();
    let all = app.store.conflict_list(visible).await?.into_iter();
    let open = all.filter(|conflict| conflict.ended_at.is_none() && shown.contains(&conflict.id));
    Ok(open.map(|conflict| row(&lens, conflict)).collect())
}

fn row(lens: &Lens, conflict: Conflict) -> ConflictRow {
    let candidate = |party: Party| {
        let seen = party.commons.and_then(|id| lens.commons(id));
        let own = seen.and_then(|seen| seen.row.cluster.as_ref()).map(|cluster| cluster.name.clone());
        ConflictCandidate {
            commons: party.commons.map(|id| id.0),
            name: seen.map_or_else(|| conflict.hostname.clone(), |seen| seen.row.name.clone()),
            cluster: own.or_else(|| cluster_of(lens, &party)),
            last_change_at: seen.and_then(|seen| seen.row.last_change_at),
            folder: party.folder,
        }
    };
    ConflictRow {
        id: conflict.id.0,
        organization: conflict.organization.0,
        candidates: parties(&conflict).into_iter().map(candidate).collect(),
        why: conflict.detail["why"].as_str().unwrap_or_default().to_owned(),
        since: conflict.since_at,
        hostname: conflict.hostname,
    }
}

/// The cluster in whose folder it lies.
fn cluster_of(lens: &Lens, party: &Party) -> Option<String> {
    let (cluster, _) = party.folder.split_once('/')?;
    let seen = lens.clusters.iter().find(|seen| seen.fleet.source == party.source && seen.row.folder == cluster)?;
    Some(seen.row.name.clone())
}

pub async fn decide(app: &App, by: &By, visible: &Visible, id: ConflictId, ask: ConflictDecision) -> Result<(), Fault> {
    let conflict = app.store.conflict_fetch(visible, id).await?.ok_or(Fault::NotFound { what: "conflict" })?;
    by.permit(Permission::CommonsEdit, Permission::FleetRead, conflict.organization, "conflict")?;
    if conflict.ended_at.is_some() {
        return Err(Fault::Conflict(
            "this was decided already, or the files no longer contradict each other".to_owned(),
        ));
    }
    let parties = parties(&conflict);
    let keep = checked(&ask, &parties)?;
    let decisions = decisions(&conflict, &parties, keep);
    let kept = serde_json::to_value(&decisions).map_err(|error| Fault::inner("keeping a decision")(error.into()))?;
    let now = app.now();
    let mut entry = by.did(now, "commons.decide", Object::new("conflict", id, &conflict.hostname));
    entry.organization = Some(conflict.organization);
    entry.detail = Some(serde_json::json!({
        "decision": ask.decision,
        "keep": keep,
        "reason": ask.reason.trim(),
        "folders": parties.iter().map(|party| &party.folder).collect::<Vec<_>>(),
    }));
    let mut write = app.store.write().await?;
    if let Some(keep) = keep {
        let others: BTreeSet<CommonsId> = parties.iter().filter_map(|party| party.commons).collect();
        for other in others.into_iter().filter(|other| *other != keep) {
            write.commons_merge(other, keep, now).await?;
        }
    }
    write.conflict_decide(id, &kept, now).await?;
    write.audit_append(&entry).await?;
    write.commit().await?;
    crate::ingest::republish(app).await?;
    app.events.publish(Audience::Organization(conflict.organization), [Topic::Now, Topic::Commons], Vec::new(), None);
    // The folders get their commons with the sources' next look, which begins now.
    for source in parties.iter().map(|party| party.source).collect::<BTreeSet<_>>() {
        app.ingest.nudge(source, None);
    }
    Ok(())
}

/// The commons that all of them are; none when they are different ones.
fn checked(ask: &ConflictDecision, parties: &[Party]) -> Result<Option<CommonsId>, Fault> {
    let mut mistakes = Vec::new();
    let length = ask.reason.trim().chars().count();
    if !(1..=1000).contains(&length) {
        mistakes.push(Mistake::new("/reason", "say why, in 1 to 1000 characters"));
    }
    let mut keep = None;
    match ask.decision.as_str() {
        "different" => {}
        "same" if parties.len() < 2 => {
            let why = "the other folder is another organization's: it cannot be the same commons";
            mistakes.push(Mistake::new("/decision", why));
        }
        "same" => {
            keep = ask.keep.map(CommonsId).filter(|keep| parties.iter().any(|party| party.commons == Some(*keep)));
            if keep.is_none() {
                mistakes.push(Mistake::new("/keep", "the commons whose history goes on: one of the candidates"));
            }
        }
        _ => mistakes.push(Mistake::new("/decision", "same or different")),
    }
    if mistakes.is_empty() { Ok(keep) } else { Err(Fault::Invalid(mistakes)) }
}

/// One for each folder, as the matching of claims wants them.
fn decisions(conflict: &Conflict, parties: &[Party], keep: Option<CommonsId>) -> Vec<Decision> {
    let verdict = keep.map_or(Verdict::Separate, Verdict::Is);
    let decision = |party: &Party| Decision {
        organization: conflict.organization,
        source: party.source,
        folder: party.folder.clone(),
        verdict,
    };
    parties.iter().map(decision).collect()
}
