//! A chart in a folder, for the commands that take `--chart`.

use std::path::Path;
use std::sync::Arc;

use csoc_gen3::helm::{Chart, Reading, chart};
use csoc_gen3::lint::ChartFiles;
use csoc_gen3::yaml::{Files, Limits};
use csoc_source::{OpenOptions, WorkTree};

use crate::failure::Failure;

pub struct ChartFolder {
    tree: WorkTree,
    folder: String,
}

impl ChartFolder {
    /// The folder of the umbrella itself, or a checkout of gen3-helm.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let limit = OpenOptions::default().blob_limit;
        let of = |root: &Path, folder: &str| Ok(Self { tree: WorkTree::open(root, limit)?, folder: folder.into() });
        if let Ok(text) = std::fs::read_to_string(path.join("Chart.yaml")) {
            let path = path.canonicalize().map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            // `file://../fence`: the parts lie beside the umbrella.
            return match (path.parent(), path.file_name().and_then(|name| name.to_str())) {
                (Some(parent), Some(name)) if text.contains("file://..") => of(parent, name),
                _ => of(&path, ""),
            };
        }
        match path.join("helm/gen3/Chart.yaml").is_file() {
            true => of(path, "helm/gen3"),
            false => Err(Failure::new(format!(
                "{} holds no chart: give the folder with the umbrella's Chart.yaml, or a checkout of gen3-helm",
                path.display()
            ))),
        }
    }

    pub fn files(&self) -> ChartFiles<'_> {
        ChartFiles { tree: &self.tree, folder: &self.folder }
    }

    /// The chart with its parts, as Helm would load it.
    pub fn load(&self) -> Result<Arc<Chart>, Failure> {
        let mut files = Files::default();
        let mut reading = Reading { files: &mut files, prefix: "", limits: Limits::default() };
        chart::load(&self.tree, &self.folder, &mut reading)
            .map_err(|error| Failure::new(format!("reading the chart: {error}")))
    }
}
