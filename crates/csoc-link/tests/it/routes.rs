//! The ways through a firewall.

use csoc_link::Class;
use csoc_link::dial::{DialError, Route, dial};
use csoc_link::identity::Authority;
use csoc_link::settings::Pulse;
use csoc_testkit::wire::ConnectProxy;
use jiff::Timestamp;

use crate::stage::{Clock, RunningAgent, Server, Setting, get, join, route, text};

async fn a_link_over(setting: Setting, way: impl AsyncFnOnce(&Server) -> Route) {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, setting).await;
    let joined = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let _agent = RunningAgent::start(way(&server).await, joined.tls, Pulse::default());
    let link = server.connected().await;
    let bytes = text(get(&link, Class::Bulk, "/bytes/3000000").await.unwrap()).await.unwrap();
    assert_eq!(bytes.len(), 3_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn through_an_http_proxy_that_wants_a_password() {
    // user:p@s&s=+ word
    let proxy = ConnectProxy::start(Some("Basic dXNlcjpwQHMmcz0rIHdvcmQ=")).await;
    let address = format!("http://user:p%40s&s=+%20word@{}", proxy.address());
    a_link_over(Setting::default(), async |server| Route {
        proxy: Some(address.parse().unwrap()),
        ..route(server.address)
    })
    .await;
    assert_eq!(proxy.opened(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn inside_a_websocket() {
    let setting = Setting { websocket: true, ..Setting::default() };
    a_link_over(setting, async |server| Route {
        server: format!("ws://{}/link", server.address).parse().unwrap(),
        ..route(server.address)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inside_a_websocket_through_a_proxy() {
    let proxy = ConnectProxy::start(None).await;
    let address = format!("http://{}", proxy.address());
    let setting = Setting { websocket: true, ..Setting::default() };
    a_link_over(setting, async |server| Route {
        server: format!("ws://{}/link", server.address).parse().unwrap(),
        proxy: Some(address.parse().unwrap()),
        outer: None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_that_fails_says_which_it_was() {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, Setting::default()).await;
    let joined = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let proxy = ConnectProxy::start(Some("Basic eDp5")).await;
    let fail = async |route: Route| dial(&route, joined.tls.clone(), Class::Control.protocol()).await.err().unwrap();
    let nobody = fail(route("127.0.0.1:1".parse().unwrap())).await;
    assert!(matches!(nobody, DialError::Connect { port: 1, .. }), "{nobody}");
    let refused = fail(Route {
        proxy: Some(format!("http://user:secret@{}", proxy.address()).parse().unwrap()),
        ..route(server.address)
    })
    .await;
    assert!(refused.to_string().contains("407") && !refused.to_string().contains("secret"), "{refused}");
    let no_websocket =
        fail(Route { server: format!("ws://{}/link", proxy.address()).parse().unwrap(), ..route(server.address) })
            .await;
    assert!(matches!(no_websocket, DialError::WebSocket { .. }), "{no_websocket}");
    let address = fail(Route { server: "https://csoc.example".parse().unwrap(), ..route(server.address) }).await;
    assert!(matches!(address, DialError::Address(_)), "{address}");
}

/// A load balancer that ends the outer TLS, or whoever sits at its place, cannot be the server.
#[tokio::test(flavor = "multi_thread")]
async fn inside_a_websocket_the_tls_is_still_ours() {
    let (ours, theirs) = (Authority::create(Timestamp::now()).unwrap(), Authority::create(Timestamp::now()).unwrap());
    let setting = Setting { websocket: true, ..Setting::default() };
    let middle = Server::start(&theirs, setting).await;
    let joined = join(&ours, &middle.book, Timestamp::now(), Clock::default());
    let route = Route { server: format!("ws://{}/link", middle.address).parse().unwrap(), proxy: None, outer: None };
    let refused = dial(&route, joined.tls, Class::Control.protocol()).await.err().unwrap();
    assert!(matches!(refused, DialError::Tls(_)), "{refused}");
}
