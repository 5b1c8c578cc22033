//! Which of the commons we know each folder of a source is.
//!
//! Rules, in this order: what a person decided stands. A folder that still has its hostname is the commons
//! it was. A hostname whose old folder is gone took its commons with it. A folder whose hostname changed is
//! still the commons it was. Anything else is new, unless its hostname is claimed by another live folder:
//! then it is contested. Until a person says which it is, or the other claim is gone, it has an id of its own, so
//! that it is seen and nothing about it is lost; what has gathered there goes with it to the commons it turns
//! out to be.
//!
//! Nothing ever crosses the border of an organization: a hostname is text that any repository can contain,
//! and a claim from B's repository never becomes one of A's commons. It becomes one of B's own, and the
//! contradiction is reported to whoever sees both.

mod matching;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{CommonsId, OrganizationId, SourceId};

pub use matching::match_claims;

/// What makes a source say that a commons is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// A manifest of the older kind, which stays behind when a commons moves on.
    Manifest,
    /// Values that nothing says are deployed.
    Values,
    /// An Argo CD Application.
    Application,
}

impl Strength {
    pub fn as_str(self) -> &'static str {
        match self {
            Strength::Manifest => "manifest",
            Strength::Values => "values",
            Strength::Application => "application",
        }
    }
}

impl FromStr for Strength {
    type Err = UnknownStrength;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Strength::Manifest, Strength::Values, Strength::Application];
        all.into_iter().find(|one| one.as_str() == text).ok_or(UnknownStrength)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a strength of claims")]
pub struct UnknownStrength;

/// What one source says about one commons, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub source: SourceId,
    /// The organization that the source belongs to.
    pub organization: OrganizationId,
    /// Where it stands in the source; unique within one reading.
    pub folder: String,
    pub application: Option<String>,
    pub cluster: Option<String>,
    /// As the files state it, or as the folder is named; never taken from another commons' values.
    pub hostname: Option<String>,
    pub strength: Strength,
}

/// A commons we know, with every claim that ever led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub id: CommonsId,
    pub organization: OrganizationId,
    pub claims: Vec<KnownClaim>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownClaim {
    pub claim: Claim,
    /// Said by the last reading of its source.
    pub live: bool,
    /// Made while its hostname was contested: it holds nothing, and nothing is matched with it.
    pub contested: bool,
}

impl Known {
    /// Only there until it is known which commons it is.
    pub fn is_provisional(&self) -> bool {
        !self.claims.is_empty() && self.claims.iter().all(|known| known.contested)
    }
}

/// What a person decided about a folder of a source. Kept for ever; a later one about the same folder wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub organization: OrganizationId,
    pub source: SourceId,
    pub folder: String,
    pub verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "commons")]
pub enum Verdict {
    /// The folder is this commons.
    Is(CommonsId),
    /// The folder is a commons of its own, whatever its hostname says.
    Separate,
}

/// What became of one claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Outcome {
    /// The commons it was before; `hostname_was` when that changed.
    Same {
        commons: CommonsId,
        hostname_was: Option<String>,
    },
    /// A commons we know, now at another folder or cluster; the old place is gone.
    Moved {
        commons: CommonsId,
        from: String,
    },
    /// A commons we know, which this source says beside another (a manifest left behind).
    Also {
        commons: CommonsId,
    },
    New {
        commons: CommonsId,
    },
    /// Its hostname is claimed by another live folder: a commons of its own for now.
    Contested {
        hostname: String,
        commons: CommonsId,
    },
}

impl Outcome {
    pub fn commons(&self) -> CommonsId {
        match self {
            Outcome::Same { commons, .. }
            | Outcome::Moved { commons, .. }
            | Outcome::Also { commons }
            | Outcome::New { commons }
            | Outcome::Contested { commons, .. } => *commons,
        }
    }

    pub fn is_contested(&self) -> bool {
        matches!(self, Outcome::Contested { .. })
    }
}

/// Two or more live claims on one hostname.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub hostname: String,
    /// In a stable order. They may belong to several organizations: show it only to who sees them all.
    pub parties: Vec<Party>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Party {
    pub organization: OrganizationId,
    pub source: SourceId,
    pub folder: String,
    pub commons: CommonsId,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// One for each claim of the reading, in its order.
    pub outcomes: Vec<Outcome>,
    /// Commons that no live claim leads to any more.
    pub gone: Vec<CommonsId>,
    /// What was contested and turned out to be another commons: the first is now the second.
    pub absorbed: Vec<(CommonsId, CommonsId)>,
    /// Every hostname that this source has part in and that is claimed more than once.
    pub conflicts: Vec<Conflict>,
}

/// Hostnames are compared without case and without the dot at the end.
pub(crate) fn normal(hostname: &str) -> String {
    hostname.trim().trim_end_matches('.').to_ascii_lowercase()
}

pub(crate) type ByHostname<T> = BTreeMap<String, Vec<T>>;
