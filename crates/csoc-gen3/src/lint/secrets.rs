//! Secrets in clear, told without telling them.
//!
//! Files are searched as text: comments, JSON in strings and manifests that no chart reads leak as well. Two
//! signs count: the shape of a known token, or a key that names a secret before a value that looks random.
//! A name of a secret (`externalSecrets.dbcreds: prod-fence-creds`) is none.

use std::sync::LazyLock;

use regex::Regex;

use super::look::{Draft, Look, Out, Place};
use crate::layout::{base, is_skipped};
use crate::tree::EntryKind;

const RULE: &str = "plaintext-secret";
const EXTENSIONS: &[&str] = &[
    "yaml",
    "yml",
    "json",
    "env",
    "conf",
    "cfg",
    "ini",
    "properties",
    "toml",
    "sh",
    "tf",
    "tfvars",
    "txt",
    "py",
    "tpl",
];

pub fn check(look: &Look<'_>, out: &mut Out) {
    for entry in look.context.tree.entries() {
        let name = base(&entry.path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let skipped = is_skipped(&entry.path) || name == ".secrets.baseline";
        if entry.kind != EntryKind::File || skipped || !EXTENSIONS.contains(&extension) {
            continue;
        }
        let Some(text) = look.text(&entry.path) else { continue };
        for found in secrets_in(&text) {
            let place = Place { path: entry.path.clone(), line: found.line, column: found.column };
            let about = format!("{}:{}", entry.path, found.about);
            let severity = None;
            let (subject, message) = (look.subject_of(&entry.path), found.message);
            out.add(Draft { rule: RULE, severity, subject, place, about, message, help: None, holder: None });
        }
    }
}

struct Found {
    line: u32,
    column: u32,
    about: String,
    message: String,
}

/// A token that says by itself what it is.
struct Shape {
    what: &'static str,
    pattern: Regex,
}

static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    let shape = |what, pattern| Shape { what, pattern: Regex::new(pattern).expect("the pattern is constant") };
    vec![
        shape("An AWS access key id", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        shape("A GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b"),
        shape("A GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}"),
        shape("A Slack token", r"\bxox[abprs]-[0-9]+-[A-Za-z0-9-]{10,}"),
        shape(
            "A Slack webhook",
            r"hooks\.slack\.com/(?:services|workflows)/T[A-Z0-9]{6,}/[A-Z0-9]{6,}/[A-Za-z0-9]{16,}",
        ),
        shape("A Google API key", r"\bAIza[0-9A-Za-z_-]{35}\b"),
        shape("A Google client secret", r"\bGOCSPX-[A-Za-z0-9_-]{20,}"),
        shape("A signed token (JWT)", r"\beyJ[A-Za-z0-9_-]{12,}\.eyJ[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{16,}"),
        shape("A Vault token", r"\bhv[sb]\.[A-Za-z0-9_-]{24,}"),
        shape("A Stripe key", r"\b[sr]k_live_[A-Za-z0-9]{20,}"),
        shape("A Docker token", r"\bdckr_pat_[A-Za-z0-9_-]{20,}"),
        shape("An npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ]
});

/// `scheme://user:password@host`
static USERINFO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"[a-z][a-z0-9+]{2,}://[^/\s:@"'<>{}$]+:([^/\s:@"'<>{}$]+)@[A-Za-z0-9.-]+"#)
        .expect("the pattern is constant")
});

/// A key that names a secret, and what is written after it.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?i)["']?([A-Za-z0-9_./-]*(?:password|passwd|passphrase|secret|secret_?access_?key|secret_?key|api_?key|api_?token"#,
        r#"|auth_?token|access_?token|private_?key|encryption_?key|hmac_?key|signing_?key|token))["']?"#,
        r#"\s*[:=]\s*(?:"([^"\n]{6,})"|'([^'\n]{6,})'|([^\s"',#{}\[\]|>&*!]{6,}))"#,
    ))
    .expect("the pattern is constant")
});

/// Cheap: does the text hold anything that the patterns can match?
fn may_hold(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "assw",
        "assphrase",
        "ecret",
        "ECRET",
        "ASSW",
        "oken",
        "OKEN",
        "ey",
        "EY",
        "AKIA",
        "ASIA",
        "gh",
        "glpat",
        "xox",
        "slack",
        "AIza",
        "GOCSPX",
        "hvs.",
        "hvb.",
        "k_live",
        "dckr_",
        "npm_",
        "://",
    ];
    WORDS.iter().any(|word| line.contains(word))
}

fn secrets_in(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        // A logo in base64 is no reading matter.
        if line.len() > 20_000 || !may_hold(line) {
            continue;
        }
        let next = lines.peek().map_or("", |(_, line)| *line);
        found.extend(secret_in(line, next, index as u32 + 1));
    }
    found
}

fn secret_in(line: &str, next: &str, number: u32) -> Option<Found> {
    let (at, about, message) = if let Some((what, at)) = shape_in(line, next) {
        let about = format!("{what}:{}", key_before(line, at).unwrap_or_default());
        (at, about, format!("{what} stands here in clear"))
    } else {
        let (key, at) = named_in(line)?;
        (at, key.to_owned(), format!("The value of {key} stands here in clear"))
    };
    Some(Found { line: number, column: column(line, at), about, message })
}

fn column(line: &str, at: usize) -> u32 {
    line[..at].chars().count() as u32 + 1
}

fn key_before(line: &str, at: usize) -> Option<&str> {
    let (key, _) = line[..at].split_once(':')?;
    Some(key.trim().trim_matches(['"', '\'', '-', '#', ' ']))
}

fn shape_in(line: &str, next: &str) -> Option<(&'static str, usize)> {
    if let Some(key) = PRIVATE_KEY.find(line)
        && (is_key_body(&line[key.end()..]) || is_key_body(next))
    {
        return Some(("A private key", key.start()));
    }
    let token = SHAPES.iter().find_map(|shape| {
        let hit = shape.pattern.find(line)?;
        (!is_example(hit.as_str())).then_some((shape.what, hit.start()))
    });
    token.or_else(|| {
        let password = USERINFO.captures(line)?.get(1)?;
        let text = password.as_str();
        let real = is_mixed(text, 8, 1) && !is_placeholder(text) && !is_example(text) && !is_name(text);
        real.then_some(("A password in a URL", password.start()))
    })
}

static PRIVATE_KEY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----").expect("the pattern is constant"));

/// The base64 that follows the header; examples have dots or words there.
fn is_key_body(text: &str) -> bool {
    let text = text.trim_start_matches("\\n").trim_start_matches(['#', ' ', '\t', '"', '\'']);
    let body =
        text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')).count();
    body >= 40
}

fn is_example(token: &str) -> bool {
    let upper = token.to_ascii_uppercase();
    upper.contains("EXAMPLE") || upper.contains("XXXX") || upper.contains("0000000") || upper.contains("REDACTED")
}

fn named_in(line: &str) -> Option<(&str, usize)> {
    NAMED.captures_iter(line).find_map(|hit| {
        let key = hit.get(1)?.as_str();
        let value = hit.get(2).or_else(|| hit.get(3)).or_else(|| hit.get(4))?;
        is_secret(key, value.as_str()).then_some((key, value.start()))
    })
}

/// Does this value, after a key of this name, look like the secret itself?
fn is_secret(key: &str, value: &str) -> bool {
    let name = key.to_ascii_lowercase();
    // A public token is made to be published; a name of a secret, its kind or its place is none.
    let about_secrets = [
        "externalsecret",
        "secretname",
        "checksum",
        "fingerprint",
        "publicapi",
        "clienttoken",
        "client_token",
        "tokenurl",
        "ssopublic",
    ]
    .iter()
    .any(|word| name.replace('-', "").contains(word));
    if about_secrets || is_placeholder(value) || is_example(value) || names_a_place(value) {
        return false;
    }
    let password = ["password", "passwd", "passphrase"].iter().any(|end| name.ends_with(end));
    match password {
        true => !is_name(value) && is_mixed(value, 8, 2),
        false => !is_name(value) && is_mixed(value, 16, 2) && entropy(value) >= 3.2,
    }
}

/// Whole values that stand for "put yours here".
#[rustfmt::skip]
const PLACEHOLDERS: &[&str] = &[
    "password", "passwd", "pass", "postgres", "admin", "secret", "none", "null", "false", "true", "todo", "guest",
    "sample", "fake", "default", "abc123", "foobar", "letmein",
];

/// Parts that only such values have.
const PLACEHOLDER_PARTS: &[&str] = &[
    "your",
    "example",
    "xxx",
    "***",
    "changeme",
    "change-me",
    "placeholder",
    "redacted",
    "replace",
    "dummy",
    "insert",
    "<",
    "test",
];

fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    PLACEHOLDERS.contains(&lower.as_str()) || PLACEHOLDER_PARTS.iter().any(|part| lower.contains(part))
}

/// A template, a variable, a path, an address: where the secret is, not what it is.
fn names_a_place(value: &str) -> bool {
    value.contains("{{")
        || value.contains("${")
        || value.contains("$(")
        || value.contains("://")
        || value.starts_with(['$', '/', '.', '<', '%', '('])
        || value.starts_with("arn:")
        || value.contains(".Values")
        || value.contains('/') && value.contains('.')
}

/// Words joined by dashes, underscores or dots: `prod-fence-creds`, `2026-05-19-bridge-guard`.
fn is_name(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['-', '_', '.', '/', ':']).collect();
    let word = |least: usize| {
        move |part: &&&str| {
            part.len() >= least && part.bytes().all(|byte| byte.is_ascii_alphabetic()) && is_one_case(part)
        }
    };
    let long = parts.iter().filter(word(5)).count();
    let words = parts.iter().filter(word(2)).count();
    parts.len() > 1 && (words * 2 >= parts.len() || long >= 2)
}

fn is_one_case(word: &str) -> bool {
    let rest = word.get(1..).unwrap_or_default();
    rest.bytes().all(|byte| byte.is_ascii_lowercase()) || word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Letters and digits, one unbroken run of them, long enough.
fn is_mixed(value: &str, least: usize, least_digits: usize) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    value.len() >= least && !value.contains(' ') && digits >= least_digits && letters >= 2 && value.is_ascii()
}

/// Shannon, in bits per character.
fn entropy(value: &str) -> f64 {
    let mut counts = [0u32; 128];
    for byte in value.bytes() {
        counts[usize::from(byte & 127)] += 1;
    }
    let length = value.len() as f64;
    counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length).map(|p| -p * p.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Put together at run time, so that no scanner takes the tests for a leak.
    fn join(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn tokens_and_random_values_are_found_and_never_repeated() {
        let random = join(&["q7Lm2", "Zx9Tb4", "Vn8Rc1", "Ws6Ye3"]);
        for line in [
            join(&["url: https://hooks.slack.com/services/T0ABCDEF1/", "B0ABCDEF2/", "abcdEFGH1234ijklMNOP5678"]),
            join(&["  aws_access_key_id: AK", "IA2QWERTYUIOPASDFG"]),
            join(&["\"client_secret\": \"", &random, "\","]),
            join(&["# DB_PASSWORD=hu", "nter29!x"]),
            join(&["uri: postgresql://fence:", &random, "@db.internal:5432/fence"]),
            join(&["key: |\n  -----BEGIN RSA ", "PRIVATE KEY-----\n  ", &random, &random, &random]),
            join(&["\"private_key\": \"-----BEGIN ", "PRIVATE KEY-----\\n", &random, &random, &random, "\\n"]),
        ] {
            let found = secrets_in(&line);
            assert_eq!(found.len(), 1, "{line}");
            assert!(!found[0].message.contains(&random) && !found[0].about.contains(&random), "{line}");
        }
    }

    #[test]
    fn names_places_and_examples_are_no_secrets() {
        for line in [
            "dbcreds: stanford_default-fence-creds",
            "cedarAPIKey: healpreprod-cedar-api-key",
            "externalSecret: charlie-master-password",
            "ACCESS_TOKEN_EXPIRES_IN: 7200",
            "ACCESS_TOKEN_COOKIE_NAME: access_token",
            "\"--ServerApp.password=''\",",
            "password: {{ .Values.password }}",
            "secretKey: ${AWS_SECRET_ACCESS_KEY}",
            "token: /var/run/secrets/kubernetes.io/serviceaccount/token",
            "aws_access_key_id: AKIAIOSFODNN7EXAMPLE",
            "password: postgres",
            "DATADOG_CLIENT_TOKEN: pub3a09afedb7c71b6f3f62e36616199cf5",
            "gen3.io/refresh-token: \"2026-05-19-bridge-guard\"",
            "fenceGoogleAppCredsSecret: prodv1-fence-google-app-creds",
            "key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  ...",
            "checksum/secret: 01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",
            "#     Password: abc123",
            "# awslogs_http_proxy: http://user:pass@proxy.host:80/",
            "uri: postgresql://$USER:$PASSWORD@db/fence",
        ] {
            assert!(secrets_in(line).is_empty(), "{line}");
        }
    }
}
