//! The files of a commit.

use std::sync::Arc;

use csoc_gen3::tree::{EntryKind, ReadError, Tree};
use csoc_source::{ChangeKind, OpenOptions, Repository};
use csoc_testkit::fleets::Story;

use crate::stage::git;

#[test]
fn listings_are_sorted_and_folders_are_views() {
    let mut story = Story::new();
    let files = [("a/x", "1"), ("a-b/x", "2"), ("a/y/z", "3"), ("ab", "4"), ("a.txt", "5")];
    let commit = story.land("Import", &files.map(|(path, text)| (path, Some(text))));
    let tree = Repository::open(story.path()).unwrap().tree(commit).unwrap();
    let paths: Vec<_> = tree.entries().iter().map(|entry| &*entry.path).collect();
    assert_eq!(paths, ["a-b/x", "a.txt", "a/x", "a/y/z", "ab"]);
    let below = tree.subtree("a");
    assert_eq!(below.entries().iter().map(|entry| &*entry.path).collect::<Vec<_>>(), ["x", "y/z"]);
    assert_eq!(below.read(below.find("y/z").unwrap().id), Ok(Arc::from(b"3".as_slice())));
}

#[test]
fn a_huge_file_is_listed_and_not_read() {
    let mut story = Story::new();
    let huge = vec![b'x'; 50 * 1024 * 1024];
    let commit = story.land_bytes("Import", &[("huge.yaml", Some(&huge)), ("small.yaml", Some(b"a: 1"))]);
    let tree = Repository::open(story.path()).unwrap().tree(commit).unwrap();
    let (size, limit) = (50 * 1024 * 1024, 16 * 1024 * 1024);
    assert_eq!(tree.read(tree.find("huge.yaml").unwrap().id), Err(ReadError::TooLarge { size, limit }));
    let wide = OpenOptions { blob_limit: size, ..OpenOptions::default() };
    let tree = Repository::open_with(story.path(), &wide).unwrap().tree(commit).unwrap();
    assert_eq!(tree.read(tree.find("huge.yaml").unwrap().id).unwrap().len(), huge.len());
}

#[test]
fn binary_files_and_names_that_are_not_text_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    let name = std::os::unix::ffi::OsStringExt::from_vec(b"caf\xe9.bin".to_vec());
    std::fs::write(folder.path().join::<std::ffi::OsString>(name), [0, 159, 146, 150]).unwrap();
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "x"]);
    let repository = Repository::open(folder.path()).unwrap();
    let tree = repository.tree(repository.head().unwrap()).unwrap();
    assert_eq!(&*tree.entries()[0].path, "caf\u{fffd}.bin");
    assert_eq!(&*tree.read(tree.entries()[0].id).unwrap(), [0, 159, 146, 150]);
}

#[test]
fn links_and_submodules_are_told_apart() {
    let mut inner = Story::new();
    inner.land("Inner", &[("a", Some("1"))]);
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "-b", "main"]);
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("out")).unwrap();
    git(folder.path(), &["submodule", "--quiet", "add", inner.path().to_str().unwrap(), "sub"]);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "x"]);
    let repository = Repository::open(folder.path()).unwrap();
    let tree = repository.tree(repository.head().unwrap()).unwrap();
    assert_eq!(tree.find("out").unwrap().kind, EntryKind::Symlink);
    assert_eq!(&*tree.read(tree.find("out").unwrap().id).unwrap(), b"/etc/passwd");
    assert_eq!(tree.find("sub").unwrap().kind, EntryKind::Submodule);
    assert_eq!(tree.read(tree.find("sub").unwrap().id), Err(ReadError::ObjectMissing));
}

#[test]
fn a_file_that_becomes_a_folder_is_deleted_and_added() {
    let mut story = Story::new();
    let before = story.land("File", &[("a", Some("1")), ("b", Some("1"))]);
    let after = story.land("Folder", &[("a", None), ("a/x", Some("2")), ("b", Some("2"))]);
    let repository = Repository::open(story.path()).unwrap();
    let changes = repository.changed_paths(Some(before), after).unwrap();
    let kinds: Vec<_> = changes.changed.iter().map(|change| (&*change.path, change.kind)).collect();
    assert_eq!(kinds, [("a", ChangeKind::Deleted), ("a/x", ChangeKind::Added), ("b", ChangeKind::Modified)]);
}

#[test]
fn many_threads_read_one_repository() {
    let mut story = Story::new();
    let files: Vec<(String, String)> = (0..200).map(|n| (format!("f{n}/v.yaml"), format!("n: {n}"))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), Some(text.as_str()))).collect();
    let commit = story.land("Import", &files);
    let repository = Repository::open(story.path()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let tree = repository.tree(commit).unwrap();
                for n in 0..200 {
                    let entry = tree.find(&format!("f{n}/v.yaml")).unwrap();
                    assert_eq!(&*tree.read(entry.id).unwrap(), format!("n: {n}").as_bytes());
                }
            });
        }
    });
}
