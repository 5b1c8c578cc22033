//! What must last: people, sources, commons, findings, audit. One struct, plain SQL, two engines.
//!
//! Story: a handler removes a source. It opens one [`Write`], calls `source_delete`, appends the audit
//! entry to the same [`Write`] and commits: both are there afterwards or neither is, also when the power
//! fails in between. Another server's list of sources, asked for with the [`Visible`] organizations of
//! somebody else, never showed that source in the first place.
//!
//! * Reads are methods of [`Store`], changes are methods of [`Write`]; all are named noun first.
//! * Every read of what belongs to an organization takes a [`Visible`] and filters in SQL.
//! * The SQL is one text for SQLite and PostgreSQL (`$1`, TEXT ids, BIGINT milliseconds). Where the
//!   engines differ, the difference is in `engine.rs`, `sql.rs` or `migrate.rs`, never in a resource's file.
//! * What is encrypted or hashed comes here already encrypted or hashed.
//!
//! [`Visible`]: csoc_core::access::Visible

mod audit;
mod backup;
mod check;
mod engine;
mod error;
mod lock;
mod migrate;
mod page;
mod sql;
mod write;

mod agents;
mod bindings;
mod clusters;
mod commons;
mod findings;
mod landings;
mod organizations;
mod packed;
mod people;
mod sessions;
mod settings;
mod setup;
mod snapshots;
mod sources;
mod throttle;
mod tokens;
mod views;
mod waivers;

pub use agents::{Agent, AgentJoin, Joined, NewJoinToken};
pub use audit::AuditFilter;
pub use audit::export::AuditExport;
pub use audit::key::AuditFiles;
pub use audit::log::{AuditLog, AuditOptions, AuditStatus, AuditWriter, Intent};
pub use audit::prune::Pruned;
pub use audit::verify::AuditVerification;
pub use backup::{BackupFile, BackupManifest, Restored, restore};
pub use bindings::Binding;
pub use clusters::Cluster;
pub use commons::{Claim, Commons, Conflict, NewClaim, NewCommons};
pub use engine::{Access, EngineKind, Options, Store};
pub use error::StoreError;
pub use findings::{Finding, FindingFilter, FindingSort, FindingState, Found, Since};
pub use landings::{Landing, LandingFilter, NewLanding, Seq};
pub use lock::FolderLock;
pub use organizations::Organization;
pub use page::{Page, PageRequest};
pub use people::{NewPerson, PeopleFilter, Person};
pub use sessions::{NewSession, Session, SignedIn};
pub use snapshots::Snapshot;
pub use sources::{NewSource, Source, SourceAuth, SourceKind, SourceUpdate};
pub use throttle::Failures;
pub use tokens::{NewToken, Token, TokenBearer};
pub use views::SavedView;
pub use waivers::{NewWaiver, Waiver, WaiverScope};
pub use write::Write;
