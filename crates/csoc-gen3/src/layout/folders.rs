//! Rules about paths alone: what is never read, what is a cluster's folder, what looks like values.

use std::collections::BTreeMap;

use super::{base, parent};
use crate::fleet::looks_like_hostname;
use crate::tree::{Entry, EntryKind};

/// Folders whose files are content for browsers, not configuration: tens of megabytes in a real fleet.
const CONTENT: &[&str] = &["dashboard", "modsec", "node_modules", ".git", ".github", "css", "images"];
/// The same, below `values/` only.
const CONTENT_OF_VALUES: &[&str] = &["portal", "frontend"];

/// Never read: content, and what is neither YAML nor JSON.
pub fn is_skipped(path: &str) -> bool {
    if !(is_yaml(path) || path.ends_with(".json")) {
        return true;
    }
    let mut above = "";
    for folder in parent(path).split('/') {
        if CONTENT.contains(&folder) || above == "values" && CONTENT_OF_VALUES.contains(&folder) {
            return true;
        }
        above = folder;
    }
    false
}

pub fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// Files grouped by their folder; only those worth reading.
#[derive(Debug, Default)]
pub struct Folders<'a> {
    pub files: BTreeMap<&'a str, Vec<&'a Entry>>,
}

impl<'a> Folders<'a> {
    pub fn of(entries: &'a [Entry]) -> Self {
        let mut files: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            if entry.kind != EntryKind::Submodule && !is_skipped(&entry.path) {
                files.entry(parent(&entry.path)).or_default().push(entry);
            }
        }
        Self { files }
    }

    pub fn file(&self, folder: &str, name: &str) -> Option<&'a Entry> {
        self.files.get(folder)?.iter().copied().find(|entry| base(&entry.path) == name)
    }

    pub fn has(&self, folder: &str) -> bool {
        self.files.contains_key(folder)
    }
}

/// The folder of a cluster, when this folder holds a cluster's values.
pub fn cluster_of(folder: &str) -> Option<&str> {
    let rest = ["cluster-values", "cluster-level-resources", "cluster-resources"]
        .into_iter()
        .find_map(|name| folder.strip_suffix(name))?;
    match rest.strip_suffix('/') {
        Some(cluster) if !cluster.is_empty() => Some(cluster),
        _ => None,
    }
}

/// The commons folder that a declaring file belongs to: `templates/` and what lies in it are the wrapper
/// chart's.
pub fn commons_folder(path: &str) -> &str {
    let folder = parent(path);
    match folder.strip_suffix("templates") {
        Some("") => "",
        Some(rest) => rest.strip_suffix('/').unwrap_or(folder),
        None => folder,
    }
}

/// The `<commons>` of `<environment>/gen3/<commons>/*.yaml`, wherever it starts.
pub fn environment_folder(folder: &str) -> Option<(&str, &str)> {
    let (before, commons) = folder.rsplit_once('/')?;
    let environment = before.strip_suffix("/gen3")?;
    (!environment.is_empty() && !commons.is_empty()).then_some((environment, commons))
}

/// Is the folder's own name a hostname?
pub fn named_like_a_host(folder: &str) -> bool {
    looks_like_hostname(base(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_skipped_by_its_path() {
        for path in [
            "prod/a.org/values/portal/gitops.json",
            "prod/a.org/values/frontend/public/x.yaml",
            "a.org/dashboard/Public/index.json",
            "dashboard/x.json",
            "logo.png",
        ] {
            assert!(is_skipped(path), "{path}");
        }
        for path in ["prod/a.org/values/portal.yaml", "a.org/manifest.json", "dashboards.yaml"] {
            assert!(!is_skipped(path), "{path}");
        }
    }

    #[test]
    fn folders_know_their_role() {
        assert_eq!(cluster_of("prod/cluster-values"), Some("prod"));
        assert_eq!(cluster_of("cluster-values"), None);
        assert_eq!(commons_folder("prod/a.org/templates/app.yaml"), "prod/a.org");
        assert_eq!(commons_folder("prod/a.org/app.yaml"), "prod/a.org");
        assert_eq!(commons_folder("templates/app.yaml"), "");
        assert_eq!(environment_folder("aws/prod/gen3/acme"), Some(("aws/prod", "acme")));
        assert_eq!(environment_folder("gen3/acme"), None);
    }
}
