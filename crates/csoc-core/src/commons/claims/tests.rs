use uuid::Uuid;

use super::*;

const A: u128 = 1;
const B: u128 = 2;

fn org(n: u128) -> OrganizationId {
    OrganizationId(Uuid::from_u128(n))
}

fn id(n: u128) -> CommonsId {
    CommonsId(Uuid::from_u128(n))
}

/// A claim from organization `n`'s only source: `folder` is `cluster/...`.
fn claim(n: u128, folder: &str, hostname: &str) -> Claim {
    Claim {
        source: SourceId(Uuid::from_u128(n)),
        organization: org(n),
        folder: folder.into(),
        application: None,
        cluster: folder.split_once('/').map(|(cluster, _)| cluster.into()),
        hostname: (!hostname.is_empty()).then(|| hostname.into()),
        strength: Strength::Application,
    }
}

fn known(n: u128, claim: Claim) -> Known {
    Known {
        id: id(n),
        organization: claim.organization,
        claims: vec![KnownClaim { claim, live: true, contested: false }],
    }
}

fn decision(n: u128, folder: &str, verdict: Verdict) -> Decision {
    Decision { organization: org(n), source: SourceId(Uuid::from_u128(n)), folder: folder.into(), verdict }
}

/// Match as organization `n`'s source; new commons get the ids 100, 101 ...
fn matched(n: u128, said: &[Claim], known: &[Known], decisions: &[Decision]) -> Matching {
    let mut next = 99;
    match_claims(SourceId(Uuid::from_u128(n)), org(n), said, known, decisions, || {
        next += 1;
        id(next)
    })
}

fn same(n: u128) -> Outcome {
    Outcome::Same { commons: id(n), hostname_was: None }
}

fn contested(hostname: &str, n: u128) -> Outcome {
    Outcome::Contested { hostname: hostname.into(), commons: id(n) }
}

#[test]
fn a_commons_that_moves_keeps_its_id_even_when_both_places_exist_for_a_while() {
    let old = claim(A, "lanternprod/lantern.org", "lantern.org");
    let new = claim(A, "unfunded/lantern.org", "lantern.org");
    let before = [known(7, old.clone())];
    let both = matched(A, &[old, new.clone()], &before, &[]);
    assert_eq!(both.outcomes, [same(7), contested("lantern.org", 100)]);
    assert_eq!(both.conflicts[0].parties.len(), 2);
    let after = matched(A, &[new], &before, &[]);
    assert_eq!(after.outcomes, [Outcome::Moved { commons: id(7), from: "lanternprod/lantern.org".into() }]);
    assert!(after.gone.is_empty() && after.conflicts.is_empty());
}

#[test]
fn another_organization_never_takes_a_commons_over() {
    let theirs = [known(7, claim(A, "prod/a.org", "a.org"))];
    let said = [claim(B, "evil/a.org", "A.org.")];
    let result = matched(B, &said, &theirs, &[]);
    assert_eq!(result.outcomes, [Outcome::New { commons: id(100) }]);
    assert_eq!(result.conflicts[0].parties.len(), 2, "and it is reported to who sees both");

    let mut dead = theirs.clone();
    dead[0].claims[0].live = false;
    assert_eq!(matched(B, &said, &dead, &[]).outcomes, result.outcomes, "not even one that is gone");
    let decided = decision(B, "evil/a.org", Verdict::Is(id(7)));
    assert_eq!(matched(B, &said, &theirs, &[decided]).outcomes, result.outcomes, "not even by a decision of B's own");
}

#[test]
fn a_changed_hostname_stays_the_same_commons() {
    let before = [known(7, claim(A, "p/x", "old.org"))];
    let result = matched(A, &[claim(A, "p/x", "new.org")], &before, &[]);
    assert_eq!(result.outcomes, [Outcome::Same { commons: id(7), hostname_was: Some("old.org".into()) }]);
}

#[test]
fn folders_that_swap_their_hostnames_stay_what_they_were() {
    let before = [known(1, claim(A, "p/x", "x.org")), known(2, claim(A, "p/y", "y.org"))];
    let said = [claim(A, "p/x", "y.org"), claim(A, "p/y", "x.org")];
    let kept: Vec<_> = matched(A, &said, &before, &[]).outcomes.iter().map(Outcome::commons).collect();
    assert_eq!(kept, [id(1), id(2)], "both folders are still there: only a person can say that they were swapped");
}

#[test]
fn a_folder_may_lose_and_find_its_hostname() {
    let before = [known(7, claim(A, "p/x", "x.org"))];
    assert_eq!(matched(A, &[claim(A, "p/x", "")], &before, &[]).outcomes, [same(7)]);
    let nameless = [known(7, claim(A, "p/x", ""))];
    assert_eq!(matched(A, &[claim(A, "p/x", "x.org")], &nameless, &[]).outcomes, [same(7)]);
}

#[test]
fn without_a_hostname_the_application_tells_where_it_moved() {
    let named = |folder: &str| Claim { application: Some("gen3-x".into()), ..claim(A, folder, "") };
    let before = [known(7, named("old/x"))];
    let moved = matched(A, &[named("new/x")], &before, &[]);
    assert_eq!(moved.outcomes, [Outcome::Moved { commons: id(7), from: "old/x".into() }]);
    let twice = matched(A, &[named("new/x"), named("new/y")], &before, &[]);
    assert!(twice.outcomes.iter().all(|o| matches!(o, Outcome::New { .. })), "two of one name tell nothing");
    assert_eq!(twice.gone, [id(7)]);
}

#[test]
fn a_manifest_left_behind_goes_with_the_commons_that_moved_on() {
    let manifest = Claim { strength: Strength::Manifest, ..claim(A, "x.org", "x.org") };
    let other = SourceId(Uuid::from_u128(55));
    let before = [known(7, Claim { source: other, ..claim(A, "p/x.org", "x.org") })];
    let result = matched(A, std::slice::from_ref(&manifest), &before, &[]);
    assert_eq!(result.outcomes, [Outcome::Also { commons: id(7) }]);
    assert!(result.conflicts.is_empty());

    let manifest_first = [known(7, Claim { source: other, ..manifest })];
    let result = matched(A, &[claim(A, "p/x.org", "x.org")], &manifest_first, &[]);
    assert_eq!(result.outcomes, [Outcome::Moved { commons: id(7), from: "x.org".into() }]);
}

#[test]
fn what_a_person_decided_stands() {
    let said = [claim(A, "one/x.org", "x.org"), claim(A, "two/x.org", "x.org")];
    let before = [known(7, said[0].clone())];
    let separate = matched(A, &said, &before, &[decision(A, "two/x.org", Verdict::Separate)]);
    assert_eq!(separate.outcomes, [same(7), Outcome::New { commons: id(100) }]);
    assert!(separate.conflicts.is_empty(), "the question is answered");

    let is = matched(A, &said, &before, &[decision(A, "two/x.org", Verdict::Is(id(7)))]);
    assert_eq!(is.outcomes[1].commons(), id(7));
    assert_eq!(is.outcomes[0], contested("x.org", 100), "and the other folder is the contested one now");
}

#[test]
fn a_commons_that_comes_back_is_the_one_it_was() {
    let mut before = [known(7, claim(A, "p/x.org", "x.org"))];
    assert_eq!(matched(A, &[], &before, &[]).gone, [id(7)]);
    before[0].claims[0].live = false;
    assert!(matched(A, &[], &before, &[]).gone.is_empty(), "gone once is not gone again");
    assert_eq!(matched(A, &[claim(A, "p/x.org", "x.org")], &before, &[]).outcomes, [same(7)]);
}

#[test]
fn two_new_claims_on_one_hostname_are_one_commons_and_one_question() {
    let said = [claim(A, "b/x.org", "x.org"), claim(A, "a/x.org", "x.org")];
    let result = matched(A, &said, &[], &[]);
    assert_eq!(result.outcomes, [contested("x.org", 101), Outcome::New { commons: id(100) }]);
}

#[test]
fn the_same_reading_again_changes_nothing() {
    let said = [claim(A, "a/x.org", "x.org"), claim(A, "a/y.org", "y.org"), claim(A, "a/z", "")];
    let first = matched(A, &said, &[], &[]);
    let ids = first.outcomes.iter().map(Outcome::commons);
    let known: Vec<Known> = said
        .iter()
        .zip(ids)
        .map(|(claim, id)| Known {
            id,
            organization: org(A),
            claims: vec![KnownClaim { claim: claim.clone(), live: true, contested: false }],
        })
        .collect();
    let again = matched(A, &said, &known, &[]);
    assert!(again.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Same { hostname_was: None, .. })));
    assert!(again.gone.is_empty() && again.conflicts.is_empty());
}

/// Folder `b/x.org` was contested before, and got the id 8.
fn waiting() -> [Known; 2] {
    let mut second = known(8, claim(A, "b/x.org", "x.org"));
    second.claims[0].contested = true;
    [known(7, claim(A, "a/x.org", "x.org")), second]
}

#[test]
fn what_is_contested_keeps_the_id_it_was_given_and_holds_nothing() {
    let said = [claim(A, "a/x.org", "x.org"), claim(A, "b/x.org", "x.org")];
    let again = matched(A, &said, &waiting(), &[]);
    assert_eq!(again.outcomes, [same(7), contested("x.org", 8)]);
    assert!(again.absorbed.is_empty() && again.conflicts.len() == 1);

    let moved = matched(A, &said[1..], &waiting(), &[]);
    assert_eq!(moved.outcomes, [Outcome::Moved { commons: id(7), from: "a/x.org".into() }]);
    assert_eq!(moved.absorbed, [(id(8), id(7))], "what gathered there goes along");

    let third = matched(A, &[claim(A, "c/x.org", "x.org")], &waiting(), &[]);
    assert_eq!(third.outcomes, [Outcome::Moved { commons: id(7), from: "a/x.org".into() }]);
    assert_eq!(third.gone, [id(8)]);
}

#[test]
fn a_contested_folder_that_is_a_commons_of_its_own_after_all_is_the_one_it_was() {
    let said = [claim(A, "a/x.org", "x.org"), claim(A, "b/x.org", "x.org")];
    let separate = matched(A, &said, &waiting(), &[decision(A, "b/x.org", Verdict::Separate)]);
    assert_eq!(separate.outcomes, [same(7), Outcome::New { commons: id(8) }]);
    assert!(separate.absorbed.is_empty() && separate.conflicts.is_empty());
    let renamed = [said[0].clone(), claim(A, "b/x.org", "y.org")];
    assert_eq!(matched(A, &renamed, &waiting(), &[]).outcomes, [same(7), Outcome::New { commons: id(8) }]);
}

#[test]
fn a_place_that_comes_back_does_not_take_the_commons_away_from_where_it_lives() {
    let (old, new) = (claim(A, "a/x.org", "x.org"), claim(A, "b/x.org", "x.org"));
    let mut before = [known(7, new.clone())];
    before[0].claims.insert(0, KnownClaim { claim: old.clone(), live: false, contested: false });
    assert_eq!(matched(A, &[old, new], &before, &[]).outcomes, [contested("x.org", 100), same(7)]);
}
