//! Clones that are not whole, and disks that are full.

use std::process::Command;
use std::time::Duration;

use csoc_gen3::tree::{ReadError, Tree};
use csoc_source::{Address, Credential, FetchError, FetchOptions, Remote, Repository, Start, Watch};
use csoc_testkit::fleets::{self, Story};
use csoc_testkit::git_server::{Behaviour, GitServer};

use crate::stage::git;

#[test]
fn a_shallow_clone_ends_where_it_was_cut() {
    let sample = fleets::sample();
    let url = format!("file://{}", sample.repositories.fleet.display());
    git(sample.folder.path(), &["clone", "-q", "--bare", "--depth", "3", &url, "shallow.git"]);
    let shallow = Repository::open(sample.folder.path().join("shallow.git")).unwrap();
    let history = shallow.history(shallow.head().unwrap(), None).unwrap();
    assert_eq!(history.landings.len(), 3);
    assert!(matches!(history.start, Start::Cut { .. }));
    assert!(!shallow.tree(history.landings[0].id).unwrap().entries().is_empty());
}

#[test]
fn a_partial_clone_lists_everything_and_reads_what_it_has() {
    let sample = fleets::sample();
    git(&sample.repositories.fleet, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", sample.repositories.fleet.display());
    git(sample.folder.path(), &["clone", "-q", "--bare", "--filter=blob:none", &url, "partial.git"]);
    let (whole, partial) = (
        Repository::open(&sample.repositories.fleet).unwrap(),
        Repository::open(sample.folder.path().join("partial.git")).unwrap(),
    );
    let head = whole.head().unwrap();
    let tree = partial.tree(head).unwrap();
    assert_eq!(tree.entries(), whole.tree(head).unwrap().entries());
    assert_eq!(tree.read(tree.entries()[0].id), Err(ReadError::ObjectMissing));
    assert_eq!(partial.history(head, None).unwrap().landings.len(), 49);
}

#[test]
fn a_folder_without_its_tree_is_reported_and_the_rest_is_listed() {
    let mut story = Story::new();
    let commit = story.land("Import", &[("a/x", Some("1")), ("b/x", Some("2"))]);
    let folder = git(&story.path(), &["rev-parse", "main:a"]);
    let copy = story.path().join("../loose.git");
    // Unpack into loose objects, of which one can be taken away.
    git(&story.path(), &["init", "-q", "--bare", "../loose.git"]);
    for line in git(&story.path(), &["cat-file", "--batch-all-objects", "--batch-check"]).lines() {
        let (id, kind) = (line.split(' ').next().unwrap(), line.split(' ').nth(1).unwrap());
        let command = format!("git cat-file {kind} {id} | git -C ../loose.git hash-object -t {kind} -w --stdin");
        assert!(Command::new("sh").args(["-c", &command]).current_dir(story.path()).status().unwrap().success());
    }
    git(&copy, &["update-ref", "refs/heads/main", &commit.to_string()]);
    std::fs::remove_file(copy.join("objects").join(&folder[..2]).join(&folder[2..])).unwrap();
    let repository = Repository::open(&copy).unwrap();
    let tree = repository.tree(commit).unwrap();
    assert_eq!(tree.entries().iter().map(|entry| &*entry.path).collect::<Vec<_>>(), ["b/x"]);
    assert_eq!(tree.missing_folders(), ["a".into()]);
    assert_eq!(repository.changed_paths(None, commit).unwrap().unknown, ["a".into()]);
}

#[test]
fn what_an_interrupted_fetch_left_is_removed() {
    let sample = fleets::sample();
    let server = GitServer::http(sample.folder.path(), Behaviour::Open);
    let folder = sample.folder.path().join("source");
    let remote = Remote::new(server.url("fleet.git").parse().unwrap(), Some("main".to_owned()), &folder);
    std::fs::create_dir_all(folder.join("cloning-abc/objects")).unwrap();
    remote.fetch(&Watch::default()).unwrap();
    assert!(!folder.join("cloning-abc").exists());

    let copy = folder.join("repository.git");
    std::fs::write(copy.join("objects/pack/.tmpQ1w2"), "half a pack").unwrap();
    std::fs::write(copy.join("refs/heads/main.lock"), "").unwrap();
    let fetched = remote.fetch(&Watch::default()).unwrap();
    assert_eq!(fetched.before, Some(fetched.branch.tip));
    assert!(!copy.join("objects/pack/.tmpQ1w2").exists() && !copy.join("refs/heads/main.lock").exists());
}

#[test]
fn a_copy_that_cannot_be_opened_is_cloned_again() {
    let sample = fleets::sample();
    let server = GitServer::http(sample.folder.path(), Behaviour::Open);
    let folder = sample.folder.path().join("source");
    let remote = Remote::new(server.url("fleet.git").parse().unwrap(), None, &folder);
    std::fs::create_dir_all(folder.join("repository.git/objects")).unwrap();
    std::fs::write(folder.join("repository.git/HEAD"), "\0\0\0").unwrap();
    assert_eq!(remote.fetch(&Watch::default()).unwrap().branch.name, "main");
}

/// Needs a file system of its own, and for that the rights to mount one.
#[test]
fn a_full_disk_is_named_and_the_good_copy_stays() {
    let sample = fleets::sample();
    let small = sample.folder.path().join("small");
    std::fs::create_dir(&small).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=400k", "tmpfs"]).arg(&small).status();
    if !mounted.is_ok_and(|status| status.success()) {
        println!("skipped: a small file system cannot be mounted here");
        return;
    }
    let server = GitServer::https(sample.folder.path(), Behaviour::Open);
    let options = FetchOptions { extra_certificates: Some(server.authority().to_owned()), ..FetchOptions::default() };
    let remote = Remote::new(server.url("fleet.git").parse::<Address>().unwrap(), None, small.join("source"))
        .with_credential(Credential::None)
        .with_options(options);
    let good = remote.fetch(&Watch::default()).map(|fetched| fetched.branch.tip);
    let filler = small.join("filler");
    let _ = std::fs::write(&filler, vec![1; 400 * 1024]);

    let mut writer = csoc_source::Writer::append(&sample.repositories.fleet).unwrap();
    let fleet = Repository::open(&sample.repositories.fleet).unwrap();
    let tip = fleet.head().unwrap();
    let mut files = csoc_source::Writer::files_of(&fleet, tip).unwrap();
    let noise: Vec<u8> = (0..600_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    writer.put(&mut files, "noise", &noise).unwrap();
    let signature = fleet.landing(tip).unwrap().committer;
    let new = csoc_source::NewCommit {
        parents: vec![tip],
        author: signature.clone(),
        committer: signature,
        message: "Noise".to_owned(),
    };
    let commit = writer.commit(&mut files, &new).unwrap();
    writer.reference("refs/heads/main", commit);
    writer.finish("main").unwrap();

    let full = remote.fetch(&Watch::default()).map(|fetched| fetched.branch.tip);
    let kept = remote.kept().ok().flatten().and_then(|kept| kept.branch("main").ok());
    let _ = Command::new("umount").arg("-l").arg(&small).status();
    assert!(matches!(full, Err(FetchError::DiskFull)), "{full:?}");
    assert_eq!(kept.unwrap().tip, good.unwrap());
}

#[test]
fn many_small_fetches_do_not_leave_many_packs() {
    let mut story = Story::new();
    story.land("One", &[("a", Some("0"))]);
    let (server, folder) =
        (GitServer::http(story.path().parent().unwrap(), Behaviour::Open), tempfile::tempdir().unwrap());
    let remote = Remote::new(server.url("story.git").parse().unwrap(), None, folder.path());
    let reader = remote.fetch(&Watch::default()).unwrap().repository;
    for n in 0..52 {
        story.land("More", &[("a", Some(&n.to_string()))]);
        remote.fetch(&Watch::default()).unwrap();
    }
    let packs = std::fs::read_dir(folder.path().join("repository.git/objects/pack")).unwrap();
    assert!(packs.count() < 20);
    // A handle from before sees everything, although the packs it knew are gone.
    let history = reader.history(reader.branch("main").unwrap().tip, None).unwrap();
    assert_eq!(history.landings.len(), 53);
}

/// Not a test of its own: the process that [`a_clone_killed_in_the_middle_is_cleared_away`] kills.
#[test]
fn child_that_clones() {
    let (Ok(url), Ok(folder)) = (std::env::var("CSOC_TEST_CLONE"), std::env::var("CSOC_TEST_FOLDER")) else { return };
    let _ = Remote::new(url.parse().unwrap(), None, folder).fetch(&Watch::default());
}

#[test]
fn a_clone_killed_in_the_middle_is_cleared_away() {
    let sample = fleets::sample();
    let server = GitServer::http(sample.folder.path(), Behaviour::Silent);
    let (url, folder) = (server.url("fleet.git"), sample.folder.path().join("source"));
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "damage::child_that_clones"])
        .envs([("CSOC_TEST_CLONE", &url), ("CSOC_TEST_FOLDER", &folder.display().to_string())])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = || std::fs::read_dir(&folder).ok()?.flatten().next();
    let half = csoc_testkit::wait::until("the clone has begun", Duration::from_secs(20), begun).path();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(half.exists());
    server.behave(Behaviour::Open);
    let remote = Remote::new(url.parse().unwrap(), None, &folder);
    assert!(remote.kept().unwrap().is_none());
    remote.fetch(&Watch::default()).unwrap();
    assert!(!half.exists());
}
