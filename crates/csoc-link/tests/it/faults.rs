//! What breaks between the ends, and how soon who notices.

use std::sync::Arc;
use std::time::{Duration, Instant};

use csoc_link::agent::{Dial, Event};
use csoc_link::connection::Options;
use csoc_link::hello::Refusal;
use csoc_link::identity::Authority;
use csoc_link::{Class, LinkError};
use csoc_testkit::wait;
use csoc_testkit::wire::Wire;
use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;
use jiff::Timestamp;

use crate::stage::{CLUSTER, Clock, FAST, LIMIT, RunningAgent, Server, Setting, get, join, pair, route, text};

fn fast() -> Setting {
    Setting { options: Options { pulse: FAST, ..Options::default() }, ..Setting::default() }
}

async fn over_a_wire(setting: Setting) -> (Server, Wire, RunningAgent) {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, setting).await;
    let wire = Wire::to(server.address).await;
    let joined = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let agent = RunningAgent::start(route(wire.address()), joined.tls, FAST);
    server.connected().await;
    (server, wire, agent)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_a_firewall_forgot_is_noticed_by_both_ends_and_dialed_anew() {
    let (server, wire, mut agent) = over_a_wire(fast()).await;
    let link = server.connected().await;
    let mut watch = get(&link, Class::Control, "/quiet").await.unwrap();
    wire.freeze();
    let broken = tokio::time::timeout(LIMIT, watch.body_mut().frame()).await.expect("the server notices");
    assert!(matches!(broken, Some(Err(LinkError::Lost(_)))), "{broken:?}");
    agent.event(|event| matches!(event, Event::Ended { class: Class::Control })).await;
    assert!(matches!(get(&link, Class::Control, "/small").await, Err(LinkError::NotConnected | LinkError::Lost(_))));
    wire.thaw();
    let again = server.connected().await;
    assert_eq!(again.epoch, link.epoch);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_in_flight_fail_at_once_when_the_agent_dies() {
    let (server, agent, link) = pair(Setting::default()).await;
    let waiting = tokio::spawn({
        let link = link.clone();
        async move { get(&link, Class::Control, "/never").await.map(drop) }
    });
    wait::until_async("the request is on its way", LIMIT, || async { (link.open_streams() > 0).then_some(()) }).await;
    let begin = Instant::now();
    agent.kill().await;
    let failed = tokio::time::timeout(LIMIT, waiting).await.unwrap().unwrap().unwrap_err();
    assert!(matches!(failed, LinkError::Lost(_)) && !failed.never_sent(), "{failed:?}");
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    wait::until("the registry knows", LIMIT, || server.registry.link(CLUSTER).is_err().then_some(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_loses_and_delays_only_makes_it_slower() {
    let (server, wire, _agent) = over_a_wire(Setting::default()).await;
    wire.delay(Duration::from_millis(20));
    wire.lose(20, Duration::from_millis(200));
    let link = server.connected().await;
    let response = get(&link, Class::Bulk, "/bytes/2097152").await.unwrap();
    assert_eq!(text(response).await.unwrap().len(), 2 << 20);
    assert_eq!(text(get(&link, Class::Control, "/small").await.unwrap()).await.unwrap(), "small");
}

#[tokio::test(flavor = "multi_thread")]
async fn drained_agents_dial_anew_first_and_what_was_begun_is_finished() {
    let (server, mut agent, link) = pair(Setting::default()).await;
    let mut download = get(&link, Class::Control, "/flood").await.unwrap();
    download.body_mut().frame().await.unwrap().unwrap();
    for _ in Class::ALL {
        agent.event(|event| matches!(event, Event::Admitted { .. })).await;
    }
    assert_eq!(server.registry.drain(Duration::from_millis(50)).await, 2);
    for _ in Class::ALL {
        agent.event(|event| matches!(event, Event::Admitted { .. })).await;
    }
    // The old connection takes nothing new and finishes what it has.
    for _ in 0..200 {
        download.body_mut().frame().await.unwrap().unwrap();
    }
    let anew = server.connected().await;
    assert_eq!((anew.epoch, anew.agent.incarnation), (link.epoch, link.agent.incarnation));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_stopped_finishes_what_it_was_asked() {
    let (server, agent, link) = pair(Setting::default()).await;
    let mut download = get(&link, Class::Control, "/bytes/8388608").await.unwrap();
    download.body_mut().frame().await.unwrap().unwrap();
    let ending = tokio::spawn(agent.end());
    wait::until_async("nothing new is taken", LIMIT, || async {
        get(&link, Class::Control, "/small").await.err().filter(LinkError::never_sent)
    })
    .await;
    // All of it, although the agent is going.
    text(download).await.unwrap();
    ending.await.unwrap();
    wait::until("the registry knows", LIMIT, || server.registry.link(CLUSTER).is_err().then_some(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_agent_takes_over_and_the_older_one_stands_by() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let joined = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let mut old = RunningAgent::start(route(server.address), joined.tls.clone(), FAST);
    let first = server.connected().await;
    let _new = RunningAgent::start(route(server.address), joined.tls, FAST);
    old.event(|event| matches!(event, Event::Refused { reason: Refusal::Superseded, .. })).await;
    let second = server.connected().await;
    assert_eq!(second.epoch, first.epoch + 1);
    assert_ne!(second.agent.incarnation, first.agent.incarnation);
}

#[tokio::test(flavor = "multi_thread")]
async fn revocation_cuts_a_live_agent_within_a_second_and_it_does_not_come_back() {
    let (server, mut agent, link) = pair(Setting::default()).await;
    let mut watch = get(&link, Class::Control, "/quiet").await.unwrap();
    server.book.keys.lock().unwrap().remove(&CLUSTER);
    let begin = Instant::now();
    assert!(server.registry.revoke(CLUSTER));
    assert!(tokio::time::timeout(LIMIT, watch.body_mut().frame()).await.unwrap().unwrap().is_err());
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    agent.event(|event| matches!(event, Event::Refused { reason: Refusal::Revoked, .. })).await;
    assert!(server.registry.link(CLUSTER).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_for_the_same_cluster_is_refused_and_reported() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let stolen = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let rightful = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let mut thief = RunningAgent::start(route(server.address), stolen.tls, FAST);
    thief.event(|event| matches!(event, Event::Refused { reason: Refusal::OtherKey, .. })).await;
    let _agent = RunningAgent::start(route(server.address), rightful.tls, FAST);
    server.connected().await;
    assert!(server.book.refused.lock().unwrap().contains(&Refusal::OtherKey));
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_instead_of_http2_ends_in_an_error_and_nothing_else() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, fast()).await;
    let joined = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let (route, tls) = (route(server.address), joined.tls.clone());
    for nonsense in
        [&b""[..], b"HTTP/1.1 200 OK\r\n\r\n", &[0xff; 4096], &[0, 0, 0, 4, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff]]
    {
        let mut stream = csoc_link::dial::dial(&route, tls.clone(), Class::Control.protocol()).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, nonsense).await.unwrap();
        tokio::io::AsyncWriteExt::shutdown(&mut stream).await.unwrap();
    }
    wait::until("all four are turned away", LIMIT, || (server.errors.lock().unwrap().len() == 4).then_some(()));
    let _agent = RunningAgent::start(route, joined.tls, FAST);
    server.connected().await;
}

/// Descriptors and tasks after many reconnects are those of the beginning.
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_broken_connections_leave_nothing_behind() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let joined = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let route = route(server.address);
    let dial: Dial = Arc::new(move |class: Class| {
        let (route, tls) = (route.clone(), joined.tls.clone());
        async move {
            let stream = csoc_link::dial::dial(&route, tls, class.protocol()).await;
            stream.map(|s| Box::new(s) as csoc_link::BoxIo)
        }
        .boxed()
    });
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    for _ in 0..100 {
        let agent = RunningAgent::with(Arc::clone(&dial), FAST);
        server.connected().await;
        agent.kill().await;
    }
    wait::until_async("all tasks of the connections have ended", LIMIT, || async {
        (tasks() <= before + 2).then_some(())
    })
    .await;
}
