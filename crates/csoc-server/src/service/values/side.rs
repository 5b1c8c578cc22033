//! One commons' values at one commit, read from the local copy.

use std::sync::{Arc, Mutex, PoisonError};

use csoc_api::values::OriginRow;
use csoc_core::access::Visible;
use csoc_core::{CommonsId, SourceId};
use csoc_gen3::argo::location::Place;
use csoc_gen3::fleet::{self, Cache, CommonsReading, ReadContext, ValueFileState};
use csoc_gen3::helm::values::read as read_values;
use csoc_gen3::tree::Tree as _;
use csoc_gen3::yaml::{FileId, Files, Limits, Mark, Node};
use csoc_source::{CommitId, Repository};

use crate::app::App;
use crate::ingest::{self, At};
use crate::service::Fault;

/// Sides that are kept: two of each comparison, and a few pages that are leafed through.
const KEPT: usize = 16;

/// One commons' values at one commit.
pub(super) struct Side {
    pub name: String,
    pub commit: String,
    pub time: jiff::Timestamp,
    pub reading: Arc<CommonsReading>,
    files: Arc<Files>,
    /// The value files as they are, in the order in which they are merged.
    pub layers: Vec<(String, Node)>,
}

/// The sides that were looked at last, the least recently asked first. Who asks was let in before.
#[derive(Default)]
pub struct Recent {
    sides: Mutex<Vec<(Key, Arc<Side>)>>,
}

/// What a side depends on beside the commit's files: where the commons is, and what it is called.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    source: SourceId,
    commit: CommitId,
    folders: Vec<String>,
    name: String,
}

impl Recent {
    fn get(&self, key: &Key) -> Option<Arc<Side>> {
        let mut sides = self.sides.lock().unwrap_or_else(PoisonError::into_inner);
        let at = sides.iter().position(|(kept, _)| kept == key)?;
        let kept = sides.remove(at);
        let side = kept.1.clone();
        sides.push(kept);
        Some(side)
    }

    fn put(&self, key: Key, side: Arc<Side>) {
        let mut sides = self.sides.lock().unwrap_or_else(PoisonError::into_inner);
        if sides.len() == KEPT {
            sides.remove(0);
        }
        sides.push((key, side));
    }
}

pub(super) async fn side(app: &App, visible: &Visible, id: CommonsId, at: Option<&str>) -> Result<Arc<Side>, Fault> {
    let lens = app.fleet.view().lens(visible);
    let seen = lens.commons(id).ok_or(Fault::NotFound { what: "commons" })?;
    let (source, head, name) = (seen.fleet.source, seen.fleet.commit.clone(), seen.row.name.clone());
    // Where it is shown to be, then where it has been.
    let been = seen.fleet.folders.iter().filter(|(folder, commons)| **commons == id && **folder != seen.row.folder);
    let folders: Vec<String> =
        std::iter::once(&seen.row.folder).chain(been.map(|(folder, _)| folder)).cloned().collect();
    let stored = app.store.source_fetch(visible, source).await?.ok_or(Fault::NotFound { what: "source" })?;
    let repository = ingest::source_repository(app, visible, source).await?;
    let at = at.map(At::parse).transpose()?;
    let there = repository.clone();
    let commit = ingest::blocking(move || match &at {
        None => head.parse().map_err(|_| Fault::Outside("the source's head is not a commit".to_owned())),
        Some(at) => ingest::commit_at(&there, &head, at)?
            .ok_or_else(|| Fault::invalid("at", "the source has no landing at or before that")),
    })
    .await?;
    let key = Key { source, commit, folders, name };
    if let Some(kept) = app.values.get(&key) {
        return Ok(kept);
    }
    let mut repository_urls = vec![stored.location.clone()];
    repository_urls.extend(stored.aliases.iter().cloned());
    let branch = Some(stored.branch.clone()).filter(|branch| !branch.is_empty());
    let place = Place { repository_urls, branch, ..Place::default() };
    let asked = key.clone();
    let side = ingest::blocking(move || read(&repository, commit, place, &asked.folders, asked.name)).await?;
    let side = Arc::new(side);
    app.values.put(key, side.clone());
    Ok(side)
}

fn read(
    repository: &Repository,
    commit: CommitId,
    place: Place,
    folders: &[String],
    name: String,
) -> Result<Side, Fault> {
    let outside = |error: csoc_source::SourceError| Fault::Outside(error.to_string());
    let tree = repository.tree(commit).map_err(outside)?;
    let landing = repository.landing(commit).map_err(outside)?;
    let context = ReadContext { place, ..ReadContext::default() };
    let reading = fleet::read(&tree, &context, &mut Cache::default());
    let found = folders.iter().find_map(|folder| reading.commons.iter().find(|one| *one.folder == **folder));
    let commons = found.cloned().ok_or_else(|| Fault::invalid("at", "this commons was not declared at that time"))?;
    let mut layers = Vec::new();
    for file in commons.value_files.iter().filter(|file| file.state == ValueFileState::Read) {
        let Some(path) = &file.path else { continue };
        let bytes = tree.find(path).and_then(|entry| tree.read(entry.id).ok());
        if let Some(document) = bytes.and_then(|bytes| read_values(&bytes, FileId(0), &Limits::default()).ok()) {
            layers.push((path.to_string(), document.root));
        }
    }
    Ok(Side {
        name,
        commit: commit.to_string(),
        time: landing.committer.time,
        reading: commons,
        files: reading.files.clone(),
        layers,
    })
}

impl Side {
    /// Or the sentence that says why they are not known.
    pub fn values(&self) -> Result<&Node, String> {
        self.reading.values.as_deref().ok_or_else(|| {
            let why = match &self.reading.state {
                fleet::ReadingState::Broken(why) | fleet::ReadingState::Unknown(why) => why.clone(),
                _ => "it is not deployed by Helm".to_owned(),
            };
            format!("The values of {} are not known: {why}.", self.name)
        })
    }

    pub fn origin(&self, mark: Mark) -> Option<OriginRow> {
        (mark.line > 0).then(|| {
            let path = self.files.path(mark.file).to_string();
            let layer = self.layers.iter().position(|(layer, _)| *layer == path).unwrap_or(self.layers.len());
            OriginRow { layer: u32::try_from(layer).unwrap_or(u32::MAX), path, line: mark.line, column: mark.column }
        })
    }
}
