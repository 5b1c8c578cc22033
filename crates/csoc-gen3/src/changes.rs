//! What a landing changed, said in the words of the fleet and not as lines of text.
//!
//! Story: pull request 1699 lands. Git says "values.yaml, 1 line". Here it is: commons
//! `bihprod/imaging-hub.data-commons.org`, service requestor, version 1.9.2 → 1.10.0, class "version bump".
//! A landing that only moved quotes is `format`; one that put back what yesterday's landing changed is
//! linked to it as its undoing.
//!
//! Values compared are the effective ones ([`crate::diff`]). What no reading covers (portal files, cluster
//! manifests, CODEOWNERS) stands as the file it is. Secrets never get into an item ([`crate::redact`]).

mod areas;
mod charts;
mod class;
mod compare;
mod files;
mod history;
mod landing;
mod undo;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use charts::{Follower, chart_items};
pub use class::class_of;
pub use compare::compare;
pub use history::{Commit, History, Pushed};
pub use landing::Title;

/// A file that a landing touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    pub path: Arc<str>,
    pub kind: FileChangeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileChangeKind {
    Added,
    Modified,
    Deleted,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub path: Arc<str>,
    pub line: u32,
}

/// One thing that is different after a landing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeItem {
    /// Folder of the commons it concerns; for a cluster see `cluster`; neither: the repository.
    pub commons: Option<Arc<str>>,
    /// Folder of the cluster, also for a commons that stands in one.
    pub cluster: Option<Arc<str>>,
    pub service: Option<Arc<str>>,
    pub kind: ChangeKind,
    /// What it is about; the landing's class is what most of its items are about.
    pub area: Class,
    /// Path in the values, or the file's path.
    pub path: Arc<str>,
    /// A scalar; long text is cut, secrets are hidden. Absent: there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_at: Option<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_at: Option<Place>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// An image's tag or repository.
    Version,
    ServiceOn,
    ServiceOff,
    /// Any other value.
    Setting,
    CommonsAdded,
    CommonsRemoved,
    /// `before` and `after` are the folders.
    CommonsMoved,
    ClusterAdded,
    ClusterRemoved,
    NodeImage,
    AddOn,
    /// The Application names another chart or revision.
    ChartRevision,
    /// The chart's branch moved, and with it a default of this commons.
    ChartDefault,
    /// The chart's branch moved; what that does is not known here.
    ChartMoved,
    ValueFiles,
    /// Namespace, application or release name, other lines of the Application.
    Application,
    /// A file that is deployed as it is, or read by nobody.
    File,
    /// The commons could not be read any more, or can again.
    Readability,
    /// The file changed, no value did.
    Format,
}

/// One label for a landing: what at least 60% of its changed values are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Version,
    Cluster,
    Workspaces,
    Portal,
    Mixed,
    Fence,
    Scaling,
    Workflow,
    Ci,
    Secrets,
    Dictionary,
    Network,
    Etl,
    Jobs,
    Metadata,
    Service,
    Housekeeping,
    Global,
    Users,
    Revert,
    CommonsAdded,
    CommonsRemoved,
    CommonsMoved,
    ServiceOnOff,
    Application,
    Indexd,
    Chart,
    Format,
    Empty,
}

impl Class {
    pub const ALL: &[Class] = &[
        Class::Version,
        Class::Cluster,
        Class::Workspaces,
        Class::Portal,
        Class::Mixed,
        Class::Fence,
        Class::Scaling,
        Class::Workflow,
        Class::Ci,
        Class::Secrets,
        Class::Dictionary,
        Class::Network,
        Class::Etl,
        Class::Jobs,
        Class::Metadata,
        Class::Service,
        Class::Housekeeping,
        Class::Global,
        Class::Users,
        Class::Revert,
        Class::CommonsAdded,
        Class::CommonsRemoved,
        Class::CommonsMoved,
        Class::ServiceOnOff,
        Class::Application,
        Class::Indexd,
        Class::Chart,
        Class::Format,
        Class::Empty,
    ];

    /// The stable word, as in JSON and in filters.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Version => "version",
            Class::Cluster => "cluster",
            Class::Workspaces => "workspaces",
            Class::Portal => "portal",
            Class::Mixed => "mixed",
            Class::Fence => "fence",
            Class::Scaling => "scaling",
            Class::Workflow => "workflow",
            Class::Ci => "ci",
            Class::Secrets => "secrets",
            Class::Dictionary => "dictionary",
            Class::Network => "network",
            Class::Etl => "etl",
            Class::Jobs => "jobs",
            Class::Metadata => "metadata",
            Class::Service => "service",
            Class::Housekeeping => "housekeeping",
            Class::Global => "global",
            Class::Users => "users",
            Class::Revert => "revert",
            Class::CommonsAdded => "commons_added",
            Class::CommonsRemoved => "commons_removed",
            Class::CommonsMoved => "commons_moved",
            Class::ServiceOnOff => "service_on_off",
            Class::Application => "application",
            Class::Indexd => "indexd",
            Class::Chart => "chart",
            Class::Format => "format",
            Class::Empty => "empty",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.as_str() == text)
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Class::Version => "version bump",
            Class::Cluster => "cluster and infrastructure",
            Class::Workspaces => "workspaces",
            Class::Portal => "portal and frontend",
            Class::Mixed => "mixed",
            Class::Fence => "fence configuration",
            Class::Scaling => "scaling and resources",
            Class::Workflow => "workflow services",
            Class::Ci => "CI environments",
            Class::Secrets => "secrets and IAM references",
            Class::Dictionary => "dictionary",
            Class::Network => "network, WAF, ingress",
            Class::Etl => "ETL and guppy mapping",
            Class::Jobs => "jobs",
            Class::Metadata => "metadata",
            Class::Service => "other service settings",
            Class::Housekeeping => "housekeeping",
            Class::Global => "global settings",
            Class::Users => "users and authorization",
            Class::Revert => "revert",
            Class::CommonsAdded => "new commons",
            Class::CommonsRemoved => "removed commons",
            Class::CommonsMoved => "moved commons",
            Class::ServiceOnOff => "service on or off",
            Class::Application => "Argo CD application",
            Class::Indexd => "indexd",
            Class::Chart => "chart",
            Class::Format => "format only",
            Class::Empty => "empty",
        }
    }
}

/// One landed commit and what it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landing {
    pub commit: Arc<str>,
    pub time: jiff::Timestamp,
    pub author: Arc<str>,
    /// Who else wrote what this merge brought in.
    pub merged_authors: Vec<Arc<str>>,
    pub title: Arc<str>,
    pub pull_request: Option<u64>,
    pub class: Class,
    pub files: Vec<FileChange>,
    pub items: Vec<ChangeItem>,
    /// Folders, sorted.
    pub commons: Vec<Arc<str>>,
    pub clusters: Vec<Arc<str>>,
    /// Earlier landings that this one takes back.
    pub undoes: Vec<Undo>,
    /// The later landing that took this one back within [`UNDO_HOURS`].
    pub undone_by: Option<Undo>,
}

/// A landing taken back later than this was not a slip.
pub const UNDO_HOURS: i64 = 48;

/// The link between a landing and the one that took it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// The other landing.
    pub commit: Arc<str>,
    pub how: UndoneHow,
    /// How many of the first landing's values were put back, of how many.
    pub restored: usize,
    pub of: usize,
    pub hours: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UndoneHow {
    /// The message says so.
    Named,
    /// The values say so.
    Restored,
}
