//! What a commons will be computed from, found without parsing its values: enough to know whether it must
//! be computed again.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::chart_ref::{chart_of, chart_of_wrapped};
use super::inputs::Inputs;
use super::kinds::{self, Wrapped};
use super::ours::Ours;
use super::value_files::{Resolved, implied, resolve};
use super::{Cache, LoadedChart, ReadContext, ValueFileState};
use crate::argo::Source;
use crate::layout::{Place, What, parent};
use crate::tree::Tree;

/// What reading a commons needs beside its place.
pub struct Around<'a> {
    pub tree: &'a dyn Tree,
    pub context: &'a ReadContext<'a>,
    pub ours: &'a Ours,
    /// The folders of all commons, to tell whose a file is.
    pub folders: &'a BTreeSet<Arc<str>>,
}

/// What a place came to, before anything is parsed: enough to know whether it must be computed again.
pub struct Plan {
    pub inputs: Inputs,
    pub files: Vec<Resolved>,
    pub wrapped: Option<Wrapped>,
    pub source: Option<Source>,
    pub chart: Option<ChartAtHand>,
}

/// The chart, or why it cannot be read.
pub type ChartAtHand = Result<Arc<LoadedChart>, String>;

pub fn plan(place: &Place, around: &Around<'_>, cache: &mut Cache) -> Plan {
    let mut inputs = Inputs::default();
    let (mut files, mut wrapped, mut source) = (Vec::new(), None, None);
    match &place.what {
        What::Application { declared, application } => {
            inputs.file(cache, declared);
            inputs.text(&application.fingerprint);
            source = kinds::deploying_source(application, around.tree, around.ours, cache).cloned();
            if let Some(source) = &source {
                wrapped = kinds::wrapped_umbrella(source, around.tree, around.ours, cache);
                files.extend(wrapped.as_ref().and_then(|wrapped| own_values(wrapped, around.tree)));
                files.extend(resolve(application, source, around.tree, around.ours));
                if source.helm.as_ref().is_some_and(|helm| !helm.file_parameters.is_empty()) {
                    let folder = source.path.as_ref().map_or("", |path| path.value.trim_matches('/'));
                    inputs.text(&format!("{:016x}", fingerprint(around.tree, folder)));
                }
            }
        }
        What::Template { declared, value_files, .. } => {
            inputs.file(cache, declared);
            files.extend(value_files.iter().map(|path| implied(path, around.tree)));
        }
        What::Values { value_files } => files.extend(value_files.iter().map(|path| implied(path, around.tree))),
        What::Manifest { declared } => inputs.file(cache, declared),
    }
    for file in &mut files {
        mark_foreign(file, &place.folder, around.folders);
        if let Some(entry) = &file.entry {
            inputs.file(cache, entry);
        }
        inputs.text(&format!("{:?}", file.file.state));
    }
    let chart = chart_at_hand(source.as_ref(), wrapped.as_ref(), around, cache);
    if let Some(Ok(chart)) = &chart {
        inputs.chart(chart.clone());
    }
    inputs.text(place.cluster.as_deref().unwrap_or_default());
    Plan { inputs, files, wrapped, source, chart }
}

fn own_values(wrapped: &Wrapped, tree: &dyn Tree) -> Option<Resolved> {
    let path: Arc<str> = format!("{}/values.yaml", wrapped.folder).into();
    tree.find(&path).map(|_| implied(&path, tree))
}

fn chart_at_hand(
    source: Option<&Source>,
    wrapped: Option<&Wrapped>,
    around: &Around<'_>,
    cache: &mut Cache,
) -> Option<ChartAtHand> {
    let chart = match wrapped {
        Some(wrapped) => chart_of_wrapped(wrapped),
        None => chart_of(source?)?,
    };
    // A chart that lies in this very repository needs nobody to find it.
    if around.ours.here(&chart.repository, &chart.revision)
        && around.tree.find(&format!("{}/Chart.yaml", chart.path)).is_some()
    {
        let name = format!("{:016x}", fingerprint(around.tree, parent(&chart.path)));
        return Some(cache.chart(around.tree, &chart.path, &name));
    }
    let place = around.context.charts?.find(&chart.repository, &chart.path, &chart.revision)?;
    Some(cache.chart(&*place.tree, &place.folder, &place.name))
}

/// The chart and what its `file://` dependencies can reach.
fn fingerprint(tree: &dyn Tree, folder: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for entry in tree.under(folder) {
        (&entry.path, entry.id).hash(&mut hasher);
    }
    hasher.finish()
}

/// A value file that lies in another commons' folder.
fn mark_foreign(file: &mut Resolved, folder: &Arc<str>, folders: &BTreeSet<Arc<str>>) {
    let (ValueFileState::Read, Some(path)) = (&file.file.state, &file.file.path) else { return };
    let inside = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    if inside(folder) {
        return;
    }
    if let Some(owner) = folders.iter().filter(|other| inside(other)).max_by_key(|other| other.len()) {
        file.file.state = ValueFileState::Foreign { owner: owner.clone() };
    }
}
