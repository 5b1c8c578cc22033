//! Setting up, signing in and out, sessions, tokens, and how fast one may guess.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::on_both;
use crate::stage::{PASSWORD, organization, stage, staged};

const HOUR: Duration = Duration::from_secs(3600);

on_both! {
async fn the_first_person_is_made_with_the_printed_code_once(stage: Stage) {
    let nobody = stage.nobody();
    assert_eq!(nobody.get("/setup").await.ok().await["needed"], true);
    let ask = |code: String| json!({ "code": code, "name": "root", "password": PASSWORD });
    assert_eq!(nobody.post("/setup", ask("guess".into())).await.problem().await, "invalid");
    let root = stage.administrator().await;
    let me = root.get("/session").await.ok().await;
    assert_eq!((&me["name"], &me["credential"]), (&json!("root"), &json!("session")));
    assert!(me["permissions"].as_array().unwrap().contains(&json!("settings:edit")));
    assert_eq!(nobody.get("/setup").await.ok().await["needed"], false);
    assert_eq!(nobody.post("/setup", ask(stage.setup_code())).await.problem().await, "conflict");
}
}

on_both! {
async fn a_wrong_password_and_an_unknown_name_are_told_alike(stage: Stage) {
    let root = stage.administrator().await;
    let nobody = stage.nobody();
    for name in ["root", "hunter2-typed-as-name"] {
        let answer = nobody.post("/session", json!({ "name": name, "password": "wrong" })).await;
        assert_eq!((answer.status(), answer.problem().await.as_str()), (401, "wrong_credentials"));
    }
    let refused = root.get("/audit?filter=action:session.create%20result:refused").await.ok().await;
    assert_eq!(refused["total"], 2);
    assert!(!refused.to_string().contains("hunter2"), "what was typed as a name may be a password: {refused}");
    stage.sign_in("ROOT", PASSWORD).await;
}
}

on_both! {
async fn guessing_becomes_slow_for_everybody_who_tries_that_name(stage: Stage) {
    stage.administrator().await;
    let nobody = stage.nobody();
    let guess = || async { nobody.post("/session", json!({ "name": "root", "password": "x" })).await };
    for _ in 0..5 {
        assert_eq!(guess().await.status(), 401);
    }
    let told = guess().await;
    assert_eq!((told.status(), told.header("retry-after").as_str()), (429, "1"));
    // The right password waits as well: otherwise the wait would tell which one is right.
    let right = json!({ "name": "root", "password": PASSWORD });
    assert_eq!(nobody.post("/session", right.clone()).await.problem().await, "throttled");
    stage.app.clock.advance(Duration::from_secs(2));
    nobody.post("/session", right).await.ok().await;
    assert_eq!(guess().await.status(), 401, "after signing in counting begins anew");
}
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_after_a_week_in_any_case() {
    let stage = stage().await;
    let root = stage.administrator().await;
    stage.app.clock.advance(11 * HOUR);
    root.get("/session").await.ok().await;
    stage.app.clock.advance(11 * HOUR);
    root.get("/session").await.ok().await;
    stage.app.clock.advance(13 * HOUR);
    assert_eq!(root.get("/session").await.problem().await, "not_signed_in");
    let again = stage.sign_in("root", PASSWORD).await;
    for _ in 0..16 {
        stage.app.clock.advance(10 * HOUR);
        again.get("/session").await.ok().await;
    }
    stage.app.clock.advance(9 * HOUR);
    assert_eq!(again.get("/session").await.status(), 401);
}

on_both! {
async fn sessions_are_listed_and_ended(stage: Stage) {
    let (first, second) = (stage.administrator().await, stage.sign_in("root", PASSWORD).await);
    let rows = first.get("/me/sessions").await.ok().await;
    let other = rows.as_array().unwrap().iter().find(|row| row["current"] == false).unwrap();
    assert_eq!(other["address"], "127.0.0.1");
    first.delete(&format!("/me/sessions/{}", other["id"].as_str().unwrap())).await.is(204).await;
    assert_eq!(second.get("/session").await.status(), 401);
    let out = first.delete("/session").await;
    assert!(out.header("set-cookie").starts_with("csoc=; "), "{}", out.header("set-cookie"));
    assert_eq!(first.get("/session").await.status(), 401);
}
}

#[tokio::test]
async fn signing_in_again_ends_the_browsers_session_before() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let me = root.post("/session", json!({ "name": "root", "password": PASSWORD })).await.ok().await;
    assert_ne!(me["csrf"], json!(null));
    let rows = stage.sign_in("root", PASSWORD).await.get("/me/sessions").await.ok().await;
    assert_eq!(rows.as_array().unwrap().len(), 2, "the one before was ended: {rows}");
}

#[tokio::test]
async fn cookies_are_secure_where_there_is_https() {
    let body = json!({ "name": "root", "password": PASSWORD });
    let plain = stage().await;
    plain.administrator().await;
    let cookie = plain.nobody().post("/session", body.clone()).await.header("set-cookie");
    assert!(cookie.starts_with("csoc=") && cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
    let covered = staged(|config| config.proxies.in_front = true).await;
    let code = covered.setup_code();
    let setup = json!({ "code": code, "name": "root", "password": PASSWORD });
    let answer = covered.nobody().post("/setup", setup).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-csoc=") && cookie.ends_with("; Secure"), "{cookie}");
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn a_change_that_another_site_made_is_refused() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let body = json!({ "name": "North" });
    assert_eq!(root.without_csrf().post("/organizations", body.clone()).await.problem().await, "cross_site");
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")] {
        let sent = root.request(Method::POST, "/organizations").header(name, value).json(&body).send().await.unwrap();
        assert_eq!(sent.status(), 403, "{name}: {value}");
    }
    let elsewhere = stage.nobody().request(Method::POST, "/session").header("origin", "https://evil.example");
    let sign_in = json!({ "name": "root", "password": PASSWORD });
    assert_eq!(elsewhere.json(&sign_in).send().await.unwrap().status(), 403, "signing somebody in is a change, too");
    let own = root.request(Method::POST, "/organizations").header("origin", &stage.url).json(&body);
    assert_eq!(own.send().await.unwrap().status(), 201);
    let refused = root.get("/audit?filter=result:refused").await.ok().await;
    assert_eq!(refused["total"], 5, "{refused}");
}

on_both! {
async fn a_token_is_shown_once_and_narrows(stage: Stage) {
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let ask = json!({ "name": "ci", "permissions": ["source:read"], "organization": north, "days": 7 });
    let made = root.post("/tokens", ask.clone()).await.is(201).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with(made["token"]["prefix"].as_str().unwrap()) && secret.starts_with("csoc_"));
    assert!(!root.get("/tokens").await.ok().await.to_string().contains(secret));
    let ci = stage.bearer(secret);
    ci.get("/sources").await.ok().await;
    assert_eq!(ci.get("/people").await.problem().await, "forbidden");
    assert_eq!(ci.get("/session").await.ok().await["organizations"][0]["id"], json!(north));
    assert_eq!(ci.post("/tokens", ask).await.problem().await, "forbidden", "a token cannot make tokens");
    stage.app.clock.advance(Duration::from_secs(7 * 24 * 3600));
    assert_eq!(ci.get("/sources").await.problem().await, "not_signed_in");
}
}

#[tokio::test]
async fn a_revoked_token_ends_at_once() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let made = root.post("/tokens", json!({ "name": "ci", "days": 7 })).await.is(201).await;
    let ci = stage.bearer(made["secret"].as_str().unwrap());
    ci.get("/sources").await.ok().await;
    root.delete(&format!("/tokens/{}", made["token"]["id"].as_str().unwrap())).await.is(204).await;
    assert_eq!(ci.get("/sources").await.status(), 401);
    let mistakes = root.post("/tokens", json!({ "name": "", "days": 0, "permissions": ["x"] })).await.is(422).await;
    assert_eq!(mistakes["errors"].as_array().unwrap().len(), 3, "every mistake at once: {mistakes}");
}

on_both! {
async fn who_got_a_one_time_password_must_choose_their_own_first(stage: Stage) {
    let root = stage.administrator().await;
    let made = root.post("/people", json!({ "name": "ana", "roles": [{ "role": "viewer" }] })).await.is(201).await;
    let once = made["one_time_password"].as_str().unwrap();
    let ana = stage.sign_in("ana", once).await;
    assert_eq!(ana.get("/session").await.ok().await["must_change_password"], true);
    assert_eq!(ana.get("/sources").await.problem().await, "must_change_password");
    let weak = ana.post("/me/password", json!({ "current": once, "new": "short" })).await;
    assert_eq!(weak.problem().await, "invalid");
    ana.post("/me/password", json!({ "current": once, "new": PASSWORD })).await.is(204).await;
    ana.get("/sources").await.ok().await;
    assert_eq!(stage.nobody().post("/session", json!({ "name": "ana", "password": once })).await.status(), 401);
}
}

#[tokio::test]
async fn no_secret_is_in_the_data_folder_in_clear() {
    let mut stage = stage().await;
    let root = stage.administrator().await;
    let token = root.post("/tokens", json!({ "name": "ci", "days": 7 })).await.is(201).await;
    let north = organization(&root, "North").await;
    let source = json!({ "organization": north, "name": "far", "kind": "fleet", "branch": "main", "interval_seconds": 0,
        "location": "https://127.0.0.1:9/none", "credential": { "auth": "token", "token": "ghp_verysecrettoken" } });
    root.post("/sources", source).await.is(201).await;
    stage.stop().await;
    let secrets = [PASSWORD, "ghp_verysecrettoken", token["secret"].as_str().unwrap()];
    for entry in std::fs::read_dir(&stage.data).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned();
        assert!(secrets.iter().all(|secret| !bytes.contains(secret)), "{}", entry.path().display());
    }
}

#[tokio::test]
async fn without_sign_in_everybody_on_loopback_is_administrator_and_the_audit_says_so() {
    let stage = staged(|config| config.no_sign_in = true).await;
    let local = stage.nobody();
    organization(&local, "North").await;
    let rows = local.get("/audit?filter=action:organization.create").await.ok().await;
    assert_eq!((&rows["items"][0]["actor"], &rows["items"][0]["credential"]), (&json!("local"), &json!("loopback")));
    let elsewhere = local.request(Method::POST, "/organizations").header("origin", "https://evil.example");
    assert_eq!(elsewhere.json(&json!({ "name": "x" })).send().await.unwrap().status(), 403);
}
