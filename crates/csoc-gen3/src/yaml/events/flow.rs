//! Flow collections: `[a, b: c]` and `{a: 1, b}`.

use super::{Allowed, Event, Events, Next, State};
use crate::yaml::error::ParseError;
use crate::yaml::scan::Token;

impl<'a> Events<'a> {
    /// The comma between two entries of a flow collection.
    fn flow_separator(&mut self, first: bool, expected: &str) -> Result<(), ParseError> {
        if first {
            return Ok(());
        }
        let head = self.scanner.peek()?;
        if head.token == Token::FlowEntry {
            self.scanner.take()?;
            return Ok(());
        }
        let at = head.start;
        Err(self.error(at, format!("{expected} was expected here")))
    }

    pub(super) fn flow_sequence(&mut self, first: bool) -> Next<'a> {
        if first {
            self.scanner.take()?;
        }
        if self.scanner.peek()?.token != Token::FlowSequenceEnd {
            self.flow_separator(first, "',' or ']'")?;
            let head = self.scanner.peek()?;
            let start = head.start;
            match head.token {
                Token::Key => {
                    self.scanner.take()?;
                    self.state = State::FlowPairKey;
                    return Ok((Event::MappingStart { anchor: None }, start));
                }
                Token::FlowSequenceEnd => {}
                _ => return self.nested(State::FlowSequence { first: false }, Allowed::Flow),
            }
        }
        let at = self.scanner.peek()?.start;
        self.close(at)
    }

    pub(super) fn flow_pair_key(&mut self) -> Next<'a> {
        let head = self.scanner.peek()?;
        let end = head.end;
        match head.token {
            Token::Value | Token::FlowEntry | Token::FlowSequenceEnd => {
                // go-yaml takes the token here, whatever it is.
                self.scanner.take()?;
                self.empty(end, State::FlowPairValue)
            }
            _ => self.nested(State::FlowPairValue, Allowed::Flow),
        }
    }

    pub(super) fn flow_pair_value(&mut self) -> Next<'a> {
        let head = self.scanner.peek()?;
        let start = head.start;
        if head.token == Token::Value {
            self.scanner.take()?;
            if !matches!(self.scanner.peek()?.token, Token::FlowEntry | Token::FlowSequenceEnd) {
                return self.nested(State::FlowPairEnd, Allowed::Flow);
            }
        }
        self.empty(start, State::FlowPairEnd)
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Next<'a> {
        if first {
            self.scanner.take()?;
        }
        if self.scanner.peek()?.token != Token::FlowMappingEnd {
            self.flow_separator(first, "',' or '}'")?;
            match self.scanner.peek()?.token {
                Token::Key => {
                    self.scanner.take()?;
                    let head = self.scanner.peek()?;
                    let at = head.start;
                    return match head.token {
                        Token::Value | Token::FlowEntry | Token::FlowMappingEnd => {
                            self.empty(at, State::FlowMappingValue)
                        }
                        _ => self.nested(State::FlowMappingValue, Allowed::Flow),
                    };
                }
                Token::FlowMappingEnd => {}
                _ => return self.nested(State::FlowMappingEmptyValue, Allowed::Flow),
            }
        }
        let at = self.scanner.peek()?.start;
        self.close(at)
    }

    pub(super) fn flow_mapping_value(&mut self) -> Next<'a> {
        let head = self.scanner.peek()?;
        let start = head.start;
        let then = State::FlowMappingKey { first: false };
        if head.token == Token::Value {
            self.scanner.take()?;
            if !matches!(self.scanner.peek()?.token, Token::FlowEntry | Token::FlowMappingEnd) {
                return self.nested(then, Allowed::Flow);
            }
        }
        self.empty(start, then)
    }
}
