//! Paths into a tree: `fence.image.tag`, `hosts[0].name`, `annotations.example\.org/owner`.

use std::fmt;
use std::sync::Arc;

use super::number::{go_float, go_float32};
use super::resolve::{Resolved, plain};
use super::{Entry, Kind, Map, Node};

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    Key(Arc<str>),
    Index(usize),
}

/// From the root to a value. Printed with dots; a dot, bracket or backslash inside a key has a backslash.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// Reads what [`fmt::Display`] writes. Never fails: an unclosed bracket is part of the key.
    pub fn parse(text: &str) -> Self {
        let mut segments = Vec::new();
        let mut key = String::new();
        let mut key_open = !text.is_empty();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '\\' => {
                    let next = rest.chars().next();
                    rest = &rest[next.map_or(0, char::len_utf8)..];
                    key.push(next.unwrap_or('\\'));
                    key_open = true;
                }
                '.' => {
                    if key_open {
                        segments.push(Segment::Key(std::mem::take(&mut key).into()));
                    }
                    key_open = true;
                }
                '[' => match index(rest) {
                    Some((index, after)) => {
                        if key_open && !(key.is_empty() && segments.is_empty()) {
                            segments.push(Segment::Key(std::mem::take(&mut key).into()));
                        }
                        segments.push(Segment::Index(index));
                        key_open = false;
                        rest = after;
                    }
                    None => key.push('['),
                },
                other => {
                    key.push(other);
                    key_open = true;
                }
            }
        }
        if key_open {
            segments.push(Segment::Key(key.into()));
        }
        Self(segments)
    }
}

fn index(text: &str) -> Option<(usize, &str)> {
    let (digits, after) = text.split_once(']')?;
    Some((digits.parse().ok()?, after))
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => {
                    if at > 0 {
                        f.write_str(".")?;
                    }
                    if key.contains(['.', '[', '\\']) {
                        for c in key.chars() {
                            if matches!(c, '.' | '[' | '\\') {
                                f.write_str("\\")?;
                            }
                            write!(f, "{c}")?;
                        }
                    } else {
                        f.write_str(key)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Node {
    pub fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn as_seq(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::Seq(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The text of a scalar where a string is wanted (Chart.yaml, Argo CD's objects): numbers and booleans
    /// are converted as Helm does, with 32 bits for fractions. `None` for null, lists and maps.
    pub fn as_text(&self) -> Option<String> {
        Some(match &self.kind {
            Kind::Str(text) => text.to_string(),
            Kind::Bool(value) => value.to_string(),
            Kind::Int(value) => value.to_string(),
            Kind::Float(value) => {
                let printed = go_float(*value);
                match plain(self.written.as_deref().unwrap_or(&printed), false) {
                    Resolved::Int(value) => value.to_string(),
                    Resolved::Uint(value) => value.to_string(),
                    _ => go_float32(*value),
                }
            }
            Kind::Null | Kind::Seq(_) | Kind::Map(_) => return None,
        })
    }

    /// The value below these keys of maps.
    pub fn get(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| Some(&node.as_map()?.get(*key)?.node))
    }

    /// The value below these keys, with the place of the last key.
    pub fn entry(&self, keys: &[&str]) -> Option<&Entry> {
        let (last, above) = keys.split_last()?;
        self.get(above)?.as_map()?.get(*last)
    }

    /// The value at a written path; see [`Path`].
    pub fn at(&self, path: &str) -> Option<&Self> {
        self.follow(&Path::parse(path))
    }

    pub fn follow(&self, path: &Path) -> Option<&Self> {
        path.0.iter().try_fold(self, |node, segment| match segment {
            Segment::Key(key) => Some(&node.as_map()?.get(key)?.node),
            Segment::Index(index) => node.as_seq()?.get(*index),
        })
    }

    /// Every scalar, empty map and empty list with its path, in the order of the file.
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves { stack: vec![Step::Visit(self)], path: Vec::new() }
    }
}

/// See [`Node::leaves`].
pub struct Leaves<'a> {
    stack: Vec<Step<'a>>,
    path: Vec<Segment>,
}

enum Step<'a> {
    Visit(&'a Node),
    Enter(Segment, &'a Node),
    Leave,
}

impl<'a> Iterator for Leaves<'a> {
    type Item = (Path, &'a Node);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let node = match self.stack.pop()? {
                Step::Leave => {
                    self.path.pop();
                    continue;
                }
                Step::Enter(segment, node) => {
                    self.path.push(segment);
                    self.stack.push(Step::Leave);
                    node
                }
                Step::Visit(node) => node,
            };
            match &node.kind {
                Kind::Map(map) if !map.is_empty() => {
                    let steps = map.iter().rev().map(|(key, e)| Step::Enter(Segment::Key(key.clone()), &e.node));
                    self.stack.extend(steps);
                }
                Kind::Seq(items) if !items.is_empty() => {
                    let steps = items.iter().enumerate().rev().map(|(at, item)| Step::Enter(Segment::Index(at), item));
                    self.stack.extend(steps);
                }
                _ => return Some((Path(self.path.clone()), node)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FileId, Limits, parse};
    use super::*;

    #[test]
    fn a_path_finds_what_leaves_names() {
        let text = "a: {b.c: [1, {d: x}], e: {}}\nf: ~\n";
        let root = parse(text.as_bytes(), FileId(0), &Limits::default()).expect("parses").root;
        let paths: Vec<_> = root.leaves().map(|(path, _)| path.to_string()).collect();
        assert_eq!(paths, ["a.b\\.c[0]", "a.b\\.c[1].d", "a.e", "f"]);
        for (path, node) in root.leaves() {
            assert_eq!(root.at(&path.to_string()), Some(node));
        }
        assert_eq!(root.get(&["a", "b.c"]).and_then(Node::as_seq).map(<[_]>::len), Some(2));
    }
}
