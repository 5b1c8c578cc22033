//! From bytes to parser events. The grammar is libyaml's, which is also what Helm's parser was ported from.

use std::borrow::Cow;

use libyaml_safer::{EventData, Parser, ScalarStyle};

use super::error::{ParseError, ParseErrorKind};
use super::{FileId, Mark, Style};

pub(super) enum Event {
    DocumentStart,
    DocumentEnd,
    StreamEnd,
    Alias(String),
    Scalar { anchor: Option<String>, tag: Option<String>, value: String, implicit: bool, style: Style },
    SequenceStart { anchor: Option<String> },
    MappingStart { anchor: Option<String> },
    CollectionEnd,
}

pub(super) struct Events<'a> {
    parser: Parser<&'a [u8]>,
    file: FileId,
}

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str, file: FileId) -> Self {
        let mut parser = Parser::new();
        parser.set_input(text.as_bytes());
        Self { parser, file }
    }

    pub(super) fn next(&mut self) -> Result<(Event, Mark), ParseError> {
        loop {
            let event = self.parser.parse().map_err(|e| self.error(&e))?;
            let mark = self.mark(event.start_mark);
            let event = match event.data {
                EventData::StreamStart { .. } => continue,
                EventData::StreamEnd => Event::StreamEnd,
                EventData::DocumentStart { .. } => Event::DocumentStart,
                EventData::DocumentEnd { .. } => Event::DocumentEnd,
                EventData::Alias { anchor } => Event::Alias(anchor),
                EventData::Scalar { anchor, tag, value, plain_implicit, style, .. } => Event::Scalar {
                    anchor,
                    tag: tag.filter(|t| t != "!"),
                    value,
                    implicit: plain_implicit,
                    style: style_of(style),
                },
                EventData::SequenceStart { anchor, .. } => Event::SequenceStart { anchor },
                EventData::MappingStart { anchor, .. } => Event::MappingStart { anchor },
                EventData::SequenceEnd | EventData::MappingEnd => Event::CollectionEnd,
            };
            return Ok((event, mark));
        }
    }

    fn mark(&self, mark: libyaml_safer::Mark) -> Mark {
        Mark { file: self.file, line: mark.line as u32 + 1, column: mark.column as u32 + 1 }
    }

    fn error(&self, error: &libyaml_safer::Error) -> ParseError {
        let mark = error.problem_mark().map_or(Mark { file: self.file, line: 1, column: 1 }, |m| self.mark(m));
        let message = match error.context() {
            Some(context) => format!("{}, {context}", error.problem()),
            None => error.problem().to_owned(),
        };
        ParseError::new(ParseErrorKind::Syntax, mark, message)
    }
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        _ => Style::Plain,
    }
}

/// The text of a file: UTF-8, or UTF-16 when it begins with that byte order mark.
pub(super) fn text(bytes: &[u8], file: FileId) -> Result<Cow<'_, str>, ParseError> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, file).map(Cow::Owned),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, file).map(Cow::Owned),
        _ => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
            let at = error.valid_up_to();
            let before = String::from_utf8_lossy(&bytes[..at]);
            let line = before.matches('\n').count() as u32 + 1;
            let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) as u32 + 1;
            let message = format!("byte {at} is not UTF-8 (0x{:02x})", bytes[at]);
            ParseError::new(ParseErrorKind::NotUtf8, Mark { file, line, column }, message)
        }),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, file: FileId) -> Result<String, ParseError> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if bytes.len() % 2 == 0 => Ok(text),
        _ => {
            let mark = Mark { file, line: 1, column: 1 };
            Err(ParseError::new(ParseErrorKind::NotUtf8, mark, "the file begins as UTF-16 and is not UTF-16"))
        }
    }
}
