//! Releases, the matrix, one cell's story, rollouts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use csoc_api::commons::CommonsRef;
use csoc_api::page::Page;
use csoc_api::releases::{
    CoursePoint, Matrix, ReleaseEvidence, ReleaseList, ReleaseRow, RolloutDetail, RolloutRow, RolloutStep, TagHistory,
    TagStep,
};
use csoc_core::access::Visible;
use csoc_core::commons::Tier;
use csoc_core::{CommonsId, LandingId, SourceId};
use csoc_gen3::changes::{ChangeKind, Landing};
use csoc_gen3::rollouts::{Rollout, RolloutKind};
use csoc_store::{LandingFilter, PageRequest};

use super::{Fault, fleet};
use crate::app::App;
use crate::fleet_view::matrix::{narrowed, tag_of};
use crate::fleet_view::{FleetView, Lens, SourceFleet};

/// Steps of a cell's story.
const STEPS: u32 = 200;

pub fn list(view: &FleetView, lens: &Lens) -> ReleaseList {
    let believed = lens.releases.iter().filter(|entry| entry.standing != "doubtful");
    let mut rows: Vec<ReleaseRow> = believed.map(|entry| row(view, lens, entry)).collect();
    fleet::newest_first(&mut rows, |row| row.release.clone());
    let newest = lens.newest().map(|newest| newest.to_string());
    let why = rows.iter().find(|row| Some(&row.release) == newest.as_ref()).map(why_newest);
    ReleaseList { newest, newest_why: why, releases: rows }
}

/// Which of the sources that the reader may see say so.
fn evidence(view: &FleetView, lens: &Lens, release: &str) -> Vec<ReleaseEvidence> {
    let mut found = Vec::new();
    for fleet in lens.fleets.values() {
        let Some(entry) = fleet.releases.iter().find(|entry| entry.release == release) else { continue };
        let name = view.sources.get(&fleet.source).map(|source| source.name.clone()).unwrap_or_default();
        let named = [("fleet", &entry.deployed), ("notes", &entry.notes), ("tags", &entry.tagged)];
        found.extend(named.into_iter().filter_map(|(kind, seen)| seen.as_ref().map(|seen| (kind, seen))).map(
            |(kind, seen)| ReleaseEvidence {
                kind: kind.to_owned(),
                source: fleet.source.0,
                source_name: name.clone(),
                place: seen.place.clone(),
                since: seen.since,
            },
        ));
    }
    found.sort_by_key(|evidence| (evidence.since.is_none(), evidence.since));
    found
}

fn row(view: &FleetView, lens: &Lens, entry: &crate::fleet_view::entry::ReleaseEntry) -> ReleaseRow {
    let named = [("fleet", &entry.deployed), ("notes", &entry.notes), ("tags", &entry.tagged)];
    let since = [&entry.notes, &entry.deployed].into_iter().flatten().filter_map(|seen| seen.since).min();
    let on = lens.commons.iter().filter(|seen| seen.row.release.as_ref() == Some(&entry.release));
    ReleaseRow {
        release: entry.release.clone(),
        name: entry.name.clone(),
        evidence: evidence(view, lens, &entry.release),
        state: entry.standing.clone(),
        sources: named.iter().filter(|(_, seen)| seen.is_some()).map(|(name, _)| (*name).to_owned()).collect(),
        since: since.or_else(|| entry.tagged.as_ref().and_then(|seen| seen.since)),
        commons: u32::try_from(on.count()).unwrap_or(u32::MAX),
        first: None,
        first_at: entry.deployed.as_ref().and_then(|seen| seen.since),
    }
}

fn why_newest(row: &ReleaseRow) -> String {
    let mut parts = Vec::new();
    if row.sources.iter().any(|source| source == "fleet") {
        let since = row.first_at.map(|at| format!(" since {}", at.strftime("%Y-%m-%d"))).unwrap_or_default();
        parts.push(match row.commons {
            0 => format!("services of this fleet run it{since}, though most of every commons is older"),
            1 => format!("one commons of this fleet is on it{since}"),
            some => format!("{some} commons of this fleet are on it{since}"),
        });
    }
    if let Some(notes) = row.evidence.iter().find(|evidence| evidence.kind == "notes") {
        let since = notes.since.map(|at| format!(" since {}", at.strftime("%Y-%m-%d"))).unwrap_or_default();
        parts.push(format!("its release notes are out in {}{since}", notes.source_name));
    }
    format!("{} is the newest because {}", row.release, parts.join(" and "))
}

/// The whole matrix is kept as bytes: it is large, and asked again and again.
pub async fn matrix(app: &App, visible: &Visible, filter: Option<&str>, at: Option<&str>) -> Result<Bytes, Fault> {
    let parsed = fleet::filter(filter, fleet::COMMONS_WORDS)?;
    let lens = fleet::lens(app, visible, at).await?;
    let whole = parsed.is_empty();
    if whole && let Some(bytes) = lens.body("matrix") {
        return Ok(bytes);
    }
    let matrix: Arc<Matrix> = match whole {
        true => lens.matrix(),
        false => Arc::new(narrowed(&lens.matrix(), |id| {
            lens.commons(id).is_some_and(|seen| fleet::commons_pass(&lens, seen, &parsed))
        })),
    };
    let bytes =
        Bytes::from(serde_json::to_vec(&*matrix).map_err(|error| Fault::inner("writing the matrix")(error.into()))?);
    if whole {
        lens.keep_body("matrix", bytes.clone());
    }
    Ok(bytes)
}

pub async fn history(app: &App, visible: &Visible, id: CommonsId, service: &str) -> Result<TagHistory, Fault> {
    let lens = app.fleet.view().lens(visible);
    let seen = lens.commons(id).ok_or(Fault::NotFound { what: "commons" })?;
    let now = tag_of(seen.entry(), service).cloned();
    let filter = LandingFilter {
        words: vec![("commons".to_owned(), vec![id.to_string()]), ("service".to_owned(), vec![service.to_owned()])],
        ..LandingFilter::default()
    };
    let page = app.store.landing_page(visible, &filter, &PageRequest::first(STEPS)).await?;
    let mut steps = Vec::new();
    for landing in page.items {
        let Some((landing, bytes)) = app.store.landing_fetch(visible, landing.id).await? else { continue };
        let Ok(whole) = serde_json::from_slice::<Landing>(&bytes) else { continue };
        steps.extend(step(&whole, landing.id, &seen.fleet, id, service));
    }
    let same_tag = lens
        .commons
        .iter()
        .filter(|other| other.row.id != id.0 && now.is_some() && tag_of(other.entry(), service) == now.as_ref())
        .map(|other| crate::fleet_view::lens::reference(&other.row))
        .collect();
    Ok(TagHistory {
        commons: crate::fleet_view::lens::reference(&seen.row),
        service: service.to_owned(),
        steps,
        same_tag,
    })
}

/// What a landing did to the service's tag in the commons, if anything.
fn step(landing: &Landing, id: LandingId, fleet: &SourceFleet, commons: CommonsId, service: &str) -> Option<TagStep> {
    let concerns = |item: &&csoc_gen3::changes::ChangeItem| {
        item.service.as_deref() == Some(service)
            && item.commons.as_deref().and_then(|folder| fleet.folders.get(folder)) == Some(&commons)
            && matches!(item.kind, ChangeKind::Version | ChangeKind::ServiceOn | ChangeKind::ServiceOff)
    };
    let item = landing.items.iter().find(concerns)?;
    let tag = match item.kind {
        ChangeKind::ServiceOff => None,
        _ => item.after.as_ref().and_then(|after| after.as_str()).map(ToOwned::to_owned),
    };
    Some(TagStep {
        at: landing.time,
        tag,
        change: Some(id.0),
        commit: landing.commit.to_string(),
        author: landing.author.to_string(),
        title: landing.title.to_string(),
        pull_request: landing.pull_request,
    })
}

/// `<source>.<kind>.<name>.<first>`: stable while the rollout begins with the same landing.
fn rollout_id(source: SourceId, rollout: &Rollout) -> String {
    let kind = match rollout.kind {
        RolloutKind::Release => "release",
        RolloutKind::Service => "service",
    };
    format!("{source}.{kind}.{}.{}", rollout.name.replace(' ', "_"), rollout.first.as_second())
}

pub fn rollouts(lens: &Lens, limit: Option<u32>, cursor: Option<&str>) -> Result<Page<RolloutRow>, Fault> {
    let mut rows: Vec<RolloutRow> = lens
        .fleets
        .values()
        .flat_map(|fleet| fleet.rollouts.iter().map(|rollout| rollout_row(lens, fleet, rollout)))
        .collect();
    rows.sort_by(|a, b| (b.first_at, &a.id).cmp(&(a.first_at, &b.id)));
    crate::http::page(rows, |row| row.id.clone(), limit, cursor)
}

fn find<'l>(lens: &'l Lens, id: &str) -> Option<(&'l Arc<SourceFleet>, &'l Rollout)> {
    let all = lens.fleets.values().flat_map(|fleet| fleet.rollouts.iter().map(move |rollout| (fleet, rollout)));
    all.into_iter().find(|(fleet, rollout)| rollout_id(fleet.source, rollout) == id)
}

fn commons_ref(lens: &Lens, fleet: &SourceFleet, folder: &str) -> CommonsRef {
    let id = fleet.folders.get(folder).copied();
    id.and_then(|id| lens.commons_ref(id)).unwrap_or_else(|| CommonsRef {
        id: id.map(|id| id.0).unwrap_or_default(),
        name: folder.rsplit('/').next().unwrap_or(folder).to_owned(),
        tier: String::new(),
    })
}

fn rollout_row(lens: &Lens, fleet: &SourceFleet, rollout: &Rollout) -> RolloutRow {
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    let mut missing: Vec<CommonsRef> =
        rollout.missing.iter().map(|one| commons_ref(lens, fleet, &one.commons)).collect();
    missing.sort_by_key(|one| (Tier::ALL.iter().position(|tier| tier.as_str() == one.tier), one.name.clone()));
    let landings: std::collections::BTreeSet<&str> = rollout.steps.iter().map(|step| &*step.commit).collect();
    RolloutRow {
        id: rollout_id(fleet.source, rollout),
        kind: if rollout.kind == RolloutKind::Release { "release" } else { "service" }.to_owned(),
        service: (rollout.kind == RolloutKind::Service)
            .then(|| rollout.services.first().map(ToString::to_string))
            .flatten(),
        tag: rollout.tag.to_string(),
        commons: count(rollout.steps.len()),
        of: count(rollout.steps.len() + rollout.missing.len()),
        first_at: rollout.first,
        half_at: Some(rollout.half),
        last_at: rollout.last,
        done: missing.is_empty(),
        missing,
        people: Vec::new(),
        landings: count(landings.len()),
        course: course(rollout),
    }
}

fn course(rollout: &Rollout) -> Vec<CoursePoint> {
    let mut points: BTreeMap<jiff::Timestamp, u32> = BTreeMap::new();
    for (at, step) in rollout.steps.iter().enumerate() {
        points.insert(step.time, u32::try_from(at + 1).unwrap_or(u32::MAX));
    }
    points.into_iter().map(|(at, commons)| CoursePoint { at, commons }).collect()
}

pub async fn rollout(app: &App, visible: &Visible, id: &str) -> Result<RolloutDetail, Fault> {
    let lens = app.fleet.view().lens(visible);
    let (fleet, rollout) = find(&lens, id).ok_or(Fault::NotFound { what: "rollout" })?;
    let mut steps = Vec::new();
    let mut people = std::collections::BTreeSet::new();
    let mut known: BTreeMap<String, csoc_store::Landing> = BTreeMap::new();
    for step in &rollout.steps {
        if !known.contains_key(&*step.commit)
            && let Some(landing) = app.store.landing_fetch_by_commit(visible, fleet.source, &step.commit).await?
        {
            known.insert(step.commit.to_string(), landing);
        }
        let Some(landing) = known.get(&*step.commit) else { continue };
        people.insert(landing.author.clone());
        steps.push(RolloutStep {
            commons: commons_ref(&lens, fleet, &step.commons),
            at: step.time,
            change: landing.id.0,
            commit: step.commit.to_string(),
            author: landing.author.clone(),
            pull_request: landing.pull_request.and_then(|number| u64::try_from(number).ok()),
            before: step.from.as_deref().map(ToOwned::to_owned),
        });
    }
    let mut row = rollout_row(&lens, fleet, rollout);
    row.people = people.into_iter().collect();
    Ok(RolloutDetail { rollout: row, steps })
}
