//! One file's YAML (or JSON, which is YAML here), with what was odd about it.

use std::sync::Arc;

use crate::fleet::IrregularityCode;
use crate::yaml::{self, Document, FileId, Limits, Node, Note, NoteKind, ParseError, ParseErrorKind};

/// A file, parsed.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Every document up to the first error; the first is the only one that Helm reads.
    pub documents: Vec<Arc<Node>>,
    /// Why the rest could not be read.
    pub broken: Option<Odd>,
    /// Irregularities of the first document.
    pub notes: Vec<Odd>,
    /// Irregularities of the others, for files in which several documents are normal.
    pub later_notes: Vec<Odd>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Odd {
    pub code: IrregularityCode,
    pub line: u32,
    pub column: u32,
    pub detail: String,
}

/// What a look at the bytes tells: enough to decide whether to parse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Holds an Argo CD Application or ApplicationSet at the top level of a document.
    pub declares: bool,
    /// The line of the first `{{`.
    pub template_line: Option<u32>,
}

impl Outline {
    pub fn of(bytes: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(bytes) else { return Self::default() };
        let declares = text.contains("argoproj.io/")
            && text.lines().any(|line| {
                let kind = line.strip_prefix("kind:").map(|rest| rest.split('#').next().unwrap_or(rest).trim());
                kind.is_some_and(|kind| matches!(kind.trim_matches(['"', '\'']), "Application" | "ApplicationSet"))
            });
        let template = declares.then(|| text.find("{{")).flatten();
        let template_line = template.map(|at| 1 + text[..at].matches('\n').count() as u32);
        Self { declares, template_line }
    }
}

/// Read a file. The first document is kept even when what follows it is broken: Helm never sees that.
pub fn parse(bytes: &[u8], file: FileId) -> Parsed {
    let limits = Limits::default();
    let first = match yaml::parse(bytes, file, &limits) {
        Ok(first) => first,
        Err(error) => return Parsed { broken: Some(odd(&error)), ..Parsed::default() },
    };
    let notes = notes_of(&first);
    if !notes.iter().any(|note| note.code == IrregularityCode::ExtraDocuments) {
        return Parsed { documents: vec![Arc::new(first.root)], notes, ..Parsed::default() };
    }
    let all = yaml::parse_all(bytes, file, &limits);
    Parsed {
        later_notes: all.documents.iter().skip(1).flat_map(notes_of).collect(),
        documents: all.documents.into_iter().map(|document| Arc::new(document.root)).collect(),
        notes,
        broken: all.error.as_ref().map(odd),
    }
}

fn odd(error: &ParseError) -> Odd {
    let code = match error.kind {
        ParseErrorKind::Syntax | ParseErrorKind::NotJson => IrregularityCode::BrokenYaml,
        ParseErrorKind::NotUtf8 => IrregularityCode::NotUtf8,
        ParseErrorKind::TooLarge => IrregularityCode::TooLarge,
        ParseErrorKind::TooDeep => IrregularityCode::TooDeep,
        ParseErrorKind::AliasBomb => IrregularityCode::AliasBomb,
    };
    Odd { code, line: error.mark.line, column: error.mark.column, detail: error.message.clone() }
}

/// What of a document's notes is irregular: anchors, merge keys and keys that are numbers are not.
fn notes_of(document: &Document) -> Vec<Odd> {
    let irregular = |note: &Note| {
        let (code, detail) = match &note.kind {
            NoteKind::DuplicateKey { key, first } => {
                let detail = format!("{key} stands a second time (first on line {}); this one counts", first.line);
                (IrregularityCode::DuplicateKey, detail)
            }
            NoteKind::ExtraDocuments => {
                (IrregularityCode::ExtraDocuments, "only the first YAML document of a value file counts".to_owned())
            }
            NoteKind::NonStringKey { .. } | NoteKind::MergeKey | NoteKind::Anchor { .. } | NoteKind::Alias { .. } => {
                return None;
            }
        };
        Some(Odd { code, line: note.mark.line, column: note.mark.column, detail })
    };
    document.notes.iter().filter_map(irregular).collect()
}
