//! Exec, attach and port-forward, as kubectl sees them through the link.

use csoc_link::upgrade::Upgraded;
use csoc_link::{Class, Link, Sending};
use http::Request;
use http_body_util::BodyExt as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stage::{Setting, get, pair, text};

async fn ask(link: &Link, path: &str) -> Upgraded {
    let request = Request::builder()
        .method("GET")
        .uri(format!("http://agent{path}"))
        .header("connection", "Upgrade, X-Hop")
        .header("x-hop", "for this hop only")
        .header("upgrade", "websocket")
        .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==")
        .body(())
        .unwrap();
    link.upgrade(Class::Control, request, Sending::by("tester")).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_pass_both_ways_and_each_side_ends_on_its_own() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    let Upgraded::Switched(head, mut io) = ask(&link, "/exec?command=sh&command=-c").await else { panic!("refused") };
    assert_eq!((head.status().as_u16(), &head.headers()["upgrade"]), (101, &"websocket".parse().unwrap()));
    assert_eq!(head.headers()["x-method"], "GET");
    assert_eq!(head.headers()["x-query"], "command=sh&command=-c");
    assert_eq!(head.headers()["sec-websocket-protocol"], "v5.channel.k8s.io");
    io.write_all(b"hello").await.unwrap();
    let mut said = [0; 5];
    io.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"hello");
    // Our side ends; the other one still has something to say.
    io.shutdown().await.unwrap();
    let mut rest = Vec::new();
    io.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, b"|end");
    wait_for_streams(&link, 1).await;
    drop(io);
    wait_for_streams(&link, 0).await;
}

async fn wait_for_streams(link: &Link, count: u32) {
    csoc_testkit::wait::until_async(&format!("{count} streams are open"), crate::stage::LIMIT, || async {
        (link.open_streams() == count).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_goes_back_as_it_is() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    // 200 without switching is an answer too, and not a switched stream.
    for (path, status) in [("/denied", 403), ("/ok", 200)] {
        let Upgraded::Refused(answer) = ask(&link, path).await else { panic!("switched") };
        assert_eq!((answer.status().as_u16(), &answer.headers()["x-why"]), (status, &"rbac".parse().unwrap()));
        assert!(!answer.headers().contains_key("csoc-status"));
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "not for you");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_shells_at_once_and_the_link_stays_quick() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    let shells = (0..100).map(|n: u32| {
        let link = link.clone();
        async move {
            let Upgraded::Switched(_, mut io) = ask(&link, "/exec").await else { panic!("refused") };
            let line = format!("line {n}");
            io.write_all(line.as_bytes()).await.unwrap();
            io.shutdown().await.unwrap();
            let mut said = String::new();
            io.read_to_string(&mut said).await.unwrap();
            assert_eq!(said, format!("{line}|end"));
        }
    });
    futures_util::future::join_all(shells).await;
    assert_eq!(text(get(&link, Class::Control, "/small").await.unwrap()).await.unwrap(), "small");
}
