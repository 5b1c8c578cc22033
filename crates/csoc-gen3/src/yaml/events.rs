//! From tokens to events: the grammar of documents, block and flow collections.

use std::borrow::Cow;

use super::error::{Limits, ParseError, ParseErrorKind};
use super::scan::{Pos, Scanner, Token};
use super::source::Source;
use super::{Mark, Style};

mod flow;

pub(super) enum Event<'a> {
    DocumentStart,
    DocumentEnd,
    StreamEnd,
    Alias(&'a str),
    Scalar {
        anchor: Option<&'a str>,
        tag: Option<String>,
        value: Cow<'a, str>,
        /// Not quoted and not tagged (or tagged `!`): its text decides its type.
        implicit: bool,
        style: Style,
    },
    SequenceStart {
        anchor: Option<&'a str>,
    },
    MappingStart {
        anchor: Option<&'a str>,
    },
    CollectionEnd,
}

/// What is expected next.
#[derive(Clone, Copy)]
enum State {
    FirstDocument,
    NextDocument,
    DocumentContent,
    DocumentEnd,
    End,
    BlockNode,
    BlockSequence {
        first: bool,
    },
    IndentlessSequence,
    BlockMappingKey {
        first: bool,
    },
    BlockMappingValue,
    FlowSequence {
        first: bool,
    },
    /// A pair inside a flow list: `[a: b]`.
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingKey {
        first: bool,
    },
    FlowMappingValue,
    FlowMappingEmptyValue,
}

/// Which nodes may stand at a place.
#[derive(Clone, Copy, PartialEq)]
enum Allowed {
    Flow,
    Block,
    /// Also a list at the indentation of its key.
    BlockOrIndentless,
}

pub(super) struct Events<'a> {
    scanner: Scanner<'a>,
    source: &'a Source<'a>,
    state: State,
    /// What follows the open collections.
    states: Vec<State>,
    /// `%TAG` directives of the current document.
    handles: Vec<(String, String)>,
}

type Next<'a> = Result<(Event<'a>, Pos), ParseError>;

impl<'a> Events<'a> {
    pub(super) fn new(source: &'a Source<'a>, limits: &Limits) -> Self {
        let scanner = Scanner::new(source, limits);
        Self { scanner, source, state: State::FirstDocument, states: Vec::new(), handles: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Result<(Event<'a>, Mark), ParseError> {
        let (event, pos) = self.step()?;
        Ok((event, self.source.mark(pos)))
    }

    fn step(&mut self) -> Next<'a> {
        match self.state {
            State::FirstDocument => self.document_start(true),
            State::NextDocument => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::End => Ok((Event::StreamEnd, self.scanner.peek().map(|t| t.start).unwrap_or_default())),
            State::BlockNode => self.node(Allowed::Block),
            State::BlockSequence { first } => self.block_sequence(first),
            State::IndentlessSequence => self.indentless_sequence(),
            State::BlockMappingKey { first } => self.block_mapping_key(first),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequence { first } => self.flow_sequence(first),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => {
                self.state = State::FlowSequence { first: false };
                Ok((Event::CollectionEnd, self.scanner.peek()?.start))
            }
            State::FlowMappingKey { first } => self.flow_mapping_key(first),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => {
                let at = self.scanner.peek()?.start;
                self.empty(at, State::FlowMappingKey { first: false })
            }
        }
    }

    fn error(&self, at: Pos, message: impl Into<String>) -> ParseError {
        ParseError::new(ParseErrorKind::Syntax, self.source.mark(at), message)
    }

    fn pop(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// A node, and what is expected after it.
    fn nested(&mut self, then: State, allowed: Allowed) -> Next<'a> {
        self.states.push(then);
        self.node(allowed)
    }

    /// A value that is not written: `key:` and nothing.
    fn empty(&mut self, at: Pos, then: State) -> Next<'a> {
        self.state = then;
        Ok((scalar(None, None, Cow::Borrowed(""), true), at))
    }

    fn document_start(&mut self, implicit: bool) -> Next<'a> {
        if !implicit {
            while self.scanner.peek()?.token == Token::DocumentEnd {
                self.scanner.take()?;
            }
        }
        let head = self.scanner.peek()?;
        let start = head.start;
        match head.token {
            Token::StreamEnd => {
                self.state = State::End;
                return Ok((Event::StreamEnd, start));
            }
            Token::VersionDirective { .. } | Token::TagDirective { .. } | Token::DocumentStart => {}
            _ if implicit => {
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                return Ok((Event::DocumentStart, start));
            }
            _ => {}
        }
        self.directives()?;
        let head = self.scanner.peek()?;
        if head.token != Token::DocumentStart {
            let at = head.start;
            return Err(self.error(at, "a document begins with '---'"));
        }
        self.scanner.take()?;
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        Ok((Event::DocumentStart, start))
    }

    fn directives(&mut self) -> Result<(), ParseError> {
        let mut version_seen = false;
        loop {
            let at = self.scanner.peek()?.start;
            match &self.scanner.peek()?.token {
                Token::VersionDirective { major, minor } => {
                    if version_seen {
                        return Err(self.error(at, "the directive %YAML stands twice"));
                    }
                    if (*major, *minor) != (1, 1) {
                        return Err(self.error(at, "Helm reads YAML 1.1 and refuses any other %YAML version"));
                    }
                    version_seen = true;
                }
                Token::TagDirective { handle, prefix } => {
                    if self.handles.iter().any(|(known, _)| known == handle) {
                        return Err(self.error(at, "a %TAG directive stands twice"));
                    }
                    self.handles.push(((*handle).to_owned(), prefix.clone()));
                }
                _ => return Ok(()),
            }
            self.scanner.take()?;
        }
    }

    fn document_content(&mut self) -> Next<'a> {
        let head = self.scanner.peek()?;
        let at = head.start;
        match head.token {
            Token::VersionDirective { .. }
            | Token::TagDirective { .. }
            | Token::DocumentStart
            | Token::DocumentEnd
            | Token::StreamEnd => {
                self.pop();
                Ok((scalar(None, None, Cow::Borrowed(""), true), at))
            }
            _ => self.node(Allowed::Block),
        }
    }

    fn document_end(&mut self) -> Next<'a> {
        let at = self.scanner.peek()?.start;
        if self.scanner.peek()?.token == Token::DocumentEnd {
            self.scanner.take()?;
        }
        self.handles.clear();
        self.state = State::NextDocument;
        Ok((Event::DocumentEnd, at))
    }

    fn node(&mut self, allowed: Allowed) -> Next<'a> {
        let start = self.scanner.peek()?.start;
        if let Token::Alias(name) = self.scanner.peek()?.token {
            self.scanner.take()?;
            self.pop();
            return Ok((Event::Alias(name), start));
        }
        let (anchor, tag) = self.properties()?;
        let block = allowed != Allowed::Flow;
        let head = self.scanner.peek()?;
        let at = head.start;
        let event = match head.token {
            Token::BlockEntry if allowed == Allowed::BlockOrIndentless => {
                self.state = State::IndentlessSequence;
                Event::SequenceStart { anchor }
            }
            Token::Scalar { .. } => {
                let Token::Scalar { value, style } = self.scanner.take()?.token else {
                    return Err(self.error(at, "a scalar was expected"));
                };
                self.pop();
                let implicit = match &tag {
                    None => style == Style::Plain,
                    Some(tag) => tag == "!",
                };
                Event::Scalar { anchor, tag, value, implicit, style }
            }
            Token::FlowSequenceStart => {
                self.state = State::FlowSequence { first: true };
                Event::SequenceStart { anchor }
            }
            Token::FlowMappingStart => {
                self.state = State::FlowMappingKey { first: true };
                Event::MappingStart { anchor }
            }
            Token::BlockSequenceStart if block => {
                self.state = State::BlockSequence { first: true };
                Event::SequenceStart { anchor }
            }
            Token::BlockMappingStart if block => {
                self.state = State::BlockMappingKey { first: true };
                Event::MappingStart { anchor }
            }
            _ if anchor.is_some() || tag.is_some() => {
                self.pop();
                let implicit = tag.is_none();
                scalar(anchor, tag, Cow::Borrowed(""), implicit)
            }
            _ => return Err(self.error(at, "a value was expected here")),
        };
        Ok((event, start))
    }

    /// An anchor and a tag, in any order.
    fn properties(&mut self) -> Result<(Option<&'a str>, Option<String>), ParseError> {
        let mut anchor = None;
        let mut tag = None;
        loop {
            let head = self.scanner.peek()?;
            let at = head.start;
            match &head.token {
                Token::Anchor(name) if anchor.is_none() => anchor = Some(*name),
                Token::Tag { handle, suffix } if tag.is_none() => {
                    let (handle, suffix) = (*handle, suffix.clone());
                    tag = Some(self.expand(handle, suffix, at)?);
                }
                _ => return Ok((anchor, tag.filter(|tag| !tag.is_empty()))),
            }
            self.scanner.take()?;
        }
    }

    fn expand(&self, handle: &str, suffix: String, at: Pos) -> Result<String, ParseError> {
        if handle.is_empty() {
            return Ok(suffix);
        }
        let own = self.handles.iter().find(|(known, _)| known == handle).map(|(_, prefix)| prefix.as_str());
        let prefix = match (own, handle) {
            (Some(prefix), _) => prefix,
            (None, "!") => "!",
            (None, "!!") => "tag:yaml.org,2002:",
            (None, _) => return Err(self.error(at, format!("the tag handle {handle} is not declared"))),
        };
        Ok(format!("{prefix}{suffix}"))
    }

    fn block_sequence(&mut self, first: bool) -> Next<'a> {
        if first {
            self.scanner.take()?;
        }
        let head = self.scanner.peek()?;
        let (start, end) = (head.start, head.end);
        match head.token {
            Token::BlockEntry => {
                self.scanner.take()?;
                let then = State::BlockSequence { first: false };
                match self.scanner.peek()?.token {
                    Token::BlockEntry | Token::BlockEnd => self.empty(end, then),
                    _ => self.nested(then, Allowed::Block),
                }
            }
            Token::BlockEnd => self.close(start),
            _ => Err(self.error(start, "'-' or the end of the list was expected here")),
        }
    }

    fn close(&mut self, at: Pos) -> Next<'a> {
        self.scanner.take()?;
        self.pop();
        Ok((Event::CollectionEnd, at))
    }

    fn indentless_sequence(&mut self) -> Next<'a> {
        let head = self.scanner.peek()?;
        let (start, end) = (head.start, head.end);
        if head.token != Token::BlockEntry {
            self.pop();
            return Ok((Event::CollectionEnd, start));
        }
        self.scanner.take()?;
        match self.scanner.peek()?.token {
            Token::BlockEntry | Token::Key | Token::Value | Token::BlockEnd => {
                self.empty(end, State::IndentlessSequence)
            }
            _ => self.nested(State::IndentlessSequence, Allowed::Block),
        }
    }

    fn block_mapping_key(&mut self, first: bool) -> Next<'a> {
        if first {
            self.scanner.take()?;
        }
        let head = self.scanner.peek()?;
        let (start, end) = (head.start, head.end);
        match head.token {
            Token::Key => {
                self.scanner.take()?;
                match self.scanner.peek()?.token {
                    Token::Key | Token::Value | Token::BlockEnd => self.empty(end, State::BlockMappingValue),
                    _ => self.nested(State::BlockMappingValue, Allowed::BlockOrIndentless),
                }
            }
            Token::BlockEnd => self.close(start),
            _ => Err(self.error(start, "a key or the end of the map was expected here")),
        }
    }

    fn block_mapping_value(&mut self) -> Next<'a> {
        let head = self.scanner.peek()?;
        let (start, end) = (head.start, head.end);
        let then = State::BlockMappingKey { first: false };
        if head.token != Token::Value {
            return self.empty(start, then);
        }
        self.scanner.take()?;
        match self.scanner.peek()?.token {
            Token::Key | Token::Value | Token::BlockEnd => self.empty(end, then),
            _ => self.nested(then, Allowed::BlockOrIndentless),
        }
    }
}

fn scalar<'a>(anchor: Option<&'a str>, tag: Option<String>, value: Cow<'a, str>, implicit: bool) -> Event<'a> {
    Event::Scalar { anchor, tag, value, implicit, style: Style::Plain }
}
