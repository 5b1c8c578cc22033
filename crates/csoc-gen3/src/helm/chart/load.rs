//! Finds a chart's files and subcharts in a tree.

use std::collections::HashMap;
use std::sync::Arc;

use super::archive;
use super::known::{Described, Known};
use super::metadata::{Metadata, Problem};
use super::{Chart, Dependency, Reading};
use crate::helm::compute::Imported;
use crate::helm::values::{self, ValuesError};
use crate::tree::{BlobId, EntryKind, ReadError, Tree};
use crate::yaml::{self, Document, FileId, Mark, ParseError};

/// Why there is no chart.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChartError {
    #[error("{folder} holds no Chart.yaml")]
    NoChartYaml { folder: String },
    #[error("could not read {path}: {error}")]
    Read { path: String, error: ReadError },
    #[error("{path}: {error}")]
    Parse { path: String, error: ParseError },
    #[error("{path}: {error}")]
    Values { path: String, error: ValuesError },
    #[error("{path}, line {line}: {reason}")]
    Invalid { path: String, line: u32, reason: String },
    #[error("{path} is not a packed chart: {reason}")]
    Archive { path: String, reason: String },
    #[error("{folder} holds charts within charts more than {limit} levels deep")]
    TooDeep { folder: String, limit: usize },
}

const DEEPEST: usize = 12;

/// Reads the chart of a folder (`""` is the root of the tree), with everything below `charts/` and every
/// `file://` dependency that the tree holds.
pub fn load(tree: &dyn Tree, folder: &str, reading: &mut Reading<'_>) -> Result<Arc<Chart>, ChartError> {
    load_knowing(tree, folder, reading, &mut Known::default())
}

/// As [`load`]; what did not change since an earlier load of the same repository is not read again.
pub fn load_knowing(
    tree: &dyn Tree,
    folder: &str,
    reading: &mut Reading<'_>,
    known: &mut Known,
) -> Result<Arc<Chart>, ChartError> {
    known.begin();
    let chart = Loader { tree, reading, known, done: HashMap::new() }.chart(folder, &mut Vec::new());
    known.end();
    chart
}

struct Loader<'t, 'r, 'f> {
    tree: &'t dyn Tree,
    reading: &'r mut Reading<'f>,
    known: &'r mut Known,
    /// A chart that several name (`file://../common`) is read once.
    done: HashMap<String, Arc<Chart>>,
}

impl Loader<'_, '_, '_> {
    fn chart(&mut self, folder: &str, above: &mut Vec<String>) -> Result<Arc<Chart>, ChartError> {
        if let Some(chart) = self.done.get(folder) {
            return Ok(chart.clone());
        }
        if above.len() >= DEEPEST {
            return Err(ChartError::TooDeep { folder: folder.to_owned(), limit: DEEPEST });
        }
        above.push(folder.to_owned());
        let chart = self.folder(folder, above);
        above.pop();
        let chart = chart?;
        self.done.insert(folder.to_owned(), chart.clone());
        Ok(chart)
    }

    fn folder(&mut self, folder: &str, above: &mut Vec<String>) -> Result<Arc<Chart>, ChartError> {
        let described = self.described(folder)?;
        let values = self.values(folder)?;
        let mut subcharts = self.vendored(&join(folder, "charts"), above)?;
        for dependency in described.metadata.dependencies.iter().flatten() {
            if !subcharts.iter().any(|chart| dependency.means(chart))
                && let Some(chart) = self.beside(folder, dependency, above)?
            {
                subcharts.push(chart);
            }
        }
        if let Some(chart) = self.known.chart(folder, &described, values.as_ref(), &subcharts) {
            return Ok(chart);
        }
        let values = values.unwrap_or_else(|| Arc::new(values::empty()));
        let chart = Arc::new(finish(&described, values, subcharts));
        self.known.keep_chart(folder, described, chart.clone());
        Ok(chart)
    }

    fn described(&mut self, folder: &str) -> Result<Arc<Described>, ChartError> {
        let paths = ["Chart.yaml", "requirements.yaml"].map(|name| join(folder, name));
        let ids = [self.file(&paths[0]), self.file(&paths[1])];
        if ids == [None, None] {
            return Err(ChartError::NoChartYaml { folder: folder.to_owned() });
        }
        let (tree, reading) = (self.tree, &mut *self.reading);
        self.known.description((folder.to_owned(), ids[0], ids[1]), || {
            let (mut metadata, mut at) = (Metadata::default(), Mark::default());
            for (index, (path, id)) in paths.iter().zip(ids).enumerate() {
                let Some(id) = id else { continue };
                let document = document(tree, reading, path, id)?;
                metadata.read(&document.root).map_err(|problem| invalid(path, problem))?;
                if index == 0 {
                    at = document.root.mark;
                }
            }
            metadata.check(at).map_err(|problem| invalid(&paths[0], problem))?;
            Ok(Described { metadata, at })
        })
    }

    fn values(&mut self, folder: &str) -> Result<Option<Arc<yaml::Node>>, ChartError> {
        let path = join(folder, "values.yaml");
        let Some(id) = self.file(&path) else { return Ok(None) };
        let (tree, reading) = (self.tree, &mut *self.reading);
        let read = self.known.values((path.clone(), id), || {
            let bytes = bytes(tree, &path, id)?;
            let file = intern(reading, &path);
            let read = values::read(&bytes, file, &reading.limits);
            Ok(read.map_err(|error| ChartError::Values { path: path.clone(), error })?.root)
        });
        read.map(Some)
    }

    fn file(&self, path: &str) -> Option<BlobId> {
        self.tree.find(path).filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.id)
    }

    /// What stands in `charts/`: folders and packed charts.
    fn vendored(&mut self, charts: &str, above: &mut Vec<String>) -> Result<Vec<Arc<Chart>>, ChartError> {
        let mut names: Vec<String> = Vec::new();
        for entry in self.tree.under(charts) {
            let name = entry.path[charts.len() + 1..].split('/').next().unwrap_or_default();
            if names.last().is_none_or(|last| last != name) {
                names.push(name.to_owned());
            }
        }
        let mut found = Vec::new();
        for name in names {
            let path = join(charts, &name);
            if name.starts_with(['_', '.']) || name.ends_with(".prov") {
                continue;
            }
            if name.ends_with(".tgz") {
                found.extend(self.packed(&path, above)?);
            } else {
                found.push(self.chart(&path, above)?);
            }
        }
        Ok(found)
    }

    fn packed(&mut self, path: &str, above: &mut Vec<String>) -> Result<Option<Arc<Chart>>, ChartError> {
        let Some(id) = self.file(path) else { return Ok(None) };
        let key = (path.to_owned(), id);
        if let Some(chart) = self.known.packed(&key) {
            return Ok(chart);
        }
        let bytes = bytes(self.tree, path, id)?;
        let tree = archive::unpack(&bytes).map_err(|reason| ChartError::Archive { path: path.to_owned(), reason })?;
        let prefix = format!("{}{path}!", self.reading.prefix);
        let mut reading = Reading { files: self.reading.files, prefix: &prefix, limits: self.reading.limits };
        let (known, done) = (&mut Known::default(), HashMap::new());
        let chart = Loader { tree: &tree, reading: &mut reading, known, done }.chart("", above).map(Some)?;
        self.known.keep_packed(key, chart.clone());
        Ok(chart)
    }

    /// A `file://` dependency, where the tree has it.
    fn beside(
        &mut self,
        folder: &str,
        dependency: &Dependency,
        above: &mut Vec<String>,
    ) -> Result<Option<Arc<Chart>>, ChartError> {
        let Some(relative) = dependency.repository.strip_prefix("file://") else { return Ok(None) };
        let Some(target) = resolve(folder, relative) else { return Ok(None) };
        if above.contains(&target) || self.tree.find(&join(&target, "Chart.yaml")).is_none() {
            return Ok(None);
        }
        self.chart(&target, above).map(Some)
    }
}

fn bytes(tree: &dyn Tree, path: &str, id: BlobId) -> Result<Arc<[u8]>, ChartError> {
    tree.read(id).map_err(|error| ChartError::Read { path: path.to_owned(), error })
}

fn intern(reading: &mut Reading<'_>, path: &str) -> FileId {
    let name = format!("{}{path}", reading.prefix);
    reading.files.intern(&name)
}

fn document(tree: &dyn Tree, reading: &mut Reading<'_>, path: &str, id: BlobId) -> Result<Document, ChartError> {
    let bytes = bytes(tree, path, id)?;
    let file = intern(reading, path);
    let parsed = yaml::parse(&bytes, file, &reading.limits);
    parsed.map_err(|error| ChartError::Parse { path: path.to_owned(), error })
}

fn finish(described: &Described, values: Arc<yaml::Node>, subcharts: Vec<Arc<Chart>>) -> Chart {
    let metadata = &described.metadata;
    Chart {
        name: metadata.name.clone(),
        version: metadata.version.clone(),
        app_version: metadata.app_version.clone(),
        library: &*metadata.kind == "library",
        at: described.at,
        values,
        dependencies: metadata.dependencies.clone(),
        subcharts,
        frozen: std::sync::OnceLock::new(),
        imported: Imported::default(),
    }
}

fn invalid(path: &str, problem: Problem) -> ChartError {
    ChartError::Invalid { path: path.to_owned(), line: problem.at.line, reason: problem.reason }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// A relative path from a folder; `None` when it leaves the tree or is absolute.
fn resolve(folder: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
