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
mod summary;
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

macro_rules! classes {
    ($($name:ident = $word:literal, $label:literal;)+) => {
        /// One label for a landing: what at least 60% of its changed values are about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Class { $(#[serde(rename = $word)] $name),+ }

        impl Class {
            pub const ALL: &[Class] = &[$(Class::$name),+];

            /// The stable word, as in JSON and in filters.
            pub fn as_str(self) -> &'static str {
                match self { $(Class::$name => $word),+ }
            }

            /// For people.
            pub fn label(self) -> &'static str {
                match self { $(Class::$name => $label),+ }
            }
        }
    };
}

classes! {
    Version = "version_bump", "version bump";
    Cluster = "infrastructure", "cluster and infrastructure";
    Workspaces = "workspaces", "workspaces";
    Portal = "portal", "portal and frontend";
    Mixed = "mixed", "mixed";
    Fence = "fence", "fence configuration";
    Scaling = "scaling", "scaling and resources";
    Workflow = "workflow", "workflow services";
    Ci = "ci", "CI environments";
    Secrets = "secrets", "secrets and IAM references";
    Dictionary = "dictionary", "dictionary";
    Network = "network", "network, WAF, ingress";
    Etl = "etl", "ETL and guppy mapping";
    Jobs = "jobs", "jobs";
    Metadata = "metadata", "metadata";
    Service = "service_settings", "other service settings";
    Housekeeping = "housekeeping", "housekeeping";
    Global = "global_settings", "global settings";
    Users = "users", "users and authorization";
    Revert = "revert", "revert";
    CommonsAdded = "new_commons", "new commons";
    CommonsRemoved = "removed_commons", "removed commons";
    CommonsMoved = "moved_commons", "moved commons";
    ServiceOnOff = "service_on_off", "service on or off";
    Application = "application", "Argo CD application";
    Indexd = "indexd", "indexd";
    Chart = "chart", "chart";
    Format = "format", "format only";
    Empty = "empty", "empty";
}

impl Class {
    /// The word or the label, with any of space, `-` and `_` between its parts.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
        let wanted = plain(text);
        Self::ALL.iter().copied().find(|class| class.as_str() == wanted || plain(class.label()) == wanted)
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
    /// It landed on the branch of a chart that the commons follow: which one, as the caller calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<Arc<str>>,
}

impl Landing {
    /// One line: "fence 2026.04 → 2026.05 and 8 more, 1 commons".
    pub fn summary(&self) -> String {
        summary::of(self)
    }
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
