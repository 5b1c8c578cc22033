//! A year of a real fleet, when its bundle lies beside the repository (or `CSOC_REAL_FLEET` names it).

use std::collections::BTreeMap;
use std::time::Instant;

use csoc_gen3::tree::Tree;
use csoc_source::{ChangeKind, CommitId, OpenOptions, Repository, Start};
use csoc_testkit::fleets;

#[test]
fn a_year_of_landings_is_walked_and_compared() {
    let Some(bundle) = fleets::real() else { return };
    let begin = Instant::now();
    let fleet = Repository::open(&bundle).unwrap();
    let main = fleet.default_branch().unwrap();
    println!("opened (pack indexed) after {:?}", begin.elapsed());

    let head = fleet.tree(main.tip).unwrap();
    let bytes: usize = head.entries().iter().map(|entry| fleet.read(entry.id).unwrap().len()).sum();
    println!("head: {} files, {bytes} bytes, read after {:?}", head.entries().len(), begin.elapsed());
    assert_eq!(head.entries().len(), 272);

    let begin = Instant::now();
    let history = fleet.history(main.tip, None).unwrap();
    assert_eq!((history.landings.len(), history.start.clone()), (570, Start::Root));
    let mut changed = 0;
    let mut before = None;
    for landing in &history.landings {
        changed += fleet.changed_paths(before, landing.id).unwrap().changed.len();
        before = Some(landing.id);
    }
    println!("570 landings, {changed} changed paths: {:?}", begin.elapsed());

    let begin = Instant::now();
    let files: usize = history.landings.iter().map(|l| fleet.tree(l.id).unwrap().entries().len()).sum();
    println!("570 listings, {files} files: {:?}", begin.elapsed());

    let begin = Instant::now();
    let merged: usize = history.landings.iter().map(|l| fleet.merged_commits(l, 10_000).unwrap().len()).sum();
    println!("{merged} merged commits: {:?}", begin.elapsed());
    assert_eq!(merged + 570, 2958);
}

/// The listing of a landing is the listing before it with the changed paths applied.
#[test]
fn changed_paths_lead_from_one_tree_to_the_next() {
    let Some(bundle) = fleets::real() else { return };
    let fleet = Repository::open(&bundle).unwrap();
    let tip = fleet.default_branch().unwrap().tip;
    let listing = |id: CommitId| -> BTreeMap<_, _> {
        let tree = fleet.tree(id).unwrap();
        tree.entries().iter().map(|e| (e.path.clone(), (e.kind, e.id))).collect()
    };
    let mut files = BTreeMap::new();
    let mut before = None;
    for landing in fleet.history(tip, None).unwrap().landings {
        for change in fleet.changed_paths(before, landing.id).unwrap().changed {
            let was = match change.new {
                Some(new) => files.insert(change.path, new),
                None => files.remove(&change.path),
            };
            assert_eq!(was, change.old);
            assert_eq!(was.is_none(), change.kind == ChangeKind::Added);
        }
        assert_eq!(files, listing(landing.id));
        before = Some(landing.id);
    }
}

#[test]
fn a_bundle_is_unpacked_once() {
    let Some(bundle) = fleets::real() else { return };
    let cache = tempfile::tempdir().unwrap();
    let options = OpenOptions { cache: Some(cache.path().to_owned()), ..OpenOptions::default() };
    let first = Repository::open_with(&bundle, &options).unwrap().git_dir();
    let made = std::fs::metadata(first.join("HEAD")).unwrap().modified().unwrap();
    let second = Repository::open_with(&bundle, &options).unwrap().git_dir();
    assert_eq!(first, second);
    assert_eq!(std::fs::metadata(second.join("HEAD")).unwrap().modified().unwrap(), made);
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 1);
}
