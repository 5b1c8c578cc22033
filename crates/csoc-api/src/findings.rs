//! Findings, waivers and rules.

use jiff::Timestamp;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::commons::{ClusterRef, CommonsRef};
use crate::shape;

shape! {
    #[derive(Default)]
    pub struct SeverityCounts {
        pub critical: u32,
        pub high: u32,
        pub medium: u32,
        pub low: u32,
        pub info: u32,
    }

    pub struct FindingRow {
        pub id: Uuid,
        pub rule: String,
        pub rule_title: String,
        /// `critical`, `high`, `medium`, `low`, `info`.
        pub severity: String,
        pub organization: Uuid,
        pub organization_name: String,
        pub commons: Option<CommonsRef>,
        pub cluster: Option<ClusterRef>,
        pub source: Uuid,
        pub path: String,
        pub line: u32,
        pub column: u32,
        pub message: String,
        pub help: String,
        /// `open`, `waived`, `resolved`.
        pub state: String,
        /// The landing that wrote the line it stands on, from the repository's history; absent while it is not known
        /// (a shallow clone). The history's first landing says: at least so old.
        pub since: Option<SinceRow>,
        /// When this server first found it.
        pub first_seen_at: Timestamp,
        pub last_seen_at: Timestamp,
        pub resolved_at: Option<Timestamp>,
        pub reopened: u32,
        pub waiver: Option<WaiverRow>,
        pub file_url: Option<String>,
    }

    pub struct SinceRow { pub at: Timestamp, pub commit: String, pub by: String }

    pub struct WaiverRow {
        pub id: Uuid,
        pub reason: String,
        pub person: String,
        pub created_at: Timestamp,
        pub until: Timestamp,
    }

    pub struct FindingDetail {
        pub finding: FindingRow,
        pub why: String,
        /// Lines around the place, secrets redacted; the found line has `found: true`.
        pub excerpt: Vec<ExcerptLine>,
        /// The landing of `since`, where it is among the changes.
        pub introduced_by: Option<Uuid>,
        /// The same rule elsewhere.
        pub siblings: u32,
    }

    pub struct ExcerptLine { pub line: u32, pub text: String, pub found: bool }

    pub struct WaiveRequest {
        pub findings: Vec<Uuid>,
        pub reason: String,
        pub until: Timestamp,
    }

    pub struct WaiveResult {
        pub waived: u32,
        /// Ids that do not exist (or are not visible), or may not be waived by this person.
        pub refused: Vec<Uuid>,
    }

    pub struct UnwaiveRequest { pub findings: Vec<Uuid> }

    pub struct RuleRow {
        pub id: String,
        pub title: String,
        pub severity: String,
        pub why: String,
        pub help: String,
        pub needs_chart: bool,
        pub open: u32,
        pub waived: u32,
        /// Why it could not be evaluated for some commons; empty when it was.
        pub not_evaluated: Vec<String>,
    }
}

#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FindingsQuery {
    /// `severity:high rule:mangled-number commons:healdata.org state:open tier:production`, or words of the message.
    pub filter: Option<String>,
    /// `severity`, `since`, `first_seen`, `rule`, `commons`; `-` reverses.
    pub sort: Option<String>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}
