//! The fleet read from files: a work tree, a bare repository, a bundle, or a plain folder.
//!
//! Story: `--path .` in a checkout reads the files as they stand, saved and not committed; with `--at` it
//! reads that commit. A clone whose files were never checked out is read at its newest commit.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use csoc_gen3::fleet::{self, Cache, FleetReading, ReadContext};
use csoc_gen3::releases::Book;
use csoc_gen3::tree::Tree;
use csoc_source::{CommitId, OpenOptions, Repository, SourceError, WorkTree};
use jiff::Timestamp;

use crate::cache::CacheArgs;
use crate::failure::Failure;
use crate::time;

/// How many landings are looked at to learn which releases there were.
const SAMPLED_LANDINGS: usize = 48;

/// A path opened for reading.
pub struct Files {
    repository: Option<Repository>,
    path: PathBuf,
    cache: Cache,
}

/// The fleet at one moment.
#[derive(Clone)]
pub struct Snapshot {
    pub reading: Arc<FleetReading>,
    pub tree: Arc<dyn Tree>,
    /// `None` for files on disk.
    pub commit: Option<CommitId>,
    pub time: Option<Timestamp>,
}

impl Files {
    pub fn open(path: &Path, cache: &CacheArgs) -> Result<Self, Failure> {
        let repository = match cache.open(path) {
            Ok(repository) => Some(repository),
            Err(SourceError::NotARepository { .. }) if path.is_dir() => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self { repository, path: path.to_owned(), cache: Cache::default() })
    }

    pub fn repository(&self) -> Result<&Repository, Failure> {
        self.repository.as_ref().ok_or_else(|| {
            Failure::new(format!("{} has no history: it is a plain folder, not a Git repository", self.path.display()))
        })
    }

    /// The fleet now, or as of `at`.
    pub fn snapshot(&mut self, at: Option<&str>) -> Result<Snapshot, Failure> {
        if at.is_none()
            && let Some(tree) = self.on_disk()?
        {
            return Ok(self.read(Arc::new(tree), None, None));
        }
        let repository = self.repository()?.clone();
        let commit = match at {
            Some(at) => resolve(&repository, at)?,
            None => repository.head()?,
        };
        let time = repository.landing(commit)?.committer.time;
        Ok(self.read(Arc::new(repository.tree(commit)?), Some(commit), Some(time)))
    }

    fn read(&mut self, tree: Arc<dyn Tree>, commit: Option<CommitId>, time: Option<Timestamp>) -> Snapshot {
        let reading = Arc::new(fleet::read(&*tree, &ReadContext::default(), &mut self.cache));
        if reading.layouts.is_empty() && reading.commons.is_empty() {
            eprintln!("csoc: no commons are declared in {}: none of the known layouts was found", self.path.display());
        }
        Snapshot { reading, tree, commit, time }
    }

    /// The checked-out files, when there are any.
    fn on_disk(&self) -> Result<Option<WorkTree>, Failure> {
        let limit = OpenOptions::default().blob_limit;
        let tree = match &self.repository {
            None => WorkTree::open(&self.path, limit)?,
            Some(repository) if repository.work_dir().is_some() => WorkTree::of(repository, limit)?,
            Some(_) => return Ok(None),
        };
        let nothing_there = tree.entries().is_empty() && self.repository.is_some();
        Ok((!nothing_there).then_some(tree))
    }

    /// The releases that the fleet has seen until the snapshot: a sample of its landings tells those that
    /// nobody runs any more.
    pub fn book(&mut self, snapshot: &Snapshot) -> Result<Book, Failure> {
        let mut book = Book::default();
        book.read_notes(&*snapshot.tree, snapshot.time);
        if let Some(repository) = self.repository.clone() {
            let tip = snapshot.commit.map_or_else(|| repository.head(), Ok)?;
            let landings = repository.history(tip, None)?.landings;
            let step = landings.len().div_ceil(SAMPLED_LANDINGS).max(1);
            for landing in landings.iter().step_by(step) {
                // A commit whose files are not in this clone tells nothing, and nothing needs it.
                if let Ok(tree) = repository.tree(landing.id) {
                    let reading = fleet::read(&tree, &ReadContext::default(), &mut self.cache);
                    book.deployed(&reading, Some(landing.committer.time));
                }
            }
        }
        book.deployed(&snapshot.reading, snapshot.time);
        Ok(book)
    }
}

/// A revision, or the newest landing at or before a time.
pub fn resolve(repository: &Repository, at: &str) -> Result<CommitId, Failure> {
    match (repository.resolve(at), time::parse(at, Timestamp::now())) {
        (Ok(commit), _) => Ok(commit),
        (Err(_), Some(time)) => Ok(repository.resolve_at(repository.head()?, time)?),
        (Err(error), None) => Err(error.into()),
    }
}
