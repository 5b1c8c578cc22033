//! A server with a door, and agents that dial it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use csoc_link::accept::{AcceptError, Accepted, Door, Doorkeeper};
use csoc_link::agent::{Agent, Dial, Event, Service};
use csoc_link::body::LinkBody;
use csoc_link::connection::Options;
use csoc_link::dial::{Route, dial};
use csoc_link::enrolment::{self, Joining, NotGiven, Registrar};
use csoc_link::hello::{FromServer, Refusal};
use csoc_link::identity::{AgentKey, Authority, Fingerprint, TokenRecord};
use csoc_link::settings::Pulse;
use csoc_link::{Body, BoxIo, Class, Link, LinkError, Registry, Sending, full, tls, upgrade};
use csoc_testkit::wait;
use futures_util::FutureExt as _;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, Incoming};
use jiff::{SignedDuration, Timestamp};
use rustls::time_provider::TimeProvider;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub const CLUSTER: Uuid = Uuid::from_u128(42);
pub const LIMIT: Duration = Duration::from_secs(30);
/// Fast enough for a test, slow enough for a loaded machine.
pub const FAST: Pulse = Pulse { interval: Duration::from_millis(400), limit: Duration::from_millis(800) };

/// A clock that is off by so many seconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock(pub i64);

impl Clock {
    pub fn off(by: SignedDuration) -> Self {
        Self(by.as_secs())
    }

    pub fn now(self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.0)
    }

    pub fn shared(self) -> tls::Clock {
        Arc::new(self)
    }
}

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let seconds = u64::try_from(self.now().as_second()).ok()?;
        Some(rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// The recorded state: which key belongs to which cluster, and who was refused.
#[derive(Clone, Default)]
pub struct Book {
    pub keys: Arc<Mutex<HashMap<Uuid, Fingerprint>>>,
    pub refused: Arc<Mutex<Vec<Refusal>>>,
    pub tokens: Arc<Mutex<HashMap<Uuid, TokenRecord>>>,
    pub faults: Arc<Mutex<Vec<String>>>,
}

/// What stands behind joining and renewing.
pub struct Desk {
    pub book: Book,
    pub authority: Mutex<Arc<Authority>>,
    pub clock: Clock,
}

impl Registrar for Desk {
    async fn join(&self, joining: Joining) -> Result<Uuid, NotGiven> {
        let mut tokens = self.book.tokens.lock().unwrap();
        let record = tokens.get_mut(&joining.token.id).ok_or(NotGiven::Token)?;
        if let Err(fault) = record.check(&joining.token, self.clock.now()) {
            self.book.faults.lock().unwrap().push(fault.to_string());
            return Err(fault.into());
        }
        record.used = Some(self.clock.now());
        self.book.keys.lock().unwrap().insert(record.cluster, joining.key);
        Ok(record.cluster)
    }

    async fn registered(&self, cluster: Uuid) -> Option<Fingerprint> {
        Doorkeeper::registered(&self.book, cluster).await
    }

    fn authority(&self) -> Arc<Authority> {
        Arc::clone(&self.authority.lock().unwrap())
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn refused(&self, why: &str) {
        self.book.faults.lock().unwrap().push(why.to_owned());
    }
}

impl Doorkeeper for Book {
    async fn registered(&self, cluster: Uuid) -> Option<Fingerprint> {
        self.keys.lock().unwrap().get(&cluster).cloned()
    }

    async fn refused(&self, _: Uuid, _: &Fingerprint, reason: Refusal) {
        self.refused.lock().unwrap().push(reason);
    }
}

pub struct Server {
    pub address: SocketAddr,
    pub registry: Registry,
    pub book: Book,
    /// Why somebody was not let in, in order.
    pub errors: Arc<Mutex<Vec<String>>>,
    /// Who came to join or renew.
    pub enrolling: Arc<Mutex<Vec<Option<Uuid>>>>,
    pub desk: Arc<Desk>,
    _tasks: JoinSet<()>,
}

/// What a test may want otherwise.
#[derive(Clone, Default)]
pub struct Setting {
    pub options: Options,
    pub clock: Clock,
    pub websocket: bool,
}

impl Server {
    pub async fn start(authority: &Authority, setting: Setting) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, authority, setting)
    }

    pub fn on(listener: TcpListener, authority: &Authority, setting: Setting) -> Self {
        let (chain, key, _) = authority.sign_server(setting.clock.now()).unwrap();
        let tls = Arc::new(tls::server(chain, key, authority.trusted(), setting.clock.shared()).unwrap());
        let (registry, book) = (Registry::default(), Book::default());
        let door = Arc::new(Door {
            doorkeeper: book.clone(),
            registry: registry.clone(),
            hello: FromServer { version: "1.0.0".into(), replica: "a".into() },
            options: setting.options,
        });
        let address = listener.local_addr().unwrap();
        let authority = Arc::new(Authority::from_pem(&authority.to_pem()).unwrap());
        let desk = Arc::new(Desk { book: book.clone(), authority: Mutex::new(authority), clock: setting.clock });
        let at_desk = Arc::clone(&desk);
        let (errors, enrolling) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<Vec<_>>>::default());
        let (told, came) = (Arc::clone(&errors), Arc::clone(&enrolling));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                let desk = Arc::clone(&at_desk);
                let (door, tls, told, came) =
                    (Arc::clone(&door), Arc::clone(&tls), Arc::clone(&told), Arc::clone(&came));
                open.spawn(async move {
                    let io: BoxIo = if setting.websocket {
                        let config = Some(csoc_link::websocket::config());
                        let Ok(socket) = tokio_tungstenite::accept_async_with_config(stream, config).await else {
                            return;
                        };
                        Box::new(csoc_link::websocket::MessageStream::new(socket))
                    } else {
                        Box::new(stream)
                    };
                    match door.accept(io, tls, setting.clock.now()).await {
                        Ok(Accepted::Link { .. }) => {}
                        Ok(Accepted::Enrolment { stream, identity }) => {
                            came.lock().unwrap().push(identity.as_ref().map(|i| i.cluster));
                            enrolment::serve(*stream, identity, desk).await;
                        }
                        Err(error) => told.lock().unwrap().push(accept_error(&error)),
                    }
                });
            }
        });
        Self { address, registry, book, errors, enrolling, desk, _tasks: tasks }
    }

    pub async fn connected(&self) -> Link {
        wait::until_async("the cluster is connected", LIMIT, || async {
            let link = self.registry.link(CLUSTER).ok()?;
            // Both connections, so that a test of one class does not get the other.
            (get(&link, Class::Bulk, "/small").await.is_ok() && link.complete()).then_some(link)
        })
        .await
    }

    pub async fn error(&self, part: &str) {
        wait::until_async(&format!("somebody is turned away: {part}"), LIMIT, || async {
            self.errors.lock().unwrap().iter().any(|error| error.contains(part)).then_some(())
        })
        .await;
    }
}

fn accept_error(error: &AcceptError) -> String {
    error.to_string()
}

/// What an agent got when it joined.
pub struct Joined {
    pub key: AgentKey,
    pub tls: rustls::ClientConfig,
}

/// Joined at `at`, as the agent's own `clock` sees it later.
pub fn join(authority: &Authority, book: &Book, at: Timestamp, clock: Clock) -> Joined {
    let key = AgentKey::generate().unwrap();
    let (issued, fingerprint) = authority.sign_agent(&key.request().unwrap(), CLUSTER, None, at).unwrap();
    book.keys.lock().unwrap().insert(CLUSTER, fingerprint);
    let tls = tls::agent(authority.trusted(), issued.certificate, &key, clock.shared()).unwrap();
    Joined { key, tls }
}

pub struct RunningAgent {
    pub events: mpsc::Receiver<Event>,
    pub stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl RunningAgent {
    pub fn start(route: Route, tls: rustls::ClientConfig, pulse: Pulse) -> Self {
        let dialing: Dial = Arc::new(move |class: Class| {
            let (route, tls) = (route.clone(), tls.clone());
            async move { dial(&route, tls, class.protocol()).await.map(|s| Box::new(s) as BoxIo) }.boxed()
        });
        Self::with(dialing, pulse)
    }

    pub fn with(dial: Dial, pulse: Pulse) -> Self {
        let (events_in, events) = mpsc::channel(1000);
        let service: Service = Arc::new(|request| answer(request).boxed());
        let agent =
            Agent { dial, service, version: "1.0.0".into(), mode: "observe".into(), pulse, events: Some(events_in) };
        let stop = CancellationToken::new();
        let task = tokio::spawn(agent.run(stop.clone()));
        Self { events, stop, task }
    }

    /// As an orderly shutdown.
    pub async fn end(mut self) {
        self.stop.cancel();
        tokio::time::timeout(LIMIT, &mut self.task).await.expect("the agent stops").unwrap();
    }

    /// As kill -9: nobody says goodbye, the sockets close.
    pub async fn kill(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }

    pub async fn event(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        let waiting = async {
            loop {
                let event = self.events.recv().await.expect("the agent runs");
                if wanted(&event) {
                    return event;
                }
            }
        };
        tokio::time::timeout(LIMIT, waiting).await.expect("the event comes")
    }
}

impl Drop for RunningAgent {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub fn route(address: SocketAddr) -> Route {
    Route { server: format!("csoc://{address}").parse().unwrap(), proxy: None, outer: None }
}

/// A server and its agent, connected.
pub async fn pair(setting: Setting) -> (Server, RunningAgent, Link) {
    let authority = Authority::create(Timestamp::now()).unwrap();
    let server = Server::start(&authority, setting).await;
    let joined = join(&authority, &server.book, Timestamp::now(), Clock::default());
    let agent = RunningAgent::start(route(server.address), joined.tls, Pulse::default());
    let link = server.connected().await;
    (server, agent, link)
}

pub fn request(path: &str) -> Request<Body> {
    Request::builder().uri(format!("http://agent{path}")).body(csoc_link::empty()).unwrap()
}

pub async fn get(link: &Link, class: Class, path: &str) -> Result<Response<LinkBody>, LinkError> {
    link.send(class, request(path), Sending::by("tester")).await
}

pub async fn text(response: Response<LinkBody>) -> Result<Bytes, LinkError> {
    Ok(response.into_body().collect().await?.to_bytes())
}

/// What the agent's service does: enough to be a nuisance.
async fn answer(request: Request<Incoming>) -> Response<Body> {
    if let Some(asked) = upgrade::asked(&request) {
        return switch(request, &asked.unwrap());
    }
    let path = request.uri().path().to_owned();
    match path.as_str() {
        "/small" => Response::new(full("small")),
        "/echo" => Response::new(request.into_body().map_err(Into::into).boxed_unsync()),
        "/never" => std::future::pending().await,
        // Says it is there, and then nothing: a watch of something that does not change.
        "/quiet" => Response::new(stream(futures_util::stream::pending().boxed())),
        "/flood" => Response::new(stream(flood(u64::MAX))),
        _ => match path.strip_prefix("/bytes/").and_then(|n| n.parse().ok()) {
            Some(count) => Response::new(stream(flood(count))),
            None => Response::builder().status(StatusCode::NOT_FOUND).body(full("no such path")).unwrap(),
        },
    }
}

use futures_util::StreamExt as _;
type Frames = futures_util::stream::BoxStream<'static, Result<Frame<Bytes>, Infallible>>;

fn stream(frames: Frames) -> Body {
    http_body_util::StreamBody::new(frames).map_err(|never| match never {}).boxed_unsync()
}

/// So many bytes, in chunks.
fn flood(count: u64) -> Frames {
    static CHUNK: [u8; 16 * 1024] = [b'x'; 16 * 1024];
    futures_util::stream::unfold(count, |left| async move {
        let size = usize::try_from(left.min(CHUNK.len() as u64)).unwrap();
        (size > 0).then(|| (Ok(Frame::data(Bytes::from_static(&CHUNK[..size]))), left - size as u64))
    })
    .boxed()
}

/// `/exec` says everything back when its input ends; anything else is refused with a body.
fn switch(request: Request<Incoming>, asked: &Request<()>) -> Response<Body> {
    let upgrade_header = asked.headers().get("upgrade").unwrap().clone();
    if asked.uri().path() != "/exec" {
        let status = if asked.uri().path() == "/ok" { 200 } else { 403 };
        let answer = Response::builder().status(status).header("x-why", "rbac").body(full("not for you")).unwrap();
        return upgrade::refused(answer);
    }
    let answer = Response::builder()
        .status(101)
        .header("upgrade", upgrade_header)
        .header("connection", "Upgrade")
        .header("x-method", asked.method().as_str())
        .header("x-query", asked.uri().query().unwrap_or_default())
        .header("sec-websocket-protocol", "v5.channel.k8s.io")
        .body(())
        .unwrap();
    tokio::spawn(async move {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let (mut read, mut write) = tokio::io::split(far);
        let echo = async move {
            let _ = tokio::io::copy(&mut read, &mut write).await;
            let _ = tokio::io::AsyncWriteExt::write_all(&mut write, b"|end").await;
            let _ = tokio::io::AsyncWriteExt::shutdown(&mut write).await;
        };
        let _ = tokio::join!(upgrade::splice(request, near), echo);
    });
    upgrade::switched(&answer)
}
