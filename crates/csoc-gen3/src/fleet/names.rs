//! What a name gives away: which tier a commons is, and whose it is.
//!
//! Story: `staging.harbor.org` says staging, and `harbor` is the programme. No file says so, a person may say
//! otherwise, and therefore every answer here is a proposal with its reason.

use csoc_core::commons::Tier;

use super::Proposed;
use super::twins::{NEUTRAL, without_tier};

/// The names a commons goes by, strongest first: what a name says is believed before what the next says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    pub hostname: Option<&'a str>,
    pub folder: Option<&'a str>,
    pub namespace: Option<&'a str>,
    pub cluster: Option<&'a str>,
}

/// Words that may stand anywhere in a part of a name (`oakstaging`, `ash-stagingdatastage`).
const ANYWHERE: &[(&str, Tier)] = &[
    ("preprod", Tier::Staging),
    ("staging", Tier::Staging),
    ("nonprod", Tier::Staging),
    ("nightly", Tier::Dev),
    ("sandbox", Tier::Dev),
    ("validat", Tier::Qa),
];

/// Words that must be the whole part, or its end after a name of at least two letters (`gen3qa`).
const WHOLE_OR_END: &[(&str, Tier)] = &[
    ("stage", Tier::Staging),
    ("stg", Tier::Staging),
    ("uat", Tier::Staging),
    ("qa", Tier::Qa),
    ("test", Tier::Qa),
    ("testing", Tier::Qa),
    ("dev", Tier::Dev),
    ("develop", Tier::Dev),
    ("development", Tier::Dev),
    ("demo", Tier::Dev),
];

/// Domains in which only developers' environments live.
const DEVELOPER_DOMAINS: &[&str] = &["planx-pla.net", "localhost", "localdomain", "example.dev"];

pub fn propose_tier(names: Names<'_>) -> Proposed<Tier> {
    if let Some(hostname) = names.hostname.or(names.folder).filter(|name| name.contains('.') || *name == "localhost") {
        if let Some((tier, word)) = word_of(labels(hostname)) {
            return said(tier, "hostname", hostname, word);
        }
        let developers = |domain: &&&str| hostname == **domain || hostname.ends_with(&format!(".{domain}"));
        if let Some(domain) = DEVELOPER_DOMAINS.iter().find(developers) {
            let why = format!("the hostname {hostname} lies in {domain}, where developers' environments live");
            return Proposed { value: Tier::Dev, why };
        }
    }
    let others = [("folder", names.folder), ("namespace", names.namespace), ("cluster", names.cluster)];
    for (what, name) in others {
        let Some(name) = name else { continue };
        if let Some((tier, word)) = word_of(name.split('/')) {
            return said(tier, what, name, word);
        }
    }
    Proposed { value: Tier::Production, why: "no name says staging, qa or dev".into() }
}

fn said(tier: Tier, what: &str, name: &str, word: &str) -> Proposed<Tier> {
    let word = if word == "validat" { "validate" } else { word };
    Proposed { value: tier, why: format!("the {what} {name} says \"{word}\"") }
}

/// The parts of a hostname that its owner chose: everything but the domain, or the domain's name when
/// there is nothing else.
fn labels(hostname: &str) -> impl Iterator<Item = &str> {
    let count = hostname.split('.').count();
    hostname.split('.').take(count.saturating_sub(2).max(1))
}

/// A word about staging is stronger than one about testing: `validatestaging` is a staging.
fn word_of<'a>(parts: impl Iterator<Item = &'a str>) -> Option<(Tier, &'static str)> {
    let parts: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    for (word, tier) in ANYWHERE {
        if parts.iter().any(|part| part.contains(word)) {
            return Some((*tier, word));
        }
    }
    for (word, tier) in WHOLE_OR_END {
        if parts.iter().flat_map(|part| part.split(['-', '_'])).any(|token| ends_with_word(token, word)) {
            return Some((*tier, word));
        }
    }
    None
}

fn ends_with_word(token: &str, word: &str) -> bool {
    let token = token.trim_end_matches(|c: char| c.is_ascii_digit());
    let token = token.strip_suffix("helm").unwrap_or(token);
    token == word || token.strip_suffix(word).is_some_and(|rest| rest.len() >= 2) || starts_numbered(token, word)
}

/// `qaplanetv1`, `qaheal`, but not `qatar`, and no such rule for `dev` (`device`, `devices`).
fn starts_numbered(token: &str, word: &str) -> bool {
    word == "qa" && token.strip_prefix("qa").is_some_and(|rest| rest.len() >= 3 && !rest.starts_with("tar"))
}

/// Domains that hold the commons of many programmes, so that the part before them names the programme.
const SHARED_DOMAINS: &[&str] = &["data-commons.org", "datacommons.io", "planx-pla.net", "nih.gov", "bionimbus.org"];

/// The programme that a hostname belongs to: `harbor` of `data.harbor.org`, `oak` of `oak.data-commons.org`.
pub fn programme_of(hostname: &str) -> Option<String> {
    let bare = without_tier(&hostname.to_ascii_lowercase());
    let shared = SHARED_DOMAINS.iter().find_map(|domain| bare.strip_suffix(domain)?.strip_suffix('.'));
    let own = match shared {
        Some(before) => {
            let telling = before.split('.').find(|part| !NEUTRAL.contains(part));
            telling.or_else(|| before.split('.').next())?
        }
        None => bare.rsplit('.').nth(1)?,
    };
    (!own.is_empty()).then(|| own.to_owned())
}

/// Is this text a full hostname (and not a folder like `values`)?
pub fn looks_like_hostname(text: &str) -> bool {
    let Some((_, last)) = text.rsplit_once('.') else { return false };
    text.len() <= 253
        && last.len() >= 2
        && last.bytes().all(|b| b.is_ascii_alphabetic())
        && !["yaml", "yml", "json", "md", "txt", "sh", "py", "tf"].contains(&last)
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(hostname: &str) -> Tier {
        propose_tier(Names { hostname: Some(hostname), ..Names::default() }).value
    }

    #[test]
    fn hostnames_say_their_tier() {
        for (hostname, expected) in [
            ("data.harbor.org", Tier::Production),
            ("staging.harbor.org", Tier::Staging),
            ("oakstaging.data-commons.org", Tier::Staging),
            ("preprod.meadowdata.org", Tier::Staging),
            ("elm-crdc-staging.datacommons.io", Tier::Staging),
            ("validatestaging.harbor.org", Tier::Staging),
            ("validate.harbor.org", Tier::Qa),
            ("gen3qa.riverdrc.org", Tier::Qa),
            ("fir-testing.data-commons.org", Tier::Qa),
            ("someone.planx-pla.net", Tier::Dev),
            ("qa-heal.planx-pla.net", Tier::Qa),
            ("devices.example.org", Tier::Production),
            ("qatar.example.org", Tier::Production),
            ("meadowdata.org", Tier::Production),
        ] {
            assert_eq!(tier(hostname), expected, "{hostname}");
        }
    }

    #[test]
    fn the_hostname_is_believed_before_the_namespace() {
        let names =
            Names { hostname: Some("gen3staging.riverdrc.org"), namespace: Some("srvqa-helm"), ..Names::default() };
        let proposed = propose_tier(names);
        assert_eq!(proposed.value, Tier::Staging);
        assert_eq!(proposed.why, "the hostname gen3staging.riverdrc.org says \"staging\"");
        let silent = Names { hostname: Some("commons.example.org"), namespace: Some("rvqa2-helm"), ..Names::default() };
        assert_eq!(propose_tier(silent).value, Tier::Qa);
    }

    #[test]
    fn programmes_come_from_the_part_that_names_them() {
        let of = |hostname| programme_of(hostname).unwrap_or_default();
        assert_eq!(of("staging.harbor.org"), "harbor");
        assert_eq!(of("oakstaging.data-commons.org"), "oak");
        assert_eq!(of("gen3.cedarcatalyst.nhlbi.nih.gov"), "cedarcatalyst");
        assert_eq!(of("meadowdata.org"), "meadowdata");
        assert_eq!(of("gen3.datacommons.io"), "gen3");
    }

    #[test]
    fn not_everything_with_a_dot_is_a_hostname() {
        assert!(looks_like_hostname("staging.gen3.example-commons.org"));
        for text in ["values", "values.yaml", "a..org", "-a.org", "2026.07", "x y.org"] {
            assert!(!looks_like_hostname(text), "{text}");
        }
    }
}
