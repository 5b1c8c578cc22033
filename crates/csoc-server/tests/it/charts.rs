//! Charts at hand: whose they are, at which commit, and what they answer.

use std::time::Duration;

use csoc_testkit::fleets::Story;
use csoc_testkit::wait::until_async;
use serde_json::{Value, json};

use crate::small::{chart, commons, land};
use crate::stage::{Person, chart_source, organization, registered, source, stage, staged};

const FLEET: &str = "global:\n  hostname: data.example.org\netl:\n  replicaCount: 3\n";
const UMBRELLA: &str = "fence:\n  enabled: true\netl:\n  enabled: false\n";
const FENCE: &str = "image:\n  repository: quay.io/cdis/fence\n  tag: \"2026.04\"\nmemory: 1Gi\n";

fn fleet(revision: &str) -> Story {
    let mut story = Story::new();
    let mut files = commons("c1/data.example.org", &[("values.yaml", FLEET)]);
    for (_, text) in &mut files {
        *text =
            text.as_ref().map(|text| text.replacen("targetRevision: main", &format!("targetRevision: {revision}"), 1));
    }
    land(&mut story, "Import", &files);
    story
}

fn charts() -> Story {
    let mut story = Story::new();
    land(&mut story, "Charts", &chart(UMBRELLA, FENCE));
    story
}

/// The only commons, once it looks so.
pub async fn waits(who: &Person, name: &str, condition: impl Fn(&Value) -> bool) -> Value {
    until_async(name, Duration::from_secs(60), || async {
        let rows = who.get("/commons").await.ok().await;
        let id = rows["items"][0]["id"].as_str()?.to_owned();
        let commons = who.get(&format!("/commons/{id}")).await.ok().await;
        condition(&commons).then_some(commons)
    })
    .await
}

fn service<'c>(commons: &'c Value, name: &str) -> Option<&'c Value> {
    commons["services"].as_array().unwrap().iter().find(|service| service["service"] == name)
}

fn at_hand(commons: &Value) -> bool {
    commons["chart"]["at_hand"] == true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chart_answers_for_what_no_file_says() {
    let (fleet, charts) = (fleet("main"), charts());
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let id = chart_source(&root, &north, &charts.path()).await;
    source(&root, &north, "gitops", &fleet.path()).await;
    let commons = waits(&root, "the chart is at hand", at_hand).await;
    let fence = service(&commons, "fence").unwrap();
    assert_eq!((&fence["tag"], &fence["origin"]), (&json!("2026.04"), &json!("chart_default")));
    assert!(fence["reason"].as_str().unwrap().contains("chart's default of fence.enabled"), "{fence}");
    let etl = service(&commons, "etl").unwrap();
    assert_eq!(etl["enabled"], false, "the usual default would have it on: {etl}");
    assert_eq!((&commons["chart"]["source"], &commons["chart"]["revision"]), (&json!(id), &json!("main")));
    assert_eq!(commons["chart"]["commit"].as_str().unwrap().len(), 40);
    assert_eq!(root.get(&format!("/sources/{id}")).await.ok().await["commons"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_organizations_charts_are_never_asked() {
    let (fleet, charts) = (fleet("main"), charts());
    let stage = stage().await;
    let root = stage.administrator().await;
    let (north, south) = (organization(&root, "North").await, organization(&root, "South").await);
    let theirs = chart_source(&root, &south, &charts.path()).await;
    source(&root, &north, "gitops", &fleet.path()).await;
    let commons = waits(&root, "the fleet is read", |_| true).await;
    assert!(!at_hand(&commons) && service(&commons, "fence").unwrap()["origin"] == "assumed", "{commons}");
    let values = format!("/commons/{}/values", commons["commons"]["id"].as_str().unwrap());
    let told = root.get(&format!("{values}?against=default")).await.problem().await;
    assert_eq!(told, "not_ready");
    assert_eq!(root.get(&format!("/sources/{theirs}")).await.ok().await["commons"], 0);
    // With one of its own it is another thing.
    chart_source(&root, &north, &charts.path()).await;
    waits(&root, "its own chart is at hand", at_hand).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revision_that_is_not_at_hand_is_never_another_one() {
    let (fleet, charts) = (fleet("feat/lantern"), charts());
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let id = chart_source(&root, &north, &charts.path()).await;
    source(&root, &north, "gitops", &fleet.path()).await;
    let commons = waits(&root, "the fleet is read", |_| true).await;
    assert!(!at_hand(&commons) && service(&commons, "fence").unwrap()["origin"] == "assumed", "{commons}");
    let tip = csoc_source::Repository::open(charts.path()).unwrap().branch("main").unwrap().tip;
    charts.set("refs/heads/feat/lantern", tip);
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    let commons = waits(&root, "the branch is there now", at_hand).await;
    assert_eq!(commons["chart"]["commit"], tip.to_string());
    assert_eq!(root.get("/changes?filter=chart:yes").await.ok().await["total"], 0, "nothing landed there since");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_a_commit_and_a_packaged_version_are_what_they_say() {
    let charts = charts();
    let repository = csoc_source::Repository::open(charts.path()).unwrap();
    let tip = repository.branch("main").unwrap().tip;
    charts.set("refs/tags/gen3-0.0.1", tip);
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let aliases = ["https://git.example.org/charts", "https://helm.example.org"];
    let body =
        json!({ "name": "charts", "kind": "chart", "location": charts.path(), "branch": "main", "aliases": aliases });
    registered(&root, &north, body).await;
    for (revision, packaged, known) in [
        ("gen3-0.0.1", false, true),
        (&*tip.to_string(), false, true),
        (&tip.to_string()[..6], false, false),
        ("0.0.1", true, true),
        ("0.0.2", true, false),
    ] {
        let mut story = Story::new();
        let mut files = commons("c1/data.example.org", &[("values.yaml", FLEET)]);
        files[0].1 = files[0].1.as_ref().map(|text| {
            let text = text.replacen("targetRevision: main", &format!("targetRevision: {revision}"), 1);
            match packaged {
                true => text
                    .replacen("repoURL: https://git.example.org/charts", "repoURL: https://helm.example.org/", 1)
                    .replacen("path: helm/gen3", "chart: gen3", 1),
                false => text,
            }
        });
        land(&mut story, "Import", &files);
        let id = source(&root, &north, "gitops", &story.path()).await;
        let commons = waits(&root, "the fleet is read", |_| true).await;
        assert_eq!(at_hand(&commons), known, "{revision}: {}", commons["chart"]);
        root.delete(&format!("/sources/{id}")).await.is(204).await;
        until_async("it is gone", Duration::from_secs(30), || async {
            (root.get("/commons").await.ok().await["total"] == 0).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_are_whole_with_the_chart_and_say_what_it_says() {
    let (mut fleet, charts) = (fleet("main"), charts());
    let values = format!("{FLEET}fence:\n  memory: 2Gi\n");
    let mut files = commons("c1/data.example.org", &[("values.yaml", &values)]);
    files[0].1 = files[0].1.as_ref().map(|text| {
        text.replacen(
            "        valueFiles:",
            "        parameters:\n          - name: fence.image.tag\n            value: hotfix\n        valueFiles:",
            1,
        )
    });
    land(&mut fleet, "More memory", &files);
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    chart_source(&root, &north, &charts.path()).await;
    source(&root, &north, "gitops", &fleet.path()).await;
    let commons = waits(&root, "the chart is at hand", at_hand).await;
    let path = format!("/commons/{}/values", commons["commons"]["id"].as_str().unwrap());
    let tree = root.get(&path).await.ok().await;
    assert_eq!(tree["complete"], true, "{}", tree["note"]);
    let kinds: Vec<_> = tree["layers"].as_array().unwrap().iter().map(|layer| layer["kind"].clone()).collect();
    assert_eq!(kinds, ["chart", "file", "application"]);
    let row = |tree: &Value, path: &str| -> Value {
        let rows = tree["rows"].as_array().unwrap();
        rows.iter().find(|row| row["path"] == path).cloned().unwrap_or_else(|| panic!("no {path} in {tree}"))
    };
    let repository = row(&tree, "fence.image.repository");
    let place = repository["origin"]["path"].as_str().unwrap();
    let short = &commons["chart"]["commit"].as_str().unwrap()[..8];
    assert_eq!((place, &repository["origin"]["line"]), (&*format!("charts@{short}:helm/fence/values.yaml"), &json!(2)));
    assert_eq!(repository["origin"]["layer"], 0);
    let memory = row(&tree, "fence.memory");
    assert_eq!((&memory["value"], &memory["origin"]["layer"]), (&json!("2Gi"), &json!(1)));
    assert_eq!((&memory["overrode"][0]["value"], &memory["overrode"][0]["line"]), (&json!("1Gi"), &json!(4)));
    assert_eq!(memory["overrode"][0]["path"], place);
    assert_eq!(row(&tree, "fence.image.tag")["origin"]["layer"], 2, "the Application itself");
    let against = root.get(&format!("{path}?against=default&only=different")).await.ok().await;
    assert_eq!(against["against"], format!("the defaults of charts@{short}"));
    let memory = row(&against, "fence.memory");
    assert_eq!((&memory["other"], &memory["difference"]), (&json!("1Gi"), &json!("changed")));
    assert_eq!((&memory["other_origin"]["path"], &memory["other_origin"]["line"]), (&json!(place), &json!(4)));
    assert!(against["rows"].as_array().unwrap().iter().all(|row| row["path"] != "fence.image.repository"), "{against}");
    let said = root.get(&format!("{path}?only=said")).await.ok().await;
    assert!(said["rows"].as_array().unwrap().iter().all(|row| row["origin"]["layer"] != 0), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sample_shows_its_chart_and_what_landed_there() {
    let stage = staged(|config| config.no_sign_in = true).await;
    csoc_server::service::sample::register(&stage.app).await.unwrap();
    let nobody = stage.nobody();
    let landed = until_async("the sample's charts are followed", Duration::from_secs(120), || async {
        let page = nobody.get("/changes?filter=chart:yes").await.ok().await;
        (page["total"].as_u64() >= Some(5)).then_some(page)
    })
    .await;
    let row = &landed["items"][0];
    assert_eq!((&row["source_name"], &row["fleet_name"]), (&json!("gen3-charts"), &json!("gen3-gitops")), "{row}");
    let rows = nobody.get("/commons").await.ok().await;
    let (mut by_chart, mut at_hand_here) = (0, 0);
    for row in rows["items"].as_array().unwrap() {
        let one = nobody.get(&format!("/commons/{}", row["id"].as_str().unwrap())).await.ok().await;
        let with = |origin: &str| {
            one["services"].as_array().unwrap().iter().filter(|service| service["origin"] == origin).count()
        };
        at_hand_here += usize::from(at_hand(&one));
        by_chart += with("chart_default");
        assert!(!at_hand(&one) || with("assumed") == 0, "{}: {}", row["name"], one["services"]);
    }
    assert!(at_hand_here >= 6 && by_chart > 0, "{at_hand_here} commons have their chart, {by_chart} services are its");
}
