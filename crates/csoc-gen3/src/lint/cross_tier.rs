//! Hostnames of another environment where a commons means its own.
//!
//! Story: staging's workspaces get `GEN3_ENDPOINT: data.example.org` in their sidecar, copied from
//! production. Whoever tests in staging reads and writes production. Only settings that name the commons
//! itself are looked at: lists of a mesh, documentation, allow-lists and links in the portal name others on
//! purpose.

use std::collections::HashMap;

use csoc_core::commons::Tier;
use csoc_core::finding::Severity;

use super::look::{Draft, Look, Out, name, subject};
use super::trail::{Trail, holder_line, walk};
use crate::fleet::{CommonsReading, looks_like_hostname};
use crate::yaml::{Kind, Node};

pub fn check(look: &Look<'_>, out: &mut Out) {
    let mut known: HashMap<String, &CommonsReading> = HashMap::new();
    for commons in look.all() {
        for hostname in own_hostnames(commons) {
            known.entry(hostname).or_insert(commons);
        }
    }
    for (commons, values) in look.with_text() {
        let own: Vec<String> = own_hostnames(commons).collect();
        if own.is_empty() {
            continue;
        }
        let check = Check { look, commons, own, known: &known };
        walk(values, &mut |trail, node| check.visit(trail, node, out));
    }
}

fn own_hostnames(commons: &CommonsReading) -> impl Iterator<Item = String> {
    let stated = commons.hostname.as_ref().map(|said| said.value.to_ascii_lowercase());
    let folder = commons.folder_hostname.as_ref().map(|hostname| hostname.to_ascii_lowercase());
    stated.into_iter().chain(folder).filter(|hostname| looks_like_hostname(hostname))
}

struct Check<'l> {
    look: &'l Look<'l>,
    commons: &'l CommonsReading,
    own: Vec<String>,
    known: &'l HashMap<String, &'l CommonsReading>,
}

/// Settings that can only mean the commons itself.
const ITSELF: &[&str] = &["hostname", "gen3endpoint", "gen3hostname", "commonshostname", "gen3commonshostname"];

/// Settings that mean the commons itself, or a commons of the same tier that it shares a service with.
const OWN_SERVICES: &[&str] = &[
    "fenceurl",
    "arboristurl",
    "indexdurl",
    "guppyurl",
    "peregrineurl",
    "sheepdogurl",
    "metadataurl",
    "wtsurl",
    "workspaceurl",
    "manifestserviceurl",
    "requestorurl",
    "baseurl",
    "frameancestors",
    "wwwframeorigin",
    "cookiedomain",
    "apihost",
    "apiendpoint",
    "gen3url",
    "gen3apiurl",
    "commonsurl",
    "hosturl",
    "userapi",
];

/// Parts of the values in which others are named on purpose.
const OTHERS: &[&str] = &[
    "aggMdsConfig",
    "adapter_commons",
    "gen3_commons",
    "commons",
    "externalOidc",
    "external_oidc",
    "providers",
    "OPENID_CONNECT",
    "GA4GH_VISA_ISSUER_ALLOWLIST",
    "LOGIN_REDIRECT_WHITELIST",
    "LOGIN_OPTIONS",
    "etlMapping",
    "gitops",
    "portal",
    "USER_YAML",
    "ingress",
    "hints",
    "dist",
    "DIST",
    "drsCaching",
    "mesh",
];

/// Settings that name others on purpose: documentation, links, catalogues, lists of who may.
const ABOUT_OTHERS: &[&str] = &[
    "doc",
    "help",
    "support",
    "privacy",
    "terms",
    "about",
    "link",
    "logo",
    "dataset",
    "mds",
    "discovery",
    "catalog",
    "allow",
    "whitelist",
    "cors",
    "trusted",
    "origin",
    "redirect",
    "example",
    "peer",
    "remote",
    "external",
    "upstream",
];

impl Check<'_> {
    fn visit(&self, trail: &Trail, node: &Node, out: &mut Out) {
        let Kind::Str(text) = &node.kind else { return };
        if text.len() > 2000 || text.contains("{{") {
            return;
        }
        let setting = squeezed(trail.setting());
        let itself = ITSELF.contains(&setting.as_str());
        let in_env = is_environment(trail) && !ABOUT_OTHERS.iter().any(|word| setting.contains(word));
        if !itself && !OWN_SERVICES.contains(&setting.as_str()) && !in_env || trail.has(|key| OTHERS.contains(&key)) {
            return;
        }
        let hostnames: Vec<String> = hostnames(text).collect();
        if hostnames.iter().any(|hostname| self.is_own(hostname)) {
            return;
        }
        let wrong = hostnames.iter().find_map(|hostname| {
            let other = self.known.get(hostname).copied();
            self.judge(other, itself).map(|severity| (hostname, other, severity))
        });
        if let Some((hostname, other, severity)) = wrong {
            out.add(self.draft(trail, node, hostname, other, severity));
        }
    }

    fn is_own(&self, hostname: &str) -> bool {
        self.own.iter().any(|own| {
            own == hostname || hostname.strip_suffix(own.as_str()).is_some_and(|before| before.ends_with('.'))
        })
    }

    /// `None`: nothing wrong with naming this commons here.
    fn judge(&self, other: Option<&CommonsReading>, itself: bool) -> Option<Severity> {
        let Some(other) = other else {
            // Whose hostname it is, is not known; that it is not this commons' is.
            return None;
        };
        let (own, theirs) = (self.commons.tier.value, other.tier.value);
        match (own == Tier::Production, theirs == Tier::Production) {
            (true, false) | (false, true) => Some(Severity::High),
            _ if itself => Some(Severity::Medium),
            _ => None,
        }
    }

    fn draft(
        &self,
        trail: &Trail,
        node: &Node,
        hostname: &str,
        other: Option<&CommonsReading>,
        severity: Severity,
    ) -> Draft {
        let tier = |commons: &CommonsReading| commons.tier.value.as_str();
        let theirs = other.map_or_else(String::new, |other| format!(" ({})", tier(other)));
        let text = match &node.kind {
            Kind::Str(text) => text.as_ref(),
            _ => hostname,
        };
        Draft {
            rule: "cross-tier-reference",
            severity: Some(severity),
            subject: subject(self.commons),
            place: self.look.place_in(trail, node.mark, &needle(trail, text)),
            about: trail.to_string(),
            message: format!(
                "{} of {} ({}) is {hostname}{theirs}",
                trail.setting(),
                name(self.commons),
                tier(self.commons)
            ),
            help: Some(format!("Write {}.", name(self.commons))),
            holder: holder_line(trail),
        }
    }
}

/// In JSON the value alone can stand many times; with its key it is found.
fn needle(trail: &Trail, text: &str) -> String {
    match trail.holder {
        Some(_) => format!("\"{}\"", trail.setting()),
        None => text.to_owned(),
    }
}

/// An environment variable of a container: `env: {NAME: value}` or `env: [{name, value}]`.
fn is_environment(trail: &Trail) -> bool {
    let mut keys = trail.keys().rev();
    let last = keys.next();
    matches!(keys.next(), Some("env" | "extraEnv" | "extraEnvVars" | "environment")) && last.is_some()
}

fn squeezed(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Every full hostname in a text.
fn hostnames(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'))
        .map(|word| word.trim_matches('.').to_ascii_lowercase())
        .filter(|word| word.contains('.') && looks_like_hostname(word))
}
