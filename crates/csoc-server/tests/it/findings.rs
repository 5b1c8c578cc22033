//! What the rules found, and what people may do about it.

use std::time::Duration;

use csoc_testkit::fleets::Story;
use serde_json::{Value, json};

use crate::small::{commons, land};
use crate::stage::{PASSWORD, Person, Stage, organization, source, stage};

/// Secrets that stand in the fleet and may stand in no answer.
const SECRETS: [&str; 2] = ["tr0ub4dor-and-three", "AKIAQYLPMN5HFIQR7XYA"];

async fn with_findings() -> (Stage, Person, Story) {
    let mut story = Story::new();
    let values = format!(
        "global:\n  hostname: data.example.org\n  aws:\n    account: 053927701465\nfence:\n  enabled: true\n  db:\n    \
         password: {}\n  note: key {} is old\n",
        SECRETS[0], SECRETS[1]
    );
    land(&mut story, "Import", &commons("c1/data.example.org", &[("values.yaml", &values)]));
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    source(&root, &north, "gitops", &story.path()).await;
    (stage, root, story)
}

async fn total(who: &Person, filter: &str) -> u64 {
    who.get(&format!("/findings?filter={filter}")).await.ok().await["total"].as_u64().unwrap()
}

fn in_days(stage: &Stage, days: i64) -> String {
    (stage.app.now() + jiff::SignedDuration::from_hours(24 * days)).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiver_holds_until_its_day_or_until_it_is_taken_back() {
    let (stage, root, _story) = with_findings().await;
    let open = total(&root, "").await;
    let one = root.get("/findings?limit=1").await.ok().await["items"][0]["id"].clone();
    let ask = json!({ "findings": [one], "reason": "Rotated on Monday", "until": in_days(&stage, 7) });
    let done = root.post("/findings/waive", ask.clone()).await.ok().await;
    assert_eq!(done, json!({ "waived": 1, "refused": [] }));
    assert_eq!((total(&root, "").await, total(&root, "state:waived").await), (open - 1, 1));
    let waived = root.get("/findings?filter=state:waived").await.ok().await;
    let waiver = &waived["items"][0]["waiver"];
    assert_eq!((&waiver["reason"], &waiver["person"]), (&json!("Rotated on Monday"), &json!("root")));
    root.post("/findings/unwaive", json!({ "findings": [one] })).await.ok().await;
    assert_eq!((total(&root, "").await, total(&root, "state:waived").await), (open, 0));
    let audit = root.get("/audit?filter=action:finding.*").await.ok().await;
    assert_eq!(audit["items"][1]["detail"]["reason"], "Rotated on Monday", "{audit}");

    root.post("/findings/waive", ask).await.ok().await;
    stage.app.clock.advance(Duration::from_secs(8 * 24 * 3600));
    let root = stage.sign_in("root", PASSWORD).await;
    csoc_testkit::wait::until_async("the waiver has ended", Duration::from_secs(60), || async {
        (total(&root, "").await == open && total(&root, "state:waived").await == 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mistake_of_a_waiver_is_told_and_nothing_is_waived() {
    let (stage, root, _story) = with_findings().await;
    let told =
        root.post("/findings/waive", json!({ "findings": [], "reason": " ", "until": in_days(&stage, -1) })).await;
    let told = told.is(422).await;
    let fields: Vec<_> = told["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["/reason", "/until", "/findings"]);
    let one = root.get("/findings?limit=1").await.ok().await["items"][0]["id"].clone();
    let forever = json!({ "findings": [one], "reason": "x", "until": in_days(&stage, 4000) });
    assert_eq!(root.post("/findings/waive", forever).await.problem().await, "invalid");
    let nobody = uuid::Uuid::now_v7();
    let ask = json!({ "findings": [nobody], "reason": "x", "until": in_days(&stage, 1) });
    let done = root.post("/findings/waive", ask).await.ok().await;
    assert_eq!(done, json!({ "waived": 0, "refused": [nobody] }));
    for query in ["filter=colour:red", "sort=beauty", "cursor=x", "limit=0"] {
        assert_eq!(root.get(&format!("/findings?{query}")).await.problem().await, "invalid", "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finding_shows_the_lines_it_stands_in_and_no_secret() {
    let (_stage, root, _story) = with_findings().await;
    let rows = root.get("/findings").await.ok().await;
    let rules: Vec<&str> = rows["items"].as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"plaintext-secret") && rules.contains(&"mangled-number"), "{rules:?}");
    for row in rows["items"].as_array().unwrap() {
        let detail = root.get(&format!("/findings/{}", row["id"].as_str().unwrap())).await.ok().await;
        let found: Vec<&Value> =
            detail["excerpt"].as_array().unwrap().iter().filter(|line| line["found"] == true).collect();
        assert_eq!(found.len(), 1, "{detail}");
        assert_eq!((&found[0]["line"], detail["why"] == ""), (&row["line"], false));
        assert!(SECRETS.iter().all(|secret| !detail.to_string().contains(secret)), "{detail}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_landing_that_mends_it_resolves_it() {
    let (_stage, root, mut story) = with_findings().await;
    let before = total(&root, "rule:mangled-number").await;
    let mended = "global:\n  hostname: data.example.org\n  aws:\n    account: '053927701465'\n";
    land(&mut story, "Quote the account", &commons("c1/data.example.org", &[("values.yaml", mended)]));
    let id = root.get("/sources").await.ok().await[0]["id"].as_str().unwrap().to_owned();
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    csoc_testkit::wait::until_async("the findings are resolved", Duration::from_secs(60), || async {
        (total(&root, "rule:mangled-number").await == 0).then_some(())
    })
    .await;
    assert_eq!((before, total(&root, "rule:mangled-number+state:resolved").await), (1, 1));
    let rules = root.get("/rules").await.ok().await;
    let rule = rules.as_array().unwrap().iter().find(|rule| rule["id"] == "mangled-number").unwrap();
    assert_eq!((&rule["open"], &rule["waived"]), (&json!(0), &json!(0)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finding_names_the_landing_that_wrote_it() {
    let (_stage, root, mut story) = with_findings().await;
    let other = "global:\n  hostname: other.example.org\n  aws:\n    account: 053927701466\n";
    land(&mut story, "Another commons", &commons("c1/other.example.org", &[("values.yaml", other)]));
    let id = root.get("/sources").await.ok().await[0]["id"].as_str().unwrap().to_owned();
    root.post(&format!("/sources/{id}/fetch"), json!({})).await.is(202).await;
    let path = "/findings?filter=rule:mangled-number+commons:other*";
    let row = csoc_testkit::wait::until_async("it is found", Duration::from_secs(60), || async {
        root.get(path).await.ok().await["items"].get(0).cloned()
    })
    .await;
    let detail = root.get(&format!("/findings/{}", row["id"].as_str().unwrap())).await.ok().await;
    let changes = root.get("/changes").await.ok().await;
    assert_eq!(
        (&changes["items"][0]["title"], &changes["items"][0]["id"]),
        (&json!("Another commons"), &detail["introduced_by"])
    );
    assert_eq!(detail["siblings"], 1, "{detail}");
}
