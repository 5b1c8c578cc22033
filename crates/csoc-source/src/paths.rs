//! Which files differ between two commits.
//!
//! Story: landing 412 bumps one tag; its tree differs from its parent's in one file three folders down.
//! Folders with the same id are skipped, so this reads six trees, whatever the size of the fleet. A moved
//! file is a deletion and an addition: whether that is a move of a commons is decided by what is in it.

use std::cmp::Ordering;
use std::sync::Arc;

use csoc_gen3::tree::{BlobId, Entry, EntryKind};
use gix::objs::tree::EntryKind as Mode;

use crate::error::SourceError;
use crate::ids::{CommitId, bytes_of};
use crate::repository::Repository;
use crate::tree::{MAX_DEPTH, MAX_FILES, Row, Walk, read_tree};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    Added,
    Modified,
    Deleted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPath {
    pub path: Arc<str>,
    pub kind: ChangeKind,
    /// What stood there before; `None` when added.
    pub old: Option<(EntryKind, BlobId)>,
    /// What stands there now; `None` when deleted.
    pub new: Option<(EntryKind, BlobId)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathChanges {
    /// Sorted by path.
    pub changed: Vec<ChangedPath>,
    /// Folders that differ, where one side is not in this clone.
    pub unknown: Vec<Arc<str>>,
}

impl Repository {
    /// What turns `before` into `after`; without `before`, everything is added.
    pub fn changed_paths(&self, before: Option<CommitId>, after: CommitId) -> Result<PathChanges, SourceError> {
        self.with(|git| {
            let old = before.map(|commit| self.root_of(git, commit)).transpose()?;
            let new = Some(self.root_of(git, after)?);
            let mut diff = Diff { repository: self, git, after, found: PathChanges::default() };
            diff.folders(old, new, "", 0)?;
            diff.found.changed.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
            Ok(diff.found)
        })
    }
}

struct Diff<'a> {
    repository: &'a Repository,
    git: &'a gix::Repository,
    after: CommitId,
    found: PathChanges,
}

impl Diff<'_> {
    fn folders(
        &mut self,
        old: Option<gix::ObjectId>,
        new: Option<gix::ObjectId>,
        folder: &str,
        depth: usize,
    ) -> Result<(), SourceError> {
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) if old == new => return Ok(()),
            (Some(old), Some(new)) => (old, new),
            (Some(old), None) => return self.whole(old, folder, depth, ChangeKind::Deleted),
            (None, Some(new)) => return self.whole(new, folder, depth, ChangeKind::Added),
            (None, None) => return Ok(()),
        };
        // The same bound as for listing: see `tree.rs`.
        let shallow = depth <= MAX_DEPTH;
        let before = if shallow { read_tree(self.git, old)? } else { None };
        let after = if shallow { read_tree(self.git, new)? } else { None };
        let (Some(before), Some(after)) = (before, after) else {
            self.found.unknown.push(folder.into());
            return Ok(());
        };
        let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
        loop {
            let order = match (before.peek(), after.peek()) {
                (Some(old), Some(new)) => in_git_order(old, new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return Ok(()),
            };
            let old = if order.is_le() { before.next() } else { None };
            let new = if order.is_ge() { after.next() } else { None };
            self.rows(old, new, folder, depth)?;
        }
    }

    /// Two rows of one name, or one alone. A file and a folder of one name sort apart, so they never meet.
    fn rows(&mut self, old: Option<Row>, new: Option<Row>, folder: &str, depth: usize) -> Result<(), SourceError> {
        let Some(either) = old.as_ref().or(new.as_ref()) else { return Ok(()) };
        let path = if folder.is_empty() { either.name.clone() } else { format!("{folder}/{}", either.name) };
        if either.mode == Mode::Tree {
            return self.folders(old.map(|row| row.id), new.map(|row| row.id), &path, depth + 1);
        }
        let (old, new) = (old.map(|row| side(&row)), new.map(|row| side(&row)));
        if old != new {
            self.push(path.into(), old, new);
        }
        Ok(())
    }

    fn whole(&mut self, id: gix::ObjectId, folder: &str, depth: usize, kind: ChangeKind) -> Result<(), SourceError> {
        let mut walk = Walk { git: self.git, cache: self.repository.listings(), files: 0 };
        let listing = walk.list(id, folder, depth)?;
        let listing = listing.ok_or(SourceError::TooManyFiles { commit: self.after, limit: MAX_FILES })?;
        for Entry { path, kind: what, id } in &listing.entries {
            let side = Some((*what, *id));
            let (old, new) = if kind == ChangeKind::Added { (None, side) } else { (side, None) };
            self.push(Arc::clone(path), old, new);
        }
        self.found.unknown.extend_from_slice(listing.missing());
        Ok(())
    }

    fn push(&mut self, path: Arc<str>, old: Option<(EntryKind, BlobId)>, new: Option<(EntryKind, BlobId)>) {
        let kind = match (old, new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Deleted,
            _ => ChangeKind::Modified,
        };
        self.found.changed.push(ChangedPath { path, kind, old, new });
    }
}

/// The executable bit is not a difference: nothing that is read here depends on it.
fn side(row: &Row) -> (EntryKind, BlobId) {
    let kind = match row.mode {
        Mode::Link => EntryKind::Symlink,
        Mode::Commit => EntryKind::Submodule,
        Mode::Tree | Mode::Blob | Mode::BlobExecutable => EntryKind::File,
    };
    (kind, BlobId(bytes_of(&row.id)))
}

fn in_git_order(a: &Row, b: &Row) -> Ordering {
    let key = |row: &Row| row.name.bytes().chain((row.mode == Mode::Tree).then_some(b'/')).collect::<Vec<u8>>();
    key(a).cmp(&key(b))
}
