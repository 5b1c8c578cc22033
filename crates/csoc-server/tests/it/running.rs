//! Starting, stopping, starting again; HTTPS; backups; the doctor.

use csoc_core::audit::Outcome;
use csoc_server::config::TlsFiles;
use csoc_server::doctor::{Verdict, examine};
use csoc_server::{Config, Server, maintenance};
use jiff::Timestamp;
use serde_json::json;

use crate::stage::{PASSWORD, organization, source, stage, staged};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_there_is_there_after_a_restart_at_once() {
    let fleet = csoc_testkit::fleets::sample();
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    source(&root, &north, "gitops", &fleet.repositories.fleet).await;
    let before = root.get("/commons").await.ok().await;
    drop(fleet);
    let stage = stage.restarted(|_| {}).await;
    let root = stage.sign_in("root", PASSWORD).await;
    let after = root.get("/commons").await.ok().await;
    assert_eq!(after["total"], before["total"]);
    assert!(after["total"].as_u64().unwrap() >= 8, "the last snapshot, though its repository is gone: {after}");
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let stage = stage().await;
    let told = Server::build(Config::local(stage.data.clone())).await.err().unwrap().to_string();
    assert!(told.contains(&format!("process {}", std::process::id())), "{told}");
}

#[tokio::test]
async fn a_store_that_meets_another_folders_key_is_refused() {
    let Some(mut stage) = crate::stage::postgres().await else { return };
    stage.stop().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let mut config = Config::local(elsewhere.path().to_owned());
    config.store = stage.app.config.store.clone();
    let told = Server::build(config).await.err().unwrap().to_string();
    assert!(told.contains("installation.key"), "{told}");
}

#[tokio::test]
async fn https_with_a_certificate_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = TlsFiles { cert: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&files.cert, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let stage = staged(|config| config.tls = Some(files)).await;
    let trusted = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([trusted]).build().unwrap();
    let url = stage.url.replace("127.0.0.1", "localhost");
    let answer = client.get(format!("{url}/healthz")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_2));
}

#[tokio::test]
async fn a_backup_beside_the_running_server_restores_to_the_same() {
    let stage = stage().await;
    let root = stage.administrator().await;
    organization(&root, "North").await;
    let place = tempfile::tempdir().unwrap();
    maintenance::backup(&stage.app.config, &place.path().join("monday")).await.unwrap();
    organization(&root, "Later").await;
    let config = Config::local(place.path().join("data"));
    let restored = maintenance::restore(&config, &place.path().join("monday")).await.unwrap();
    assert!(restored.audit.report.is_intact());
    assert!(maintenance::restore(&config, &place.path().join("monday")).await.is_err(), "never over a store");
    let server = Server::build(config).await.unwrap();
    let names = server.app().store.organization_list(&csoc_core::access::Visible::All).await.unwrap();
    assert_eq!(names.into_iter().map(|o| o.name).collect::<Vec<_>>(), ["North"]);
}

#[tokio::test]
async fn the_doctor_sees_a_healthy_server_and_a_missing_key() {
    let mut stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let away = json!({ "organization": north, "name": "away", "kind": "fleet", "location": "/nowhere/fleet.git", "interval_seconds": 0 });
    root.post("/sources", away).await.is(201).await;
    let running = examine(&stage.app.config, Timestamp::now()).await;
    let said = |found: &csoc_server::doctor::Findings, part: &str| found.0.iter().any(|r| r.sentence.contains(part));
    assert!(said(&running, &format!("process {}", std::process::id())) && said(&running, "it is whole"), "{running:?}");
    stage.stop().await;
    std::fs::remove_file(stage.data.join("installation.key")).unwrap();
    let broken = examine(&stage.app.config, Timestamp::now()).await;
    assert_eq!(broken.worst(), Verdict::Bad);
    assert!(said(&broken, "key is missing"), "{broken:?}");
}

#[tokio::test]
async fn an_act_that_a_crash_cut_off_shows_as_interrupted() {
    let stage = stage().await;
    stage.administrator().await;
    let origin = csoc_server::service::Origin::default();
    let object = csoc_core::audit::Object::new("source", "x", "gitops");
    let actor = csoc_core::audit::ActorRef::system();
    let entry = origin.entry(stage.app.now(), actor, "source.fetch", object, Outcome::Started);
    let _begun = stage.app.audit.begin(entry).await.unwrap();
    let stage = stage.restarted(|_| {}).await;
    let root = stage.sign_in("root", PASSWORD).await;
    let rows = root.get("/audit?filter=action:source.fetch").await.ok().await;
    assert_eq!(rows["items"][0]["result"], "interrupted", "{rows}");
}

#[tokio::test]
async fn old_rows_go_when_the_settings_say_so_and_the_proof_stays() {
    let stage = stage().await;
    let root = stage.administrator().await;
    root.patch("/settings", json!({ "audit_keep_days": 30 })).await.ok().await;
    stage.app.clock.advance(std::time::Duration::from_secs(40 * 24 * 3600));
    let root = stage.sign_in("root", PASSWORD).await;
    csoc_server::service::audit::prune(&stage.app).await.unwrap();
    let rows = root.get("/audit").await.ok().await;
    let actions: Vec<_> = rows["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["audit.prune", "session.create"]);
    assert_eq!(root.get("/audit/verify").await.ok().await["ok"], true);
}
