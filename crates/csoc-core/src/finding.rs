//! A failed check on one subject, and its life: open, waived until a day, resolved.
//!
//! Story: the fleet is read again. The unquoted account number is still there: the finding stays and was
//! last seen now. A missing values file was added: resolved. One broken file kept a commons from being
//! read: what was found in it before is neither confirmed nor resolved, for a check that was not made is
//! never a pass. [`advance`] says all of this as transitions; whoever stores findings carries them out.
//!
//! A waiver says why a finding may stay, who decided, and until when. It never deletes: when its day is
//! over, the finding is open again.

mod life;
mod waiver;

use serde::{Deserialize, Serialize};

pub use life::{Found, Known, Place, Round, Transition, advance};
pub use waiver::{LONGEST_WAIVER_DAYS, State, Waiver, WaiverError, WaiverScope, state};

/// How bad, judged by who is hurt when nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    pub const ALL: &[Severity] = &[Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == text)
    }
}
