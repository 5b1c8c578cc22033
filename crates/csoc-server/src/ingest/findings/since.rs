//! Since when a finding's line is there, and who wrote it.

use std::sync::Arc;

use csoc_core::FindingId;
use csoc_core::finding::Place;
use csoc_gen3::tree::Tree;
use csoc_source::{CommitId, Line, Origin, Repository};
use csoc_store::{Since, Source};

use super::blocking;
use crate::app::App;
use crate::service::Fault;

/// An open finding, and what is known of its line.
pub(super) struct Open {
    id: FindingId,
    line: Line,
    /// Where it stood when that was found out.
    before: Option<(Line, Since)>,
}

impl Open {
    pub fn new(id: FindingId, place: &Place, known: Option<&csoc_store::Finding>) -> Self {
        let line = Line { path: place.path.clone(), line: place.line };
        let before = known.and_then(|known| {
            let found = &known.found;
            Some((Line { path: Arc::from(found.path.as_str()), line: found.line }, known.since.clone()?))
        });
        Self { id, line, before }
    }
}

/// Finds out what is not known for the files as they are now, and writes it down. From the commit that was judged
/// last on, what was known then holds: a new landing costs what it touched.
pub(super) async fn look_up(
    app: &App,
    source: &Source,
    repository: &Repository,
    head: &csoc_source::Landing,
    open: Vec<Open>,
) -> Result<(), Fault> {
    let judged = app.fleet.view().fleets.get(&source.id).and_then(|fleet| fleet.commit.parse::<CommitId>().ok());
    let (repository, tip) = (repository.clone(), head.id);
    let found =
        blocking(move || found_out(&repository, tip, judged, open).map_err(|error| Fault::Outside(error.to_string())))
            .await?;
    if found.is_empty() {
        return Ok(());
    }
    let mut write = app.store.write().await?;
    for (id, since) in &found {
        write.finding_set_since(*id, since).await?;
    }
    write.commit().await?;
    Ok(())
}

fn found_out(
    repository: &Repository,
    tip: CommitId,
    judged: Option<CommitId>,
    open: Vec<Open>,
) -> Result<Vec<(FindingId, Since)>, csoc_source::SourceError> {
    let tree = repository.tree(tip)?;
    let mut asked: Vec<(Open, String)> = Vec::new();
    for one in open {
        let Some(entry) = tree.find(&one.line.path) else { continue };
        let blob: String = entry.id.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let current = one.before.as_ref().is_some_and(|(line, since)| *line == one.line && since.blob == blob);
        if !current {
            asked.push((one, blob));
        }
    }
    // Where it is not known of all, the walk has to go on for the others.
    let until = judged.filter(|_| asked.iter().all(|(one, _)| one.before.is_some()));
    let lines: Vec<Line> = asked.iter().map(|(one, _)| one.line.clone()).collect();
    let mut origins = repository.origins(tip, until, &lines)?;
    let odd: Vec<usize> = (0..asked.len())
        .filter(|at| matches!(&origins[*at], Origin::Before(line) if asked[*at].0.before.as_ref().is_none_or(|(was, _)| was != line)))
        .collect();
    if !odd.is_empty() {
        let again = repository.origins(tip, None, &odd.iter().map(|at| lines[*at].clone()).collect::<Vec<_>>())?;
        odd.iter().zip(again).for_each(|(at, origin)| origins[*at] = origin);
    }
    let mut found = Vec::new();
    for ((one, blob), origin) in asked.into_iter().zip(origins) {
        let since = match (origin, one.before) {
            (Origin::Written { landing, at }, _) => written(repository, landing, &at)?,
            (Origin::Before(_), Some((_, since))) => since,
            (Origin::Before(_) | Origin::Unknown, _) => continue,
        };
        found.push((one.id, Since { blob, ..since }));
    }
    Ok(found)
}

/// When it landed, and who wrote it: with a merge, somebody else than who merged.
fn written(repository: &Repository, id: CommitId, at: &Line) -> Result<Since, csoc_source::SourceError> {
    let landed = repository.landing(id)?.committer.time;
    let by = repository.writer(id, at)?.author.name;
    Ok(Since { at: landed, commit: id.to_string(), by, blob: String::new() })
}
