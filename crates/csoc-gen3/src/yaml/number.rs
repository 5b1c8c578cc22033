//! Numbers as Go prints and reads them.
//!
//! `account: 084375550014` becomes 84375550014 as a float, and a template prints it as `8.4375550014e+10`.
//! That is Go's `%v` of a float64, so this is what [`go_float`] gives.

/// `strconv.FormatFloat(value, 'g', -1, 64)`: what `{{ .Values.x }}` prints for a number.
pub fn go_float(value: f64) -> String {
    format_g(value, format!("{:e}", value.abs()), value.is_sign_negative())
}

/// The same with 32-bit precision, which is how a number used as a key becomes text.
pub(super) fn go_float32(value: f64) -> String {
    let narrow = value as f32;
    format_g(f64::from(narrow), format!("{:e}", narrow.abs()), narrow.is_sign_negative())
}

fn format_g(value: f64, scientific: String, negative: bool) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if negative { "-Inf" } else { "+Inf" }.into();
    }
    let (digits, exponent) = split(&scientific);
    let sign = if negative { "-" } else { "" };
    if !(-4..6).contains(&exponent) {
        format!("{sign}{}", with_exponent(&digits, exponent))
    } else {
        format!("{sign}{}", plain(&digits, exponent))
    }
}

/// `encoding/json`'s form of a float64.
pub(super) fn json_float(value: f64) -> String {
    let scientific = format!("{:e}", value.abs());
    let (digits, exponent) = split(&scientific);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let tiny = value != 0.0 && value.abs() < 1e-6;
    if tiny || value.abs() >= 1e21 {
        // encoding/json cleans e-09 up to e-9 and leaves e+21.
        let text = with_exponent(&digits, exponent);
        let text = text.replace("e-0", "e-");
        format!("{sign}{text}")
    } else {
        format!("{sign}{}", plain(&digits, exponent))
    }
}

/// Digits without a point, and the exponent of the first digit.
fn split(scientific: &str) -> (String, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

fn with_exponent(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
}

fn plain(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        let zeros = "0".repeat((-exponent - 1) as usize);
        return format!("0.{zeros}{digits}");
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        format!("{digits}{}", "0".repeat(whole - digits.len()))
    } else {
        format!("{}.{}", &digits[..whole], &digits[whole..])
    }
}

/// `strconv.ParseFloat(text, 64)` for decimal text; `None` where Go reports an error (also out of range).
pub(super) fn parse_go_float(text: &str) -> Option<f64> {
    let plain = without_underscores(text)?;
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let decimal = unsigned.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'.')
        && unsigned.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if !decimal {
        return None;
    }
    plain.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// The integer a float stands for, when it is one that float64 holds exactly.
pub(super) fn integer(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0).then_some(value as i64)
}

/// Go lets an underscore stand between two digits.
fn without_underscores(text: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !text.contains('_') {
        return Some(text.into());
    }
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let fine = (0..bytes.len()).all(|at| bytes[at] != b'_' || (digit(at.checked_sub(1)) && digit(Some(at + 1))));
    fine.then(|| text.replace('_', "").into())
}

/// What `strconv.ParseInt(text, 0, 64)` and then `ParseUint` give for text without underscores.
pub(super) enum GoInt {
    Signed(i64),
    /// Above `i64::MAX`.
    Unsigned(u64),
}

pub(super) fn parse_go_int(text: &str) -> Option<GoInt> {
    let (signed, negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, true, &text[1..]),
        b'+' => (true, false, &text[1..]),
        _ => (false, false, text),
    };
    let (radix, digits) = match rest.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &rest[2..]),
        [b'0', b'o' | b'O', ..] => (8, &rest[2..]),
        [b'0', b'b' | b'B', ..] => (2, &rest[2..]),
        [b'0', _, ..] => (8, &rest[1..]),
        _ => (10, rest),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return (magnitude <= 1 << 63).then(|| GoInt::Signed((magnitude as i64).wrapping_neg()));
    }
    match i64::try_from(magnitude) {
        Ok(value) => Some(GoInt::Signed(value)),
        // ParseUint takes no sign.
        Err(_) if signed => None,
        Err(_) => Some(GoInt::Unsigned(magnitude)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_go_prints_them() {
        let cases = [
            (84_375_550_014.0, "8.4375550014e+10"),
            (2026.10, "2026.1"),
            (100_000.0, "100000"),
            (1_000_000.0, "1e+06"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-0.0, "-0"),
            (1e100, "1e+100"),
        ];
        for (value, text) in cases {
            assert_eq!(go_float(value), text);
        }
        assert_eq!(json_float(1e-7), "1e-7");
        assert_eq!(json_float(1e21), "1e+21");
        assert_eq!(json_float(84_375_550_014.0), "84375550014");
    }
}
