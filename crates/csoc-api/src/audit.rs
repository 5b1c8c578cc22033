//! The record of every change and every refusal.

use jiff::Timestamp;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::shape;

shape! {
    pub struct AuditRow {
        pub seq: u64,
        pub time: Timestamp,
        pub actor: String,
        pub actor_id: Option<Uuid>,
        /// `session`, `token`, `loopback`, `system`, `none`.
        pub credential: String,
        pub address: Option<String>,
        pub request_id: Option<String>,
        /// `source.create`, `session.create`, `finding.waive` ...
        pub action: String,
        pub object_kind: String,
        pub object_id: Option<String>,
        pub object_name: Option<String>,
        pub organization: Option<Uuid>,
        /// `ok`, `refused`, `failed`, `interrupted`.
        pub result: String,
        #[schema(value_type = Object)]
        pub detail: serde_json::Value,
        /// Hex SHA-256 of this row and all before it.
        pub hash: String,
    }

    pub struct AuditVerification {
        pub ok: bool,
        pub rows: u64,
        pub checkpoints: u64,
        pub last_checkpoint_at: Option<Timestamp>,
        /// Sentences: what is wrong and from which row on.
        pub problems: Vec<String>,
        pub took_ms: u64,
    }
}

#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// `actor:ana action:source.* result:refused object:source`, or words.
    pub filter: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}
