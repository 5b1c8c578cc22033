//! The files on disk, committed or not.

use std::fs;
use std::os::unix::fs::symlink;

use csoc_gen3::tree::{EntryKind, ReadError, Tree};
use csoc_source::{Repository, WorkTree};

use crate::stage::git;

const LIMIT: u64 = 1024 * 1024;

fn paths(tree: &WorkTree) -> Vec<&str> {
    tree.entries().iter().map(|entry| &*entry.path).collect()
}

#[test]
fn what_is_not_committed_yet_is_read() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    fs::create_dir_all(folder.path().join("build/out")).unwrap();
    fs::create_dir_all(folder.path().join("a")).unwrap();
    for (name, text) in [("a/v.yaml", "x: 1"), ("same", "s"), (".gitignore", "build/\n*.log\n"), ("kept.log", "")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["add", "-f", "kept.log"]);
    git(folder.path(), &["commit", "-q", "-m", "x"]);
    for (name, text) in [("a/v.yaml", "x: 2"), ("new.yaml", "n: 1"), ("build/out/x", "no"), ("other.log", "no")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let repository = Repository::open(folder.path()).unwrap();
    let (disk, head) =
        (WorkTree::of(&repository, LIMIT).unwrap(), repository.tree(repository.head().unwrap()).unwrap());
    assert_eq!(paths(&disk), [".gitignore", "a/v.yaml", "kept.log", "new.yaml", "same"]);
    assert_eq!(&*disk.read(disk.find("a/v.yaml").unwrap().id).unwrap(), b"x: 2");
    assert_eq!(disk.find("same").unwrap().id, head.find("same").unwrap().id);
    assert_ne!(disk.find("a/v.yaml").unwrap().id, head.find("a/v.yaml").unwrap().id);
}

#[test]
fn a_link_is_listed_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "s").unwrap();
    symlink(outside.path(), folder.path().join("out")).unwrap();
    symlink(outside.path().join("secret"), folder.path().join("file")).unwrap();
    symlink("loop", folder.path().join("loop")).unwrap();
    let tree = WorkTree::open(folder.path(), LIMIT).unwrap();
    assert_eq!(paths(&tree), ["file", "loop", "out"]);
    assert!(tree.entries().iter().all(|entry| entry.kind == EntryKind::Symlink));
    assert_eq!(&*tree.read(tree.find("loop").unwrap().id).unwrap(), b"loop");
}

#[test]
fn a_large_file_and_a_pipe_do_not_stop_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large"), vec![0; LIMIT as usize + 1]).unwrap();
    fs::write(folder.path().join("small"), "x").unwrap();
    std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap();
    let tree = WorkTree::open(folder.path(), LIMIT).unwrap();
    assert_eq!(paths(&tree), ["large", "small"]);
    assert!(matches!(tree.read(tree.find("large").unwrap().id), Err(ReadError::TooLarge { .. })));
    assert_eq!(tree.unreadable().len(), 1);
}

#[test]
fn a_file_that_changes_after_the_listing_is_not_passed_off_as_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "one").unwrap();
    let tree = WorkTree::open(folder.path(), LIMIT).unwrap();
    fs::write(folder.path().join("a"), "two").unwrap();
    assert!(matches!(tree.read(tree.entries()[0].id), Err(ReadError::Io(_))));
}
