//! Git repositories and charts into plain data. The only crate that knows Git.
//!
//! Story: `Repository::open("fleet.git")` finds the branch, [`Repository::tree`] gives the files of its
//! newest commit as a [`csoc_gen3::tree::Tree`], [`Repository::history`] gives every landing since the last
//! one that was seen, and [`Repository::changed_paths`] says which files a landing touched. A [`Remote`]
//! keeps a bare copy of somebody else's repository up to date below the data folder.
//!
//! Everything here blocks: callers inside an async runtime use a blocking thread. Nothing reads the
//! user's or the machine's Git configuration, runs hooks, or asks on a terminal.

mod bundle;
mod error;
mod fleet_history;
mod history;
mod ids;
mod lines;
mod paths;
pub mod remote;
mod repository;
pub mod sample;
mod tree;
mod work_tree;
mod writer;

pub use bundle::{BundleHeader, Prerequisite, is_bundle};
pub use error::SourceError;
pub use fleet_history::{FleetHistory, Walked, commit, touched};
pub use history::{History, Landing, Signature, Start};
pub use ids::{CommitId, NotACommitId};
pub use lines::{Line, Origin};
pub use paths::{ChangeKind, ChangedPath, PathChanges};
pub use remote::{
    Address, AddressError, Credential, FetchError, FetchOptions, Fetched, Phase, Progress, Remote, Watch,
};
pub use repository::{Branch, OpenOptions, Repository};
pub use tree::{CommitTree, Subtree};
pub use work_tree::WorkTree;
pub use writer::{Files, NewCommit, Writer};
