//! Repositories in one file.

use csoc_gen3::tree::Tree;
use csoc_source::{Address, OpenOptions, Remote, Repository, SourceError, Start, Watch};
use csoc_testkit::fleets::Story;

use crate::stage::git;

fn story() -> (Story, [csoc_source::CommitId; 2]) {
    let mut story = Story::new();
    let first = story.land("One", &[("a", Some("1"))]);
    let second = story.land("Two", &[("a", Some("2"))]);
    (story, [first, second])
}

#[test]
fn a_bundle_answers_like_its_repository() {
    let (story, [_, second]) = story();
    for version in ["--version=2", "--version=3"] {
        git(&story.path(), &["bundle", "create", version, "-q", "../x.bundle", "HEAD", "main"]);
        let bundle = Repository::open(story.path().join("../x.bundle")).unwrap();
        let main = bundle.default_branch().unwrap();
        assert_eq!((&*main.name, main.tip), ("main", second));
        assert_eq!(bundle.tree(second).unwrap().entries().len(), 1);
    }
}

#[test]
fn a_bundle_that_continues_a_history_names_what_it_lacks() {
    let (story, [first, _]) = story();
    git(&story.path(), &["bundle", "create", "-q", "../x.bundle", &format!("{first}..main")]);
    match Repository::open(story.path().join("../x.bundle")) {
        Err(SourceError::BundlePrerequisites { missing, .. }) => assert_eq!(missing, [first]),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[test]
fn a_followed_bundle_may_be_replaced_by_one_that_continues_it() {
    let (mut story, [_, second]) = story();
    let (place, folder) = (story.path().join("../x.bundle"), tempfile::tempdir().unwrap());
    git(&story.path(), &["bundle", "create", "-q", "../x.bundle", "main"]);
    let remote = Remote::new(Address::Path(place), Some("main".to_owned()), folder.path().join("source"));
    assert_eq!(remote.fetch(&Watch::default()).unwrap().branch.tip, second);
    let third = story.land("Three", &[("a", Some("3"))]);
    git(&story.path(), &["bundle", "create", "-q", "../x.bundle", &format!("{second}..main")]);
    let fetched = remote.fetch(&Watch::default()).unwrap();
    assert_eq!((fetched.branch.tip, fetched.before), (third, Some(second)));
    let news = fetched.news().unwrap();
    assert_eq!((news.start, news.landings.len()), (Start::Known, 1));
}

#[test]
fn a_damaged_bundle_is_refused_and_leaves_the_good_copy() {
    let (story, [_, second]) = story();
    let (place, folder) = (story.path().join("../x.bundle"), tempfile::tempdir().unwrap());
    git(&story.path(), &["bundle", "create", "-q", "../x.bundle", "main"]);
    let remote = Remote::new(Address::Path(place.clone()), Some("main".to_owned()), folder.path().join("source"));
    remote.fetch(&Watch::default()).unwrap();
    let whole = std::fs::read(&place).unwrap();
    for length in [10, 40, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&place, &whole[..length]).unwrap();
        assert!(Repository::open(&place).is_err(), "{length} of {} bytes", whole.len());
        assert!(remote.fetch(&Watch::default()).is_err());
        assert_eq!(remote.kept().unwrap().unwrap().branch("main").unwrap().tip, second);
    }
    let mut flipped = whole.clone();
    let at = whole.len() - 30;
    flipped[at] ^= 0xff;
    std::fs::write(&place, flipped).unwrap();
    assert!(matches!(Repository::open(&place), Err(SourceError::Bundle { .. })));
}

fn kept(cache: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(cache).unwrap().map(|found| found.unwrap().path()).collect()
}

#[test]
fn a_bundle_is_unpacked_once_and_a_changed_one_is_another() {
    let (mut story, [_, second]) = story();
    let (place, cache) = (story.path().join("../x.bundle"), tempfile::tempdir().unwrap());
    let options = OpenOptions { cache: Some(cache.path().join("new")), ..OpenOptions::default() };
    let tip = || Repository::open_with(&place, &options).map(|bundle| bundle.default_branch().unwrap().tip);
    git(&story.path(), &["bundle", "create", "-q", "../x.bundle", "main"]);
    let at_once = || std::thread::scope(|all| (0..4).map(|_| all.spawn(tip)).map(|one| one.join().unwrap()).collect());
    let found: Vec<_> = at_once();
    assert!(found.iter().all(|tip| matches!(tip, Ok(tip) if *tip == second)), "many at once: {found:?}");
    let folder = kept(&cache.path().join("new"));
    assert_eq!(folder.len(), 1, "{folder:?}");

    // The same pack under another branch is another bundle.
    git(&story.path(), &["branch", "-q", "other"]);
    git(&story.path(), &["bundle", "create", "-q", "../x.bundle", "other"]);
    assert_eq!(Repository::open_with(&place, &options).unwrap().default_branch().unwrap().name, "other");
    let third = story.land("Three", &[("a", Some("3"))]);
    git(&story.path(), &["bundle", "create", "-q", "../x.bundle", "main"]);
    assert_eq!(tip().unwrap(), third);
    assert_eq!(kept(&cache.path().join("new")).len(), 3);

    // Somebody tidied up in between.
    for folder in kept(&cache.path().join("new")) {
        std::fs::remove_file(folder.join("complete")).unwrap();
        std::fs::remove_dir_all(folder.join("objects")).unwrap();
    }
    assert_eq!(tip().unwrap(), third);
}

#[test]
fn what_nobody_opened_for_a_month_is_removed_from_the_cache() {
    let (story, _) = story();
    let (place, cache) = (story.path().join("../x.bundle"), tempfile::tempdir().unwrap());
    let options = OpenOptions { cache: Some(cache.path().to_owned()), ..OpenOptions::default() };
    git(&story.path(), &["bundle", "create", "-q", "../x.bundle", "main"]);
    let old = cache.path().join("bundle-0000000000000000000000000000000000000000.git");
    let (recent, other) =
        (cache.path().join("bundle-1111111111111111111111111111111111111111.git"), cache.path().join("mine"));
    for folder in [&old, &recent, &other] {
        std::fs::create_dir(folder).unwrap();
        std::fs::write(folder.join("complete"), "").unwrap();
    }
    let month = std::time::SystemTime::now() - std::time::Duration::from_secs(31 * 24 * 3600);
    for folder in [&old, &other] {
        std::fs::File::options().append(true).open(folder.join("complete")).unwrap().set_modified(month).unwrap();
    }
    Repository::open_with(&place, &options).unwrap();
    assert!(!old.exists() && recent.exists() && other.exists(), "only bundles, and only old ones");
}
