//! Who may change whom.

use serde_json::json;

use crate::on_both;
use crate::stage::{PASSWORD, organization, stage};

fn id(row: &serde_json::Value) -> String {
    row["id"].as_str().unwrap().to_owned()
}

on_both! {
async fn an_administrator_of_one_organization_cannot_reach_beyond_it(stage: Stage) {
    let root = stage.administrator().await;
    let (north, south) = (organization(&root, "North").await, organization(&root, "South").await);
    let bo = stage.person(&root, "bo", "admin", Some(&north)).await;
    let both = json!([{ "role": "viewer", "organization": north }, { "role": "viewer", "organization": south }]);
    stage.person_with(&root, "cleo", both).await;
    stage.person(&root, "dan", "viewer", Some(&south)).await;
    let seen = bo.get("/people").await.ok().await;
    let names: Vec<_> = seen["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!((names, &seen["total"]), (vec!["bo", "cleo"], &json!(2)));
    let cleo = seen["items"].as_array().unwrap().iter().find(|row| row["name"] == "cleo").unwrap();
    assert_eq!(cleo["roles"].as_array().unwrap().len(), 1, "the role in South is not Bo's to know: {cleo}");
    let reset = bo.post(&format!("/people/{}/password", id(cleo)), json!({})).await;
    assert_eq!(reset.problem().await, "forbidden", "with Cleo's password Bo would be in South");
    let everyone = root.get("/people").await.ok().await;
    let dan = everyone["items"].as_array().unwrap().iter().find(|row| row["name"] == "dan").unwrap();
    assert_eq!(bo.delete(&format!("/people/{}", id(dan))).await.problem().await, "not_found");
    let grand = json!({ "name": "eve", "roles": [{ "role": "admin" }] });
    assert_eq!(bo.post("/people", grand).await.problem().await, "forbidden");
    let there = json!({ "name": "eve", "roles": [{ "role": "admin", "organization": south }] });
    assert_eq!(bo.post("/people", there).await.problem().await, "invalid");
}
}

on_both! {
async fn roles_are_replaced_only_where_one_may_give_them(stage: Stage) {
    let root = stage.administrator().await;
    let (north, south) = (organization(&root, "North").await, organization(&root, "South").await);
    let bo = stage.person(&root, "bo", "admin", Some(&north)).await;
    let both = json!([{ "role": "viewer", "organization": north }, { "role": "viewer", "organization": south }]);
    let cleo = stage.person_with(&root, "cleo", both).await;
    let me = cleo.get("/session").await.ok().await;
    let path = format!("/people/{}", me["person"].as_str().unwrap());
    bo.patch(&path, json!({ "roles": [] })).await.ok().await;
    let left = cleo.get("/organizations").await.ok().await;
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["id"], json!(south), "what Cleo is in South stays");
}
}

on_both! {
async fn somebody_always_administers_the_installation(stage: Stage) {
    let root = stage.administrator().await;
    let me = root.get("/session").await.ok().await;
    let path = format!("/people/{}", me["person"].as_str().unwrap());
    assert_eq!(root.delete(&path).await.problem().await, "conflict");
    assert_eq!(root.patch(&path, json!({ "disabled": true })).await.problem().await, "conflict");
    assert_eq!(root.patch(&path, json!({ "roles": [] })).await.problem().await, "conflict");
    stage.person(&root, "second", "admin", None).await;
    root.delete(&path).await.is(204).await;
    assert_eq!(root.get("/session").await.status(), 401);
}
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let ana = stage.person(&root, "ana", "operator", None).await;
    let token = ana.post("/tokens", json!({ "name": "ci", "days": 7 })).await.is(201).await;
    let me = ana.get("/session").await.ok().await;
    let path = format!("/people/{}", me["person"].as_str().unwrap());
    root.patch(&path, json!({ "disabled": true })).await.ok().await;
    assert_eq!(ana.get("/session").await.status(), 401);
    assert_eq!(stage.bearer(token["secret"].as_str().unwrap()).get("/session").await.status(), 401);
    let again = stage.nobody().post("/session", json!({ "name": "ana", "password": PASSWORD })).await;
    assert_eq!(again.problem().await, "wrong_credentials");
}

#[tokio::test]
async fn names_are_unique_without_regard_to_case_and_plain() {
    let stage = stage().await;
    let root = stage.administrator().await;
    assert_eq!(root.post("/people", json!({ "name": "Root", "roles": [] })).await.problem().await, "conflict");
    assert_eq!(root.post("/people", json!({ "name": "a b", "roles": [] })).await.problem().await, "invalid");
}
