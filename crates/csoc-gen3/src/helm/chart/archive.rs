//! A packed chart (`charts/postgresql-13.2.1.tgz`) as a tree.

use std::io::Read as _;

use crate::tree::MemoryTree;

/// Helm's own limit for one file.
const LARGEST_FILE: u64 = 5 << 20;
const LARGEST_CHART: u64 = 100 << 20;

/// The files of the archive, without the chart's own folder before them. Only what decides values is kept.
pub(super) fn unpack(bytes: &[u8]) -> Result<MemoryTree, String> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut tree = MemoryTree::default();
    let mut left = LARGEST_CHART;
    let entries = archive.entries().map_err(|error| error.to_string())?;
    for entry in entries {
        let mut entry = entry.map_err(|error| error.to_string())?;
        let size = entry.size();
        if size > LARGEST_FILE || size > left {
            return Err("it is larger than Helm allows".into());
        }
        left -= size;
        let path = entry.path().map_err(|error| error.to_string())?.to_string_lossy().into_owned();
        let Some((_, inner)) = path.split_once('/') else { continue };
        if !entry.header().entry_type().is_file() || inner.split('/').any(|part| part == "..") {
            continue;
        }
        if wanted(inner) {
            let mut content = Vec::new();
            entry.read_to_end(&mut content).map_err(|error| error.to_string())?;
            let text = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content);
            tree.insert(inner, text);
        }
    }
    Ok(tree)
}

fn wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "Chart.yaml" | "values.yaml" | "requirements.yaml") || name.ends_with(".tgz")
}
