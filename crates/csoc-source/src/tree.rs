//! The files of one commit.
//!
//! Story: reading a year of history means listing 570 trees of which each differs from the one before in
//! two or three folders. A folder's listing is kept by its tree id and place, so that a commit costs only
//! the folders it changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use csoc_gen3::tree::{BlobId, Entry, EntryKind, ReadError, Tree};
use gix::objs::tree::EntryKind as Mode;

use crate::error::SourceError;
use crate::ids::{CommitId, bytes_of};
use crate::repository::Repository;

/// A folder nested deeper than this is not listed: no fleet has one, and a hostile tree must not exhaust
/// the stack.
pub(crate) const MAX_DEPTH: usize = 64;
/// A handful of tiny trees that contain each other can stand for billions of files.
pub(crate) const MAX_FILES: usize = 500_000;
/// Entries kept in the cache before it is emptied.
const CACHED_ENTRIES: usize = 400_000;

/// The files of one commit. Listing is done when it is made; blobs are read when asked for.
#[derive(Clone)]
pub struct CommitTree {
    repository: Repository,
    commit: CommitId,
    entries: Arc<[Entry]>,
    missing: Arc<[Arc<str>]>,
}

impl CommitTree {
    pub fn commit(&self) -> CommitId {
        self.commit
    }

    /// Folders whose listing is not in this clone (or nested too deeply): their files are not known.
    pub fn missing_folders(&self) -> &[Arc<str>] {
        &self.missing
    }

    /// The same files seen from a folder, as when a chart lives in `helm/gen3`. `""` is everything.
    pub fn subtree(&self, folder: &str) -> Subtree {
        Subtree::new(self, folder)
    }
}

impl Tree for CommitTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, id: BlobId) -> Result<Arc<[u8]>, ReadError> {
        self.repository.read(id)
    }
}

/// A folder of a commit as a tree of its own.
#[derive(Clone)]
pub struct Subtree {
    repository: Repository,
    entries: Arc<[Entry]>,
}

impl Subtree {
    fn new(tree: &CommitTree, folder: &str) -> Self {
        let folder = folder.trim_matches('/');
        let entries = match folder {
            "" | "." => Arc::clone(&tree.entries),
            _ => tree
                .under(folder)
                .iter()
                .map(|entry| Entry { path: entry.path[folder.len() + 1..].into(), ..entry.clone() })
                .collect(),
        };
        Self { repository: tree.repository.clone(), entries }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Tree for Subtree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, id: BlobId) -> Result<Arc<[u8]>, ReadError> {
        self.repository.read(id)
    }
}

impl Repository {
    /// The files of a commit.
    pub fn tree(&self, commit: CommitId) -> Result<CommitTree, SourceError> {
        let listing = self.with(|git| {
            let root = self.root_of(git, commit)?;
            let mut walk = Walk { git, cache: self.listings(), files: 0 };
            walk.list(root, "", 0)?.ok_or(SourceError::TooManyFiles { commit, limit: MAX_FILES })
        })?;
        Ok(CommitTree {
            repository: self.clone(),
            commit,
            entries: listing.entries.as_slice().into(),
            missing: listing.missing.as_slice().into(),
        })
    }

    /// Is there a file or folder of this path in the commit? Reads only the folders on the way.
    pub fn has(&self, commit: CommitId, path: &str) -> bool {
        self.with(|git| {
            let tree = self.root_of(git, commit).ok().and_then(|root| git.find_tree(root).ok());
            tree.is_some_and(|tree| tree.lookup_entry_by_path(path).is_ok_and(|found| found.is_some()))
        })
    }

    pub(crate) fn root_of(&self, git: &gix::Repository, commit: CommitId) -> Result<gix::ObjectId, SourceError> {
        let object = git.try_find_object(commit.object()).map_err(|e| SourceError::git("reading a commit", &e))?;
        let object = object.ok_or(SourceError::ObjectMissing { id: commit })?;
        let commit = object
            .try_into_commit()
            .map_err(|error| SourceError::Git { step: "reading a commit", detail: error.to_string() })?;
        let root = commit.tree_id().map_err(|error| SourceError::git("reading a commit", &error))?.detach();
        if git.has_object(root) { Ok(root) } else { Err(SourceError::ObjectMissing { id: CommitId::of(&root) }) }
    }
}

/// Every file below one folder, with full paths.
#[derive(Default)]
pub(crate) struct Listing {
    pub(crate) entries: Vec<Entry>,
    missing: Vec<Arc<str>>,
}

impl Listing {
    pub(crate) fn missing(&self) -> &[Arc<str>] {
        &self.missing
    }
}

#[derive(Default)]
pub(crate) struct ListingCache(Mutex<Cached>);

#[derive(Default)]
struct Cached {
    /// By tree id, then by the folder's path: one tree can stand in two places.
    listings: HashMap<gix::ObjectId, HashMap<Box<str>, Arc<Listing>>>,
    entries: usize,
}

impl ListingCache {
    fn get(&self, id: &gix::ObjectId, folder: &str) -> Option<Arc<Listing>> {
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.listings.get(id)?.get(folder).cloned()
    }

    fn put(&self, id: gix::ObjectId, folder: &str, listing: &Arc<Listing>) {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.entries > CACHED_ENTRIES {
            *cached = Cached::default();
        }
        cached.entries += listing.entries.len() + 1;
        cached.listings.entry(id).or_default().insert(folder.into(), Arc::clone(listing));
    }
}

pub(crate) struct Walk<'a> {
    pub(crate) git: &'a gix::Repository,
    pub(crate) cache: &'a ListingCache,
    pub(crate) files: usize,
}

impl Walk<'_> {
    /// `None` when there are too many files.
    pub(crate) fn list(
        &mut self,
        id: gix::ObjectId,
        folder: &str,
        depth: usize,
    ) -> Result<Option<Arc<Listing>>, SourceError> {
        if let Some(known) = self.cache.get(&id, folder) {
            self.files += known.entries.len();
            return Ok((self.files <= MAX_FILES).then_some(known));
        }
        let mut listing = Listing::default();
        let tree = if depth <= MAX_DEPTH { read_tree(self.git, id)? } else { None };
        let Some(tree) = tree else {
            listing.missing.push(folder.into());
            return Ok(Some(Arc::new(listing)));
        };
        for entry in tree {
            let path = if folder.is_empty() { entry.name } else { format!("{folder}/{}", entry.name) };
            if entry.mode == Mode::Tree {
                let Some(below) = self.list(entry.id, &path, depth + 1)? else { return Ok(None) };
                listing.entries.extend_from_slice(&below.entries);
                listing.missing.extend_from_slice(&below.missing);
            } else {
                self.files += 1;
                listing.entries.push(file(entry.mode, entry.id, path));
            }
            if self.files > MAX_FILES {
                return Ok(None);
            }
        }
        let listing = Arc::new(listing);
        // The root differs in every commit and is in the caller's hands already.
        if depth > 0 && listing.missing.is_empty() {
            self.cache.put(id, folder, &listing);
        }
        Ok(Some(listing))
    }
}

pub(crate) fn file(mode: Mode, id: gix::ObjectId, path: String) -> Entry {
    let kind = match mode {
        Mode::Link => EntryKind::Symlink,
        Mode::Commit => EntryKind::Submodule,
        Mode::Tree | Mode::Blob | Mode::BlobExecutable => EntryKind::File,
    };
    Entry { path: path.into(), kind, id: BlobId(bytes_of(&id)) }
}

/// One row of one tree object.
pub(crate) struct Row {
    pub(crate) mode: Mode,
    pub(crate) id: gix::ObjectId,
    /// Not UTF-8 is lossy.
    pub(crate) name: String,
}

/// A tree object's rows in Git's order (folders sort as if their name ended in `/`, which makes the whole
/// listing sorted bytewise). `None` when the object is not in this clone.
pub(crate) fn read_tree(git: &gix::Repository, id: gix::ObjectId) -> Result<Option<Vec<Row>>, SourceError> {
    const STEP: &str = "reading a tree";
    let Some(object) = git.try_find_object(id).map_err(|error| SourceError::git(STEP, &error))? else {
        return Ok(None);
    };
    let tree = object.try_into_tree().map_err(|e| SourceError::Corrupt { step: STEP, detail: e.to_string() })?;
    let mut rows = Vec::new();
    for entry in tree.iter() {
        let entry = entry.map_err(|error| SourceError::git(STEP, &error))?;
        let (mode, id) = (entry.mode().kind(), entry.object_id());
        rows.push(Row { mode, id, name: entry.filename().to_string() });
    }
    Ok(Some(rows))
}
