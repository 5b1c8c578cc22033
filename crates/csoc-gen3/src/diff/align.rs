//! Which item of a list is which item of its later self.
//!
//! Story: a container is added in front of nine others. By position all ten changed; by name one was added.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::path::ItemAt;
use super::same;
use crate::yaml::{Kind, Node};

/// Keys that name an item in the lists of this field (containers, identity providers, buckets, tabs, env
/// variables, jobs), the strongest first.
const NAMING: &[&str] =
    &["name", "id", "key", "bucket", "guid", "index", "role", "title", "field", "label", "path", "type", "url"];

/// Longest lists whose every pair is looked at; beyond that items are paired by position.
const MAX_CELLS: usize = 4_000_000;

pub(super) struct Aligned {
    pub items: Vec<ItemAt>,
    /// Set when the kept items stand in another order.
    pub order: Option<Vec<usize>>,
}

pub(super) fn align(before: &[Node], after: &[Node]) -> Aligned {
    if let Some(key) = naming_key(before, after) {
        return by_name(before, after, key);
    }
    if let Some(order) = shuffled(before, after) {
        let items = order.iter().enumerate().map(|(after, before)| both(*before, after)).collect();
        return Aligned { items, order: Some(order) };
    }
    Aligned { items: by_run(before, after), order: None }
}

/// What an item is called, for display of one that stands on one side only.
pub(super) fn name(item: &Node) -> Option<(Arc<str>, Arc<str>)> {
    NAMING[..4].iter().find_map(|key| Some(((*key).into(), scalar_under(item, key)?)))
}

fn both(before: usize, after: usize) -> ItemAt {
    ItemAt { before: Some(before), after: Some(after), name: None }
}

fn scalar_under(item: &Node, key: &str) -> Option<Arc<str>> {
    let Kind::Map(map) = &item.kind else {
        return None;
    };
    match &map.get(key)?.node.kind {
        Kind::Str(text) if text.len() <= 120 => Some(text.clone()),
        Kind::Int(int) => Some(int.to_string().into()),
        _ => None,
    }
}

/// The first key that names every item of both lists, each once.
fn naming_key(before: &[Node], after: &[Node]) -> Option<&'static str> {
    if before.is_empty() || after.is_empty() {
        return None;
    }
    NAMING.iter().copied().find(|key| unique(before, key) && unique(after, key))
}

fn unique(items: &[Node], key: &str) -> bool {
    let mut seen = HashMap::new();
    items.iter().all(|item| scalar_under(item, key).is_some_and(|name| seen.insert(name, ()).is_none()))
}

fn by_name(before: &[Node], after: &[Node], key: &'static str) -> Aligned {
    let named = |item: &Node| scalar_under(item, key).unwrap_or_default();
    let mut later: HashMap<Arc<str>, usize> =
        after.iter().enumerate().map(|(index, item)| (named(item), index)).collect();
    let mut items = Vec::with_capacity(before.len());
    let mut kept = Vec::new();
    for (index, item) in before.iter().enumerate() {
        let name = named(item);
        let at = later.remove(&name);
        if let Some(at) = at {
            kept.push((at, index));
        }
        items.push(ItemAt { before: Some(index), after: at, name: Some((key.into(), name)) });
    }
    let new: Vec<usize> = (0..after.len()).filter(|index| later.contains_key(&named(&after[*index]))).collect();
    for (at, index) in renamed(before, after, &mut items, new) {
        later.remove(&named(&after[index]));
        kept.push((index, at));
    }
    for (index, item) in after.iter().enumerate() {
        if later.contains_key(&named(item)) {
            items.push(ItemAt { before: None, after: Some(index), name: Some((key.into(), named(item))) });
        }
    }
    kept.sort_unstable_by_key(|(_, before)| *before);
    let in_order = kept.is_sorted();
    kept.sort_unstable();
    let order = (!in_order).then(|| kept.into_iter().map(|(_, before)| before).collect());
    Aligned { items, order }
}

/// Items whose name is what changed: gives each lost item the new one that is most like it, as (position
/// before, position after).
fn renamed(before: &[Node], after: &[Node], items: &mut [ItemAt], mut new: Vec<usize>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if new.len().saturating_mul(items.len()) > MAX_CELLS / 100 {
        return found;
    }
    for item in items.iter_mut().filter(|item| item.after.is_none()) {
        let Some(at) = item.before else { continue };
        let likeness = |index: &usize| likeness(&before[at], &after[*index]);
        let best = (0..new.len()).max_by(|a, b| likeness(&new[*a]).total_cmp(&likeness(&new[*b])).then(b.cmp(a)));
        if let Some(best) = best.filter(|best| likeness(&new[*best]) >= 0.5) {
            let index = new.remove(best);
            item.after = Some(index);
            found.push((at, index));
        }
    }
    found
}

/// Share of equal entries of two mappings.
fn likeness(a: &Node, b: &Node) -> f64 {
    let (Kind::Map(a), Kind::Map(b)) = (&a.kind, &b.kind) else { return 0.0 };
    let equal = a.iter().filter(|(key, entry)| b.get(*key).is_some_and(|other| same(&entry.node, &other.node)));
    equal.count() as f64 / a.len().max(b.len()).max(1) as f64
}

/// The earlier positions in the later order, when the same items only changed places.
fn shuffled(before: &[Node], after: &[Node]) -> Option<Vec<usize>> {
    if before.len() != after.len() || before.len() < 2 {
        return None;
    }
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (index, item) in before.iter().enumerate().rev() {
        places.entry(hash(item)).or_default().push(index);
    }
    let order: Vec<usize> = after.iter().map(|item| places.get_mut(&hash(item))?.pop()).collect::<Option<_>>()?;
    let real = order.iter().zip(after).all(|(at, item)| same(&before[*at], item));
    (real && !order.is_sorted()).then_some(order)
}

/// Equal items in their common order; what lies between is paired one to one as far as it goes.
fn by_run(before: &[Node], after: &[Node]) -> Vec<ItemAt> {
    let start = before.iter().zip(after).take_while(|(a, b)| same(a, b)).count();
    let rest = before.len().min(after.len()) - start;
    let end = before.iter().rev().zip(after.iter().rev()).take(rest).take_while(|(a, b)| same(a, b)).count();
    let a: Vec<u64> = before[start..before.len() - end].iter().map(hash).collect();
    let b: Vec<u64> = after[start..after.len() - end].iter().map(hash).collect();

    let mut items: Vec<ItemAt> = (0..start).map(|index| both(index, index)).collect();
    let (mut i, mut j) = (0, 0);
    for (match_a, match_b) in common_run(&a, &b).into_iter().chain([(a.len(), b.len())]) {
        while i < match_a || j < match_b {
            items.push(ItemAt {
                before: (i < match_a).then_some(start + i),
                after: (j < match_b).then_some(start + j),
                name: None,
            });
            i = (i + 1).min(match_a);
            j = (j + 1).min(match_b);
        }
        if match_a < a.len() {
            items.push(both(start + match_a, start + match_b));
            (i, j) = (match_a + 1, match_b + 1);
        }
    }
    items.extend((0..end).map(|k| both(before.len() - end + k, after.len() - end + k)));
    items
}

/// Longest common subsequence, as pairs of positions.
fn common_run(a: &[u64], b: &[u64]) -> Vec<(usize, usize)> {
    if a.len().saturating_mul(b.len()) > MAX_CELLS {
        return Vec::new();
    }
    let width = b.len() + 1;
    let mut longest = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = match a[i] == b[j] {
                true => longest[(i + 1) * width + j + 1] + 1,
                false => longest[(i + 1) * width + j].max(longest[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Equal for nodes that are [`same`]; key order and number types do not count.
fn hash(node: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    match &node.kind {
        Kind::Null => 0u8.hash(&mut hasher),
        Kind::Bool(value) => (1u8, value).hash(&mut hasher),
        Kind::Int(value) => (2u8, (*value as f64).to_bits()).hash(&mut hasher),
        // 0.0 and -0.0 are equal and must not differ here.
        Kind::Float(value) => (2u8, (value + 0.0).to_bits()).hash(&mut hasher),
        Kind::Str(value) => (3u8, value).hash(&mut hasher),
        Kind::Seq(items) => (4u8, items.iter().map(hash).collect::<Vec<_>>()).hash(&mut hasher),
        Kind::Map(map) => {
            let mut entries: Vec<(&str, u64)> = map.iter().map(|(key, entry)| (&**key, hash(&entry.node))).collect();
            entries.sort_unstable();
            (5u8, entries).hash(&mut hasher);
        }
    }
    hasher.finish()
}
