//! Settings that stand where no chart looks for them: one level too high, too deep, or misspelled.

use csoc_core::finding::Severity;

use super::look::{Draft, Look, Out, has_chart_values, subject};
use crate::catalogue;
use crate::fleet::CommonsReading;
use crate::yaml::{Entry, Kind, Map, Node};

pub fn check(look: &Look<'_>, out: &mut Out) {
    for (commons, values) in look.with_text().filter(|(commons, _)| has_chart_values(commons)) {
        let Kind::Map(root) = &values.kind else { continue };
        let of = Of { look, commons };
        for (key, entry) in root.iter() {
            of.at_the_top(key, entry, root, out);
            if let (Some(service), Kind::Map(map)) = (catalogue::service(key), &entry.node.kind) {
                of.in_service(service.name, map, out);
            }
        }
    }
}

/// Settings of one service (or of `global`) that people leave at the top level.
const AT_THE_TOP: &[(&str, &str)] = &[
    ("mappings", "etl.etlMapping.mappings"),
    ("etlMapping", "etl.etlMapping"),
    ("tube", "etl.image.tube"),
    ("spark", "etl.image.spark"),
    ("usersync", "fence.usersync"),
    ("USER_YAML", "fence.USER_YAML"),
    ("FENCE_CONFIG", "fence.FENCE_CONFIG"),
    ("FENCE_CONFIG_PUBLIC", "fence.FENCE_CONFIG_PUBLIC"),
    ("gitops", "portal.gitops"),
    ("aggMdsConfig", "metadata.aggMdsConfig"),
    ("useAggMds", "metadata.useAggMds"),
    ("sowerConfig", "sower.sowerConfig"),
    ("indices", "guppy.indices"),
    ("defaultPrefix", "indexd.defaultPrefix"),
    ("hostname", "global.hostname"),
    ("dictionaryUrl", "global.dictionaryUrl"),
    ("revproxyArn", "global.revproxyArn"),
    ("portalApp", "global.portalApp"),
    ("tierAccessLevel", "global.tierAccessLevel"),
    ("netPolicy", "global.netPolicy"),
    ("maintenanceMode", "global.maintenanceMode"),
    ("frontendRoot", "global.frontendRoot"),
];

pub fn belongs_elsewhere(key: &str) -> bool {
    AT_THE_TOP.iter().any(|(name, _)| *name == key)
}

/// Settings of a whole service that are found inside one of its parts.
const OF_THE_SERVICE: &[&str] = &[
    "replicaCount",
    "revisionHistoryLimit",
    "podAnnotations",
    "autoscaling",
    "affinity",
    "tolerations",
    "nodeSelector",
];

/// Parts of a service that have none of them.
const PARTS: &[&str] = &["customConfig", "image", "resources", "gitops", "usersync", "externalSecrets"];

struct Of<'l> {
    look: &'l Look<'l>,
    commons: &'l CommonsReading,
}

impl Of<'_> {
    fn add(
        &self,
        out: &mut Out,
        rule: &'static str,
        severity: Option<Severity>,
        entry: &Entry,
        told: (String, String, String),
    ) {
        let (about, message, help) = told;
        out.add(Draft {
            rule,
            severity,
            subject: subject(self.commons),
            place: self.look.place(entry.key_mark),
            about,
            message,
            help: Some(help),
            holder: None,
        });
    }

    fn misplaced(&self, out: &mut Out, severity: Option<Severity>, entry: &Entry, from: &str, to: &str) {
        let message = format!("{from} has no effect; charts read {to}");
        let help = format!("Move it to {to}.");
        self.add(out, "misplaced-key", severity, entry, (from.to_owned(), message, help));
    }

    fn at_the_top(&self, key: &str, entry: &Entry, root: &Map, out: &mut Out) {
        let Some((_, to)) = AT_THE_TOP.iter().find(|(name, _)| *name == key) else { return };
        // Old images of the ETL say nothing once they are switched off.
        let image = matches!(key, "tube" | "spark");
        if image && entry.node.get(&["image", "tag"]).is_none() && entry.node.get(&["tag"]).is_none() {
            return;
        }
        // A leftover beside the right place misleads; alone it is a setting that was lost.
        let path: Vec<&str> = to.split('.').collect();
        let set = root.get(path[0]).and_then(|entry| entry.node.get(&path[1..])).is_some_and(says_something);
        self.misplaced(out, set.then_some(Severity::Low), entry, key, to);
    }

    fn in_service(&self, service: &str, map: &Map, out: &mut Out) {
        self.misspelled(service, map, out);
        let has_image =
            catalogue::service(service).is_some_and(|one| one.images.iter().any(|image| image.path == ["image"]));
        for (key, entry) in map {
            let at = format!("{service}.{key}");
            match (&entry.node.kind, &**key) {
                (Kind::Map(part), _) if PARTS.contains(&&**key) => {
                    for (name, inner) in part.iter().filter(|(name, _)| OF_THE_SERVICE.contains(&&***name)) {
                        self.misplaced(out, None, inner, &format!("{at}.{name}"), &format!("{service}.{name}"));
                    }
                }
                (Kind::Map(_), "tube" | "spark") if service == "etl" && entry.node.get(&["image"]).is_some() => {
                    let set = map.get("image").and_then(|image| image.node.get(&[&**key, "tag"])).is_some();
                    let severity = set.then_some(Severity::Low);
                    self.misplaced(out, severity, entry, &format!("{at}.image"), &format!("etl.image.{key}"));
                }
                (Kind::Str(_) | Kind::Float(_), "tag") if has_image && !map.contains_key("image") => {
                    self.misplaced(out, None, entry, &at, &format!("{service}.image.tag"));
                }
                (Kind::Map(inner), name) if is_lost_service(service, name, inner) => {
                    self.misplaced(out, None, entry, &at, name);
                }
                _ => {}
            }
        }
    }

    fn misspelled(&self, service: &str, map: &Map, out: &mut Out) {
        if map.contains_key("enabled") {
            return;
        }
        for (key, entry) in map.iter().filter(|(key, entry)| is_misspelled_enabled(key, &entry.node)) {
            let default = catalogue::service(service).is_some_and(|one| one.on_by_default);
            let asked = matches!(entry.node.kind, Kind::Bool(true));
            let state = if default { "on" } else { "off" };
            // What was asked for is what happens anyway.
            let severity = (default == asked).then_some(Severity::Low);
            let message = format!("{service}.{key} is no setting; {service} stays {state}, its default");
            let told = (format!("{service}.{key}"), message, format!("Write {service}.enabled."));
            self.add(out, "misspelled-enabled", severity, entry, told);
        }
    }
}

fn says_something(node: &Node) -> bool {
    match &node.kind {
        Kind::Null => false,
        Kind::Map(map) => !map.is_empty(),
        Kind::Seq(items) => !items.is_empty(),
        _ => true,
    }
}

/// A service's whole block, indented into the one before it.
fn is_lost_service(outer: &str, inner: &str, map: &Map) -> bool {
    let whole = map.contains_key("enabled") && (map.contains_key("image") || map.contains_key("replicaCount"));
    outer != inner
        && catalogue::service(inner).is_some()
        && whole
        && !matches!(outer, "gen3-workflow" | "vectis-overlays")
}

/// One or two letters away from `enabled`, and a switch.
pub fn is_misspelled_enabled(key: &str, node: &Node) -> bool {
    const WRONG: &[&str] = &["enable", "Enabled", "Enable", "ENABLED", "enables", "is_enabled", "isEnabled"];
    let switch = matches!(&node.kind, Kind::Bool(_))
        || matches!(&node.kind, Kind::Str(text) if &**text == "true" || &**text == "false");
    switch && key != "enabled" && (WRONG.contains(&key) || is_swapped(key))
}

/// The letters of `enabled` with one missing, doubled or two swapped.
fn is_swapped(key: &str) -> bool {
    const RIGHT: &str = "enabled";
    if !key.starts_with('e') || key.len().abs_diff(RIGHT.len()) > 1 || key == "enable" {
        return false;
    }
    let mut own: Vec<u8> = key.bytes().collect();
    let mut right: Vec<u8> = RIGHT.bytes().collect();
    own.sort_unstable();
    right.sort_unstable();
    let missing = right.iter().filter(|letter| !own.contains(letter)).count();
    own == right || missing == 0 && own.len() == 8 || own.len() == 6 && missing <= 1 && is_subsequence(key, RIGHT)
}

fn is_subsequence(short: &str, long: &str) -> bool {
    let mut letters = long.bytes();
    short.bytes().all(|letter| letters.any(|other| other == letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Mark, Style};

    #[test]
    fn enabled_is_known_under_its_misspellings_only() {
        let yes = Node { kind: Kind::Bool(true), mark: Mark::default(), written: None, style: Style::Plain };
        for key in ["enable", "enabeld", "enalbed", "enbled", "ennabled", "Enabled"] {
            assert!(is_misspelled_enabled(key, &yes), "{key}");
        }
        for key in ["enabled", "label", "exposed", "enforce", "encoded", "external", "endpoint"] {
            assert!(!is_misspelled_enabled(key, &yes), "{key}");
        }
    }
}
