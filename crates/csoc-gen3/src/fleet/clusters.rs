//! A cluster's own values: what it calls itself, where it runs, which add-ons it has.

use std::sync::Arc;

use super::account::written;
use super::cache::Remembered;
use super::chart_ref::chart_of;
use super::commons::odd_documents;
use super::inputs::Inputs;
use super::{AddOn, Cache, ClusterReading, Irregularity, Unread};
use crate::layout::{ClusterFolder, join};
use crate::tree::{Entry, Tree};
use crate::yaml::{Kind, Map, Node};

pub struct ClusterResult {
    pub reading: Arc<ClusterReading>,
    pub irregularities: Arc<[Irregularity]>,
    pub unread: Arc<[Unread]>,
}

/// Component files beside the values; they belong to the inputs because an add-on names its file.
fn component_files<'a>(cluster: &ClusterFolder, tree: &'a dyn Tree) -> Vec<&'a Entry> {
    let Some(folder) = &cluster.values_folder else { return Vec::new() };
    tree.under(folder).iter().filter(|entry| crate::layout::is_yaml(&entry.path)).collect()
}

pub fn read(cluster: &ClusterFolder, tree: &dyn Tree, cache: &mut Cache) -> ClusterResult {
    let files = component_files(cluster, tree);
    let mut inputs = Inputs::default();
    for entry in &files {
        inputs.file(cache, entry);
    }
    if let Some(application) = &cluster.application {
        inputs.text(&application.fingerprint);
    }
    let epoch = cache.reading();
    if let Some(kept) = cache.clusters.get_mut(&cluster.folder)
        && kept.inputs == inputs
    {
        kept.used = epoch;
        let (irregularities, unread) = (kept.irregularities.clone(), kept.unread.clone());
        return ClusterResult { reading: kept.own.clone(), irregularities, unread };
    }
    let (reading, irregularities, unread) = compute(cluster, &files, tree, cache);
    let reading = Arc::new(reading);
    let (irregularities, unread): (Arc<[_]>, Arc<[_]>) = (irregularities.into(), unread.into());
    let kept = Remembered {
        inputs,
        own: reading.clone(),
        shown: reading.clone(),
        related: true,
        irregularities: irregularities.clone(),
        unread: unread.clone(),
        used: epoch,
    };
    cache.clusters.insert(cluster.folder.clone(), kept);
    ClusterResult { reading, irregularities, unread }
}

fn compute(
    cluster: &ClusterFolder,
    files: &[&Entry],
    tree: &dyn Tree,
    cache: &mut Cache,
) -> (ClusterReading, Vec<Irregularity>, Vec<Unread>) {
    let (mut irregularities, mut unread) = (Vec::new(), Vec::new());
    let mut values = None;
    for entry in files {
        let is_values = cluster.values.as_ref().is_some_and(|own| own.path == entry.path);
        match cache.parsed(tree, entry) {
            Ok(parsed) => {
                irregularities.extend(odd_documents(&parsed, &entry.path, None, is_values));
                let root = parsed.documents.first();
                if is_values && let Some(root) = root.filter(|node| matches!(node.kind, Kind::Map(_))) {
                    values = Some(root.clone());
                }
            }
            Err(error) => unread.push(Unread { path: entry.path.clone(), line: None, reason: error.to_string() }),
        }
    }
    let said = |key: &str| values.as_deref().and_then(|root| root.get(&[key])).and_then(written);
    let node_image = values.as_deref().and_then(|root| root.get(&["karpenter-crds", "amiSelectorName"]));
    let reading = ClusterReading {
        folder: cluster.folder.clone(),
        stated_name: said("cluster"),
        project: said("project"),
        account: said("accountNumber"),
        node_image: node_image.and_then(written),
        add_ons: values.as_deref().map(|root| add_ons(root, cluster, tree)).unwrap_or_default(),
        values,
        values_path: cluster.values.as_ref().map(|entry| entry.path.clone()),
        chart: cluster
            .application
            .as_ref()
            .and_then(|application| application.sources.iter().find(|source| source.helm.is_some()).and_then(chart_of)),
    };
    (reading, irregularities, unread)
}

/// Every component of the values: a mapping that can be switched (`enabled`, or its misspelling) or has a
/// revision of its own.
fn add_ons(values: &Node, cluster: &ClusterFolder, tree: &dyn Tree) -> Vec<AddOn> {
    let Kind::Map(map) = &values.kind else { return Vec::new() };
    let component = |(name, entry): (&Arc<str>, &crate::yaml::Entry)| {
        let Kind::Map(own) = &entry.node.kind else { return None };
        let switch = own.get("enabled");
        if switch.is_none() && !own.contains_key("enable") && !own.contains_key("targetRevision") {
            return None;
        }
        let file = cluster.values_folder.as_deref().map(|folder| join(folder, &format!("{name}.yaml")));
        Some(AddOn {
            name: name.clone(),
            enabled: switch.is_some_and(|entry| is_true(&entry.node)),
            revision: own.get("targetRevision").and_then(|entry| written(&entry.node)),
            configured: nested_true(own, "configuration"),
            file: file.filter(|path| tree.find(path).is_some()),
            at: entry.key_mark,
        })
    };
    map.iter().filter_map(component).collect()
}

fn nested_true(map: &Map, key: &str) -> bool {
    map.get(key).and_then(|entry| entry.node.get(&["enabled"])).is_some_and(is_true)
}

fn is_true(node: &Node) -> bool {
    matches!(node.kind, Kind::Bool(true))
}
