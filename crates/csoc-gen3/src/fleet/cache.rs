//! What is remembered between readings, so that the next commit costs only what it changed.
//!
//! Story: the second of 570 landings edits one `values.yaml`. Its other 271 files have the blob ids of the
//! first; only the one is parsed, only its commons is computed again, and the 41 others are the same `Arc`s.
//!
//! Documents are kept by blob and path (a mark names its file), within a budget of bytes; what a commons
//! came to is kept beside the list of blobs it was computed from. Forgetting anything here costs time only.

use std::collections::HashMap;
use std::sync::Arc;

use super::chart_cache::ChartCache;
use super::documents::{Outline, Parsed, parse};
use super::inputs::Inputs;
use super::plan::ChartAtHand;
use super::{ClusterReading, CommonsReading, Irregularity, Unread};
use crate::argo::{self, Application};
use crate::fleet::owners::CodeOwners;
use crate::tree::{BlobId, Entry, ReadError, Tree};
use crate::yaml::{FileId, Files, Mark, Node};

/// Parsed documents take several times their text; this bounds the text. A fleet of eighty commons fits; of a
/// larger one, a commons that changes has its other files parsed again.
const BUDGET: usize = 8 << 20;

#[derive(Debug, Default)]
pub struct Cache {
    files: Arc<Files>,
    ids: HashMap<Arc<str>, FileId>,
    documents: HashMap<(BlobId, FileId), Document>,
    bytes: usize,
    /// What a file is about, by its bytes alone. Small, never forgotten.
    outlines: HashMap<BlobId, Outline>,
    pub(super) commons: HashMap<Arc<str>, Remembered<CommonsReading>>,
    pub(super) clusters: HashMap<Arc<str>, Remembered<ClusterReading>>,
    pub(super) owners: Option<(BlobId, Arc<CodeOwners>)>,
    /// Irregularities of files that nothing uses.
    notes: HashMap<(BlobId, FileId), Arc<[Irregularity]>>,
    /// By the document's file and first line.
    applications: HashMap<(BlobId, Mark), Option<Arc<Application>>>,
    charts: ChartCache,
    reading: u64,
}

#[derive(Debug)]
struct Document {
    parsed: Arc<Parsed>,
    size: usize,
    used: u64,
}

/// A result and what it was computed from.
#[derive(Debug)]
pub struct Remembered<T> {
    pub inputs: Inputs,
    /// As computed from the inputs alone.
    pub own: Arc<T>,
    /// With what depends on the rest of the fleet.
    pub shown: Arc<T>,
    /// Has `shown` been computed once?
    pub related: bool,
    pub irregularities: Arc<[Irregularity]>,
    pub unread: Arc<[Unread]>,
    pub used: u64,
}

impl Cache {
    /// A new reading begins.
    pub(crate) fn begin(&mut self) {
        self.reading += 1;
    }

    pub(crate) fn reading(&self) -> u64 {
        self.reading
    }

    /// Forget what this reading did not use, as far as the budget asks for it.
    pub(crate) fn end(&mut self) {
        // A commons that is gone comes back under a new reading often enough (a revert) to wait a little.
        let horizon = self.reading.saturating_sub(64);
        self.commons.retain(|_, kept| kept.used >= horizon);
        self.clusters.retain(|_, kept| kept.used >= horizon);
        if self.bytes <= BUDGET {
            return;
        }
        let mut by_age: Vec<_> = self.documents.iter().map(|(key, kept)| (kept.used, *key, kept.size)).collect();
        by_age.sort_unstable_by_key(|(used, key, _)| (*used, *key));
        for (_, key, size) in by_age {
            if self.bytes <= BUDGET {
                break;
            }
            self.documents.remove(&key);
            self.bytes -= size;
        }
    }

    pub(crate) fn files(&self) -> Arc<Files> {
        self.files.clone()
    }

    pub(crate) fn file(&mut self, path: &Arc<str>) -> FileId {
        if let Some(id) = self.ids.get(path) {
            return *id;
        }
        let id = Arc::make_mut(&mut self.files).intern(path);
        self.ids.insert(path.clone(), id);
        id
    }

    /// What the file is about, without parsing it.
    pub(crate) fn outline(&mut self, tree: &dyn Tree, entry: &Entry) -> Outline {
        if let Some(outline) = self.outlines.get(&entry.id) {
            return *outline;
        }
        match tree.read(entry.id) {
            Ok(bytes) => {
                let outline = Outline::of(&bytes);
                self.outlines.insert(entry.id, outline);
                outline
            }
            // Not remembered: a missing object may be there next time.
            Err(_) => Outline::default(),
        }
    }

    /// The file's documents. An object that is not at hand is an error of this file alone.
    pub(crate) fn parsed(&mut self, tree: &dyn Tree, entry: &Entry) -> Result<Arc<Parsed>, ReadError> {
        let file = self.file(&entry.path);
        if let Some(kept) = self.documents.get_mut(&(entry.id, file)) {
            kept.used = self.reading;
            return Ok(kept.parsed.clone());
        }
        let bytes = tree.read(entry.id)?;
        let parsed = Arc::new(parse(&bytes, file));
        let kept = Document { parsed: parsed.clone(), size: bytes.len(), used: self.reading };
        self.bytes += kept.size;
        self.documents.insert((entry.id, file), kept);
        Ok(parsed)
    }

    /// The chart in a folder of some tree; `name` tells one state of its files from every other.
    pub(crate) fn chart(&mut self, tree: &dyn Tree, folder: &str, name: &str) -> ChartAtHand {
        self.charts.chart(tree, folder, name, &mut self.files)
    }

    /// The Application that a document is, read once.
    pub(crate) fn application(&mut self, entry: &Entry, document: &Node) -> Option<Arc<Application>> {
        let known = self.applications.entry((entry.id, document.mark));
        known.or_insert_with(|| argo::read(document).map(Arc::new)).clone()
    }

    /// A file's irregularities, computed once.
    pub(crate) fn notes(
        &mut self,
        tree: &dyn Tree,
        entry: &Entry,
        look: impl FnOnce(&Parsed) -> Vec<Irregularity>,
    ) -> Vec<Irregularity> {
        let key = (entry.id, self.file(&entry.path));
        if let Some(known) = self.notes.get(&key) {
            return known.to_vec();
        }
        let Ok(parsed) = self.parsed(tree, entry) else { return Vec::new() };
        let found = look(&parsed);
        self.notes.insert(key, found.clone().into());
        found
    }

    pub(crate) fn text(&self, tree: &dyn Tree, entry: &Entry) -> Result<String, ReadError> {
        Ok(String::from_utf8_lossy(&tree.read(entry.id)?).into_owned())
    }
}
