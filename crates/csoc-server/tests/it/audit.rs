//! What is recorded, and who reads it.

use serde_json::json;

use crate::on_both;
use crate::stage::organization;

on_both! {
async fn every_change_and_every_refusal_is_recorded_and_proven(stage: Stage) {
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let ana = stage.person(&root, "ana", "viewer", Some(&north)).await;
    assert_eq!(ana.post("/organizations", json!({ "name": "Mine" })).await.status(), 403);
    let rows = root.get("/audit?limit=500").await.ok().await;
    let told: Vec<(String, String)> = rows["items"].as_array().unwrap().iter().rev()
        .map(|row| (row["action"].as_str().unwrap().to_owned(), row["result"].as_str().unwrap().to_owned())).collect();
    let expected = [("setup.complete", "ok"), ("organization.create", "ok"), ("person.create", "ok"),
        ("session.create", "ok"), ("person.password", "ok"), ("request.refuse", "refused")];
    assert_eq!(told, expected.map(|(action, result)| (action.to_owned(), result.to_owned())));
    let refused = &rows["items"][0];
    assert_eq!((&refused["actor"], &refused["object_name"]), (&json!("ana"), &json!("POST /api/v1/organizations")));
    assert_eq!(refused["detail"]["needs"], "organization:edit");
    assert_eq!(refused["address"], "127.0.0.1");
    let proof = root.get("/audit/verify").await.ok().await;
    assert_eq!((&proof["ok"], &proof["rows"], &proof["problems"]), (&json!(true), &json!(6), &json!([])));
}
}

on_both! {
async fn the_record_is_filtered_paged_and_exported(stage: Stage) {
    let root = stage.administrator().await;
    for name in ["One", "Two", "Three"] {
        organization(&root, name).await;
    }
    let first = root.get("/audit?filter=action:organization.*&limit=2").await.ok().await;
    assert_eq!((first["items"].as_array().unwrap().len(), &first["total"]), (2, &json!(3)));
    let next = first["next"].as_str().unwrap();
    let second = root.get(&format!("/audit?filter=action:organization.*&limit=2&cursor={next}")).await.ok().await;
    assert_eq!((&second["items"][0]["object_name"], &second["next"]), (&json!("One"), &json!(null)));
    for bad in ["color:red", "result:maybe", "-actor:root"] {
        assert_eq!(root.get(&format!("/audit?filter={bad}")).await.problem().await, "invalid", "{bad}");
    }
    assert_eq!(root.get("/audit?cursor=garbage").await.problem().await, "invalid");
    let export = root.get("/audit/export?filter=action:organization.*").await;
    assert_eq!(export.header("content-type"), "application/x-ndjson");
    let lines = export.text().await;
    assert_eq!(lines.lines().count(), 3);
    let line: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert!(line.to_string().contains("One"), "oldest first: {line}");
}
}

on_both! {
async fn an_organizations_administrator_reads_only_its_rows(stage: Stage) {
    let root = stage.administrator().await;
    let (north, _) = (organization(&root, "North").await, organization(&root, "South").await);
    let bo = stage.person(&root, "bo", "admin", Some(&north)).await;
    let rows = bo.get("/audit").await.ok().await;
    assert!(rows["total"].as_u64().unwrap() >= 2 && !rows.to_string().contains("South"), "{rows}");
    assert!(rows["items"].as_array().unwrap().iter().all(|row| row["organization"] == json!(north)));
    assert!(!bo.get("/audit/export").await.text().await.contains("South"));
    assert_eq!(bo.get("/audit/verify").await.problem().await, "forbidden");
}
}
