//! What a chart's landing changed for one commons.
//!
//! Story: a landing touches `helm/guppy/values.yaml` only. Forty-nine of fifty subcharts are the very same
//! objects before and after, so their part of the computed values is not looked at: forty commons cost a few
//! milliseconds. A subchart that reads another's globals from that other's defaults is not noticed by this;
//! the values page, which computes everything, shows it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Chart, ComputeError, Dependency, Work};
use crate::helm::table::{Frozen, GLOBAL, Nulls, Table};
use crate::yaml::{Kind, Map, Node};

/// The computed values before and after, cut to what the two charts do not share. Globals stand at the top
/// only, where they differ.
pub fn compute_changed(
    before: &Arc<Chart>,
    after: &Arc<Chart>,
    user_values: &Node,
) -> Result<(Node, Node), ComputeError> {
    let keys = changed_keys(before, after);
    let user = match &user_values.kind {
        Kind::Map(map) => {
            let read = |key: &str| keys.contains(key) || key == GLOBAL || key == "tags";
            Frozen::from_entries(map.iter().filter(|(key, _)| read(key)), user_values.mark)
        }
        _ => Frozen::from_map(&Map::new(), user_values.mark),
    };
    let part = |chart: &Arc<Chart>| -> Result<Node, ComputeError> {
        let chart = Arc::new(cut(chart, &keys));
        let user = Table::frozen(user.clone());
        let mut work = Work::default();
        let root = work.adopt(&chart);
        work.decide(root, &user, "", &[])?;
        work.import_once(root)?;
        Ok(work.coalesced(root, &user, Nulls::Delete)?.to_node_of_keys(&keys))
    };
    Ok((part(before)?, part(after)?))
}

fn changed_keys(before: &Chart, after: &Chart) -> BTreeSet<Arc<str>> {
    let mut keys = BTreeSet::new();
    for (one, other) in [(before, after), (after, before)] {
        let declared = one.dependencies.iter().flatten().filter(|dependency| {
            let same = |there: &&Dependency| says_the_same(there, dependency);
            let there = other.dependencies.iter().flatten().find(same);
            there.is_none_or(|there| !same_chart(found(one, dependency), found(other, there)))
        });
        keys.extend(declared.map(|dependency| dependency.key().clone()));
        // In `charts/` and not declared: always on, under its own name.
        let is_declared = |chart: &Chart| one.dependencies.iter().flatten().any(|dependency| dependency.means(chart));
        let alone = one.subcharts.iter().filter(|chart| !is_declared(chart));
        let alone = alone.filter(|chart| !other.subcharts.iter().any(|there| Arc::ptr_eq(there, chart)));
        keys.extend(alone.map(|chart| chart.name.clone()));
    }
    if !Arc::ptr_eq(&before.values, &after.values)
        && let (Kind::Map(was), Kind::Map(is)) = (&before.values.kind, &after.values.kind)
    {
        let differs = |key: &&Arc<str>| match (was.get(&***key), is.get(&***key)) {
            (Some(was), Some(is)) => !crate::diff::same(&was.node, &is.node),
            _ => true,
        };
        keys.extend(was.keys().chain(is.keys()).filter(differs).cloned());
    }
    keys
}

/// But for the version, which rises with every change.
fn says_the_same(a: &Dependency, b: &Dependency) -> bool {
    a.key() == b.key()
        && a.name == b.name
        && a.condition == b.condition
        && a.tags == b.tags
        && a.import_values == b.import_values
}

fn found<'c>(chart: &'c Chart, dependency: &Dependency) -> Option<&'c Arc<Chart>> {
    chart.subcharts.iter().find(|subchart| dependency.means(subchart))
}

fn same_chart(a: Option<&Arc<Chart>>, b: Option<&Arc<Chart>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b) || says_as_much(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Another version of the same defaults and subcharts.
fn says_as_much(a: &Chart, b: &Chart) -> bool {
    let declared = |chart: &Chart| chart.dependencies.clone().unwrap_or_default();
    let (of_a, of_b) = (declared(a), declared(b));
    a.name == b.name
        && Arc::ptr_eq(&a.values, &b.values)
        && a.dependencies.is_some() == b.dependencies.is_some()
        && of_a.len() == of_b.len()
        && of_a.iter().zip(&of_b).all(|(a, b)| says_the_same(a, b))
        && a.subcharts.len() == b.subcharts.len()
        && a.subcharts.iter().zip(&b.subcharts).all(|(a, b)| same_chart(Some(a), Some(b)))
}

/// The umbrella with these subcharts alone.
fn cut(chart: &Chart, keys: &BTreeSet<Arc<str>>) -> Chart {
    let declared = chart.dependencies.iter().flatten();
    let left: Vec<Dependency> = declared.filter(|dependency| keys.contains(dependency.key())).cloned().collect();
    let mut cut = chart.clone();
    cut.subcharts
        .retain(|subchart| left.iter().any(|dependency| dependency.means(subchart)) || keys.contains(&subchart.name));
    // None at all would not be the same as none left: only then Helm decides nothing.
    cut.dependencies = chart.dependencies.as_ref().map(|_| left);
    cut
}
