//! What one Helm source of an Argo CD Application hands to Helm, in Argo CD's precedence.
//!
//! valueFiles in their order, then `values` or (when there is one) `valuesObject`, then `parameters` and
//! `fileParameters` as `--set`. The Application itself is read elsewhere ([`crate::argo`]).

use std::sync::Arc;

use globset::GlobBuilder;

use super::set::{self, Mode, SetError};
use super::values::{self, ValuesError};
use crate::tree::{EntryKind, Tree};
use crate::yaml::{FileId, Kind, Limits, Mark, Node};

/// Everything that decides the user-supplied values of one source.
#[derive(Default)]
pub struct Inputs<'a> {
    /// The roots of the value files that exist, in order.
    pub files: Vec<&'a Node>,
    pub inline: Option<Inline<'a>>,
    pub parameters: Vec<Parameter<'a>>,
    /// `name` and the file's text.
    pub file_parameters: Vec<FileParameter<'a>>,
    /// Argo CD's build environment (`ARGOCD_APP_NAME` ...): a `$` in a parameter is replaced from it, by
    /// nothing when the name is unknown.
    pub environment: &'a [(&'a str, &'a str)],
}

pub enum Inline<'a> {
    /// `values`: YAML in a string, with the file and the place of its first line.
    Text { text: &'a str, file: FileId, at: Mark },
    /// `valuesObject`, which makes `values` count for nothing.
    Object(&'a Node),
}

pub struct Parameter<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub force_string: bool,
    pub at: Mark,
}

pub struct FileParameter<'a> {
    pub name: &'a str,
    /// The file's text, or a sentence why there is none.
    pub content: Result<&'a str, String>,
    pub at: Mark,
}

/// Which step failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InputsError {
    #[error("the Application's inline values cannot be read: {0}")]
    Inline(ValuesError),
    #[error("parameter {name}: {error}")]
    Parameter { name: String, at: Mark, error: SetError },
}

/// The user-supplied values, as Helm computes them from what Argo CD passes.
pub fn user_values(inputs: &Inputs<'_>) -> Result<Node, InputsError> {
    let mut merged = values::merge_all(inputs.files.iter().copied());
    match &inputs.inline {
        Some(Inline::Object(object)) => values::merge(&mut merged, object),
        Some(Inline::Text { text, file, at }) => values::merge(&mut merged, &inline_text(text, *file, *at)?),
        None => {}
    }
    // Argo CD keeps parameters in a map by name, so of two with one name the last counts. Helm then takes
    // all of `--set`, all of `--set-string`, all of `--set-file`.
    for forced in [false, true] {
        for (at, parameter) in inputs.parameters.iter().enumerate() {
            let again =
                |later: &Parameter<'_>| later.name == parameter.name && later.force_string == parameter.force_string;
            if parameter.force_string == forced && !inputs.parameters[at + 1..].iter().any(again) {
                let mode = if forced { Mode::Text } else { Mode::Typed };
                let value = substitute(parameter.value, inputs.environment);
                set(&mut merged, parameter.name, &value, mode, parameter.at)?;
            }
        }
    }
    for parameter in &inputs.file_parameters {
        let read = |_: &str| parameter.content.clone().map(str::to_owned);
        set(&mut merged, parameter.name, "file", Mode::File(&read), parameter.at)?;
    }
    Ok(merged)
}

fn inline_text(text: &str, file: FileId, at: Mark) -> Result<Node, InputsError> {
    let mut root = values::read(text.as_bytes(), file, &Limits::default()).map_err(InputsError::Inline)?.root;
    move_down(&mut root, at.line.saturating_sub(1));
    Ok(root)
}

/// The lines of a block of text, as lines of the file around it.
fn move_down(node: &mut Node, lines: u32) {
    node.mark.line += lines;
    match &mut node.kind {
        Kind::Seq(items) => items.iter_mut().for_each(|item| move_down(item, lines)),
        Kind::Map(map) => {
            for entry in map.values_mut() {
                entry.key_mark.line += lines;
                move_down(&mut entry.node, lines);
            }
        }
        _ => {}
    }
}

fn set(merged: &mut Node, name: &str, value: &str, mode: Mode<'_>, at: Mark) -> Result<(), InputsError> {
    let Kind::Map(map) = &mut merged.kind else { return Ok(()) };
    set::apply(map, &format!("{name}={}", escaped(value)), mode, at).map_err(|error| InputsError::Parameter {
        name: name.to_owned(),
        at,
        error,
    })
}

/// Argo CD escapes the commas of a value, except in a `{list}`.
fn escaped(value: &str) -> String {
    if value.starts_with('{') && value.ends_with('}') {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut before = None;
    for c in value.chars() {
        if c == ',' && before != Some('\\') {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// `$NAME` and `${NAME}`, as Go's `os.Expand` finds them.
fn substitute(text: &str, environment: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let (name, length) = variable(&after[1..]);
        match name {
            // `$$` stands for a dollar sign.
            Some("$") => out.push('$'),
            Some(name) => {
                let value = environment.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
                out.push_str(value);
            }
            None if length == 0 => out.push('$'),
            None => {}
        }
        rest = &after[1 + length..];
    }
    out.push_str(rest);
    out
}

/// The name behind a `$` and how many bytes it takes; no name for `$` alone and for bad braces.
fn variable(text: &str) -> (Option<&str>, usize) {
    let special = |c: u8| matches!(c, b'*' | b'#' | b'$' | b'@' | b'!' | b'?' | b'-' | b'0'..=b'9');
    let Some(first) = text.bytes().next() else { return (None, 0) };
    if first == b'{' {
        let inner = &text[1..];
        if inner.len() > 1 && special(inner.as_bytes()[0]) && inner.as_bytes()[1] == b'}' {
            return (Some(&inner[..1]), 3);
        }
        return match inner.find('}') {
            // `${}` is bad syntax, and so is a brace that never closes; Go eats what it looked at.
            Some(0) => (None, 2),
            Some(end) => (Some(&inner[..end]), end + 2),
            None => (None, 1),
        };
    }
    if special(first) {
        return (Some(&text[..1]), 1);
    }
    let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    (if length > 0 { Some(&text[..length]) } else { None }, length)
}

/// One value file that Argo CD passes to Helm, or why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Which of the written paths this comes from.
    pub index: usize,
    pub state: ResolvedState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedState {
    Found(Arc<str>),
    /// Argo CD passes it on and Helm fails.
    Missing,
    /// Left out because of `ignoreMissingValueFiles`.
    MissingIgnored,
    /// A pattern that matches nothing; an error unless missing files are ignored.
    NoMatch,
    NoMatchIgnored,
    /// A pattern that is none.
    BadPattern(String),
}

/// Turns the paths of `valueFiles` (already relative to the repository's root) into files.
///
/// `*`, `?` and `[` make a pattern (Argo CD 3.4 and later), `**` goes through folders. Matches come folder by
/// folder and sorted by name; a file that is also written out takes its place from there; a file is passed
/// once, at its first place.
pub fn resolve_value_files(paths: &[&str], tree: &dyn Tree, ignore_missing: bool) -> Vec<Resolved> {
    let explicit: Vec<&str> = paths.iter().copied().filter(|path| !is_pattern(path)).collect();
    let mut resolved: Vec<Resolved> = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        if !is_pattern(path) {
            let state = match tree.find(path) {
                Some(entry) => ResolvedState::Found(entry.path.clone()),
                None if ignore_missing => ResolvedState::MissingIgnored,
                None => ResolvedState::Missing,
            };
            push_once(&mut resolved, index, state);
            continue;
        }
        match matches(path, tree) {
            Err(error) => resolved.push(Resolved { index, state: ResolvedState::BadPattern(error) }),
            Ok(found) if found.is_empty() => {
                let state = if ignore_missing { ResolvedState::NoMatchIgnored } else { ResolvedState::NoMatch };
                resolved.push(Resolved { index, state });
            }
            Ok(found) => {
                for path in found.into_iter().filter(|path| !explicit.contains(&&**path)) {
                    push_once(&mut resolved, index, ResolvedState::Found(path));
                }
            }
        }
    }
    resolved
}

fn push_once(resolved: &mut Vec<Resolved>, index: usize, state: ResolvedState) {
    let known = matches!(state, ResolvedState::Found(_)) && resolved.iter().any(|r| r.state == state);
    if !known {
        resolved.push(Resolved { index, state });
    }
}

/// Whether Argo CD expands this path.
pub fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

fn matches(pattern: &str, tree: &dyn Tree) -> Result<Vec<Arc<str>>, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build();
    let matcher = glob.map_err(|error| error.to_string())?.compile_matcher();
    let files = tree.entries().iter().filter(|entry| entry.kind != EntryKind::Submodule);
    let mut found: Vec<Arc<str>> =
        files.filter(|entry| matcher.is_match(&*entry.path)).map(|entry| entry.path.clone()).collect();
    // The order of a walk that lists a folder's files before it goes down.
    found.sort_by(|a, b| walk_order(a).cmp(&walk_order(b)));
    Ok(found)
}

fn walk_order(path: &str) -> (Vec<&str>, &str) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    (folder.split('/').filter(|part| !part.is_empty()).collect(), name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    fn values(text: &str) -> Node {
        values::read(text.as_bytes(), FileId(0), &Limits::default()).expect("values").root
    }

    #[test]
    fn parameters_win_over_inline_values_and_those_over_files() {
        let file = values("a: 1\nb: 1\nc: 1\nd: 1\n");
        let at = |line| Mark { line, ..Mark::default() };
        let parameter = |name, value, force_string| Parameter { name, value, force_string, at: at(9) };
        let inputs = Inputs {
            files: vec![&file],
            inline: Some(Inline::Text { text: "b: 2\nc: 2\nd: 2", file: FileId(1), at: at(7) }),
            parameters: vec![
                parameter("c", "3", false),
                parameter("d", "4", true),
                parameter("e", "a,b", false),
                parameter("f", "$ARGOCD_APP_NAME-$x", false),
            ],
            environment: &[("ARGOCD_APP_NAME", "gen3")],
            ..Inputs::default()
        };
        let merged = user_values(&inputs).expect("values");
        assert_eq!(merged.to_json(), r#"{"a":1,"b":2,"c":3,"d":"4","e":"a,b","f":"gen3-"}"#);
        assert_eq!(merged.get(&["b"]).map(|b| (b.mark.file, b.mark.line)), Some((FileId(1), 7)));
    }

    #[test]
    fn a_pattern_gives_files_in_order_and_a_written_path_keeps_its_place() {
        let tree = MemoryTree::new([("v/b.yaml", ""), ("v/a.yaml", ""), ("v/x/c.yaml", ""), ("v/z.yaml", "")]);
        let found = |paths: &[&str]| -> Vec<String> {
            resolve_value_files(paths, &tree, false)
                .into_iter()
                .map(|r| match r.state {
                    ResolvedState::Found(path) => path.to_string(),
                    other => format!("{other:?}"),
                })
                .collect()
        };
        assert_eq!(found(&["v/**/*.yaml", "v/b.yaml"]), ["v/a.yaml", "v/z.yaml", "v/x/c.yaml", "v/b.yaml"]);
        assert_eq!(found(&["v/*.json", "v/n.yaml"]), ["NoMatch", "Missing"]);
    }
}
