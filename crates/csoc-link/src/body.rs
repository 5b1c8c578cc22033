//! The answer's body at the server's end: it gives the stream back, and does not let a stalled reader keep it.
//!
//! Story: a browser tab with a followed log goes to sleep. The tab takes nothing, the window fills, and after thirty
//! seconds the stream is reset, so that the agent and the cluster behind it stop producing. A quiet watch is not a
//! stalled reader: it asks for the next event and there is none.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::Instant;

use crate::budget::Permit;
use crate::error::{LinkError, causes};

/// An answer's body. Dropping it resets the stream.
#[derive(Debug)]
pub struct LinkBody {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
struct Shared {
    /// `None` when it has ended, however.
    incoming: Option<(Incoming, Permit)>,
    /// Since when the reader has what it was given and has not asked for more.
    untouched: Option<Instant>,
    failure: Option<LinkError>,
}

impl LinkBody {
    pub(crate) fn new(incoming: Incoming, permit: Permit) -> Self {
        let shared = Shared { incoming: Some((incoming, permit)), untouched: Some(Instant::now()), failure: None };
        Self { shared: Arc::new(Mutex::new(shared)) }
    }

    pub(crate) fn watched(&self) -> Watched {
        Watched(Arc::downgrade(&self.shared))
    }
}

impl Body for LinkBody {
    type Data = Bytes;
    type Error = LinkError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, LinkError>>> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = shared.failure.take() {
            return Poll::Ready(Some(Err(failure)));
        }
        shared.untouched = None;
        let Some((incoming, _)) = &mut shared.incoming else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(incoming).poll_frame(cx));
        match frame {
            Some(Ok(frame)) => {
                shared.untouched = Some(Instant::now());
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(error)) => {
                shared.incoming = None;
                Poll::Ready(Some(Err(LinkError::Lost(causes(&error)))))
            }
            None => {
                shared.incoming = None;
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.failure.is_none() && shared.incoming.as_ref().is_none_or(|(incoming, _)| incoming.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.incoming.as_ref().map_or_else(|| SizeHint::with_exact(0), |(incoming, _)| incoming.size_hint())
    }
}

/// One body, as the one who looks for stalled readers sees it.
#[derive(Debug)]
pub(crate) struct Watched(Weak<Mutex<Shared>>);

impl Watched {
    pub(crate) fn lives(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Reset the stream if its reader took nothing for `limit`. False when there is nothing to watch any more.
    pub(crate) fn look(&self, now: Instant, limit: Duration) -> bool {
        let Some(shared) = self.0.upgrade() else { return false };
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.incoming.is_none() {
            return false;
        }
        if shared.untouched.is_some_and(|since| now.duration_since(since) >= limit) {
            shared.incoming = None;
            shared.failure = Some(LinkError::Stalled(limit));
            return false;
        }
        true
    }
}
