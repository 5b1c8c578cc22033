//! Hostnames that several folders claim.

use std::time::Duration;

use csoc_testkit::fleets::Story;
use csoc_testkit::wait::until_async;
use serde_json::{Value, json};

use crate::small::{commons, land};
use crate::stage::{PASSWORD, Person, Stage, organization, source, stage};

const VALUES: &str = "global:\n  hostname: data.example.org\nfence:\n  enabled: true\n";

async fn contested() -> (Stage, Person, Story) {
    let mut story = Story::new();
    land(&mut story, "Import", &commons("old/data.example.org", &[("values.yaml", VALUES)]));
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let id = source(&root, &north, "gitops", &story.path()).await;
    land(&mut story, "A second place", &commons("new/data.example.org", &[("values.yaml", VALUES)]));
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    waits(&root, "a person is asked", |conflicts, _| conflicts.as_array().unwrap().len() == 1).await;
    (stage, root, story)
}

async fn waits(who: &Person, name: &str, condition: impl Fn(&Value, &Value) -> bool) {
    until_async(name, Duration::from_secs(60), || async {
        let conflicts = who.get("/conflicts").await.ok().await;
        let commons = who.get("/commons").await.ok().await;
        condition(&conflicts, &commons).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_places_of_one_commons_are_one_when_a_person_says_so() {
    let (stage, root, mut story) = contested().await;
    let row = root.get("/conflicts").await.ok().await[0].clone();
    let candidates = row["candidates"].as_array().unwrap();
    let old = candidates.iter().find(|one| one["folder"] == "old/data.example.org").unwrap();
    let keep = old["commons"].as_str().unwrap();
    assert_eq!((candidates.len(), &row["hostname"]), (2, &json!("data.example.org")));
    assert!(row["why"].as_str().unwrap().contains("old/data.example.org"), "{row}");
    let state = root.get("/commons?filter=state:conflict").await.ok().await;
    let rows = state["items"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "both are seen while nobody has decided: {state}");
    assert!(rows.iter().any(|one| one["id"] == keep) && rows[0]["id"] != rows[1]["id"]);
    assert!(rows.iter().all(|one| one["state"]["conflict"] == row["id"]), "and lead to the decision");
    let now = root.get("/now").await.ok().await;
    assert_eq!(now["commons"], 2);
    assert!(now["sentence"].as_str().unwrap().contains("2 contested"), "{now}");
    assert!(now["needs_you"].as_array().unwrap().iter().any(|one| one["kind"] == "conflict"));

    let path = format!("/conflicts/{}", row["id"].as_str().unwrap());
    let ask = json!({ "decision": "same", "keep": keep, "reason": "It moves this week" });
    root.post(&path, ask.clone()).await.is(204).await;
    assert_eq!(root.post(&path, ask).await.problem().await, "conflict", "decided once");
    let detail = until_async("both folders lead to it", Duration::from_secs(60), || async {
        let detail = root.get(&format!("/commons/{keep}")).await.ok().await;
        let current = detail["claims"].as_array().unwrap().iter().filter(|claim| claim["state"] == "current").count();
        (current == 2).then_some(detail)
    })
    .await;
    assert_eq!(detail["commons"]["name"], "data.example.org");
    assert_eq!(root.get("/commons").await.ok().await["total"], 1, "it is shown once");
    assert!(root.get(&format!("/commons/{keep}/values")).await.ok().await["total"].as_u64().unwrap() > 0);
    let audit = root.get("/audit?filter=action:commons.decide").await.ok().await;
    assert_eq!(audit["items"][0]["detail"]["reason"], "It moves this week");

    // The move ends; the commons is what it was, also after a restart.
    let gone = commons("old/data.example.org", &[("values.yaml", VALUES)]);
    land(&mut story, "The old place goes", &gone.into_iter().map(|(path, _)| (path, None)).collect::<Vec<_>>());
    let stage = stage.restarted(|_| {}).await;
    let root = stage.sign_in("root", PASSWORD).await;
    waits(&root, "it lives in the new place", |conflicts, commons| {
        let row = &commons["items"][0];
        conflicts == &json!([]) && row["id"] == keep && row["folder"] == "new/data.example.org"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_commons_of_one_hostname_are_two_when_a_person_says_so() {
    let (_stage, root, mut story) = contested().await;
    let row = root.get("/conflicts").await.ok().await[0].clone();
    let path = format!("/conflicts/{}", row["id"].as_str().unwrap());
    for wrong in [
        json!({ "decision": "perhaps", "reason": "x" }),
        json!({ "decision": "same", "keep": uuid::Uuid::now_v7(), "reason": "x" }),
        json!({ "decision": "different", "reason": "" }),
    ] {
        assert_eq!(root.post(&path, wrong).await.problem().await, "invalid");
    }
    root.post(&path, json!({ "decision": "different", "reason": "A demo on another cluster" })).await.is(204).await;
    let two = |conflicts: &Value, commons: &Value| conflicts == &json!([]) && commons["total"] == 2;
    waits(&root, "both are there", two).await;
    land(&mut story, "Elsewhere", &[("README.md".to_owned(), Some("x".to_owned()))]);
    let id = root.get("/sources").await.ok().await[0]["id"].as_str().unwrap().to_owned();
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    until_async("the landing is read", Duration::from_secs(60), || async {
        (root.get("/changes").await.ok().await["total"] == 3).then_some(())
    })
    .await;
    waits(&root, "the decision stands", two).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostname_of_another_organization_is_never_taken_over() {
    let (mut first, mut second) = (Story::new(), Story::new());
    land(&mut first, "Import", &commons("prod/data.example.org", &[("values.yaml", VALUES)]));
    land(&mut second, "Import", &commons("rogue/data.example.org", &[("values.yaml", VALUES)]));
    let stage = stage().await;
    let root = stage.administrator().await;
    let (north, south) = (organization(&root, "North").await, organization(&root, "South").await);
    source(&root, &north, "northern", &first.path()).await;
    let before = root.get("/commons").await.ok().await["items"][0]["id"].clone();
    source(&root, &south, "southern", &second.path()).await;
    let ana = stage.person(&root, "ana", "admin", Some(&north)).await;
    waits(&ana, "both sides are told", |conflicts, commons| {
        conflicts.as_array().unwrap().len() == 1 && commons["total"] == 1 && commons["items"][0]["id"] == before
    })
    .await;
    let told = ana.get("/conflicts").await.ok().await;
    let text = told.to_string();
    assert!(!text.contains("rogue") && !text.contains("outh") && text.contains("you cannot see"), "{text}");
    let path = format!("/conflicts/{}", told[0]["id"].as_str().unwrap());
    let same = json!({ "decision": "same", "keep": before, "reason": "x" });
    assert_eq!(ana.post(&path, same).await.problem().await, "invalid", "it cannot be");
    ana.post(&path, json!({ "decision": "different", "reason": "We know of it" })).await.is(204).await;
    waits(&ana, "it is settled here", |conflicts, _| conflicts == &json!([])).await;
    assert_eq!(root.get("/conflicts").await.ok().await[0]["organization"], south.as_str(), "and open there");
}

const FAULT: &str = "global:\n  hostname: data.example.org\nfence:\n  enabled: true\n  image:\n    tag: 2026.10\n";

async fn finding(who: &Person, name: &str, condition: impl Fn(&Value) -> bool) -> Value {
    let path = "/findings?filter=rule:mangled-number%20state:open%20state:waived%20state:resolved";
    until_async(name, Duration::from_secs(60), || async {
        let found = who.get(path).await.ok().await;
        found["items"].as_array().unwrap().iter().find(|one| condition(one)).cloned()
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finding_moves_with_its_commons_also_when_both_places_exist_for_a_while() {
    let mut story = Story::new();
    let (old, new) = ("old/data.example.org", "new/data.example.org");
    land(&mut story, "Import", &commons(old, &[("values.yaml", VALUES)]));
    land(&mut story, "October", &commons(old, &[("values.yaml", FAULT)]));
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let id = source(&root, &north, "gitops", &story.path()).await;
    let first = finding(&root, "it is found", |_| true).await;
    assert_eq!((&first["since"]["by"], &first["state"]), (&json!("Ada Lindqvist"), &json!("open")), "{first}");
    let detail = root.get(&format!("/findings/{}", first["id"].as_str().unwrap())).await.ok().await;
    let change = root.get(&format!("/changes/{}", detail["introduced_by"].as_str().unwrap())).await.ok().await;
    assert_eq!(change["change"]["title"], "October", "the landing that wrote the line: {change}");
    let waive = json!({ "findings": [first["id"]], "reason": "Until the bump", "until": "2999-01-01T00:00:00Z" });
    assert_eq!(root.post("/findings/waive", waive).await.status(), 422, "not for ever");
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48);
    let waive = json!({ "findings": [first["id"]], "reason": "Until the bump", "until": until });
    root.post("/findings/waive", waive).await.ok().await;

    let fetch = format!("/sources/{id}/fetch");
    land(&mut story, "A second place", &commons(new, &[("values.yaml", FAULT)]));
    root.post(&fetch, json!({})).await.is(202).await;
    let second = finding(&root, "the contested place is looked at, too", |one| one["id"] != first["id"]).await;
    assert_ne!(second["commons"]["id"], first["commons"]["id"], "it is somebody's, and not yet the other's: {second}");
    let gone = commons(old, &[("values.yaml", FAULT)]).into_iter().map(|(path, _)| (path, None)).collect::<Vec<_>>();
    land(&mut story, "The old place goes", &gone);
    root.post(&fetch, json!({})).await.is(202).await;
    let moved = finding(&root, "it lives in the new place", |one| one["path"].as_str().unwrap().starts_with(new)).await;
    let moved = match moved["id"] == first["id"] {
        true => moved,
        false => {
            finding(&root, "under its old id", |one| {
                one["id"] == first["id"] && one["path"].as_str().unwrap().starts_with(new)
            })
            .await
        }
    };
    assert_eq!((&moved["state"], &moved["first_seen_at"]), (&json!("waived"), &first["first_seen_at"]), "{moved}");
    assert_eq!(moved["commons"]["id"], first["commons"]["id"]);
    let open = root.get("/findings?filter=rule:mangled-number").await.ok().await;
    assert_eq!(open["total"], 0, "and nothing of it is open: {open}");
    assert_eq!(root.get("/commons").await.ok().await["total"], 1);
}
