//! What changed, for those who look at it right now.
//!
//! Story: a fetch brought a new landing. [`Events::publish`] says which topics and which commons it
//! concerns; every open browser that may see one of them is told to read those again. What changed is not
//! in the event, so nothing can leak through it, and a reader that missed some only has to read all again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csoc_core::access::Visible;
use csoc_core::{CommonsId, OrganizationId, SourceId};
use tokio::sync::broadcast;

/// A reader that is so many events behind is told to read everything again.
const BACKLOG: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    Now,
    Commons,
    Clusters,
    Releases,
    Changes,
    Findings,
    Sources,
    People,
    Settings,
}

impl Topic {
    pub fn as_str(self) -> &'static str {
        match self {
            Topic::Now => "now",
            Topic::Commons => "commons",
            Topic::Clusters => "clusters",
            Topic::Releases => "releases",
            Topic::Changes => "changes",
            Topic::Findings => "findings",
            Topic::Sources => "sources",
            Topic::People => "people",
            Topic::Settings => "settings",
        }
    }
}

/// Who may hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Whoever may read something of this organization.
    Organization(OrganizationId),
    /// Only who may read everything.
    Installation,
    Everyone,
}

impl Audience {
    pub fn includes(&self, visible: &Visible) -> bool {
        match self {
            Audience::Organization(id) => visible.contains(*id),
            Audience::Installation => *visible == Visible::All,
            Audience::Everyone => true,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Change {
    pub revision: u64,
    pub audience: Audience,
    pub topics: BTreeSet<Topic>,
    pub commons: Vec<CommonsId>,
    pub source: Option<SourceId>,
}

#[derive(Debug)]
pub struct Events {
    sender: broadcast::Sender<Arc<Change>>,
    revision: AtomicU64,
}

impl Events {
    /// Revisions count from `start` (the start's time in milliseconds), so that they grow over restarts too.
    pub fn new(start: u64) -> Self {
        Self { sender: broadcast::channel(BACKLOG).0, revision: AtomicU64::new(start) }
    }

    pub fn publish(
        &self,
        audience: Audience,
        topics: impl IntoIterator<Item = Topic>,
        commons: Vec<CommonsId>,
        source: Option<SourceId>,
    ) -> u64 {
        let revision = self.revision.fetch_add(1, Ordering::Relaxed) + 1;
        let change = Change { revision, audience, topics: topics.into_iter().collect(), commons, source };
        // Nobody listens: nobody has to be told.
        let _ = self.sender.send(Arc::new(change));
        revision
    }

    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::Relaxed)
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Change>> {
        self.sender.subscribe()
    }

    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }
}
