//! A commons and what is claimed about it.
//!
//! Story: `lantern.datacommons.io` moves from the folder `lanternprod` to `unfunded`. For four landings both
//! folders hold it, and a person may have to say which is which; then the old folder goes, and the new one
//! is the same commons, with its history, its waivers and its grants. [`claims`] decides that; what a
//! person corrected (a tier, a twin) stands over what the files say.

pub mod claims;

use serde::{Deserialize, Serialize};

/// What a deployment is for. Git has no field for it: it is proposed from names and corrected by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    Production,
    Staging,
    Qa,
    Dev,
}

impl Tier {
    pub const ALL: &[Tier] = &[Tier::Production, Tier::Staging, Tier::Qa, Tier::Dev];

    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Production => "production",
            Tier::Staging => "staging",
            Tier::Qa => "qa",
            Tier::Dev => "dev",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|t| t.as_str() == text)
    }
}

/// Do we run it, or only watch it from outside?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Management {
    Managed,
    Associated,
}
