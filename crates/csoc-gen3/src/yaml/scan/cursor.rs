//! A place in the text, and the small steps through it.

/// Line and column from 0; columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Pos {
    pub line: u32,
    pub column: u32,
}

pub(super) struct Cursor<'a> {
    text: &'a str,
    pub(super) at: usize,
    pub(super) pos: Pos,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, pos: Pos::default() }
    }

    /// The byte so far ahead; 0 behind the end (the text itself never holds a 0).
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn slice(&self, from: usize) -> &'a str {
        &self.text[from..self.at]
    }

    pub(super) fn between(&self, from: usize, to: usize) -> &'a str {
        &self.text[from..to]
    }

    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        self.text[self.at..].starts_with(prefix)
    }

    /// Length in bytes of the line break so far ahead; 0 when there is none. CR LF counts as one break.
    pub(super) fn break_length(&self, ahead: usize) -> usize {
        match self.byte(ahead) {
            b'\n' => 1,
            b'\r' => 1 + usize::from(self.byte(ahead + 1) == b'\n'),
            0xc2 if self.byte(ahead + 1) == 0x85 => 2,
            0xe2 if self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    pub(super) fn blank(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t')
    }

    pub(super) fn blank_or_end(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t' | 0) || self.break_length(ahead) > 0
    }

    pub(super) fn break_or_end(&self) -> bool {
        self.byte(0) == 0 || self.break_length(0) > 0
    }

    /// `---` or `...` at the beginning of a line, followed by a blank or the end of the line.
    pub(super) fn document_indicator(&self) -> bool {
        self.pos.column == 0 && (self.starts_with("---") || self.starts_with("...")) && self.blank_or_end(3)
    }

    /// One character that is not a line break.
    pub(super) fn advance(&mut self) {
        let width = match self.byte(0) {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        self.at += width;
        self.pos.column += 1;
    }

    pub(super) fn skip_ascii(&mut self, count: usize) {
        self.at += count;
        self.pos.column += count as u32;
    }

    /// Moves to a byte further on in the same line.
    pub(super) fn jump(&mut self, to: usize) {
        let passed = &self.text.as_bytes()[self.at..to];
        self.pos.column += passed.iter().filter(|b| **b & 0xc0 != 0x80).count() as u32;
        self.at = to;
    }

    pub(super) fn skip_while(&mut self, ascii: impl Fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().take_while(|b| ascii(**b)).count();
        self.skip_ascii(count);
    }

    pub(super) fn skip_blanks(&mut self) {
        self.skip_while(|b| matches!(b, b' ' | b'\t'));
    }

    /// To the end of the line, without its break.
    pub(super) fn skip_line(&mut self) {
        let mut to = self.at;
        let bytes = self.text.as_bytes();
        while to < bytes.len() {
            if matches!(bytes[to], b'\n' | b'\r' | 0xc2 | 0xe2) && self.break_length(to - self.at) > 0 {
                break;
            }
            to += 1;
        }
        self.jump(to);
    }

    pub(super) fn skip_break(&mut self) -> bool {
        let length = self.break_length(0);
        if length > 0 {
            self.at += length;
            self.pos = Pos { line: self.pos.line + 1, column: 0 };
        }
        length > 0
    }

    /// Takes a line break as text: LF for most, the Unicode separators as they are.
    pub(super) fn read_break(&mut self, into: &mut String) {
        let from = self.at;
        let separator = self.break_length(0) == 3;
        if self.skip_break() {
            into.push_str(if separator { &self.text[from..self.at] } else { "\n" });
        }
    }

    pub(super) fn word(&mut self) -> &'a str {
        let from = self.at;
        self.skip_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        self.slice(from)
    }

    pub(super) fn force_new_line(&mut self) {
        if self.pos.column != 0 {
            self.pos = Pos { line: self.pos.line + 1, column: 0 };
        }
    }
}
