//! What can be wrong with a file, and how much of one we are willing to read.

use super::{FileId, Mark};

/// Bounds on one file. The defaults are far above real values files (the largest real one has 60 kB of YAML
/// beside its embedded JSON, and 15 levels) and far below what hurts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub bytes: usize,
    /// Levels of maps and lists. Everything that walks a tree recurses, so this also bounds the stack.
    pub depth: usize,
    /// Scalars, lists and maps after every alias is replaced by what it stands for.
    pub nodes: usize,
    /// How many of those may come from aliases.
    pub aliased: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 256, nodes: 1_000_000, aliased: 100_000 }
    }
}

/// Why a file could not be read, with the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", mark.line, mark.column)]
pub struct ParseError {
    pub kind: ParseErrorKind,
    pub mark: Mark,
    /// A sentence without the place.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParseErrorKind {
    Syntax,
    NotUtf8,
    TooLarge,
    TooDeep,
    AliasBomb,
    /// YAML that has no JSON form, which Helm refuses: `.inf`, a null key, a list as a key.
    NotJson,
}

impl ParseError {
    pub(super) fn new(kind: ParseErrorKind, mark: Mark, message: impl Into<String>) -> Self {
        Self { kind, mark, message: message.into() }
    }

    pub(super) fn too_large(file: FileId, size: usize, limit: usize) -> Self {
        let mark = Mark { file, line: 1, column: 1 };
        Self::new(ParseErrorKind::TooLarge, mark, format!("the file has {size} bytes, more than the limit of {limit}"))
    }

    pub(super) fn too_deep(mark: Mark, limit: usize) -> Self {
        Self::new(ParseErrorKind::TooDeep, mark, format!("maps and lists are nested more than {limit} levels deep"))
    }

    pub(super) fn too_many_aliased(mark: Mark, limit: usize) -> Self {
        Self::new(ParseErrorKind::AliasBomb, mark, format!("aliases stand for more than {limit} values"))
    }

    pub(super) fn too_many_nodes(mark: Mark, limit: usize) -> Self {
        Self::new(ParseErrorKind::TooLarge, mark, format!("the file has more than {limit} values"))
    }
}
