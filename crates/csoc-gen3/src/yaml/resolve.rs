//! What a scalar means: go-yaml v2's reading of YAML 1.1, then JSON.
//!
//! `on` and `y` are true, `0755` is 493, `1:30` and `2001-01-01` stay strings, `084375550014` (not octal,
//! because of the 8) is a float, and everything that is a number ends as a float64, for Helm decodes the
//! JSON without asking for integers.

use std::borrow::Cow;

use base64::Engine as _;

use super::number::{GoInt, parse_go_float, parse_go_int};

/// A scalar as the YAML decoder gives it, before JSON makes every number a float64.
#[derive(Debug, PartialEq)]
pub(super) enum Resolved<'a> {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    Uint(u64),
    Float(f64),
    Timestamp,
    Str(Cow<'a, str>),
}

const PREFIX: &str = "tag:yaml.org,2002:";

/// The value of a scalar, or the sentence that says why its tag does not fit.
pub(super) fn resolve<'a>(tag: Option<&str>, text: &'a str, implicit: bool) -> Result<Resolved<'a>, String> {
    let Some(tag) = tag else {
        return Ok(if implicit { plain(text, true) } else { Resolved::Str(text.into()) });
    };
    let Some(short) = tag.strip_prefix(PREFIX) else {
        return Ok(Resolved::Str(text.into()));
    };
    let refused = || Err(format!("`{text}` cannot be read as !!{short}"));
    match short {
        "str" => Ok(Resolved::Str(text.into())),
        "binary" => binary(text).map(Resolved::Str),
        "bool" | "int" | "float" | "null" | "timestamp" => match (short, plain(text, short == "timestamp")) {
            ("bool", value @ Resolved::Bool(_))
            | ("int", value @ (Resolved::Int(_) | Resolved::Uint(_)))
            | ("float", value @ Resolved::Float(_))
            | ("null", value @ Resolved::Null) => Ok(value),
            ("float", Resolved::Int(value)) => Ok(Resolved::Float(value as f64)),
            ("timestamp", Resolved::Timestamp) => Ok(Resolved::Timestamp),
            _ => refused(),
        },
        _ => Ok(Resolved::Str(text.into())),
    }
}

/// Go writes what is not UTF-8 into JSON as U+FFFD, one for each bad byte.
fn binary(text: &str) -> Result<Cow<'_, str>, String> {
    let unbroken: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(unbroken)
        .map_err(|_| "a !!binary value is not base64".to_owned())?;
    let mut decoded = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        decoded.extend(std::iter::repeat_n('\u{fffd}', chunk.invalid().len()));
    }
    Ok(decoded.into())
}

/// An untagged plain scalar.
pub(super) fn plain(text: &str, timestamps: bool) -> Resolved<'_> {
    let Some(first) = text.bytes().next() else {
        return Resolved::Null;
    };
    let known = match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => word(text).or_else(|| parse_go_float(text).map(Resolved::Float)),
        b'+' | b'-' | b'0'..=b'9' => word(text).or_else(|| number(text, timestamps)),
        _ => None,
    };
    known.unwrap_or_else(|| Resolved::Str(text.into()))
}

fn word(text: &str) -> Option<Resolved<'static>> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Resolved::Bool(false),
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        ".nan" | ".NaN" | ".NAN" => Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Resolved::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn number(text: &str, timestamps: bool) -> Option<Resolved<'static>> {
    if timestamps && is_timestamp(text) {
        return Some(Resolved::Timestamp);
    }
    let joined: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    match parse_go_int(&joined) {
        Some(GoInt::Signed(value)) => return Some(Resolved::Int(value)),
        Some(GoInt::Unsigned(value)) => return Some(Resolved::Uint(value)),
        None => {}
    }
    if !looks_like_float(&joined) {
        return None;
    }
    parse_go_float(&joined).map(Resolved::Float)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn looks_like_float(text: &str) -> bool {
    fn digits(text: &str) -> &str {
        text.trim_start_matches(|c: char| c.is_ascii_digit())
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = digits(unsigned);
    let rest = match whole.strip_prefix('.') {
        Some(fraction) => {
            let rest = digits(fraction);
            if whole.len() == unsigned.len() && rest.len() == fraction.len() {
                return false;
            }
            rest
        }
        None if whole.len() == unsigned.len() => return false,
        None => whole,
    };
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else {
        return rest.is_empty();
    };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent).is_empty()
}

/// The four layouts go-yaml tries with `time.Parse`: a date, a date and time without a zone, and RFC 3339
/// with `T` or `t`; fields may have one digit.
pub(super) fn is_timestamp(text: &str) -> bool {
    let Some((year, rest)) = text.split_at_checked(4) else { return false };
    let Some(rest) = rest.strip_prefix('-') else { return false };
    if !year.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    date_and_time(year, rest).unwrap_or(false)
}

fn date_and_time(year: &str, rest: &str) -> Option<bool> {
    let (month, rest) = field(rest, 1, 12)?;
    let (day, rest) = field(rest.strip_prefix('-')?, 1, 31)?;
    let year: u32 = year.parse().ok()?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day > days {
        return None;
    }
    if rest.is_empty() {
        return Some(true);
    }
    let separator = rest.chars().next().filter(|c| matches!(c, 'T' | 't' | ' '))?;
    // Go skips any number of spaces where the layout has one.
    let time = if separator == ' ' { rest.trim_start_matches(' ') } else { &rest[1..] };
    let (_, rest) = field(time, 0, 23)?;
    let (_, rest) = field(rest.strip_prefix(':')?, 0, 59)?;
    let (_, rest) = field(rest.strip_prefix(':')?, 0, 59)?;
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        _ => rest,
    };
    Some(if separator == ' ' { rest.is_empty() } else { rest == "Z" || is_offset(rest) })
}

fn is_offset(text: &str) -> bool {
    let bytes = text.as_bytes();
    let two = |at: usize| text.get(at..at + 2).and_then(|t| t.parse::<u32>().ok());
    bytes.len() == 6
        && matches!(bytes[0], b'+' | b'-')
        && bytes[3] == b':'
        && two(1).is_some_and(|h| h <= 24)
        && two(4).is_some_and(|m| m < 60)
}

/// One or two digits within a range.
fn field(text: &str, least: u32, most: u32) -> Option<(u32, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let value: u32 = text.get(..length)?.parse().ok()?;
    (least..=most).contains(&value).then(|| (value, &text[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Resolved<'_> {
        plain(text, true)
    }

    #[test]
    fn scalars_mean_what_helm_makes_of_them() {
        assert_eq!(of("0755"), Resolved::Int(493));
        assert_eq!(of("0o17"), Resolved::Int(15));
        assert_eq!(of("084375550014"), Resolved::Float(84_375_550_014.0));
        assert_eq!(of("y"), Resolved::Bool(true));
        assert_eq!(of("1:30"), Resolved::Str("1:30".into()));
        assert_eq!(of("2001-01-01"), Resolved::Timestamp);
        assert_eq!(of("2001-02-30"), Resolved::Str("2001-02-30".into()));
        assert_eq!(of("1_000"), Resolved::Int(1000));
        assert_eq!(of("18446744073709551615"), Resolved::Uint(u64::MAX));
        assert_eq!(of("1e3"), Resolved::Float(1000.0));
        assert_eq!(of("1e999"), Resolved::Str("1e999".into()));
        assert_eq!(of("0x"), Resolved::Str("0x".into()));
    }
}
