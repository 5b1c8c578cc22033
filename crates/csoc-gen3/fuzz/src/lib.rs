//! What is fuzzed: bytes in, no panic, no hang, no growth.
//!
//! `yaml` reads one file and does with it all that can be done; `layouts` reads a whole repository whose
//! paths and contents come from the bytes. Both are plain functions, so that a fuzzer with coverage
//! (`fuzz_targets/`) and a runner that needs nothing (`src/main.rs`) share them.

use csoc_gen3::fleet::{Cache, ReadContext, read};
use csoc_gen3::tree::MemoryTree;
use csoc_gen3::yaml::{FileId, Limits, parse_all};

/// One file.
pub fn yaml(bytes: &[u8]) {
    let all = parse_all(bytes, FileId(0), &Limits::default());
    for document in &all.documents {
        let root = &document.root;
        let (_, _, written) = (root.render(), root.to_json(), root.to_yaml());
        let again = parse_all(written.as_bytes(), FileId(0), &Limits::default());
        assert!(again.error.is_none(), "what we wrote cannot be read: {written:?}");
        for (path, node) in root.leaves() {
            assert_eq!(root.at(&path.to_string()), Some(node));
        }
    }
}

/// Where files of the known layouts stand.
const PATHS: &[&str] = &[
    "prod/data.example.org/templates/app.yaml",
    "prod/data.example.org/app.yaml",
    "prod/data.example.org/values/values.yaml",
    "prod/data.example.org/values/fence.yaml",
    "prod/data.example.org/Chart.yaml",
    "prod/cluster-values/cluster-values.yaml",
    "prod/cluster-level-resources/app.yaml",
    "data.example.org/manifest.json",
    "data.example.org/metadata/aggregate_config.json",
    "dev/gen3/commons/values.yaml",
    "argo/set.yaml",
    "CODEOWNERS",
    ".github/CODEOWNERS",
];

/// A repository: the first byte of each part chooses its path, parts end with 0xFF.
pub fn layouts(bytes: &[u8]) {
    let mut tree = MemoryTree::default();
    for part in bytes.split(|byte| *byte == 0xff) {
        let Some((first, content)) = part.split_first() else { continue };
        tree.insert(PATHS[usize::from(*first) % PATHS.len()], content);
    }
    let mut cache = Cache::default();
    let context = ReadContext::default();
    let first = read(&tree, &context, &mut cache);
    // A second reading of the same tree says the same.
    let second = read(&tree, &context, &mut cache);
    assert_eq!(first.commons.len(), second.commons.len());
    assert_eq!(first.irregularities, second.irregularities);
}
