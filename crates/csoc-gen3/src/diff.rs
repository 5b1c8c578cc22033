//! What differs between two trees of values, by meaning and not by text.
//!
//! Story: staging and production of one commons. Keys in another order, quotes, comments and anchors say
//! nothing. `S3_BUCKETS` got one bucket: one difference, named by the bucket, although forty lines moved.
//! A string that holds JSON is compared inside. Each difference knows where both sides are written.
//!
//! Lists are aligned: by a naming key (`name`, `id`, ...) where every item has one, else by the longest
//! common run of equal items. [`environment`] tells which differences two commons are meant to have.

mod align;
pub mod environment;
mod path;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use path::{ItemAt, Segment, ValuePath};

use crate::embedded;
use crate::yaml::{Kind, Map, Node};

/// One place where two trees differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub path: ValuePath,
    pub change: Change,
}

/// How it differs. Nodes are leaves (scalars, `{}`, `[]`), or a whole collection where the other side
/// is something else.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Added(Node),
    Removed(Node),
    Changed {
        before: Node,
        after: Node,
    },
    /// The kept items of a list stand in another order: positions in the earlier list, in the later order.
    Reordered {
        order: Vec<usize>,
    },
    /// A JSON string that says the same in other words.
    Reformatted,
}

impl Difference {
    pub fn before(&self) -> Option<&Node> {
        match &self.change {
            Change::Removed(node) | Change::Changed { before: node, .. } => Some(node),
            _ => None,
        }
    }

    pub fn after(&self) -> Option<&Node> {
        match &self.change {
            Change::Added(node) | Change::Changed { after: node, .. } => Some(node),
            _ => None,
        }
    }

    /// Does the difference change what a chart sees (and not only how it is written)?
    pub fn is_effective(&self) -> bool {
        !matches!(self.change, Change::Reformatted)
    }
}

/// Every leaf that differs, in the order of the earlier tree, then what was added.
pub fn nodes(before: &Node, after: &Node) -> Vec<Difference> {
    let mut walk = Walk::default();
    walk.pair(before, after);
    walk.found
}

/// As [`nodes`], where a side may be missing altogether.
pub fn optional(before: Option<&Node>, after: Option<&Node>) -> Vec<Difference> {
    let mut walk = Walk::default();
    match (before, after) {
        (Some(before), Some(after)) => walk.pair(before, after),
        (Some(before), None) => walk.leaves(before, Side::Before),
        (None, Some(after)) => walk.leaves(after, Side::After),
        (None, None) => {}
    }
    walk.found
}

/// Do the two mean the same? Places, styles, key order and JSON formatting do not count.
pub fn same(before: &Node, after: &Node) -> bool {
    match (&before.kind, &after.kind) {
        (Kind::Map(a), Kind::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, entry)| b.get(key).is_some_and(|other| same(&entry.node, &other.node)))
        }
        (Kind::Seq(a), Kind::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => same_scalar(a, b),
    }
}

fn same_scalar(before: &Kind, after: &Kind) -> bool {
    match (before, after) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::Str(a), Kind::Str(b)) => Arc::ptr_eq(a, b) || a == b,
        (Kind::Int(a), Kind::Int(b)) => a == b,
        // Helm hands both to the template as a float.
        (Kind::Int(a), Kind::Float(b)) | (Kind::Float(b), Kind::Int(a)) => *a as f64 == *b,
        (Kind::Float(a), Kind::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
        _ => false,
    }
}

#[derive(Default)]
struct Walk {
    path: Vec<Segment>,
    found: Vec<Difference>,
}

impl Walk {
    fn emit(&mut self, change: Change) {
        self.found.push(Difference { path: ValuePath(self.path.clone()), change });
    }

    fn within(&mut self, segment: Segment, visit: impl FnOnce(&mut Self)) {
        self.path.push(segment);
        visit(self);
        self.path.pop();
    }

    fn pair(&mut self, before: &Node, after: &Node) {
        match (&before.kind, &after.kind) {
            (Kind::Map(a), Kind::Map(b)) => self.maps(a, b),
            (Kind::Seq(a), Kind::Seq(b)) => self.lists(a, b),
            (a, b) if same_scalar(a, b) => {}
            (Kind::Str(_), Kind::Str(_)) => match (embedded::json(before), embedded::json(after)) {
                (Some(a), Some(b)) => self.texts(&a, &b),
                _ => self.emit(Change::Changed { before: before.clone(), after: after.clone() }),
            },
            _ => self.emit(Change::Changed { before: before.clone(), after: after.clone() }),
        }
    }

    fn maps(&mut self, before: &Map, after: &Map) {
        for (key, entry) in before {
            self.within(Segment::Key(key.clone()), |walk| match after.get(key) {
                Some(other) => walk.pair(&entry.node, &other.node),
                None => walk.leaves(&entry.node, Side::Before),
            });
        }
        for (key, entry) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            self.within(Segment::Key(key.clone()), |walk| walk.leaves(&entry.node, Side::After));
        }
    }

    fn lists(&mut self, before: &[Node], after: &[Node]) {
        let aligned = align::align(before, after);
        for item in aligned.items {
            let pair = (item.before.map(|i| &before[i]), item.after.map(|i| &after[i]));
            self.within(Segment::Item(item), |walk| match pair {
                (Some(a), Some(b)) => walk.pair(a, b),
                (Some(a), None) => walk.leaves(a, Side::Before),
                (None, Some(b)) => walk.leaves(b, Side::After),
                (None, None) => {}
            });
        }
        if let Some(order) = aligned.order {
            self.emit(Change::Reordered { order });
        }
    }

    fn texts(&mut self, before: &Node, after: &Node) {
        let already = self.found.len();
        self.within(Segment::Json, |walk| walk.pair(before, after));
        if self.found.len() == already {
            self.emit(Change::Reformatted);
        }
    }

    /// Everything below a node that stands on one side only.
    fn leaves(&mut self, node: &Node, side: Side) {
        match &node.kind {
            Kind::Map(map) if !map.is_empty() => {
                for (key, entry) in map.iter() {
                    self.within(Segment::Key(key.clone()), |walk| walk.leaves(&entry.node, side));
                }
            }
            Kind::Seq(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    let (before, after) = match side {
                        Side::Before => (Some(index), None),
                        Side::After => (None, Some(index)),
                    };
                    let at = ItemAt { before, after, name: align::name(item) };
                    self.within(Segment::Item(at), |walk| walk.leaves(item, side));
                }
            }
            _ => self.emit(match side {
                Side::Before => Change::Removed(node.clone()),
                Side::After => Change::Added(node.clone()),
            }),
        }
    }
}

#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}
