//! The user-supplied values of one commons, merged as Argo CD hands them to Helm.

use std::sync::Arc;

use super::documents::Parsed;
use crate::argo::{HelmSource, Inline};
use crate::helm::values;
use crate::yaml::{Entry, Kind, Limits, Node};

/// One value file that says something.
pub struct Layer {
    pub parsed: Arc<Parsed>,
}

impl Layer {
    fn root(&self) -> Option<&Node> {
        self.parsed.documents.first().map(|root| &**root)
    }
}

/// The value files in order, and over them what the Application itself says.
pub fn merge(layers: &[Layer], helm: Option<&HelmSource>) -> Result<Arc<Node>, String> {
    let inline = helm.and_then(|helm| helm.inline.as_ref()).map(inline_values).transpose()?;
    if let ([Layer { parsed }], None) = (layers, &inline)
        && let Some(only) = parsed.documents.first()
    {
        return Ok(only.clone());
    }
    let files = layers.iter().filter_map(Layer::root);
    Ok(Arc::new(values::merge_all(files.chain(&inline))))
}

fn inline_values(inline: &Inline) -> Result<Node, String> {
    let said = match inline {
        Inline::Object(node) => return Ok(node.clone()),
        Inline::Text(said) => said,
    };
    let at = said.at.unwrap_or_default();
    let read = values::read(said.value.as_bytes(), at.file, &Limits::default());
    let mut root = read.map_err(|error| format!("the Application's own values cannot be read: {error}"))?.root;
    // The text begins on the line after `values: |`.
    shift(&mut root, at.line);
    Ok(root)
}

fn shift(node: &mut Node, lines: u32) {
    node.mark.line += lines;
    match &mut node.kind {
        Kind::Seq(items) => items.iter_mut().for_each(|item| shift(item, lines)),
        Kind::Map(map) => {
            for entry in map.values_mut() {
                entry.key_mark.line += lines;
                shift(&mut entry.node, lines);
            }
        }
        _ => {}
    }
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
