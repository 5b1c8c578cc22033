//! What two commons are meant to have different: hostnames, accounts, ARNs, namespaces, buckets.
//!
//! Story: staging against production shows 214 differences; 209 are the two names of the same thing
//! (`staging.example.org` here, `data.example.org` there). The five that remain are worth reading.
//!
//! Two rules. A path on the list belongs to the environment whatever it says. Elsewhere two values are
//! equal when they become so after each side's own names are replaced by what they stand for.

use std::collections::BTreeMap;

use super::{Change, Difference, ValuePath};
use crate::yaml::{Kind, Node};

/// The list, one pattern a line. Keys are separated by dots, `*` stands for any part of one key, `**` for
/// any number of keys; letters' case and the characters `_` and `-` do not count. `#` begins a comment.
pub const DEFAULT_LIST: &str = "\
# who and where it is
global.hostname
global.environment
global.aws.account
**.namespace
**.fenceURL
**.BASE_URL
**.hostname
# certificates, roles, firewalls, queues: named after the account
**.*arn
**.*arn.**
**.eks.amazonaws.com/role-arn
**.role
**.*role
**.*queue*
**.*sqs*
# storage and databases
**.*bucket
**.*bucketname
**.S3_BUCKETS.**
**.*endpoint
**.*dbhost*
**.postgres.**.host
**.subnet*
**.subnet*.**
# the names of secrets
**.externalSecrets.**
**.userYamlS3Path
**.useryaml*
# GUID prefixes are one commons' own
**.DEFAULT_PREFIX
**.*indexprefix*
";

/// A parsed list.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvironmentParameters {
    patterns: Vec<Vec<String>>,
}

impl Default for EnvironmentParameters {
    fn default() -> Self {
        Self::parse(DEFAULT_LIST)
    }
}

impl EnvironmentParameters {
    pub fn parse(list: &str) -> Self {
        let patterns = list
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default().trim())
            .filter(|line| !line.is_empty())
            .map(|line| line.split('.').map(plain).collect())
            .collect();
        Self { patterns }
    }

    /// Is the path on the list?
    pub fn lists(&self, path: &ValuePath) -> bool {
        // A dotted key (`eks.amazonaws.com/role-arn`) is several words here as it is in a pattern.
        let words: Vec<String> = path.keys().flat_map(|key| key.split('.')).map(plain).collect();
        self.patterns.iter().any(|pattern| keys_match(pattern, &words))
    }

    /// Does the difference belong to the environment? `names` are the two sides' own names.
    pub fn explains(&self, difference: &Difference, names: &(OwnNames, OwnNames)) -> bool {
        if self.lists(&difference.path) {
            return true;
        }
        match &difference.change {
            Change::Changed { before, after } => match (&before.kind, &after.kind) {
                (Kind::Str(a), Kind::Str(b)) => names.0.neutral(a) == names.1.neutral(b),
                _ => false,
            },
            _ => false,
        }
    }
}

fn plain(key: &str) -> String {
    match key {
        "**" => key.into(),
        _ => key.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect(),
    }
}

fn keys_match(pattern: &[String], words: &[String]) -> bool {
    match pattern.split_first() {
        None => words.is_empty(),
        Some((first, rest)) if first == "**" => (0..=words.len()).any(|skip| keys_match(rest, &words[skip..])),
        Some((first, rest)) => {
            words.split_first().is_some_and(|(word, others)| word_matches(first, word) && keys_match(rest, others))
        }
    }
}

fn word_matches(pattern: &str, word: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|head| word.strip_prefix(head)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((tail, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    let mut rest = rest;
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(tail)
}

/// What one commons is called, in its own values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnNames(BTreeMap<String, &'static str>);

impl OwnNames {
    /// Short names (`prod`) would replace parts of other words; they are left alone.
    const SHORTEST: usize = 5;

    pub fn add(&mut self, name: &str, stands_for: &'static str) {
        if name.len() >= Self::SHORTEST {
            self.0.entry(name.into()).or_insert(stands_for);
        }
    }

    /// Hostname, account, environment and namespace, as far as the values and the caller tell.
    pub fn of(values: &Node, hostname: Option<&str>, namespace: Option<&str>, cluster: Option<&str>) -> Self {
        let mut names = Self::default();
        let global = |keys: &[&str]| text_at(values, keys);
        for hostname in [hostname, global(&["global", "hostname"]).as_deref()].into_iter().flatten() {
            names.add(hostname, "{hostname}");
        }
        if let Some(account) = global(&["global", "aws", "account"]) {
            names.add(&account, "{account}");
        }
        for environment in [global(&["global", "environment"]).as_deref(), cluster].into_iter().flatten() {
            names.add(environment, "{environment}");
        }
        if let Some(namespace) = namespace {
            names.add(namespace, "{namespace}");
        }
        names
    }

    /// The text with own names replaced, the longest first.
    fn neutral(&self, text: &str) -> String {
        let mut names: Vec<_> = self.0.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        names.iter().fold(text.to_owned(), |text, (name, stands_for)| text.replace(name.as_str(), stands_for))
    }
}

fn text_at(values: &Node, keys: &[&str]) -> Option<String> {
    let mut node = values;
    for key in keys {
        let Kind::Map(map) = &node.kind else {
            return None;
        };
        node = &map.get(*key)?.node;
    }
    match &node.kind {
        Kind::Str(text) if !text.is_empty() => Some(text.to_string()),
        Kind::Int(int) => Some(int.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Segment;
    use super::*;

    fn path(keys: &[&str]) -> ValuePath {
        ValuePath(keys.iter().map(|key| Segment::Key(Arc::from(*key))).collect())
    }

    #[test]
    fn the_list_knows_names_of_the_environment() {
        let list = EnvironmentParameters::default();
        for keys in [
            &["global", "hostname"][..],
            &["fence", "serviceAccount", "annotations", "eks.amazonaws.com/role-arn"],
            &["global", "aws", "wafv2", "wafAclArn"],
            &["fence", "FENCE_CONFIG_PUBLIC", "S3_BUCKETS", "my-bucket", "role-arn"],
            &["manifestservice", "manifestserviceG3auto", "bucketName"],
            &["fence", "externalSecrets", "fenceConfig"],
        ] {
            assert!(list.lists(&path(keys)), "{keys:?}");
        }
        for keys in [&["fence", "image", "tag"][..], &["fence", "replicaCount"], &["global", "hostnames"]] {
            assert!(!list.lists(&path(keys)), "{keys:?}");
        }
    }

    #[test]
    fn the_list_is_editable() {
        let list = EnvironmentParameters::parse("# ours\nfence.image.*\n*.replica*count\n");
        assert!(list.lists(&path(&["fence", "image", "tag"])));
        assert!(list.lists(&path(&["guppy", "replicaCount"])));
        assert!(!list.lists(&path(&["global", "hostname"])));
    }

    #[test]
    fn own_names_are_the_same_name() {
        let (mut a, mut b) = (OwnNames::default(), OwnNames::default());
        a.add("data.example.org", "{hostname}");
        b.add("staging.example.org", "{hostname}");
        assert_eq!(a.neutral("https://data.example.org/user"), b.neutral("https://staging.example.org/user"));
        assert_ne!(a.neutral("https://data.example.org/user"), b.neutral("https://data.example.org/user"));
        a.add("prod", "{environment}");
        assert_eq!(a.neutral("products"), "products");
    }
}
