//! The sample fleet is what it says it is.

use csoc_gen3::tree::Tree;
use csoc_source::{Repository, Start, sample};
use jiff::{SignedDuration, Timestamp};

fn built(base: Timestamp) -> (tempfile::TempDir, Repository, Repository) {
    let folder = tempfile::tempdir().unwrap();
    let made = sample::build(folder.path(), base).unwrap();
    let (fleet, charts) = (Repository::open(made.fleet).unwrap(), Repository::open(made.charts).unwrap());
    (folder, fleet, charts)
}

#[test]
fn the_same_base_gives_the_same_commits() {
    let (_one, fleet, charts) = built(sample::written_at());
    let (_two, fleet_again, charts_again) = built(sample::written_at());
    assert_eq!(fleet.head().unwrap(), fleet_again.head().unwrap());
    assert_eq!(charts.head().unwrap(), charts_again.head().unwrap());
}

#[test]
fn it_looks_recent_whenever_it_is_built() {
    let base: Timestamp = "2031-03-02T17:00:00Z".parse().unwrap();
    let (_folder, fleet, _) = built(base);
    let newest = fleet.landing(fleet.head().unwrap()).unwrap();
    let age = base.duration_since(newest.committer.time);
    assert!(age >= SignedDuration::ZERO && age < SignedDuration::from_hours(24), "{age}");
}

#[test]
fn eight_commons_stand_on_five_clusters() {
    let (_folder, fleet, charts) = built(sample::written_at());
    let tree = fleet.tree(fleet.head().unwrap()).unwrap();
    let ending = |end: &str| tree.entries().iter().filter(|entry| entry.path.ends_with(end)).count();
    assert_eq!((ending("/templates/app.yaml"), ending("/cluster-values.yaml")), (8, 5));
    let chart = charts.tree(charts.resolve("gen3-0.4.0").unwrap()).unwrap().subtree("helm/gen3");
    assert!(chart.find("Chart.yaml").is_some());
}

#[test]
fn its_history_has_merges_squashes_and_pushes() {
    let (_folder, fleet, _) = built(sample::written_at());
    let history = fleet.history(fleet.head().unwrap(), None).unwrap();
    assert_eq!(history.start, Start::Root);
    assert_eq!(history.landings.len(), 49);
    assert_eq!(history.landings.last().unwrap().committer.time, sample::written_at());
    let merge = history.landings.iter().find(|landing| landing.title.contains("#28")).unwrap();
    assert_eq!(merge.body, "otter moves to harbor");
    let merged = fleet.merged_commits(merge, 10).unwrap();
    assert_eq!(merged.iter().map(|commit| &*commit.author.name).collect::<Vec<_>>(), ["Marek Dubois"]);
}

#[test]
fn an_undone_hotfix_leaves_no_trace_in_the_files() {
    let (_folder, fleet, _) = built(sample::written_at());
    let landings = fleet.history(fleet.head().unwrap(), None).unwrap().landings;
    let at = landings.iter().position(|landing| landing.title.starts_with("Revert")).unwrap();
    let changes = fleet.changed_paths(Some(landings[at - 2].id), landings[at].id).unwrap();
    assert!(changes.changed.is_empty());
}
