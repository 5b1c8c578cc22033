//! What a Git host calls when something landed.

use std::time::Duration;

use aws_lc_rs::hmac;
use csoc_testkit::fleets::Story;
use csoc_testkit::wait::until_async;
use reqwest::Method;
use serde_json::json;

use crate::small::{commons, land};
use crate::stage::{Person, organization, source, stage};

const BODY: &str = r#"{"ref":"refs/heads/main"}"#;

fn signature(secret: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), BODY.as_bytes());
    tag.as_ref().iter().fold("sha256=".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

async fn call(who: &Person, source: &str, header: (&str, &str)) -> u16 {
    let request = who.request(Method::POST, &format!("/webhooks/{source}")).header(header.0, header.1).body(BODY);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_call_brings_the_landing_and_any_other_nothing() {
    let mut story = Story::new();
    let values = |tag: &str| format!("global:\n  hostname: data.example.org\nfence:\n  image:\n    tag: {tag}\n");
    land(&mut story, "Import", &commons("c1/data.example.org", &[("values.yaml", &values("2026.05"))]));
    let stage = stage().await;
    let root = stage.administrator().await;
    let north = organization(&root, "North").await;
    let id = source(&root, &north, "gitops", &story.path()).await;
    let host = stage.nobody();
    assert_eq!(call(&host, &id, ("x-gitlab-token", "")).await, 401, "no webhook, no secret, no call");
    let hook = root.post(&format!("/sources/{id}/webhook"), json!({})).await.is(201).await;
    let secret = hook["secret"].as_str().unwrap();
    land(&mut story, "fence 2026.06", &commons("c1/data.example.org", &[("values.yaml", &values("2026.06"))]));

    assert_eq!(call(&host, &id, ("x-hub-signature-256", &signature("guessed"))).await, 401);
    assert_eq!(call(&host, &id, ("x-gitlab-token", "guessed")).await, 401);
    assert_eq!(call(&host, &id, ("x-nothing", "")).await, 401);
    let nowhere = uuid::Uuid::now_v7().to_string();
    assert_eq!(call(&host, &nowhere, ("x-hub-signature-256", &signature(secret))).await, 401);
    let refused = root.get("/audit?filter=action:webhook.call").await.ok().await;
    assert_eq!((&refused["total"], &refused["items"][0]["result"]), (&json!(5), &json!("refused")));

    for header in [("x-hub-signature-256", signature(secret)), ("x-gitlab-token", secret.to_owned())] {
        for _replayed in 0..2 {
            assert_eq!(call(&host, &id, (header.0, &header.1)).await, 202);
        }
    }
    let changes = until_async("the landing is shown", Duration::from_secs(60), || async {
        let changes = root.get("/changes").await.ok().await;
        (changes["total"] == 2).then_some(changes)
    })
    .await;
    assert_eq!(changes["items"][0]["title"], "fence 2026.06");
}
