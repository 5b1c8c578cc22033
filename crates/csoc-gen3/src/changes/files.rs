//! Files of a landing that no changed value explains.
//!
//! Story: a landing adds a logo below `values/portal/`, sorts a values file, and edits CODEOWNERS. No value
//! changed, three items: a portal file, "format only", housekeeping.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::{ChangeItem, ChangeKind, Class, FileChange, FileChangeKind, areas};
use crate::fleet::{ClusterReading, CommonsReading, FleetReading, ReadingState};

/// Items for the files of `files` that `items` do not speak of.
pub(super) fn not_spoken_of(
    before: &FleetReading,
    after: &FleetReading,
    files: &[FileChange],
    items: &[ChangeItem],
) -> Vec<ChangeItem> {
    let owners = Owners::new(before, after, items);
    files.iter().filter_map(|file| owners.item(file)).collect()
}

/// Whose file is it, and was that said already?
struct Owners<'a> {
    /// Value files (and the Application's file) by path: who reads them.
    readers: HashMap<&'a str, Vec<&'a CommonsReading>>,
    declarations: HashMap<&'a str, &'a CommonsReading>,
    cluster_values: HashMap<&'a str, &'a ClusterReading>,
    folders: HashMap<&'a str, &'a CommonsReading>,
    clusters: HashMap<&'a str, &'a ClusterReading>,
    /// Commons folders with a changed value, and with a changed Application.
    valued: HashSet<&'a str>,
    wired: HashSet<&'a str>,
    /// Folders that came or went as a whole.
    whole: HashSet<&'a str>,
    clusters_valued: HashSet<&'a str>,
}

impl<'a> Owners<'a> {
    fn new(before: &'a FleetReading, after: &'a FleetReading, items: &'a [ChangeItem]) -> Self {
        let mut owners = Self {
            readers: HashMap::new(),
            declarations: HashMap::new(),
            cluster_values: HashMap::new(),
            folders: HashMap::new(),
            clusters: HashMap::new(),
            valued: HashSet::new(),
            wired: HashSet::new(),
            whole: HashSet::new(),
            clusters_valued: HashSet::new(),
        };
        for reading in [before, after] {
            for commons in &reading.commons {
                let commons: &CommonsReading = commons;
                owners.folders.insert(&commons.folder, commons);
                for path in commons.value_files.iter().filter_map(|file| file.path.as_deref()) {
                    owners.readers.entry(path).or_default().push(commons);
                }
                if let Some(mark) = commons.declared_at {
                    owners.declarations.insert(reading.files.path(mark.file), commons);
                }
            }
            for cluster in &reading.clusters {
                let cluster: &ClusterReading = cluster;
                owners.clusters.insert(&cluster.folder, cluster);
                if let Some(path) = &cluster.values_path {
                    owners.cluster_values.insert(path, cluster);
                }
            }
        }
        items.iter().for_each(|item| owners.note(item));
        owners
    }

    fn note(&mut self, item: &'a ChangeItem) {
        use ChangeKind::*;
        match (&item.commons, &item.cluster) {
            (Some(commons), _) => match item.kind {
                CommonsAdded | CommonsRemoved | CommonsMoved => {
                    self.whole.insert(commons);
                    let folders = [&item.before, &item.after].into_iter().flatten().filter_map(Value::as_str);
                    self.whole.extend(folders.filter(|_| item.kind == CommonsMoved));
                }
                ChartRevision | ValueFiles | Application => {
                    self.wired.insert(commons);
                }
                Readability => {
                    self.wired.insert(commons);
                    self.valued.insert(commons);
                }
                _ => {
                    self.valued.insert(commons);
                }
            },
            (None, Some(cluster)) => {
                self.clusters_valued.insert(cluster);
            }
            (None, None) => {}
        }
    }

    fn item(&self, file: &FileChange) -> Option<ChangeItem> {
        let path = &*file.path;
        if let Some(cluster) = self.cluster_values.get(path) {
            let told = self.clusters_valued.contains(&*cluster.folder);
            return (!told).then(|| item(file, None, Some(&cluster.folder), ChangeKind::Format, Class::Format));
        }
        let commons = self.enclosing(path);
        if commons.is_some_and(|c| self.whole.contains(&*c.folder)) {
            return None;
        }
        if let Some(readers) = self.readers.get(path) {
            let told = readers.iter().any(|c| self.valued.contains(&*c.folder) || self.whole.contains(&*c.folder));
            return (!told).then(|| of_commons(file, readers[0], ChangeKind::Format, Class::Format));
        }
        if let Some(commons) = self.declarations.get(path) {
            let told = self.wired.contains(&*commons.folder) || self.whole.contains(&*commons.folder);
            return (!told).then(|| of_commons(file, commons, ChangeKind::Application, Class::Application));
        }
        match (commons, self.cluster(path)) {
            (Some(commons), _) => {
                let area = match &commons.state {
                    // Its values are taken from elsewhere; these here may be a copy of them.
                    ReadingState::Unknown(_) if path.ends_with("values.yaml") => Class::Service,
                    _ => areas::of_commons_file(&path[commons.folder.len() + 1..]),
                };
                Some(of_commons(file, commons, ChangeKind::File, area))
            }
            (None, Some(cluster)) => Some(item(file, None, Some(&cluster.folder), ChangeKind::File, Class::Cluster)),
            (None, None) => Some(item(file, None, None, ChangeKind::File, areas::of_repository_file(path))),
        }
    }

    /// The commons whose folder holds the file; the deepest wins.
    fn enclosing(&self, path: &str) -> Option<&'a CommonsReading> {
        parents(path).find_map(|folder| self.folders.get(folder).copied())
    }

    fn cluster(&self, path: &str) -> Option<&'a ClusterReading> {
        parents(path).find_map(|folder| self.clusters.get(folder).copied())
    }
}

/// `a/b/c.yaml` → `a/b`, `a`.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder), |folder| {
        folder.rsplit_once('/').map(|(folder, _)| folder)
    })
}

fn of_commons(file: &FileChange, commons: &CommonsReading, kind: ChangeKind, area: Class) -> ChangeItem {
    item(file, Some(&commons.folder), commons.cluster.as_ref(), kind, area)
}

fn item(
    file: &FileChange,
    commons: Option<&Arc<str>>,
    cluster: Option<&Arc<str>>,
    kind: ChangeKind,
    area: Class,
) -> ChangeItem {
    let word = |word: &str| Some(Value::from(word));
    let (before, after) = match file.kind {
        FileChangeKind::Added => (None, word("added")),
        FileChangeKind::Modified => (None, word("modified")),
        FileChangeKind::Deleted => (None, word("deleted")),
    };
    ChangeItem {
        commons: commons.cloned(),
        cluster: cluster.cloned(),
        service: None,
        kind,
        area,
        path: file.path.clone(),
        before,
        after,
        before_at: None,
        after_at: None,
    }
}
