//! What lands in a chart's repository is a change of the commons that follow it.

use std::time::Duration;

use csoc_testkit::fleets::Story;
use csoc_testkit::wait::until_async;
use serde_json::{Value, json};

use crate::charts::waits;
use crate::small::{chart, commons, land};
use crate::stage::{PASSWORD, Person, Stage, chart_source, organization, source, stage};

const FLEET: &str = "global:\n  hostname: data.example.org\n";
const UMBRELLA: &str = "fence:\n  enabled: true\netl:\n  enabled: false\n";

fn fence(tag: &str) -> String {
    format!("image:\n  repository: quay.io/cdis/fence\n  tag: \"{tag}\"\n")
}

struct Both {
    stage: Stage,
    root: Person,
    north: String,
    fleet: Story,
    charts: Story,
}

/// Charts, an hour later a fleet, then one landing in each.
async fn both() -> Both {
    let (mut fleet, mut charts) = (Story::new(), Story::new());
    land(&mut charts, "Charts", &chart(UMBRELLA, &fence("2026.04")));
    fleet.wait(1);
    land(&mut fleet, "Import", &commons("c1/data.example.org", &[("values.yaml", FLEET)]));
    charts.wait(2);
    land(&mut charts, "fence 2026.05 by default (#7)", &chart(UMBRELLA, &fence("2026.05")));
    fleet.wait(4);
    land(&mut fleet, "A note", &[("README.md".to_owned(), Some("hello".to_owned()))]);
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    Both { stage, root, north, fleet, charts }
}

impl Both {
    async fn fetch(&self, source: &str) {
        self.root.post(&format!("/sources/{source}/fetch"), json!({})).await.is(202).await;
    }
}

/// The changes once there are so many.
async fn changes(who: &Person, filter: &str, total: u64) -> Vec<Value> {
    until_async(&format!("{total} changes of {filter:?}"), Duration::from_secs(60), || async {
        let page = who.get(&format!("/changes?filter={filter}")).await.ok().await;
        // The count is asked after the page: a landing may come in between.
        let items = page["items"].as_array().unwrap();
        (page["total"].as_u64() == Some(total) && items.len() as u64 == total).then(|| items.clone())
    })
    .await
}

fn titles(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["title"].as_str().unwrap()).collect()
}

fn tag(commons: &Value) -> &Value {
    let services = commons["services"].as_array().unwrap();
    &services.iter().find(|service| service["service"] == "fence").unwrap()["tag"]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn landings_of_the_past_stand_where_they_landed() {
    let both = both().await;
    let chart = chart_source(&both.root, &both.north, &both.charts.path()).await;
    let fleet = source(&both.root, &both.north, "gitops", &both.fleet.path()).await;
    let rows = changes(&both.root, "", 3).await;
    assert_eq!(titles(&rows), ["A note", "fence 2026.05 by default", "Import"]);
    let row = &rows[1];
    assert_eq!((&row["chart"], &row["source"], &row["fleet"]), (&json!(true), &json!(chart), &json!(fleet)));
    assert_eq!((&row["pull_request"], &row["class"]), (&json!(7), &json!("chart")));
    assert_eq!(
        (&row["summary"], &row["commons"][0]["name"]),
        (&json!("fence 2026.04 → 2026.05"), &json!("data.example.org"))
    );
    let detail = both.root.get(&format!("/changes/{}", row["id"].as_str().unwrap())).await.ok().await;
    let item = &detail["items"][0];
    assert_eq!(
        (&item["kind"], &item["service"], &item["after"]),
        (&json!("version"), &json!("fence"), &json!("2026.05"))
    );
    assert_eq!(item["commons"]["name"], "data.example.org");
    let commons =
        waits(&both.root, "its last change is known", |commons| !commons["commons"]["last_change_title"].is_null())
            .await;
    assert_eq!(commons["commons"]["last_change_title"], "fence 2026.05 by default", "{}", commons["commons"]);
    let of_commons = format!("/changes?commons={}", commons["commons"]["id"].as_str().unwrap());
    let timeline = both.root.get(&of_commons).await.ok().await;
    assert_eq!(titles(timeline["items"].as_array().unwrap()), ["fence 2026.05 by default", "Import"]);
    for (filter, total) in
        [("source:charts", 1), ("source:gitops", 3), ("-source:charts", 2), ("chart:no", 2), ("source:moon", 0)]
    {
        changes(&both.root, filter, total).await;
    }
    // As it was between the two: the branch stood elsewhere.
    let id = commons["commons"]["id"].as_str().unwrap();
    let before =
        both.root.get(&format!("/commons/{id}/values?at=2026-01-01T02:30:00Z&path=fence.image.tag")).await.ok().await;
    assert_eq!(before["rows"][0]["value"], "2026.04", "{before}");
    let services = both.root.get("/services?filter=service:fence&at=2026-01-01T02:30:00Z").await;
    if services.status() == 200 {
        assert_eq!(services.ok().await["items"][0]["tag"], "2026.04");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_that_moves_is_a_change_tonight() {
    let mut both = both().await;
    let id = chart_source(&both.root, &both.north, &both.charts.path()).await;
    source(&both.root, &both.north, "gitops", &both.fleet.path()).await;
    changes(&both.root, "", 3).await;
    both.charts.wait(5);
    let commit = land(
        &mut both.charts,
        "etl for everybody",
        &chart("fence:\n  enabled: true\netl:\n  enabled: true\n", &fence("2026.05")),
    );
    land(&mut both.charts, "Words", &[("docs/a.md".to_owned(), Some("words".to_owned()))]);
    both.fetch(&id).await;
    let rows = changes(&both.root, "", 5).await;
    assert_eq!(titles(&rows)[..2], ["Words", "etl for everybody"]);
    assert_eq!((&rows[1]["commit"], &rows[1]["summary"]), (&json!(commit), &json!("etl on and 1 more")), "{}", rows[1]);
    assert_eq!((&rows[0]["commons"], &rows[0]["chart"]), (&json!([]), &json!(true)), "words deploy nothing");
    let commons = waits(&both.root, "etl runs", |commons| {
        commons["services"]
            .as_array()
            .unwrap()
            .iter()
            .any(|service| service["service"] == "etl" && service["enabled"] == true)
    })
    .await;
    assert_eq!(commons["commons"]["last_change_title"], "etl for everybody");
    // The branch goes back by force: what landed stays written, where it stands now is what runs.
    let first = csoc_source::Repository::open(both.charts.path()).unwrap().resolve("main~3").unwrap();
    both.charts.go_on_from(Some(first));
    land(&mut both.charts, "fence 2026.06 instead", &chart(UMBRELLA, &fence("2026.06")));
    both.fetch(&id).await;
    let rows = changes(&both.root, "", 6).await;
    assert_eq!(titles(&rows)[..3], ["fence 2026.06 instead", "Words", "etl for everybody"]);
    waits(&both.root, "what runs is what the branch says", |commons| tag(commons) == "2026.06").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chart_source_that_comes_and_goes_takes_its_landings_along() {
    let both = both().await;
    source(&both.root, &both.north, "gitops", &both.fleet.path()).await;
    let before = changes(&both.root, "", 2).await;
    let id = chart_source(&both.root, &both.north, &both.charts.path()).await;
    let rows = changes(&both.root, "", 3).await;
    assert_eq!((&rows[0]["id"], &rows[2]["id"]), (&before[0]["id"], &before[1]["id"]), "the fleet's own are the same");
    waits(&both.root, "the chart is at hand", |commons| tag(commons) == "2026.05").await;
    both.root.delete(&format!("/sources/{id}")).await.is(204).await;
    changes(&both.root, "", 2).await;
    let commons = waits(&both.root, "nothing is at hand", |commons| commons["chart"]["at_hand"] == false).await;
    let origins: Vec<_> =
        commons["services"].as_array().unwrap().iter().map(|service| service["origin"].clone()).collect();
    assert!(origins.iter().all(|origin| origin == "assumed"), "{origins:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_landed_while_the_server_was_away_is_found_once() {
    let mut both = both().await;
    let id = chart_source(&both.root, &both.north, &both.charts.path()).await;
    source(&both.root, &both.north, "gitops", &both.fleet.path()).await;
    let before = changes(&both.root, "", 3).await;
    both.charts.wait(9);
    land(&mut both.charts, "fence 2026.06", &chart(UMBRELLA, &fence("2026.06")));
    let Both { stage, fleet, charts, .. } = both;
    let stage = stage.restarted(|_| {}).await;
    let root = stage.sign_in("root", PASSWORD).await;
    let rows = changes(&root, "", 4).await;
    assert_eq!(titles(&rows)[0], "fence 2026.06");
    let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&rows[1..]), ids(&before), "nothing is written twice");
    // A second fetch finds nothing new.
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    let path = "/audit?filter=action:source.fetch";
    until_async("the fetch is over", Duration::from_secs(60), || async {
        (root.get(path).await.ok().await["items"][0]["result"] == "ok").then_some(())
    })
    .await;
    assert_eq!(root.get("/changes").await.ok().await["total"], 4);
    drop((fleet, charts));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn charts_that_cannot_be_opened_leave_the_fleet_as_it_was() {
    let mut both = both().await;
    chart_source(&both.root, &both.north, &both.charts.path()).await;
    let fleet = source(&both.root, &both.north, "gitops", &both.fleet.path()).await;
    changes(&both.root, "", 3).await;
    let away = both.charts.path().with_extension("away");
    std::fs::rename(both.charts.path(), &away).unwrap();
    land(&mut both.fleet, "Later", &[("README.md".to_owned(), Some("later".to_owned()))]);
    both.fetch(&fleet).await;
    let path = format!("/sources/{fleet}");
    let row = until_async("the fleet says why", Duration::from_secs(60), || async {
        let row = both.root.get(&path).await.ok().await;
        (row["state"]["phase"] == "failing").then_some(row)
    })
    .await;
    assert!(row["state"]["error"].as_str().unwrap().contains("the charts of charts cannot be read"), "{row}");
    waits(&both.root, "the last good fleet is shown", |commons| tag(commons) == "2026.05").await;
    std::fs::rename(&away, both.charts.path()).unwrap();
    both.fetch(&fleet).await;
    assert_eq!(titles(&changes(&both.root, "", 4).await)[0], "Later");
}
