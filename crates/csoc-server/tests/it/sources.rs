//! Registering repositories, and keeping their credentials.

use std::time::Duration;

use csoc_testkit::wait::until_async;
use serde_json::{Value, json};

use crate::stage::{Person, organization, source, stage, staged};

async fn wait_for(who: &Person, path: &str, name: &str, condition: impl Fn(&Value) -> bool) -> Value {
    until_async(name, Duration::from_secs(60), || async {
        let row = who.get(path).await.ok().await;
        condition(&row).then_some(row)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repository_is_looked_at_then_registered_then_shown() {
    let fleet = csoc_testkit::fleets::sample();
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let seen = root.post("/sources/probe", json!({ "location": fleet.repositories.fleet })).await.ok().await;
    assert_eq!((&seen["branch"], &seen["branches"]), (&json!("main"), &json!(["main"])));
    assert!(seen["commons"].as_u64().unwrap() >= 8 && !seen["layouts"][0]["reason"].as_str().unwrap().is_empty());
    let id = source(&root, &north, "gitops", &fleet.repositories.fleet).await;
    let row = root.get(&format!("/sources/{id}")).await.ok().await;
    assert_eq!((&row["commons"], &row["state"]["head"]), (&seen["commons"], &seen["head"]));
    assert_eq!(row["organization_name"], "North");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fetch_that_somebody_asked_for_is_recorded_with_its_end() {
    let fleet = csoc_testkit::fleets::sample();
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let id = source(&root, &north, "gitops", &fleet.repositories.fleet).await;
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    let path = "/audit?filter=action:source.fetch";
    let rows = wait_for(&root, path, "the fetch is ended in the audit", |rows| rows["total"] == 2).await;
    assert_eq!((&rows["items"][1]["result"], &rows["items"][0]["result"]), (&json!("started"), &json!("ok")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fetch_that_finds_nothing_new_makes_now_fresher() {
    let fleet = csoc_testkit::fleets::sample();
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let id = source(&root, &north, "gitops", &fleet.repositories.fleet).await;
    let before = root.get("/now").await.ok().await;
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    let fetched = |now: &Value| now["sources"][0]["fetched_at"].clone();
    let later = wait_for(&root, "/now", "now is fresher", |now| fetched(now) != fetched(&before)).await;
    let row = root.get(&format!("/sources/{id}")).await.ok().await;
    assert_eq!((&row["state"]["fetched_at"], &later["as_of"]), (&fetched(&later), &fetched(&later)));
}

#[tokio::test]
async fn wrong_locations_are_told_with_what_to_do() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let empty = tempfile::tempdir().unwrap();
    let probe =
        async |location: String| root.post("/sources/probe", json!({ "location": location })).await.is(422).await;
    let told = probe("/nowhere/at/all".into()).await;
    assert!(told["detail"].as_str().unwrap().contains("There is nothing at"), "{told}");
    let told = probe(empty.path().display().to_string()).await;
    assert!(told["detail"].as_str().unwrap().contains("neither a Git repository nor a bundle"), "{told}");
    let told = probe("https://token@git.example.org/fleet".into()).await;
    assert!(told["detail"].as_str().unwrap().contains("token field") && !told.to_string().contains("token@"));
    let told = probe("https://127.0.0.1:9/fleet".into()).await;
    assert!(told["detail"].as_str().unwrap().contains("cannot be reached"), "{told}");
    let told = probe(stage.data.display().to_string()).await;
    assert_eq!(told["code"], "invalid", "the data folder holds the clones of everybody: {told}");
}

#[tokio::test]
async fn a_credential_is_never_shown_again() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let credential = json!({ "auth": "token", "user": "bot", "token": "ghp_verysecret" });
    let ask = json!({ "organization": north, "name": "far", "kind": "fleet", "location": "https://127.0.0.1:9/fleet",
        "branch": "main", "interval_seconds": 0, "credential": credential });
    let made = root.post("/sources", ask.clone()).await.is(201).await;
    let path = format!("/sources/{}", made["id"].as_str().unwrap());
    let failing = wait_for(&root, &path, "the fetch fails", |row| row["state"]["phase"] == "failing").await;
    assert_eq!(failing["auth"], "token");
    let audit = root.get("/audit?limit=500").await.ok().await;
    root.patch(&path, json!({ "credential": { "auth": "token", "token": "ghp_othersecret" } })).await.ok().await;
    let all = format!("{made}{failing}{audit}{}", root.get("/audit").await.text().await);
    assert!(!all.contains("verysecret") && !all.contains("othersecret"), "{all}");
    assert_eq!(root.post("/sources", ask).await.problem().await, "conflict", "one name, one source");
}

#[tokio::test]
async fn paths_on_the_server_are_for_administrators_of_all_of_it() {
    let fleet = csoc_testkit::fleets::sample();
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let bo = stage.person(&root, "bo", "admin", Some(&north)).await;
    let ask = json!({ "organization": north, "name": "x", "kind": "fleet", "location": fleet.repositories.fleet });
    assert_eq!(bo.post("/sources", ask).await.problem().await, "forbidden");
    let probe = json!({ "location": fleet.repositories.fleet });
    assert_eq!(bo.post("/sources/probe", probe).await.problem().await, "forbidden");
}

#[tokio::test]
async fn every_mistake_of_a_source_is_told_at_once() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let ask = json!({ "organization": north, "name": "", "kind": "magic", "location": "ftp://x/y", "branch": "-x", "interval_seconds": 1 });
    let told = root.post("/sources", ask).await.is(422).await;
    let fields: Vec<_> = told["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["/location", "/kind", "/name", "/branch", "/interval_seconds"]);
}

#[tokio::test]
async fn a_webhook_has_a_secret_that_is_shown_once() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let ask = json!({ "organization": north, "name": "far", "kind": "fleet", "location": "https://127.0.0.1:9/f", "branch": "main", "interval_seconds": 0 });
    let made = root.post("/sources", ask).await.is(201).await;
    let path = format!("/sources/{}", made["id"].as_str().unwrap());
    let hook = root.post(&format!("{path}/webhook"), json!({})).await.is(201).await;
    assert_eq!(hook["url_path"], format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap()));
    let row = root.get(&path).await.ok().await;
    assert!(row["webhook_configured"] == true && !row.to_string().contains(hook["secret"].as_str().unwrap()));
    root.delete(&format!("{path}/webhook")).await.is(204).await;
    assert_eq!(root.get(&path).await.ok().await["webhook_configured"], false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sample_fleet_registers_itself_once() {
    let stage = staged(|config| config.no_sign_in = true).await;
    for _ in 0..2 {
        csoc_server::service::sample::register(&stage.app).await.unwrap();
    }
    let rows = stage.nobody().get("/sources").await.ok().await;
    let names: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["gen3-charts", "gen3-gitops"]);
}
