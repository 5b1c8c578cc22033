//! Git repositories that declare commons or hold charts.

use jiff::Timestamp;
use uuid::Uuid;

use crate::shape;

shape! {
    pub struct SourceRow {
        pub id: Uuid,
        pub organization: Uuid,
        pub organization_name: String,
        pub name: String,
        /// `fleet` declares commons; `chart` holds the charts they use; `releases` lists Gen3 releases.
        pub kind: String,
        /// HTTPS or SSH URL, or a local path; never with a credential.
        pub location: String,
        pub branch: String,
        /// Other URLs under which Applications name this repository.
        pub aliases: Vec<String>,
        /// `none`, `token`, `ssh_key`.
        pub auth: String,
        pub interval_seconds: u32,
        pub paused: bool,
        pub layouts: Vec<LayoutRow>,
        pub state: SourceState,
        /// Declared by a fleet; of charts, how many commons have their chart from it.
        pub commons: u32,
        pub clusters: u32,
        pub webhook_configured: bool,
        pub created_at: Timestamp,
    }

    pub struct LayoutRow {
        pub layout: String,
        pub root: String,
        pub reason: String,
    }

    pub struct SourceState {
        /// `never`, `cloning`, `reading`, `ready`, `failing`.
        pub phase: String,
        /// What is being done right now, while cloning or reading.
        pub progress: Option<Progress>,
        /// The commit whose fleet is shown.
        pub head: Option<String>,
        pub head_time: Option<Timestamp>,
        pub head_title: Option<String>,
        pub fetched_at: Option<Timestamp>,
        pub attempted_at: Option<Timestamp>,
        /// Why the last attempt failed, as a sentence with what to do.
        pub error: Option<String>,
        pub landings: u64,
        /// Places that look like declarations and cannot be read.
        pub unread: Vec<UnreadRow>,
    }

    pub struct Progress {
        /// `Receiving objects`, `Reading history` ...
        pub step: String,
        pub done: u64,
        pub total: Option<u64>,
    }

    pub struct UnreadRow {
        pub path: String,
        pub line: Option<u32>,
        pub reason: String,
    }

    pub struct SourceCreate {
        pub organization: Uuid,
        pub name: String,
        pub kind: String,
        pub location: String,
        pub branch: Option<String>,
        #[serde(default)]
        pub aliases: Vec<String>,
        #[serde(default)]
        pub credential: CredentialWrite,
        pub interval_seconds: Option<u32>,
    }

    /// Absent fields stay as they are.
    pub struct SourcePatch {
        pub name: Option<String>,
        pub branch: Option<String>,
        pub aliases: Option<Vec<String>>,
        pub credential: Option<CredentialWrite>,
        pub interval_seconds: Option<u32>,
        pub paused: Option<bool>,
    }

    /// Write only: never sent back.
    #[derive(Default)]
    #[serde(tag = "auth", rename_all = "snake_case")]
    pub enum CredentialWrite {
        #[default]
        None,
        Token { user: Option<String>, token: String },
        SshKey { private_key: String },
    }

    /// Try a location before registering it: what is there?
    pub struct SourceProbe {
        pub location: String,
        pub branch: Option<String>,
        #[serde(default)]
        pub credential: CredentialWrite,
    }

    pub struct ProbeResult {
        pub branches: Vec<String>,
        pub branch: String,
        pub head: String,
        pub layouts: Vec<LayoutRow>,
        pub commons: u32,
        pub clusters: u32,
        pub unread: Vec<UnreadRow>,
    }

    /// Shown once: where the Git host should call, and the secret both sides know.
    pub struct WebhookCreated {
        pub url_path: String,
        pub secret: String,
    }
}
