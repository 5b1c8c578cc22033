//! What the rules find in a reading, and what that means for the findings we know.
//!
//! A finding is called by its commons' id, not by the folder, so that it keeps its life and its waivers when the
//! commons moves. When a line was first seen here says little about its age; which landing wrote it is looked up in
//! the history, once for each state of a file.

mod names;
mod since;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use csoc_core::finding::{Found, Known, Place, Round, Transition, advance};
use csoc_core::{ClusterId, CommonsId, FindingId};
use csoc_gen3::fleet::{FleetReading, ReadingState};
use csoc_gen3::lint::{self, Context};
use csoc_source::Repository;
use csoc_store::{Source, Write};
use jiff::Timestamp;

use super::identify::Identities;
use super::locate::blocking;
use crate::app::App;
use crate::service::Fault;

/// Lints a reading and writes down what is new, still there, back, or gone. Gives the rules that could not
/// look, with the reason.
pub(super) async fn judge(
    app: &App,
    source: &Source,
    repository: &Repository,
    head: &csoc_source::Landing,
    reading: &Arc<FleetReading>,
    identities: &Identities,
    clusters: &BTreeMap<String, ClusterId>,
) -> Result<Vec<(String, String)>, Fault> {
    let (at, tip, read) = (repository.clone(), head.id, reading.clone());
    let report = blocking(move || {
        let tree = at.tree(tip).map_err(|error| Fault::Outside(error.to_string()))?;
        Ok(lint::run(&read, &Context { tree: &tree, chart: None }))
    })
    .await?;
    let now = app.now();
    let mut known = app.store.finding_list_of_source(source.id, now).await?;
    let called = identities.names_of_findings();
    let names: Vec<String> = report.findings.iter().map(|found| names::name(&found.fingerprint, &called)).collect();
    let places: HashMap<&str, &lint::Finding> = names.iter().map(String::as_str).zip(&report.findings).collect();
    let mut write = app.store.write().await?;
    names::keep(&mut write, &mut known, &places, &called).await?;
    let round = round(&report, &names, reading, identities);
    let stored = |found: &Found| csoc_store::Found {
        source: source.id,
        commons: found.commons,
        cluster: places.get(&*found.fingerprint).and_then(|place| clusters.get(place.cluster.as_deref()?).copied()),
        rule: found.rule.to_string(),
        severity: found.severity,
        fingerprint: found.fingerprint.to_string(),
        path: found.place.path.to_string(),
        line: found.place.line,
        column: found.place.column,
        message: found.message.clone(),
        help: found.help.clone(),
    };
    let open = carry_out(&mut write, source, &known, &round, &head.id.to_string(), now, &stored).await?;
    write.commit().await?;
    since::look_up(app, source, repository, head, open).await?;
    Ok(gaps(&report))
}

/// Writes down what the round means; gives every finding that is open now.
async fn carry_out(
    write: &mut Write,
    source: &Source,
    known: &[csoc_store::Finding],
    round: &Round,
    commit: &str,
    now: Timestamp,
    stored: &impl Fn(&Found) -> csoc_store::Found,
) -> Result<Vec<since::Open>, Fault> {
    let by_id: HashMap<FindingId, &csoc_store::Finding> = known.iter().map(|finding| (finding.id, finding)).collect();
    let transitions = advance(&known.iter().map(as_known).collect::<Vec<_>>(), round, now);
    write.finding_seen_all(source.id, now).await?;
    let mut open = Vec::new();
    for transition in &transitions {
        let (id, found) = match transition {
            Transition::New { found } => (write.finding_insert(&stored(found), commit, now, now).await?, found),
            Transition::StillOpen { id, found } => {
                let new = stored(found);
                if by_id.get(id).is_none_or(|known| known.found != new) {
                    write.finding_update(*id, &new, now).await?;
                }
                (*id, found)
            }
            Transition::Reopened { id, found, .. } => {
                write.finding_update(*id, &stored(found), now).await?;
                write.finding_reopen(*id, now).await?;
                (*id, found)
            }
            Transition::Resolved { id, at } => {
                write.finding_resolve(*id, *at).await?;
                continue;
            }
        };
        open.push(since::Open::new(id, &found.place, by_id.get(&id).copied()));
    }
    Ok(open)
}

fn gaps(report: &lint::LintReport) -> Vec<(String, String)> {
    let gaps: BTreeSet<(String, String)> = report
        .not_evaluated
        .iter()
        .map(|gap| {
            let place = gap.commons.as_deref().map(|folder| format!("{folder}: ")).unwrap_or_default();
            (gap.rule.to_owned(), format!("{place}{}", gap.reason))
        })
        .collect();
    gaps.into_iter().collect()
}

fn as_known(finding: &csoc_store::Finding) -> Known {
    Known {
        id: finding.id,
        fingerprint: finding.found.fingerprint.as_str().into(),
        rule: finding.found.rule.as_str().into(),
        commons: finding.found.commons,
        first_seen: finding.first_seen_at,
        last_seen: finding.last_seen_at,
        resolved_at: finding.resolved_at,
        reopened: finding.reopened,
    }
}

fn round(report: &lint::LintReport, names: &[String], reading: &FleetReading, identities: &Identities) -> Round {
    let commons_of = |folder: Option<&str>| folder.and_then(|folder| identities.folders.get(folder).copied());
    let found = |(finding, name): (&lint::Finding, &String)| Found {
        fingerprint: name.as_str().into(),
        rule: finding.rule.into(),
        commons: commons_of(finding.commons.as_deref()),
        severity: finding.severity,
        place: Place { path: finding.path.clone(), line: finding.line, column: finding.column },
        message: finding.message.clone(),
        help: finding.help.clone(),
    };
    let unread = reading
        .commons
        .iter()
        .filter(|one| matches!(one.state, ReadingState::Broken(_) | ReadingState::Unknown(_)))
        .filter_map(|one| commons_of(Some(&one.folder)));
    let nowhere = report.not_evaluated.iter().filter(|gap| gap.commons.is_none()).map(|gap| gap.rule.into());
    Round {
        found: report.findings.iter().zip(names).map(found).collect(),
        rules_not_evaluated: nowhere.collect(),
        commons_not_read: unread.collect::<Vec<CommonsId>>(),
    }
}
