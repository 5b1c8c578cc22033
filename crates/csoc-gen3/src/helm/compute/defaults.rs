//! The chart's defaults for a commons: what its templates would see if it said nothing but what it runs.
//!
//! Story: `data.example.org` sets forty values. Which of them differ from the chart's own, and what does the
//! chart say where the commons says nothing? For that the same parts must be on: the defaults of a service
//! that the chart has off, and the commons on, are of interest, too.

use std::sync::Arc;

use super::{Chart, ComputeError, Computed, DependencyState, Why, compute};
use crate::helm::table::GLOBAL;
use crate::yaml::{Entry, Kind, Map, Node};

/// The defaults, with the parts on that are on in `computed`.
pub fn defaults_of(chart: &Arc<Chart>, user_values: &Node, computed: &Computed) -> Result<Node, ComputeError> {
    let mut switches = crate::helm::values::empty();
    let mut paths: Vec<Vec<&str>> = Vec::new();
    for dependency in &computed.dependencies {
        let path = match &dependency.why {
            Why::Condition { path, .. } => path.split('.').collect(),
            Why::Tag { tag, .. } => vec!["tags", &**tag],
            Why::Default | Why::Undeclared => continue,
        };
        if let Some(entry) = user_values.entry(&path) {
            put(&mut switches, &path, entry.clone());
            paths.push(path);
        }
    }
    let mut defaults = compute(chart, &switches)?.values;
    // The switches themselves as the chart has them.
    for path in paths {
        match chart.defaults_at(&path).first() {
            Some(own) => put(&mut defaults, &path, Entry { key_mark: own.mark, node: Node::clone(own) }),
            None => take(&mut defaults, &path),
        }
    }
    Ok(defaults)
}

/// Without the globals that every part gets from the top: they are the same values once more.
pub fn without_copies(values: &mut Node, dependencies: &[DependencyState]) {
    let Some(globals) = values.get(&[GLOBAL]).cloned() else { return };
    for dependency in dependencies {
        let Some(node) = descend(values, &dependency.path) else { continue };
        if let Some(own) = below(node, GLOBAL)
            && prune(own, &globals)
            && let Kind::Map(map) = &mut node.kind
        {
            map.shift_remove(GLOBAL);
        }
    }
}

fn descend<'n>(node: &'n mut Node, path: &[Arc<str>]) -> Option<&'n mut Node> {
    path.iter().try_fold(node, |node, key| below(node, key))
}

/// Removes what stands at the same place of the same file; `true` when nothing is left.
fn prune(own: &mut Node, top: &Node) -> bool {
    let Kind::Map(map) = &mut own.kind else { return own.mark == top.mark };
    map.retain(|key, entry| top.get(&[key]).is_none_or(|top| !prune(&mut entry.node, top)));
    map.is_empty()
}

fn below<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    match &mut node.kind {
        Kind::Map(map) => map.get_mut(key).map(|entry| &mut entry.node),
        _ => None,
    }
}

fn put(node: &mut Node, path: &[&str], entry: Entry) {
    let [key, rest @ ..] = path else { return };
    let Kind::Map(map) = &mut node.kind else { return };
    if rest.is_empty() {
        map.insert((*key).into(), entry);
        return;
    }
    let inner = map.entry((*key).into()).or_insert_with(|| {
        let node = Node { kind: Kind::map(Map::new()), ..crate::helm::values::empty() };
        Entry { key_mark: entry.key_mark, node }
    });
    put(&mut inner.node, rest, entry);
}

fn take(node: &mut Node, path: &[&str]) {
    let Some((last, above)) = path.split_last() else { return };
    let node = above.iter().try_fold(node, |node, key| below(node, key));
    if let Some(Kind::Map(map)) = node.map(|node| &mut node.kind) {
        map.shift_remove(*last);
    }
}
