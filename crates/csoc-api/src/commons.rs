//! Commons and their services.

use jiff::Timestamp;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::findings::SeverityCounts;
use crate::shape;

shape! {
    pub struct CommonsRow {
        pub id: Uuid,
        pub organization: Uuid,
        pub organization_name: String,
        /// What people call it: hostname, else folder.
        pub name: String,
        pub hostname: Option<String>,
        /// `production`, `staging`, `qa`, `dev`.
        pub tier: String,
        /// `managed` or `associated`.
        pub management: String,
        pub programme: Option<String>,
        pub twin: Option<CommonsRef>,
        pub cluster: Option<ClusterRef>,
        pub state: StateRow,
        /// Mode of the monthly tags: `2026.07`.
        pub release: Option<String>,
        /// Services off the mode release.
        pub pins: u32,
        /// Releases behind the newest; absent when it has no monthly tag.
        pub behind: Option<u32>,
        pub services_enabled: u32,
        pub findings: SeverityCounts,
        pub last_change_at: Option<Timestamp>,
        pub last_change_title: Option<String>,
        pub owners: Vec<String>,
        pub seen_at: Timestamp,
        pub source: Uuid,
        /// Where it is declared, from the repository's root.
        pub folder: String,
    }

    pub struct CommonsRef { pub id: Uuid, pub name: String, pub tier: String }

    pub struct ClusterRef { pub id: Uuid, pub name: String }

    /// The three axes. Without an agent health is `unknown` and `config` is all that can be told.
    pub struct StateRow {
        /// `healthy`, `progressing`, `degraded`, `down`, `maintenance`, `unknown`.
        pub health: String,
        /// What Git tells: `in_order`, `needs_work`, `maintenance`, `unreadable`, `empty`, `gone`, `conflict`.
        pub config: String,
        /// Its hostname is claimed by another folder too: the conflict that a person decides.
        pub conflict: Option<Uuid>,
        /// Sentences, worst first.
        pub reasons: Vec<String>,
        /// Age of the evidence: `live`, `stale`, `none`.
        pub freshness: String,
        pub as_of: Option<Timestamp>,
    }

    pub struct CommonsDetail {
        pub commons: CommonsRow,
        pub namespace: Option<String>,
        pub application: Option<String>,
        pub release_name: Option<String>,
        pub account: Option<SaidRow>,
        pub environment: Option<SaidRow>,
        pub chart: Option<ChartRow>,
        pub value_files: Vec<ValueFileRow>,
        pub tier_why: String,
        pub twin_why: Option<String>,
        /// Which attributes a person corrected.
        pub corrected: Vec<String>,
        pub services: Vec<ServiceRow>,
        pub claims: Vec<ClaimRow>,
        pub first_seen_at: Timestamp,
        pub gone_at: Option<Timestamp>,
        /// The source's commit this was read from.
        pub commit: String,
        /// Prefix of a link to a file at that commit, when the Git host is known: append `path#Lline`.
        pub file_url_prefix: Option<String>,
    }

    pub struct SaidRow { pub value: String, pub path: Option<String>, pub line: Option<u32> }

    pub struct ChartRow {
        pub repository: String,
        pub path: String,
        pub revision: String,
        /// `commit`, `version`, `branch`.
        pub revision_kind: String,
        /// The chart is at hand: defaults are real, not assumed.
        pub at_hand: bool,
        /// The chart source that has it, and the commit it was read at.
        pub source: Option<Uuid>,
        pub commit: Option<String>,
    }

    pub struct ValueFileRow {
        pub written: String,
        pub path: Option<String>,
        /// `read`, `empty`, `missing`, `missing_ignored`, `foreign`, `unknown_revision`, `broken`, `outside`.
        pub state: String,
        pub detail: Option<String>,
    }

    /// One service of one commons.
    pub struct ServiceRow {
        pub commons: String,
        pub commons_id: Uuid,
        pub cluster: Option<String>,
        pub tier: String,
        pub service: String,
        pub enabled: bool,
        /// A sentence: why it is on or off.
        pub reason: String,
        pub image: Option<String>,
        pub tag: Option<String>,
        /// `monthly`, `semver`, `moving`, `feature`, `digest`.
        pub tag_class: Option<String>,
        /// `explicit`, `chart_default`, `assumed`.
        pub origin: Option<String>,
        pub path: Option<String>,
        pub line: Option<u32>,
        /// Releases behind, where the service follows the monthly tag.
        pub behind: Option<u32>,
        /// Off the commons' mode release.
        pub pin: bool,
        /// What the twin runs, when it differs.
        pub twin_tag: Option<String>,
        pub component: Option<String>,
    }

    /// Something the world says about which commons this is.
    pub struct ClaimRow {
        pub source: Uuid,
        pub source_name: String,
        pub folder: String,
        pub application: Option<String>,
        pub cluster: Option<String>,
        pub hostname: Option<String>,
        pub first_seen_at: Timestamp,
        pub last_seen_at: Timestamp,
        /// `current`, `past`, `conflict`.
        pub state: String,
    }

    /// A claim that a person must decide: which commons is it?
    pub struct ConflictRow {
        pub id: Uuid,
        pub organization: Uuid,
        pub hostname: String,
        pub candidates: Vec<ConflictCandidate>,
        pub why: String,
        pub since: Timestamp,
    }

    pub struct ConflictCandidate {
        /// Absent only for a folder that has not been read since contested folders have an id.
        pub commons: Option<Uuid>,
        pub name: String,
        pub folder: String,
        pub cluster: Option<String>,
        pub last_change_at: Option<Timestamp>,
    }

    /// `same`: the candidates are one commons, `keep` is it. `different`: they are two.
    pub struct ConflictDecision {
        pub decision: String,
        pub keep: Option<Uuid>,
        pub reason: String,
    }

    /// A person's corrections; they are kept over every reading. `null` takes a correction back,
    /// an absent field leaves it.
    pub struct CommonsPatch {
        #[serde(default, with = "double", skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        pub tier: Option<Option<String>>,
        #[serde(default, with = "double", skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Uuid>)]
        pub twin: Option<Option<Uuid>>,
        #[serde(default, with = "double", skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        pub management: Option<Option<String>>,
        #[serde(default, with = "double", skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        pub programme: Option<Option<String>>,
        #[serde(default, with = "double", skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Vec<String>>)]
        pub owners: Option<Option<Vec<String>>>,
    }
}

/// `null` and absent are different things in a patch.
mod double {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(value: &Option<Option<T>>, s: S) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(s)
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(d).map(Some)
    }
}

/// Filters of `GET /api/v1/commons`. Several values of one name are alternatives; a leading `-` excludes;
/// `*` is a wildcard.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CommonsQuery {
    /// Filter tokens, the same words as in the UI: `tier:production behind:>2 cluster:midr* -service:guppy`.
    pub filter: Option<String>,
    /// `name`, `tier`, `cluster`, `release`, `behind`, `findings`, `last_change`; `-` before it reverses.
    pub sort: Option<String>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    /// A commit or a time: the fleet as it was.
    pub at: Option<String>,
}
