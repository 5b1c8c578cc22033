//! The filter tokens that every list understands: `tier:production behind:>2 -cluster:midr* seen:>10m fence`.
//!
//! Story: `tier:production tier:staging -service:guppy behind:>2 chords` keeps production and staging
//! commons that do not run guppy, are more than two releases behind, and have `chords` in their name.
//! Several values of one word are alternatives; different words must all hold; `-` excludes. A word that
//! the list does not know is an error that names those it knows: a filter that is silently ignored shows
//! a wrong count.

use std::fmt;

/// A parsed filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub tokens: Vec<Token>,
    /// Bare words; all must be found.
    pub words: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub key: String,
    pub negated: bool,
    pub test: Test,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Case-insensitive, `*` matches anything.
    Like(Pattern),
    Compare(Comparison, Quantity),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A number, with the seconds it means when it had a unit of time (`10m`, `3d`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    pub number: f64,
    pub seconds: Option<f64>,
}

/// What stands after `key:`, as a wildcard pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    /// Quoted: `*` is a star.
    literal: bool,
}

/// Where and why a filter cannot be understood. `at` counts characters from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {})", at + 1)]
pub struct FilterError {
    pub at: usize,
    pub message: String,
}

impl Filter {
    /// Understands `text`; `known` are the words this list can be filtered by.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for raw in split(text)? {
            match raw.key {
                None if raw.negated => {
                    return Err(FilterError {
                        at: raw.at,
                        message: format!("'-{}' excludes nothing: write -word:value", raw.value),
                    });
                }
                None => filter.words.push(raw.value.to_lowercase()),
                Some(key) => {
                    let key = key.to_lowercase();
                    if !known.contains(&key.as_str()) {
                        return Err(FilterError {
                            at: raw.at,
                            message: format!("'{key}' is not a filter here; there are: {}", known.join(", ")),
                        });
                    }
                    let test = test(&raw.value, raw.quoted, raw.at)?;
                    filter.tokens.push(Token { key, negated: raw.negated, test });
                }
            }
        }
        Ok(filter)
    }

    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.words.is_empty()
    }

    /// Does a row pass? `values` gives a row's values for a key; `text` what bare words search.
    pub fn passes<'r>(&self, values: impl Fn(&str) -> Vec<Field<'r>>, text: impl Fn() -> String) -> bool {
        let mut seen: Vec<&str> = Vec::new();
        for token in &self.tokens {
            if token.negated {
                if values(&token.key).iter().any(|field| token.test.holds(field)) {
                    return false;
                }
            } else if !seen.contains(&token.key.as_str()) {
                seen.push(&token.key);
                let fields = values(&token.key);
                let mut alternatives = self.tokens.iter().filter(|t| !t.negated && t.key == token.key).peekable();
                let ranges = alternatives.clone().all(|t| matches!(t.test, Test::Compare(..)));
                let holds = |t: &Token| fields.iter().any(|field| t.test.holds(field));
                // `behind:>2 behind:<6` is a range: both must hold.
                let passed = if ranges { alternatives.all(holds) } else { alternatives.any(holds) };
                if !passed {
                    return false;
                }
            }
        }
        if self.words.is_empty() {
            return true;
        }
        let text = text().to_lowercase();
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    /// The positive and negative plain values of a key, for a query that filters in the database.
    pub fn values_of(&self, key: &str) -> (Vec<&Pattern>, Vec<&Pattern>) {
        let pick = |negated: bool| {
            let of_key = move |t: &&Token| t.key == key && t.negated == negated;
            self.tokens.iter().filter(of_key).filter_map(|t| match &t.test {
                Test::Like(pattern) => Some(pattern),
                Test::Compare(..) => None,
            })
        };
        (pick(false).collect(), pick(true).collect())
    }
}

/// One value of a row that a token is held against.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<'r> {
    Text(&'r str),
    Number(f64),
    /// Seconds of age, compared with `10m`, `3d`.
    Age(f64),
}

impl Test {
    fn holds(&self, field: &Field<'_>) -> bool {
        match (self, field) {
            (Test::Like(pattern), Field::Text(text)) => pattern.matches(text),
            (Test::Like(pattern), Field::Number(number)) => pattern.text.parse() == Ok(*number),
            (Test::Like(_), Field::Age(_)) | (Test::Compare(..), Field::Text(_)) => false,
            (Test::Compare(how, than), Field::Number(number)) => how.holds(*number, than.number),
            (Test::Compare(how, than), Field::Age(age)) => how.holds(*age, than.seconds.unwrap_or(than.number)),
        }
    }
}

impl Comparison {
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }
}

impl Pattern {
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn has_wildcard(&self) -> bool {
        !self.literal && self.text.contains('*')
    }

    pub fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        if !self.has_wildcard() {
            return text == self.text;
        }
        let mut parts = self.text.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        let parts: Vec<&str> = parts.collect();
        let (last, middle) = parts.split_last().unwrap_or((&"", &[]));
        for part in middle {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

struct Raw {
    at: usize,
    negated: bool,
    key: Option<String>,
    value: String,
    quoted: bool,
}

fn split(text: &str) -> Result<Vec<Raw>, FilterError> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().enumerate().peekable();
    while let Some(&(at, c)) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
            continue;
        }
        let mut raw = Raw { at, negated: false, key: None, value: String::new(), quoted: false };
        if c == '-' {
            raw.negated = true;
            chars.next();
        }
        while let Some(&(here, c)) = chars.peek() {
            match c {
                c if c.is_whitespace() => break,
                '"' if raw.value.is_empty() => {
                    chars.next();
                    raw.quoted = true;
                    loop {
                        match chars.next() {
                            Some((_, '"')) => break,
                            Some((_, '\\')) => raw.value.extend(chars.next().map(|(_, c)| c)),
                            Some((_, c)) => raw.value.push(c),
                            None => {
                                return Err(FilterError { at: here, message: "a quotation mark is not closed".into() });
                            }
                        }
                    }
                }
                ':' if raw.key.is_none() && !raw.quoted && !raw.value.is_empty() => {
                    chars.next();
                    raw.key = Some(std::mem::take(&mut raw.value));
                }
                c => {
                    chars.next();
                    raw.value.push(c);
                }
            }
        }
        if raw.value.is_empty() && !raw.quoted {
            let message = match &raw.key {
                Some(key) => format!("'{key}:' has no value"),
                None => "'-' has nothing to exclude".into(),
            };
            return Err(FilterError { at, message });
        }
        tokens.push(raw);
    }
    Ok(tokens)
}

fn test(value: &str, quoted: bool, at: usize) -> Result<Test, FilterError> {
    let signs = [
        (">=", Comparison::GreaterOrEqual),
        ("<=", Comparison::LessOrEqual),
        (">", Comparison::Greater),
        ("<", Comparison::Less),
    ];
    if !quoted && let Some((rest, how)) = signs.iter().find_map(|(sign, how)| Some((value.strip_prefix(sign)?, *how))) {
        let than = quantity(rest).ok_or_else(|| FilterError {
            at,
            message: format!("'{rest}' is not a number (3) or a time (10m, 2h, 7d)"),
        })?;
        return Ok(Test::Compare(how, than));
    }
    Ok(Test::Like(Pattern { text: value.to_lowercase(), literal: quoted }))
}

fn quantity(text: &str) -> Option<Quantity> {
    let units = [("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86400.0), ("w", 604_800.0)];
    for (unit, seconds) in units {
        if let Some(number) = text.strip_suffix(unit).and_then(|n| n.parse::<f64>().ok()) {
            return Some(Quantity { number, seconds: Some(number * seconds) });
        }
    }
    let number = text.parse().ok().filter(|n: &f64| n.is_finite())?;
    Some(Quantity { number, seconds: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["tier", "behind", "cluster", "service", "seen", "tag", "title"];

    fn passes(filter: &str, row: &[(&str, Field<'static>)], text: &str) -> bool {
        let filter = Filter::parse(filter, KNOWN).unwrap();
        filter.passes(|key| row.iter().filter(|(k, _)| *k == key).map(|(_, f)| f.clone()).collect(), || text.to_owned())
    }

    #[test]
    fn same_word_is_either_other_words_are_all() {
        let row =
            [("tier", Field::Text("staging")), ("behind", Field::Number(3.0)), ("cluster", Field::Text("chordsprod"))];
        assert!(passes("tier:production tier:Staging behind:>2", &row, ""));
        assert!(!passes("tier:production behind:>2", &row, ""));
        assert!(!passes("tier:staging behind:>3", &row, ""));
        assert!(passes("behind:>2 behind:<=3 -cluster:midr*", &row, ""));
        assert!(!passes("behind:>2 behind:<3", &row, ""));
        assert!(!passes("-cluster:ch*prod", &row, ""));
    }

    #[test]
    fn a_negation_of_many_values_wants_none_of_them() {
        let row = [("service", Field::Text("fence")), ("service", Field::Text("guppy"))];
        assert!(passes("service:guppy", &row, ""));
        assert!(!passes("-service:guppy", &row, ""));
        assert!(passes("-service:etl", &row, ""));
    }

    #[test]
    fn words_search_and_quotes_keep_together() {
        assert!(passes("data \"midrc org\"", &[], "Data of MIDRC ORG"));
        assert!(!passes("\"midrc data\"", &[], "data midrc"));
        assert!(passes("title:\"a: *b\"", &[("title", Field::Text("A: *B"))], ""));
        assert!(
            passes("seen:>10m", &[("seen", Field::Age(700.0))], "")
                && !passes("seen:>10m", &[("seen", Field::Age(500.0))], "")
        );
        assert!(passes("tag:20*.0*.1", &[("tag", Field::Text("2026.07.1"))], ""));
        assert!(passes("", &[], ""));
    }

    #[test]
    fn what_cannot_be_understood_says_where() {
        let error = |text| Filter::parse(text, KNOWN).unwrap_err().to_string();
        assert_eq!(
            error("tier:x owner:ana"),
            "'owner' is not a filter here; there are: tier, behind, cluster, service, seen, tag, title (at character 8)"
        );
        assert_eq!(error("behind:>many"), "'many' is not a number (3) or a time (10m, 2h, 7d) (at character 1)");
        assert_eq!(error("a \"b"), "a quotation mark is not closed (at character 3)");
        assert_eq!(error("tier:"), "'tier:' has no value (at character 1)");
        assert_eq!(error("x -"), "'-' has nothing to exclude (at character 3)");
        assert_eq!(error("-guppy"), "'-guppy' excludes nothing: write -word:value (at character 1)");
    }
}
