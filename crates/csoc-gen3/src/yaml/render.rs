//! How Helm prints a value: in a template (`{{ .Values.x }}`), through `toJson`, through `toYaml`.

use std::fmt::Write as _;

use super::number::{go_float, json_float};
use super::{Kind, Map, Node};

impl Node {
    /// What `{{ .Values.x }}` prints. Null prints nothing; a list prints as `[a b]`, a map as `map[k:v]`.
    pub fn render(&self) -> String {
        match &self.kind {
            Kind::Null => String::new(),
            Kind::Str(text) => text.to_string(),
            _ => {
                let mut out = String::new();
                go_value(self, &mut out);
                out
            }
        }
    }

    /// What `toJson` prints: keys sorted, `<`, `>` and `&` escaped.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        json(self, &mut out);
        out
    }

    /// Whether the text a person wrote is the text that is printed.
    pub(super) fn prints_as(&self, text: &str) -> bool {
        match &self.kind {
            Kind::Null => text == "null",
            Kind::Bool(value) => text == if *value { "true" } else { "false" },
            Kind::Float(value) => go_float(*value) == text,
            Kind::Int(value) => value.to_string() == text,
            _ => true,
        }
    }
}

pub(super) fn sorted(map: &Map) -> Vec<(&str, &Node)> {
    let mut entries: Vec<_> = map.iter().map(|(key, entry)| (&**key, &entry.node)).collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries
}

fn go_value(node: &Node, out: &mut String) {
    match &node.kind {
        Kind::Null => out.push_str("<nil>"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Int(value) => _ = write!(out, "{value}"),
        Kind::Float(value) => out.push_str(&go_float(*value)),
        Kind::Str(text) => out.push_str(text),
        Kind::Seq(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                go_value(item, out);
            }
            out.push(']');
        }
        Kind::Map(map) => {
            out.push_str("map[");
            for (at, (key, value)) in sorted(map).into_iter().enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                out.push_str(key);
                out.push(':');
                go_value(value, out);
            }
            out.push(']');
        }
    }
}

fn json(node: &Node, out: &mut String) {
    match &node.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Int(value) => _ = write!(out, "{value}"),
        Kind::Float(value) => out.push_str(&json_float(*value)),
        Kind::Str(text) => json_string(text, out),
        Kind::Seq(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                json(item, out);
            }
            out.push(']');
        }
        Kind::Map(map) => {
            out.push('{');
            for (at, (key, value)) in sorted(map).into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                json_string(key, out);
                out.push(':');
                json(value, out);
            }
            out.push('}');
        }
    }
}

fn json_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => _ = write!(out, "\\u{:04x}", c as u32),
            c if (c as u32) < 0x20 => _ = write!(out, "\\u{:04x}", c as u32),
            c => out.push(c),
        }
    }
    out.push('"');
}
