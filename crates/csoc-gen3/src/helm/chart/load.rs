//! Finds a chart's files and subcharts in a tree.

use std::collections::HashMap;
use std::sync::Arc;

use super::archive;
use super::metadata::{Metadata, Problem};
use super::{Chart, Dependency, Reading};
use crate::helm::values::{self, ValuesError};
use crate::tree::{EntryKind, ReadError, Tree};
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
    Loader { tree, reading, known: HashMap::new() }.chart(folder, &mut Vec::new())
}

struct Loader<'t, 'r, 'f> {
    tree: &'t dyn Tree,
    reading: &'r mut Reading<'f>,
    /// A chart that several name (`file://../common`) is read once.
    known: HashMap<String, Arc<Chart>>,
}

impl Loader<'_, '_, '_> {
    fn chart(&mut self, folder: &str, above: &mut Vec<String>) -> Result<Arc<Chart>, ChartError> {
        if let Some(chart) = self.known.get(folder) {
            return Ok(chart.clone());
        }
        if above.len() >= DEEPEST {
            return Err(ChartError::TooDeep { folder: folder.to_owned(), limit: DEEPEST });
        }
        above.push(folder.to_owned());
        let chart = self.folder(folder, above);
        above.pop();
        let chart = Arc::new(chart?);
        self.known.insert(folder.to_owned(), chart.clone());
        Ok(chart)
    }

    fn folder(&mut self, folder: &str, above: &mut Vec<String>) -> Result<Chart, ChartError> {
        let path = |name: &str| join(folder, name);
        let mut metadata = Metadata::default();
        let description = self.read(&path("Chart.yaml"))?;
        let requirements = self.read(&path("requirements.yaml"))?;
        if description.is_none() && requirements.is_none() {
            return Err(ChartError::NoChartYaml { folder: folder.to_owned() });
        }
        let mut at = Mark::default();
        for (name, bytes) in [("Chart.yaml", description), ("requirements.yaml", requirements)] {
            if let Some(bytes) = bytes {
                let found = self.metadata(&path(name), &bytes, &mut metadata)?;
                if name == "Chart.yaml" {
                    at = found;
                }
            }
        }
        metadata.check(at).map_err(|problem| invalid(&path("Chart.yaml"), problem))?;
        let values = match self.read(&path("values.yaml"))? {
            Some(bytes) => self.values(&path("values.yaml"), &bytes)?,
            None => values::empty(),
        };
        let mut subcharts = self.vendored(&path("charts"), above)?;
        for dependency in metadata.dependencies.iter().flatten() {
            if !subcharts.iter().any(|chart| dependency.means(chart))
                && let Some(chart) = self.beside(folder, dependency, above)?
            {
                subcharts.push(chart);
            }
        }
        Ok(finish(metadata, at, values, subcharts))
    }

    fn metadata(&mut self, path: &str, bytes: &[u8], metadata: &mut Metadata) -> Result<Mark, ChartError> {
        let document = self.parse(path, bytes)?;
        metadata.read(&document.root).map_err(|problem| invalid(path, problem))?;
        Ok(document.root.mark)
    }

    fn parse(&mut self, path: &str, bytes: &[u8]) -> Result<Document, ChartError> {
        let file = self.file(path);
        let parsed = yaml::parse(bytes, file, &self.reading.limits);
        parsed.map_err(|error| ChartError::Parse { path: path.to_owned(), error })
    }

    fn values(&mut self, path: &str, bytes: &[u8]) -> Result<yaml::Node, ChartError> {
        let file = self.file(path);
        let read = values::read(bytes, file, &self.reading.limits);
        Ok(read.map_err(|error| ChartError::Values { path: path.to_owned(), error })?.root)
    }

    fn file(&mut self, path: &str) -> FileId {
        let name = format!("{}{path}", self.reading.prefix);
        self.reading.files.intern(&name)
    }

    fn read(&self, path: &str) -> Result<Option<Arc<[u8]>>, ChartError> {
        match self.tree.find(path) {
            Some(entry) if entry.kind == EntryKind::File => {
                self.tree.read(entry.id).map(Some).map_err(|error| ChartError::Read { path: path.to_owned(), error })
            }
            _ => Ok(None),
        }
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
        let Some(bytes) = self.read(path)? else { return Ok(None) };
        let tree = archive::unpack(&bytes).map_err(|reason| ChartError::Archive { path: path.to_owned(), reason })?;
        let prefix = format!("{}{path}!", self.reading.prefix);
        let mut reading = Reading { files: self.reading.files, prefix: &prefix, limits: self.reading.limits };
        let mut inner = Loader { tree: &tree, reading: &mut reading, known: HashMap::new() };
        inner.chart("", above).map(Some)
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

fn finish(metadata: Metadata, at: Mark, values: yaml::Node, subcharts: Vec<Arc<Chart>>) -> Chart {
    Chart {
        name: metadata.name,
        version: metadata.version,
        app_version: metadata.app_version,
        library: &*metadata.kind == "library",
        at,
        values: Arc::new(values),
        dependencies: metadata.dependencies,
        subcharts,
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
