//! What an Application or a file of values is: a Gen3 commons, a cluster's add-ons, or none of our business.

use std::sync::Arc;

use regex::Regex;

use super::ours::Ours;
use super::value_files;
use super::{Cache, Layout};
use crate::argo::{Application, Source};
use crate::layout::{base, is_yaml};
use crate::tree::Tree;
use crate::yaml::{Kind, Node};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Deploys the umbrella chart, or a chart of ours that wraps it, or values that only Gen3 has.
    Gen3,
    /// Deploys a cluster's add-ons.
    Cluster,
    Other,
}

pub fn role_of(application: &Application, tree: &dyn Tree, ours: &Ours, cache: &mut Cache) -> Role {
    if application.sources.iter().any(|source| chart_name(source) == Some("cluster-level-resources")) {
        return Role::Cluster;
    }
    let Some(source) = deploying_source(application, tree, ours, cache) else { return Role::Other };
    if is_umbrella(source) || wrapped_umbrella(source, tree, ours, cache).is_some() {
        return Role::Gen3;
    }
    let resolved = value_files::resolve(application, source, tree, ours);
    let gen3 = resolved.iter().filter_map(|file| file.entry.as_ref()).any(|entry| {
        let parsed = cache.parsed(tree, entry).ok();
        parsed.is_some_and(|parsed| parsed.documents.first().is_some_and(|root| looks_like_gen3_values(root)))
    });
    if gen3 { Role::Gen3 } else { Role::Other }
}

/// The source whose chart makes the commons: the umbrella where one is named, else the first with a chart.
pub fn deploying_source<'a>(
    application: &'a Application,
    tree: &dyn Tree,
    ours: &Ours,
    cache: &mut Cache,
) -> Option<&'a Source> {
    let sources = &application.sources;
    let umbrella = sources.iter().find(|source| is_umbrella(source));
    let wrapped = || sources.iter().position(|s| wrapped_umbrella(s, tree, ours, cache).is_some()).map(|i| &sources[i]);
    umbrella.or_else(wrapped).or_else(|| sources.iter().find(|s| s.helm.is_some() && chart_name(s).is_some()))
}

/// The last part of the chart's path, or the registry chart's name.
fn chart_name(source: &Source) -> Option<&str> {
    let written = source.path.as_ref().or(source.chart.as_ref())?;
    Some(base(written.value.trim_end_matches('/')))
}

fn is_umbrella(source: &Source) -> bool {
    let names_repository = |part: &str| source.repository.as_ref().is_some_and(|url| url.value.contains(part));
    match (&source.chart, &source.path) {
        (Some(chart), _) => base(&chart.value) == "gen3",
        (None, Some(path)) => {
            let path = path.value.trim_matches('/');
            base(path) == "gen3"
                && (path.contains("helm/") || path.contains("charts/") || names_repository("gen3-helm"))
        }
        (None, None) => false,
    }
}

/// A chart in this repository that depends on the umbrella: its own values hold Gen3's under one key.
#[derive(Clone, Debug)]
pub struct Wrapped {
    pub folder: Arc<str>,
    /// The key below which the umbrella's values stand (the dependency's alias or name).
    pub key: Arc<str>,
    pub name: Arc<str>,
    pub repository: Arc<str>,
    pub version: Arc<str>,
    pub at: crate::yaml::Mark,
}

pub fn wrapped_umbrella(source: &Source, tree: &dyn Tree, ours: &Ours, cache: &mut Cache) -> Option<Wrapped> {
    let path = source.path.as_ref()?;
    let revision = source.revision.as_ref().map_or("", |revision| &*revision.value);
    if !ours.here(&source.repository.as_ref()?.value, revision) {
        return None;
    }
    let folder = path.value.trim_matches('/');
    ["Chart.yaml", "requirements.yaml"].into_iter().find_map(|name| {
        let entry = tree.find(&format!("{folder}/{name}"))?;
        let parsed = cache.parsed(tree, entry).ok()?;
        dependency(parsed.documents.first()?, folder)
    })
}

fn dependency(chart: &Node, folder: &str) -> Option<Wrapped> {
    let Kind::Seq(dependencies) = &chart.get(&["dependencies"])?.kind else { return None };
    dependencies.iter().find_map(|node| {
        let name = text(node.get(&["name"])?)?;
        let said = |key: &str| node.get(&[key]).and_then(text).unwrap_or_else(|| "".into());
        let repository = said("repository");
        let known = repository.contains("helm.gen3.org")
            || repository.contains("gen3-helm")
            || repository.starts_with("file://");
        (&*name == "gen3" && (known || repository.is_empty())).then(|| Wrapped {
            folder: folder.into(),
            key: node.get(&["alias"]).and_then(text).unwrap_or_else(|| name.clone()),
            name: name.clone(),
            repository,
            version: said("version"),
            at: node.mark,
        })
    })
}

fn text(node: &Node) -> Option<Arc<str>> {
    match &node.kind {
        Kind::Str(text) => Some(text.clone()),
        _ => node.written.clone(),
    }
}

/// A hostname for all of it, and at least two services that only Gen3 has.
pub fn looks_like_gen3_values(node: &Node) -> bool {
    const OWN: &[&str] =
        &["fence", "arborist", "indexd", "sheepdog", "peregrine", "revproxy", "guppy", "wts", "manifestservice"];
    let Kind::Map(map) = &node.kind else { return false };
    let services = OWN.iter().filter(|key| map.get(**key).is_some_and(|e| matches!(e.node.kind, Kind::Map(_))));
    node.get(&["global", "hostname"]).is_some() && services.count() >= 2
}

/// The files of a folder that are values, `values.yaml` first: nobody says in which order they are merged,
/// and this is the order that people mean.
pub fn values_in_order(files: &[Arc<str>], mut is_values: impl FnMut(&str) -> bool) -> Vec<Arc<str>> {
    let mut values: Vec<Arc<str>> = files.iter().filter(|file| is_yaml(file) && is_values(file)).cloned().collect();
    values.sort_by_key(|file| (base(file) != "values.yaml", file.clone()));
    values
}

/// Does a templated Application name the umbrella chart? Told from its lines, since it cannot be parsed.
pub fn template_deploys_gen3(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim().trim_start_matches("- ").trim();
        let named = line.strip_prefix("path:").or_else(|| line.strip_prefix("chart:"));
        named.is_some_and(|name| base(name.trim().trim_matches(['"', '\'']).trim_end_matches('/')) == "gen3")
    })
}

/// The files that the lines of a templated Application can mean: `$values/{{ .Values.name }}/values/x.yaml`
/// is any file of this commons' folder that fits; without such a line, `values/values.yaml`.
pub fn value_files_of_template(text: &str, folder: &str, tree: &dyn Tree) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    for line in text.lines() {
        let item = line.trim().trim_start_matches('-').trim().trim_matches(['"', '\'']);
        let Some((_, written)) = item.strip_prefix('$').and_then(|rest| rest.split_once('/')) else { continue };
        let Some(pattern) = loose_pattern(written) else { continue };
        let mut fitting = tree.under(folder).iter().filter(|entry| pattern.is_match(&entry.path));
        if let (Some(entry), None) = (fitting.next(), fitting.next())
            && !found.contains(&entry.path)
        {
            found.push(entry.path.clone());
        }
    }
    if found.is_empty() {
        found.push(format!("{folder}/values/values.yaml").into());
    }
    found
}

/// The written path with every `{{ ... }}` standing for one part of a path.
fn loose_pattern(written: &str) -> Option<Regex> {
    let mut pattern = String::from("^");
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("{{") {
        pattern.push_str(&regex::escape(before));
        pattern.push_str("[^/]+");
        rest = after.split_once("}}")?.1;
    }
    pattern.push_str(&regex::escape(rest));
    pattern.push('$');
    Regex::new(&pattern).ok()
}

/// Every path of this repository that an Application uses as values, at whatever revision.
pub fn own_value_paths(application: &Application, ours: &Ours) -> Vec<Arc<str>> {
    let all = application.sources.iter().filter(|source| source.helm.is_some());
    all.flat_map(|source| value_files::paths(application, source, ours)).collect()
}

pub fn common_root(folders: &[Arc<str>]) -> Arc<str> {
    let Some(first) = folders.first() else { return "".into() };
    let mut root = crate::layout::parent(first);
    while !root.is_empty() && !folders.iter().all(|folder| folder.starts_with(&format!("{root}/"))) {
        root = crate::layout::parent(root);
    }
    root.into()
}

pub fn reason(layout: Layout, folders: &[Arc<str>], clusters: usize) -> String {
    let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let commons = |one: &str, many: &str| count(folders.len(), one, many);
    match layout {
        Layout::Gen3Gitops => format!(
            "{} a cluster's values (cluster-values.yaml), {} an Argo CD Application beside its values",
            count(clusters, "folder holds", "folders hold"),
            commons("commons folder holds", "commons folders hold"),
        ),
        Layout::CdisManifest => {
            format!("{} a manifest.json with image versions", commons("folder holds", "folders hold"))
        }
        Layout::ArgoApplication => {
            format!("{} the gen3 chart", commons("Argo CD Application deploys", "Argo CD Applications deploy"))
        }
        Layout::ArgoApplicationSet => format!(
            "{} by an ApplicationSet deploy the gen3 chart",
            commons("Argo CD Application made", "Argo CD Applications made")
        ),
        Layout::EnvironmentFolders => {
            format!("{} Gen3 values without an Application beside them", commons("folder holds", "folders hold"))
        }
    }
}
