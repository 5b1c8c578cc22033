//! The fleet as it is shown: one immutable view, replaced at once when a source was read again.
//!
//! Story: a fetch brought a landing. Its ingest makes a new [`SourceFleet`], puts it beside the others into a
//! new [`FleetView`] and swaps the views; requests under way finish with the old one. A page asks the view
//! for the reader's [`Lens`], which holds every row ready.
//!
//! Nothing here waits: no Git, no database, no network.

pub mod entry;
pub mod lens;
pub mod matrix;
pub mod now;
pub mod rows;
pub mod view;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use csoc_core::OrganizationId;

pub use entry::SourceFleet;
pub use lens::Lens;
pub use view::FleetView;

/// Holds the current view.
#[derive(Default)]
pub struct Fleet {
    current: RwLock<Arc<FleetView>>,
    loaded: AtomicBool,
}

/// For the lists of organizations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FleetCounts {
    pub commons: u32,
    pub clusters: u32,
}

impl Fleet {
    pub fn view(&self) -> Arc<FleetView> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn replace(&self, view: FleetView) -> Arc<FleetView> {
        let view = Arc::new(view);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = view.clone();
        self.loaded.store(true, Ordering::Release);
        view
    }

    /// The first view stands (from a snapshot, or because there is nothing to show).
    pub fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Acquire)
    }

    /// `None`: of all organizations.
    pub fn counts(&self, organization: Option<OrganizationId>) -> FleetCounts {
        let view = self.view();
        let fleets = view.fleets.values().filter(|fleet| organization.is_none_or(|id| fleet.organization == id));
        let mut counts = FleetCounts::default();
        for fleet in fleets {
            counts.commons += u32::try_from(fleet.commons.len()).unwrap_or(u32::MAX);
            counts.clusters += u32::try_from(fleet.clusters.len()).unwrap_or(u32::MAX);
        }
        counts
    }
}
