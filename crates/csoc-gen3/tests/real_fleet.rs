//! The head of a real fleet, when there is one beside the repository: counted, never named.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking, like the test itself")]

use std::path::{Path, PathBuf};
use std::process::Command;

use csoc_gen3::fleet::{Cache, FleetReading, Layout, ReadContext, ReadingState, read};
use csoc_gen3::tree::MemoryTree;

fn bundle() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fleet/gitops-fleet.bundle");
    let path = std::env::var_os("CSOC_REAL_FLEET").map_or_else(beside, PathBuf::from);
    if !path.exists() {
        println!("no real fleet at {}: this test checks nothing (CSOC_REAL_FLEET names one)", path.display());
        return None;
    }
    Some(path)
}

fn add(folder: &Path, prefix: &str, tree: &mut MemoryTree) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        match entry.file_type().unwrap() {
            kind if kind.is_dir() && name != ".git" => add(&entry.path(), &path, tree),
            kind if kind.is_file() => tree.insert(&path, &std::fs::read(entry.path()).unwrap()),
            _ => {}
        }
    }
}

fn head() -> Option<MemoryTree> {
    let bundle = bundle()?;
    let folder = tempfile::tempdir().unwrap();
    let mut clone = Command::new("git");
    clone.args(["clone", "--quiet", "--branch", "main"]).arg(bundle).arg(folder.path());
    assert!(clone.status().expect("git is there").success(), "the bundle can be cloned");
    let mut tree = MemoryTree::default();
    add(folder.path(), "", &mut tree);
    Some(tree)
}

#[test]
fn the_whole_of_a_real_fleet_is_understood() {
    let Some(tree) = head() else { return };
    let mut cache = Cache::default();
    let reading = read(&tree, &ReadContext::default(), &mut cache);
    let layouts: Vec<_> = reading.layouts.iter().map(|found| found.layout).collect();
    assert_eq!(layouts, [Layout::Gen3Gitops]);
    assert_eq!((reading.clusters.len(), reading.commons.len()), (31, 42));
    let count = |wanted: fn(&ReadingState) -> bool| reading.commons.iter().filter(|c| wanted(&c.state)).count();
    assert_eq!(count(|state| *state == ReadingState::Readable), 36);
    assert_eq!(count(|state| *state == ReadingState::Empty), 3);
    assert_eq!(count(|state| matches!(state, ReadingState::Unknown(_))), 3, "values at branches not at hand");
    assert!(reading.unread.is_empty(), "{:?}", reading.unread);
    let readable = || reading.commons.iter().filter(|c| c.state == ReadingState::Readable);
    assert!(readable().all(|commons| commons.hostname.is_some() && commons.services.iter().any(|s| s.enabled)));
    assert!(reading.commons.iter().all(|commons| commons.account.is_some()));
    assert_eq!(reading.commons.iter().filter(|commons| commons.twin.is_some()).count(), 20);

    let again = read(&tree, &ReadContext::default(), &mut cache);
    let same = |(a, b)| std::sync::Arc::ptr_eq(a, b);
    assert!(reading.commons.iter().zip(&again.commons).all(same), "nothing changed, nothing is computed");
    assert_eq!(shown(&reading), shown(&again));
}

fn shown(reading: &FleetReading) -> String {
    format!("{:?} {:?} {:?}", reading.irregularities, reading.unread, reading.layouts)
}
