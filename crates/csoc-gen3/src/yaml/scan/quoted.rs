//! Scalars in single or double quotes.

use std::borrow::Cow;

use super::plain::Breaks;
use super::{Pos, Scanner, Token};
use crate::yaml::Style;
use crate::yaml::error::ParseError;

impl<'a> Scanner<'a> {
    pub(super) fn quoted(&mut self, single: bool) -> Result<(), ParseError> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.pos;
        self.cursor.skip_ascii(1);
        let value = match self.quoted_simple(single) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.quoted_lines(single, start)?),
        };
        self.cursor.skip_ascii(1);
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        self.push(Token::Scalar { value, style }, start);
        Ok(())
    }

    /// The common case: one line without an escape. Moves to the closing quote.
    fn quoted_simple(&mut self, single: bool) -> Option<&'a str> {
        let quote = if single { b'\'' } else { b'"' };
        let from = self.cursor.at;
        let mut ahead = 0;
        loop {
            match self.cursor.byte(ahead) {
                b if b == quote => break,
                0 | b'\n' | b'\r' => return None,
                b'\\' if !single => return None,
                0xc2 | 0xe2 if self.cursor.break_length(ahead) > 0 => return None,
                _ => ahead += 1,
            }
        }
        if single && self.cursor.byte(ahead + 1) == b'\'' {
            return None;
        }
        self.cursor.jump(from + ahead);
        Some(self.cursor.slice(from))
    }

    fn quoted_lines(&mut self, single: bool, start: Pos) -> Result<String, ParseError> {
        let quote = if single { b'\'' } else { b'"' };
        let mut text = String::new();
        loop {
            if self.cursor.document_indicator() {
                return Err(self.error("a quoted string is still open where a document begins or ends"));
            }
            if self.cursor.at_end() {
                return Err(self.error_at(start, "this quote is never closed"));
            }
            let mut breaks = Breaks { any: self.quoted_run(single, start, &mut text)?, ..Breaks::default() };
            if self.cursor.byte(0) == quote {
                return Ok(text);
            }
            let gap = self.cursor.at;
            let mut blanks = gap..gap;
            loop {
                if self.cursor.blank() {
                    self.cursor.skip_ascii(1);
                    if !breaks.any {
                        blanks.end = self.cursor.at;
                    }
                } else if self.cursor.break_length(0) > 0 {
                    self.cursor.read_break(if breaks.any { &mut breaks.rest } else { &mut breaks.first });
                    breaks.any = true;
                } else {
                    break;
                }
            }
            if breaks.any {
                breaks.fold(&mut text);
            } else {
                text.push_str(self.cursor.between(blanks.start, blanks.end));
            }
        }
    }

    /// Text up to a blank, a line break or the closing quote. True after an escaped line break.
    fn quoted_run(&mut self, single: bool, start: Pos, text: &mut String) -> Result<bool, ParseError> {
        while !self.cursor.blank_or_end(0) {
            match self.cursor.byte(0) {
                b'\'' if single && self.cursor.byte(1) == b'\'' => {
                    text.push('\'');
                    self.cursor.skip_ascii(2);
                }
                b'\'' if single => break,
                b'"' if !single => break,
                b'\\' if !single && self.cursor.break_length(1) > 0 => {
                    self.cursor.skip_ascii(1);
                    self.cursor.skip_break();
                    return Ok(true);
                }
                b'\\' if !single => self.escape(start, text)?,
                _ => {
                    let from = self.cursor.at;
                    self.cursor.advance();
                    text.push_str(self.cursor.slice(from));
                }
            }
        }
        Ok(false)
    }

    fn escape(&mut self, start: Pos, text: &mut String) -> Result<(), ParseError> {
        let digits = match self.cursor.byte(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            other => {
                let Some(meaning) = named_escape(other) else {
                    let shown = char::from(other);
                    return Err(self.error(format!("`\\{shown}` is not an escape that YAML 1.1 knows")));
                };
                text.push(meaning);
                self.cursor.skip_ascii(2);
                return Ok(());
            }
        };
        self.cursor.skip_ascii(2);
        let mut value: u32 = 0;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.cursor.byte(ahead)).to_digit(16) else {
                return Err(self.error_at(start, "an escape has too few hexadecimal digits"));
            };
            value = (value << 4) | digit;
        }
        let Some(meaning) = char::from_u32(value) else {
            return Err(self.error("an escape names no Unicode character"));
        };
        text.push(meaning);
        self.cursor.skip_ascii(digits);
        Ok(())
    }
}

fn named_escape(letter: u8) -> Option<char> {
    Some(match letter {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
