//! The stream of events: who hears what, and for how long.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::{Method, Response};
use serde_json::json;

use crate::stage::{Person, organization, stage};

/// Reads events of one stream.
struct Listener {
    response: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<axum::body::Bytes>> + Send>>,
    text: String,
}

async fn listen(who: &Person) -> Listener {
    let response: Response = who.request(Method::GET, "/events").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut listener = Listener { response: Box::pin(response.bytes_stream()), text: String::new() };
    assert!(listener.next().await.unwrap().starts_with("event: hello"));
    listener
}

impl Listener {
    /// The next event; `None` when the stream ended.
    async fn next(&mut self) -> Option<String> {
        let heard = async {
            loop {
                if let Some((event, rest)) = self.text.split_once("\n\n") {
                    let (event, rest) = (event.to_owned(), rest.to_owned());
                    self.text = rest;
                    return Some(event);
                }
                self.text.push_str(&String::from_utf8_lossy(&self.response.next().await?.ok()?));
            }
        };
        tokio::time::timeout(Duration::from_secs(10), heard).await.expect("an event within ten seconds")
    }
}

#[tokio::test]
async fn a_reader_hears_of_its_own_organizations_only() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let (north, south) = (organization(&root, "North").await, organization(&root, "South").await);
    let ana = stage.person(&root, "ana", "viewer", Some(&north)).await;
    let mut listener = listen(&ana).await;
    for (organization, name) in [(&south, "Southern"), (&north, "Northern")] {
        root.patch(&format!("/organizations/{organization}"), json!({ "name": name })).await.ok().await;
    }
    root.patch("/settings", json!({ "session_hours": 5 })).await.ok().await;
    let (first, second) = (listener.next().await.unwrap(), listener.next().await.unwrap());
    assert!(first.contains("\"sources\"") && second.contains("[\"settings\"]"), "South was not told: {first} {second}");
}

#[tokio::test]
async fn a_stream_ends_with_the_session_that_opened_it() {
    let stage = stage().await;
    let root = stage.administrator().await;
    let ana = stage.person(&root, "ana", "viewer", None).await;
    let mut listener = listen(&ana).await;
    ana.delete("/session").await.is(204).await;
    organization(&root, "North").await;
    assert_eq!(listener.next().await, None, "what happened after the session is not told");
}

#[tokio::test]
async fn the_servers_end_ends_every_stream() {
    let mut stage = stage().await;
    let root = stage.administrator().await;
    let mut listener = listen(&root).await;
    let begin = std::time::Instant::now();
    stage.stop().await;
    assert_eq!(listener.next().await, None);
    assert!(begin.elapsed() < Duration::from_secs(2), "the draining did not wait for its limit");
}
