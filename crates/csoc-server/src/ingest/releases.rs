//! Sources of kind `releases`: a repository that lists Gen3's monthly releases in folders.
//!
//! Story: `releases/2026/07/` is there since the second of July. No fleet needs to run 2026.07 for csoc to know
//! that it is out; and since when is asked of the history, by halves: a folder that came stays.

use std::sync::Arc;

use csoc_gen3::releases::Book;
use csoc_gen3::tree::Tree as _;
use csoc_source::{CommitId, Repository};
use csoc_store::Source;
use jiff::Timestamp;

use super::locate::blocking;
use super::read::{Round, outside};
use super::{Slot, publish};
use crate::app::App;
use crate::fleet_view::SourceFleet;
use crate::fleet_view::entry::{self, ReleaseEntry};
use crate::service::Fault;

pub(super) async fn read(
    app: &App,
    source: &Source,
    slot: &Arc<Slot>,
    repository: Repository,
    head: &csoc_source::Landing,
) -> Result<Round, Fault> {
    let before = app.fleet.view().fleets.get(&source.id).cloned();
    if before.as_ref().is_some_and(|before| before.commit == head.id.to_string()) {
        return Ok(Round::default());
    }
    let tip = head.id;
    let known = before.map(|before| before.releases.clone()).unwrap_or_default();
    let releases = blocking(move || {
        let tree = repository.tree(tip).map_err(outside)?;
        if tree.under("releases").is_empty() {
            return Err(Fault::Outside("it has no folder releases/ with a folder for each year and month".to_owned()));
        }
        let mut book = Book::default();
        book.read_notes(&tree, None);
        let mut releases = entry::release_entries(&book);
        dated(&mut releases, &known, &repository, tip)?;
        Ok(releases)
    })
    .await?;
    let fleet = SourceFleet {
        source: source.id,
        organization: source.organization,
        commit: head.id.to_string(),
        commit_time: head.committer.time,
        commit_title: head.title.clone(),
        read_at: app.now(),
        layouts: Vec::new(),
        unread: Vec::new(),
        commons: Vec::new(),
        clusters: Vec::new(),
        not_evaluated: Vec::new(),
        rollouts: Vec::new(),
        folders: Default::default(),
        landings: 0,
        releases,
        charts: Vec::new(),
    };
    publish::keep(app, slot, fleet).await?;
    Ok(Round { landings: 0, read: true })
}

/// Since when each folder is there; what was found before is not asked again.
fn dated(
    releases: &mut [ReleaseEntry],
    known: &[ReleaseEntry],
    repository: &Repository,
    tip: CommitId,
) -> Result<(), Fault> {
    let mut line: Option<Vec<(CommitId, Timestamp)>> = None;
    for release in releases {
        let Some(notes) = &mut release.notes else { continue };
        let seen = known.iter().filter_map(|known| known.notes.as_ref()).find(|known| known.place == notes.place);
        if let Some(since) = seen.and_then(|seen| seen.since) {
            notes.since = Some(since);
            continue;
        }
        let line = match &mut line {
            Some(line) => line,
            none => none.insert(repository.line(tip).map_err(outside)?),
        };
        // Newest first: those that have the folder, then those that do not.
        let having = line.partition_point(|(commit, _)| repository.has(*commit, &notes.place));
        notes.since = having.checked_sub(1).map(|oldest| line[oldest].1);
    }
    Ok(())
}
