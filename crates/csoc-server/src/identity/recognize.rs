//! From what a request presents to who it is.

use csoc_core::access::{Actor, Credential, Role, Scope};
use csoc_core::secret::Secret;
use csoc_store::{Session, Token, Write};
use jiff::{SignedDuration, Timestamp};

use super::{SESSION_IDLE_HOURS, TOUCH_EVERY};
use crate::app::App;
use crate::keys::hash_secret;
use crate::service::{By, Fault, Origin};

/// What a request brought along.
#[derive(Debug)]
pub enum Presented {
    Cookie(Secret),
    Bearer(Secret),
    Nothing,
}

#[derive(Clone, Debug)]
pub struct Recognized {
    pub by: By,
    pub must_change_password: bool,
    /// For sessions: what changes must send along.
    pub csrf: Option<String>,
}

/// Who is it? [`Fault::NotSignedIn`] for whoever cannot be told, for whatever reason.
pub async fn recognize(app: &App, presented: &Presented, origin: Origin) -> Result<Recognized, Fault> {
    let now = app.now();
    match presented {
        Presented::Bearer(secret) => by_token(app, secret, origin, now).await,
        Presented::Cookie(secret) => by_session(app, secret, origin, now).await,
        Presented::Nothing => nobody(app, origin),
    }
}

fn nobody(app: &App, origin: Origin) -> Result<Recognized, Fault> {
    if !app.config.no_sign_in {
        return Err(Fault::NotSignedIn);
    }
    let actor = Actor {
        person: csoc_core::PersonId(uuid::Uuid::nil()),
        name: "local".to_owned(),
        credential: Credential::Loopback,
        roles: vec![(Role::Admin, Scope::Installation)],
        only: None,
        only_in: None,
    };
    Ok(Recognized { by: By { actor, origin }, must_change_password: false, csrf: None })
}

async fn by_session(app: &App, secret: &Secret, origin: Origin, now: Timestamp) -> Result<Recognized, Fault> {
    let hash = hash_secret(secret.expose());
    let Some(found) = app.store.session_recognize(&hash, now).await? else { return nobody(app, origin) };
    if is_idle(&found.session, idle_hours(app).await?, now) {
        return nobody(app, origin);
    }
    touch_session(app, &found.session, &origin, now).await;
    let actor = Actor {
        person: found.person.id,
        name: found.person.name,
        credential: Credential::Session(found.session.id),
        roles: found.roles,
        only: None,
        only_in: None,
    };
    Ok(Recognized {
        by: By { actor, origin },
        must_change_password: found.person.must_change,
        csrf: Some(app.keys.csrf_token(&hash)),
    })
}

async fn by_token(app: &App, secret: &Secret, origin: Origin, now: Timestamp) -> Result<Recognized, Fault> {
    let found = app.store.token_recognize(&hash_secret(secret.expose()), now).await?;
    let found = found.ok_or(Fault::NotSignedIn)?;
    touch_token(app, &found.token, now).await;
    let actor = Actor {
        person: found.person.id,
        name: found.person.name,
        credential: Credential::Token(found.token.id),
        roles: found.roles,
        only: found.token.permissions,
        only_in: found.token.organization,
    };
    // A password that must be changed does not stop a person's scripts.
    Ok(Recognized { by: By { actor, origin }, must_change_password: false, csrf: None })
}

/// The setting, or what holds without one.
pub async fn idle_hours(app: &App) -> Result<u32, Fault> {
    Ok(app.store.setting_fetch("session_hours").await?.unwrap_or(SESSION_IDLE_HOURS))
}

/// When a session ends if it is not used any more.
pub fn ends_at(session: &Session, idle_hours: u32) -> Timestamp {
    let idle = session.last_seen_at.checked_add(SignedDuration::from_hours(i64::from(idle_hours)));
    idle.unwrap_or(session.expires_at).min(session.expires_at)
}

fn is_idle(session: &Session, idle_hours: u32, now: Timestamp) -> bool {
    ends_at(session, idle_hours) <= now
}

fn is_due(last: Timestamp, now: Timestamp) -> bool {
    now.duration_since(last) >= SignedDuration::try_from(TOUCH_EVERY).unwrap_or(SignedDuration::ZERO)
}

async fn touch_session(app: &App, session: &Session, origin: &Origin, now: Timestamp) {
    if is_due(session.last_seen_at, now) {
        let address = origin.address.clone().unwrap_or_default();
        let id = session.id;
        note(app, async |write| write.session_touch(id, &address, now).await).await;
    }
}

async fn touch_token(app: &App, token: &Token, now: Timestamp) {
    if token.last_used_at.is_none_or(|last| is_due(last, now)) {
        note(app, async |write| write.token_touch(token.id, now).await).await;
    }
}

/// When it was last used is worth knowing, but not worth refusing a request for.
async fn note(app: &App, change: impl AsyncFnOnce(&mut Write) -> Result<(), csoc_store::StoreError>) {
    let noted = async {
        let mut write = app.store.write().await?;
        change(&mut write).await?;
        write.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the last use of a credential was not noted");
    }
}
