//! The first screen.

use jiff::Timestamp;
use uuid::Uuid;

use crate::changes::ChangeRow;
use crate::commons::StateRow;
use crate::findings::SeverityCounts;
use crate::shape;

shape! {
    pub struct Now {
        /// "live state of 39 commons unknown (no agent) · files: 37 in order, 2 need work".
        pub sentence: String,
        pub as_of: Timestamp,
        pub sources: Vec<NowSource>,
        pub needs_you: Vec<NeedsYou>,
        pub needs_you_total: u32,
        pub tiers: Vec<NowTier>,
        pub newest_release: Option<String>,
        pub median_behind: Option<u32>,
        pub changes: Vec<ChangeRow>,
        pub changes_total: u32,
        /// The changes are of this many hours up to `as_of` (or, in a quiet fleet, up to the last landing).
        pub changes_hours: u32,
        pub findings: SeverityCounts,
        pub commons: u32,
        pub clusters: u32,
    }

    pub struct NowSource {
        pub id: Uuid,
        pub name: String,
        pub branch: String,
        pub phase: String,
        pub head: Option<String>,
        pub fetched_at: Option<Timestamp>,
        pub error: Option<String>,
    }

    /// Something to do, most hurt first.
    pub struct NeedsYou {
        /// `finding`, `source`, `conflict`, `behind`.
        pub kind: String,
        pub id: String,
        pub severity: String,
        pub subject: String,
        pub subject_commons: Option<Uuid>,
        pub text: String,
        pub place: Option<String>,
        pub since: Timestamp,
    }

    pub struct NowTier {
        pub tier: String,
        pub tiles: Vec<Tile>,
        pub median_behind: Option<u32>,
    }

    pub struct Tile {
        pub id: Uuid,
        pub name: String,
        pub state: StateRow,
        pub release: Option<String>,
        pub behind: Option<u32>,
        pub worst_finding: Option<String>,
    }
}
