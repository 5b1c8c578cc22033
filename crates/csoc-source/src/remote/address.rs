//! Where a repository is, as a person writes it.
//!
//! Story: someone pastes `https://ci:glpat-secret@git.example.org/team/fleet.git` into the form. It is refused
//! with a sentence that points at the token field, and the pasted text is not repeated anywhere: addresses
//! are shown, logged and stored in clear, credentials never.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `https://`, or `http://` for hosts that have nothing else (and then without a token).
    Http {
        url: Url,
    },
    Ssh {
        user: String,
        host: String,
        port: Option<u16>,
        path: String,
    },
    /// A repository or a bundle on this machine.
    Path(PathBuf),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("the address is empty")]
    Empty,
    #[error("the address contains a credential; remove it there and put it into the token field")]
    CredentialInUrl,
    #[error("the address has a query or a fragment; use the plain clone address")]
    QueryInUrl,
    #[error("{scheme}:// is not supported; use https://, ssh:// or a path on this machine")]
    Scheme { scheme: String },
    #[error("the address is not understood: {reason}")]
    Malformed { reason: String },
}

impl Address {
    /// `git.example.org`, for messages; `None` for a path.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Http { url } => url.host_str(),
            Self::Ssh { host, .. } => Some(host),
            Self::Path(_) => None,
        }
    }

    /// Is it this machine? Then no proxy is asked.
    pub(super) fn is_loopback(&self) -> bool {
        self.host().is_some_and(|host| {
            let host = host.trim_matches(['[', ']']);
            host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
        })
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return with_scheme(scheme, text);
        }
        // `ext::sh -c ...` and other helpers run programs.
        if let Some((helper, _)) = text.split_once("::") {
            return Err(AddressError::Scheme { scheme: helper.to_owned() });
        }
        match scp_like(text) {
            Some(ssh) => ssh,
            None => Ok(Self::Path(PathBuf::from(text))),
        }
    }
}

fn with_scheme(scheme: &str, text: &str) -> Result<Address, AddressError> {
    let malformed = |reason: &str| AddressError::Malformed { reason: reason.to_owned() };
    let url = Url::parse(text).map_err(|error| malformed(&error.to_string()))?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => {
            // A lone user name is a token as often as not.
            if !url.username().is_empty() || url.password().is_some() {
                return Err(AddressError::CredentialInUrl);
            }
            if url.query().is_some() || url.fragment().is_some() {
                return Err(AddressError::QueryInUrl);
            }
            url.host_str().ok_or_else(|| malformed("it has no host"))?;
            Ok(Address::Http { url })
        }
        "ssh" | "git+ssh" => {
            if url.password().is_some() {
                return Err(AddressError::CredentialInUrl);
            }
            let host = url.host_str().ok_or_else(|| malformed("it has no host"))?;
            let user = if url.username().is_empty() { "git" } else { url.username() };
            ssh(user, host, url.port(), url.path())
        }
        "file" => url.to_file_path().map(Address::Path).map_err(|()| malformed("it is not a path on this machine")),
        _ => Err(AddressError::Scheme { scheme: scheme.to_owned() }),
    }
}

/// `git@git.example.org:team/fleet.git`; `None` when it is a path.
fn scp_like(text: &str) -> Option<Result<Address, AddressError>> {
    let (before, path) = text.split_once(':')?;
    // A colon after the first slash belongs to a path, as does a single letter (a drive).
    if before.contains('/') || before.len() < 2 {
        return None;
    }
    let (user, host) = before.split_once('@').unwrap_or(("git", before));
    Some(ssh(user, host, None, path))
}

/// Nothing that `ssh` could take for an option, and nothing that a shell would understand.
fn ssh(user: &str, host: &str, port: Option<u16>, path: &str) -> Result<Address, AddressError> {
    let malformed = |reason: &str| Err(AddressError::Malformed { reason: reason.to_owned() });
    let plain = |text: &str, also: &str| {
        !text.is_empty()
            && !text.starts_with('-')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c) || also.contains(c))
    };
    if user.contains(':') {
        return Err(AddressError::CredentialInUrl);
    }
    if !plain(user, "") || !plain(host, "[]:") {
        return malformed("user and host may hold letters, digits, dots, dashes and underscores");
    }
    if path.trim_start_matches('/').is_empty() || path.starts_with('-') || path.contains(['\n', '\r', '\0']) {
        return malformed("the path of the repository is missing or starts with a dash");
    }
    Ok(Address::Ssh { user: user.to_owned(), host: host.to_owned(), port, path: path.to_owned() })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http { url } => url.fmt(f),
            Self::Ssh { user, host, port, path } => {
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                write!(f, "ssh://{user}@{host}{port}/{}", path.trim_start_matches('/'))
            }
            Self::Path(path) => path.display().fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> AddressError {
        text.parse::<Address>().unwrap_err()
    }

    #[test]
    fn a_pasted_credential_is_refused_and_not_repeated() {
        for text in ["https://ci:glpat-s3cret@h.org/x.git", "https://ghp_s3cret@h.org/x", "ssh://git:s3cret@h.org/x"] {
            let error = refused(text);
            assert_eq!(error, AddressError::CredentialInUrl);
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
        assert_eq!(refused("https://h.org/x?private_token=s3cret"), AddressError::QueryInUrl);
    }

    #[test]
    fn what_would_run_a_program_is_refused() {
        for text in ["ext::sh -c whoami", "ssh://-oProxyCommand=x/r", "git@-oProxyCommand:r", "git@h.org:-x"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_usual_forms_are_understood() {
        let shown = |text: &str| text.parse::<Address>().unwrap().to_string();
        assert_eq!(shown(" https://h.org/team/fleet.git "), "https://h.org/team/fleet.git");
        assert_eq!(shown("git@h.org:team/fleet.git"), "ssh://git@h.org/team/fleet.git");
        assert_eq!(shown("ssh://deploy@h.org:2222/srv/fleet"), "ssh://deploy@h.org:2222/srv/fleet");
        assert_eq!(shown("file:///srv/fleet.git"), "/srv/fleet.git");
        assert_eq!(shown("../fleet:old.bundle"), "../fleet:old.bundle");
    }
}
