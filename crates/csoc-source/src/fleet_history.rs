//! A branch walked landing by landing, each read as a fleet and compared with the one before.
//!
//! Story: at first start the walk goes over 570 landings and says how far it is; after a fetch it goes over
//! the two new ones. When the branch was rewritten it begins anew from the first landing.

use std::sync::Arc;

use csoc_gen3::changes::{Commit, FileChange, FileChangeKind, History};
use csoc_gen3::fleet::{self, Cache, FleetReading, ReadContext};
use csoc_gen3::redact::Redactor;

use crate::error::SourceError;
use crate::history::{Landing, Start};
use crate::ids::CommitId;
use crate::paths::ChangeKind;
use crate::repository::Repository;

/// Authors of at most so many merged commits are looked up for one landing.
const MERGED_COMMITS: usize = 200;

/// What a walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    pub start: Start,
    /// How many landings are new.
    pub new: usize,
    /// Earlier landings that are now known to be undone: indices into [`History::landings`].
    pub undone: Vec<usize>,
}

/// The landings of one branch and the fleet after the newest.
#[derive(Default)]
pub struct FleetHistory {
    pub history: History,
    cache: Cache,
    tip: Option<CommitId>,
}

impl FleetHistory {
    /// Goes on after what is stored: the landings up to `tip` (at least of the last days), oldest first.
    /// The fleet at `tip` is read again.
    pub fn resume(
        repository: &Repository,
        tip: CommitId,
        landings: Vec<csoc_gen3::changes::Landing>,
        context: &ReadContext<'_>,
    ) -> Result<Self, SourceError> {
        let mut cache = Cache::default();
        let reading = fleet::read(&repository.tree(tip)?, context, &mut cache);
        Ok(Self { history: History::resume(landings, Some(Arc::new(reading))), cache, tip: Some(tip) })
    }

    pub fn tip(&self) -> Option<CommitId> {
        self.tip
    }

    /// The fleet after the newest landing.
    pub fn fleet(&self) -> Option<&Arc<FleetReading>> {
        self.history.last()
    }

    /// Walks on to `tip`. `progress` hears how many landings are done, of how many; `false` stops the walk
    /// where it is (what was walked stays, and a later call goes on from there).
    pub fn walk(
        &mut self,
        repository: &Repository,
        tip: CommitId,
        context: &ReadContext<'_>,
        redactor: &Redactor<'_>,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Walked, SourceError> {
        let mut found = repository.history(tip, self.tip)?;
        if matches!(found.start, Start::Rewritten { .. }) {
            // What is known was built on landings that are gone.
            *self = Self { cache: std::mem::take(&mut self.cache), ..Self::default() };
            found.landings = repository.history(tip, None)?.landings;
        }
        let mut walked = Walked { start: found.start, new: 0, undone: Vec::new() };
        let total = found.landings.len();
        for landing in &found.landings {
            if !progress(walked.new, total) {
                break;
            }
            let reading = Arc::new(fleet::read(&repository.tree(landing.id)?, context, &mut self.cache));
            let files = touched(repository, self.tip.and(landing.parents.first().copied()), landing.id)?;
            let commit = commit(repository, landing)?;
            walked.undone.extend(self.history.push(commit, files, reading, redactor).undone);
            walked.new += 1;
            self.tip = Some(landing.id);
        }
        Ok(walked)
    }
}

/// The files a landing touched against its first parent; without one (the root, or a shallow clone's first
/// commit) every file.
pub fn touched(
    repository: &Repository,
    parent: Option<CommitId>,
    id: CommitId,
) -> Result<Vec<FileChange>, SourceError> {
    let changes = repository.changed_paths(parent, id)?;
    let file = |change: crate::paths::ChangedPath| FileChange {
        path: change.path,
        kind: match change.kind {
            ChangeKind::Added => FileChangeKind::Added,
            ChangeKind::Modified => FileChangeKind::Modified,
            ChangeKind::Deleted => FileChangeKind::Deleted,
        },
    };
    Ok(changes.changed.into_iter().map(file).collect())
}

/// A landing as the changes know it.
pub fn commit(repository: &Repository, landing: &Landing) -> Result<Commit, SourceError> {
    let author: Arc<str> = landing.author.name.as_str().into();
    let mut merged_authors: Vec<Arc<str>> = Vec::new();
    if landing.is_merge() {
        for merged in repository.merged_commits(landing, MERGED_COMMITS)? {
            let name: Arc<str> = merged.author.name.as_str().into();
            if name != author && !merged_authors.contains(&name) {
                merged_authors.push(name);
            }
        }
    }
    let message = match landing.body.is_empty() {
        true => landing.title.clone(),
        false => format!("{}\n\n{}", landing.title, landing.body),
    };
    Ok(Commit { id: landing.id.to_string().into(), time: landing.committer.time, author, merged_authors, message })
}
