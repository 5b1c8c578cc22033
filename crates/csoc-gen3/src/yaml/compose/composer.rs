//! Takes the events of one document and makes its tree.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::frame::{Content, Cost, Frame, Pending, Value, scalar};
use super::{Document, Note, NoteKind};
use crate::yaml::error::{Limits, ParseError, ParseErrorKind};
use crate::yaml::events::{Event, Events};
use crate::yaml::{Entry, Kind, Map, Mark, Node, Style};

pub(super) enum Anchored {
    /// Its collection is still open: an alias here would contain itself.
    Open,
    Ready(Value),
}
pub(super) struct Composer<'e, 'a> {
    events: &'e mut Events<'a>,
    limits: &'e Limits,
    pub(super) stack: Vec<Frame>,
    pub(super) anchors: HashMap<String, Anchored>,
    pub(super) keys: HashSet<Arc<str>>,
    pub(super) notes: Vec<Note>,
    pub(super) decoded: usize,
    from_aliases: usize,
}

impl<'e, 'a> Composer<'e, 'a> {
    pub(super) fn new(events: &'e mut Events<'a>, limits: &'e Limits) -> Self {
        Self {
            events,
            limits,
            stack: Vec::new(),
            anchors: HashMap::new(),
            keys: HashSet::new(),
            notes: Vec::new(),
            decoded: 1,
            from_aliases: 0,
        }
    }

    /// Everything up to the end of the document whose start was just read.
    pub(super) fn document(mut self) -> Result<Document, ParseError> {
        loop {
            let (event, mark) = self.events.next()?;
            let value = match event {
                Event::MappingStart { anchor } => {
                    self.open(Content::Map { map: Map::new(), pending: Pending::Key }, anchor, mark)?;
                    continue;
                }
                Event::SequenceStart { anchor } => {
                    self.open(Content::Seq(Vec::new()), anchor, mark)?;
                    continue;
                }
                Event::Scalar { anchor, tag, value, implicit, style } => {
                    let merges = implicit || tag.as_deref() == Some("tag:yaml.org,2002:merge");
                    if merges && value == "<<" && self.starts_merge(mark, anchor) {
                        continue;
                    }
                    if self.expects_key() && anchor.is_none() {
                        self.key(tag.as_deref(), &value, implicit, mark)?;
                        continue;
                    }
                    self.count(1, mark)?;
                    let value = scalar(tag.as_deref(), &value, implicit, style, mark)?;
                    self.define(anchor, &value, mark);
                    value
                }
                Event::Alias(name) => self.alias(name, mark)?,
                Event::CollectionEnd => self.close()?,
                Event::DocumentStart | Event::DocumentEnd | Event::StreamEnd => continue,
            };
            if let Some(value) = self.place(value)? {
                self.events.next()?;
                return match value.poison {
                    Some(error) => Err(error),
                    None => Ok(Document { root: value.node, notes: self.notes }),
                };
            }
        }
    }

    fn open(&mut self, content: Content, anchor: Option<&str>, mark: Mark) -> Result<(), ParseError> {
        if self.stack.len() >= self.limits.depth {
            return Err(ParseError::too_deep(mark, self.limits.depth));
        }
        self.count(1, mark)?;
        if let Some(name) = anchor {
            self.notes.push(Note { mark, kind: NoteKind::Anchor { name: name.to_owned() } });
            self.anchors.insert(name.to_owned(), Anchored::Open);
        }
        let anchor = anchor.map(str::to_owned);
        let cost = Cost { nodes: 1, height: 1 };
        self.stack.push(Frame { content, mark, anchor, cost, by_key: HashMap::new(), poison: None });
        Ok(())
    }

    fn close(&mut self) -> Result<Value, ParseError> {
        let Some(mut frame) = self.stack.pop() else {
            return Err(ParseError::new(
                ParseErrorKind::Syntax,
                Mark::default(),
                "a collection ends that did not begin",
            ));
        };
        let poison = frame.error();
        let kind = match frame.content {
            Content::Seq(mut items) => {
                items.shrink_to_fit();
                Kind::Seq(items)
            }
            Content::Map { mut map, .. } => {
                map.shrink_to_fit();
                Kind::map(map)
            }
        };
        let node = Node { kind, mark: frame.mark, written: None, style: Style::Plain };
        let value = Value { node, cost: frame.cost, alias: false, poison };
        if let Some(name) = frame.anchor {
            // A later anchor of the same name inside this one has taken the name over already.
            if matches!(self.anchors.get(&name), Some(Anchored::Open)) {
                self.anchors.insert(name, Anchored::Ready(value.clone()));
            }
        }
        Ok(value)
    }

    fn define(&mut self, anchor: Option<&str>, value: &Value, mark: Mark) {
        if let Some(name) = anchor {
            self.notes.push(Note { mark, kind: NoteKind::Anchor { name: name.to_owned() } });
            self.anchors.insert(name.to_owned(), Anchored::Ready(value.clone()));
        }
    }

    fn alias(&mut self, name: &str, mark: Mark) -> Result<Value, ParseError> {
        let error = |text: String| Err(ParseError::new(ParseErrorKind::Syntax, mark, text));
        let mut value = match self.anchors.get(name) {
            None => return error(format!("unknown anchor '{name}' referenced")),
            Some(Anchored::Open) => return error(format!("anchor '{name}' value contains itself")),
            Some(Anchored::Ready(value)) => {
                if self.stack.len() + value.cost.height > self.limits.depth {
                    return Err(ParseError::too_deep(mark, self.limits.depth));
                }
                if self.from_aliases + value.cost.nodes > self.limits.aliased {
                    return Err(ParseError::too_many_aliased(mark, self.limits.aliased));
                }
                value.clone()
            }
        };
        self.notes.push(Note { mark, kind: NoteKind::Alias { name: name.to_owned() } });
        self.from_aliases += value.cost.nodes;
        self.count(1 + value.cost.nodes, mark)?;
        value.cost.nodes += 1;
        value.alias = true;
        Ok(value)
    }

    /// go-yaml's own bound on how much of a document may come from aliases, and ours on its size.
    pub(super) fn count(&mut self, nodes: usize, mark: Mark) -> Result<(), ParseError> {
        self.decoded += nodes;
        if self.decoded > self.limits.nodes {
            return Err(ParseError::too_many_nodes(mark, self.limits.nodes));
        }
        if self.from_aliases > 100 && self.decoded > 1000 {
            let allowed = allowed_alias_ratio(self.decoded);
            if self.from_aliases as f64 / self.decoded as f64 > allowed {
                let text = "document contains excessive aliasing";
                return Err(ParseError::new(ParseErrorKind::AliasBomb, mark, text));
            }
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { content: Content::Map { pending: Pending::Key, .. }, .. }))
    }

    /// Gives a value to the open collection; the value itself when it is the document's root.
    fn place(&mut self, value: Value) -> Result<Option<Value>, ParseError> {
        let Some(frame) = self.stack.last_mut() else {
            return Ok(Some(value));
        };
        let pending = match &mut frame.content {
            Content::Seq(items) => {
                frame.cost.add(value.cost);
                frame.poison = frame.poison.take().or(value.poison);
                items.push(value.node);
                return Ok(None);
            }
            Content::Map { pending, .. } => std::mem::replace(pending, Pending::Key),
        };
        match pending {
            Pending::Key => self.complex_key(value)?,
            Pending::Value { key, mark, poison } => {
                frame.cost.add(value.cost);
                let poison = poison.or(value.poison);
                let duplicate = frame.insert(key, Entry { key_mark: mark, node: value.node }, poison);
                self.notes.extend(duplicate.map(|kind| Note { mark, kind }));
            }
            Pending::Merge(mark) => self.merge(value, mark)?,
        }
        Ok(None)
    }
}

/// 99% for documents of up to 400,000 values, falling to 10% at 4,000,000.
fn allowed_alias_ratio(decoded: usize) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let decoded = decoded as f64;
    if decoded <= LOW {
        0.99
    } else if decoded >= HIGH {
        0.10
    } else {
        0.99 - 0.89 * ((decoded - LOW) / (HIGH - LOW))
    }
}
