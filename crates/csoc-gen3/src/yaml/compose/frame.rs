//! What the composer holds: finished values and open collections.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::map::Entry as Slot;

use super::NoteKind;
use crate::yaml::error::{ParseError, ParseErrorKind};
use crate::yaml::resolve::{Resolved, resolve};
use crate::yaml::{Entry, Kind, Map, Mark, Node, Style};

/// A finished value with what its parents must know about it.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) node: Node,
    pub(super) cost: Cost,
    pub(super) alias: bool,
    /// An error that counts only if this value survives: a key written twice may replace it.
    pub(super) poison: Option<ParseError>,
}

/// What an anchored value costs each time it is used.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) nodes: usize,
    pub(super) height: usize,
}

pub(super) enum Pending {
    Key,
    Value { key: Arc<str>, mark: Mark, poison: Option<ParseError> },
    Merge(Mark),
}

pub(super) enum Content {
    Seq(Vec<Node>),
    Map { map: Map, pending: Pending },
}

pub(super) struct Frame {
    pub(super) content: Content,
    pub(super) mark: Mark,
    pub(super) anchor: Option<String>,
    pub(super) cost: Cost,
    /// Errors of values that a later key may replace.
    pub(super) by_key: HashMap<Arc<str>, ParseError>,
    /// An error of an item, or of a merged map: nothing replaces those.
    pub(super) poison: Option<ParseError>,
}

impl Frame {
    /// The first error that is left.
    pub(super) fn error(&mut self) -> Option<ParseError> {
        let errors = self.by_key.drain().map(|(_, error)| error).chain(self.poison.take());
        errors.min_by_key(|error| error.mark)
    }

    /// What the insertion replaced, if anything.
    pub(super) fn insert(&mut self, key: Arc<str>, entry: Entry, poison: Option<ParseError>) -> Option<NoteKind> {
        let Content::Map { map, .. } = &mut self.content else { return None };
        match poison {
            Some(error) => _ = self.by_key.insert(key.clone(), error),
            None if self.by_key.is_empty() => {}
            None => _ = self.by_key.remove(&key),
        }
        match map.entry(key) {
            Slot::Vacant(slot) => {
                slot.insert(entry);
                None
            }
            Slot::Occupied(mut slot) => {
                let first = slot.insert(entry).key_mark;
                Some(NoteKind::DuplicateKey { key: slot.key().clone(), first })
            }
        }
    }
}

impl Cost {
    pub(super) fn add(&mut self, child: Self) {
        self.nodes += child.nodes;
        self.height = self.height.max(child.height + 1);
    }
}

/// A scalar that is not a plain key.
pub(super) fn scalar(
    tag: Option<&str>,
    text: &str,
    implicit: bool,
    style: Style,
    mark: Mark,
) -> Result<Value, ParseError> {
    let resolved = resolve(tag, text, implicit).map_err(|e| ParseError::new(ParseErrorKind::Syntax, mark, e))?;
    let mut poison = None;
    let kind = match resolved {
        Resolved::Null => Kind::Null,
        Resolved::Bool(value) => Kind::Bool(value),
        // JSON has one kind of number, and Helm reads every one as a float64.
        Resolved::Int(value) => Kind::Float(value as f64),
        Resolved::Uint(value) => Kind::Float(value as f64),
        Resolved::Float(value) => {
            if !value.is_finite() {
                let sentence = format!("`{text}` has no form in JSON, which Helm reads values through");
                poison = Some(ParseError::new(ParseErrorKind::NotJson, mark, sentence));
            }
            Kind::Float(value)
        }
        Resolved::Timestamp => Kind::Str(text.into()),
        Resolved::Str(value) => Kind::Str(value.as_ref().into()),
    };
    let mut node = Node { kind, mark, written: None, style };
    if !matches!(node.kind, Kind::Str(_)) && !node.prints_as(text) {
        node.written = Some(text.into());
    }
    Ok(Value { node, cost: Cost { nodes: 1, height: 0 }, alias: false, poison })
}
