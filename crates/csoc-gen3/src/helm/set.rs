//! `--set name=value`: the little language of Argo CD's `parameters`.
//!
//! `fence.image.tag=2026.07` sets a string (only whole numbers, booleans and null have types here),
//! `a[0].b=1` a list item, `a={x,y}` a list, `a\.b=1` a key with a dot. What Helm accepts is odd in places
//! (`a[0]` alone makes an empty list, `a.b=` sets an empty string); all of that is kept.

use std::iter::Peekable;
use std::str::Chars;

use crate::yaml::{Entry, Kind, Map, Mark, Node, Style};

/// How values become typed.
#[derive(Clone, Copy)]
pub enum Mode<'a> {
    /// `--set`: true, false, null and whole numbers are not strings.
    Typed,
    /// `--set-string`
    Text,
    /// `--set-file`: the value names a file; its content, or why there is none.
    File(&'a dyn Fn(&str) -> Result<String, String>),
}

/// Why a parameter cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` cannot be set: {reason}")]
pub struct SetError {
    pub text: String,
    pub reason: String,
}

const DEEPEST: usize = 30;
const LARGEST_INDEX: usize = 65_536;

/// Applies one `--set` text to values. What it sets carries the given mark.
pub fn apply(values: &mut Map, text: &str, mode: Mode<'_>, mark: Mark) -> Result<(), SetError> {
    let mut parser = Parser { text: text.chars().peekable(), mode, mark };
    loop {
        match parser.key(values, 0) {
            Ok(Read::More) => {}
            Ok(Read::End) => return Ok(()),
            Err(reason) => return Err(SetError { text: text.to_owned(), reason }),
        }
    }
}

/// Whether the text ended while reading; ending is not an error for Helm where nothing was begun.
#[derive(PartialEq)]
enum Read {
    More,
    End,
}

struct Parser<'t, 'm> {
    text: Peekable<Chars<'t>>,
    mode: Mode<'m>,
    mark: Mark,
}

impl Parser<'_, '_> {
    /// Text up to one of the characters, and which it was. A backslash takes the next character as it is.
    fn until(&mut self, stops: &str) -> (String, Option<char>) {
        let mut read = String::new();
        while let Some(c) = self.text.next() {
            if stops.contains(c) {
                return (read, Some(c));
            }
            if c != '\\' {
                read.push(c);
            } else if let Some(next) = self.text.next() {
                read.push(next);
            }
        }
        (read, None)
    }

    fn key(&mut self, values: &mut Map, level: usize) -> Result<Read, String> {
        let (name, stop) = self.until("=[,.");
        match stop {
            None if name.is_empty() => Ok(Read::End),
            None => Err(format!("key \"{name}\" has no value")),
            Some('[') => self.indexed(values, &name, level),
            Some('=') => {
                let (node, read) = match self.list()? {
                    Some(Ok(items)) => (self.node(Kind::Seq(items)), Read::More),
                    Some(Err(End)) => (self.node(Kind::Str("".into())), Read::End),
                    None => (self.scalar()?, Read::More),
                };
                self.put(values, &name, node);
                Ok(read)
            }
            Some('.') => self.nested(values, &name, level + 1),
            Some(_) => Err(format!("key \"{name}\" has no value (cannot end with ,)")),
        }
    }

    fn nested(&mut self, values: &mut Map, name: &str, level: usize) -> Result<Read, String> {
        if level > DEEPEST {
            return Err(format!("more than {DEEPEST} names with dots between them"));
        }
        let no_value = || Err(format!("key map \"{name}\" has no value"));
        if let Some(entry) = values.get_mut(name) {
            let Kind::Map(inner) = &mut entry.node.kind else {
                return Err(format!("\"{name}\" is not a map"));
            };
            let read = self.key(inner, level)?;
            return if read == Read::More && inner.is_empty() { no_value() } else { Ok(read) };
        }
        let mut inner = Map::new();
        let read = self.key(&mut inner, level)?;
        if !inner.is_empty() {
            let node = self.node(Kind::map(inner));
            self.put(values, name, node);
        } else if read == Read::More {
            return no_value();
        }
        Ok(read)
    }

    fn indexed(&mut self, values: &mut Map, name: &str, level: usize) -> Result<Read, String> {
        let index = self.index()?;
        let mut items = match values.get_mut(name) {
            None => Vec::new(),
            Some(Entry { node: Node { kind: Kind::Seq(items), .. }, .. }) => std::mem::take(items),
            Some(_) => return Err(format!("\"{name}\" is not a list")),
        };
        let before = if name.is_empty() { items.clone() } else { Vec::new() };
        let read = self.item(&mut items, index, level)?;
        match values.get_mut(name) {
            // An empty name is not set, so that a list that grew stays what it was.
            Some(entry) if name.is_empty() && items.len() > before.len() => entry.node.kind = Kind::Seq(before),
            Some(entry) => entry.node.kind = Kind::Seq(items),
            None => {
                let node = self.node(Kind::Seq(items));
                self.put(values, name, node);
            }
        }
        Ok(read)
    }

    fn index(&mut self) -> Result<i64, String> {
        let (digits, stop) = self.until("]");
        let index = digits.parse().ok().filter(|_| stop.is_some());
        index.ok_or_else(|| format!("error parsing index \"{digits}\""))
    }

    fn item(&mut self, items: &mut Vec<Node>, index: i64, level: usize) -> Result<Read, String> {
        let index = usize::try_from(index).map_err(|_| format!("negative {index} index not allowed"))?;
        let (rest, stop) = self.until("[.=");
        if !rest.is_empty() {
            return Err(format!("unexpected data at end of array index: \"{rest}\""));
        }
        match stop {
            None => Ok(Read::End),
            Some('=') => {
                let node = match self.list()? {
                    Some(Ok(list)) => self.node(Kind::Seq(list)),
                    Some(Err(End)) => self.node(Kind::Str("".into())),
                    None => self.scalar()?,
                };
                self.put_item(items, index, node)?;
                Ok(Read::More)
            }
            Some('[') => self.item_of_list(items, index, level),
            Some(_) => self.item_map(items, index, level),
        }
    }

    /// `a[0][1]=x`
    fn item_of_list(&mut self, items: &mut Vec<Node>, index: usize, level: usize) -> Result<Read, String> {
        let next = self.index()?;
        let mut inner = match items.get_mut(index).map(|node| &mut node.kind) {
            None | Some(Kind::Null) => Vec::new(),
            Some(Kind::Seq(inner)) => std::mem::take(inner),
            Some(_) => return Err(format!("item {index} is not a list")),
        };
        let existed = matches!(items.get(index), Some(Node { kind: Kind::Seq(_), .. }));
        let read = self.item(&mut inner, next, level)?;
        if read == Read::More || existed {
            let node = self.node(Kind::Seq(inner));
            self.put_item(items, index, node)?;
        }
        Ok(read)
    }

    /// `a[0].b=x`
    fn item_map(&mut self, items: &mut Vec<Node>, index: usize, level: usize) -> Result<Read, String> {
        if let Some(node) = items.get_mut(index) {
            if !matches!(node.kind, Kind::Map(_)) {
                *node = Node { kind: Kind::map(Map::new()), mark: self.mark, written: None, style: Style::Plain };
            }
            if let Kind::Map(inner) = &mut node.kind {
                return self.key(inner, level);
            }
        }
        let mut inner = Map::new();
        let read = self.key(&mut inner, level)?;
        if read == Read::More {
            let node = self.node(Kind::map(inner));
            self.put_item(items, index, node)?;
        }
        Ok(read)
    }

    /// `{a,b}`; `None` when no list begins here.
    fn list(&mut self) -> Result<Option<Result<Vec<Node>, End>>, String> {
        match self.text.peek() {
            None => return Ok(Some(Err(End))),
            Some('{') => self.text.next(),
            Some(_) => return Ok(None),
        };
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(",}");
            match stop {
                None => return Err("list must terminate with '}'".into()),
                Some('}') => {
                    self.text.next_if_eq(&',');
                    items.push(self.typed(text)?);
                    return Ok(Some(Ok(items)));
                }
                Some(_) => items.push(self.typed(text)?),
            }
        }
    }

    fn scalar(&mut self) -> Result<Node, String> {
        let (text, _) = self.until(",");
        self.typed(text)
    }

    fn typed(&self, text: String) -> Result<Node, String> {
        let kind = match self.mode {
            Mode::Text => Kind::Str(text.into()),
            Mode::File(read) => Kind::Str(read(&text)?.into()),
            Mode::Typed if text.eq_ignore_ascii_case("true") => Kind::Bool(true),
            Mode::Typed if text.eq_ignore_ascii_case("false") => Kind::Bool(false),
            Mode::Typed if text.eq_ignore_ascii_case("null") => Kind::Null,
            Mode::Typed if text == "0" => Kind::Int(0),
            Mode::Typed => match text.parse::<i64>() {
                Ok(number) if !text.starts_with('0') => Kind::Int(number),
                _ => Kind::Str(text.into()),
            },
        };
        Ok(self.node(kind))
    }

    fn node(&self, kind: Kind) -> Node {
        Node { kind, mark: self.mark, written: None, style: Style::Plain }
    }

    /// Helm silently drops what has an empty name.
    fn put(&self, values: &mut Map, name: &str, node: Node) {
        if !name.is_empty() {
            values.insert(name.into(), Entry { key_mark: self.mark, node });
        }
    }

    fn put_item(&self, items: &mut Vec<Node>, index: usize, node: Node) -> Result<(), String> {
        if index > LARGEST_INDEX {
            return Err(format!("index of {index} is greater than maximum supported index of {LARGEST_INDEX}"));
        }
        if items.len() <= index {
            items.resize(index + 1, self.node(Kind::Null));
        }
        items[index] = node;
        Ok(())
    }
}

/// The text ended right behind `=`.
struct End;

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Result<String, SetError> {
        let mut map = Map::new();
        apply(&mut map, text, Mode::Typed, Mark::default())?;
        Ok(Node { kind: Kind::map(map), mark: Mark::default(), written: None, style: Style::Plain }.to_json())
    }

    #[test]
    fn a_parameter_sets_what_helm_sets() {
        assert_eq!(set("fence.image.tag=2026.07").as_deref(), Ok(r#"{"fence":{"image":{"tag":"2026.07"}}}"#));
        assert_eq!(set("a[1].b=1,c={x,2},d\\.e=null").as_deref(), Ok(r#"{"a":[null,{"b":1}],"c":["x",2],"d.e":null}"#));
        assert_eq!(set("a[0]").as_deref(), Ok(r#"{"a":[]}"#));
        assert!(set("a.b").is_err());
    }
}
