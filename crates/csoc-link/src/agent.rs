//! The agent's end: dial, serve what the server asks, and dial again.
//!
//! Story: the server is upgraded. It asks the agent to dial anew within a minute; the agent opens its new connection
//! first, is admitted there, and only then closes the old one, on which a person's shell goes on until it ends. When
//! instead the server just dies, every request fails at once and the agent is back within seconds, not together with
//! nine hundred and ninety-nine others.
//!
//! The caller's service answers everything except paths below [`hello::OWN`].

use std::convert::Infallible;
use std::future::ready;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::backoff::{self, Backoff};
use crate::dial::DialError;
use crate::error::causes;
use crate::hello::{self, Admitted, Drain, FromAgent, FromServer, OWN, Refusal, Refused};
use crate::settings::{self, Class, Pulse};
use crate::{Body, BoxIo};

/// Answers one request.
pub type Service = Arc<dyn Fn(Request<Incoming>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;
/// Opens one connection of a class, handshakes included.
pub type Dial = Arc<dyn Fn(Class) -> BoxFuture<'static, Result<BoxIo, DialError>> + Send + Sync>;

/// A superseded agent looks this often whether it is needed.
pub const STAND_BY: Duration = Duration::from_secs(15);

/// What there is to know about the link, for the agent's own status page and its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Admitted { class: Class, epoch: u64 },
    Refused { class: Class, reason: Refusal },
    Ended { class: Class },
    NotReached { class: Class },
}

/// An agent's side of its link.
#[derive(Clone)]
pub struct Agent {
    pub dial: Dial,
    pub service: Service,
    /// The agent's version and mode, as the server shows them.
    pub version: String,
    pub mode: String,
    pub pulse: Pulse,
    /// Where to say what happens; a full queue loses events, never the link.
    pub events: Option<mpsc::Sender<Event>>,
}

/// What both connections of one process share.
struct Process {
    incarnation: Uuid,
    /// 0: never admitted.
    epoch: AtomicU64,
}

/// One class of connection over time.
struct Line {
    class: Class,
    backoff: Backoff,
    /// The connection before this one, still serving what was asked on it: closed once the next is admitted.
    before: Option<CancellationToken>,
    /// Dropped with the agent, so that nothing is served by an agent that is gone.
    serving: JoinSet<()>,
}

/// What the server said on one connection.
#[derive(Debug)]
enum Said {
    Admitted(u64),
    Refused(Refusal),
    Drain(Duration),
}

impl Agent {
    /// Keep both connections up until `stop`; then let requests in flight finish, up to [`settings::DRAIN`].
    pub async fn run(self, stop: CancellationToken) {
        let process = Arc::new(Process { incarnation: Uuid::now_v7(), epoch: AtomicU64::new(0) });
        let keeping = Class::ALL.map(|class| self.keep(class, Arc::clone(&process), stop.clone()));
        futures_util::future::join_all(keeping).await;
    }

    async fn keep(&self, class: Class, process: Arc<Process>, stop: CancellationToken) {
        let mut line = Line { class, backoff: Backoff::default(), before: None, serving: JoinSet::new() };
        while !stop.is_cancelled() {
            let pause = match self.dial_once(class, &stop).await {
                Some(io) => self.attend(io, &mut line, &process, &stop).await,
                None => line.backoff.next(backoff::random()),
            };
            while line.serving.try_join_next().is_some() {}
            let _ = tokio::time::timeout(pause, stop.cancelled()).await;
        }
        while line.serving.join_next().await.is_some() {}
    }

    /// Serve one connection until it is time to dial again, and say how long to wait before that.
    async fn attend(&self, io: BoxIo, line: &mut Line, process: &Arc<Process>, stop: &CancellationToken) -> Duration {
        let class = line.class;
        let drain = stop.child_token();
        let begin = Instant::now();
        let (says, mut said) = mpsc::channel(4);
        line.serving.spawn(self.clone().serve(io, class, drain.clone(), says, Arc::clone(process)));
        loop {
            // `None`: the connection has ended.
            match said.recv().await {
                Some(Said::Admitted(epoch)) => {
                    process.epoch.store(epoch, Ordering::Relaxed);
                    if let Some(before) = line.before.take() {
                        before.cancel();
                    }
                    self.tell(Event::Admitted { class, epoch });
                }
                Some(Said::Refused(reason)) => {
                    drain.cancel();
                    self.tell(Event::Refused { class, reason });
                    return STAND_BY + backoff::spread(STAND_BY, backoff::random());
                }
                Some(Said::Drain(within)) => {
                    line.before = Some(drain);
                    return backoff::spread(within, backoff::random());
                }
                None => {
                    self.tell(Event::Ended { class });
                    line.backoff.ended_after(begin.elapsed());
                    return line.backoff.next(backoff::random());
                }
            }
        }
    }

    async fn dial_once(&self, class: Class, stop: &CancellationToken) -> Option<BoxIo> {
        let dialed = tokio::select! {
            dialed = (self.dial)(class) => dialed,
            () = stop.cancelled() => return None,
        };
        match dialed {
            Ok(io) => Some(io),
            Err(error) => {
                tracing::warn!(class = class.name(), error = causes(&error), "the server was not reached");
                self.tell(Event::NotReached { class });
                None
            }
        }
    }

    /// Serve one connection until it ends, or until `drain` and what is in flight then.
    async fn serve(
        self,
        io: BoxIo,
        class: Class,
        drain: CancellationToken,
        says: mpsc::Sender<Said>,
        process: Arc<Process>,
    ) {
        let own = Arc::new(Own { agent: self, process, says: Mutex::new(Some(says)) });
        let pulse = own.agent.pulse;
        let answering = {
            let own = Arc::clone(&own);
            service_fn(move |request: Request<Incoming>| {
                let own = Arc::clone(&own);
                async move { Ok::<_, Infallible>(own.answer(request).await) }
            })
        };
        let serving = settings::server(class, pulse).serve_connection(TokioIo::new(io), answering);
        let mut serving = std::pin::pin!(serving);
        let ended = tokio::select! {
            ended = serving.as_mut() => Some(ended),
            () = drain.cancelled() => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None => {
                serving.as_mut().graceful_shutdown();
                tokio::time::timeout(settings::DRAIN, serving).await.unwrap_or(Ok(()))
            }
        };
        if let Err(error) = ended {
            // A peer that is gone without a word is an everyday thing.
            tracing::debug!(class = class.name(), error = causes(&error), "a connection of the link ended");
        }
        own.says.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn tell(&self, event: Event) {
        if let Some(events) = &self.events {
            let _ = events.try_send(event);
        }
    }
}

/// One connection's answers.
struct Own {
    agent: Agent,
    process: Arc<Process>,
    says: Mutex<Option<mpsc::Sender<Said>>>,
}

impl Own {
    fn answer(&self, request: Request<Incoming>) -> BoxFuture<'static, Response<Body>> {
        if !request.uri().path().starts_with(OWN) {
            return (self.agent.service)(request);
        }
        let says = self.says.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(says) = says else { return Box::pin(ready(plain(StatusCode::SERVICE_UNAVAILABLE))) };
        let epoch = self.process.epoch.load(Ordering::Relaxed);
        let hello = FromAgent {
            incarnation: self.process.incarnation,
            epoch: (epoch != 0).then_some(epoch),
            version: self.agent.version.clone(),
            mode: self.agent.mode.clone(),
        };
        Box::pin(own(request, hello, says))
    }
}

/// What the server says about the connection itself.
async fn own(request: Request<Incoming>, hello: FromAgent, says: mpsc::Sender<Said>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let Ok(body) = hello::read(request.into_body()).await else { return plain(StatusCode::BAD_REQUEST) };
    let said = match path.as_str() {
        hello::HELLO => {
            if let Ok(server) = serde_json::from_slice::<FromServer>(&body) {
                tracing::info!(server = server.version, replica = server.replica, "the server was reached");
            }
            return json(&hello);
        }
        hello::ADMITTED => serde_json::from_slice(&body).map(|Admitted { epoch }| Said::Admitted(epoch)),
        hello::REFUSED => serde_json::from_slice(&body).map(|Refused { reason }| Said::Refused(reason)),
        hello::DRAIN => serde_json::from_slice(&body)
            .map(|Drain { within_ms }| Said::Drain(Duration::from_millis(within_ms.min(3_600_000)))),
        _ => return plain(StatusCode::NOT_FOUND),
    };
    let Ok(said) = said else { return plain(StatusCode::BAD_REQUEST) };
    match says.send(said).await {
        Ok(()) => json(&serde_json::json!({})),
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn json<T: serde::Serialize>(value: &T) -> Response<Body> {
    Response::new(crate::full(serde_json::to_vec(value).unwrap_or_default()))
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(crate::empty());
    *response.status_mut() = status;
    response
}
