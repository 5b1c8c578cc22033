//! YAML as Helm reads it: a tree of nodes that remember where they were written.
//!
//! Helm 3 reads values with `sigs.k8s.io/yaml` (go-yaml v2, YAML 1.1 scalars, then through JSON): `on` is
//! true, `0755` is 493, `084375550014` and `2026.10` are floats, the last of two equal keys wins, only the
//! first document counts. This module gives the same values and, beside them, what a person wrote.

use std::sync::Arc;

use indexmap::IndexMap;

mod compose;
mod emit;
mod error;
mod events;
mod number;
mod path;
mod render;
mod resolve;
mod scan;
mod source;

pub use compose::{Document, Documents, Note, NoteKind, parse, parse_all};
pub use error::{Limits, ParseError, ParseErrorKind};
pub use number::go_float;
pub use path::{Path, Segment};

/// Index into a [`Files`] table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FileId(pub u32);

/// Where something was written. Lines and columns count from 1; columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Mark {
    pub file: FileId,
    pub line: u32,
    pub column: u32,
}

/// The files that marks point into.
#[derive(Clone, Debug, Default)]
pub struct Files {
    paths: Vec<Arc<str>>,
}

impl Files {
    /// The id of a path; the same path gets the same id.
    pub fn intern(&mut self, path: &str) -> FileId {
        let at = self.paths.iter().position(|p| **p == *path).unwrap_or_else(|| {
            self.paths.push(path.into());
            self.paths.len() - 1
        });
        FileId(at as u32)
    }

    pub fn path(&self, id: FileId) -> &Arc<str> {
        &self.paths[id.0 as usize]
    }
}

/// How a scalar was written, kept when a rule may want to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Block,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub kind: Kind,
    /// Where the value starts (for a map entry's key see [`Entry::key_mark`]).
    pub mark: Mark,
    /// The scalar's text as written, when it is not simply the value printed (`0755`, `2026.10`, `on`, `~`).
    /// `None` for collections and for strings.
    pub written: Option<Arc<str>>,
    pub style: Style,
}

/// What Helm sees after YAML → JSON → Go. Every number of a file is a `Float`: Helm decodes the JSON without
/// asking for integers, of files and of chart defaults alike. `Int` comes only from `--set`.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Arc<str>),
    Seq(Vec<Node>),
    /// Boxed: a fleet in memory is mostly texts, and they should not pay for the maps' size.
    Map(Box<Map>),
}

impl Kind {
    pub fn map(map: Map) -> Self {
        Kind::Map(Box::new(map))
    }
}

pub type Map = IndexMap<Arc<str>, Entry>;

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key_mark: Mark,
    pub node: Node,
}
