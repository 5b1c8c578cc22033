//! What can go wrong while reading a repository, one variant per step, each a sentence to act on.

use std::path::PathBuf;

use crate::ids::CommitId;

#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("there is nothing at {path}")]
    Absent { path: PathBuf },
    #[error("{path} is neither a Git repository nor a bundle")]
    NotARepository { path: PathBuf },
    #[error("the repository {path} is empty: it has no commit yet")]
    Empty { path: PathBuf },
    #[error("{path} uses SHA-256 object names; only SHA-1 repositories can be read")]
    Sha256 { path: PathBuf },
    #[error("there is no branch {branch:?}{}", did_you_mean(.nearest))]
    BranchNotFound { branch: String, nearest: Vec<String> },
    #[error("{revision:?} names no commit{}", did_you_mean(.nearest))]
    RevisionNotFound { revision: String, nearest: Vec<String> },
    #[error("the branch has no landing at or before {time}")]
    NothingBefore { time: jiff::Timestamp },
    #[error("the object {id} is not in this clone (it is shallow or partial)")]
    ObjectMissing { id: CommitId },
    #[error("the tree of {commit} holds more than {limit} files")]
    TooManyFiles { commit: CommitId, limit: usize },
    #[error("{path} is not a usable bundle: {reason}")]
    Bundle { path: PathBuf, reason: String },
    #[error(
        "the bundle {path} continues a history that is not here: it needs {} commit(s), the first is {}",
        .missing.len(),
        first(.missing)
    )]
    BundlePrerequisites { path: PathBuf, missing: Vec<CommitId> },
    #[error("{step}: the repository is damaged: {detail}")]
    Corrupt { step: &'static str, detail: String },
    #[error("{step} ({path}): {source}")]
    Io { step: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{step}: {detail}")]
    Git { step: &'static str, detail: String },
}

impl SourceError {
    /// A failure of the Git library at `step`, with the whole chain of its causes.
    pub(crate) fn git(step: &'static str, error: &gix::Error) -> Self {
        let detail = causes(error);
        if error.is_corrupted() { Self::Corrupt { step, detail } } else { Self::Git { step, detail } }
    }

    pub(crate) fn io(step: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { step, path, source }
    }
}

/// The library's errors joined from the outside in; each cause once.
pub(crate) fn causes(error: &gix::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.iter_errors() {
        let text = cause.to_string();
        if !text.is_empty() && !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}

fn did_you_mean(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; the nearest names are {}", nearest.join(", ")) }
}

fn first(missing: &[CommitId]) -> String {
    missing.first().map(CommitId::to_string).unwrap_or_default()
}
