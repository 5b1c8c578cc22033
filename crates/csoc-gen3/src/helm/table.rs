//! Maps with identity, and Helm's coalescing of them.
//!
//! Helm shares and changes its maps while it computes: a chart's `global` can gain a key because a sibling
//! was visited before. To give the same result this works on shared maps as well, in the same steps, and
//! only at the end makes a plain tree of them.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::yaml::{Entry, Kind, Map, Mark, Node, Style};

#[derive(Clone)]
pub(super) enum Value {
    Table(Table),
    /// Everything else; Helm never looks into a list.
    Leaf(Rc<Node>),
}

#[derive(Clone)]
pub(super) struct Slot {
    pub key_mark: Mark,
    pub value: Value,
}

/// A map that several places may hold.
#[derive(Clone)]
pub(super) struct Table {
    pub mark: Mark,
    slots: Rc<RefCell<IndexMap<Arc<str>, Slot>>>,
}

impl Value {
    pub(super) fn from_node(node: &Node) -> Self {
        match &node.kind {
            Kind::Map(map) => Self::Table(Table::from_map(map, node.mark)),
            _ => Self::Leaf(Rc::new(node.clone())),
        }
    }

    fn to_node(&self) -> Node {
        match self {
            Self::Table(table) => table.to_node(),
            Self::Leaf(node) => Node::clone(node),
        }
    }

    pub(super) fn table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::Leaf(_) => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Leaf(node) if node.is_null())
    }

    fn deep_copy(&self) -> Self {
        match self {
            Self::Table(table) => Self::Table(table.deep_copy()),
            Self::Leaf(node) => Self::Leaf(node.clone()),
        }
    }
}

impl Table {
    pub(super) fn new(mark: Mark) -> Self {
        Self { mark, slots: Rc::default() }
    }

    pub(super) fn from_map(map: &Map, mark: Mark) -> Self {
        let slot = |entry: &Entry| Slot { key_mark: entry.key_mark, value: Value::from_node(&entry.node) };
        let slots = map.iter().map(|(key, entry)| (key.clone(), slot(entry))).collect();
        Self { mark, slots: Rc::new(RefCell::new(slots)) }
    }

    pub(super) fn to_node(&self) -> Node {
        let entry = |slot: &Slot| Entry { key_mark: slot.key_mark, node: slot.value.to_node() };
        let map = self.slots.borrow().iter().map(|(key, slot)| (key.clone(), entry(slot))).collect();
        Node { kind: Kind::map(map), mark: self.mark, written: None, style: Style::Plain }
    }

    pub(super) fn deep_copy(&self) -> Self {
        let copy = |slot: &Slot| Slot { key_mark: slot.key_mark, value: slot.value.deep_copy() };
        let slots = self.slots.borrow().iter().map(|(key, slot)| (key.clone(), copy(slot))).collect();
        Self { mark: self.mark, slots: Rc::new(RefCell::new(slots)) }
    }

    fn shallow_copy(&self) -> Self {
        Self { mark: self.mark, slots: Rc::new(RefCell::new(self.slots.borrow().clone())) }
    }

    pub(super) fn get(&self, key: &str) -> Option<Slot> {
        self.slots.borrow().get(key).cloned()
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.slots.borrow().contains_key(key)
    }

    pub(super) fn insert(&self, key: Arc<str>, slot: Slot) {
        self.slots.borrow_mut().insert(key, slot);
    }

    fn remove(&self, key: &str) {
        self.slots.borrow_mut().shift_remove(key);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.borrow().is_empty()
    }

    /// A copy of the entries, so that the map may change while they are visited.
    fn entries(&self) -> Vec<(Arc<str>, Slot)> {
        self.slots.borrow().iter().map(|(key, slot)| (key.clone(), slot.clone())).collect()
    }

    /// The table at a path of keys with dots between them; the empty path has one empty key.
    pub(super) fn table_at(&self, path: &str) -> Option<Self> {
        path.split('.').try_fold(self.clone(), |table, key| table.get(key)?.value.table().cloned())
    }

    /// What is at a path and is not a table.
    pub(super) fn leaf_at(&self, path: &str) -> Option<Slot> {
        let (table, key) = match path.rsplit_once('.') {
            Some((above, key)) => (self.table_at(above)?, key),
            None => (self.clone(), path),
        };
        table.get(key).filter(|slot| slot.value.table().is_none())
    }
}

/// Whether nulls delete (values are final) or stay (they are needed later).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    Delete,
    Keep,
}

/// Fills `over` with what only `under` has. Tables of `under` become shared, not copied.
pub(super) fn fill(over: &Table, under: &Table, nulls: Nulls) {
    let not_null: Vec<Arc<str>> =
        under.entries().into_iter().filter(|(_, slot)| !slot.value.is_null()).map(|(key, _)| key).collect();
    for (key, slot) in over.entries() {
        if slot.value.is_null() {
            under.insert(key, slot);
        }
    }
    for (key, slot) in under.entries() {
        let Some(own) = over.get(&key) else {
            over.insert(key, slot);
            continue;
        };
        if own.value.is_null() && nulls == Nulls::Delete && not_null.contains(&key) {
            over.remove(&key);
        } else if let (Value::Table(own), Value::Table(under)) = (&own.value, &slot.value) {
            fill(own, under, nulls);
        }
    }
}

/// A chart's defaults under the values for it.
pub(super) fn fill_defaults(values: &Table, defaults: &Table, nulls: Nulls, is_subchart: impl Fn(&str) -> bool) {
    for (key, slot) in defaults.entries() {
        let Some(own) = values.get(&key) else {
            values.insert(key, Slot { key_mark: slot.key_mark, value: slot.value.deep_copy() });
            continue;
        };
        if own.value.is_null() && nulls == Nulls::Delete {
            values.remove(&key);
        } else if let (Value::Table(own), Value::Table(default)) = (&own.value, &slot.value) {
            // What is for a subchart keeps its nulls: they delete the subchart's defaults later.
            let nulls = if is_subchart(&key) { Nulls::Keep } else { nulls };
            fill(own, &default.deep_copy(), nulls);
        }
    }
}

pub(super) const GLOBAL: &str = "global";

/// The parent's globals over the subchart's.
pub(super) fn pass_globals(values: &Table, parent: &Table) {
    let own = match values.get(GLOBAL).map(|slot| slot.value) {
        None => Table::new(parent.mark),
        Some(Value::Table(own)) => own,
        Some(Value::Leaf(_)) => return,
    };
    let (mut mark, mut given) = (values.mark, Vec::new());
    match parent.get(GLOBAL) {
        None => {}
        Some(Slot { key_mark, value: Value::Table(globals) }) => {
            mark = key_mark;
            given = globals.entries();
        }
        Some(_) => return,
    }
    for (key, slot) in given {
        let existing = own.get(&key).map(|slot| slot.value);
        match (&slot.value, existing) {
            (Value::Table(_), Some(Value::Leaf(_))) | (Value::Leaf(_), Some(Value::Table(_))) => {}
            (Value::Table(table), existing) => {
                // Only the first level is copied: what is filled in deeper is filled into the parent's too.
                let copy = table.shallow_copy();
                if let Some(Value::Table(existing)) = existing {
                    fill(&copy, &existing, Nulls::Keep);
                }
                own.insert(key, Slot { key_mark: slot.key_mark, value: Value::Table(copy) });
            }
            (Value::Leaf(_), _) => own.insert(key, slot),
        }
    }
    let key_mark = values.get(GLOBAL).map_or(mark, |slot| slot.key_mark);
    values.insert(GLOBAL.into(), Slot { key_mark, value: Value::Table(own) });
}
