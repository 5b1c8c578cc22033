//! One repository on disk: a work tree, a bare repository, or a bundle that is unpacked when opened.
//!
//! Story: `csoc lint .` opens the work tree it stands in; `csoc changes --path fleet.bundle` opens a bundle,
//! which becomes a bare repository in the cache folder; the server opens the bare repositories that
//! [`crate::Remote`] keeps. All of them answer the same questions.
//!
//! A clone of a [`Repository`] is a second handle on the same one; every method may be called from many
//! threads at once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use csoc_gen3::tree::{BlobId, ReadError};

use crate::bundle;
use crate::error::SourceError;
use crate::ids::CommitId;
use crate::tree::ListingCache;

/// Decoded objects each handle keeps: enough for the trees and commits of a fleet's walk.
const OBJECT_CACHE: usize = 16 * 1024 * 1024;

#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Blobs larger than this are refused ([`ReadError::TooLarge`]) instead of read. Default 16 MiB.
    pub blob_limit: u64,
    /// Where bundles are unpacked and found again. Without it, a temporary folder that goes with the handle.
    pub cache: Option<PathBuf>,
    /// Look for the repository in the folders above, too (what a person in a subfolder expects).
    pub search_upwards: bool,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { blob_limit: 16 * 1024 * 1024, cache: None, search_upwards: false }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// `main`; a branch known only from a remote is `origin/main`.
    pub name: String,
    pub tip: CommitId,
}

#[derive(Clone)]
pub struct Repository {
    inner: Arc<Inner>,
}

struct Inner {
    /// What was asked for, for messages.
    path: PathBuf,
    shared: gix::ThreadSafeRepository,
    /// Handles with warm caches, one per thread that reads at the moment.
    idle: Mutex<Vec<gix::Repository>>,
    listings: ListingCache,
    blob_limit: u64,
    /// A bundle without a cache lives here and goes with the last handle.
    _unpacked: Option<tempfile::TempDir>,
}

impl Repository {
    /// Open what is at `path` with the default options.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SourceError> {
        Self::open_with(path, &OpenOptions::default())
    }

    pub fn open_with(path: impl AsRef<Path>, options: &OpenOptions) -> Result<Self, SourceError> {
        let path = path.as_ref();
        let metadata = std::fs::metadata(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => SourceError::Absent { path: path.to_owned() },
            _ => SourceError::Io { step: "looking at the repository", path: path.to_owned(), source },
        })?;
        if metadata.is_file() {
            return bundle::open(path, options);
        }
        let shared = if options.search_upwards { search(path)? } else { open_here(path)? };
        let repository = Self::wrap(path, shared, None, options);
        repository.refuse_empty()?;
        Ok(repository)
    }

    pub(crate) fn wrap(
        path: &Path,
        shared: gix::ThreadSafeRepository,
        unpacked: Option<tempfile::TempDir>,
        options: &OpenOptions,
    ) -> Self {
        let inner = Inner {
            path: path.to_owned(),
            shared,
            idle: Mutex::default(),
            listings: ListingCache::default(),
            blob_limit: options.blob_limit,
            _unpacked: unpacked,
        };
        Self { inner: Arc::new(inner) }
    }

    /// What was opened: the folder or the bundle.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Where the checked-out files are; `None` for a bare repository or a bundle.
    pub fn work_dir(&self) -> Option<PathBuf> {
        self.with(|git| git.workdir().map(Path::to_owned))
    }

    /// Where the objects and references are.
    pub fn git_dir(&self) -> PathBuf {
        self.with(|git| git.git_dir().to_owned())
    }

    /// Local branches by name; where there are none, the branches known from remotes.
    pub fn branches(&self) -> Result<Vec<Branch>, SourceError> {
        self.with(|git| {
            let mut branches = branches_below(git, "refs/heads/")?;
            if branches.is_empty() {
                branches = branches_below(git, "refs/remotes/")?;
                branches.retain(|branch| !branch.name.ends_with("/HEAD"));
            }
            Ok(branches)
        })
    }

    /// The branch that HEAD is on; without one, the only branch, or `main`, or `master`.
    pub fn default_branch(&self) -> Result<Branch, SourceError> {
        let branches = self.branches()?;
        let head = self.with(|git| git.head_name().ok().flatten().map(|name| name.shorten().to_string()));
        let by_name = |wanted: &str| branches.iter().find(|branch| branch.name == wanted);
        head.as_deref()
            .and_then(by_name)
            .or_else(|| if branches.len() == 1 { branches.first() } else { None })
            .or_else(|| by_name("main"))
            .or_else(|| by_name("master"))
            .or_else(|| branches.first())
            .cloned()
            .ok_or_else(|| SourceError::Empty { path: self.path().to_owned() })
    }

    /// A branch's newest commit. Only branches: a tag or a commit id is [`Repository::resolve`]'s.
    pub fn branch(&self, name: &str) -> Result<Branch, SourceError> {
        let found = self.with(|git| {
            ["refs/heads/", "refs/remotes/", "refs/remotes/origin/"].iter().find_map(|prefix| {
                let mut reference = git.try_find_reference(format!("{prefix}{name}").as_str()).ok().flatten()?;
                Some(CommitId::of(&reference.peel_to_commit().ok()?.id))
            })
        });
        match found {
            Some(tip) => Ok(Branch { name: name.to_owned(), tip }),
            None => Err(SourceError::BranchNotFound { branch: name.to_owned(), nearest: self.nearest(name)? }),
        }
    }

    /// The commit of a tag.
    pub fn tag(&self, name: &str) -> Option<CommitId> {
        self.with(|git| {
            let mut reference = git.try_find_reference(format!("refs/tags/{name}").as_str()).ok().flatten()?;
            Some(CommitId::of(&reference.peel_to_commit().ok()?.id))
        })
    }

    /// A commit by its id or the beginning of it, and by nothing else.
    pub fn commit(&self, id: &str) -> Option<CommitId> {
        if !(4..=40).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.with(|git| {
            let object = git.rev_parse_single(id).ok()?.object().ok()?;
            let commit = CommitId::of(&object.peel_to_kind(gix::object::Kind::Commit).ok()?.id);
            // A branch or tag may be called like the beginning of an id.
            commit.to_string().starts_with(&id.to_ascii_lowercase()).then_some(commit)
        })
    }

    /// A commit by branch, tag, id or its beginning, `HEAD~2` and the like. A branch wins over a tag.
    pub fn resolve(&self, revision: &str) -> Result<CommitId, SourceError> {
        if let Ok(branch) = self.branch(revision) {
            return Ok(branch.tip);
        }
        let found = self.with(|git| {
            let object = git.rev_parse_single(revision).ok()?.object().ok()?;
            Some(CommitId::of(&object.peel_to_kind(gix::object::Kind::Commit).ok()?.id))
        });
        match found {
            Some(commit) => Ok(commit),
            None => {
                let nearest = self.nearest(revision)?;
                Err(SourceError::RevisionNotFound { revision: revision.to_owned(), nearest })
            }
        }
    }

    /// The commit of HEAD: what is checked out in a work tree.
    pub fn head(&self) -> Result<CommitId, SourceError> {
        match self.with(|git| git.head_commit().map(|commit| CommitId::of(&commit.id))) {
            Ok(commit) => Ok(commit),
            Err(_) => Ok(self.default_branch()?.tip),
        }
    }

    /// A blob's bytes, within the limit.
    pub fn read(&self, id: BlobId) -> Result<Arc<[u8]>, ReadError> {
        let limit = self.inner.blob_limit;
        self.with(|git| {
            let id = gix::ObjectId::Sha1(id.0);
            // The header is read first, so that a huge blob is never inflated only to be refused.
            let header = git.try_find_header(id).map_err(|error| ReadError::Io(crate::error::causes(&error)))?;
            let size = header.ok_or(ReadError::ObjectMissing)?.size();
            if size > limit {
                return Err(ReadError::TooLarge { size, limit });
            }
            let mut object = git.find_blob(id).map_err(|error| ReadError::Io(crate::error::causes(&error)))?;
            Ok(object.take_data().into())
        })
    }

    pub(crate) fn listings(&self) -> &ListingCache {
        &self.inner.listings
    }

    /// Run `work` with a handle of this thread's own.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&gix::Repository) -> R) -> R {
        let idle = || self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let git = kept.unwrap_or_else(|| {
            let mut git = self.inner.shared.to_thread_local();
            git.object_cache_size(OBJECT_CACHE);
            git
        });
        let result = work(&git);
        idle().push(git);
        result
    }

    fn refuse_empty(&self) -> Result<(), SourceError> {
        let has_head = self.with(|git| git.head_id().is_ok());
        if has_head || !self.branches()?.is_empty() {
            return Ok(());
        }
        Err(SourceError::Empty { path: self.path().to_owned() })
    }

    /// Names that differ least from `wanted`, at most three, none that is entirely different.
    fn nearest(&self, wanted: &str) -> Result<Vec<String>, SourceError> {
        Ok(nearest(wanted, self.branches()?.into_iter().map(|branch| branch.name)))
    }
}

pub(crate) fn nearest(wanted: &str, names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut scored: Vec<(usize, String)> =
        names.into_iter().map(|name| (distance(&wanted.to_lowercase(), &name.to_lowercase()), name)).collect();
    scored.sort();
    scored.truncate(3);
    scored.into_iter().map(|(_, name)| name).collect()
}

/// Levenshtein's distance, over at most the first 80 characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().take(80).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

fn branches_below(git: &gix::Repository, prefix: &str) -> Result<Vec<Branch>, SourceError> {
    const STEP: &str = "listing the branches";
    let mut branches = Vec::new();
    let platform = git.references().map_err(|error| SourceError::git(STEP, &error))?;
    for reference in platform.all().map_err(|error| SourceError::git(STEP, &error))? {
        // One unreadable reference must not hide the others.
        let Ok(mut reference) = reference else { continue };
        let full = reference.name().as_bstr().to_string();
        let Some(name) = full.strip_prefix(prefix) else { continue };
        if let Ok(id) = reference.peel_to_id() {
            branches.push(Branch { name: name.to_owned(), tip: CommitId::of(&id) });
        }
    }
    branches.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(branches)
}

/// An object that claims to be larger than this is damage or an attack. It bounds what a fetch unpacks; what
/// is read is bounded by [`OpenOptions::blob_limit`].
const MAX_OBJECT: u64 = 1 << 30;

/// No configuration but the repository's own, no environment, and no refusal because another user owns
/// the folder: nothing in it is ever executed.
pub(crate) fn isolated() -> gix::open::Options {
    gix::open::Options::isolated()
        .with(gix::sec::Trust::Reduced)
        .bail_if_untrusted(false)
        .config_overrides([format!("gitoxide.objects.allocLimit={MAX_OBJECT}")])
}

pub(crate) fn open_here(path: &Path) -> Result<gix::ThreadSafeRepository, SourceError> {
    isolated().open(path).map_err(|error| refusal(path, &error))
}

fn search(path: &Path) -> Result<gix::ThreadSafeRepository, SourceError> {
    let absolute = std::path::absolute(path).map_err(SourceError::io("finding the folder", path))?;
    for folder in absolute.ancestors() {
        match open_here(folder) {
            Err(SourceError::NotARepository { .. }) => {}
            found => return found,
        }
    }
    Err(SourceError::NotARepository { path: path.to_owned() })
}

fn refusal(path: &Path, error: &gix::Error) -> SourceError {
    if object_format(path).is_some_and(|format| format.eq_ignore_ascii_case("sha256")) {
        return SourceError::Sha256 { path: path.to_owned() };
    }
    if path.join(".git").exists() || path.join("HEAD").exists() && path.join("objects").exists() {
        return SourceError::git("opening the repository", error);
    }
    SourceError::NotARepository { path: path.to_owned() }
}

/// `extensions.objectFormat`, read without the library: it refuses to open what it does not support.
fn object_format(path: &Path) -> Option<String> {
    let config = [path.join(".git/config"), path.join("config")]
        .iter()
        .find_map(|candidate| std::fs::read_to_string(candidate).ok())?;
    let mut sections: HashMap<String, String> = HashMap::new();
    for line in config.lines() {
        if let Some((key, value)) = line.split_once('=') {
            sections.insert(key.trim().to_lowercase(), value.trim().to_owned());
        }
    }
    sections.remove("objectformat")
}
