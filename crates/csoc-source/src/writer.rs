//! Makes repositories from plain data: the sample fleet, and the repositories that tests need.
//!
//! Story: the sample fleet is forty landings over two hundred files. Each is put into a [`Files`], committed
//! with a fixed author and time, and at [`Writer::finish`] all objects go into one pack: the same input gives
//! the same commit ids, on every machine.
//!
//! Not for the fleets of others: nothing here changes a repository that somebody works in. Changes to a
//! fleet go through its Git host, as pull requests.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufReader, BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use csoc_gen3::tree::{EntryKind, Tree};

use crate::bundle::write_reference;
use crate::error::{SourceError, causes};
use crate::history::Signature;
use crate::ids::CommitId;
use crate::repository::{Repository, isolated, open_here};

const STEP: &str = "writing a repository";

/// A commit to be made from some [`Files`].
#[derive(Clone, Debug)]
pub struct NewCommit {
    pub parents: Vec<CommitId>,
    pub author: Signature,
    pub committer: Signature,
    pub message: String,
}

/// The files of the commit in the making: names and ids, the bytes are in the writer.
#[derive(Clone, Debug, Default)]
pub struct Files(Folder);

#[derive(Clone, Debug, Default)]
struct Folder {
    nodes: BTreeMap<String, Node>,
    /// Of the tree object, when nothing below changed since it was written.
    id: Option<gix::ObjectId>,
}

#[derive(Clone, Debug)]
enum Node {
    Leaf(EntryKind, gix::ObjectId),
    Folder(Folder),
}

impl Files {
    /// Does nothing when there is no such file. Folders that become empty go with it.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    fn set(&mut self, path: &str, kind: EntryKind, id: gix::ObjectId) {
        let mut folder = &mut self.0;
        let mut rest = path;
        while let Some((name, below)) = rest.split_once('/') {
            folder.id = None;
            let node = folder.nodes.entry(name.to_owned()).or_insert_with(|| Node::Folder(Folder::default()));
            if let Node::Leaf(..) = node {
                *node = Node::Folder(Folder::default());
            }
            let Node::Folder(next) = node else { return };
            (folder, rest) = (next, below);
        }
        folder.id = None;
        folder.nodes.insert(rest.to_owned(), Node::Leaf(kind, id));
    }
}

impl Folder {
    fn remove(&mut self, path: &str) {
        self.id = None;
        let Some((name, below)) = path.split_once('/') else {
            self.nodes.remove(path);
            return;
        };
        if let Some(Node::Folder(folder)) = self.nodes.get_mut(name) {
            folder.remove(below);
            if folder.nodes.is_empty() {
                self.nodes.remove(name);
            }
        }
    }
}

/// Collects objects in one pack and puts it, with its references, into a bare repository at the end.
pub struct Writer {
    folder: PathBuf,
    /// The pack's entries, without header and trailer.
    body: BufWriter<File>,
    count: u32,
    seen: HashSet<gix::ObjectId>,
    references: Vec<(String, CommitId)>,
}

impl Writer {
    /// A new bare repository at `folder`, which must not exist or be empty.
    pub fn create(folder: impl AsRef<Path>) -> Result<Self, SourceError> {
        let options = gix::create::Options { destination_must_be_empty: Some(true), ..Default::default() };
        gix::ThreadSafeRepository::init_opts(folder.as_ref(), gix::create::Kind::Bare, options, isolated())
            .map_err(|error| SourceError::git(STEP, &error))?;
        Self::append(folder)
    }

    /// More commits for a repository made earlier.
    pub fn append(folder: impl AsRef<Path>) -> Result<Self, SourceError> {
        let folder = folder.as_ref().to_owned();
        let body = tempfile::tempfile_in(&folder).map_err(SourceError::io(STEP, &folder))?;
        Ok(Self { folder, body: BufWriter::new(body), count: 0, seen: HashSet::new(), references: Vec::new() })
    }

    /// The files of an existing commit, to go on from.
    pub fn files_of(repository: &Repository, commit: CommitId) -> Result<Files, SourceError> {
        let mut files = Files::default();
        for entry in repository.tree(commit)?.entries() {
            files.set(&entry.path, entry.kind, gix::ObjectId::Sha1(entry.id.0));
        }
        Ok(files)
    }

    pub fn put(&mut self, files: &mut Files, path: &str, bytes: &[u8]) -> Result<(), SourceError> {
        let id = self.object(3, "blob", bytes)?;
        files.set(path, EntryKind::File, id);
        Ok(())
    }

    pub fn put_link(&mut self, files: &mut Files, path: &str, target: &str) -> Result<(), SourceError> {
        let id = self.object(3, "blob", target.as_bytes())?;
        files.set(path, EntryKind::Symlink, id);
        Ok(())
    }

    pub fn commit(&mut self, files: &mut Files, new: &NewCommit) -> Result<CommitId, SourceError> {
        let tree = self.tree(&mut files.0)?;
        let mut text = format!("tree {tree}\n");
        for parent in &new.parents {
            text.push_str(&format!("parent {parent}\n"));
        }
        text.push_str(&format!("author {}\ncommitter {}\n\n", line(&new.author), line(&new.committer)));
        text.push_str(new.message.trim_end());
        text.push('\n');
        Ok(CommitId::of(&self.object(1, "commit", text.as_bytes())?))
    }

    /// `refs/heads/main`, `refs/tags/v1`: set at the end.
    pub fn reference(&mut self, name: &str, commit: CommitId) {
        self.references.push((name.to_owned(), commit));
    }

    /// Write pack, references and HEAD (the branch `head`, without `refs/heads/`).
    pub fn finish(mut self, head: &str) -> Result<(), SourceError> {
        let git = open_here(&self.folder)?.to_thread_local();
        if self.count > 0 {
            self.write_pack(&git)?;
        }
        for (name, commit) in &self.references {
            write_reference(&git, name, *commit)?;
        }
        let path = self.folder.join("HEAD");
        std::fs::write(&path, format!("ref: refs/heads/{head}\n")).map_err(SourceError::io(STEP, path))
    }

    /// An object of another repository, as it is.
    pub(crate) fn copy(&mut self, kind: gix::object::Kind, bytes: &[u8]) -> Result<(), SourceError> {
        let (number, name) = match kind {
            gix::object::Kind::Commit => (1, "commit"),
            gix::object::Kind::Tree => (2, "tree"),
            gix::object::Kind::Blob => (3, "blob"),
            gix::object::Kind::Tag => (4, "tag"),
        };
        self.object(number, name, bytes).map(drop)
    }

    pub(crate) fn write_pack(&mut self, git: &gix::Repository) -> Result<(), SourceError> {
        let folder = self.folder.clone();
        let failed = || SourceError::io(STEP, folder.clone());
        self.body.flush().map_err(failed())?;
        let body = self.body.get_mut();
        let mut header = b"PACK\0\0\0\x02".to_vec();
        header.extend_from_slice(&self.count.to_be_bytes());
        let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
        hasher.update(&header);
        body.seek(SeekFrom::Start(0)).map_err(failed())?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = body.read(&mut buffer).map_err(failed())?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
        }
        let trailer = hasher.try_finalize().map_err(|error| SourceError::git(STEP, &error))?;
        body.seek(SeekFrom::Start(0)).map_err(failed())?;
        let pack = Cursor::new(header).chain(body).chain(Cursor::new(trailer.as_bytes().to_vec()));
        let written = gix::odb::pack::Bundle::write_to_directory(
            &mut BufReader::new(pack),
            Some(&git.objects.store_ref().path().join("pack")),
            &mut gix::progress::Discard,
            &AtomicBool::new(false),
            None::<gix::OdbHandle>,
            gix::hash::Kind::Sha1,
            gix::odb::pack::bundle::write::Options::default(),
        );
        let written = written.map_err(|error| SourceError::git(STEP, &error))?;
        written.keep_path.map_or(Ok(()), |keep| std::fs::remove_file(&keep).map_err(SourceError::io(STEP, keep)))
    }

    fn tree(&mut self, folder: &mut Folder) -> Result<gix::ObjectId, SourceError> {
        if let Some(id) = folder.id {
            return Ok(id);
        }
        let mut rows = Vec::with_capacity(folder.nodes.len());
        for (name, node) in &mut folder.nodes {
            let (mode, id, order) = match node {
                Node::Leaf(EntryKind::File, id) => ("100644", *id, name.clone()),
                Node::Leaf(EntryKind::Symlink, id) => ("120000", *id, name.clone()),
                Node::Leaf(EntryKind::Submodule, id) => ("160000", *id, name.clone()),
                Node::Folder(below) => ("40000", self.tree(below)?, format!("{name}/")),
            };
            rows.push((order, mode, name.as_str(), id));
        }
        // Git sorts folders as if their name ended in a slash.
        rows.sort();
        let mut bytes = Vec::new();
        for (_, mode, name, id) in &rows {
            bytes.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            bytes.extend_from_slice(id.as_bytes());
        }
        let id = self.object(2, "tree", &bytes)?;
        folder.id = Some(id);
        Ok(id)
    }

    /// Append one object to the pack, once. `number` is the pack's code for the kind.
    fn object(&mut self, number: u8, kind: &str, bytes: &[u8]) -> Result<gix::ObjectId, SourceError> {
        let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
        hasher.update(format!("{kind} {}\0", bytes.len()).as_bytes());
        hasher.update(bytes);
        let id = hasher.try_finalize().map_err(|error| SourceError::Git { step: STEP, detail: causes(&error) })?;
        if !self.seen.insert(id) {
            return Ok(id);
        }
        let mut head = vec![(number << 4) | (bytes.len() & 0x0f) as u8];
        let mut rest = bytes.len() >> 4;
        while rest > 0 {
            if let Some(last) = head.last_mut() {
                *last |= 0x80;
            }
            head.push((rest & 0x7f) as u8);
            rest >>= 7;
        }
        let failed = || SourceError::io(STEP, self.folder.clone());
        self.body.write_all(&head).map_err(failed())?;
        let mut deflate = gix::zlib::stream::deflate::Write::new(&mut self.body, gix::zlib::Compression::BEST_SPEED);
        deflate.write_all(bytes).and_then(|()| deflate.flush()).map_err(failed())?;
        self.count += 1;
        Ok(id)
    }
}

/// `Ada Lindqvist <ada@example.org> 1764057600 +0100`
fn line(of: &Signature) -> String {
    let minutes = of.offset_seconds / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("{} <{}> {} {sign}{hours:02}{rest:02}", of.name, of.email, of.time.as_second())
}
