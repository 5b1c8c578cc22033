//! Value files of fleets: the sample fleet, and the real one where it is at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use csoc_gen3::yaml::{self, FileId, Limits, Node};

pub type Files = BTreeMap<String, Vec<u8>>;

fn repository_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of the real fleet's newest commit; `None`, with a line that says so, where it is absent.
pub fn real() -> Option<Files> {
    let bundle = std::env::var_os("CSOC_REAL_FLEET")
        .map_or_else(|| repository_root().join("../shared/fleet/gitops-fleet.bundle"), PathBuf::from);
    if !bundle.exists() {
        println!("skipped: the real fleet ({}) is not at hand", bundle.display());
        return None;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let status = Command::new("git").args(["clone", "-q", "-b", "main"]).arg(&bundle).arg(folder.path()).status();
    assert!(status.is_ok_and(|status| status.success()), "git clone of the bundle");
    let mut files = Files::new();
    collect(folder.path(), "", &mut files);
    Some(files)
}

fn collect(folder: &Path, prefix: &str, into: &mut Files) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().expect("a type");
        if kind.is_dir() && name != ".git" {
            collect(&entry.path(), &format!("{prefix}{name}/"), into);
        } else if kind.is_file() {
            into.insert(format!("{prefix}{name}"), std::fs::read(entry.path()).expect("a file"));
        }
    }
}

/// The first state of one of the sample's repositories: `== path` and then the file.
pub fn sample(name: &str) -> Files {
    let path = repository_root().join("crates/csoc-source/sample").join(name);
    let text = std::fs::read_to_string(path).expect("the sample's files");
    let mut files = Files::new();
    let mut current = None;
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("== ") {
            current = Some(path.trim_end().to_owned());
        } else if let Some(path) = &current {
            files.entry(path.clone()).or_default().extend(line.as_bytes());
        }
    }
    files
}

fn parse(bytes: &[u8]) -> Vec<Node> {
    let all = yaml::parse_all(bytes, FileId(0), &Limits::default());
    all.documents.into_iter().map(|document| document.root).collect()
}

fn texts(node: Option<&Node>) -> impl Iterator<Item = &str> {
    node.and_then(Node::as_seq).into_iter().flatten().filter_map(Node::as_str)
}

/// Each Application's value files that exist in the repository, in order.
pub fn value_files(files: &Files) -> Vec<(String, Vec<Vec<u8>>)> {
    let mut found = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("app.yaml")) {
        for application in parse(bytes) {
            let sources = application.get(&["spec", "sources"]).and_then(Node::as_seq).unwrap_or_default();
            for source in sources.iter().chain(application.get(&["spec", "source"])) {
                let named = texts(source.get(&["helm", "valueFiles"])).filter_map(|name| name.strip_prefix("$values/"));
                let read: Vec<Vec<u8>> = named.filter_map(|name| files.get(name).cloned()).collect();
                if !read.is_empty() {
                    found.push((path.clone(), read));
                }
            }
        }
    }
    found
}

/// The chart of a folder with its `file://` dependencies packed into `charts/`, as Helm wants it.
pub fn vendored(files: &Files, folder: &str) -> Files {
    let mut chart: Files = files
        .range(format!("{folder}/")..format!("{folder}0"))
        .map(|(path, bytes)| (path[folder.len() + 1..].to_owned(), bytes.clone()))
        .collect();
    let description = parse(&chart["Chart.yaml"]).remove(0);
    let declared = description.get(&["dependencies"]).and_then(Node::as_seq).unwrap_or_default();
    for dependency in declared {
        let repository = dependency.get(&["repository"]).and_then(Node::as_str).unwrap_or_default();
        let Some(name) = repository.strip_prefix("file://../").map(|name| name.trim_end_matches('/')) else { continue };
        let (parent, _) = folder.rsplit_once('/').unwrap_or_default();
        let below = vendored(files, &format!("{parent}/{name}"));
        chart.extend(below.into_iter().map(|(path, bytes)| (format!("charts/{name}/{path}"), bytes)));
    }
    chart.retain(|path, _| !path.contains("templates/"));
    chart
}
