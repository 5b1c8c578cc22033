//! `toYaml`: the text Helm writes for a value.
//!
//! Helm goes through JSON and reads that back as YAML before it writes, which is why 8.4375550014e+10 in a
//! template is 84375550014 in `toYaml`, and why a value with a DEL in it becomes nothing at all. The same
//! way is taken here. Keys are sorted with numbers in them by value (`a2` before `a10`), lists stand at the
//! indentation of their key, lines are folded behind column 80, strings with line breaks become `|` blocks.

use std::cmp::Ordering;

use super::compose::parse;
use super::error::Limits;
use super::number::{go_float, json_float};
use super::resolve::{Resolved, plain};
use super::{FileId, Kind, Map, Node};

mod scalar;

use scalar::{Analysis, Style};

impl Node {
    /// What `toYaml` gives, without a line break at the end; empty where Helm's fails.
    pub fn to_yaml(&self) -> String {
        let limits = Limits { bytes: usize::MAX, nodes: usize::MAX, ..Limits::default() };
        let Ok(document) = parse(self.to_json().as_bytes(), FileId(0), &limits) else {
            return String::new();
        };
        let mut emitter = Emitter { out: String::new(), column: 0, indent: -1, whitespace: true, indention: true };
        emitter.node(&document.root, Place::Root);
        if emitter.column > 0 {
            emitter.out.push('\n');
        }
        let text = emitter.out;
        text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
    }
}

/// What a node is written as.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Root,
    Item,
    Value,
    SimpleKey,
}

struct Emitter {
    out: String,
    /// In characters.
    column: usize,
    /// -1 before the first collection.
    indent: i64,
    /// Whether the last thing written separates.
    whitespace: bool,
    /// Whether only indentation and indicators stand in this line.
    indention: bool,
}

const INDENT: i64 = 2;
const WIDTH: usize = 80;
const LONGEST_SIMPLE_KEY: usize = 128;

impl Emitter {
    fn node(&mut self, node: &Node, place: Place) {
        match &node.kind {
            Kind::Map(map) if map.is_empty() => self.empty("{", "}"),
            Kind::Seq(items) if items.is_empty() => self.empty("[", "]"),
            Kind::Map(map) => self.map(map),
            Kind::Seq(items) => self.items(items, place),
            Kind::Str(text) => self.string(text, place),
            Kind::Null => self.scalar("null", Style::Plain, place),
            Kind::Bool(value) => self.scalar(if *value { "true" } else { "false" }, Style::Plain, place),
            Kind::Int(value) => self.scalar(&value.to_string(), Style::Plain, place),
            Kind::Float(value) => self.scalar(&number(*value), Style::Plain, place),
        }
    }

    fn empty(&mut self, open: &str, close: &str) {
        self.indicator(open, true, true, false);
        self.indicator(close, false, false, false);
    }

    fn deeper(&mut self, flow: bool, write: impl FnOnce(&mut Self)) {
        let before = self.indent;
        self.indent = match before {
            ..0 if flow => INDENT,
            ..0 => 0,
            at => at + INDENT,
        };
        write(self);
        self.indent = before;
    }

    fn map(&mut self, map: &Map) {
        let mut entries = super::render::sorted(map);
        entries = merge_sorted(entries);
        self.deeper(false, |emitter| {
            for (key, value) in entries {
                emitter.line();
                if key.len() <= LONGEST_SIMPLE_KEY && !Analysis::of(key).multiline {
                    emitter.string(key, Place::SimpleKey);
                    emitter.indicator(":", false, false, false);
                } else {
                    emitter.indicator("?", true, false, true);
                    emitter.string(key, Place::Value);
                    emitter.line();
                    emitter.indicator(":", true, false, true);
                }
                emitter.node(value, Place::Value);
            }
        });
    }

    fn items(&mut self, items: &[Node], place: Place) {
        let all = |emitter: &mut Self| {
            for item in items {
                emitter.line();
                emitter.indicator("-", true, false, true);
                emitter.node(item, Place::Item);
            }
        };
        // Under its key a list is not indented.
        if place == Place::Value && !self.indention && self.indent >= 0 {
            all(self);
        } else {
            self.deeper(false, all);
        }
    }

    fn string(&mut self, text: &str, place: Place) {
        let style = if text.contains('\n') {
            Style::Literal
        } else if reads_as_string(text) {
            Style::Plain
        } else {
            Style::DoubleQuoted
        };
        self.scalar(text, style, place);
    }

    fn scalar(&mut self, text: &str, wanted: Style, place: Place) {
        let key = place == Place::SimpleKey;
        let style = Analysis::of(text).allowed(wanted, key, text);
        self.deeper(true, |emitter| match style {
            Style::Plain => emitter.plain(text, !key),
            Style::SingleQuoted => emitter.single_quoted(text, !key),
            Style::DoubleQuoted => emitter.double_quoted(text, !key),
            Style::Literal => emitter.literal(text),
        });
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// To the current indentation, in a new line where this one is used.
    fn line(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.new_line();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &str, separated: bool, whitespace: bool, indention: bool) {
        if separated && !self.whitespace {
            self.put(' ');
        }
        for c in text.chars() {
            self.put(c);
        }
        self.whitespace = whitespace;
        self.indention = self.indention && indention;
    }
}

/// A number of JSON, as YAML reads and writes it: integers in full, the rest like `{{ }}`.
fn number(value: f64) -> String {
    match plain(&json_float(value), false) {
        Resolved::Int(value) => value.to_string(),
        Resolved::Uint(value) => value.to_string(),
        _ => go_float(value),
    }
}

fn reads_as_string(text: &str) -> bool {
    matches!(plain(text, true), Resolved::Str(_)) && !is_sexagesimal(text)
}

/// `1:30` is a number in YAML 1.1; nothing here reads it so, but it is quoted for those who do.
fn is_sexagesimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, fraction),
        None => (unsigned, ""),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && rest.peek().is_some()
        && rest.all(|part| match part.as_bytes() {
            [one] => one.is_ascii_digit(),
            [ten, one] => matches!(ten, b'0'..=b'5') && one.is_ascii_digit(),
            _ => false,
        })
}

/// Sorts by [`natural_order`], which is no order: of `15a`, `1n` and `2c` each comes before the next, and the
/// last before the first. Helm's own result then differs from run to run; here it is always the same.
fn merge_sorted<'m>(mut entries: Vec<(&'m str, &'m Node)>) -> Vec<(&'m str, &'m Node)> {
    if entries.len() < 2 {
        return entries;
    }
    let right = merge_sorted(entries.split_off(entries.len() / 2));
    let mut left = merge_sorted(entries).into_iter().peekable();
    let mut right = right.into_iter().peekable();
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        let from = if natural_order(b, a) == Ordering::Less { &mut right } else { &mut left };
        merged.extend(from.next());
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

/// Letters by letter, runs of digits by their number, everything else before letters.
fn natural_order(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = (0..a.len().min(b.len())).find(|at| a[*at] != b[*at]) else {
        return a.len().cmp(&b.len());
    };
    let (x, y) = (a[at], b[at]);
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // Behind a number that is not zero, a zero is a digit like the others.
    let inside = (x == '0' || y == '0') && a[..at].iter().rev().take_while(|c| c.is_numeric()).any(|c| *c != '0');
    let start = i64::from(inside);
    let run = |text: &[char]| {
        let digits = text[at..].iter().take_while(|c| c.is_numeric());
        digits.fold((start, at), |(value, end), digit| {
            let digit = i64::from(*digit as u32) - i64::from('0' as u32);
            (value.wrapping_mul(10).wrapping_add(digit), end + 1)
        })
    };
    let ((an, ai), (bn, bi)) = (run(&a), run(&b));
    an.cmp(&bn).then(ai.cmp(&bi)).then(x.cmp(&y))
}
