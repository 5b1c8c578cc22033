//! The user-supplied values of one commons, merged as Argo CD hands them to Helm.

use std::sync::Arc;

use super::Said;
use super::documents::Parsed;
use super::ours::Ours;
use crate::argo::location::{FilePath, resolve};
use crate::argo::{Application, HelmSource, Source};
use crate::helm::argo::{FileParameter, Inline, Inputs, Parameter, user_values};
use crate::helm::values;
use crate::tree::{EntryKind, Tree};
use crate::yaml::{Entry, Kind, Mark, Node};

/// One value file that says something.
pub struct Layer {
    pub parsed: Arc<Parsed>,
}

impl Layer {
    fn root(&self) -> Option<&Node> {
        self.parsed.documents.first().map(|root| &**root)
    }
}

/// Why there are no values, each a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoValues {
    /// Argo CD or Helm would fail on them.
    Broken(String),
    /// They depend on a file that is not at hand.
    Unknown(String),
}

/// What the Application adds to its value files.
pub struct Own<'a> {
    pub application: &'a Application,
    pub source: &'a Source,
    pub helm: &'a HelmSource,
}

/// The value files in order, and over them what the Application itself says, in Argo CD's precedence.
pub fn merge(layers: &[Layer], own: Option<&Own<'_>>, tree: &dyn Tree, ours: &Ours) -> Result<Arc<Node>, NoValues> {
    let says_more = own.is_some_and(|own| {
        own.helm.inline.is_some() || !own.helm.parameters.is_empty() || !own.helm.file_parameters.is_empty()
    });
    let Some(own) = own.filter(|_| says_more) else {
        if let [Layer { parsed }] = layers
            && let Some(only) = parsed.documents.first()
        {
            return Ok(only.clone());
        }
        return Ok(Arc::new(values::merge_all(layers.iter().filter_map(Layer::root))));
    };
    let texts = file_parameters(own, tree, ours)?;
    let environment = environment(own);
    let inputs = Inputs {
        files: layers.iter().filter_map(Layer::root).collect(),
        inline: own.helm.inline.as_ref().map(inline),
        parameters: own.helm.parameters.iter().map(parameter).collect(),
        file_parameters: own
            .helm
            .file_parameters
            .iter()
            .zip(&texts)
            .map(|(parameter, text)| FileParameter { name: &parameter.name, content: Ok(text), at: parameter.at })
            .collect(),
        environment: &environment,
    };
    user_values(&inputs).map(Arc::new).map_err(|error| NoValues::Broken(error.to_string()))
}

fn inline(inline: &crate::argo::Inline) -> Inline<'_> {
    match inline {
        crate::argo::Inline::Object(node) => Inline::Object(node),
        crate::argo::Inline::Text(said) => {
            let at = said.at.unwrap_or_default();
            // The text of a block begins on the line after `values: |`.
            let line = if said.value.contains('\n') { at.line + 1 } else { at.line };
            Inline::Text { text: &said.value, file: at.file, at: Mark { line, ..at } }
        }
    }
}

fn parameter(parameter: &crate::argo::Parameter) -> Parameter<'_> {
    Parameter { name: &parameter.name, value: &parameter.value, force_string: parameter.force_string, at: parameter.at }
}

/// The texts of `fileParameters`, whose paths are relative to the source's folder.
fn file_parameters(own: &Own<'_>, tree: &dyn Tree, ours: &Ours) -> Result<Vec<String>, NoValues> {
    let text = |said: &Option<Said<Arc<str>>>| said.as_ref().map_or("", |said| &*said.value).to_owned();
    let here = ours.here(&text(&own.source.repository), &text(&own.source.revision));
    let read = |parameter: &crate::argo::Parameter| {
        let unknown = || NoValues::Unknown(format!("the file of parameter {} is not at hand", parameter.name));
        if !here {
            return Err(unknown());
        }
        let FilePath::Inside(path) = resolve(&text(&own.source.path), &parameter.value) else {
            return Err(NoValues::Broken(format!("the file of parameter {} lies outside", parameter.name)));
        };
        let missing = || NoValues::Broken(format!("{path}, the file of parameter {}, is missing", parameter.name));
        let entry = tree.find(&path).filter(|entry| entry.kind == EntryKind::File).ok_or_else(missing)?;
        let bytes = tree.read(entry.id).map_err(|_| unknown())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    own.helm.file_parameters.iter().map(read).collect()
}

/// What of Argo CD's build environment the files tell.
fn environment<'a>(own: &'a Own<'_>) -> Vec<(&'a str, &'a str)> {
    let said = |name, said: &'a Option<Said<Arc<str>>>| said.as_ref().map(|said| (name, &*said.value));
    let known = [
        said("ARGOCD_APP_NAME", &own.application.name),
        said("ARGOCD_APP_NAMESPACE", &own.application.destination.namespace),
        said("ARGOCD_APP_SOURCE_REPO_URL", &own.source.repository),
        said("ARGOCD_APP_SOURCE_PATH", &own.source.path),
        said("ARGOCD_APP_SOURCE_TARGET_REVISION", &own.source.revision),
        own.application.project.as_ref().map(|project| ("ARGOCD_APP_PROJECT_NAME", &**project)),
    ];
    known.into_iter().flatten().collect()
}

/// The values of a dependency, as its parent's values hold them: what stands under its key, and the
/// parent's `global` over its own.
pub fn below(merged: &Node, key: &str) -> Node {
    let mut own = match merged.get(&[key]) {
        Some(node) if matches!(node.kind, Kind::Map(_)) => node.clone(),
        _ => values::empty(),
    };
    let global = merged.get(&["global"]).filter(|node| matches!(node.kind, Kind::Map(_)));
    if let (Some(global), Kind::Map(map)) = (global, &mut own.kind) {
        match map.get_mut("global") {
            Some(entry) => values::merge(&mut entry.node, global),
            None => {
                map.insert("global".into(), Entry { key_mark: global.mark, node: global.clone() });
            }
        }
    }
    own
}
