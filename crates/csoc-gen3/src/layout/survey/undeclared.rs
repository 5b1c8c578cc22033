//! Commons that no Application of this repository declares: manifests of the older kind, and folders that
//! hold nothing but values.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Walk, What};
use crate::fleet::{Layout, kinds};
use crate::layout::folders::{environment_folder, named_like_a_host};
use crate::layout::{join, parent};
use crate::tree::Entry;
use crate::yaml::{Kind, Node};

impl<'a> Walk<'a> {
    pub(super) fn manifests(&mut self) {
        let entries: Vec<&'a Entry> =
            self.folders.files.keys().filter_map(|folder| self.folders.file(folder, "manifest.json")).collect();
        for entry in entries {
            let folder = parent(&entry.path);
            if folder == "releases" || folder.starts_with("releases/") || self.taken.contains(folder) {
                continue;
            }
            // `data.example.org/step1/manifest.json` is a step on the way of that commons, not another one.
            let mut above = folder.match_indices('/').map(|(at, _)| &folder[..at]);
            if above.any(|above| named_like_a_host(above) && self.folders.file(above, "manifest.json").is_some()) {
                continue;
            }
            let Ok(parsed) = self.cache.parsed(self.tree, entry) else { continue };
            let versions = parsed.documents.first().and_then(|root| root.get(&["versions"]));
            let is_manifest = versions.is_some_and(|node| matches!(node.kind, Kind::Map(_)));
            if is_manifest || parsed.broken.is_some() && named_like_a_host(folder) {
                let what = What::Manifest { declared: entry.clone() };
                self.place(folder.into(), Layout::CdisManifest, None, what);
            }
        }
    }

    /// Folders with values that no Application of this repository deploys.
    pub(super) fn values_folders(&mut self) {
        let used = self.used_by_applications();
        let names: Vec<&'a str> = self.folders.files.keys().copied().collect();
        for folder in names {
            if let Some((cluster, commons, value_files)) = self.values_in(folder)
                && !value_files.iter().any(|file| used.contains(file))
                && !self.taken.contains(&commons)
            {
                self.place(commons, Layout::EnvironmentFolders, cluster, What::Values { value_files });
            }
        }
    }

    #[expect(clippy::type_complexity, reason = "cluster, commons folder and files of one find, used at once")]
    fn values_in(&mut self, folder: &str) -> Option<(Option<Arc<str>>, Arc<str>, Vec<Arc<str>>)> {
        if let Some(commons) = folder.strip_suffix("/values")
            && self.folders.file(folder, "values.yaml").is_some()
            && named_like_a_host(commons)
        {
            let above = Some(parent(commons)).filter(|above| !above.is_empty()).map(Arc::from);
            return Some((self.cluster_folder(commons).or(above), commons.into(), vec![join(folder, "values.yaml")]));
        }
        let files: Vec<Arc<str>> = self.folders.files.get(folder)?.iter().map(|entry| entry.path.clone()).collect();
        if let Some((environment, _)) = environment_folder(folder) {
            let files = kinds::values_in_order(&files, |path| self.is_mapping(path));
            return (!files.is_empty()).then(|| (Some(environment.into()), folder.into(), files));
        }
        if named_like_a_host(folder) && self.folders.file(folder, "manifest.json").is_none() {
            let files = kinds::values_in_order(&files, |path| self.is_gen3_values(path));
            let above = Some(parent(folder)).filter(|above| !above.is_empty()).map(Arc::from);
            return (!files.is_empty()).then(|| (self.cluster_folder(folder).or(above), folder.into(), files));
        }
        None
    }

    fn used_by_applications(&self) -> HashSet<Arc<str>> {
        let mut used = HashSet::new();
        for place in &self.survey.places {
            if let What::Application { application, .. } = &place.what {
                used.extend(kinds::own_value_paths(application, &self.survey.ours));
            }
        }
        used
    }

    fn first_document(&mut self, path: &str) -> Option<Arc<Node>> {
        let parsed = self.cache.parsed(self.tree, self.tree.find(path)?).ok()?;
        parsed.documents.first().cloned()
    }

    fn is_mapping(&mut self, path: &str) -> bool {
        let is_object = |node: &Node| node.get(&["apiVersion"]).is_some() && node.get(&["kind"]).is_some();
        self.first_document(path).is_some_and(|node| matches!(node.kind, Kind::Map(_)) && !is_object(&node))
    }

    fn is_gen3_values(&mut self, path: &str) -> bool {
        self.first_document(path).is_some_and(|node| kinds::looks_like_gen3_values(&node))
    }
}
