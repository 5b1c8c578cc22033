//! Effective values with their origins, and two sides held against each other.

use csoc_testkit::fleets::Story;
use serde_json::{Value, json};

use crate::small::{commons, land};
use crate::stage::{Person, Stage, organization, source, stage};

const SECRET: &str = "tr0ub4dor-and-three";

struct Two {
    _stage: Stage,
    root: Person,
    /// Production and its staging.
    production: String,
    staging: String,
    first: String,
    _story: Story,
}

async fn two() -> Two {
    let mut story = Story::new();
    let base = "fence:\n  replicaCount: 1\n  image:\n    tag: 2026.04\n";
    let values = |hostname: &str, tag: &str| {
        format!("global:\n  hostname: {hostname}\nfence:\n  image:\n    tag: {tag}\n  db:\n    password: {SECRET}\n")
    };
    let both = |tag: &str| {
        let own = values("data.example.org", tag);
        let other = values("staging.data.example.org", "2026.06");
        let mut files = commons("c1/data.example.org", &[("base.yaml", base), ("values.yaml", &own)]);
        files.extend(commons("c1/staging.data.example.org", &[("base.yaml", base), ("values.yaml", &other)]));
        files
    };
    let first = land(&mut story, "Import", &both("2026.05"));
    land(&mut story, "fence 2026.07", &both("2026.07"));
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    source(&root, &north, "gitops", &story.path()).await;
    let rows = root.get("/commons").await.ok().await;
    let id = |name: &str| {
        let row = rows["items"].as_array().unwrap().iter().find(|row| row["name"] == name);
        row.unwrap_or_else(|| panic!("{rows}"))["id"].as_str().unwrap().to_owned()
    };
    let (production, staging) = (id("data.example.org"), id("staging.data.example.org"));
    Two { _stage: stage, root, production, staging, first, _story: story }
}

impl Two {
    async fn values(&self, query: &str) -> Value {
        self.root.get(&format!("/commons/{}/values?{query}", self.production)).await.ok().await
    }
}

fn row<'v>(tree: &'v Value, path: &str) -> &'v Value {
    let rows = tree["rows"].as_array().unwrap();
    rows.iter().find(|row| row["path"] == path).unwrap_or_else(|| panic!("no {path} in {tree}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_says_where_it_comes_from_and_what_it_overrode() {
    let two = two().await;
    let tree = two.values("").await;
    let layers: Vec<_> = tree["layers"].as_array().unwrap().iter().map(|layer| layer["path"].clone()).collect();
    assert_eq!(layers, ["c1/data.example.org/values/base.yaml", "c1/data.example.org/values/values.yaml"]);
    let tag = row(&tree, "fence.image.tag");
    assert_eq!(
        (&tag["value"], &tag["origin"]["line"], &tag["origin"]["layer"]),
        (&json!("2026.07"), &json!(5), &json!(1))
    );
    assert_eq!((&tag["overrode"][0]["value"], &tag["overrode"][0]["line"]), (&json!("2026.04"), &json!(4)));
    assert_eq!(row(&tree, "fence.replicaCount")["origin"]["path"], layers[0]);
    let then = two.values(&format!("at={}", &two.first[..10])).await;
    assert_eq!((&row(&then, "fence.image.tag")["value"], &then["commit"]), (&json!("2026.05"), &json!(two.first)));
    assert_eq!(two.values("prefix=global").await["total"], 1);
    assert_eq!(two.values("q=REPLICA").await["rows"][0]["path"], "fence.replicaCount");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_can_be_compared_and_not_read() {
    let two = two().await;
    let tree = two.values(&format!("against=commons:{}", two.staging)).await;
    let password = row(&tree, "fence.db.password");
    assert_eq!(
        (&password["secret"], &password["value"], &password["difference"]),
        (&json!(true), &Value::Null, &json!("same"))
    );
    let all = format!("{tree}{}", two.values("path=fence.db.password").await);
    assert!(!all.contains(SECRET), "{all}");
    assert_eq!(two.values("q=tr0ub4dor").await["total"], 0, "searching cannot guess it");
    assert_eq!(
        (&row(&tree, "fence.image.tag")["other"], &row(&tree, "fence.image.tag")["difference"]),
        (&json!("2026.06"), &json!("changed"))
    );
    let different = two.values("against=twin&only=different").await;
    let paths: Vec<_> = different["rows"].as_array().unwrap().iter().map(|row| row["path"].clone()).collect();
    assert_eq!(paths, ["fence.image.tag", "global.hostname"], "in the order of the files");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comparison_leaves_out_what_belongs_to_an_environment() {
    let two = two().await;
    let path = format!("/diff?left=commons:{}&right=commons:{}", two.production, two.staging);
    let found = two.root.get(&path).await.ok().await;
    assert_eq!((&found["rows"][0]["path"], found["rows"].as_array().unwrap().len()), (&json!("fence.image.tag"), 1));
    assert_eq!((&found["rows"][0]["left"], &found["rows"][0]["right"]), (&json!("2026.07"), &json!("2026.06")));
    assert_eq!((&found["ignored"], &found["rows"][0]["service"]), (&json!(1), &json!("fence")));
    let all = two.root.get(&format!("{path}&all=true")).await.ok().await;
    assert_eq!((all["rows"].as_array().unwrap().len(), &all["ignored"]), (2, &json!(0)));
    let itself = format!("/diff?left=commons:{0}@{1}&right=commons:{0}", two.production, two.first);
    let itself = two.root.get(&itself).await.ok().await;
    assert_eq!((&itself["rows"][0]["left"], &itself["rows"][0]["right"]), (&json!("2026.05"), &json!("2026.07")));
    assert!(!format!("{found}{all}{itself}").contains(SECRET));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_compared_is_told() {
    let two = two().await;
    let nobody = uuid::Uuid::now_v7();
    let own = &two.production;
    for (path, code) in [
        (format!("/commons/{own}/values?against=commons:{nobody}"), "not_found"),
        (format!("/commons/{own}/values?against=moon"), "invalid"),
        (format!("/commons/{own}/values?at=2020-01-01"), "invalid"),
        (format!("/commons/{own}/values?against=at:0123456789"), "invalid"),
        (format!("/diff?left=commons:{own}&right=commons:{nobody}"), "not_found"),
        (format!("/diff?left={own}&right=commons:{own}"), "invalid"),
        (format!("/diff?left=commons:{own}"), "invalid"),
    ] {
        assert_eq!(two.root.get(&path).await.problem().await, code, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_commons_of_a_real_fleet_shows_its_values_or_says_why_not() {
    let Some(bundle) = csoc_testkit::fleets::real() else { return };
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    source(&root, &north, "gitops", &bundle.canonicalize().unwrap()).await;
    let rows = root.get("/commons?limit=500").await.ok().await;
    assert!(rows["total"].as_u64().unwrap() >= 40, "{}", rows["total"]);
    let mut known = 0;
    for row in rows["items"].as_array().unwrap() {
        let tree = root.get(&format!("/commons/{}/values", row["id"].as_str().unwrap())).await.ok().await;
        known += u32::from(tree["total"].as_u64().unwrap() > 0);
        let told = matches!(row["state"]["config"].as_str(), Some("unreadable" | "empty"));
        assert!(tree["total"] != 0 || told, "{}: {}", row["name"], tree["note"]);
        let everywhere = tree["rows"].as_array().unwrap().iter().all(|row| row["origin"]["line"].as_u64() > Some(0));
        assert!(everywhere, "{}: a value without its place", row["name"]);
    }
    assert!(known >= 35, "{known}");
}
