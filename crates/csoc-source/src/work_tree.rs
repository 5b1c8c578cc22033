//! The files on disk, committed or not: what `csoc lint .` judges before anything is pushed.
//!
//! Story: an engineer edits `values.yaml` and runs `csoc lint .`; the file's new bytes are read, although
//! no commit has them. Ids are the ones Git would give, so an unchanged file has the id it has in the commit.
//!
//! Symbolic links are listed and never followed by the disk: what a link points at is looked up in this
//! listing, where everything outside does not exist. What `.gitignore` excludes is not listed.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csoc_gen3::tree::{BlobId, Entry, EntryKind, ReadError, Tree};

use crate::error::{SourceError, causes};
use crate::ids::bytes_of;
use crate::repository::Repository;

const MAX_DEPTH: usize = 64;
const MAX_FILES: usize = 500_000;

pub struct WorkTree {
    root: PathBuf,
    entries: Vec<Entry>,
    /// Where each blob can be read again, and its size.
    places: HashMap<BlobId, (PathBuf, u64)>,
    blob_limit: u64,
    unreadable: Vec<(Arc<str>, String)>,
}

impl WorkTree {
    /// List the files below `root`, which need not be in a repository. Files over `blob_limit` bytes are
    /// listed and refused when read.
    pub fn open(root: impl AsRef<Path>, blob_limit: u64) -> Result<Self, SourceError> {
        Self::list(root.as_ref(), None, blob_limit)
    }

    /// The checked-out files of a repository, without what it ignores.
    pub fn of(repository: &Repository, blob_limit: u64) -> Result<Self, SourceError> {
        let root =
            repository.work_dir().ok_or_else(|| SourceError::NotARepository { path: repository.path().to_owned() })?;
        repository.with(|git| Self::list(&root, Some(git), blob_limit))
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Files and folders that the system would not let us read, each with its reason.
    pub fn unreadable(&self) -> &[(Arc<str>, String)] {
        &self.unreadable
    }

    fn list(root: &Path, git: Option<&gix::Repository>, blob_limit: u64) -> Result<Self, SourceError> {
        const STEP: &str = "reading the ignored paths";
        let mut tree = Self {
            root: root.to_owned(),
            entries: Vec::new(),
            places: HashMap::new(),
            blob_limit,
            unreadable: Vec::new(),
        };
        fs::read_dir(root).map_err(SourceError::io("listing the folder", root))?;
        let index = git.map(|git| git.index_or_empty()).transpose().map_err(|e| SourceError::git(STEP, &e))?;
        let mut ignored = match (git, &index) {
            (Some(git), Some(index)) => {
                let source = gix::worktree::stack::state::ignore::Source::WorktreeThenIdMappingIfNotSkipped;
                Some(git.excludes(index, None, source).map_err(|error| SourceError::git(STEP, &error))?)
            }
            _ => None,
        };
        tree.folder(root, "", 0, &mut |path, is_folder| {
            let Some(stack) = &mut ignored else { return false };
            let tracked = index.as_ref().is_some_and(|index| match is_folder {
                true => index.path_is_directory(path.into()),
                false => index.entry_by_path(path.into()).is_some(),
            });
            let mode = if is_folder { gix::index::entry::Mode::DIR } else { gix::index::entry::Mode::FILE };
            !tracked && stack.at_path(Path::new(path), Some(mode)).is_ok_and(|at| at.is_excluded())
        })?;
        tree.entries.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
        Ok(tree)
    }

    fn folder(
        &mut self,
        folder: &Path,
        prefix: &str,
        depth: usize,
        ignored: &mut dyn FnMut(&str, bool) -> bool,
    ) -> Result<(), SourceError> {
        let listed = match fs::read_dir(folder) {
            Ok(listed) if depth <= MAX_DEPTH => listed,
            Ok(_) => return self.skip(prefix, "folders are nested too deeply"),
            Err(error) => return self.skip(prefix, &error.to_string()),
        };
        for found in listed.flatten() {
            let name = found.file_name();
            if name == ".git" {
                continue;
            }
            let name = name.to_string_lossy();
            let path = if prefix.is_empty() { name.into_owned() } else { format!("{prefix}/{name}") };
            let Ok(kind) = found.file_type() else { continue };
            if ignored(&path, kind.is_dir()) {
                continue;
            }
            if kind.is_dir() {
                self.folder(&found.path(), &path, depth + 1, ignored)?;
            } else {
                self.entry(found.path(), &path, kind)?;
            }
            if self.entries.len() > MAX_FILES {
                let reason = std::io::Error::other("more files than a fleet has; is this the right folder?");
                return Err(SourceError::Io { step: "listing the folder", path: self.root.clone(), source: reason });
            }
        }
        Ok(())
    }

    fn entry(&mut self, place: PathBuf, path: &str, kind: fs::FileType) -> Result<(), SourceError> {
        let what = if kind.is_symlink() {
            EntryKind::Symlink
        } else if kind.is_file() {
            EntryKind::File
        } else {
            return self.skip(path, "neither a file nor a folder");
        };
        match identify(&place, what, self.blob_limit) {
            Ok((id, size)) => {
                self.places.entry(id).or_insert((place, size));
                self.entries.push(Entry { path: path.into(), kind: what, id });
                Ok(())
            }
            Err(reason) => self.skip(path, &reason),
        }
    }

    fn skip(&mut self, path: &str, reason: &str) -> Result<(), SourceError> {
        self.unreadable.push((path.into(), reason.to_owned()));
        Ok(())
    }
}

impl Tree for WorkTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, id: BlobId) -> Result<Arc<[u8]>, ReadError> {
        let (place, size) = self.places.get(&id).ok_or(ReadError::NotFound)?;
        if *size > self.blob_limit {
            return Err(ReadError::TooLarge { size: *size, limit: self.blob_limit });
        }
        let bytes = bytes_at(place).map_err(|error| ReadError::Io(error.to_string()))?;
        if blob_id(&bytes).map_err(ReadError::Io)? != id {
            return Err(ReadError::Io("the file changed while it was being read".to_owned()));
        }
        Ok(bytes.into())
    }
}

/// The id Git would give. A file over the limit is not read: its id is made from its place and size, which
/// is enough to tell it from others, and nobody reads it.
fn identify(place: &Path, kind: EntryKind, limit: u64) -> Result<(BlobId, u64), String> {
    let size = fs::symlink_metadata(place).map_err(|error| error.to_string())?.len();
    if kind == EntryKind::File && size > limit {
        return Ok((blob_id(format!("{} {size}", place.display()).as_bytes())?, size));
    }
    Ok((blob_id(&bytes_at(place).map_err(|error| error.to_string())?)?, size))
}

/// A link's bytes are its target.
fn bytes_at(place: &Path) -> std::io::Result<Vec<u8>> {
    if fs::symlink_metadata(place)?.is_symlink() {
        return Ok(fs::read_link(place)?.to_string_lossy().into_owned().into_bytes());
    }
    fs::read(place)
}

fn blob_id(bytes: &[u8]) -> Result<BlobId, String> {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::object::Kind::Blob, bytes)
        .map(|id| BlobId(bytes_of(&id)))
        .map_err(|error| causes(&error))
}
