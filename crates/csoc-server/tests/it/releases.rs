//! Releases that a source of notes names.

use std::time::Duration;

use csoc_testkit::fleets::Story;
use csoc_testkit::wait::until_async;
use serde_json::{Value, json};

use crate::stage::{Person, organization, registered, stage};

fn notes(month: &str, name: &str) -> (String, Option<String>) {
    let text = format!("# Core Gen3 Release {} ({name})\n", month.replace('/', "."));
    (format!("releases/{month}/gen3-release-notes.md"), Some(text))
}

async fn newest(who: &Person, wanted: &str) -> Value {
    until_async(&format!("{wanted} is the newest"), Duration::from_secs(60), || async {
        let list = who.get("/releases").await.ok().await;
        (list["newest"] == wanted).then_some(list)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_say_which_releases_there_are_and_since_when() {
    let mut story = Story::new();
    crate::small::land(&mut story, "May", &[notes("2026/05", "Fluorite")]);
    crate::small::land(&mut story, "June", &[notes("2026/06", "Garnet")]);
    let stage = stage().await;
    let root = stage.administrator().await;
    let (north, south) = (organization(&root, "North").await, organization(&root, "South").await);
    let body = json!({ "name": "cdis-manifest", "kind": "releases", "location": story.path() });
    let id = registered(&root, &north, body).await;
    let list = newest(&root, "2026.06").await;
    let june = &list["releases"][0];
    assert_eq!((&june["name"], &june["state"]), (&json!("Garnet"), &json!("released")));
    let evidence = &june["evidence"][0];
    assert_eq!((&evidence["source"], &evidence["kind"]), (&json!(id), &json!("notes")), "{june}");
    assert_eq!((&evidence["place"], &evidence["since"]), (&json!("releases/2026/06"), &json!("2026-01-01T01:00:00Z")));
    assert!(list["newest_why"].as_str().unwrap().contains("cdis-manifest since 2026-01-01"), "{list}");
    let bo = stage.person(&root, "bo", "viewer", Some(&south)).await;
    assert_eq!(bo.get("/releases").await.ok().await["newest"], Value::Null, "another organization's notes");

    crate::small::land(&mut story, "July", &[notes("2026/07", "Hambergite")]);
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    let list = newest(&root, "2026.07").await;
    assert_eq!(list["releases"].as_array().unwrap().len(), 3);
    let then = root.get("/matrix?at=2026-01-01").await;
    assert!(then.status() != 500);
    root.delete(&format!("/sources/{id}")).await.is(204).await;
    until_async("they are forgotten", Duration::from_secs(60), || async {
        (root.get("/releases").await.ok().await["newest"] == Value::Null).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_without_releases_says_so() {
    let mut story = Story::new();
    crate::small::land(&mut story, "Nothing", &[("README.md".to_owned(), Some("x".to_owned()))]);
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let body = json!({ "organization": north, "name": "notes", "kind": "releases", "location": story.path(), "interval_seconds": 0 });
    let made = root.post("/sources", body).await.is(201).await;
    let path = format!("/sources/{}", made["id"].as_str().unwrap());
    let row = until_async("it fails", Duration::from_secs(60), || async {
        let row = root.get(&path).await.ok().await;
        (row["state"]["phase"] == "failing").then_some(row)
    })
    .await;
    assert!(row["state"]["error"].as_str().unwrap().contains("no folder releases/"), "{row}");
}
