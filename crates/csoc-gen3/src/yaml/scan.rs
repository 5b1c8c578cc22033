//! From text to tokens, with libyaml's rules as go-yaml v2 keeps them.
//!
//! Why a scanner of our own: a value must be what Helm sees, including what Helm refuses. Other ports of
//! libyaml follow a later grammar (`"\/"` is an escape there, `a?` may stand in a flow list), and the tests
//! against the real Helm found both within a minute. Tokens borrow from the text, so reading is also fast.
//!
//! The difficult part is the simple key: whether `fence` is a key is known only at the `:` behind it, so
//! tokens wait in a queue while a key may still have to be put before them.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::Style;
use super::error::{Limits, ParseError, ParseErrorKind};
use super::source::Source;
use cursor::Cursor;

mod block;
pub(super) mod cursor;
mod keys;
mod plain;
mod quoted;
mod tag;

pub(super) use cursor::Pos;
use keys::SimpleKey;

#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    StreamEnd,
    VersionDirective {
        major: u32,
        minor: u32,
    },
    TagDirective {
        handle: &'a str,
        prefix: String,
    },
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    /// An empty handle: the suffix is the whole tag.
    Tag {
        handle: &'a str,
        suffix: String,
    },
    Scalar {
        value: Cow<'a, str>,
        style: Style,
    },
}

/// A token with where it starts and ends.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub token: Token<'a>,
    pub start: Pos,
    pub end: Pos,
}

pub(super) struct Scanner<'a> {
    cursor: Cursor<'a>,
    source: &'a Source<'a>,
    depth_limit: usize,
    queue: VecDeque<Placed<'a>>,
    /// How many tokens have left the queue.
    taken: usize,
    /// Whether the head of the queue is known to need no key before it.
    ready: bool,
    /// Column of the open block collection; -1 outside of any.
    indent: i64,
    indents: Vec<i64>,
    flow_level: usize,
    key_allowed: bool,
    keys: Vec<SimpleKey>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a Source<'a>, limits: &Limits) -> Self {
        Self {
            cursor: Cursor::new(source.text()),
            source,
            depth_limit: limits.depth,
            queue: VecDeque::new(),
            taken: 0,
            ready: false,
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            key_allowed: true,
            keys: vec![SimpleKey::default()],
        }
    }

    /// The next token without taking it.
    pub(super) fn peek(&mut self) -> Result<&Placed<'a>, ParseError> {
        if !self.ready {
            self.fetch_more()?;
        }
        self.queue.front().ok_or_else(|| self.error("the file ends too early"))
    }

    /// Takes the token that was peeked.
    pub(super) fn take(&mut self) -> Result<Placed<'a>, ParseError> {
        self.peek()?;
        self.ready = false;
        self.taken += 1;
        let taken = self.queue.pop_front();
        taken.ok_or_else(|| self.error("the file ends too early"))
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        self.error_at(self.cursor.pos, message)
    }

    fn error_at(&self, pos: Pos, message: impl Into<String>) -> ParseError {
        ParseError::new(ParseErrorKind::Syntax, self.source.mark(pos), message)
    }

    fn fetch_more(&mut self) -> Result<(), ParseError> {
        while self.queue.is_empty() || self.head_may_become_key()? {
            self.fetch_next()?;
        }
        self.ready = true;
        Ok(())
    }

    fn fetch_next(&mut self) -> Result<(), ParseError> {
        self.source.check(self.cursor.at)?;
        self.skip_to_token();
        self.unroll_indent(i64::from(self.cursor.pos.column));
        self.source.check(self.cursor.at)?;
        let cursor = &self.cursor;
        let column = cursor.pos.column;
        if cursor.at_end() {
            return self.stream_end();
        }
        if column == 0 && cursor.byte(0) == b'%' {
            return self.directive();
        }
        if cursor.document_indicator() {
            let token = if cursor.byte(0) == b'-' { Token::DocumentStart } else { Token::DocumentEnd };
            self.close_line()?;
            return self.indicator(token, 3);
        }
        let flow = self.flow_level > 0;
        match cursor.byte(0) {
            b'[' => self.flow_start(Token::FlowSequenceStart),
            b'{' => self.flow_start(Token::FlowMappingStart),
            b']' => self.flow_end(Token::FlowSequenceEnd),
            b'}' => self.flow_end(Token::FlowMappingEnd),
            b',' => {
                self.drop_key()?;
                self.key_allowed = true;
                self.indicator(Token::FlowEntry, 1)
            }
            b'-' if cursor.blank_or_end(1) => self.block_entry(),
            b'?' if flow || cursor.blank_or_end(1) => self.explicit_key(),
            b':' if flow || cursor.blank_or_end(1) => self.value(),
            b'*' => self.anchor(Token::Alias),
            b'&' => self.anchor(Token::Anchor),
            b'!' => self.tag(),
            b'|' if !flow => self.block_scalar(true),
            b'>' if !flow => self.block_scalar(false),
            b'\'' => self.quoted(true),
            b'"' => self.quoted(false),
            _ if self.starts_plain() => self.plain(),
            _ => Err(self.error("this character cannot start a value")),
        }
    }

    fn starts_plain(&self) -> bool {
        match self.cursor.byte(0) {
            b'-' => !matches!(self.cursor.byte(1), b' ' | b'\t'),
            b'?' | b':' => self.flow_level == 0 && !self.cursor.blank_or_end(1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => false,
            _ => !self.cursor.blank_or_end(0),
        }
    }

    /// Blanks, comments and line breaks. A tab may separate, but not indent what could be a key.
    fn skip_to_token(&mut self) {
        if self.cursor.at == 0 && self.cursor.starts_with("\u{feff}") {
            self.cursor.advance();
        }
        loop {
            let tabs = self.flow_level > 0 || !self.key_allowed;
            self.cursor.skip_while(|b| b == b' ' || (tabs && b == b'\t'));
            if self.cursor.byte(0) == b'#' {
                self.cursor.skip_line();
            }
            if !self.cursor.skip_break() {
                return;
            }
            if self.flow_level == 0 {
                self.key_allowed = true;
            }
        }
    }

    fn push(&mut self, token: Token<'a>, start: Pos) {
        let end = self.cursor.pos;
        self.queue.push_back(Placed { token, start, end });
    }

    /// Puts a token before the one with this number, or last when that has left the queue already.
    fn insert(&mut self, number: usize, token: Token<'a>, at: Pos) {
        let index = number.checked_sub(self.taken).unwrap_or(self.queue.len()).min(self.queue.len());
        self.queue.insert(index, Placed { token, start: at, end: at });
    }

    fn indicator(&mut self, token: Token<'a>, length: usize) -> Result<(), ParseError> {
        let start = self.cursor.pos;
        self.cursor.skip_ascii(length);
        self.push(token, start);
        Ok(())
    }

    fn flow_start(&mut self, token: Token<'a>) -> Result<(), ParseError> {
        self.save_key()?;
        let start = self.cursor.pos;
        let number = self.taken + self.queue.len();
        self.keys.push(SimpleKey { number, start, ..SimpleKey::default() });
        self.flow_level += 1;
        self.check_depth(self.flow_level)?;
        self.key_allowed = true;
        self.indicator(token, 1)
    }

    fn flow_end(&mut self, token: Token<'a>) -> Result<(), ParseError> {
        self.drop_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            // An empty collection has the number of its own bracket, so that go-yaml forgets here that the
            // bracket could begin a key: `{}: x` is an empty map to Helm, and the rest is not read.
            if let Some(closed) = self.keys.pop() {
                for key in &mut self.keys {
                    key.awaited &= key.number != closed.number;
                }
            }
        }
        self.key_allowed = false;
        self.indicator(token, 1)
    }

    fn block_entry(&mut self) -> Result<(), ParseError> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(self.error("a list entry cannot stand here"));
            }
            self.roll_indent(self.cursor.pos, None, Token::BlockSequenceStart)?;
        }
        self.drop_key()?;
        self.key_allowed = true;
        self.indicator(Token::BlockEntry, 1)
    }

    fn explicit_key(&mut self) -> Result<(), ParseError> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(self.error("a key cannot stand here"));
            }
            self.roll_indent(self.cursor.pos, None, Token::BlockMappingStart)?;
        }
        self.drop_key()?;
        self.key_allowed = self.flow_level == 0;
        self.indicator(Token::Key, 1)
    }

    fn value(&mut self) -> Result<(), ParseError> {
        let level = self.keys.len() - 1;
        if self.key_is_valid(level)? {
            let key = self.keys[level];
            self.insert(key.number, Token::Key, key.start);
            self.roll_indent(key.start, Some(key.number), Token::BlockMappingStart)?;
            self.keys[level].possible = false;
            self.keys[level].awaited = false;
            self.key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.key_allowed {
                    return Err(self.error("a value with ':' cannot stand here"));
                }
                self.roll_indent(self.cursor.pos, None, Token::BlockMappingStart)?;
            }
            self.key_allowed = self.flow_level == 0;
        }
        self.indicator(Token::Value, 1)
    }

    /// Opens a block collection when the column is deeper than the open one.
    fn roll_indent(&mut self, at: Pos, number: Option<usize>, token: Token<'a>) -> Result<(), ParseError> {
        let column = i64::from(at.column);
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        self.check_depth(self.indents.len())?;
        self.insert(number.unwrap_or(usize::MAX), token, at);
        Ok(())
    }

    /// Closes the block collections that are deeper than the column.
    fn unroll_indent(&mut self, column: i64) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(Token::BlockEnd, self.cursor.pos);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn check_depth(&self, depth: usize) -> Result<(), ParseError> {
        if depth > self.depth_limit {
            return Err(ParseError::too_deep(self.source.mark(self.cursor.pos), self.depth_limit));
        }
        Ok(())
    }

    /// Before a directive or a document indicator: nothing stays open.
    fn close_line(&mut self) -> Result<(), ParseError> {
        self.unroll_indent(-1);
        self.drop_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn stream_end(&mut self) -> Result<(), ParseError> {
        self.cursor.force_new_line();
        self.close_line()?;
        self.push(Token::StreamEnd, self.cursor.pos);
        Ok(())
    }

    fn anchor(&mut self, token: fn(&'a str) -> Token<'a>) -> Result<(), ParseError> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.pos;
        self.cursor.skip_ascii(1);
        let name = self.cursor.word();
        let ends = self.cursor.blank_or_end(0)
            || matches!(self.cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            return Err(self.error_at(start, "the name of an anchor or alias has letters, digits, '-' and '_' only"));
        }
        self.push(token(name), start);
        Ok(())
    }
}
