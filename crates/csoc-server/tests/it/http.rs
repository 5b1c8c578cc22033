//! What holds for every answer: headers, problems, limits, what is not sent twice.

use std::time::Duration;

use csoc_testkit::wait::until_async;
use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{organization, stage, staged};

#[tokio::test]
async fn every_answer_has_an_id_and_strict_headers() {
    let stage = stage().await;
    let answer = stage.nobody().get("/setup").await;
    assert_eq!(answer.header("x-request-id").len(), 32);
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let given = stage.nobody().request(Method::GET, "/setup").header("x-request-id", "mine-1").send().await.unwrap();
    assert_eq!(given.headers()["x-request-id"], "mine-1");
}

#[tokio::test]
async fn whatever_goes_wrong_is_a_problem() {
    let stage = stage().await;
    let nobody = stage.nobody();
    assert_eq!(nobody.get("/nothing/here").await.problem().await, "not_found");
    assert_eq!(nobody.delete("/setup").await.problem().await, "method_not_allowed");
    let raw =
        |body: String, kind: &str| nobody.request(Method::POST, "/session").header("content-type", kind).body(body);
    for (body, kind, status) in [
        ("{".to_owned(), "application/json", 422),
        ("{}".to_owned(), "application/json", 422),
        ("{}".to_owned(), "text/plain", 415),
        (format!("{{\"name\":\"{}\"}}", "x".repeat(2_000_000)), "application/json", 413),
    ] {
        let answer = raw(body, kind).send().await.unwrap();
        assert_eq!(answer.status(), status, "{kind}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    let told = raw("{\"name\":\"a\",\"password\":12345678}".to_owned(), "application/json").send().await.unwrap();
    let problem: Value = told.json().await.unwrap();
    assert_eq!(problem["errors"][0]["field"], "/password");
    assert!(!problem.to_string().contains("12345678"), "what was sent may be a password: {problem}");
}

#[tokio::test]
async fn what_the_reader_has_is_not_sent_again() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let tag = root.get("/organizations").await.header("etag");
    let again = || root.request(Method::GET, "/organizations").header("if-none-match", &tag).send();
    assert_eq!(again().await.unwrap().status(), 304);
    root.post("/organizations", json!({ "name": "North" })).await.is(201).await;
    assert_eq!(again().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_name_that_was_pointed_at_loopback_is_not_answered() {
    let stage = staged(|config| config.no_sign_in = true).await;
    let ask = |host: &'static str| stage.nobody().request(Method::GET, "/sources").header("host", host).send();
    assert_eq!(ask("evil.example:8080").await.unwrap().status(), 403);
    assert_eq!(ask("localhost:8080").await.unwrap().status(), 200);
    assert_eq!(ask("[::1]:8080").await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_page_allows_only_its_own_files() {
    let stage = stage().await;
    for path in ["/", "/ui/any/page"] {
        let page = stage.nobody().get(path).await;
        assert_eq!((page.status(), page.header("content-type").as_str()), (200, "text/html; charset=utf-8"));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self';") && policy.contains("style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    assert_eq!(stage.nobody().get("/assets/none.js").await.problem().await, "not_found");
}

#[tokio::test]
async fn the_contract_is_served_and_can_be_read() {
    let stage = stage().await;
    let document = stage.nobody().get("/openapi.json").await.ok().await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let page = stage.nobody().get("/api/docs").await.text().await;
    assert!(
        page.contains("/api/v1/sources/{id}/fetch") && page.contains("id=\"SourceRow\"") && !page.contains("<script")
    );
}

#[tokio::test]
async fn health_and_measures_are_there_for_who_watches() {
    let stage = stage().await;
    let nobody = stage.nobody();
    assert_eq!(nobody.get("/healthz").await.text().await, "ok\n");
    let ready = async || (nobody.get("/readyz").await.status() == 200).then_some(());
    until_async("the server is ready", Duration::from_secs(10), ready).await;
    nobody.get("/sources").await.is(401).await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let away = json!({ "organization": north, "name": "away", "kind": "fleet", "location": "/nowhere/fleet.git" });
    root.post("/sources", away).await.is(201).await;
    let text = nobody.get("/metrics").await.text().await;
    assert!(text.contains("csoc_source_age_seconds{source=\"away\""), "{text}");
    assert!(text.contains("route=\"/api/v1/sources\",status=\"401\""), "{text}");
}

#[tokio::test]
async fn measures_are_not_for_everybody_elsewhere() {
    let stage = staged(|config| config.proxies.in_front = true).await;
    let from = |who: &crate::stage::Person| {
        who.request(Method::GET, "/metrics").header("x-forwarded-for", "203.0.113.9").send()
    };
    assert_eq!(from(&stage.nobody()).await.unwrap().status(), 401);
}
