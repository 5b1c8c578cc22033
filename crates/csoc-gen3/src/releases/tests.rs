use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::fleet::{Cache, FleetReading, ReadContext, read};
use crate::tag::Release;
use crate::tree::MemoryTree;

/// One commons per pair: its folder's name, and the tags of its services (`fence=2026.04`).
fn fleet(commons: &[(&str, &str)]) -> FleetReading {
    let files = commons.iter().map(|(name, tags)| {
        let services: String = tags
            .split(' ')
            .filter_map(|pair| pair.split_once('='))
            .map(|(service, tag)| format!("{service}:\n  enabled: true\n  image:\n    tag: \"{tag}\"\n"))
            .collect();
        let off = "etl: {enabled: false}\nhatchery: {enabled: false}\nambassador: {enabled: false}\n\
                   metadata: {enabled: false}\nwts: {enabled: false}\nmanifestservice: {enabled: false}\n\
                   audit: {enabled: false}\nportal: {enabled: false}\nsheepdog: {enabled: false}\n\
                   peregrine: {enabled: false}\n";
        let text = format!("global:\n  hostname: {name}\n{services}{off}");
        (format!("prod/gen3/{name}/values.yaml"), text)
    });
    read(&MemoryTree::new(files), &ReadContext::default(), &mut Cache::default())
}

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().expect("a time"))
}

fn release(text: &str) -> Release {
    Release::parse(text).expect("a release")
}

const ALL: &str = "fence=2026.04 arborist=2026.04 indexd=2026.04 revproxy=2026.04";

#[test]
fn tags_alone_are_upcoming_and_use_makes_a_release() {
    let mut book = Book::default();
    book.deployed(&fleet(&[("a.org", ALL)]), at("2026-04-20T00:00:00Z"));
    book.tag("uc-cdis/fence", "2026.05", at("2026-04-15T00:00:00Z"));
    assert_eq!(book.newest(), Some(release("2026.04")));
    assert_eq!(book.entries()[1].standing, Standing::Upcoming);
    book.deployed(&fleet(&[("a.org", &ALL.replace("2026.04", "2026.05"))]), at("2026-05-04T00:00:00Z"));
    assert_eq!(book.newest(), Some(release("2026.05")));
    let newest = &book.entries()[1];
    assert_eq!(newest.tagged.as_ref().map(|seen| &*seen.place), Some("uc-cdis/fence"));
    assert_eq!(newest.deployed.as_ref().and_then(|d| d.since), at("2026-05-04T00:00:00Z"));
}

#[test]
fn a_slip_of_the_hand_is_no_release() {
    let typo = fleet(&[("a.org", ALL), ("dev.b.org", "fence=2062.07 arborist=2026.04")]);
    for time in [at("2026-05-04T00:00:00Z"), None] {
        let mut book = Book::default();
        book.deployed(&typo, time);
        assert_eq!(book.newest(), Some(release("2026.04")), "{time:?}");
        assert!(matches!(book.entries()[1].standing, Standing::Doubtful(_)));
    }
    let mut old = Book::default();
    old.deployed(&fleet(&[("a.org", "fence=2016.04")]), None);
    assert_eq!(old.newest(), None);
}

#[test]
fn the_folder_of_the_notes_is_the_version() {
    let tree = MemoryTree::new([
        ("releases/2026/03/gen3-release-notes.md", "# Core Gen3 Release 2026.03 (Garnet)\n"),
        ("releases/2026/04/gen3-release-notes.md", "# Core Gen3 Release\n"),
        ("releases/2026/04/manifest.json", r#"{"versions": {"fence": "quay.io/cdis/fence:2026.02"}}"#),
        ("releases/README.md", "text"),
    ]);
    let mut book = Book::default();
    book.read_notes(&tree, None);
    assert_eq!(book.released(), [release("2026.03"), release("2026.04")]);
    assert_eq!(book.entries()[0].name.as_deref(), Some("Garnet"));
}

#[test]
fn behind_is_counted_in_releases_not_in_months() {
    let mut book = Book::default();
    for month in ["2026.01", "2026.03", "2026.04"] {
        let tree = MemoryTree::new([(format!("releases/{}/notes.md", month.replace('.', "/")), "")]);
        book.read_notes(&tree, None);
    }
    let reading = fleet(&[("a.org", "fence=13.0.4 arborist=2026.01 indexd=2026.01 revproxy=2026.03 guppy=master")]);
    let standing = of_commons(&reading.commons[0], &book);
    assert_eq!((standing.mode, standing.at_mode, standing.following), (Some(release("2026.01")), 2, 5));
    assert_eq!((standing.behind, standing.behind_most, standing.mixed), (Some(2), Some(2), true));
    let pins: Vec<_> = standing.pins.iter().map(|pin| format!("{}={}", pin.service, pin.tag)).collect();
    assert_eq!(pins, ["revproxy=2026.03", "fence=13.0.4", "guppy=master"]);
    let unknown: Vec<_> = standing.unknown.iter().map(|u| (&*u.service, u.reason)).collect();
    assert_eq!(unknown, [("fence", "a version of its own"), ("guppy", "a moving tag")]);
}

#[test]
fn of_two_equally_frequent_releases_the_newer_is_the_mode() {
    let mut book = Book::default();
    let reading = fleet(&[("a.org", "fence=2026.03 arborist=2026.04 indexd=2026.03 revproxy=2026.04")]);
    book.deployed(&reading, None);
    assert_eq!(of_commons(&reading.commons[0], &book).mode, Some(release("2026.04")));
}

#[test]
fn what_never_follows_the_release_is_left_out() {
    let reading = fleet(&[("a.org", &format!("{ALL} ambassador=1.4.2 frontend-framework=0.25"))]);
    let standing = of_commons(&reading.commons[0], &Book::default());
    assert_eq!(standing.excluded, [Arc::from("frontend-framework")]);
    assert!(standing.pins.is_empty());
}
