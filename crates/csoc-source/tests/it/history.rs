//! What landed, since when, and what if history is rewritten.

use csoc_source::{Repository, SourceError, Start};
use csoc_testkit::fleets::Story;

fn titles(landings: &[csoc_source::Landing]) -> Vec<&str> {
    landings.iter().map(|landing| landing.title.as_str()).collect()
}

#[test]
fn only_what_is_new_is_listed() {
    let mut story = Story::new();
    let first = story.land("One", &[("a", Some("1"))]);
    story.land("Two", &[("a", Some("2"))]);
    let third = story.land("Three", &[("a", Some("3"))]);
    let repository = Repository::open(story.path()).unwrap();
    let news = repository.history(third, Some(first)).unwrap();
    assert_eq!((titles(&news.landings), news.start), (vec!["Two", "Three"], Start::Known));
    assert!(repository.history(third, Some(third)).unwrap().landings.is_empty());
}

#[test]
fn a_rewritten_branch_is_told_with_what_is_still_common() {
    let mut story = Story::new();
    let first = story.land("One", &[("a", Some("1"))]);
    let lost = story.land("Two", &[("a", Some("2"))]);
    story.go_on_from(Some(first));
    let tip = story.land("Two again", &[("a", Some("3"))]);
    let history = Repository::open(story.path()).unwrap().history(tip, Some(lost)).unwrap();
    assert_eq!(history.start, Start::Rewritten { lost, common: Some(first) });
    assert_eq!(titles(&history.landings), ["Two again"]);
}

#[test]
fn a_branch_begun_anew_has_nothing_in_common() {
    let mut story = Story::new();
    let lost = story.land("One", &[("a", Some("1"))]);
    story.go_on_from(None);
    let tip = story.land("Anew", &[("a", Some("2"))]);
    let repository = Repository::open(story.path()).unwrap();
    let history = repository.history(tip, Some(lost)).unwrap();
    assert_eq!(history.start, Start::Rewritten { lost, common: None });
    let unknown = "00000000000000000000000000000000000000aa".parse().unwrap();
    let history = repository.history(tip, Some(unknown)).unwrap();
    assert_eq!((history.landings.len(), history.start), (1, Start::Rewritten { lost: unknown, common: None }));
}

#[test]
fn a_time_names_a_landing() {
    let mut story = Story::new();
    let first = story.land("One", &[("a", Some("1"))]);
    let second = story.land("Two", &[("a", Some("2"))]);
    let repository = Repository::open(story.path()).unwrap();
    let at = |id| repository.landing(id).unwrap().committer.time;
    let second_before = jiff::SignedDuration::from_secs(1);
    assert_eq!(repository.resolve_at(second, at(second)).unwrap(), second);
    assert_eq!(repository.resolve_at(second, at(second) - second_before).unwrap(), first);
    let error = repository.resolve_at(second, at(first) - second_before).unwrap_err();
    assert!(matches!(error, SourceError::NothingBefore { .. }));
}

#[test]
fn ancestors_are_found_by_any_parent() {
    let mut story = Story::new();
    let first = story.land("One", &[("a", Some("1"))]);
    let second = story.land("Two", &[("a", Some("2"))]);
    let repository = Repository::open(story.path()).unwrap();
    assert!(repository.is_ancestor(first, second).unwrap());
    assert!(!repository.is_ancestor(second, first).unwrap());
}
