//! What a name gives away: which tier a commons is, which commons is its twin, whose it is.
//!
//! Story: `staging.midrc.org` says staging; without that word and without `data` it is `midrc.org`, and so
//! is `data.midrc.org`: they are twins. No file says so, a person may say otherwise, and therefore every
//! answer here is a proposal with its reason.

use std::collections::HashMap;

use csoc_core::commons::Tier;

use super::Proposed;

/// The names a commons goes by, strongest first: what a name says is believed before what the next says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    pub hostname: Option<&'a str>,
    pub folder: Option<&'a str>,
    pub namespace: Option<&'a str>,
    pub cluster: Option<&'a str>,
}

/// Words that may stand anywhere in a part of a name (`brhstaging`, `bdcat-stagingdatastage`).
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

/// Parts of a hostname that do not tell one commons of a domain from another.
const NEUTRAL: &[&str] = &["data", "gen3", "portal", "www", "commons", "prod", "production"];

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

/// What is left of a hostname without the words that name a tier; the parts stay in order.
fn without_tier(hostname: &str) -> String {
    let mut parts = Vec::new();
    let count = hostname.split('.').count();
    for (index, label) in hostname.split('.').enumerate() {
        // The domain's own name stays, unless there is nothing before it.
        if index + 1 >= count || count > 2 && index + 2 >= count {
            parts.push(label.to_owned());
            continue;
        }
        let label = label_without_tier(label);
        if !label.is_empty() {
            parts.push(label.to_owned());
        }
    }
    parts.join(".")
}

fn label_without_tier(label: &str) -> &str {
    let delimiter = ['-', '_'];
    for word in ["preprod", "staging", "nonprod", "stage", "qa"] {
        let bare = label.strip_prefix(word).or_else(|| label.strip_suffix(word));
        if let Some(bare) = bare {
            return bare.trim_matches(delimiter);
        }
    }
    // Words that end other words, too (`latest`), count only when something separates them.
    for word in ["testing", "test", "demo", "dev", "uat", "stg"] {
        let start = label.strip_prefix(word).and_then(|rest| rest.strip_prefix(delimiter));
        let bare = start.or_else(|| label.strip_suffix(word).and_then(|rest| rest.strip_suffix(delimiter)));
        if let Some(bare) = bare {
            return bare;
        }
    }
    label
}

/// The hostname's distinguishing rest: no tier word, no neutral first parts.
fn stem(hostname: &str) -> String {
    let bare = without_tier(hostname);
    let mut parts: Vec<_> = bare.split('.').collect();
    while parts.len() > 2 && NEUTRAL.contains(&parts[0]) {
        parts.remove(0);
    }
    parts.join(".")
}

/// One commons as the search for twins sees it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub folder: &'a str,
    pub cluster: Option<&'a str>,
    pub hostname: Option<&'a str>,
    pub tier: Tier,
}

/// For every candidate, the index of its twin with the reason. A staging's twin is what it is promoted to;
/// a production's twin is the staging nearest to it (its own cluster first).
pub fn propose_twins(all: &[Candidate<'_>]) -> Vec<Option<Proposed<usize>>> {
    let hosts: Vec<Option<Host>> = all.iter().map(|candidate| candidate.hostname.map(Host::of)).collect();
    let uppers = Uppers::of(all, &hosts);
    let mut twins: Vec<Option<Proposed<usize>>> = Vec::with_capacity(all.len());
    for (index, lower) in all.iter().enumerate() {
        let is_lower = matches!(lower.tier, Tier::Staging | Tier::Qa);
        let by_hostname = || uppers.by_hostname(all, hosts[index].as_ref()?, index);
        twins.push(is_lower.then(|| by_hostname().or_else(|| uppers.by_cluster(all, index))).flatten());
    }
    let mut nearest: HashMap<usize, usize> = HashMap::new();
    for (lower, twin) in twins.iter().enumerate() {
        let Some(upper) = twin.as_ref().map(|twin| twin.value) else { continue };
        let distance = |i: usize| (all[i].tier != Tier::Staging, all[i].cluster != all[upper].cluster, all[i].folder);
        let best = nearest.entry(upper).or_insert(lower);
        if distance(lower) < distance(*best) {
            *best = lower;
        }
    }
    for (upper, lower) in nearest {
        if twins[upper].is_none() {
            let why = twins[lower].as_ref().map_or_else(String::new, |twin| twin.why.clone());
            twins[upper] = Some(Proposed { value: lower, why });
        }
    }
    twins
}

/// A hostname taken apart once.
struct Host {
    own: String,
    without_tier: String,
    stem: String,
}

impl Host {
    fn of(hostname: &str) -> Self {
        let own = hostname.to_ascii_lowercase();
        Self { without_tier: without_tier(&own), stem: stem(&own), own }
    }

    fn names_a_tier(&self) -> bool {
        self.without_tier != self.own
    }
}

/// Those that something is promoted to, by what their names have in common with it.
struct Uppers<'a> {
    by_name: HashMap<String, Vec<usize>>,
    by_stem: HashMap<String, Vec<usize>>,
    in_cluster: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Uppers<'a> {
    fn of(all: &[Candidate<'a>], hosts: &[Option<Host>]) -> Self {
        let mut uppers = Self { by_name: HashMap::new(), by_stem: HashMap::new(), in_cluster: HashMap::new() };
        for (index, candidate) in all.iter().enumerate() {
            if let Some(cluster) = candidate.cluster {
                uppers.in_cluster.entry(cluster).or_default().push(index);
            }
            if let Some(host) = &hosts[index] {
                uppers.by_name.entry(host.own.clone()).or_default().push(index);
                if !host.names_a_tier() {
                    uppers.by_stem.entry(host.stem.clone()).or_default().push(index);
                }
            }
        }
        uppers
    }

    /// The one commons whose hostname is this one's without the word that names the tier.
    fn by_hostname(&self, all: &[Candidate<'_>], own: &Host, index: usize) -> Option<Proposed<usize>> {
        if !own.names_a_tier() {
            return None;
        }
        // Validation environments have stagings of their own.
        let tier = all[index].tier;
        let above = |i: &&usize| all[**i].tier < tier || tier == Tier::Staging && all[**i].tier == Tier::Qa;
        let only = |found: Option<&Vec<usize>>| {
            let mut found = found?.iter().filter(|i| **i != index).filter(above);
            let first = *found.next()?;
            found.next().is_none().then_some(first)
        };
        let value = only(self.by_name.get(&own.without_tier)).or_else(|| only(self.by_stem.get(&own.stem)))?;
        let why = format!("{} is {} without the tier", all[value].hostname.unwrap_or_default(), own.own);
        Some(Proposed { value, why })
    }

    /// A cluster with exactly one staging and one production commons.
    fn by_cluster(&self, all: &[Candidate<'_>], index: usize) -> Option<Proposed<usize>> {
        let cluster = all[index].cluster?;
        let [first, second] = self.in_cluster.get(cluster)?[..] else { return None };
        let other = if first == index { second } else { first };
        let pair = all[other].tier == Tier::Production && all[index].tier == Tier::Staging;
        pair.then(|| Proposed { value: other, why: format!("the only other commons of cluster {cluster}") })
    }
}

/// Domains that hold the commons of many programmes, so that the part before them names the programme.
const SHARED_DOMAINS: &[&str] = &["data-commons.org", "datacommons.io", "planx-pla.net", "nih.gov", "bionimbus.org"];

/// The programme that a hostname belongs to: `midrc` of `data.midrc.org`, `brh` of `brh.data-commons.org`.
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
            ("data.midrc.org", Tier::Production),
            ("staging.midrc.org", Tier::Staging),
            ("brhstaging.data-commons.org", Tier::Staging),
            ("preprod.healdata.org", Tier::Staging),
            ("nci-crdc-staging.datacommons.io", Tier::Staging),
            ("validatestaging.midrc.org", Tier::Staging),
            ("validate.midrc.org", Tier::Qa),
            ("gen3qa.kidsfirstdrc.org", Tier::Qa),
            ("va-testing.data-commons.org", Tier::Qa),
            ("someone.planx-pla.net", Tier::Dev),
            ("qa-heal.planx-pla.net", Tier::Qa),
            ("devices.example.org", Tier::Production),
            ("qatar.example.org", Tier::Production),
            ("healdata.org", Tier::Production),
        ] {
            assert_eq!(tier(hostname), expected, "{hostname}");
        }
    }

    #[test]
    fn the_hostname_is_believed_before_the_namespace() {
        let names = Names {
            hostname: Some("gen3staging.kidsfirstdrc.org"),
            namespace: Some("skfqa-helm"),
            ..Names::default()
        };
        let proposed = propose_tier(names);
        assert_eq!(proposed.value, Tier::Staging);
        assert_eq!(proposed.why, "the hostname gen3staging.kidsfirstdrc.org says \"staging\"");
        let silent = Names { hostname: Some("commons.example.org"), namespace: Some("kfqa2-helm"), ..Names::default() };
        assert_eq!(propose_tier(silent).value, Tier::Qa);
    }

    fn twins_of(hosts: &[(&str, &str)]) -> Vec<Option<usize>> {
        let all: Vec<_> = hosts
            .iter()
            .map(|(cluster, hostname)| Candidate {
                folder: hostname,
                cluster: Some(cluster),
                hostname: Some(hostname),
                tier: tier(hostname),
            })
            .collect();
        propose_twins(&all).into_iter().map(|twin| twin.map(|t| t.value)).collect()
    }

    #[test]
    fn twins_differ_only_in_the_word_for_the_tier() {
        let midrc = [
            ("midrcprod", "data.midrc.org"),
            ("midrcprod", "staging.midrc.org"),
            ("midrcvalidate", "validate.midrc.org"),
            ("midrcvalidate", "validatestaging.midrc.org"),
        ];
        assert_eq!(twins_of(&midrc), [Some(1), Some(0), Some(3), Some(2)]);
        let kidsfirst = [
            ("p", "data.kidsfirstdrc.org"),
            ("q", "gen3qa.kidsfirstdrc.org"),
            ("s", "gen3staging.kidsfirstdrc.org"),
        ];
        assert_eq!(twins_of(&kidsfirst), [Some(2), Some(0), Some(0)]);
    }

    #[test]
    fn unlike_names_are_twins_only_when_alone_in_their_cluster() {
        let pair = [("bih", "imaging-hub.data-commons.org"), ("bih", "bihstaging.data-commons.org")];
        assert_eq!(twins_of(&pair), [Some(1), Some(0)]);
        let three = [pair[0], pair[1], ("bih", "third.data-commons.org")];
        assert_eq!(twins_of(&three), [None, None, None]);
    }

    #[test]
    fn a_production_with_two_stagings_takes_the_one_in_its_cluster() {
        let hosts = [
            ("bdcatprod", "gen3.example.org"),
            ("bdcatprod", "preprod.gen3.example.org"),
            ("bdcat-staging", "staging.gen3.example.org"),
        ];
        assert_eq!(twins_of(&hosts), [Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn programmes_come_from_the_part_that_names_them() {
        let of = |hostname| programme_of(hostname).unwrap_or_default();
        assert_eq!(of("staging.midrc.org"), "midrc");
        assert_eq!(of("brhstaging.data-commons.org"), "brh");
        assert_eq!(of("gen3.biodatacatalyst.nhlbi.nih.gov"), "biodatacatalyst");
        assert_eq!(of("healdata.org"), "healdata");
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
