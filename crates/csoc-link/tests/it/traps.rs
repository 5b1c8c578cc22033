//! Every way in which HTTP/2 between two of our own programs was seen to stop. Each of these fails with the
//! library's defaults.

use std::time::{Duration, Instant};

use csoc_link::connection::Options;
use csoc_link::{Class, LinkError, Sending};
use http::StatusCode;
use http_body_util::BodyExt as _;

use crate::stage::{LIMIT, Setting, get, pair, request, text};

/// Longer than this for something small means that somebody else is in the way.
const AT_ONCE: Duration = Duration::from_secs(2);

async fn small(link: &csoc_link::Link, class: Class) -> Duration {
    let begin = Instant::now();
    let answered = tokio::time::timeout(LIMIT, async { text(get(link, class, "/small").await?).await });
    assert_eq!(answered.await.expect("a small request is answered").unwrap(), "small");
    begin.elapsed()
}

/// By default about 1,024 frames that arrive for cancelled streams, over the connection's life, end it.
#[tokio::test(flavor = "multi_thread")]
async fn cancelled_downloads_do_not_end_the_connection() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    for _ in 0..40 {
        let downloads = (0..100).map(|_| async {
            let mut response = get(&link, Class::Control, "/flood").await.unwrap();
            response.body_mut().frame().await.unwrap().unwrap();
        });
        futures_util::future::join_all(downloads).await;
    }
    assert!(small(&link, Class::Control).await < AT_ONCE);
}

/// By default twenty requests that were cancelled before they were looked at end the connection.
#[tokio::test(flavor = "multi_thread")]
async fn requests_cancelled_before_they_were_looked_at_do_not_end_it() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    for _ in 0..30 {
        let impatient = (0..100).map(|_| tokio::time::timeout(Duration::ZERO, get(&link, Class::Control, "/never")));
        futures_util::future::join_all(impatient).await;
    }
    assert!(small(&link, Class::Control).await < AT_ONCE);
}

/// With a window that adapts one is enough; with a connection window that is too small, a few are.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_stalled_readers_on_each_connection_are_felt_by_nobody() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    let mut stalled = Vec::new();
    for class in Class::ALL {
        for caller in 0..64 {
            let how = Sending::by(if caller < 32 { "one" } else { "two" });
            let mut response = link.send(class, request("/flood"), how).await.unwrap();
            response.body_mut().frame().await.unwrap().unwrap();
            stalled.push(response);
        }
    }
    // They fill their windows meanwhile.
    for _ in 0..20 {
        assert!(small(&link, Class::Control).await < AT_ONCE);
    }
    let bulk = link.send(Class::Bulk, request("/bytes/33554432"), Sending::own()).await.unwrap();
    assert_eq!(tokio::time::timeout(LIMIT, text(bulk)).await.unwrap().unwrap().len(), 32 << 20);
    drop(stalled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stalls_loses_its_stream_and_a_quiet_watch_does_not() {
    let stall = Duration::from_millis(600);
    let options = Options { stall: Some(stall), ..Options::default() };
    let (_server, _agent, link) = pair(Setting { options, ..Setting::default() }).await;
    let mut quiet = get(&link, Class::Control, "/quiet").await.unwrap();
    let watching = tokio::spawn(async move { quiet.body_mut().frame().await.map(|f| f.map(drop)) });
    let mut stalled = get(&link, Class::Control, "/flood").await.unwrap();
    stalled.body_mut().frame().await.unwrap().unwrap();
    tokio::time::sleep(stall * 2).await;
    let ended = stalled.body_mut().frame().await.unwrap();
    assert!(matches!(ended, Err(LinkError::Stalled(_))), "{ended:?}");
    assert!(!watching.is_finished());
    watching.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_streams_are_taken_the_next_gets_429_within_a_second_and_the_links_own_work_goes_on() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    let mut held = Vec::new();
    let refused = loop {
        let caller = format!("caller {}", held.len() / 8);
        match link.send(Class::Bulk, request("/quiet"), Sending::by(&caller)).await {
            Ok(response) => held.push(response),
            Err(refused) => break refused,
        }
    };
    assert_eq!((held.len(), refused.status()), (64, StatusCode::TOO_MANY_REQUESTS));
    let begin = Instant::now();
    let again = get(&link, Class::Bulk, "/small").await.unwrap_err();
    assert!(begin.elapsed() < Duration::from_secs(1) && again.never_sent(), "{again:?}");
    let own = link.send(Class::Bulk, request("/small"), Sending::own()).await.unwrap();
    assert_eq!(text(own).await.unwrap(), "small");
    // The other connection is another matter altogether.
    assert!(small(&link, Class::Control).await < AT_ONCE);
    drop(held);
    assert!(small(&link, Class::Bulk).await < AT_ONCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_come_is_given_up_and_gives_its_stream_back() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    let how = Sending { head: Some(Duration::from_millis(50)), ..Sending::by("tester") };
    for _ in 0..300 {
        let late = link.send(Class::Control, request("/never"), how);
        assert!(matches!(late.await, Err(LinkError::Late(_) | LinkError::TooMany { .. })));
    }
    assert!(small(&link, Class::Control).await < AT_ONCE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_upload_arrives_whole() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    let sent = bytes::Bytes::from(vec![7_u8; 8 << 20]);
    let request = http::Request::builder().method("POST").uri("http://agent/echo").body(csoc_link::full(sent.clone()));
    let response = link.send(Class::Bulk, request.unwrap(), Sending::by("tester")).await.unwrap();
    assert_eq!(text(response).await.unwrap(), sent);
}
