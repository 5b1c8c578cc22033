//! Repositories in one file.

use csoc_gen3::tree::Tree;
use csoc_source::{Address, Remote, Repository, SourceError, Start, Watch};
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
