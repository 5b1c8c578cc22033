//! One Application: its sources, its Helm parameters, its destination, each with its place.

use std::sync::Arc;

use crate::fleet::Said;
use crate::yaml::{Entry, Kind, Mark, Node};

#[derive(Clone, Debug)]
pub struct Application {
    pub name: Option<Said<Arc<str>>>,
    pub project: Option<Arc<str>>,
    /// `source` and `sources` alike; `sources` wins where both stand, as in Argo CD.
    pub sources: Vec<Source>,
    pub destination: Destination,
    /// `syncPolicy.automated` is there (and not `enabled: false`).
    pub automated: bool,
    pub self_heal: bool,
    pub prune: bool,
    pub at: Mark,
    /// Equal for equal Applications of one file; differs when anything in it does.
    pub fingerprint: Arc<str>,
}

#[derive(Clone, Debug, Default)]
pub struct Destination {
    pub server: Option<Said<Arc<str>>>,
    pub name: Option<Said<Arc<str>>>,
    pub namespace: Option<Said<Arc<str>>>,
}

#[derive(Clone, Debug)]
pub struct Source {
    pub repository: Option<Said<Arc<str>>>,
    pub revision: Option<Said<Arc<str>>>,
    /// A folder of a Git repository.
    pub path: Option<Said<Arc<str>>>,
    /// A chart of a Helm or OCI registry.
    pub chart: Option<Said<Arc<str>>>,
    /// The name under which other sources' value files refer to this one.
    pub reference: Option<Said<Arc<str>>>,
    pub helm: Option<HelmSource>,
    pub at: Mark,
}

#[derive(Clone, Debug, Default)]
pub struct HelmSource {
    pub release_name: Option<Said<Arc<str>>>,
    pub value_files: Vec<Said<Arc<str>>>,
    /// `values` or `valuesObject`; the object wins where both stand.
    pub inline: Option<Inline>,
    pub parameters: Vec<Parameter>,
    pub file_parameters: Vec<Parameter>,
    pub ignore_missing_value_files: bool,
}

#[derive(Clone, Debug)]
pub enum Inline {
    /// A block of YAML text, with the place of its first line.
    Text(Said<Arc<str>>),
    Object(Node),
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: Arc<str>,
    /// The value, or for a file parameter the path.
    pub value: Arc<str>,
    pub force_string: bool,
    pub at: Mark,
}

/// Is this document an Argo CD Application?
pub fn is_application(document: &Node) -> bool {
    is_kind(document, "Application")
}

pub fn is_application_set(document: &Node) -> bool {
    is_kind(document, "ApplicationSet")
}

fn is_kind(document: &Node, kind: &str) -> bool {
    text(document, "kind").is_some_and(|k| *k.value == *kind)
        && text(document, "apiVersion").is_some_and(|v| v.value.starts_with("argoproj.io/"))
}

/// Read one Application. `None` when the document has no `spec` to read.
pub fn read(document: &Node) -> Option<Application> {
    let metadata = child(document, "metadata");
    let spec = &child(document, "spec")?.node;
    let Kind::Map(_) = spec.kind else { return None };
    let mut sources: Vec<_> = items(spec, "sources").map(read_source).collect();
    if sources.is_empty() {
        sources.extend(child(spec, "source").map(|entry| read_source(&entry.node)));
    }
    let automated = child(spec, "syncPolicy").and_then(|policy| child(&policy.node, "automated"));
    let flag = |key| automated.is_some_and(|entry| is_true(&entry.node, key));
    let switched_off = automated.is_some_and(|entry| {
        child(&entry.node, "enabled").is_some_and(|enabled| matches!(enabled.node.kind, Kind::Bool(false)))
    });
    let mut application = Application {
        name: metadata.and_then(|entry| text(&entry.node, "name")),
        project: text(spec, "project").map(|said| said.value),
        sources,
        destination: child(spec, "destination").map(|d| read_destination(&d.node)).unwrap_or_default(),
        automated: automated.is_some_and(|entry| !matches!(entry.node.kind, Kind::Null)) && !switched_off,
        self_heal: flag("selfHeal"),
        prune: flag("prune"),
        at: document.mark,
        fingerprint: "".into(),
    };
    application.fingerprint = format!("{application:?}").into();
    Some(application)
}

fn read_destination(node: &Node) -> Destination {
    Destination { server: text(node, "server"), name: text(node, "name"), namespace: text(node, "namespace") }
}

fn read_source(node: &Node) -> Source {
    Source {
        repository: text(node, "repoURL"),
        revision: text(node, "targetRevision"),
        path: text(node, "path"),
        chart: text(node, "chart"),
        reference: text(node, "ref"),
        helm: child(node, "helm").map(|helm| read_helm(&helm.node)),
        at: node.mark,
    }
}

fn read_helm(node: &Node) -> HelmSource {
    let object = child(node, "valuesObject").filter(|entry| matches!(entry.node.kind, Kind::Map(_)));
    let inline = match object {
        Some(entry) => Some(Inline::Object(entry.node.clone())),
        None => text(node, "values").filter(|said| !said.value.trim().is_empty()).map(Inline::Text),
    };
    HelmSource {
        release_name: text(node, "releaseName"),
        value_files: items(node, "valueFiles").filter_map(said).collect(),
        inline,
        parameters: items(node, "parameters").filter_map(|item| read_parameter(item, "value")).collect(),
        file_parameters: items(node, "fileParameters").filter_map(|item| read_parameter(item, "path")).collect(),
        ignore_missing_value_files: is_true(node, "ignoreMissingValueFiles"),
    }
}

fn read_parameter(node: &Node, value: &str) -> Option<Parameter> {
    Some(Parameter {
        name: text(node, "name")?.value,
        value: text(node, value).map(|said| said.value).unwrap_or_default(),
        force_string: is_true(node, "forceString"),
        at: node.mark,
    })
}

fn child<'a>(node: &'a Node, key: &str) -> Option<&'a Entry> {
    match &node.kind {
        Kind::Map(map) => map.get(key),
        _ => None,
    }
}

fn items<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = &'a Node> {
    match child(node, key).map(|entry| &entry.node.kind) {
        Some(Kind::Seq(items)) => items.iter(),
        _ => [].iter(),
    }
}

fn is_true(node: &Node, key: &str) -> bool {
    child(node, key).is_some_and(|entry| matches!(entry.node.kind, Kind::Bool(true)))
}

fn text(node: &Node, key: &str) -> Option<Said<Arc<str>>> {
    child(node, key).and_then(|entry| said(&entry.node))
}

/// A scalar as text. Kubernetes would refuse a number here; what was written is the best reading of it.
fn said(node: &Node) -> Option<Said<Arc<str>>> {
    let value = match (&node.kind, &node.written) {
        (Kind::Str(text), _) => text.clone(),
        (Kind::Null | Kind::Seq(_) | Kind::Map(_), _) => return None,
        (_, Some(written)) => written.clone(),
        (Kind::Bool(value), None) => value.to_string().into(),
        (Kind::Int(value), None) => value.to_string().into(),
        (Kind::Float(value), None) => value.to_string().into(),
    };
    Some(Said { value, at: Some(node.mark) })
}
