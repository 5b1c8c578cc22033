//! Bundles: a repository in one file, as `git bundle create` writes it.
//!
//! Story: an operator without access to the Git host is given `fleet.bundle`. It is unpacked once into a
//! bare repository named after the pack's checksum; opening the same bundle again finds it there. A bundle
//! that only continues a history (it has prerequisites) can be fetched into a repository that has the
//! beginning, and is refused with the missing commits' names everywhere else.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use crate::error::SourceError;
use crate::ids::CommitId;
use crate::repository::{OpenOptions, Repository, isolated, open_here};

/// Bounds of a header that is believed: a bundle of a real repository has a line per reference.
const MAX_LINE: u64 = 8 * 1024;
const MAX_LINES: usize = 200_000;

/// A commit the bundle builds upon and does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prerequisite {
    pub commit: CommitId,
    pub comment: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleHeader {
    /// 2 or 3.
    pub version: u8,
    pub prerequisites: Vec<Prerequisite>,
    /// Full reference names (`refs/heads/main`, perhaps `HEAD`) in the bundle's order.
    pub references: Vec<(String, CommitId)>,
    /// The `@filter` of a partial bundle: some blobs are absent on purpose.
    pub filter: Option<String>,
}

impl BundleHeader {
    /// Read the header; the reader then stands at the pack.
    pub fn read(path: &Path, reader: &mut impl BufRead) -> Result<Self, SourceError> {
        let refuse = |reason: String| SourceError::Bundle { path: path.to_owned(), reason };
        let version = match line(path, reader)?.as_deref() {
            Some("# v2 git bundle") => 2,
            Some("# v3 git bundle") => 3,
            _ => return Err(SourceError::NotARepository { path: path.to_owned() }),
        };
        let mut header = Self { version, ..Self::default() };
        for _ in 0..MAX_LINES {
            let Some(text) = line(path, reader)? else {
                return Err(refuse("it ends within its header".to_owned()));
            };
            if text.is_empty() {
                return Ok(header);
            }
            header.take(&text).map_err(|problem| match problem {
                Problem::Sha256 => SourceError::Sha256 { path: path.to_owned() },
                Problem::Because(reason) => refuse(reason),
            })?;
        }
        Err(refuse(format!("its header has more than {MAX_LINES} lines")))
    }

    fn take(&mut self, text: &str) -> Result<(), Problem> {
        let unreadable = || Problem::Because(format!("its header has a line that is not understood: {text:?}"));
        if let Some(capability) = text.strip_prefix('@') {
            return match capability.split_once('=') {
                Some(("object-format", "sha1")) => Ok(()),
                Some(("object-format", _)) => Err(Problem::Sha256),
                Some(("filter", filter)) => {
                    self.filter = Some(filter.to_owned());
                    Ok(())
                }
                _ => Err(Problem::Because(format!("it needs a capability that is not known: {capability:?}"))),
            };
        }
        if let Some(rest) = text.strip_prefix('-') {
            let (id, comment) = rest.split_once(' ').unwrap_or((rest, ""));
            let commit = id.parse().map_err(|_| unreadable())?;
            self.prerequisites.push(Prerequisite { commit, comment: comment.to_owned() });
            return Ok(());
        }
        let (id, name) = text.split_once(' ').ok_or_else(unreadable)?;
        self.references.push((name.to_owned(), id.parse().map_err(|_| unreadable())?));
        Ok(())
    }
}

enum Problem {
    Sha256,
    Because(String),
}

/// Is this file a bundle, by its first line?
pub fn is_bundle(path: &Path) -> bool {
    let mut start = [0; 16];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && (start == *b"# v2 git bundle\n" || start == *b"# v3 git bundle\n")
}

pub(crate) fn open(path: &Path, options: &OpenOptions) -> Result<Repository, SourceError> {
    let header = read_header(path)?.0;
    if !header.prerequisites.is_empty() {
        let missing = header.prerequisites.iter().map(|prerequisite| prerequisite.commit).collect();
        return Err(SourceError::BundlePrerequisites { path: path.to_owned(), missing });
    }
    if header.references.is_empty() {
        return Err(SourceError::Empty { path: path.to_owned() });
    }
    let Some(cache) = &options.cache else {
        let folder = tempfile::tempdir().map_err(SourceError::io("making a temporary folder", std::env::temp_dir()))?;
        let shared = unpack_into_new(path, folder.path())?;
        return Ok(Repository::wrap(path, shared, Some(folder), options));
    };
    let kept = cache.join(format!("bundle-{}.git", name(path)?));
    if kept.join(COMPLETE).exists() {
        note_use(&kept);
        return Ok(Repository::wrap(path, open_here(&kept)?, None, options));
    }
    std::fs::create_dir_all(cache).map_err(SourceError::io("making the cache folder", cache))?;
    let folder = tempfile::Builder::new().prefix("unpacking-").tempdir_in(cache);
    let folder = folder.map_err(SourceError::io("making a folder in the cache", cache))?;
    unpack_into_new(path, folder.path())?;
    std::fs::write(folder.path().join(COMPLETE), "").map_err(SourceError::io("unpacking the bundle", cache))?;
    forget_old(cache);
    if std::fs::rename(folder.path(), &kept).is_ok() {
        let _moved = folder.keep();
        return Ok(Repository::wrap(path, open_here(&kept)?, None, options));
    }
    if kept.join(COMPLETE).exists() {
        // Somebody else was faster; what they unpacked is the same.
        return Ok(Repository::wrap(path, open_here(&kept)?, None, options));
    }
    // What is kept there lost a part (somebody tidied up): it is not touched, and not believed.
    let shared = open_here(folder.path())?;
    Ok(Repository::wrap(path, shared, Some(folder), options))
}

/// Last written into an unpacked bundle: without it, it may lack something.
const COMPLETE: &str = "complete";
const DAY: Duration = Duration::from_secs(24 * 3600);

fn note_use(kept: &Path) {
    // Without the note it is unpacked again in a month; nothing worse.
    let file = File::options().append(true).open(kept.join(COMPLETE));
    let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
}

/// Bundles come anew every day: those that nobody opened for a month go, and what a killed process left.
fn forget_old(cache: &Path) {
    let older = |path: &Path, days: u32| {
        let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified());
        modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > DAY * days))
    };
    for found in std::fs::read_dir(cache).into_iter().flatten().flatten() {
        let (name, place) = (found.file_name(), found.path());
        let name = name.to_string_lossy();
        let old = name.starts_with("unpacking-") && older(&place, 1)
            || name.starts_with("bundle-") && name.ends_with(".git") && older(&place.join(COMPLETE), 30);
        if old && let Err(error) = std::fs::remove_dir_all(&place) {
            tracing::debug!(path = %place.display(), %error, "an old bundle could not be removed");
        }
    }
}

/// What a bundle holds, and the file standing at its pack.
pub(crate) fn read_header(path: &Path) -> Result<(BundleHeader, BufReader<File>), SourceError> {
    let file = File::open(path).map_err(SourceError::io("opening the bundle", path))?;
    let mut reader = BufReader::with_capacity(64 * 1024, file);
    let header = BundleHeader::read(path, &mut reader)?;
    Ok((header, reader))
}

/// Names what is in the bundle: its references (two bundles of one pack may differ in them), its size, and the
/// checksum that its pack ends with.
fn name(path: &Path) -> Result<String, SourceError> {
    let step = "reading the bundle";
    let (_, mut rest) = read_header(path)?;
    let header = rest.stream_position().map_err(SourceError::io(step, path))?;
    let mut file = rest.into_inner();
    let size = file.seek(SeekFrom::End(0)).map_err(SourceError::io(step, path))?;
    file.rewind().map_err(SourceError::io(step, path))?;
    let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
    hasher.update(&size.to_be_bytes());
    let mut ends = vec![0; usize::try_from(header).unwrap_or_default()];
    file.read_exact(&mut ends).map_err(SourceError::io(step, path))?;
    hasher.update(&ends);
    file.seek(SeekFrom::End(-20)).map_err(SourceError::io(step, path))?;
    let mut trailer = [0; 20];
    file.read_exact(&mut trailer).map_err(SourceError::io(step, path))?;
    hasher.update(&trailer);
    let id = hasher.try_finalize().map_err(|error| SourceError::git(step, &error))?;
    Ok(id.to_string())
}

fn unpack_into_new(path: &Path, folder: &Path) -> Result<gix::ThreadSafeRepository, SourceError> {
    const STEP: &str = "unpacking the bundle";
    let options = gix::create::Options { destination_must_be_empty: Some(true), ..Default::default() };
    let git = gix::ThreadSafeRepository::init_opts(folder, gix::create::Kind::Bare, options, isolated())
        .map_err(|error| SourceError::git(STEP, &error))?
        .to_thread_local();
    let header = unpack(&git, path, &AtomicBool::new(false))?;
    for (name, commit) in &header.references {
        if name != "HEAD" {
            write_reference(&git, name, *commit)?;
        }
    }
    set_head(&git, &header)?;
    open_here(folder)
}

/// Index the bundle's pack into `git`'s objects. Thin packs are completed from what `git` has.
pub(crate) fn unpack(git: &gix::Repository, path: &Path, stop: &AtomicBool) -> Result<BundleHeader, SourceError> {
    let (header, mut pack) = read_header(path)?;
    let missing: Vec<CommitId> = header
        .prerequisites
        .iter()
        .map(|prerequisite| prerequisite.commit)
        .filter(|commit| !git.has_object(commit.object()))
        .collect();
    if !missing.is_empty() {
        return Err(SourceError::BundlePrerequisites { path: path.to_owned(), missing });
    }
    let folder = git.objects.store_ref().path().join("pack");
    let bases = (!header.prerequisites.is_empty()).then(|| git.objects.clone());
    let written = gix::odb::pack::Bundle::write_to_directory(
        &mut pack,
        Some(&folder),
        &mut gix::progress::Discard,
        stop,
        bases,
        gix::hash::Kind::Sha1,
        gix::odb::pack::bundle::write::Options::default(),
    );
    let written = written.map_err(|error| SourceError::Bundle {
        path: path.to_owned(),
        reason: format!("its pack is damaged ({})", crate::error::causes(&error)),
    })?;
    if let Some(keep) = written.keep_path {
        std::fs::remove_file(&keep).map_err(SourceError::io("unpacking the bundle", keep))?;
    }
    for (name, commit) in &header.references {
        if !git.has_object(commit.object()) {
            let reason = format!("it names {commit} for {name} and does not contain it");
            return Err(SourceError::Bundle { path: path.to_owned(), reason });
        }
    }
    Ok(header)
}

pub(crate) fn write_reference(git: &gix::Repository, name: &str, commit: CommitId) -> Result<(), SourceError> {
    git.reference(name, commit.object(), gix::refs::transaction::PreviousValue::Any, "csoc")
        .map(drop)
        .map_err(|error| SourceError::git("writing a reference", &error))
}

/// HEAD names a branch only when the bundle says which commit it is, or has one branch.
fn set_head(git: &gix::Repository, header: &BundleHeader) -> Result<(), SourceError> {
    let branches = || header.references.iter().filter(|(name, _)| name.starts_with("refs/heads/"));
    let head = header.references.iter().find(|(name, _)| name == "HEAD").map(|(_, commit)| *commit);
    let branch = branches()
        .find(|(name, commit)| Some(*commit) == head && name.ends_with("/main"))
        .or_else(|| branches().find(|(_, commit)| Some(*commit) == head))
        .or_else(|| branches().next().filter(|_| branches().count() == 1));
    let path = git.git_dir().join("HEAD");
    let text = match (branch, head) {
        (Some((name, _)), _) => format!("ref: {name}\n"),
        (None, Some(commit)) => format!("{commit}\n"),
        (None, None) => return Ok(()),
    };
    std::fs::write(&path, text).map_err(SourceError::io("unpacking the bundle", path))
}

/// One line without its end; `None` at the end of the file. Bytes that are not UTF-8 are replaced.
fn line(path: &Path, reader: &mut impl BufRead) -> Result<Option<String>, SourceError> {
    let mut bytes = Vec::new();
    let read = reader.take(MAX_LINE).read_until(b'\n', &mut bytes);
    read.map_err(SourceError::io("reading the bundle", path))?;
    if bytes.pop() != Some(b'\n') {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
