use serde_json::{Value, json};

use super::*;
use crate::changes::History;
use crate::changes::tests::{commit, fleet};
use crate::redact::Redactor;

/// A commons with three monthly services on one tag, and its own portal tag.
fn commons(release: &str, fence: &str) -> Value {
    let service = |tag: &str| json!({"image": {"tag": tag}});
    json!({"indexd": service(release), "arborist": service(release), "sheepdog": service(release), "fence": service(fence)})
}

fn course(states: &[[(&str, &str); 4]]) -> (History, Vec<Rollout>) {
    let names = ["a/one.org", "a/two.org", "b/three.org", "b/four.org"];
    let mut history = History::default();
    for (index, state) in states.iter().enumerate() {
        let values: Vec<_> = names.iter().zip(state).map(|(name, (r, f))| (*name, commons(r, f))).collect();
        history.push(
            commit(&format!("c{index}"), 24 * index as i64, "bump"),
            vec![],
            fleet(&values),
            &Redactor::default(),
        );
    }
    let found = rollouts(&history.landings, history.last().unwrap());
    (history, found)
}

#[test]
fn a_release_is_one_rollout_with_its_missing_commons_named() {
    let old = ("2026.04", "13.0.0");
    let new = ("2026.05", "13.0.0");
    let (_, found) = course(&[[old, old, old, old], [new, old, old, old], [new, new, old, old], [new, new, new, old]]);
    let [release] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((release.kind, &*release.name), (RolloutKind::Release, "2026.05"));
    let shares: Vec<_> = release.steps.iter().map(|s| (&*s.commons, s.share)).collect();
    assert_eq!(shares, [("a/one.org", 0.25), ("a/two.org", 0.5), ("b/three.org", 0.75)]);
    assert_eq!(release.half.duration_since(release.first).as_hours(), 24);
    assert_eq!(release.missing, [Missing { commons: "b/four.org".into(), tag: "2026.04".into() }]);
    assert_eq!(&*release.services.iter().map(|s| &**s).collect::<Vec<_>>().join(" "), "arborist indexd sheepdog");
}

#[test]
fn a_hotfix_waits_for_the_comparable_only() {
    let at = |fence: &'static str| ("2026.04", fence);
    let (_, found) = course(&[
        [at("13.0.0"), at("13.0.0"), at("13.0.0"), at("13.0.0")],
        [at("13.0.1"), at("13.0.1"), at("13.0.0"), at("13.0.0")],
        [at("13.0.1"), at("13.0.1"), at("13.0.1"), at("13.0.0")],
        [at("13.0.1"), at("13.0.2"), at("13.0.1"), at("try-this")],
    ]);
    let [hotfix] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(&*hotfix.name, "fence 13.0.1");
    assert_eq!(hotfix.running.len(), 2);
    assert_eq!(hotfix.ahead, ["a/two.org".into()]);
    assert!(hotfix.missing.is_empty());
    assert_eq!(&*hotfix.pinned[0].tag, "try-this");
}

#[test]
fn two_commons_or_a_moving_tag_are_no_rollout() {
    let at = |fence: &'static str| ("2026.04", fence);
    let (_, found) = course(&[
        [at("13.0.0"), at("13.0.0"), at("13.0.0"), at("13.0.0")],
        [at("13.0.1"), at("13.0.1"), at("master"), at("master")],
        [at("master"), at("13.0.1"), at("master"), at("master")],
    ]);
    assert_eq!(found, []);
}
