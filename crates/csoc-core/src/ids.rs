//! Identifiers of our own: UUIDv7, made by the store when a thing is first seen, never reused and never
//! derived from what the world says (a hostname can be claimed by anyone).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

id!(
    /// Who owns commons and has people: the border of isolation.
    OrganizationId,
    /// One deployed Gen3 system, through every move and renaming.
    CommonsId,
    /// One Kubernetes cluster.
    ClusterId,
    /// One Git repository and branch that declares commons, or one chart repository.
    SourceId,
    PersonId,
    SessionId,
    TokenId,
    FindingId,
    WaiverId,
    /// One role given to one person.
    BindingId,
    SavedViewId,
    /// One commit on the branch that a source follows.
    LandingId,
    /// One thing that is claimed about a commons.
    ClaimId,
    /// Claims that contradict each other, until a person decides.
    ConflictId,
);
