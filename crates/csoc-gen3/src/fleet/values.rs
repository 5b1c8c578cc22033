//! The user-supplied values of one commons, merged as Argo CD hands them to Helm.

use std::sync::Arc;

use super::Cache;
use super::documents::Parsed;
use crate::argo::HelmSource;
use crate::tree::Tree;
use crate::yaml::{Entry, Kind, Map, Node};

/// One value file that says something.
pub struct Layer {
    pub parsed: Arc<Parsed>,
}

impl Layer {
    fn root(&self) -> Option<&Node> {
        self.parsed.documents.first()
    }
}

pub fn merge(layers: &[Layer], helm: Option<&HelmSource>, tree: &dyn Tree, cache: &mut Cache) -> Result<Node, String> {
    let _ = (helm, tree, cache);
    let mut merged = empty();
    for root in layers.iter().filter_map(Layer::root) {
        overlay(&mut merged, root);
    }
    Ok(merged)
}

fn empty() -> Node {
    Node { kind: Kind::Map(Map::new()), mark: Default::default(), written: None, style: crate::yaml::Style::Plain }
}

fn overlay(base: &mut Node, over: &Node) {
    match (&mut base.kind, &over.kind) {
        (Kind::Map(base), Kind::Map(over)) => {
            for (key, entry) in over {
                match base.get_mut(key) {
                    Some(known) => overlay(&mut known.node, &entry.node),
                    None => {
                        base.insert(key.clone(), entry.clone());
                    }
                }
            }
        }
        _ => *base = over.clone(),
    }
}

/// The values of a dependency, as its parent's values hold them: what stands under its key, and the
/// parent's `global` over its own.
pub fn below(values: &Node, key: &str) -> Node {
    let mut own = match values.get(&[key]) {
        Some(node) if matches!(node.kind, Kind::Map(_)) => node.clone(),
        _ => empty(),
    };
    let global = values.get(&["global"]).filter(|node| matches!(node.kind, Kind::Map(_)));
    if let (Some(global), Kind::Map(map)) = (global, &mut own.kind) {
        match map.get_mut("global") {
            Some(entry) => overlay(&mut entry.node, global),
            None => {
                map.insert("global".into(), Entry { key_mark: global.mark, node: global.clone() });
            }
        }
    }
    own
}
