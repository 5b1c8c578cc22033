//! The text of the umbrella chart, searched for the names of settings.
//!
//! Templates are not run: a key counts as read when its name stands anywhere in the chart's templates or
//! values. So a setting that is reported is certainly not read; some that are not read are not reported.

use std::collections::HashSet;
use std::sync::Arc;

use crate::layout::base;
use crate::tree::{EntryKind, Tree};
use crate::yaml::{self, Files, Kind, Node};

/// A chart in some tree: the folder that holds its `Chart.yaml`.
#[derive(Clone, Copy)]
pub struct ChartFiles<'a> {
    pub tree: &'a dyn Tree,
    pub folder: &'a str,
}

/// One chart, as far as names go.
#[derive(Debug, Default)]
pub struct Names {
    words: HashSet<String>,
}

/// One dependency of the umbrella.
#[derive(Debug)]
pub struct Dependency {
    /// The key of its values.
    pub key: Arc<str>,
    /// `None` when its files are not at hand (a remote chart).
    pub names: Option<Names>,
}

/// What the umbrella and its parts read.
#[derive(Debug)]
pub struct Umbrella {
    pub dependencies: Vec<Dependency>,
    pub own: Names,
}

impl Names {
    pub fn has(&self, key: &str) -> bool {
        self.words.contains(key)
    }

    fn add(&mut self, text: &str) {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        for part in text.split(|c| !word(c)).filter(|part| !part.is_empty()) {
            if !self.words.contains(part) {
                self.words.insert(part.to_owned());
            }
        }
    }
}

impl ChartFiles<'_> {
    /// Reads the chart's names; a sentence when the folder holds no chart.
    pub fn umbrella(&self) -> Result<Umbrella, String> {
        let chart = self.yaml("Chart.yaml").ok_or_else(|| format!("{}/Chart.yaml cannot be read", self.folder))?;
        let mut own = self.names(self.folder);
        if let Some(library) = self.chart_folder("common", None) {
            own.words.extend(self.names(&library).words);
        }
        let items = match chart.get(&["dependencies"]).map(|node| &node.kind) {
            Some(Kind::Seq(items)) => items.as_slice(),
            _ => &[],
        };
        let dependencies = items.iter().filter_map(|item| self.dependency(item)).collect();
        Ok(Umbrella { dependencies, own })
    }

    fn dependency(&self, item: &Node) -> Option<Dependency> {
        let text = |key: &str| match item.get(&[key]).map(|node| &node.kind) {
            Some(Kind::Str(text)) => Some(text.clone()),
            _ => None,
        };
        let name = text("name")?;
        let folder = self.chart_folder(&name, text("repository").as_deref());
        Some(Dependency {
            key: text("alias").unwrap_or_else(|| name.clone()),
            names: folder.map(|folder| self.names(&folder)),
        })
    }

    /// `file://../fence`, `charts/fence`, or the neighbour of that name.
    fn chart_folder(&self, name: &str, repository: Option<&str>) -> Option<String> {
        let parent = crate::layout::parent(self.folder);
        let neighbour = if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") };
        let named =
            repository.and_then(|url| url.strip_prefix("file://")).and_then(
                |path| match crate::argo::location::resolve(self.folder, path.trim_end_matches('/')) {
                    crate::argo::location::FilePath::Inside(path) => Some(path),
                    _ => None,
                },
            );
        let inside =
            if self.folder.is_empty() { format!("charts/{name}") } else { format!("{}/charts/{name}", self.folder) };
        named
            .into_iter()
            .chain([inside, neighbour])
            .find(|folder| self.tree.find(&format!("{folder}/Chart.yaml")).is_some())
    }

    fn yaml(&self, file: &str) -> Option<Node> {
        let path = if self.folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.folder) };
        let bytes = self.tree.read(self.tree.find(&path)?.id).ok()?;
        let document = yaml::parse(&bytes, Files::default().intern(&path), &yaml::Limits::default()).ok()?;
        Some(document.root)
    }

    fn names(&self, folder: &str) -> Names {
        let mut names = Names::default();
        for entry in self.tree.under(folder) {
            let inside = entry.path[folder.len()..].trim_start_matches('/');
            let readme = base(inside).eq_ignore_ascii_case("readme.md");
            if entry.kind != EntryKind::File || inside.starts_with("charts/") || readme {
                continue;
            }
            if let Ok(bytes) = self.tree.read(entry.id)
                && let Ok(text) = std::str::from_utf8(&bytes)
            {
                names.add(text);
            }
        }
        names
    }
}
