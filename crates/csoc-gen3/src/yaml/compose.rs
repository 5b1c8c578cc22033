//! From parser events to one tree per document: keys, aliases, merge keys, duplicate keys.
//!
//! go-yaml decodes into maps, so the order of things matters in ways people do not expect: the last of two
//! equal keys wins, and `<<` overrides the keys written *before* it. Both are kept, with a note.

use std::sync::Arc;

use super::error::{Limits, ParseError};
use super::events::{Event, Events};
use super::source::Source;
use super::{FileId, Kind, Mark, Node, Style};
use composer::Composer;

mod composer;
mod frame;
mod keys;

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
