//! Maps with identity, and Helm's coalescing of them.
//!
//! Helm shares and changes its maps while it computes: a chart's `global` can gain a key because a sibling
//! was visited before. To give the same result this works on shared maps as well, in the same steps, and
//! only at the end makes a plain tree of them.

use std::cell::{RefCell, RefMut};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use crate::yaml::{Entry, Kind, Map, Mark, Node, Style};

/// A map that is never changed: a chart's defaults, made once and laid under the values of every commons.
#[derive(Debug)]
pub(super) struct Frozen {
    mark: Mark,
    slots: IndexMap<Arc<str>, FrozenSlot, RandomState>,
}

#[derive(Debug)]
struct FrozenSlot {
    key_mark: Mark,
    value: FrozenValue,
}

#[derive(Debug)]
enum FrozenValue {
    Table(Arc<Frozen>),
    Leaf(Arc<Node>),
}

#[derive(Clone)]
pub(super) enum Value {
    Table(Table),
    /// Everything else; Helm never looks into a list.
    Leaf(Arc<Node>),
}

#[derive(Clone)]
pub(super) struct Slot {
    pub key_mark: Mark,
    pub value: Value,
}

/// A map that several places may hold. What nobody changed yet is still the frozen map it was made of, so
/// that copying it costs nothing.
#[derive(Clone)]
pub(super) struct Table {
    pub mark: Mark,
    inner: Rc<RefCell<Inner>>,
}

enum Inner {
    Frozen(Arc<Frozen>),
    Own(Slots),
}

type Slots = IndexMap<Arc<str>, Slot, RandomState>;

impl Frozen {
    pub(super) fn from_map(map: &Map, mark: Mark) -> Arc<Self> {
        Self::from_entries(map.iter(), mark)
    }

    pub(super) fn from_entries<'m>(entries: impl Iterator<Item = (&'m Arc<str>, &'m Entry)>, mark: Mark) -> Arc<Self> {
        let slot = |entry: &Entry| FrozenSlot { key_mark: entry.key_mark, value: FrozenValue::from_node(&entry.node) };
        Arc::new(Self { mark, slots: entries.map(|(key, entry)| (key.clone(), slot(entry))).collect() })
    }

    fn to_node(&self) -> Node {
        let entry = |slot: &FrozenSlot| Entry { key_mark: slot.key_mark, node: slot.value.to_node() };
        of_map(self.slots.iter().map(|(key, slot)| (key.clone(), entry(slot))).collect(), self.mark)
    }

    /// One level made changeable.
    fn thawed(&self) -> Slots {
        self.slots.iter().map(|(key, slot)| (key.clone(), slot.thawed())).collect()
    }
}

impl FrozenSlot {
    fn thawed(&self) -> Slot {
        let value = match &self.value {
            FrozenValue::Table(table) => Value::Table(Table::frozen(table.clone())),
            FrozenValue::Leaf(node) => Value::Leaf(node.clone()),
        };
        Slot { key_mark: self.key_mark, value }
    }
}

impl FrozenValue {
    fn from_node(node: &Node) -> Self {
        match &node.kind {
            Kind::Map(map) => Self::Table(Frozen::from_map(map, node.mark)),
            _ => Self::Leaf(Arc::new(node.clone())),
        }
    }

    fn to_node(&self) -> Node {
        match self {
            Self::Table(table) => table.to_node(),
            Self::Leaf(node) => Node::clone(node),
        }
    }
}

impl Value {
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
        Self::own(mark, Slots::default())
    }

    fn own(mark: Mark, slots: Slots) -> Self {
        Self { mark, inner: Rc::new(RefCell::new(Inner::Own(slots))) }
    }

    pub(super) fn frozen(frozen: Arc<Frozen>) -> Self {
        Self { mark: frozen.mark, inner: Rc::new(RefCell::new(Inner::Frozen(frozen))) }
    }

    pub(super) fn to_node(&self) -> Node {
        match &*self.inner.borrow() {
            Inner::Frozen(frozen) => frozen.to_node(),
            Inner::Own(slots) => {
                let entry = |slot: &Slot| Entry { key_mark: slot.key_mark, node: slot.value.to_node() };
                of_map(slots.iter().map(|(key, slot)| (key.clone(), entry(slot))).collect(), self.mark)
            }
        }
    }

    /// Of the tables right below only what is called `setting`; everything else as it is.
    pub(super) fn to_node_of(&self, setting: &str) -> Node {
        let entry = |slot: Slot| {
            let node = match &slot.value {
                Value::Leaf(node) => Node::clone(node),
                Value::Table(table) => {
                    let one = table.get(setting).map(|slot| {
                        (Arc::from(setting), Entry { key_mark: slot.key_mark, node: slot.value.to_node() })
                    });
                    of_map(one.into_iter().collect(), table.mark)
                }
            };
            Entry { key_mark: slot.key_mark, node }
        };
        of_map(self.entries().into_iter().map(|(key, slot)| (key, entry(slot))).collect(), self.mark)
    }

    /// Of the top level only these keys, and what stands in their tables without the globals that each of
    /// them gets.
    pub(super) fn to_node_of_keys(&self, keys: &BTreeSet<Arc<str>>) -> Node {
        let entry = |key: &str, slot: Slot| {
            let mut node = slot.value.to_node();
            if let (Kind::Map(map), true) = (&mut node.kind, key != GLOBAL) {
                map.shift_remove(GLOBAL);
            }
            Entry { key_mark: slot.key_mark, node }
        };
        let wanted = self.entries().into_iter().filter(|(key, _)| keys.contains(key));
        of_map(wanted.map(|(key, slot)| (key.clone(), entry(&key, slot))).collect(), self.mark)
    }

    /// As it is now, for a table that will be copied often.
    pub(super) fn freeze(&self) -> Arc<Frozen> {
        let value = |value: &Value| match value {
            Value::Table(table) => FrozenValue::Table(table.freeze()),
            Value::Leaf(node) => FrozenValue::Leaf(node.clone()),
        };
        match &*self.inner.borrow() {
            Inner::Frozen(frozen) => frozen.clone(),
            Inner::Own(slots) => {
                let slot = |slot: &Slot| FrozenSlot { key_mark: slot.key_mark, value: value(&slot.value) };
                let slots = slots.iter().map(|(key, own)| (key.clone(), slot(own))).collect();
                Arc::new(Frozen { mark: self.mark, slots })
            }
        }
    }

    pub(super) fn deep_copy(&self) -> Self {
        match &*self.inner.borrow() {
            Inner::Frozen(frozen) => Self { mark: self.mark, ..Self::frozen(frozen.clone()) },
            Inner::Own(slots) => {
                let mut slots = slots.clone();
                for slot in slots.values_mut() {
                    slot.value = slot.value.deep_copy();
                }
                Self::own(self.mark, slots)
            }
        }
    }

    fn shallow_copy(&self) -> Self {
        Self::own(self.mark, self.slots().clone())
    }

    /// The entries of `other`, its tables copied one level deep.
    fn become_shallow(&self, other: &Self) {
        let mut slots = other.slots().clone();
        for slot in slots.values_mut() {
            if let Value::Table(table) = &slot.value {
                slot.value = Value::Table(table.shallow_copy());
            }
        }
        *self.inner.borrow_mut() = Inner::Own(slots);
    }

    /// To be changed, or to hand out tables below it, which must be the same ones for everybody.
    fn slots(&self) -> RefMut<'_, Slots> {
        let mut inner = self.inner.borrow_mut();
        if let Inner::Frozen(frozen) = &*inner {
            *inner = Inner::Own(frozen.thawed());
        }
        RefMut::map(inner, |inner| match inner {
            Inner::Own(slots) => slots,
            Inner::Frozen(_) => unreachable!("it was thawed above"),
        })
    }

    pub(super) fn get(&self, key: &str) -> Option<Slot> {
        if let Inner::Frozen(frozen) = &*self.inner.borrow() {
            let slot = frozen.slots.get(key)?;
            if matches!(slot.value, FrozenValue::Leaf(_)) {
                return Some(slot.thawed());
            }
        }
        self.slots().get(key).cloned()
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        match &*self.inner.borrow() {
            Inner::Frozen(frozen) => frozen.slots.contains_key(key),
            Inner::Own(slots) => slots.contains_key(key),
        }
    }

    pub(super) fn insert(&self, key: Arc<str>, slot: Slot) {
        self.slots().insert(key, slot);
    }

    fn remove(&self, key: &str) {
        self.slots().shift_remove(key);
    }

    pub(super) fn is_empty(&self) -> bool {
        match &*self.inner.borrow() {
            Inner::Frozen(frozen) => frozen.slots.is_empty(),
            Inner::Own(slots) => slots.is_empty(),
        }
    }

    /// A copy of the entries, so that the map may change while they are visited.
    fn entries(&self) -> Vec<(Arc<str>, Slot)> {
        self.slots().iter().map(|(key, slot)| (key.clone(), slot.clone())).collect()
    }

    /// The entries to be put elsewhere. When nobody else holds this table nobody can tell its tables from copies.
    fn given(&self) -> Vec<(Arc<str>, Slot)> {
        if Rc::strong_count(&self.inner) == 1 { self.copies_of_frozen() } else { None }
            .unwrap_or_else(|| self.entries())
    }

    fn copies_of_frozen(&self) -> Option<Vec<(Arc<str>, Slot)>> {
        match &*self.inner.borrow() {
            Inner::Frozen(frozen) => {
                Some(frozen.slots.iter().map(|(key, slot)| (key.clone(), slot.thawed())).collect())
            }
            Inner::Own(_) => None,
        }
    }

    fn nulls(&self) -> Vec<(Arc<str>, Slot)> {
        match &*self.inner.borrow() {
            Inner::Frozen(frozen) => {
                let is_null = |slot: &FrozenSlot| matches!(&slot.value, FrozenValue::Leaf(node) if node.is_null());
                let nulls = frozen.slots.iter().filter(|(_, slot)| is_null(slot));
                nulls.map(|(key, slot)| (key.clone(), slot.thawed())).collect()
            }
            Inner::Own(slots) => {
                let nulls = slots.iter().filter(|(_, slot)| slot.value.is_null());
                nulls.map(|(key, slot)| (key.clone(), slot.clone())).collect()
            }
        }
    }

    /// Two copies of one frozen map: there is nothing that one could give the other.
    fn is_unchanged_as(&self, other: &Self) -> bool {
        if Rc::ptr_eq(&self.inner, &other.inner) {
            return true;
        }
        match (&*self.inner.borrow(), &*other.inner.borrow()) {
            (Inner::Frozen(a), Inner::Frozen(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// Copies of the entries that nobody else holds.
    fn copies(&self) -> Vec<(Arc<str>, Slot)> {
        if let Some(copies) = self.copies_of_frozen() {
            return copies;
        }
        let copy = |slot: &Slot| Slot { key_mark: slot.key_mark, value: slot.value.deep_copy() };
        self.slots().iter().map(|(key, slot)| (key.clone(), copy(slot))).collect()
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

fn of_map(map: Map, mark: Mark) -> Node {
    Node { kind: Kind::map(map), mark, written: None, style: Style::Plain }
}

/// Whether nulls delete (values are final) or stay (they are needed later).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    Delete,
    Keep,
}

/// Fills `over` with what only `under` has. Tables of `under` become shared, not copied.
pub(super) fn fill(over: &Table, under: &Table, nulls: Nulls) {
    if over.is_unchanged_as(under) {
        return;
    }
    let mut takes_away: Vec<Arc<str>> = Vec::new();
    for (key, slot) in over.nulls() {
        if under.get(&key).is_some_and(|slot| !slot.value.is_null()) {
            takes_away.push(key.clone());
        }
        under.insert(key, slot);
    }
    for (key, slot) in under.given() {
        let Some(own) = over.get(&key) else {
            over.insert(key, slot);
            continue;
        };
        if own.value.is_null() && nulls == Nulls::Delete && takes_away.contains(&key) {
            over.remove(&key);
        } else if let (Value::Table(own), Value::Table(under)) = (&own.value, &slot.value) {
            fill(own, under, nulls);
        }
    }
}

/// A chart's defaults under the values for it.
pub(super) fn fill_defaults(values: &Table, defaults: &Table, nulls: Nulls, is_subchart: impl Fn(&str) -> bool) {
    for (key, slot) in defaults.copies() {
        let Some(own) = values.get(&key) else {
            values.insert(key, slot);
            continue;
        };
        if own.value.is_null() && nulls == Nulls::Delete {
            values.remove(&key);
        } else if let (Value::Table(own), Value::Table(default)) = (&own.value, &slot.value) {
            // What is for a subchart keeps its nulls: they delete the subchart's defaults later.
            let nulls = if is_subchart(&key) { Nulls::Keep } else { nulls };
            fill(own, default, nulls);
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
    let (mut mark, mut given) = (values.mark, None);
    match parent.get(GLOBAL) {
        None => {}
        Some(Slot { key_mark, value: Value::Table(globals) }) => {
            mark = key_mark;
            given = Some(globals);
        }
        Some(_) => return,
    }
    match given {
        Some(globals) if own.is_empty() => own.become_shallow(&globals),
        Some(globals) => lay_over(&own, &globals),
        None => {}
    }
    let key_mark = values.get(GLOBAL).map_or(mark, |slot| slot.key_mark);
    values.insert(GLOBAL.into(), Slot { key_mark, value: Value::Table(own) });
}

fn lay_over(own: &Table, globals: &Table) {
    for (key, slot) in globals.entries() {
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
}
