//! The files of one commit, as plain data. `csoc-source` implements it over Git; tests over a map.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Content address of a file's bytes (Git's blob id, or any stable hash in tests). Two files with the
/// same id have the same bytes, so whatever was computed from one holds for the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BlobId(pub [u8; 20]);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    File,
    /// The blob is the target path. Followed only when it stays inside the tree.
    Symlink,
    /// Another repository's commit; its files are not here.
    Submodule,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// From the repository's root, `/`-separated, no leading slash. Paths that are not UTF-8 are lossy.
    pub path: Arc<str>,
    pub kind: EntryKind,
    pub id: BlobId,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("not in this tree")]
    NotFound,
    /// Partial or shallow clone: the commit names it, the object is not at hand.
    #[error("the object is not in this clone")]
    ObjectMissing,
    #[error("{size} bytes, more than the limit of {limit}")]
    TooLarge { size: u64, limit: u64 },
    #[error("could not read: {0}")]
    Io(String),
}

/// One commit's files. Cheap to list; a read costs one object.
pub trait Tree: Send + Sync {
    /// Every file below the root, sorted by path (bytewise). No directories.
    fn entries(&self) -> &[Entry];

    /// The bytes of a blob. Implementations refuse what is larger than their limit instead of reading it.
    fn read(&self, id: BlobId) -> Result<Arc<[u8]>, ReadError>;

    fn find(&self, path: &str) -> Option<&Entry> {
        let entries = self.entries();
        entries.binary_search_by(|entry| entry.path.as_bytes().cmp(path.as_bytes())).ok().map(|index| &entries[index])
    }

    /// The entries below a folder (`""` is everything), without the folder's own name.
    fn under(&self, folder: &str) -> &[Entry] {
        let entries = self.entries();
        if folder.is_empty() {
            return entries;
        }
        let prefix = format!("{folder}/");
        let start = entries.partition_point(|e| e.path.as_bytes() < prefix.as_bytes());
        let length = entries[start..].partition_point(|e| e.path.starts_with(&prefix));
        &entries[start..start + length]
    }
}

/// A tree in memory, for tests and for what is not in Git.
#[derive(Default, Debug, Clone)]
pub struct MemoryTree {
    entries: Vec<Entry>,
    blobs: BTreeMap<BlobId, Arc<[u8]>>,
}

impl MemoryTree {
    pub fn new<P: AsRef<str>, B: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let mut tree = Self::default();
        for (path, bytes) in files {
            tree.insert(path.as_ref(), bytes.as_ref());
        }
        tree
    }

    pub fn insert(&mut self, path: &str, bytes: &[u8]) {
        self.insert_entry(path, EntryKind::File, bytes);
    }

    pub fn insert_entry(&mut self, path: &str, kind: EntryKind, bytes: &[u8]) {
        let id = content_id(bytes);
        self.blobs.insert(id, bytes.into());
        let entry = Entry { path: path.into(), kind, id };
        match self.entries.binary_search_by(|e| e.path.as_bytes().cmp(path.as_bytes())) {
            Ok(at) => self.entries[at] = entry,
            Err(at) => self.entries.insert(at, entry),
        }
    }
}

impl Tree for MemoryTree {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, id: BlobId) -> Result<Arc<[u8]>, ReadError> {
        self.blobs.get(&id).cloned().ok_or(ReadError::NotFound)
    }
}

/// FNV-1a over the bytes, widened to a blob id: enough to tell a test's files apart, nothing more.
fn content_id(bytes: &[u8]) -> BlobId {
    let mut id = [0u8; 20];
    for (lane, chunk) in id.chunks_mut(4).enumerate() {
        let mut hash: u32 = 0x811c_9dc5 ^ (lane as u32).wrapping_mul(0x9e37_79b9);
        for byte in bytes {
            hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
        chunk.copy_from_slice(&hash.to_be_bytes());
    }
    BlobId(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_not_its_neighbour() {
        let tree = MemoryTree::new([("a/x", "1"), ("a-b/x", "2"), ("a/y/z", "3"), ("ab", "4")]);
        let paths: Vec<_> = tree.under("a").iter().map(|e| &*e.path).collect();
        assert_eq!(paths, ["a/x", "a/y/z"]);
        assert_eq!(tree.find("a-b/x").map(|e| tree.read(e.id)), Some(Ok(b"2".as_slice().into())));
        assert!(tree.find("a").is_none());
    }
}
