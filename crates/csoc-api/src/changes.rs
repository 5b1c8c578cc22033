//! Changes: landings seen as what they did.

use jiff::Timestamp;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::commons::{ClusterRef, CommonsRef};
use crate::shape;

shape! {
    pub struct ChangeRow {
        pub id: Uuid,
        pub organization: Uuid,
        /// The repository it landed in: a fleet's own, or the one of a chart that its commons follow.
        pub source: Uuid,
        pub source_name: String,
        /// The fleet whose commons it concerns.
        pub fleet: Uuid,
        pub fleet_name: String,
        pub commit: String,
        pub time: Timestamp,
        pub author: String,
        pub authors: Vec<String>,
        pub title: String,
        pub pull_request: Option<u64>,
        /// As in the classification: `version_bump`, `infra`, `workspaces`, `mixed` ...
        pub class: String,
        /// One line: `fence 2026.06 → 2026.07`.
        pub summary: String,
        pub commons: Vec<CommonsRef>,
        pub clusters: Vec<ClusterRef>,
        pub files: u32,
        pub items: u32,
        /// This landing undoes that one.
        pub undoes: Option<Uuid>,
        /// That one undid this landing.
        pub undone_by: Option<Uuid>,
        /// Landed on the chart's branch, not in the fleet's own repository.
        pub chart: bool,
        pub commit_url: Option<String>,
        pub pull_request_url: Option<String>,
    }

    pub struct ChangeDetail {
        pub change: ChangeRow,
        pub body: String,
        pub files: Vec<FileRow>,
        pub items: Vec<ChangeItemRow>,
        /// There are more items than are sent.
        pub cut: bool,
    }

    pub struct FileRow {
        pub path: String,
        /// `added`, `modified`, `deleted`.
        pub change: String,
    }

    pub struct ChangeItemRow {
        pub commons: Option<CommonsRef>,
        pub cluster: Option<ClusterRef>,
        pub service: Option<String>,
        /// `version`, `service_on`, `service_off`, `value`, `commons_added`, `commons_removed`, `moved` ...
        pub kind: String,
        pub path: String,
        pub before: Option<String>,
        pub after: Option<String>,
        pub secret: bool,
        pub file: Option<String>,
        pub line: Option<u32>,
    }
}

#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// `commons:healdata.org service:fence class:version_bump author:ana tag:2026.07 source:gen3-helm chart:yes undone:yes`, or words of the title.
    pub filter: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub commons: Option<Uuid>,
    pub cluster: Option<Uuid>,
    /// Landed in this source, or concerns this fleet.
    pub source: Option<Uuid>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}
