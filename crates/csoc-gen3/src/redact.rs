//! Secrets never leave in clear: which values look like one, and what is shown instead.
//!
//! Story: a landing rotates `fence.FENCE_CONFIG.ENCRYPTION_KEY`. The change says that it did, where, and by
//! a keyed digest whether staging now holds the same; never the value, its length or a plain hash.
//!
//! Two signs, either is enough: the key's name (`password`, `clientSecret`, `apiKey` ...) or the value's
//! shape (PEM key, JSON web token, cloud key, webhook, `user:password@`). Names *of* secrets
//! (`externalSecrets.fenceConfig: prod-fence-config`) are not secrets. In doubt the value is hidden.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::diff::{Change, Difference, ValuePath};
use crate::embedded;
use crate::yaml::{Entry, Kind, Node, Style};

/// What stands in the place of a secret. A keyed digest may follow.
pub const HIDDEN: &str = "••••";

/// Longest text shown whole.
const SHOWN: usize = 160;

/// Shows values with their secrets hidden. The digest is keyed by the caller; without one two secrets
/// cannot be told apart.
#[derive(Clone, Copy, Default)]
pub struct Redactor<'a> {
    digest: Option<&'a (dyn Fn(&str) -> String + Sync)>,
    reveal: bool,
}

impl<'a> Redactor<'a> {
    pub fn with_digest(digest: &'a (dyn Fn(&str) -> String + Sync)) -> Self {
        Self { digest: Some(digest), reveal: false }
    }

    /// Hides nothing: for a person who asked to see, in their own shell.
    pub fn reveal() -> Self {
        Self { digest: None, reveal: true }
    }

    fn hidden(&self, secret: &str) -> String {
        match self.digest {
            Some(digest) => format!("{HIDDEN} {}", digest(secret)),
            None => HIDDEN.into(),
        }
    }

    /// A value as JSON for display: scalars as they are, long text cut around nothing, secrets hidden,
    /// collections as what they hold ("{3 keys}").
    pub fn show(&self, path: &ValuePath, node: &Node) -> Value {
        let keys: Vec<&str> = path.keys().collect();
        match &node.kind {
            Kind::Map(map) if map.is_empty() => Value::Object(Default::default()),
            Kind::Seq(items) if items.is_empty() => Value::Array(vec![]),
            Kind::Map(map) => Value::String(format!("{{{} keys}}", map.len())),
            Kind::Seq(items) => Value::String(format!("[{} items]", items.len())),
            _ if self.reveal => json_scalar(node),
            _ if is_secret(&keys, node) => Value::String(self.hidden(&scalar_text(node))),
            Kind::Str(text) => {
                let clean = match embedded::json(node) {
                    Some(inner) => to_json(&self.tree_at(&mut keys.clone(), &inner)).to_string(),
                    None => self.text(text),
                };
                Value::String(cut(&clean))
            }
            _ => json_scalar(node),
        }
    }

    /// Both sides of a difference, as [`Redactor::show`] shows them. Two long texts are shown where they
    /// differ.
    pub fn show_change(&self, difference: &Difference) -> (Option<Value>, Option<Value>) {
        let path = &difference.path;
        let (before, after) = (difference.before(), difference.after());
        match (before, after, &difference.change) {
            (_, _, Change::Reordered { .. }) => (Some("order".into()), Some("another order".into())),
            (_, _, Change::Reformatted) => (None, None),
            (Some(a), Some(b), _) if !self.hides(path, a) && !self.hides(path, b) => match (&a.kind, &b.kind) {
                (Kind::Str(a), Kind::Str(b)) if a.len().max(b.len()) > SHOWN => {
                    let (a, b) = around_the_difference(&self.clear(a), &self.clear(b));
                    (Some(a.into()), Some(b.into()))
                }
                _ => (Some(self.show(path, a)), Some(self.show(path, b))),
            },
            _ => (before.map(|node| self.show(path, node)), after.map(|node| self.show(path, node))),
        }
    }

    fn hides(&self, path: &ValuePath, node: &Node) -> bool {
        !self.reveal && (is_secret(&path.keys().collect::<Vec<_>>(), node) || embedded::json(node).is_some())
    }

    fn clear(&self, text: &str) -> String {
        if self.reveal { text.to_owned() } else { self.text(text) }
    }

    /// The whole tree with every secret hidden, JSON in strings included. Marks stay.
    pub fn tree(&self, node: &Node) -> Node {
        match self.reveal {
            true => node.clone(),
            false => self.tree_at(&mut Vec::new(), node),
        }
    }

    fn tree_at<'n>(&self, keys: &mut Vec<&'n str>, node: &'n Node) -> Node {
        let kind = match &node.kind {
            Kind::Map(map) => Kind::map(
                map.iter()
                    .map(|(key, entry)| {
                        keys.push(key);
                        let node = self.tree_at(keys, &entry.node);
                        keys.pop();
                        (key.clone(), Entry { key_mark: entry.key_mark, node })
                    })
                    .collect(),
            ),
            Kind::Seq(items) => Kind::Seq(items.iter().map(|item| self.tree_at(keys, item)).collect()),
            _ if is_secret(keys, node) => Kind::Str(self.hidden(&scalar_text(node)).into()),
            Kind::Str(text) => return self.string(keys, node, text),
            other => other.clone(),
        };
        let hidden = !matches!(node.kind, Kind::Map(_) | Kind::Seq(_)) && kind != node.kind;
        Node { kind, written: node.written.clone().filter(|_| !hidden), ..*node }
    }

    fn string(&self, keys: &[&str], node: &Node, text: &str) -> Node {
        if let Some(inner) = embedded::json(node) {
            let clean = redact_inner(self, keys, &inner);
            // Untouched JSON keeps its own formatting.
            if !crate::diff::same(&inner, &clean) {
                let text = serde_json::to_string_pretty(&to_json(&clean)).unwrap_or_default();
                return Node { kind: Kind::Str(text.into()), written: None, style: Style::Block, ..*node };
            }
        }
        Node { kind: Kind::Str(self.text(text).into()), written: node.written.clone(), ..*node }
    }

    /// Secrets in running text (a config file, a command line) hidden in place.
    fn text(&self, text: &str) -> String {
        SHAPES.replace_all(text, |found: &regex::Captures<'_>| self.hidden(&found[0])).into_owned()
    }
}

fn redact_inner(redactor: &Redactor<'_>, keys: &[&str], inner: &Node) -> Node {
    redactor.tree_at(&mut keys.to_vec(), inner)
}

/// Shapes that are secrets wherever they stand.
static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\z)",
        r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
        r"|\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_[A-Za-z0-9_]{30,}\b|\bglpat-[A-Za-z0-9_-]{20,}",
        r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]+",
        r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
        r"|\bAIza[0-9A-Za-z_-]{35}\b|\bsk-[A-Za-z0-9_-]{20,}",
    ))
    .expect("the pattern is constant")
});

/// `scheme://user:password@host`
static USERINFO: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"://[^/\s:@]*:[^/\s@]+@").expect("the pattern is constant"));

/// Does the value at these keys look like a secret?
pub fn is_secret(keys: &[&str], node: &Node) -> bool {
    let text = match &node.kind {
        Kind::Str(text) => text.trim(),
        Kind::Int(_) | Kind::Float(_) => {
            return keys.last().is_some_and(|key| holds_password(&squeezed(key)));
        }
        _ => return false,
    };
    if text.is_empty() || text.len() > 8 * SHOWN && !text.starts_with("-----BEGIN") {
        return false;
    }
    if USERINFO.is_match(text) || SHAPES.find(text).is_some_and(|found| found.len() == text.len()) {
        return true;
    }
    let reference = keys.iter().any(|key| {
        let key = squeezed(key);
        key.starts_with("externalsecret") || key.ends_with("secretkeyref") || key.ends_with("secretref")
    });
    !reference && !names_a_place(text) && keys.last().is_some_and(|key| names_a_secret(&squeezed(key)))
}

fn squeezed(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn holds_password(key: &str) -> bool {
    ["password", "passwd", "passphrase", "pwd"].iter().any(|word| key.ends_with(word))
}

/// By the last word of the key, so that `secretName` and `tokenExpiry` are none.
fn names_a_secret(key: &str) -> bool {
    const WORDS: &[&str] = &[
        "secret",
        "secretkey",
        "secretaccesskey",
        "accesskey",
        "accesskeyid",
        "privatekey",
        "apikey",
        "apitoken",
        "token",
        "encryptionkey",
        "signingkey",
        "hmackey",
        "cookiekey",
        "webhook",
        "webhookurl",
        "slackwebhook",
        "connectionstring",
        "dsn",
        "credential",
        "credentials",
        "basicauth",
        "salt",
    ];
    holds_password(key) || WORDS.iter().any(|word| key.ends_with(word))
}

/// Values that say where a secret is, or that there is none: a template, a variable, an ARN, a flag.
fn names_a_place(text: &str) -> bool {
    text.starts_with("{{")
        || text.starts_with('$')
        || text.starts_with("arn:")
        || text.starts_with('/')
        || matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "none" | "null" | "changeme" | "on" | "off")
}

fn scalar_text(node: &Node) -> String {
    match &node.kind {
        Kind::Str(text) => text.to_string(),
        Kind::Int(int) => int.to_string(),
        Kind::Float(float) => float.to_string(),
        Kind::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

fn json_scalar(node: &Node) -> Value {
    match &node.kind {
        Kind::Str(text) => Value::String(cut(text)),
        _ => to_json(node),
    }
}

/// A tree as JSON. What JSON cannot say (NaN, infinities) is null.
pub fn to_json(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Int(int) => Value::from(*int),
        // Go's JSON writes 4, not 4.0.
        Kind::Float(float) if float.fract() == 0.0 && float.abs() < 1e15 => Value::from(*float as i64),
        Kind::Float(float) => Value::from(*float),
        Kind::Str(text) => Value::String(text.to_string()),
        Kind::Seq(items) => Value::Array(items.iter().map(to_json).collect()),
        Kind::Map(map) => {
            Value::Object(map.iter().map(|(key, entry)| (key.to_string(), to_json(&entry.node))).collect())
        }
    }
}

/// Two long texts from shortly before they part.
fn around_the_difference(a: &str, b: &str) -> (String, String) {
    const LEAD: usize = 24;
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let skip = common.saturating_sub(LEAD);
    let part = |text: &str| {
        let length = text.chars().count();
        let shown: String = text.chars().skip(skip).take(SHOWN - 40).collect();
        let head = if skip > 0 { "…" } else { "" };
        let tail = if skip + SHOWN - 40 < length { "…" } else { "" };
        format!("{head}{shown}{tail} ({length} characters)")
    };
    (part(a), part(b))
}

/// A logo in base64 is no reading matter: the beginning, and how long the whole is.
fn cut(text: &str) -> String {
    let length = text.chars().count();
    match length > SHOWN {
        false => text.to_owned(),
        true => {
            let head: String = text.chars().take(SHOWN - 40).collect();
            format!("{head}… ({length} characters)")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Mark;

    fn text(text: &str) -> Node {
        Node { kind: Kind::Str(text.into()), mark: Mark::default(), written: None, style: Style::Plain }
    }

    #[test]
    fn secrets_are_known_by_name_or_shape() {
        for (key, value) in [
            ("clientSecret", "abc-def"),
            ("ENCRYPTION_KEY", "x"),
            ("db_password", "hunter2"),
            ("note", "AKIAABCDEFGHIJKLMNOP"),
            ("url", "postgresql://fence:pw@db/fence"),
            ("hook", "hooks.slack.com/services/T0/B0/abc"),
        ] {
            assert!(is_secret(&["fence", key], &text(value)), "{key}");
        }
        for (keys, value) in [
            (&["fence", "externalSecrets", "fenceJwtSecret"][..], "prod-fence-jwt"),
            (&["x", "secretName"], "prod-fence"),
            (&["x", "tokenExpiry"], "3600"),
            (&["x", "password"], ""),
            (&["x", "secret"], "{{ .Values.y }}"),
            (&["fence", "image", "tag"], "2026.05"),
        ] {
            assert!(!is_secret(keys, &text(value)), "{keys:?}");
        }
    }

    #[test]
    fn a_secret_in_json_in_a_string_is_hidden_and_its_neighbours_are_not() {
        let mut node = text(r#"{"env": {"API_KEY": "s3cr3t-value", "REGION": "us-east-1"}}"#);
        node.style = Style::Block;
        let Kind::Str(clean) = Redactor::default().tree(&node).kind else { panic!() };
        assert!(!clean.contains("s3cr3t-value") && clean.contains("us-east-1") && clean.contains(HIDDEN), "{clean}");
    }

    #[test]
    fn a_digest_tells_equal_from_different_and_nothing_else() {
        let digest = |secret: &str| format!("{:02x}", secret.bytes().fold(7u8, u8::wrapping_add));
        let redactor = Redactor::with_digest(&digest);
        let path = ValuePath(vec![crate::diff::Segment::Key("password".into())]);
        let show = |value: &str| redactor.show(&path, &text(value)).to_string();
        assert_eq!(show("hunter2"), show("hunter2"));
        assert_ne!(show("hunter2"), show("hunter3"));
        assert!(!show("hunter2").contains("hunter"));
    }

    #[test]
    fn long_text_is_cut() {
        let path = ValuePath::default();
        let shown = Redactor::default().show(&path, &text(&"x".repeat(5000)));
        assert!(shown.as_str().unwrap().ends_with("… (5000 characters)"));
    }

    #[test]
    fn a_key_inside_a_config_file_is_hidden_in_place() {
        let shown = Redactor::default().show(&ValuePath::default(), &text("export KEY=AKIAABCDEFGHIJKLMNOP # prod"));
        assert_eq!(shown, "export KEY=•••• # prod");
    }
}
