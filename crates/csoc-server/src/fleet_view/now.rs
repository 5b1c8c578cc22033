//! The first screen: one sentence, what needs somebody, a tile per commons, the last day's changes.

use axum::body::Bytes;
use csoc_api::changes::ChangeRow;
use csoc_api::commons::CommonsRow;
use csoc_api::findings::SeverityCounts;
use csoc_api::now::{NeedsYou, Now, NowSource, NowTier, Tile};
use csoc_core::access::Visible;
use csoc_core::commons::Tier;
use csoc_core::finding::Severity;
use csoc_core::{CommonsId, SourceId};
use jiff::{SignedDuration, Timestamp};

use super::lens::{CommonsSeen, Lens, count};
use super::view::{FindingRecord, FleetView};

/// So many things that need somebody are listed; the rest is counted.
const NEEDS: usize = 12;
const CHANGES: usize = 40;
const HOURS: i64 = 24;
/// A commons that missed so many releases is worth a line.
const FAR_BEHIND: u32 = 4;

/// When a source was last fetched with success.
type Fetched<'f> = dyn Fn(SourceId) -> Option<Timestamp> + 'f;

/// Different whenever a source that can be seen was fetched again.
pub fn freshness(view: &FleetView, visible: &Visible, fetched: &Fetched<'_>) -> Bytes {
    let seen = view.sources.iter().filter(|(_, source)| visible.contains(source.organization));
    let times = seen.map(|(id, _)| fetched(*id).map_or_else(String::new, |at| at.to_string()));
    Bytes::from(times.collect::<Vec<_>>().join(" "))
}

pub fn now(view: &FleetView, visible: &Visible, lens: &Lens, fetched: &Fetched<'_>) -> Now {
    let mut findings = SeverityCounts::default();
    for finding in lens.findings().filter(|finding| finding.state(lens.taken_at) == "open") {
        count(&mut findings, finding.severity);
    }
    let mut needs = needs(view, visible, lens);
    let needs_you_total = u32::try_from(needs.len()).unwrap_or(u32::MAX);
    needs.truncate(NEEDS);
    let recent: Vec<&ChangeRow> =
        view.recent.iter().filter(|change| visible.contains(csoc_core::OrganizationId(change.organization))).collect();
    let as_of = as_of(view, visible, fetched).map_or(lens.taken_at, |fetched| fetched.max(lens.taken_at));
    let (changes, changes_total) = last_day(&recent, as_of);
    Now {
        sentence: sentence(lens),
        as_of,
        sources: sources(view, visible, fetched),
        needs_you: needs,
        needs_you_total,
        tiers: tiers(lens),
        newest_release: lens.newest().map(|newest| newest.to_string()),
        median_behind: median(lens.commons.iter().filter_map(|seen| seen.row.behind)),
        changes,
        changes_total,
        changes_hours: u32::try_from(HOURS).unwrap_or(24),
        findings,
        commons: u32::try_from(lens.commons.len()).unwrap_or(u32::MAX),
        clusters: u32::try_from(lens.clusters.len()).unwrap_or(u32::MAX),
    }
}

fn sentence(lens: &Lens) -> String {
    let all = lens.commons.len();
    if all == 0 {
        return "no commons is known yet: add a source that declares some".to_owned();
    }
    let mut parts = vec![format!("live state of {all} commons unknown (no agent)")];
    let of = |state: &str| lens.commons.iter().filter(|seen| seen.row.state.config == state).count();
    let (good, work) = (of("in_order"), of("needs_work"));
    let verb = if work == 1 { "needs" } else { "need" };
    let mut files = format!("files: {good} in order, {work} {verb} work");
    for (state, word) in
        [("maintenance", "in maintenance"), ("unreadable", "unreadable"), ("empty", "empty"), ("conflict", "contested")]
    {
        let count = of(state);
        if count > 0 {
            files.push_str(&format!(", {count} {word}"));
        }
    }
    parts.push(files);
    parts.join(" · ")
}

/// When a source was last heard. Each source says its own age beside it: one that fails for days makes neither
/// the others nor the day on this page old.
fn as_of(view: &FleetView, visible: &Visible, fetched: &Fetched<'_>) -> Option<Timestamp> {
    let fleets = view.fleets.values().filter(|fleet| visible.contains(fleet.organization));
    fleets.filter(|fleet| !fleet.commons.is_empty()).filter_map(|fleet| fetched(fleet.source)).max()
}

fn sources(view: &FleetView, visible: &Visible, fetched: &Fetched<'_>) -> Vec<NowSource> {
    let seen = view.sources.iter().filter(|(_, source)| visible.contains(source.organization));
    seen.map(|(id, source)| NowSource {
        id: id.0,
        name: source.name.clone(),
        branch: source.branch.clone(),
        phase: source.phase.clone(),
        head: view.fleets.get(id).map(|fleet| fleet.commit.clone()),
        fetched_at: fetched(*id).or(source.fetched_at),
        error: source.error.clone(),
    })
    .collect()
}

/// Most hurt first: severity, then production before the rest, then the oldest.
fn needs(view: &FleetView, visible: &Visible, lens: &Lens) -> Vec<NeedsYou> {
    let mut needs: Vec<(Severity, usize, Timestamp, NeedsYou)> = Vec::new();
    for (id, source) in view.sources.iter().filter(|(_, source)| visible.contains(source.organization)) {
        if let Some(error) = &source.error {
            let since = source.failing_since.unwrap_or(lens.taken_at);
            let text = error.clone();
            let row = need("source", id.to_string(), Severity::High, source.name.clone(), None, text, None, since);
            needs.push((Severity::High, 0, since, row));
        }
    }
    for conflict in view.conflicts.iter().filter(|conflict| visible.contains(conflict.organization)) {
        let (text, since) = (conflict.why.clone(), conflict.since);
        let (id, subject) = (conflict.id.to_string(), conflict.hostname.clone());
        needs.push((
            Severity::Medium,
            0,
            since,
            need("conflict", id, Severity::Medium, subject, None, text, None, since),
        ));
    }
    let urgent =
        |finding: &&FindingRecord| finding.state(lens.taken_at) == "open" && finding.severity >= Severity::High;
    for finding in lens.findings().filter(urgent) {
        let seen = finding.commons.and_then(|id| lens.commons(id));
        let rank = seen.map_or(Tier::ALL.len(), |seen| tier_rank(&seen.row.tier));
        needs.push((finding.severity, rank, finding.first_seen_at, of_finding(finding, seen, lens)));
    }
    for seen in &lens.commons {
        if let Some(behind) = seen.row.behind.filter(|behind| *behind >= FAR_BEHIND) {
            needs.push((
                Severity::Medium,
                tier_rank(&seen.row.tier),
                seen.row.seen_at,
                of_behind(&seen.row, behind, lens),
            ));
        }
    }
    needs.sort_by(|a, b| (b.0, a.1, a.2, &a.3.subject).cmp(&(a.0, b.1, b.2, &b.3.subject)));
    needs.into_iter().map(|(.., row)| row).collect()
}

fn of_finding(finding: &FindingRecord, seen: Option<&CommonsSeen>, lens: &Lens) -> NeedsYou {
    let subject = match (seen, finding.cluster.and_then(|id| lens.cluster(id))) {
        (Some(seen), _) => seen.row.name.clone(),
        (None, Some(cluster)) => cluster.row.name.clone(),
        (None, None) => finding.path.clone(),
    };
    let place = Some(format!("{}:{}", finding.path, finding.line));
    let commons = seen.map(|seen| CommonsId(seen.row.id));
    let (id, text) = (finding.id.to_string(), finding.message.clone());
    need("finding", id, finding.severity, subject, commons, text, place, finding.first_seen_at)
}

fn of_behind(row: &CommonsRow, behind: u32, lens: &Lens) -> NeedsYou {
    let release = row.release.clone().unwrap_or_default();
    let newest = lens.newest().map(|newest| newest.to_string()).unwrap_or_default();
    let text = format!("{behind} releases behind ({release}, newest {newest})");
    let since = row.last_change_at.unwrap_or(row.seen_at);
    need("behind", row.id.to_string(), Severity::Medium, row.name.clone(), Some(CommonsId(row.id)), text, None, since)
}

#[expect(clippy::too_many_arguments, reason = "one argument per field of the row")]
fn need(
    kind: &str,
    id: String,
    severity: Severity,
    subject: String,
    commons: Option<CommonsId>,
    text: String,
    place: Option<String>,
    since: Timestamp,
) -> NeedsYou {
    NeedsYou {
        kind: kind.to_owned(),
        id,
        severity: severity.as_str().to_owned(),
        subject,
        subject_commons: commons.map(|id| id.0),
        text,
        place,
        since,
    }
}

fn tier_rank(tier: &str) -> usize {
    Tier::ALL.iter().position(|known| known.as_str() == tier).unwrap_or(Tier::ALL.len())
}

fn tiers(lens: &Lens) -> Vec<NowTier> {
    let of = |tier: &Tier| {
        let seen: Vec<&CommonsSeen> = lens.commons.iter().filter(|seen| seen.row.tier == tier.as_str()).collect();
        NowTier {
            tier: tier.as_str().to_owned(),
            median_behind: median(seen.iter().filter_map(|seen| seen.row.behind)),
            tiles: seen.iter().map(|seen| tile(&seen.row)).collect(),
        }
    };
    Tier::ALL.iter().map(of).filter(|tier| !tier.tiles.is_empty()).collect()
}

fn tile(row: &CommonsRow) -> Tile {
    let counts = &row.findings;
    let worst = [
        ("critical", counts.critical),
        ("high", counts.high),
        ("medium", counts.medium),
        ("low", counts.low),
        ("info", counts.info),
    ];
    Tile {
        id: row.id,
        name: row.name.clone(),
        state: row.state.clone(),
        release: row.release.clone(),
        behind: row.behind,
        worst_finding: worst.into_iter().find(|(_, count)| *count > 0).map(|(name, _)| name.to_owned()),
    }
}

fn median(values: impl Iterator<Item = u32>) -> Option<u32> {
    let mut values: Vec<u32> = values.collect();
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}

/// The changes of the last day; in a quiet fleet, of the day that ended with the newest landing.
fn last_day(recent: &[&ChangeRow], now: Timestamp) -> (Vec<ChangeRow>, u32) {
    let day = SignedDuration::from_hours(HOURS);
    let Some(newest) = recent.first().map(|change| change.time) else { return (Vec::new(), 0) };
    let end = if newest >= now - day { now } else { newest };
    let within: Vec<&&ChangeRow> = recent.iter().filter(|change| change.time >= end - day).collect();
    let total = u32::try_from(within.len()).unwrap_or(u32::MAX);
    (within.into_iter().take(CHANGES).map(|change| (*change).clone()).collect(), total)
}
