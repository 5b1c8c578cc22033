//! Releases, the matrix service × commons, rollouts.

use jiff::Timestamp;
use uuid::Uuid;

use crate::commons::CommonsRef;
use crate::shape;

shape! {
    pub struct ReleaseList {
        pub newest: Option<String>,
        /// From which evidence the newest is known: a sentence.
        pub newest_why: Option<String>,
        pub releases: Vec<ReleaseRow>,
    }

    pub struct ReleaseRow {
        pub release: String,
        /// What its notes call it: `Hambergite`.
        pub name: Option<String>,
        /// `released`, `upcoming`.
        pub state: String,
        /// `fleet`, `notes`, `tags`.
        pub sources: Vec<String>,
        /// Which of csoc's sources say so, the earliest first.
        pub evidence: Vec<ReleaseEvidence>,
        pub since: Option<Timestamp>,
        /// Commons whose mode release it is.
        pub commons: u32,
        pub first: Option<CommonsRef>,
        pub first_at: Option<Timestamp>,
    }

    pub struct ReleaseEvidence {
        /// `fleet`, `notes`, `tags`.
        pub kind: String,
        pub source: Uuid,
        pub source_name: String,
        /// `releases/2026/07`, `5 commons`.
        pub place: String,
        pub since: Option<Timestamp>,
    }

    /// Columns are services, rows commons; `cells[i]` belongs to column `i`, `null` when off.
    pub struct Matrix {
        pub newest: Option<String>,
        pub columns: Vec<MatrixColumn>,
        pub rows: Vec<MatrixRow>,
        /// Commons hidden because nothing of them could be read.
        pub unreadable: Vec<CommonsRef>,
    }

    pub struct MatrixColumn {
        pub service: String,
        /// `core`, `standard`, `optional`, `infra`, `project-specific`.
        pub group: String,
        pub on: u32,
        pub newest: Option<String>,
        pub follows_release: bool,
        /// Tag and how many run it, most first.
        pub tags: Vec<TagCount>,
    }

    pub struct TagCount { pub tag: String, pub count: u32 }

    pub struct MatrixRow {
        pub commons: Uuid,
        pub name: String,
        pub organization: Uuid,
        pub tier: String,
        pub cluster: Option<String>,
        pub release: Option<String>,
        pub behind: Option<u32>,
        pub cells: Vec<Option<MatrixCell>>,
    }

    pub struct MatrixCell {
        pub tag: String,
        #[serde(rename = "class")]
        pub tag_class: String,
        /// Releases behind; absent where it cannot be told.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub lag: Option<u32>,
        #[serde(default, skip_serializing_if = "is_false")]
        pub pin: bool,
        /// Not stated in the files: the chart's or the catalogue's default.
        #[serde(default, skip_serializing_if = "is_false")]
        pub assumed: bool,
        /// Differs from its twin's.
        #[serde(default, skip_serializing_if = "is_false")]
        pub differs: bool,
    }

    pub struct RolloutRow {
        pub id: String,
        /// `release`, `service`.
        pub kind: String,
        pub service: Option<String>,
        pub tag: String,
        pub commons: u32,
        /// Of how many that could take it.
        pub of: u32,
        pub first_at: Timestamp,
        pub half_at: Option<Timestamp>,
        pub last_at: Timestamp,
        /// Running commons that do not have it yet, worst tier first.
        pub missing: Vec<CommonsRef>,
        pub people: Vec<String>,
        pub landings: u32,
        /// Share over time: (time, commons so far).
        pub course: Vec<CoursePoint>,
        pub done: bool,
    }

    pub struct CoursePoint { pub at: Timestamp, pub commons: u32 }

    pub struct RolloutDetail {
        pub rollout: RolloutRow,
        pub steps: Vec<RolloutStep>,
    }

    pub struct RolloutStep {
        pub commons: CommonsRef,
        pub at: Timestamp,
        pub change: Uuid,
        pub commit: String,
        pub author: String,
        pub pull_request: Option<u64>,
        pub before: Option<String>,
    }

    /// One cell's story.
    pub struct TagHistory {
        pub commons: CommonsRef,
        pub service: String,
        pub steps: Vec<TagStep>,
        pub same_tag: Vec<CommonsRef>,
    }

    pub struct TagStep {
        pub at: Timestamp,
        pub tag: Option<String>,
        pub change: Option<Uuid>,
        pub commit: String,
        pub author: String,
        pub title: String,
        pub pull_request: Option<u64>,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(value: &bool) -> bool {
    !*value
}
