//! The fleet as it is shown: one immutable view, replaced at once when a source was read again.

use csoc_core::OrganizationId;

/// Holds the current view.
#[derive(Default)]
pub struct Fleet {}

/// For the lists of organizations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FleetCounts {
    pub commons: u32,
    pub clusters: u32,
}

impl Fleet {
    /// The first view stands (from a snapshot, or because there is nothing to show).
    pub fn is_loaded(&self) -> bool {
        true
    }

    /// `None`: of all organizations.
    pub fn counts(&self, _organization: Option<OrganizationId>) -> FleetCounts {
        FleetCounts::default()
    }
}
