//! User-supplied values: several files merged as `helm -f a.yaml -f b.yaml` does.
//!
//! A map is merged with a map, anything else replaces; a null stays, so that it can remove a chart's default
//! later. What a file overrode is not lost: [`layers`] asks every file.

use std::sync::Arc;

use indexmap::map::Entry as Slot;

use crate::yaml::{self, Document, FileId, Kind, Limits, Map, Node, ParseError, Path, Style};

/// Why a file's values cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ValuesError {
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error("line {}, column {}: the file holds a {found}, not a map", mark.line, mark.column)]
    NotAMap { mark: yaml::Mark, found: &'static str },
}

/// Reads one value file. An empty file, or one that says null, has no values.
pub fn read(bytes: &[u8], file: FileId, limits: &Limits) -> Result<Document, ValuesError> {
    let mut document = yaml::parse(bytes, file, limits)?;
    document.root.kind = match document.root.kind {
        Kind::Null => Kind::map(Map::new()),
        Kind::Map(map) => Kind::Map(map),
        other => return Err(ValuesError::NotAMap { mark: document.root.mark, found: kind_name(&other) }),
    };
    document.root.written = None;
    Ok(document)
}

pub(crate) fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool(_) => "boolean",
        Kind::Int(_) | Kind::Float(_) => "number",
        Kind::Str(_) => "string",
        Kind::Seq(_) => "list",
        Kind::Map(_) => "map",
    }
}

/// A map without entries.
pub fn empty() -> Node {
    Node { kind: Kind::map(Map::new()), mark: yaml::Mark::default(), written: None, style: Style::Plain }
}

/// Merges files in Helm's order: a later one overrides an earlier one.
pub fn merge_all<'a>(files: impl IntoIterator<Item = &'a Node>) -> Node {
    let mut files = files.into_iter();
    let mut base = files.next().cloned().unwrap_or_else(empty);
    for file in files {
        merge(&mut base, file);
    }
    base
}

/// Lays one file's values over what the files before it said.
pub fn merge(base: &mut Node, over: &Node) {
    match (&mut base.kind, &over.kind) {
        (Kind::Map(base), Kind::Map(over)) => merge_maps(base, over),
        _ => *base = over.clone(),
    }
}

fn merge_maps(base: &mut Map, over: &Map) {
    for (key, entry) in over {
        match base.entry(key.clone()) {
            Slot::Vacant(slot) => _ = slot.insert(entry.clone()),
            Slot::Occupied(mut slot) => {
                let old = slot.get_mut();
                match (&mut old.node.kind, &entry.node.kind) {
                    // The map itself keeps its first place; what is in it has places of its own.
                    (Kind::Map(old), Kind::Map(new)) => merge_maps(old, new),
                    _ => *old = entry.clone(),
                }
            }
        }
    }
}

/// What each file says at a path, in the order of the files; those that say nothing are left out.
pub fn layers<'a>(files: &'a [Arc<Node>], path: &Path) -> Vec<&'a Node> {
    files.iter().filter_map(|file| file.follow(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Node {
        read(text.as_bytes(), FileId(0), &Limits::default()).expect("values").root
    }

    #[test]
    fn a_later_file_overrides_and_null_stays() {
        let merged = merge_all([
            &values("a: {x: 1, z: [1, 2]}\nb: text\n"),
            &values("a: {x: ~, z: [3]}\nb: {c: 1}\n"),
            &values(""),
        ]);
        assert_eq!(merged.to_json(), r#"{"a":{"x":null,"z":[3]},"b":{"c":1}}"#);
    }

    #[test]
    fn a_list_at_the_top_is_refused() {
        let error = read(b"- a\n", FileId(0), &Limits::default()).expect_err("not a map");
        assert_eq!(error.to_string(), "line 1, column 1: the file holds a list, not a map");
    }
}
