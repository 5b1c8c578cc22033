//! Block scalars: `|` keeps lines, `>` folds them.

use std::borrow::Cow;

use super::{Pos, Scanner, Token};
use crate::yaml::Style;
use crate::yaml::error::ParseError;

#[derive(Clone, Copy, PartialEq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    pub(super) fn block_scalar(&mut self, literal: bool) -> Result<(), ParseError> {
        self.drop_key()?;
        self.key_allowed = true;
        let start = self.cursor.pos;
        self.cursor.skip_ascii(1);
        let (chomp, increment) = self.block_header(start)?;
        let given = increment.map(|n| self.indent.max(0) + n);
        let mut breaks = String::new();
        let indent = self.block_breaks(given, &mut breaks, start)?;
        let text = self.block_lines(literal, chomp, indent, breaks, start)?;
        self.push(Token::Scalar { value: Cow::Owned(text), style: Style::Block }, start);
        Ok(())
    }

    /// `+`, `-` and the indentation, in any order, then nothing but a comment.
    fn block_header(&mut self, start: Pos) -> Result<(Chomp, Option<i64>), ParseError> {
        let mut chomp = self.chomp();
        let mut increment = None;
        if self.cursor.byte(0).is_ascii_digit() {
            let digit = i64::from(self.cursor.byte(0) - b'0');
            if digit == 0 {
                return Err(self.error_at(start, "the indentation of a block scalar cannot be 0"));
            }
            self.cursor.skip_ascii(1);
            increment = Some(digit);
            chomp = chomp.or_else(|| self.chomp());
        }
        self.cursor.skip_blanks();
        if self.cursor.byte(0) == b'#' {
            self.cursor.skip_line();
        }
        if !self.cursor.break_or_end() {
            return Err(self.error("only a comment may follow the '|' or '>' of a block scalar"));
        }
        self.cursor.skip_break();
        Ok((chomp.unwrap_or(Chomp::Clip), increment))
    }

    fn chomp(&mut self) -> Option<Chomp> {
        let chomp = match self.cursor.byte(0) {
            b'+' => Chomp::Keep,
            b'-' => Chomp::Strip,
            _ => return None,
        };
        self.cursor.skip_ascii(1);
        Some(chomp)
    }

    /// Indentation and empty lines; the indentation itself when it was not given.
    fn block_breaks(&mut self, indent: Option<i64>, breaks: &mut String, start: Pos) -> Result<i64, ParseError> {
        let mut deepest = 0;
        loop {
            let wanted = |column: u32| indent.is_none_or(|indent| i64::from(column) < indent);
            while wanted(self.cursor.pos.column) && self.cursor.byte(0) == b' ' {
                self.cursor.skip_ascii(1);
            }
            deepest = deepest.max(i64::from(self.cursor.pos.column));
            if wanted(self.cursor.pos.column) && self.cursor.byte(0) == b'\t' {
                return Err(self.error_at(start, "a tab stands where this block scalar is indented"));
            }
            if self.cursor.break_length(0) == 0 {
                break;
            }
            self.cursor.read_break(breaks);
        }
        Ok(indent.unwrap_or_else(|| deepest.max(self.indent + 1).max(1)))
    }

    fn block_lines(
        &mut self,
        literal: bool,
        chomp: Chomp,
        indent: i64,
        mut breaks: String,
        start: Pos,
    ) -> Result<String, ParseError> {
        let mut text = String::new();
        let mut line_break = String::new();
        let mut after_blank = false;
        while i64::from(self.cursor.pos.column) == indent && !self.cursor.at_end() {
            let blank = self.cursor.blank();
            if !literal && line_break.starts_with('\n') && !after_blank && !blank {
                if breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(&line_break);
            }
            line_break.clear();
            text.push_str(&breaks);
            breaks.clear();
            after_blank = blank;
            let from = self.cursor.at;
            self.cursor.skip_line();
            text.push_str(self.cursor.slice(from));
            self.cursor.read_break(&mut line_break);
            self.block_breaks(Some(indent), &mut breaks, start)?;
        }
        if chomp != Chomp::Strip {
            text.push_str(&line_break);
        }
        if chomp == Chomp::Keep {
            text.push_str(&breaks);
        }
        Ok(text)
    }
}
