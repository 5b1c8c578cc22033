//! Which commons is whose staging.
//!
//! Story: without the word for its tier and without `data`, `staging.harbor.org` is `harbor.org`, and so is
//! `data.harbor.org`: they are twins. `pinestaging` and `fern-hub` have nothing in common but that they are
//! the only two in their cluster, which is enough. Proposals, with their reason; a person may say otherwise.

use std::collections::HashMap;

use csoc_core::commons::Tier;

use super::Proposed;

/// Parts of a hostname that do not tell one commons of a domain from another.
pub const NEUTRAL: &[&str] = &["data", "gen3", "portal", "www", "commons", "prod", "production"];

/// What is left of a hostname without the words that name a tier; the parts stay in order.
pub fn without_tier(hostname: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::names::{Names, propose_tier};

    fn tier(hostname: &str) -> Tier {
        propose_tier(Names { hostname: Some(hostname), ..Names::default() }).value
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
        let harbor = [
            ("harborprod", "data.harbor.org"),
            ("harborprod", "staging.harbor.org"),
            ("harborvalidate", "validate.harbor.org"),
            ("harborvalidate", "validatestaging.harbor.org"),
        ];
        assert_eq!(twins_of(&harbor), [Some(1), Some(0), Some(3), Some(2)]);
        let river = [("p", "data.riverdrc.org"), ("q", "gen3qa.riverdrc.org"), ("s", "gen3staging.riverdrc.org")];
        assert_eq!(twins_of(&river), [Some(2), Some(0), Some(0)]);
    }

    #[test]
    fn unlike_names_are_twins_only_when_alone_in_their_cluster() {
        let pair = [("pine", "fern-hub.data-commons.org"), ("pine", "pinestaging.data-commons.org")];
        assert_eq!(twins_of(&pair), [Some(1), Some(0)]);
        let three = [pair[0], pair[1], ("pine", "third.data-commons.org")];
        assert_eq!(twins_of(&three), [None, None, None]);
    }

    #[test]
    fn a_production_with_two_stagings_takes_the_one_in_its_cluster() {
        let hosts = [
            ("ashprod", "gen3.example.org"),
            ("ashprod", "preprod.gen3.example.org"),
            ("ash-staging", "staging.gen3.example.org"),
        ];
        assert_eq!(twins_of(&hosts), [Some(1), Some(0), Some(0)]);
    }
}
