//! Image tags: which kind they are and how two of them compare.

use serde::{Deserialize, Serialize};

/// What a tag promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TagClass {
    /// `2026.07`, `2026.07.1`: one of the monthly releases.
    Monthly,
    /// `13.3.0`, `v1.2`, `0.25`.
    Semver,
    /// `master`, `main`, `latest`, `develop`: changes under us.
    Moving,
    /// A branch build or anything else.
    Feature,
    /// A digest: cannot change.
    Digest,
}
