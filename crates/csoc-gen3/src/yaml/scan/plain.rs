//! Scalars without quotes, over one or more lines.

use std::borrow::Cow;

use super::{Scanner, Token};
use crate::yaml::Style;
use crate::yaml::error::ParseError;

impl Scanner<'_> {
    pub(super) fn plain(&mut self) -> Result<(), ParseError> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.pos;
        let indent = self.indent + 1;
        let mut whole = String::new();
        let mut piece = self.cursor.at..self.cursor.at;
        let mut breaks = Breaks::default();
        loop {
            if self.cursor.document_indicator() || self.cursor.byte(0) == b'#' {
                break;
            }
            let from = self.cursor.at;
            let to = self.plain_run();
            if to > from {
                if breaks.any {
                    whole.push_str(self.cursor.between(piece.start, piece.end));
                    breaks.fold(&mut whole);
                    piece.start = from;
                }
                piece.end = to;
                self.cursor.jump(to);
            }
            if !self.cursor.blank() && self.cursor.break_length(0) == 0 {
                break;
            }
            self.plain_gap(indent, &mut breaks)?;
            if self.flow_level == 0 && i64::from(self.cursor.pos.column) < indent {
                break;
            }
        }
        let last = self.cursor.between(piece.start, piece.end);
        let value = if whole.is_empty() { Cow::Borrowed(last) } else { Cow::Owned(whole + last) };
        self.push(Token::Scalar { value, style: Style::Plain }, start);
        if breaks.any {
            self.key_allowed = true;
        }
        Ok(())
    }

    /// Where the text without blanks ends.
    fn plain_run(&self) -> usize {
        let cursor = &self.cursor;
        let mut ahead = 0;
        loop {
            let ends = match cursor.byte(ahead) {
                b' ' | b'\t' | b'\n' | b'\r' | 0 => true,
                b':' => cursor.blank_or_end(ahead + 1),
                b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow_level > 0,
                0xc2 | 0xe2 => cursor.break_length(ahead) > 0,
                _ => false,
            };
            if ends {
                return cursor.at + ahead;
            }
            ahead += 1;
        }
    }

    /// Blanks and line breaks between two pieces.
    fn plain_gap(&mut self, indent: i64, breaks: &mut Breaks) -> Result<(), ParseError> {
        loop {
            if self.cursor.blank() {
                let column = i64::from(self.cursor.pos.column);
                if breaks.any && column < indent && self.cursor.byte(0) == b'\t' {
                    return Err(self.error("a tab cannot indent"));
                }
                self.cursor.skip_ascii(1);
            } else if self.cursor.break_length(0) > 0 {
                self.cursor.read_break(if breaks.any { &mut breaks.rest } else { &mut breaks.first });
                breaks.any = true;
            } else {
                return Ok(());
            }
        }
    }
}

/// Line breaks inside a scalar: one becomes a space, of several the first is dropped.
#[derive(Default)]
pub(super) struct Breaks {
    pub(super) any: bool,
    pub(super) first: String,
    pub(super) rest: String,
}

impl Breaks {
    pub(super) fn fold(&mut self, into: &mut String) {
        if self.first.starts_with('\n') {
            into.push_str(if self.rest.is_empty() { " " } else { &self.rest });
        } else {
            into.push_str(&self.first);
            into.push_str(&self.rest);
        }
        self.any = false;
        self.first.clear();
        self.rest.clear();
    }
}
