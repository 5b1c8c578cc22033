//! Why a fetch failed, in sentences to act on.
//!
//! The library reports a chain of causes; a person wants to know whether to mend the token, the address, the
//! network or the disk. Texts of causes are kept only where nothing better is known, and never hold a secret.

use std::io::ErrorKind;

use crate::error::{SourceError, causes};

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{host} does not let us read this repository without a credential; add a token or a key")]
    CredentialNeeded { host: String },
    #[error("{host} refused the credential; it may be expired, revoked, or without read access to this repository")]
    CredentialRefused { host: String },
    #[error("a token is not sent over http://, where everybody on the way can read it; use https://")]
    PlainHttp,
    #[error("{host} has no such repository, or hides it from this credential")]
    NotFound { host: String },
    #[error("{host} cannot be reached: {detail}")]
    Unreachable { host: String, detail: String },
    #[error("the certificate of {host} is not trusted: {detail}")]
    Tls { host: String, detail: String },
    #[error("{host} showed another host key than before; if it was changed on purpose, enter the new one")]
    HostKey { host: String },
    #[error("{host} answered, but not as a Git server")]
    NotAGitServer { host: String },
    #[error("{host} answered with an error (HTTP status {status})")]
    Server { host: String, status: u16 },
    #[error("there is no branch {branch:?} (any more){}", did_you_mean(.nearest))]
    BranchGone { branch: String, nearest: Vec<String> },
    #[error("the repository is empty: it has no branch yet")]
    Empty,
    #[error("the repository uses SHA-256 object names; only SHA-1 repositories can be read")]
    Sha256,
    #[error("the fetch took longer than {seconds} s and was given up")]
    TimedOut { seconds: u64 },
    #[error("the fetch was stopped")]
    Cancelled,
    #[error("the disk is full")]
    DiskFull,
    #[error("the program {program} is needed for this address and could not be started: {detail}")]
    Program { program: &'static str, detail: String },
    #[error("{step}: {detail}")]
    Protocol { step: &'static str, detail: String },
    #[error(transparent)]
    Source(#[from] SourceError),
}

fn did_you_mean(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; the nearest names are {}", nearest.join(", ")) }
}

/// What is known around a failure.
pub(super) struct Circumstances<'a> {
    pub(super) host: &'a str,
    pub(super) with_credential: bool,
    /// What `ssh` wrote.
    pub(super) ssh_log: Option<String>,
    pub(super) step: &'static str,
}

impl Circumstances<'_> {
    /// From the library's chain of causes to one of ours. Types first, then texts: what `ssh` says and what
    /// a Git host writes before it hangs up exist only as text.
    pub(super) fn explain(&self, error: &gix::Error) -> FetchError {
        let host = || self.host.to_owned();
        for cause in error.iter_errors() {
            if let Some(io) = cause.downcast_ref::<std::io::Error>() {
                match io.kind() {
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded => return FetchError::DiskFull,
                    _ => {}
                }
            }
            if let Some(http) = cause.downcast_ref::<reqwest::Error>() {
                if let Some(status) = http.status() {
                    return self.status(status.as_u16());
                }
                if http.is_connect() || http.is_timeout() {
                    return self.unreachable(http);
                }
            }
        }
        if error.is_unauthenticated() {
            return self.refused();
        }
        let text = causes(error);
        if text.contains("over http") && text.contains("clear text") {
            return FetchError::PlainHttp;
        }
        if text.contains("to indicate 'smart' protocol") {
            return FetchError::NotAGitServer { host: host() };
        }
        if text.contains("object hash") && text.to_lowercase().contains("sha256") {
            return FetchError::Sha256;
        }
        if let Some(failure) = self.ssh_log.as_deref().and_then(|log| self.ssh(log)) {
            return failure;
        }
        FetchError::Protocol { step: self.step, detail: shortened(&text) }
    }

    fn status(&self, status: u16) -> FetchError {
        let host = self.host.to_owned();
        match status {
            401 | 403 => self.refused(),
            404 | 410 => FetchError::NotFound { host },
            _ => FetchError::Server { host, status },
        }
    }

    fn refused(&self) -> FetchError {
        let host = self.host.to_owned();
        if self.with_credential {
            FetchError::CredentialRefused { host }
        } else {
            FetchError::CredentialNeeded { host }
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> FetchError {
        let host = self.host.to_owned();
        let mut detail = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            detail = inner.to_string();
            cause = inner.source();
        }
        let lower = detail.to_lowercase();
        if lower.contains("certificate") || lower.contains("unknownissuer") {
            return FetchError::Tls { host, detail: shortened(&detail) };
        }
        if error.is_timeout() {
            detail = "no answer in time".to_owned();
        }
        FetchError::Unreachable { host, detail: shortened(&detail) }
    }

    fn ssh(&self, log: &str) -> Option<FetchError> {
        let host = self.host.to_owned();
        let says = |text: &str| log.contains(text);
        if says("Host key verification failed") || says("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            return Some(FetchError::HostKey { host });
        }
        if says("Permission denied") || says("Load key") || says("invalid format") {
            return Some(self.refused());
        }
        let last = log.lines().map(str::trim).rfind(|line| !line.is_empty())?;
        if says("Could not resolve hostname") || says("Connection refused") || says("timed out") || says("No route") {
            return Some(FetchError::Unreachable { host, detail: shortened(last) });
        }
        let lower = log.to_lowercase();
        if lower.contains("not found") || lower.contains("does not appear to be a git repository") {
            return Some(FetchError::NotFound { host });
        }
        Some(FetchError::Protocol { step: self.step, detail: shortened(last) })
    }
}

/// Somebody else's text: one line, not endless, nothing that steers a terminal.
fn shortened(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(400).collect();
    clean.trim().to_owned()
}
