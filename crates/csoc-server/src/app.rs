//! What every handler and every background task can reach. One per server, cheap to clone.

use std::ops::Deref;
use std::sync::Arc;

use csoc_store::{AuditLog, Store};
use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::Config;
use crate::events::Events;
use crate::fleet_view::Fleet;
use crate::identity::Passwords;
use crate::ingest::Ingest;
use crate::keys::Keys;
use crate::metrics::Metrics;

#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub config: Config,
    pub store: Store,
    pub clock: Clock,
    pub keys: Keys,
    pub passwords: Passwords,
    /// Attempts to sign in are counted one after the other.
    pub sign_in_turn: Mutex<()>,
    /// The record of what was done that has no change of the store to go with.
    pub audit: AuditLog,
    pub events: Events,
    pub metrics: Metrics,
    /// The fleet as it is shown: one immutable view, replaced at once.
    pub fleet: Fleet,
    /// The background work: nudge it, ask how a source is doing.
    pub ingest: Ingest,
    /// Values that were looked at last.
    pub values: crate::service::values::Recent,
    /// Background tasks: spawned here, waited for at shutdown.
    pub tasks: TaskTracker,
    /// Cancelled at shutdown.
    pub stop: CancellationToken,
    pub started_at: Timestamp,
}

impl App {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
