//! Clusters.

use jiff::Timestamp;
use uuid::Uuid;

use crate::commons::{CommonsRow, SaidRow};
use crate::findings::SeverityCounts;
use crate::shape;

shape! {
    pub struct ClusterRow {
        pub id: Uuid,
        pub organization: Uuid,
        pub organization_name: String,
        pub name: String,
        pub stated_name: Option<String>,
        pub project: Option<String>,
        pub account: Option<String>,
        pub node_image: Option<String>,
        /// `1.35`, when the node image's name tells.
        pub kubernetes: Option<String>,
        pub add_ons_enabled: u32,
        pub commons: u32,
        pub findings: SeverityCounts,
        /// `none` until an agent exists: then `connected`, `stale`, `lost`.
        pub link: String,
        pub last_change_at: Option<Timestamp>,
        pub folder: String,
        pub seen_at: Timestamp,
    }

    pub struct ClusterDetail {
        pub cluster: ClusterRow,
        pub project: Option<SaidRow>,
        pub account: Option<SaidRow>,
        pub node_image: Option<SaidRow>,
        pub add_ons: Vec<AddOnRow>,
        pub commons: Vec<CommonsRow>,
        pub values_path: Option<String>,
        pub file_url_prefix: Option<String>,
        pub commit: String,
    }

    pub struct AddOnRow {
        pub name: String,
        pub enabled: bool,
        pub revision: Option<String>,
        /// What most clusters of the fleet have.
        pub baseline: Option<String>,
        pub baseline_share: Option<String>,
        pub configured: bool,
        pub file: Option<String>,
        pub path: Option<String>,
        pub line: Option<u32>,
    }
}
