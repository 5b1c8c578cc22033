//! Credentials of sources: checked, encrypted for one location, opened only to fetch.

use csoc_api::sources::CredentialWrite;
use csoc_core::SourceId;
use csoc_core::secret::Secret;
use csoc_source::Credential;
use csoc_store::{Source, SourceAuth};

use super::Location;
use crate::app::App;
use crate::service::{Fault, Mistake};

/// In clear, for the moment of a fetch.
#[derive(Debug)]
pub enum ClearCredential {
    None,
    Token { user: Option<String>, token: Secret },
    SshKey(Secret),
}

impl From<ClearCredential> for Credential {
    fn from(clear: ClearCredential) -> Self {
        match clear {
            ClearCredential::None => Credential::None,
            ClearCredential::Token { user, token } => Credential::Token { user, token },
            ClearCredential::SshKey(private_key) => Credential::Key { private_key, known_hosts: None },
        }
    }
}

const TOO_LONG: usize = 32 * 1024;

pub(super) fn auth_word(auth: SourceAuth) -> &'static str {
    match auth {
        SourceAuth::None => "none",
        SourceAuth::Token => "token",
        SourceAuth::Ssh => "ssh_key",
    }
}

/// Does this kind of credential go with this kind of location?
pub(super) fn check(location: &Location, credential: &CredentialWrite) -> Result<(), Mistake> {
    let field = |name: &str| format!("/credential/{name}");
    match (credential, location) {
        (CredentialWrite::None, _) => Ok(()),
        (CredentialWrite::Token { token, user }, Location::Web(url)) => {
            if token.is_empty() || token.len() > TOO_LONG || token.chars().any(char::is_control) {
                return Err(Mistake::new(field("token"), "a token is one line of text"));
            }
            if user.as_ref().is_some_and(|u| u.len() > 200 || u.chars().any(|c| c.is_control() || c == ':')) {
                return Err(Mistake::new(field("user"), "this cannot be a user's name"));
            }
            let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
            if url.scheme() == "http" && !local {
                return Err(Mistake::new("/location", "a token is only sent over https://"));
            }
            Ok(())
        }
        (CredentialWrite::Token { .. }, _) => {
            Err(Mistake::new("/credential", "a token goes with an https:// location"))
        }
        (CredentialWrite::SshKey { private_key }, Location::Ssh(_)) => {
            let looks = private_key.trim_start().starts_with("-----BEGIN") && private_key.len() <= TOO_LONG;
            if looks { Ok(()) } else { Err(Mistake::new(field("private_key"), "a private key begins with -----BEGIN")) }
        }
        (CredentialWrite::SshKey { .. }, _) => {
            Err(Mistake::new("/credential", "an SSH key goes with a location as git@host:path or ssh://"))
        }
    }
}

pub(super) fn clear(credential: &CredentialWrite) -> ClearCredential {
    match credential {
        CredentialWrite::None => ClearCredential::None,
        CredentialWrite::Token { user, token } => {
            let user = user.clone().filter(|user| !user.is_empty());
            ClearCredential::Token { user, token: Secret::new(token.clone()) }
        }
        CredentialWrite::SshKey { private_key } => {
            // Without a line end after its last line ssh refuses the key.
            ClearCredential::SshKey(Secret::new(format!("{}\n", private_key.trim().replace("\r\n", "\n"))))
        }
    }
}

type Sealed = (SourceAuth, Option<String>, Option<Vec<u8>>);

pub(super) fn encrypt(app: &App, location: &str, credential: CredentialWrite) -> Result<Sealed, Fault> {
    Ok(match clear(&credential) {
        ClearCredential::None => (SourceAuth::None, None, None),
        ClearCredential::Token { user, token } => {
            (SourceAuth::Token, user, Some(app.keys.encrypt(&bound_to(location), &token)?))
        }
        ClearCredential::SshKey(key) => (SourceAuth::Ssh, None, Some(app.keys.encrypt(&bound_to(location), &key)?)),
    })
}

/// Moved to another row, or its row's location changed behind our back, it does not open: a token is only
/// ever sent where its owner wanted it.
fn bound_to(location: &str) -> String {
    format!("source credential\0{location}")
}

/// The credential to fetch with.
pub fn credential_of(app: &App, source: &Source) -> Result<ClearCredential, Fault> {
    let open = || -> Result<Secret, Fault> {
        let sealed = source.credential.as_deref().unwrap_or_default();
        Ok(app.keys.decrypt(&bound_to(&source.location), sealed)?)
    };
    Ok(match source.auth {
        SourceAuth::None => ClearCredential::None,
        SourceAuth::Token => ClearCredential::Token { user: source.auth_user.clone(), token: open()? },
        SourceAuth::Ssh => ClearCredential::SshKey(open()?),
    })
}

fn webhook_of(id: SourceId) -> String {
    format!("source webhook\0{id}")
}

pub(super) fn seal_webhook(app: &App, id: SourceId, secret: &Secret) -> Result<Vec<u8>, Fault> {
    Ok(app.keys.encrypt(&webhook_of(id), secret)?)
}

/// What the Git host signs with; `None` when there is no webhook.
pub fn webhook_secret_of(app: &App, source: &Source) -> Result<Option<Secret>, Fault> {
    let Some(sealed) = &source.webhook_secret else { return Ok(None) };
    Ok(Some(app.keys.decrypt(&webhook_of(source.id), sealed)?))
}
