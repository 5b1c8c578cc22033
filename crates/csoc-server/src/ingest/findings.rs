//! What the rules find in a reading, and what that means for the findings we know.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use csoc_core::finding::{Found, Known, Place, Round, Transition, advance};
use csoc_core::{ClusterId, CommonsId, FindingId};
use csoc_gen3::fleet::{FleetReading, ReadingState};
use csoc_gen3::lint::{self, Context};
use csoc_source::Repository;
use csoc_store::Source;

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
    let known = app.store.finding_list_of_source(source.id, now).await?;
    let by_id: HashMap<FindingId, &csoc_store::Finding> = known.iter().map(|finding| (finding.id, finding)).collect();
    let places: HashMap<&str, &lint::Finding> =
        report.findings.iter().map(|found| (found.fingerprint.as_str(), found)).collect();
    let round = round(&report, reading, identities);
    let known: Vec<Known> = known.iter().map(as_known).collect();
    let transitions = advance(&known, &round, now);
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
    let mut write = app.store.write().await?;
    write.finding_seen_all(source.id, now).await?;
    let commit = head.id.to_string();
    for transition in &transitions {
        match transition {
            Transition::New { found } => {
                write.finding_insert(&stored(found), &commit, now, now).await?;
            }
            Transition::StillOpen { id, found } => {
                let found = stored(found);
                if by_id.get(id).is_none_or(|known| known.found != found) {
                    write.finding_update(*id, &found, now).await?;
                }
            }
            Transition::Reopened { id, found, .. } => {
                write.finding_update(*id, &stored(found), now).await?;
                write.finding_reopen(*id, now).await?;
            }
            Transition::Resolved { id, at } => write.finding_resolve(*id, *at).await?,
        }
    }
    write.commit().await?;
    let gaps: BTreeSet<(String, String)> = report
        .not_evaluated
        .iter()
        .map(|gap| {
            let place = gap.commons.as_deref().map(|folder| format!("{folder}: ")).unwrap_or_default();
            (gap.rule.to_owned(), format!("{place}{}", gap.reason))
        })
        .collect();
    Ok(gaps.into_iter().collect())
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

fn round(report: &lint::LintReport, reading: &FleetReading, identities: &Identities) -> Round {
    let commons_of = |folder: Option<&str>| folder.and_then(|folder| identities.folders.get(folder).copied());
    let found = |finding: &lint::Finding| Found {
        fingerprint: finding.fingerprint.as_str().into(),
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
        found: report.findings.iter().map(found).collect(),
        rules_not_evaluated: nowhere.collect(),
        commons_not_read: unread.collect::<Vec<CommonsId>>(),
    }
}
