//! The sample three times over.

use std::collections::HashSet;

use csoc_gen3::tree::Tree;
use csoc_source::Repository;
use csoc_testkit::{fleets, multiply::multiply};

#[test]
fn copies_have_names_bytes_and_landings_of_their_own() {
    let sample = fleets::sample();
    let fleet = Repository::open(&sample.repositories.fleet).unwrap();
    let into = sample.folder.path().join("large.git");
    let tip = multiply(&fleet, fleet.head().unwrap(), 3, &into).unwrap();
    let large = Repository::open(&into).unwrap();
    let tree = large.tree(tip).unwrap();
    let values: Vec<_> = tree.entries().iter().filter(|entry| entry.path.ends_with("/values/values.yaml")).collect();
    let different: HashSet<_> = values.iter().map(|entry| entry.id).collect();
    assert_eq!((values.len(), different.len()), (24, 24));
    assert_eq!(large.history(tip, None).unwrap().landings.len(), 3 * 49);
    let moved = tree.find("x2-tern/x2-tern.sample-commons.org/templates/app.yaml").unwrap();
    let text = String::from_utf8_lossy(&tree.read(moved.id).unwrap()).into_owned();
    assert!(text.contains("$values/x2-tern/x2-tern.sample-commons.org/values/portal.yaml"), "{text}");
}
