//! One commons' values at one commit, read from the local copy.

use std::sync::{Arc, Mutex, PoisonError};

use csoc_api::values::OriginRow;
use csoc_core::access::Visible;
use csoc_core::{CommonsId, SourceId};
use csoc_gen3::argo::location::Place;
use csoc_gen3::fleet::{self, Cache, Charts as _, CommonsReading, LoadedChart, ReadContext, ValueFileState};
use csoc_gen3::helm::values::read as read_values;
use csoc_gen3::helm::{Reading, chart, compute, defaults_of, without_copies};
use csoc_gen3::tree::Tree as _;
use csoc_gen3::yaml::{Entry, FileId, Files, Kind, Limits, Mark, Node};
use csoc_source::{CommitId, Repository};

use crate::app::App;
use crate::ingest::{self, At, ChartSources, ChartsThen, Position, When};
use crate::service::Fault;

/// Sides that are kept: two of each comparison, and a few pages that are leafed through.
const KEPT: usize = 16;

/// One commons' values at one commit.
pub(super) struct Side {
    pub name: String,
    pub commit: String,
    pub time: jiff::Timestamp,
    pub reading: Arc<CommonsReading>,
    files: Files,
    /// What was merged, the weakest first: the chart, the value files, what the Application itself says.
    pub layers: Vec<SideLayer>,
    /// With the chart's defaults; or why not, when a chart is at hand that does not work.
    pub charted: Option<Result<Charted, String>>,
}

pub(super) struct SideLayer {
    /// `chart`, `file`, `application`.
    pub kind: &'static str,
    pub path: String,
    pub root: Node,
}

/// What Helm's templates see.
pub(super) struct Charted {
    /// `gen3-helm@42cc46bc`
    pub name: String,
    pub values: Node,
    pub defaults: Node,
    loaded: LoadedChart,
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
    when: When,
    charts: Vec<Position>,
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
    let sources = ChartSources::load(app, stored.organization).await?;
    let (there, charts) = (repository.clone(), sources.clone());
    let (commit, when) = ingest::blocking(move || match &at {
        None => {
            let head = head.parse().map_err(|_| Fault::Outside("the source's head is not a commit".to_owned()))?;
            Ok((head, When::Now))
        }
        Some(at) => ingest::moment(&there, &charts, &head, at)?
            .ok_or_else(|| Fault::invalid("at", "the source has no landing at or before that")),
    })
    .await?;
    let charts = if when == When::Now { seen.fleet.charts.clone() } else { Vec::new() };
    let key = Key { source, commit, folders, name, when, charts };
    if let Some(kept) = app.values.get(&key) {
        return Ok(kept);
    }
    let mut repository_urls = vec![stored.location.clone()];
    repository_urls.extend(stored.aliases.iter().cloned());
    let branch = Some(stored.branch.clone()).filter(|branch| !branch.is_empty());
    let place = Place { repository_urls, branch, ..Place::default() };
    let (asked, charts) = (key.clone(), ingest::charts_at(&sources, &seen.fleet, when));
    let side =
        ingest::blocking(move || read(&repository, commit, (place, &charts), &asked.folders, asked.name)).await?;
    let side = Arc::new(side);
    app.values.put(key, side.clone());
    Ok(side)
}

fn read(
    repository: &Repository,
    commit: CommitId,
    (place, charts): (Place, &ChartsThen),
    folders: &[String],
    name: String,
) -> Result<Side, Fault> {
    let outside = |error: csoc_source::SourceError| Fault::Outside(error.to_string());
    let tree = repository.tree(commit).map_err(outside)?;
    let landing = repository.landing(commit).map_err(outside)?;
    // The services of all commons are not asked for: the chart of this one is read below.
    let context = ReadContext { place, ..ReadContext::default() };
    let reading = fleet::read(&tree, &context, &mut Cache::default());
    let found = folders.iter().find_map(|folder| reading.commons.iter().find(|one| *one.folder == **folder));
    let commons = found.cloned().ok_or_else(|| Fault::invalid("at", "this commons was not declared at that time"))?;
    let mut files = Files::clone(&reading.files);
    let charted = commons.values.as_deref().and_then(|values| charted(&commons, values, charts, &mut files));
    let mut layers = Vec::new();
    if let Some(Ok(charted)) = &charted {
        let path = match &commons.chart {
            Some(chart) => format!("{}:{}", charted.name, chart.path),
            None => charted.name.clone(),
        };
        layers.push(SideLayer { kind: "chart", path, root: charted.defaults.clone() });
    }
    for file in commons.value_files.iter().filter(|file| file.state == ValueFileState::Read) {
        let Some(path) = &file.path else { continue };
        let bytes = tree.find(path).and_then(|entry| tree.read(entry.id).ok());
        if let Some(document) = bytes.and_then(|bytes| read_values(&bytes, FileId(0), &Limits::default()).ok()) {
            layers.push(SideLayer { kind: "file", path: path.to_string(), root: document.root });
        }
    }
    if let (Some(values), Some(declared)) = (commons.values.as_deref(), commons.declared_at)
        && let Some(root) = said_in(values, declared.file)
    {
        layers.push(SideLayer { kind: "application", path: files.path(declared.file).to_string(), root });
    }
    Ok(Side {
        name,
        commit: commit.to_string(),
        time: landing.committer.time,
        reading: commons,
        files,
        layers,
        charted,
    })
}

/// With the chart's defaults, when the chart is at hand.
fn charted(
    commons: &CommonsReading,
    values: &Node,
    charts: &ChartsThen,
    files: &mut Files,
) -> Option<Result<Charted, String>> {
    let own = commons.charted.as_ref().map(|loaded| ("this repository".to_owned(), Ok(loaded.chart.clone())));
    let (name, loaded) = own.or_else(|| {
        let chart = commons.chart.as_ref()?;
        let place = charts.find(&chart.repository, &chart.path, &chart.revision)?;
        let prefix = format!("{}:", place.name);
        let mut reading = Reading { files, prefix: &prefix, limits: Limits::default() };
        let loaded = chart::load(&*place.tree, &place.folder, &mut reading);
        Some((place.name.to_string(), loaded.map_err(|error| error.to_string())))
    })?;
    let computed = loaded.and_then(|chart| {
        let mut computed = compute(&chart, values).map_err(|error| error.to_string())?;
        let mut defaults = defaults_of(&chart, values, &computed).map_err(|error| error.to_string())?;
        without_copies(&mut defaults, &computed.dependencies);
        without_copies(&mut computed.values, &computed.dependencies);
        Ok(Charted { name: name.clone(), values: computed.values, defaults, loaded: LoadedChart::new(chart) })
    });
    Some(computed.map_err(|why| format!("The chart {name} gives no values: {why}.")))
}

/// What of the values stands in this very file.
fn said_in(values: &Node, file: FileId) -> Option<Node> {
    match &values.kind {
        Kind::Map(map) if !map.is_empty() => {
            let kept = |(key, entry): (&Arc<str>, &Entry)| {
                Some((key.clone(), Entry { key_mark: entry.key_mark, node: said_in(&entry.node, file)? }))
            };
            let map: csoc_gen3::yaml::Map = map.iter().filter_map(kept).collect();
            (!map.is_empty()).then(|| Node { kind: Kind::map(map), ..values.clone() })
        }
        _ => (values.mark.file == file && values.mark.line > 0).then(|| values.clone()),
    }
}

impl Side {
    /// What the files and the Application give to Helm, or the sentence that says why it is not known.
    pub fn said(&self) -> Result<&Node, String> {
        self.reading.values.as_deref().ok_or_else(|| {
            let why = match &self.reading.state {
                fleet::ReadingState::Broken(why) | fleet::ReadingState::Unknown(why) => why.clone(),
                _ => "it is not deployed by Helm".to_owned(),
            };
            format!("The values of {} are not known: {why}.", self.name)
        })
    }

    pub fn chart(&self) -> Option<&Charted> {
        self.charted.as_ref()?.as_ref().ok()
    }

    /// With the chart's defaults where both sides have them: else every default would be a difference.
    pub fn values(&self, with_chart: bool) -> Result<&Node, String> {
        let said = self.said()?;
        Ok(self.chart().filter(|_| with_chart).map_or(said, |charted| &charted.values))
    }

    pub fn is_default(&self, mark: Mark) -> bool {
        self.chart().is_some_and(|charted| charted.loaded.holds(mark))
    }

    pub fn path(&self, mark: Mark) -> String {
        self.files.path(mark.file).to_string()
    }

    pub fn origin(&self, mark: Mark) -> Option<OriginRow> {
        (mark.line > 0).then(|| {
            let path = self.path(mark);
            let layer = match self.is_default(mark) {
                true => Some(0),
                false => self.layers.iter().position(|layer| layer.path == path),
            };
            let layer = u32::try_from(layer.unwrap_or(self.layers.len())).unwrap_or(u32::MAX);
            OriginRow { layer, path, line: mark.line, column: mark.column }
        })
    }
}
