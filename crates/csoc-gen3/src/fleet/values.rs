//! The user-supplied values of one commons, merged as Argo CD hands them to Helm.

use std::sync::Arc;

use super::Cache;
use super::documents::Parsed;
use crate::argo::HelmSource;
use crate::helm::values;
use crate::tree::Tree;
use crate::yaml::{Entry, Kind, Node};

/// One value file that says something.
pub struct Layer {
    pub parsed: Arc<Parsed>,
}

impl Layer {
    fn root(&self) -> Option<&Node> {
        self.parsed.documents.first().map(|root| &**root)
    }
}

pub fn merge(
    layers: &[Layer],
    helm: Option<&HelmSource>,
    tree: &dyn Tree,
    cache: &mut Cache,
) -> Result<Arc<Node>, String> {
    let _ = (helm, tree, cache);
    if let [Layer { parsed }] = layers
        && let Some(only) = parsed.documents.first()
    {
        return Ok(only.clone());
    }
    Ok(Arc::new(values::merge_all(layers.iter().filter_map(Layer::root))))
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
