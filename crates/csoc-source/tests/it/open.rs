//! What can be opened, and what is said of the rest.

use csoc_source::{OpenOptions, Repository, SourceError};
use csoc_testkit::fleets::{self, Story};

use crate::stage::git;

#[test]
fn a_folder_without_a_repository_is_not_one() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Repository::open(folder.path()), Err(SourceError::NotARepository { .. })));
    assert!(matches!(Repository::open(folder.path().join("x")), Err(SourceError::Absent { .. })));
    std::fs::write(folder.path().join("notes.txt"), "hello").unwrap();
    assert!(matches!(Repository::open(folder.path().join("notes.txt")), Err(SourceError::NotARepository { .. })));
}

#[test]
fn a_repository_without_a_commit_is_empty() {
    let story = Story::new();
    assert!(matches!(Repository::open(story.path()), Err(SourceError::Empty { .. })));
}

#[test]
fn sha256_is_named() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "--object-format=sha256"]);
    assert!(matches!(Repository::open(folder.path()), Err(SourceError::Sha256 { .. })));
}

#[test]
fn a_work_tree_is_found_from_below() {
    let sample = fleets::sample();
    let clone = sample.folder.path().join("clone");
    git(sample.folder.path(), &["clone", "-q", "fleet.git", "clone"]);
    let below = clone.join("mesh/kelp.sample-commons.org");
    assert!(matches!(Repository::open(&below), Err(SourceError::NotARepository { .. })));
    let found = Repository::open_with(&below, &OpenOptions { search_upwards: true, ..OpenOptions::default() }).unwrap();
    assert_eq!(found.work_dir().unwrap().canonicalize().unwrap(), clone.canonicalize().unwrap());
    assert_eq!(found.default_branch().unwrap().name, "main");
}

#[test]
fn a_linked_work_tree_is_opened() {
    let mut story = Story::new();
    let commit = story.land("Import", &[("a", Some("1"))]);
    git(&story.path(), &["worktree", "add", "-q", "../linked", "main"]);
    assert_eq!(Repository::open(story.path().join("../linked")).unwrap().head().unwrap(), commit);
}

#[test]
fn a_missing_branch_is_told_with_its_neighbours() {
    let mut story = Story::new();
    story.land("Import", &[("a", Some("1"))]);
    git(&story.path(), &["branch", "feat/deployment-canary", "main"]);
    let repository = Repository::open(story.path()).unwrap();
    let error = repository.branch("feat/deploymnet-canary").unwrap_err();
    assert!(error.to_string().contains("the nearest names are feat/deployment-canary"), "{error}");
    assert!(matches!(repository.resolve("v9"), Err(SourceError::RevisionNotFound { .. })));
}

#[test]
fn odd_names_of_branches_are_just_names() {
    let mut story = Story::new();
    let commit = story.land("Import", &[("a", Some("1"))]);
    let names = ["Nightly(08-05-2025)", "feat/a/b/c", "ünï-cödé", "semi;colon", "dollar$(x)", "quote'd"];
    for name in names {
        git(&story.path(), &["branch", name, "main"]);
    }
    let repository = Repository::open(story.path()).unwrap();
    for name in names {
        assert_eq!(repository.branch(name).unwrap().tip, commit, "{name}");
    }
    assert_eq!(repository.branches().unwrap().len(), names.len() + 1);
}

#[test]
fn revisions_are_resolved_as_git_does() {
    let mut story = Story::new();
    let first = story.land("One", &[("a", Some("1"))]);
    let second = story.land("Two", &[("a", Some("2"))]);
    git(&story.path(), &["tag", "-a", "-m", "one", "v1", &first.to_string()]);
    let repository = Repository::open(story.path()).unwrap();
    for (revision, commit) in [("v1", first), ("main~1", first), ("HEAD", second), (&second.short(), second)] {
        assert_eq!(repository.resolve(revision).unwrap(), commit, "{revision}");
    }
}
