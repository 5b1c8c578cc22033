//! Decisions, by resource. They know who asks and what is stored; they know no HTTP.
//!
//! Story: `POST /sources` unpacks a body and calls [`sources::create`]; that one decides whether the name
//! is free, encrypts the credential, writes source and audit row in one change, wakes the ingest, and
//! answers a row or a [`Fault`]. The command line's `csoc doctor` calls the same functions.

pub mod about;
pub mod audit;
pub mod changes;
pub mod commons;
pub mod conflicts;
pub mod findings;
pub mod fleet;
pub mod organizations;
pub mod people;
pub mod releases;
pub mod sample;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod sources;
pub mod tokens;
pub mod values;
pub mod views;

use std::time::Duration;

use csoc_core::OrganizationId;
use csoc_core::access::{Actor, Permission};
use csoc_core::audit::{ActorRef, Entry, Object, Outcome};
use csoc_store::StoreError;
use jiff::Timestamp;

/// Who asks, and from where.
#[derive(Clone, Debug)]
pub struct By {
    pub actor: Actor,
    pub origin: Origin,
}

/// Where a request comes from; goes into every audit row.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub user_agent: String,
}

impl Origin {
    pub fn entry(&self, now: Timestamp, actor: ActorRef, action: &str, object: Object, result: Outcome) -> Entry {
        let mut entry = Entry::new(now, actor, action, object, result);
        entry.address.clone_from(&self.address);
        entry.request_id.clone_from(&self.request_id);
        entry
    }
}

impl By {
    /// An audit entry of something that was done.
    pub fn did(&self, now: Timestamp, action: &str, object: Object) -> Entry {
        self.origin.entry(now, ActorRef::from(&self.actor), action, object, Outcome::Ok)
    }

    /// May this be done to something of `organization`? What may not even be read does not exist.
    pub fn permit(
        &self,
        permission: Permission,
        read: Permission,
        organization: OrganizationId,
        what: &'static str,
    ) -> Result<(), Fault> {
        if !self.actor.may(read, organization) {
            return Err(Fault::NotFound { what });
        }
        if !self.actor.may(permission, organization) {
            return Err(Fault::Forbidden { permission });
        }
        Ok(())
    }

    /// May this be done to the installation itself?
    pub fn permit_everywhere(&self, permission: Permission) -> Result<(), Fault> {
        if self.actor.may_everywhere(permission) { Ok(()) } else { Err(Fault::Forbidden { permission }) }
    }
}

/// One mistake in what was sent: a JSON pointer or a query parameter, and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub field: String,
    pub message: String,
}

impl Mistake {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Why something was not done, by what the asker can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// It does not exist, or is not this reader's to see: the answer is the same.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    #[error("sign in first")]
    NotSignedIn,
    #[error("name or password is wrong")]
    WrongCredentials,
    #[error("this needs the permission {}", .permission.as_str())]
    Forbidden { permission: Permission },
    #[error("{0}")]
    NotAllowed(&'static str),
    #[error("choose a new password first")]
    MustChangePassword,
    #[error("the request was not made by a page of this server: {0}")]
    CrossSite(&'static str),
    #[error("{}", join(.0))]
    Invalid(Vec<Mistake>),
    #[error("{0}")]
    Conflict(String),
    #[error("too many failed attempts; try again in {} seconds", .wait.as_secs().max(1))]
    Throttled { wait: Duration },
    #[error("{0}")]
    NotReady(String),
    /// Something outside (a Git host) refused or failed; the text is for the asker.
    #[error("{0}")]
    Outside(String),
    #[error("the store is not reachable at the moment; try again")]
    Busy(#[source] StoreError),
    #[error("the server's disk is full; nothing was changed")]
    Full(#[source] StoreError),
    #[error("{step}: {source}")]
    Inner { step: &'static str, source: Box<dyn std::error::Error + Send + Sync> },
}

fn join(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|m| m.message.as_str()).collect::<Vec<_>>().join("; ")
}

impl Fault {
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Mistake::new(field, message)])
    }

    /// An inner error at `step`; the asker only sees that the server failed, the log sees all.
    pub fn inner(step: &'static str) -> impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> Self {
        move |source| Self::Inner { step, source }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Fault::NotFound { what: "object" },
            StoreError::Cursor => Fault::invalid("cursor", error.to_string()),
            StoreError::Unavailable { .. } => Fault::Busy(error),
            StoreError::Full { .. } => Fault::Full(error),
            StoreError::Exists { .. } => Fault::Conflict("something of that name exists already".to_owned()),
            StoreError::Reference { .. } => Fault::Conflict("something still refers to it".to_owned()),
            other => Fault::Inner { step: "store", source: Box::new(other) },
        }
    }
}

impl From<crate::keys::KeyError> for Fault {
    fn from(error: crate::keys::KeyError) -> Self {
        Fault::Inner { step: "keys", source: Box::new(error) }
    }
}
