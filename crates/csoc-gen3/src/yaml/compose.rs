//! From parser events to one tree per document: keys, aliases, merge keys, duplicate keys.
//!
//! go-yaml decodes into maps, so the order of things matters in ways people do not expect: the last of two
//! equal keys wins, and `<<` overrides the keys written *before* it. Both are kept, with a note.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::map::Entry as Slot;

use super::error::{Limits, ParseError, ParseErrorKind};
use super::events::{Event, Events};
use super::number::go_float32;
use super::resolve::{Resolved, resolve};
use super::source::Source;
use super::{Entry, FileId, Kind, Map, Mark, Node, Style};

/// One YAML document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub root: Node,
    /// In the order of the file.
    pub notes: Vec<Note>,
}

/// Something legal that a person probably did not mean, or should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub mark: Mark,
    pub kind: NoteKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NoteKind {
    /// The mark is the later key's; its value is the one that counts.
    DuplicateKey {
        key: Arc<str>,
        first: Mark,
    },
    /// More documents follow, or text that is not YAML; nothing reads them.
    ExtraDocuments,
    /// A number or boolean as a key; it becomes this text.
    NonStringKey {
        key: Arc<str>,
    },
    MergeKey,
    Anchor {
        name: String,
    },
    Alias {
        name: String,
    },
}

/// Every document of a file up to the first error.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    pub documents: Vec<Document>,
    /// Why the rest could not be read.
    pub error: Option<ParseError>,
}

/// Reads the first document, which is the only one Helm looks at. No document is null.
pub fn parse(bytes: &[u8], file: FileId, limits: &Limits) -> Result<Document, ParseError> {
    let source = source(bytes, file, limits)?;
    let mut events = Events::new(&source, limits);
    let (event, start) = events.next()?;
    if matches!(event, Event::StreamEnd) {
        let root = Node { kind: Kind::Null, mark: start, written: None, style: Style::Plain };
        return Ok(Document { root, notes: Vec::new() });
    }
    let mut document = Composer::new(&mut events, limits).document()?;
    match events.next() {
        Ok((Event::StreamEnd, _)) => {}
        Ok((_, mark)) | Err(ParseError { mark, .. }) => {
            document.notes.push(Note { mark, kind: NoteKind::ExtraDocuments });
        }
    }
    Ok(document)
}

/// Reads every document of a file.
pub fn parse_all(bytes: &[u8], file: FileId, limits: &Limits) -> Documents {
    let mut all = Documents::default();
    all.error = read_all(bytes, file, limits, &mut all.documents).err();
    all
}

fn read_all(bytes: &[u8], file: FileId, limits: &Limits, into: &mut Vec<Document>) -> Result<(), ParseError> {
    let source = source(bytes, file, limits)?;
    let mut events = Events::new(&source, limits);
    while !matches!(events.next()?.0, Event::StreamEnd) {
        into.push(Composer::new(&mut events, limits).document()?);
    }
    Ok(())
}

fn source<'b>(bytes: &'b [u8], file: FileId, limits: &Limits) -> Result<Source<'b>, ParseError> {
    if bytes.len() > limits.bytes {
        return Err(ParseError::too_large(file, bytes.len(), limits.bytes));
    }
    Source::new(bytes, file)
}

/// A finished value with what its parents must know about it.
#[derive(Clone)]
struct Value {
    node: Node,
    cost: Cost,
    alias: bool,
    /// An error that counts only if this value survives: a key written twice may replace it.
    poison: Option<ParseError>,
}

/// What an anchored value costs each time it is used.
#[derive(Clone, Copy, Default)]
struct Cost {
    nodes: usize,
    height: usize,
}

enum Anchored {
    /// Its collection is still open: an alias here would contain itself.
    Open,
    Ready(Value),
}

enum Pending {
    Key,
    Value { key: Arc<str>, mark: Mark, poison: Option<ParseError> },
    Merge(Mark),
}

enum Content {
    Seq(Vec<Node>),
    Map { map: Map, pending: Pending },
}

struct Frame {
    content: Content,
    mark: Mark,
    anchor: Option<String>,
    cost: Cost,
    /// By key of a map, or by position in a list.
    poison: Vec<(Arc<str>, ParseError)>,
}

struct Composer<'e, 'a> {
    events: &'e mut Events<'a>,
    limits: &'e Limits,
    stack: Vec<Frame>,
    anchors: HashMap<String, Anchored>,
    keys: HashSet<Arc<str>>,
    notes: Vec<Note>,
    decoded: usize,
    from_aliases: usize,
}

impl<'e, 'a> Composer<'e, 'a> {
    fn new(events: &'e mut Events<'a>, limits: &'e Limits) -> Self {
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
    fn document(mut self) -> Result<Document, ParseError> {
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
        self.stack.push(Frame { content, mark, anchor, cost, poison: Vec::new() });
        Ok(())
    }

    fn close(&mut self) -> Result<Value, ParseError> {
        let Some(frame) = self.stack.pop() else {
            return Err(ParseError::new(
                ParseErrorKind::Syntax,
                Mark::default(),
                "a collection ends that did not begin",
            ));
        };
        let kind = match frame.content {
            Content::Seq(items) => Kind::Seq(items),
            Content::Map { map, .. } => Kind::Map(map),
        };
        let node = Node { kind, mark: frame.mark, written: None, style: Style::Plain };
        let poison = frame.poison.into_iter().next().map(|(_, error)| error);
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
                if self.decoded + value.cost.nodes > self.limits.nodes {
                    return Err(ParseError::too_many_nodes(mark, self.limits.nodes));
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
    fn count(&mut self, nodes: usize, mark: Mark) -> Result<(), ParseError> {
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

    fn starts_merge(&mut self, mark: Mark, anchor: Option<&str>) -> bool {
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
    fn key(&mut self, tag: Option<&str>, text: &str, implicit: bool, mark: Mark) -> Result<(), ParseError> {
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

    /// Gives a value to the open collection; the value itself when it is the document's root.
    fn place(&mut self, value: Value) -> Result<Option<Value>, ParseError> {
        let Some(frame) = self.stack.last_mut() else {
            return Ok(Some(value));
        };
        let pending = match &mut frame.content {
            Content::Seq(items) => {
                frame.cost.add(value.cost);
                if let Some(error) = value.poison {
                    frame.poison.push(("".into(), error));
                }
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

    /// A key that is an alias, has an anchor, or is a collection.
    fn complex_key(&mut self, value: Value) -> Result<(), ParseError> {
        let Node { kind, mark, written, .. } = value.node;
        let resolved = match kind {
            Kind::Str(text) => Resolved::Str(text.to_string().into()),
            Kind::Null => Resolved::Null,
            Kind::Bool(value) => Resolved::Bool(value),
            Kind::Int(value) => Resolved::Int(value),
            Kind::Float(value) => match &written {
                Some(text) => super::resolve::plain(text, false),
                None => super::number::integer(value).map_or(Resolved::Float(value), Resolved::Int),
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
    fn merge(&mut self, value: Value, mark: Mark) -> Result<(), ParseError> {
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
            for (key, entry) in map {
                frame.insert(key, entry, None);
            }
        }
        if let Some(error) = value.poison {
            frame.poison.push(("".into(), error));
        }
        Ok(())
    }
}

impl Frame {
    /// What the insertion replaced, if anything.
    fn insert(&mut self, key: Arc<str>, entry: Entry, poison: Option<ParseError>) -> Option<NoteKind> {
        let Content::Map { map, .. } = &mut self.content else { return None };
        if !self.poison.is_empty() {
            self.poison.retain(|(k, _)| *k != key);
        }
        if let Some(error) = poison {
            self.poison.push((key.clone(), error));
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
    fn add(&mut self, child: Self) {
        self.nodes += child.nodes;
        self.height = self.height.max(child.height + 1);
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

fn scalar(tag: Option<&str>, text: &str, implicit: bool, style: Style, mark: Mark) -> Result<Value, ParseError> {
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
