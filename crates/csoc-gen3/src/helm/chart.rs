//! A chart, read from a folder of a tree.
//!
//! `helm/gen3` has a Chart.yaml with 48 dependencies, most of them `file://../fence` beside it. Helm packs
//! those into `charts/` first; here they are read where they stand. What would have to be fetched is not
//! fetched: it is listed as missing, and values are computed without its defaults.

use std::sync::{Arc, OnceLock};

use super::compute::Imported;
use super::table::Frozen;
use super::version;
use crate::yaml::{Files, Kind, Limits, Mark, Node};

mod archive;
mod known;
mod load;
mod metadata;

pub use known::Known;
pub use load::{ChartError, load, load_knowing};

/// A chart with its defaults and the subcharts that are at hand.
#[derive(Clone, Debug)]
pub struct Chart {
    pub name: Arc<str>,
    pub version: Arc<str>,
    pub app_version: Option<AppVersion>,
    /// A library chart deploys nothing of its own.
    pub library: bool,
    /// Its Chart.yaml.
    pub at: Mark,
    /// The defaults (values.yaml): a map, with marks in the chart's own file.
    pub values: Arc<Node>,
    /// As declared. `None` is not the same as none: only then Helm leaves subcharts as they are.
    pub dependencies: Option<Vec<Dependency>>,
    pub subcharts: Vec<Arc<Self>>,
    /// The defaults once more, as they are laid under values.
    frozen: OnceLock<Arc<Frozen>>,
    /// What its parts import and share, by which of them are on.
    pub(super) imported: Imported,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppVersion {
    pub text: Arc<str>,
    pub at: Mark,
}

/// An entry of `dependencies`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    pub name: Arc<str>,
    pub alias: Option<Arc<str>>,
    pub version: Arc<str>,
    /// `file://../fence`, `https://...`, `oci://...`, `@name`, or empty.
    pub repository: Arc<str>,
    /// Paths with commas between them; the first that holds a boolean decides.
    pub condition: Arc<str>,
    pub tags: Vec<Arc<str>>,
    pub import_values: Vec<ImportValues>,
    pub at: Mark,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportValues {
    /// `- data`: what the subchart has under `exports.data`.
    Export(Arc<str>),
    /// `- child: a.b, parent: c`
    Table { child: Arc<str>, parent: Arc<str> },
}

impl Dependency {
    /// The key of its values: the alias, or else the name.
    pub fn key(&self) -> &Arc<str> {
        self.alias.as_ref().unwrap_or(&self.name)
    }

    pub(super) fn means(&self, chart: &Chart) -> bool {
        self.name == chart.name && version::fits(&self.version, &chart.version)
    }
}

impl Chart {
    pub(super) fn frozen(&self) -> &Arc<Frozen> {
        self.frozen.get_or_init(|| match &self.values.kind {
            Kind::Map(map) => Frozen::from_map(map, self.values.mark),
            _ => Frozen::from_map(&crate::yaml::Map::new(), self.values.mark),
        })
    }

    fn has_no_values(&self) -> bool {
        matches!(&self.values.kind, Kind::Map(map) if map.is_empty())
    }

    /// Dependencies without a chart at hand.
    pub fn missing(&self) -> impl Iterator<Item = &Dependency> {
        let declared = self.dependencies.iter().flatten();
        declared.filter(|dependency| !self.subcharts.iter().any(|chart| dependency.means(chart)))
    }

    /// What the chart itself and the subcharts on the way say at a path, the strongest first.
    pub fn defaults_at(&self, path: &[&str]) -> Vec<&Node> {
        let own = self.values.get(path);
        let below = path.split_first().into_iter().flat_map(|(first, rest)| {
            let declared = self.dependencies.iter().flatten().find(|d| **d.key() == **first);
            let named = |chart: &&Arc<Self>| match declared {
                Some(dependency) => dependency.means(chart),
                None => *chart.name == **first,
            };
            self.subcharts.iter().find(named).map(|chart| chart.defaults_at(rest)).unwrap_or_default()
        });
        own.into_iter().chain(below).collect()
    }
}

/// Where a chart's files are put in the table of files, and how much of them is read.
pub struct Reading<'a> {
    pub files: &'a mut Files,
    /// Written before each path, to tell the chart's files from the fleet's (`gen3-helm@master:`).
    pub prefix: &'a str,
    pub limits: Limits,
}
