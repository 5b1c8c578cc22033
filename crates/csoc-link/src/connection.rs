//! The server's end of one connection: requests go out, answers come back, and it ends in an orderly way.
//!
//! Do not keep the response future of a request you no longer want: dropping it is what cancels the request in
//! the cluster.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::TokioIo;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::body::{LinkBody, Watched};
use crate::budget::{Caller, Permit, Streams, Total};
use crate::error::{LinkError, causes};
use crate::settings::{self, Class, Pulse};
use crate::severed::Severable;
use crate::{Body, Io};

/// Between two looks for stalled readers, as a part of the limit.
const LOOKS: u32 = 6;
/// Several times the streams there are: then those that ended since the last look are let go.
const WATCHED: usize = 1024;

/// How one request is to be treated.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    pub caller: Caller<'a>,
    /// Until the head of the answer; `None` for what a person ends (a followed log's head still comes at once).
    pub head: Option<Duration>,
}

impl<'a> Sending<'a> {
    #[must_use]
    pub fn by(caller: &'a str) -> Self {
        Self { caller: Caller::Named(caller), head: Some(settings::HEAD) }
    }

    #[must_use]
    pub fn own() -> Self {
        Self { caller: Caller::Own, head: Some(settings::DIAL) }
    }
}

/// Limits that a test shortens.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub pulse: Pulse,
    /// `None`: [`settings::STALL`].
    pub stall: Option<Duration>,
    pub total: Total,
}

/// One connection to an agent. Clones share it.
#[derive(Debug, Clone)]
pub struct Connection {
    class: Class,
    sender: SendRequest<Body>,
    streams: Arc<Streams>,
    watched: Arc<Mutex<Vec<Watched>>>,
    /// Cancelled by [`Connection::cut`].
    cut: CancellationToken,
    /// Cancelled when the connection is over, for whatever reason.
    over: CancellationToken,
    why: Arc<Mutex<Option<String>>>,
}

impl Connection {
    /// Speak HTTP/2 on `io`, whose other end answers.
    ///
    /// # Errors
    /// When the other end does not speak it.
    pub async fn open(io: impl Io, class: Class, options: Options) -> Result<Self, LinkError> {
        let Options { pulse, stall, total } = options;
        let cut = CancellationToken::new();
        let shaking = settings::client(class, pulse).handshake(TokioIo::new(Severable::new(io, &cut)));
        let shaken = tokio::time::timeout(settings::DIAL, shaking).await;
        let (sender, driver) =
            shaken.map_err(|_| LinkError::Late(settings::DIAL))?.map_err(|e| LinkError::Lost(causes(&e)))?;
        let connection = Self {
            class,
            sender,
            streams: Arc::new(Streams::new(class, total)),
            watched: Arc::default(),
            cut,
            over: CancellationToken::new(),
            why: Arc::default(),
        };
        let (cut, over, why) = (connection.cut.clone(), connection.over.clone(), Arc::clone(&connection.why));
        let looking = look(Arc::clone(&connection.watched), stall.unwrap_or(settings::STALL));
        tokio::spawn(async move {
            // Whoever waits for `over` is told even if the driver panics.
            let _over = over.drop_guard();
            let reason = tokio::select! {
                ended = driver => ended.map_or_else(|e| causes(&e), |()| "closed by the agent".to_owned()),
                () = cut.cancelled() => "cut by the server".to_owned(),
                () = looking => "nobody looks for stalled readers any more".to_owned(),
            };
            *why.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
        });
        Ok(connection)
    }

    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// Send a request and wait for the head of its answer.
    ///
    /// # Errors
    /// [`LinkError::never_sent`] tells whether the cluster may have seen it.
    pub async fn send(&self, request: Request<Body>, how: Sending<'_>) -> Result<Response<LinkBody>, LinkError> {
        let (response, permit) = self.exchange(request, how).await?;
        let (head, incoming) = response.into_parts();
        let body = LinkBody::new(incoming, permit);
        if !hyper::body::Body::is_end_stream(&body) {
            let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
            if watched.len() >= WATCHED {
                watched.retain(Watched::lives);
            }
            watched.push(body.watched());
        }
        Ok(Response::from_parts(head, body))
    }

    pub(crate) async fn exchange(
        &self,
        request: Request<Body>,
        how: Sending<'_>,
    ) -> Result<(Response<Incoming>, Permit), LinkError> {
        if self.is_over() {
            return Err(self.lost());
        }
        let permit = self.streams.take(how.caller).await?;
        let mut sender = self.sender.clone();
        // A connection that is being drained takes no new request; this does not wait for a stream.
        sender.ready().await.map_err(|_| if self.is_over() { self.lost() } else { LinkError::Draining })?;
        let answer = sender.send_request(request);
        let answer = match how.head {
            Some(limit) => tokio::time::timeout(limit, answer).await.map_err(|_| LinkError::Late(limit))?,
            None => answer.await,
        };
        answer.map(|response| (response, permit)).map_err(|e| LinkError::Lost(causes(&e)))
    }

    /// End it at once, whatever is going on: what revocation does.
    pub fn cut(&self) {
        self.cut.cancel();
    }

    /// Completes when the connection is over.
    pub async fn over(&self) {
        self.over.cancelled().await;
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over.is_cancelled() || self.cut.is_cancelled() || self.sender.is_closed()
    }

    /// Why it is over, if it is.
    #[must_use]
    pub fn why(&self) -> Option<String> {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many streams people have open.
    #[must_use]
    pub fn open_streams(&self) -> u32 {
        self.streams.open()
    }

    fn lost(&self) -> LinkError {
        self.why().map_or(LinkError::NotConnected, LinkError::Lost)
    }
}

/// Look for readers that take nothing, for ever.
async fn look(watched: Arc<Mutex<Vec<Watched>>>, limit: Duration) {
    let mut ticks = tokio::time::interval(limit / LOOKS);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = Instant::now();
        watched.lock().unwrap_or_else(PoisonError::into_inner).retain(|body| body.look(now, limit));
    }
}
