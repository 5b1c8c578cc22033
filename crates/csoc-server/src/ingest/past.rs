//! The fleet of another time: read from the local copy, kept for a while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use csoc_core::access::Visible;
use csoc_core::{ClusterId, CommonsId, SourceId};
use csoc_gen3::argo::location::Place;
use csoc_gen3::fleet::{self, Cache, ReadContext};
use csoc_gen3::releases::Book;
use csoc_source::{CommitId, Repository};
use csoc_store::{Source, SourceKind};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::charts::{ChartSources, ChartsThen};
use super::locate::{blocking, source_repository};
use super::locked;
use super::read::outside;
use crate::app::App;
use crate::fleet_view::entry::{self, Identities};
use crate::fleet_view::view::Parts;
use crate::fleet_view::{FleetView, Lens, SourceFleet};
use crate::service::Fault;

/// Fleets of other times that are kept.
const KEPT: usize = 8;

/// A fleet's commit, and the charts as of when.
type Key = (SourceId, CommitId, When);

/// As of which time charts are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// As the fleet shows them.
    Now,
    At(Timestamp),
}

/// The least recently asked first.
#[derive(Default)]
pub(super) struct Past {
    fleets: Mutex<Vec<(Key, Arc<SourceFleet>)>>,
}

impl Past {
    pub fn forget(&self) {
        locked(&self.fleets).clear();
    }

    fn get(&self, key: &Key) -> Option<Arc<SourceFleet>> {
        let mut fleets = locked(&self.fleets);
        let at = fleets.iter().position(|(kept, _)| kept == key)?;
        let kept = fleets.remove(at);
        let fleet = kept.1.clone();
        fleets.push(kept);
        Some(fleet)
    }

    fn put(&self, key: Key, fleet: Arc<SourceFleet>) {
        let mut fleets = locked(&self.fleets);
        if fleets.len() == KEPT {
            fleets.remove(0);
        }
        fleets.push((key, fleet));
    }
}

/// A moment, as a person or a link names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Time(Timestamp),
    Commit(String),
}

impl At {
    /// `2026-05-29`, `2026-05-29T10:00:00Z`, or a commit's id or its beginning.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if let Ok(time) = text.parse::<Timestamp>() {
            return Ok(At::Time(time));
        }
        if let Ok(date) = text.parse::<Date>() {
            // The end of that day.
            let end = date.at(23, 59, 59, 0).to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
            return end.map(At::Time).map_err(|_| wrong());
        }
        let commit = (7..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if commit { Ok(At::Commit(text.to_ascii_lowercase())) } else { Err(wrong()) }
    }
}

fn wrong() -> Fault {
    Fault::invalid("at", "a date (2026-05-29), a time (2026-05-29T10:00:00Z) or a commit's id")
}

/// The charts at a moment. Those that the fleet shows are where it shows them, whatever was fetched since.
pub(crate) fn charts_at(sources: &Arc<ChartSources>, now: &SourceFleet, when: When) -> Arc<ChartsThen> {
    match when {
        When::Now => sources.pinned(&now.charts),
        When::At(time) => sources.at(time),
    }
}

/// The fleet's commit at a moment, and the time at which charts are looked at there: the moment itself, or when
/// the commit landed. A commit of a chart tells the time, too.
pub(crate) fn moment(
    repository: &Repository,
    charts: &ChartSources,
    head: &str,
    at: &At,
) -> Result<Option<(CommitId, When)>, Fault> {
    if let Some(commit) = commit_at(repository, head, at)? {
        let time = match at {
            At::Time(time) => *time,
            At::Commit(_) => repository.landing(commit).map_err(outside)?.committer.time,
        };
        // The fleet's newest landing stands for now: its charts may have moved since.
        let newest = commit.to_string() == head && matches!(at, At::Commit(_));
        return Ok(Some((commit, if newest { When::Now } else { When::At(time) })));
    }
    let At::Commit(id) = at else { return Ok(None) };
    let Some(time) = charts.time_of(id) else { return Ok(None) };
    Ok(commit_at(repository, head, &At::Time(time))?.map(|commit| (commit, When::At(time))))
}

/// The commit of a source at a moment.
pub(crate) fn commit_at(repository: &Repository, head: &str, at: &At) -> Result<Option<CommitId>, Fault> {
    let head: CommitId = head.parse().map_err(|_| Fault::Outside("the source's head is not a commit".to_owned()))?;
    match at {
        At::Time(time) => Ok(repository.resolve_at(head, *time).ok()),
        At::Commit(id) => match repository.resolve(id) {
            Ok(commit) if repository.is_ancestor(commit, head).unwrap_or(false) => Ok(Some(commit)),
            _ => Ok(None),
        },
    }
}

/// The fleet at a commit or time, as the reader may see it. Findings are those of now and left out.
pub async fn lens_at(app: &App, visible: &Visible, at: &str) -> Result<Arc<Lens>, Fault> {
    let at = At::parse(at)?;
    let view = app.fleet.view();
    let mut fleets = BTreeMap::new();
    let (mut time, mut lists) = (None, Vec::new());
    for fleet in view.visible_fleets(visible) {
        let Some(source) = app.store.source_fetch(visible, fleet.source).await? else { continue };
        if source.kind != SourceKind::Fleet {
            lists.push(fleet);
            continue;
        }
        if let Some(then) = fleet_at(app, visible, &source, fleet, &at).await? {
            time = time.max(Some(then.commit_time));
            fleets.insert(fleet.source, then);
        }
    }
    if fleets.is_empty() {
        return Err(Fault::invalid("at", "no source that you can see has a landing at or before that"));
    }
    if let Some(time) = time {
        fleets.extend(lists.into_iter().map(|list| (list.source, Arc::new(until(list, time)))));
    }
    let past = FleetView::new(Parts {
        revision: view.revision,
        taken_at: time.unwrap_or(view.taken_at),
        organizations: view.organizations.clone(),
        sources: view.sources.clone(),
        fleets,
        commons: view.commons.clone(),
        clusters: view.clusters.clone(),
        ..Parts::default()
    });
    Ok(past.lens(visible))
}

/// One source's fleet at a moment; `None` before its first landing.
async fn fleet_at(
    app: &App,
    visible: &Visible,
    source: &Source,
    now: &Arc<SourceFleet>,
    at: &At,
) -> Result<Option<Arc<SourceFleet>>, Fault> {
    let repository = source_repository(app, visible, source.id).await?;
    let sources = ChartSources::load(app, source.organization).await?;
    let (there, charts, head, wanted) = (repository.clone(), sources.clone(), now.commit.clone(), at.clone());
    let found = blocking(move || moment(&there, &charts, &head, &wanted)).await?;
    let Some((commit, when)) = found else { return Ok(None) };
    if commit.to_string() == now.commit && (when == When::Now || now.charts.is_empty()) {
        return Ok(Some(now.clone()));
    }
    let key = (source.id, commit, when);
    if let Some(kept) = app.ingest.past.get(&key) {
        return Ok(Some(kept));
    }
    let (now, place, charts) = (now.clone(), place(source), charts_at(&sources, now, when));
    let fleet = Arc::new(blocking(move || read(&repository, commit, (place, &charts), &now)).await?);
    app.ingest.past.put(key, fleet.clone());
    Ok(Some(fleet))
}

fn place(source: &Source) -> Place {
    let mut repository_urls = vec![source.location.clone()];
    repository_urls.extend(source.aliases.iter().cloned());
    Place {
        repository_urls,
        branch: Some(source.branch.clone()).filter(|branch| !branch.is_empty()),
        ..Place::default()
    }
}

/// What a list of releases said then.
fn until(list: &SourceFleet, time: Timestamp) -> SourceFleet {
    let mut list = list.clone();
    list.releases.retain(|release| {
        let seen = [&release.notes, &release.tagged].into_iter().flatten().filter_map(|seen| seen.since).min();
        seen.is_some_and(|since| since <= time)
    });
    list
}

fn read(
    repository: &Repository,
    commit: CommitId,
    (place, charts): (Place, &ChartsThen),
    now: &SourceFleet,
) -> Result<SourceFleet, Fault> {
    let tree = repository.tree(commit).map_err(outside)?;
    let landing = repository.landing(commit).map_err(outside)?;
    let reading = fleet::read(&tree, &ReadContext { place, charts: Some(charts) }, &mut Cache::default());
    let mut book = Book::default();
    book.deployed(&reading, Some(landing.committer.time));
    let commons: BTreeMap<String, CommonsId> = now.folders.clone();
    let clusters: BTreeMap<String, ClusterId> = now.clusters.iter().map(|one| (one.folder.clone(), one.id)).collect();
    let identities = Identities { commons: &commons, clusters: &clusters };
    let (mut commons, clusters) = entry::entries(&reading, &book, &identities);
    charts.describe(&reading, &mut commons);
    // Releases that were not out yet then count for nothing.
    let then = landing.committer.time;
    let known = now.releases.iter().filter(|release| {
        let seen = [&release.notes, &release.deployed].into_iter().flatten().filter_map(|seen| seen.since).min();
        seen.is_some_and(|since| since <= then)
    });
    Ok(SourceFleet {
        source: now.source,
        organization: now.organization,
        commit: commit.to_string(),
        commit_time: then,
        commit_title: landing.title,
        read_at: then,
        layouts: entry::layout_rows(&reading),
        unread: entry::unread_rows(&reading),
        commons,
        clusters,
        not_evaluated: Vec::new(),
        rollouts: Vec::new(),
        folders: now.folders.clone(),
        landings: 0,
        releases: known.cloned().collect(),
        charts: charts.positions(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_time_a_day_or_a_commit() {
        assert_eq!(At::parse("2026-05-29").unwrap(), At::Time("2026-05-29T23:59:59Z".parse().unwrap()));
        assert_eq!(At::parse("2026-05-29T10:00:00Z").unwrap(), At::Time("2026-05-29T10:00:00Z".parse().unwrap()));
        assert_eq!(At::parse("C748297").unwrap(), At::Commit("c748297".into()));
        assert!(At::parse("yesterday").is_err() && At::parse("abc").is_err());
    }
}
