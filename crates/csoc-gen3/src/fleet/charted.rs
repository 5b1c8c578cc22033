//! Services of a commons whose chart is at hand: the chart decides, nothing is assumed.
//!
//! Story: an Application installs `helm/gen3` at `feat/x`. The caller finds that branch in its copy of the
//! chart repository; there `etl.enabled` is false now, so etl is off here, although no file of the fleet
//! says so and the catalogue would have it on.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::services::{Fallback, read_image, sort};
use super::{EnabledReason, ImageReading, Origin, ServiceReading};
use crate::catalogue::{self, Image};
use crate::helm::chart::Chart;
use crate::helm::{ComputeError, DependencyState, Why, compute_setting};
use crate::tree::Tree;
use crate::yaml::{FileId, Kind, Mark, Node};

/// Charts by where an Application says they are.
pub trait Charts: Send + Sync {
    /// The chart at a revision, when it is at hand. `repository` and `revision` are as written (a Helm
    /// registry and a version, or a Git URL and a branch); `path` is the folder or the chart's name.
    fn find(&self, repository: &str, path: &str, revision: &str) -> Option<ChartPlace>;
}

/// Where a chart's files are.
#[derive(Clone)]
pub struct ChartPlace {
    pub tree: Arc<dyn Tree>,
    /// The folder with its Chart.yaml; `""` is the root.
    pub folder: Arc<str>,
    /// Different whenever any file differs, and short: `gen3-helm@42cc46bc`. Marks show it before the path.
    pub name: Arc<str>,
}

/// A chart, and which files of the reading's table are its own.
#[derive(Clone, Debug)]
pub struct LoadedChart {
    pub chart: Arc<Chart>,
    files: BTreeSet<FileId>,
}

impl LoadedChart {
    pub fn new(chart: Arc<Chart>) -> Self {
        let mut files = BTreeSet::new();
        collect_files(&chart, &mut files);
        Self { chart, files }
    }

    /// Is this a place in the chart (and not in the fleet's own files)?
    pub fn holds(&self, mark: Mark) -> bool {
        self.files.contains(&mark.file)
    }

    fn origin(&self, origin: Origin) -> Origin {
        match origin {
            Origin::Said(mark) if self.holds(mark) => Origin::ChartDefault,
            other => other,
        }
    }
}

fn collect_files(chart: &Chart, files: &mut BTreeSet<FileId>) {
    files.insert(chart.at.file);
    files.extend(chart.app_version.as_ref().map(|version| version.at.file));
    files.extend(chart.dependencies.iter().flatten().map(|dependency| dependency.at.file));
    // A chart without values.yaml has an empty map from nowhere.
    if let Kind::Map(map) = &chart.values.kind {
        files.extend(map.values().map(|entry| entry.key_mark.file));
    }
    for subchart in &chart.subcharts {
        collect_files(subchart, files);
    }
}

/// The services of the umbrella chart's dependencies.
pub fn services(loaded: &LoadedChart, values: &Node) -> Result<Vec<ServiceReading>, ComputeError> {
    let computed = compute_setting(&loaded.chart, values, IMAGE)?;
    let own = computed.dependencies.iter().filter(|dependency| dependency.path.len() == 1);
    let mut services: Vec<ServiceReading> =
        own.filter_map(|dependency| service(loaded, dependency, values, &computed.values)).collect();
    sort(&mut services);
    Ok(services)
}

fn service(loaded: &LoadedChart, dependency: &DependencyState, said: &Node, computed: &Node) -> Option<ServiceReading> {
    let is_library = dependency.chart.as_ref().is_some_and(|chart| chart.library);
    if is_library || catalogue::NOT_SERVICES.contains(&&*dependency.name) {
        return None;
    }
    if !dependency.enabled && said.get(&[&dependency.key]).is_none() {
        return None;
    }
    Some(ServiceReading {
        service: dependency.key.clone(),
        enabled: dependency.enabled,
        reason: reason(loaded, dependency),
        images: images(loaded, dependency, computed),
    })
}

fn reason(loaded: &LoadedChart, dependency: &DependencyState) -> EnabledReason {
    let (path, at) = match &dependency.why {
        Why::Condition { path, at } => (path.clone(), *at),
        Why::Tag { tag, at } => (format!("tags.{tag}"), *at),
        // Nothing switches it: it comes with the chart.
        Why::Default | Why::Undeclared => {
            return EnabledReason::ChartDefault { path: dependency.key.to_string() };
        }
    };
    if loaded.holds(at) { EnabledReason::ChartDefault { path } } else { EnabledReason::Values { path, at } }
}

/// The setting below which every chart has its images, as the catalogue's paths say, too.
const IMAGE: &str = "image";
const PLAIN: Image = Image { component: None, path: &[IMAGE], repository: "", tag: "" };

/// The images as the catalogue says where to look for them; of a chart it does not know, the usual place.
/// A dependency that is off has no defaults in the computed values, so its own chart is asked.
fn images(loaded: &LoadedChart, dependency: &DependencyState, computed: &Node) -> Vec<ImageReading> {
    let key = &*dependency.key;
    let known = catalogue::service(&dependency.name).map_or(&[PLAIN][..], |service| service.images);
    let chart = dependency.chart.as_deref();
    let version = dependency.app_version.as_ref().map(|version| &*version.text);
    let mut found = Vec::new();
    for image in known {
        let mut path = vec![key];
        path.extend(image.path);
        let default = |name: &str| {
            let mut path = image.path.to_vec();
            path.push(name);
            chart.and_then(|chart| chart.values.get(&path)).map(Node::render).filter(|text| !text.is_empty())
        };
        let (repository, tag) = (default("repository"), default("tag"));
        let at_hand = |text: &Option<String>| text.is_some() || version.is_some();
        let fallback = Fallback {
            repository: repository.as_deref().unwrap_or(image.repository),
            repository_origin: if repository.is_some() { Origin::ChartDefault } else { Origin::Assumed },
            tag: tag.as_deref().or(version).unwrap_or(image.tag),
            tag_origin: if at_hand(&tag) { Origin::ChartDefault } else { Origin::Assumed },
        };
        let mut reading = read_image(key, image, computed, &fallback);
        if reading.repository.is_empty() {
            continue;
        }
        reading.repository_origin = loaded.origin(reading.repository_origin);
        reading.tag_origin = loaded.origin(reading.tag_origin);
        if reading.tag_origin == Origin::ChartDefault {
            reading.tag_written = None;
        }
        found.push(reading);
    }
    found
}
