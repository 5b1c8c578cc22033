//! Keys: their text, merge keys, and what cannot be a key.

use std::sync::Arc;

use super::composer::{Anchored, Composer};
use super::frame::{Content, Cost, Frame, Pending, Value};
use super::{Note, NoteKind};
use crate::yaml::error::{ParseError, ParseErrorKind};
use crate::yaml::number::{go_float32, integer};
use crate::yaml::resolve::{Resolved, plain, resolve};
use crate::yaml::{Kind, Mark, Node, Style};

impl Composer<'_, '_> {
    pub(super) fn starts_merge(&mut self, mark: Mark, anchor: Option<&str>) -> bool {
        let Some(Frame { content: Content::Map { pending, .. }, .. }) = self.stack.last_mut() else {
            return false;
        };
        if !matches!(pending, Pending::Key) {
            return false;
        }
        *pending = Pending::Merge(mark);
        self.notes.push(Note { mark, kind: NoteKind::MergeKey });
        if let Some(name) = anchor {
            let kind = Kind::Str("<<".into());
            let node = Node { kind, mark, written: None, style: Style::Plain };
            let cost = Cost { nodes: 1, height: 0 };
            let value = Value { node, cost, alias: false, poison: None };
            self.anchors.insert(name.to_owned(), Anchored::Ready(value));
        }
        true
    }

    /// A scalar in key position, without the detour over a [`Node`].
    pub(super) fn key(&mut self, tag: Option<&str>, text: &str, implicit: bool, mark: Mark) -> Result<(), ParseError> {
        self.count(1, mark)?;
        let resolved = resolve(tag, text, implicit).map_err(|e| ParseError::new(ParseErrorKind::Syntax, mark, e))?;
        self.place_key(resolved, text, mark, 1);
        Ok(())
    }

    fn place_key(&mut self, resolved: Resolved<'_>, text: &str, mark: Mark, nodes: usize) {
        let mut poison = None;
        let unusable =
            |what: &str| Some(ParseError::new(ParseErrorKind::NotJson, mark, format!("{what} cannot be a key")));
        let other = match resolved {
            Resolved::Str(text) => {
                self.pend(&text, mark, None, nodes);
                return;
            }
            Resolved::Timestamp => {
                self.pend(text, mark, None, nodes);
                return;
            }
            Resolved::Null => {
                poison = unusable("null");
                "null".to_owned()
            }
            Resolved::Uint(value) => {
                poison = unusable("a number above 9223372036854775807");
                value.to_string()
            }
            Resolved::Bool(value) => value.to_string(),
            Resolved::Int(value) => value.to_string(),
            Resolved::Float(value) if value.is_nan() => ".nan".into(),
            Resolved::Float(value) if value.is_infinite() => if value > 0.0 { ".inf" } else { "-.inf" }.into(),
            Resolved::Float(value) => match go_float32(value) {
                text if text == "+Inf" => ".inf".into(),
                text if text == "-Inf" => "-.inf".into(),
                text => text,
            },
        };
        let key = self.pend(&other, mark, poison, nodes);
        self.notes.push(Note { mark, kind: NoteKind::NonStringKey { key } });
    }

    /// Remembers the key until its value comes.
    fn pend(&mut self, text: &str, mark: Mark, poison: Option<ParseError>, nodes: usize) -> Arc<str> {
        let key = match self.keys.get(text) {
            Some(key) => key.clone(),
            None => {
                let key: Arc<str> = text.into();
                self.keys.insert(key.clone());
                key
            }
        };
        if let Some(Frame { content: Content::Map { pending, .. }, cost, .. }) = self.stack.last_mut() {
            cost.nodes += nodes;
            *pending = Pending::Value { key: key.clone(), mark, poison };
        }
        key
    }
    /// A key that is an alias, has an anchor, or is a collection.
    pub(super) fn complex_key(&mut self, value: Value) -> Result<(), ParseError> {
        let Node { kind, mark, written, .. } = value.node;
        let resolved = match kind {
            Kind::Str(text) => Resolved::Str(text.to_string().into()),
            Kind::Null => Resolved::Null,
            Kind::Bool(value) => Resolved::Bool(value),
            Kind::Int(value) => Resolved::Int(value),
            Kind::Float(value) => match &written {
                Some(text) => plain(text, false),
                None => integer(value).map_or(Resolved::Float(value), Resolved::Int),
            },
            Kind::Seq(_) | Kind::Map(_) => {
                return Err(ParseError::new(ParseErrorKind::NotJson, mark, "a list or a map cannot be a key"));
            }
        };
        let resolved = match resolved {
            Resolved::Str(text) => Resolved::Str(text.into_owned().into()),
            other => other,
        };
        self.place_key(resolved, "", mark, value.cost.nodes);
        Ok(())
    }

    /// Go decodes the merged map into the one that is being read: its keys replace those read before.
    pub(super) fn merge(&mut self, value: Value, mark: Mark) -> Result<(), ParseError> {
        let wanted =
            || ParseError::new(ParseErrorKind::Syntax, mark, "map merge requires map or sequence of maps as the value");
        let Some(frame) = self.stack.last_mut() else { return Ok(()) };
        frame.cost.add(value.cost);
        let maps = match value.node.kind {
            Kind::Map(map) => vec![map],
            Kind::Seq(items) if !value.alias => {
                // The list itself is not decoded, only what is in it.
                frame.cost.nodes -= 1;
                self.decoded -= 1;
                let maps = items.into_iter().rev().map(|item| match item.kind {
                    Kind::Map(map) => Ok(map),
                    _ => Err(wanted()),
                });
                maps.collect::<Result<_, _>>()?
            }
            _ => return Err(wanted()),
        };
        for map in maps {
            for (key, entry) in *map {
                frame.insert(key, entry, None);
            }
        }
        frame.poison = frame.poison.take().or(value.poison);
        Ok(())
    }
}
