//! How one scalar is written: which style its characters allow, and the text itself.

use super::{Emitter, INDENT, WIDTH};

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// What a text's characters allow.
pub(super) struct Analysis {
    pub(super) multiline: bool,
    plain: bool,
    single_quoted: bool,
    literal: bool,
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Neither control characters nor what is above U+FFFF; a tab is not printable either.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

fn separates(c: char) -> bool {
    matches!(c, ' ' | '\t') || is_break(c)
}

impl Analysis {
    pub(super) fn of(text: &str) -> Self {
        let mut chars = text.chars();
        let (Some(first), Some(last)) = (text.chars().next(), chars.next_back()) else {
            return Self { multiline: false, plain: true, single_quoted: true, literal: false };
        };
        let multiline = text.contains(is_break);
        let special = text.contains(|c| !is_printable(c));
        let pair = |test: fn(char, char) -> bool| text.chars().zip(text.chars().skip(1)).any(|(a, b)| test(a, b));
        let space_break = pair(|a, b| a == ' ' && is_break(b));
        let break_space = pair(|a, b| is_break(a) && b == ' ');
        let edges = first == ' ' || is_break(first) || last == ' ' || is_break(last);
        Self {
            multiline,
            plain: !(edges || multiline || special || space_break || has_indicator(text)),
            single_quoted: !(break_space || space_break || special),
            literal: last != ' ' && !space_break && !special,
        }
    }

    /// The style that comes nearest to the wanted one.
    pub(super) fn allowed(&self, wanted: Style, simple_key: bool, text: &str) -> Style {
        let mut style = wanted;
        if simple_key && self.multiline {
            style = Style::DoubleQuoted;
        }
        if style == Style::Plain && (!self.plain || (text.is_empty() && simple_key)) {
            style = Style::SingleQuoted;
        }
        if style == Style::SingleQuoted && !self.single_quoted {
            style = Style::DoubleQuoted;
        }
        if style == Style::Literal && (!self.literal || simple_key) {
            style = Style::DoubleQuoted;
        }
        style
    }
}

/// Whether something in the text would end or begin something else if it were not quoted.
fn has_indicator(text: &str) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let mut before_separates = true;
    let mut chars = text.chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        let followed = chars.peek().is_none_or(|next| matches!(next, ' ' | '\t'));
        let indicator = match c {
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => first,
            '#' => before_separates,
            '?' | '-' => first && followed,
            ':' => followed,
            _ => false,
        };
        if indicator {
            return true;
        }
        before_separates = separates(c);
        first = false;
    }
    false
}

impl Emitter {
    pub(super) fn plain(&mut self, text: &str, may_fold: bool) {
        if !self.whitespace {
            self.put(' ');
        }
        let chars: Vec<char> = text.chars().collect();
        let mut after_space = false;
        for (at, &c) in chars.iter().enumerate() {
            if c == ' ' {
                let folds = may_fold && !after_space && self.column > WIDTH && chars.get(at + 1) != Some(&' ');
                if folds { self.line() } else { self.put(c) }
            } else {
                self.put(c);
                self.indention = false;
            }
            after_space = c == ' ';
        }
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn single_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("'", true, false, false);
        let chars: Vec<char> = text.chars().collect();
        let (mut after_space, mut after_break) = (false, false);
        for (at, &c) in chars.iter().enumerate() {
            if c == ' ' {
                let inside = at > 0 && at + 1 < chars.len();
                let folds =
                    may_fold && !after_space && self.column > WIDTH && inside && chars.get(at + 1) != Some(&' ');
                if folds {
                    self.line()
                } else {
                    self.put(c)
                }
                after_space = true;
            } else if is_break(c) {
                if !after_break && c == '\n' {
                    self.new_line();
                }
                self.put_break(c);
                self.indention = true;
                after_break = true;
            } else {
                if after_break {
                    self.line();
                }
                if c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.indention = false;
                (after_space, after_break) = (false, false);
            }
        }
        self.indicator("'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn double_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("\"", true, false, false);
        let chars: Vec<char> = text.chars().collect();
        // go-yaml looks for a byte order mark at the beginning, whichever character it is asked about.
        let every = text.starts_with('\u{feff}');
        let mut after_space = false;
        for (at, &c) in chars.iter().enumerate() {
            if every || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                for escaped in escape(c).chars() {
                    self.put(escaped);
                }
                after_space = false;
            } else if c == ' ' {
                let inside = at > 0 && at + 1 < chars.len();
                if may_fold && !after_space && self.column > WIDTH && inside {
                    self.line();
                    if chars.get(at + 1) == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                after_space = true;
            } else {
                self.put(c);
                after_space = false;
            }
        }
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    pub(super) fn literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator(&INDENT.to_string(), false, false, false);
        }
        let mut last = text.chars().rev();
        match (last.next(), last.next()) {
            (Some(c), _) if !is_break(c) => self.indicator("-", false, false, false),
            (Some(_), None) => self.indicator("+", false, false, false),
            (Some(_), Some(before)) if is_break(before) => self.indicator("+", false, false, false),
            _ => {}
        }
        self.new_line();
        self.indention = true;
        self.whitespace = true;
        let mut after_break = true;
        for c in text.chars() {
            if is_break(c) {
                self.put_break(c);
                self.indention = true;
                after_break = true;
            } else {
                if after_break {
                    self.line();
                }
                self.put(c);
                self.indention = false;
                after_break = false;
            }
        }
    }

    fn put_break(&mut self, c: char) {
        if c == '\n' {
            self.new_line();
        } else {
            self.out.push(c);
            self.column = 0;
        }
    }
}

fn escape(c: char) -> String {
    let short = match c {
        '\0' => "\\0",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\r' => "\\r",
        '\u{1b}' => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{85}' => "\\N",
        '\u{a0}' => "\\_",
        '\u{2028}' => "\\L",
        '\u{2029}' => "\\P",
        _ => return long_escape(c as u32),
    };
    short.to_owned()
}

fn long_escape(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02X}"),
        0x100..=0xffff => format!("\\u{code:04X}"),
        _ => format!("\\U{code:08X}"),
    }
}
