//! The text of a file, from whatever bytes it has.

use std::borrow::Cow;

use super::error::{ParseError, ParseErrorKind};
use super::scan::Pos;
use super::{FileId, Mark};

/// A file's text up to the first byte that YAML does not allow.
pub(super) struct Source<'b> {
    text: Cow<'b, str>,
    file: FileId,
    bad: Option<Bad>,
}

/// Helm's parser reads in blocks, and complains about what it read, not about what it looked at.
struct Bad {
    block: usize,
    error: ParseError,
}

const BLOCK: usize = 512;

impl<'b> Source<'b> {
    /// UTF-8 with or without a byte order mark, or UTF-16 with one.
    pub(super) fn new(bytes: &'b [u8], file: FileId) -> Result<Self, ParseError> {
        let text = match bytes {
            [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes, file)?),
            [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes, file)?),
            [0xef, 0xbb, 0xbf, rest @ ..] => return Ok(Self::utf8(rest, file)),
            _ => return Ok(Self::utf8(bytes, file)),
        };
        Ok(Self::checked(text, file))
    }

    fn utf8(bytes: &'b [u8], file: FileId) -> Self {
        let (valid, broken, cut_off) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None, false),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).unwrap_or_default(), rest.first(), error.error_len().is_none())
            }
        };
        let mut source = Self::checked(Cow::Borrowed(valid), file);
        if let (None, Some(byte)) = (&source.bad, broken) {
            let at = valid.len();
            let message = format!("byte {at} (0x{byte:02x}) is not UTF-8");
            let error = ParseError::new(ParseErrorKind::NotUtf8, place(valid, file), message);
            // A character that is cut off by the end of the file is met only when it is needed.
            let block = if cut_off { at } else { at / BLOCK * BLOCK };
            source.bad = Some(Bad { block, error });
        }
        source
    }

    fn checked(mut text: Cow<'b, str>, file: FileId) -> Self {
        let bad = forbidden(&text).map(|at| {
            let code = text[at..].chars().next().map_or(0, u32::from);
            let message = format!("the control character U+{code:04X} is not allowed");
            let error = ParseError::new(ParseErrorKind::Syntax, place(&text[..at], file), message);
            text = match std::mem::take(&mut text) {
                Cow::Borrowed(text) => Cow::Borrowed(&text[..at]),
                Cow::Owned(mut text) => {
                    text.truncate(at);
                    Cow::Owned(text)
                }
            };
            Bad { block: at / BLOCK * BLOCK, error }
        });
        Self { text, file, bad }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn mark(&self, pos: Pos) -> Mark {
        Mark { file: self.file, line: pos.line + 1, column: pos.column + 1 }
    }

    /// Fails once the scanner has come so far that Helm's would have read the forbidden byte.
    pub(super) fn check(&self, at: usize) -> Result<(), ParseError> {
        match &self.bad {
            Some(bad) if at + 4 > bad.block => Err(bad.error.clone()),
            _ => Ok(()),
        }
    }
}

/// The place right behind a text.
fn place(before: &str, file: FileId) -> Mark {
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) as u32 + 1;
    Mark { file, line, column }
}

/// The first character that is neither printable nor a line break or tab.
fn forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let bad = match bytes[at] {
            0x20..0x7f | b'\t' | b'\n' | b'\r' => false,
            0..0x20 | 0x7f => true,
            0xc2 => matches!(bytes[at + 1], 0x80..0xa0) && bytes[at + 1] != 0x85,
            0xef => bytes[at + 1] == 0xbf && matches!(bytes[at + 2], 0xbe | 0xbf),
            _ => false,
        };
        if bad {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, file: FileId) -> Result<String, ParseError> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok(text),
        _ => {
            let mark = Mark { file, line: 1, column: 1 };
            Err(ParseError::new(ParseErrorKind::NotUtf8, mark, "the file begins as UTF-16 and is not UTF-16"))
        }
    }
}
