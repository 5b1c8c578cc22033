//! JSON values as YAML that every reader understands the same way (YAML 1.1 and 1.2).
//!
//! Whatever a reader might take for something else than a string is quoted; long texts are block scalars.

use std::fmt::Write;

use serde_json::Value;

pub fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(&mut out, map, 0),
        Value::Array(items) if !items.is_empty() => sequence(&mut out, items, 0),
        other => {
            scalar(&mut out, other, 0);
        }
    }
    out
}

fn mapping(out: &mut String, map: &serde_json::Map<String, Value>, depth: usize) {
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            indent(out, depth);
        }
        string(out, key, None);
        out.push(':');
        below(out, value, depth);
    }
}

fn sequence(out: &mut String, items: &[Value], depth: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            indent(out, depth);
        }
        out.push('-');
        match item {
            Value::Object(map) if !map.is_empty() => {
                out.push(' ');
                mapping(out, map, depth + 1);
            }
            Value::Array(inner) if !inner.is_empty() => {
                out.push(' ');
                sequence(out, inner, depth + 1);
            }
            other => {
                out.push(' ');
                scalar(out, other, depth + 1);
            }
        }
    }
}

fn below(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            indent(out, depth + 1);
            mapping(out, map, depth + 1);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            indent(out, depth);
            sequence(out, items, depth);
        }
        other => {
            out.push(' ');
            scalar(out, other, depth + 1);
        }
    }
}

fn indent(out: &mut String, depth: usize) {
    out.push_str(&"  ".repeat(depth));
}

fn scalar(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::String(text) => string(out, text, Some(depth)),
        other => {
            let _ = write!(out, "{other}");
        }
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

/// `block`: where a block scalar may stand, and how deep its lines are.
fn string(out: &mut String, text: &str, block: Option<usize>) {
    match block {
        Some(depth) if fits_a_block(text) => {
            out.push_str(if text.ends_with('\n') { "|\n" } else { "|-\n" });
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                if !line.is_empty() {
                    indent(out, depth.max(1));
                    out.push_str(line);
                }
                out.push('\n');
            }
        }
        _ if is_plain(text) => out.push_str(text),
        _ => out.push_str(&Value::from(text).to_string()),
    }
}

/// Lines that begin the text with a space, end with one break too many or hold what is not printable
/// would need indicators: those are quoted.
fn fits_a_block(text: &str) -> bool {
    text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && text.chars().all(|c| {
            c == '\n' || c == '\t' || (!c.is_control() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
        })
        && !text.split('\n').any(|line| line.starts_with('\t') || (!line.is_empty() && line.trim().is_empty()))
}

fn is_plain(text: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$');
    let inner = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '.' | '-' | ' ' | '(' | ')' | '+' | '=' | '@' | ':' | '$')
    };
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.starts_with(first)
        && text.chars().all(inner)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use csoc_gen3::redact::to_json;
    use csoc_gen3::yaml::{FileId, Limits, parse};
    use serde_json::json;

    use super::*;

    fn back(text: &str) -> Value {
        to_json(&parse(text.as_bytes(), FileId::default(), &Limits::default()).unwrap().root)
    }

    #[test]
    fn what_is_written_is_read_back() {
        let hard = json!({
            "tag": "2026.10", "on": "on", "n": null, "empty": "", "list": [], "map": {}, "deep": {"l": [[1, "x"], {"a": {"b": [true]}}]},
            "block": "{\n  \"a\": 1\n}\n", "chomped": "a\nb", "odd": " a\nb\n\n", "tabs": "\ta\nb", "colon": "a: b", "url": "https://x.org:80/",
            "hash": "a #b", "date": "2026-01-01", "quote": "it's \"q\"", "unicode": "é\u{2028}x", "octal": "0755", "under": "1_000", "a.b/c": -0.5,
            "~": "~", "- x": "- y", "last": "x:",
        });
        assert_eq!(back(&to_yaml(&hard)), hard);
        assert_eq!(back(&to_yaml(&json!([[], [{"a": "b\nc"}], "x"]))), json!([[], [{"a": "b\nc"}], "x"]));
    }
}
