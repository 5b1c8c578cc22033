//! Setup, signing in and out, and what the signed-in person is told about themselves.

use std::collections::BTreeSet;

use csoc_api::session::{
    Me, OrganizationAccess, PasswordChange, RoleHeld, SessionRow, SetupRequest, SetupState, SignIn,
};
use csoc_core::access::{Actor, Credential, Permission, Role, Scope, Visible};
use csoc_core::audit::{ActorRef, Object, Outcome};
use csoc_core::secret::Secret;
use csoc_core::{PersonId, SessionId};
use csoc_store::{NewPerson, NewSession, Person, Session, Write};
use jiff::{SignedDuration, Timestamp};

use super::people::check_name;
use super::{By, Fault, Origin};
use crate::app::App;
use crate::identity::{Presented, SESSION_LONGEST, begin_attempt, check_new_password, ends_at, idle_hours, recognize};
use crate::keys::{hash_secret, random_secret};

/// The secret goes into the cookie and nowhere else.
pub struct Opened {
    pub secret: Secret,
    pub me: Me,
}

pub async fn setup_state(app: &App) -> Result<SetupState, Fault> {
    let needed = !app.config.no_sign_in && app.store.setup_is_needed().await?;
    Ok(SetupState { needed, version: env!("CARGO_PKG_VERSION").to_owned() })
}

/// Makes the first administrator. The code was printed by the server, so whoever has it runs the server.
pub async fn setup(app: &App, origin: Origin, request: SetupRequest) -> Result<Opened, Fault> {
    if !app.store.setup_is_needed().await? {
        return Err(Fault::Conflict("there is an administrator already; sign in".to_owned()));
    }
    let attempt = begin_attempt(app, None, origin.address.as_deref()).await?;
    let code = hash_secret(&request.code);
    if !app.store.setup_code_is_valid(&code).await? {
        refuse(app, &origin, "setup.complete", Object { kind: "installation".to_owned(), ..Object::default() }).await?;
        return Err(Fault::invalid("/code", "this is not the code that the server printed at its last start"));
    }
    let password = Secret::new(request.password);
    let checks = [check_name(&request.name, "/name"), check_new_password(&password, &request.name, "/password")];
    let mistakes: Vec<_> = checks.into_iter().filter_map(Result::err).collect();
    if !mistakes.is_empty() {
        return Err(Fault::Invalid(mistakes));
    }
    let new = NewPerson {
        display_name: request.display_name.filter(|n| !n.trim().is_empty()).unwrap_or_else(|| request.name.clone()),
        name: request.name,
        password_hash: Some(app.passwords.hash(&password).await?),
        must_change: false,
    };
    let now = app.now();
    let secret = random_secret()?;
    let mut write = app.store.write().await?;
    if !write.setup_code_take(&code, now).await? {
        return Err(Fault::Conflict("the code was used already; sign in".to_owned()));
    }
    attempt.succeeded(&mut write).await?;
    let person = write.person_insert(&new, now).await?;
    write.binding_insert(person, Role::Admin, Scope::Installation, now).await?;
    let session = open_session(&mut write, person, &secret, &origin, now).await?;
    let actor = signed_in(person, &new.name, session);
    let object = Object::new("person", person, &new.name);
    write.audit_append(&origin.entry(now, actor, "setup.complete", object, Outcome::Ok)).await?;
    write.commit().await?;
    opened(app, secret, origin).await
}

/// `before` is the session that the browser already had, if any: it ends.
pub async fn sign_in(app: &App, origin: Origin, before: Option<SessionId>, ask: SignIn) -> Result<Opened, Fault> {
    let attempt = match begin_attempt(app, Some(&ask.name), origin.address.as_deref()).await {
        Ok(attempt) => attempt,
        Err(fault) => {
            app.metrics.sign_in("throttled");
            let known = app.store.person_fetch_by_name(&ask.name).await?;
            refuse(app, &origin, "session.create", whom(known.as_ref())).await?;
            return Err(fault);
        }
    };
    let known = app.store.person_fetch_by_name(&ask.name).await?;
    let hash = known.as_ref().filter(|person| !person.disabled).and_then(|person| person.password_hash.as_ref());
    let right = app.passwords.verify(&Secret::new(ask.password), hash).await?;
    let Some(person) = known.as_ref().filter(|_| right) else {
        app.metrics.sign_in("refused");
        refuse(app, &origin, "session.create", whom(known.as_ref())).await?;
        return Err(Fault::WrongCredentials);
    };
    app.metrics.sign_in("ok");
    let now = app.now();
    let secret = random_secret()?;
    let mut write = app.store.write().await?;
    attempt.succeeded(&mut write).await?;
    if let Some(before) = before {
        write.session_revoke(before, now).await?;
    }
    let session = open_session(&mut write, person.id, &secret, &origin, now).await?;
    let actor = signed_in(person.id, &person.name, session);
    write.audit_append(&origin.entry(now, actor, "session.create", whom(Some(person)), Outcome::Ok)).await?;
    write.commit().await?;
    opened(app, secret, origin).await
}

fn signed_in(person: PersonId, name: &str, session: SessionId) -> ActorRef {
    ActorRef {
        id: Some(person),
        name: name.to_owned(),
        credential_kind: "session".to_owned(),
        credential_id: Some(session.to_string()),
    }
}

/// What was typed as a name is not recorded when nobody has it: it may be a password.
fn whom(person: Option<&Person>) -> Object {
    match person {
        Some(person) => Object::new("person", person.id, &person.name),
        None => Object { kind: "person".to_owned(), id: None, name: Some("(unknown name)".to_owned()) },
    }
}

async fn refuse(app: &App, origin: &Origin, action: &str, object: Object) -> Result<(), Fault> {
    let actor = ActorRef::nobody(object.name.clone().unwrap_or_default());
    app.audit.append(origin.entry(app.now(), actor, action, object, Outcome::Refused)).await?;
    Ok(())
}

async fn open_session(
    write: &mut Write,
    person: PersonId,
    secret: &Secret,
    origin: &Origin,
    now: Timestamp,
) -> Result<SessionId, Fault> {
    let longest = SignedDuration::try_from(SESSION_LONGEST).unwrap_or(SignedDuration::ZERO);
    let new = NewSession {
        person,
        secret_hash: hash_secret(secret.expose()),
        expires_at: now.checked_add(longest).unwrap_or(now),
        user_agent: origin.user_agent.clone(),
        address: origin.address.clone().unwrap_or_default(),
    };
    write.person_signed_in(person, now).await?;
    Ok(write.session_insert(&new, now).await?)
}

async fn opened(app: &App, secret: Secret, origin: Origin) -> Result<Opened, Fault> {
    let who = recognize(app, &Presented::Cookie(secret.clone()), origin).await?;
    let me = me(app, &who.by, who.csrf, who.must_change_password).await?;
    Ok(Opened { secret, me })
}

/// Organizations in which the actor may do anything at all.
pub fn widest(actor: &Actor) -> Visible {
    let mut all = BTreeSet::new();
    for permission in Permission::ALL {
        match actor.visible(*permission) {
            Visible::All => return Visible::All,
            Visible::Only(some) => all.extend(some),
        }
    }
    Visible::Only(all)
}

pub async fn me(app: &App, by: &By, csrf: Option<String>, must_change: bool) -> Result<Me, Fault> {
    let actor = &by.actor;
    let names = |allowed: &dyn Fn(Permission) -> bool| -> Vec<String> {
        Permission::ALL.iter().filter(|p| allowed(**p)).map(|p| p.as_str().to_owned()).collect()
    };
    let organizations = app.store.organization_list(&widest(actor)).await?;
    let (credential, display_name) = match actor.credential {
        Credential::Loopback => ("loopback", "Nobody signed in".to_owned()),
        Credential::Session(_) => ("session", display_name(app, by).await?),
        Credential::Token(_) => ("token", display_name(app, by).await?),
    };
    let held = actor.roles.iter().map(|(role, scope)| RoleHeld {
        role: role.as_str().to_owned(),
        organization: match scope {
            Scope::Installation => None,
            Scope::Organization(id) => Some(id.0),
        },
    });
    Ok(Me {
        person: actor.person.0,
        name: actor.name.clone(),
        display_name,
        credential: credential.to_owned(),
        roles: held.collect(),
        permissions: names(&|p| actor.may_everywhere(p)),
        organizations: organizations
            .into_iter()
            .map(|o| OrganizationAccess { id: o.id.0, name: o.name, permissions: names(&|p| actor.may(p, o.id)) })
            .collect(),
        csrf,
        must_change_password: must_change,
    })
}

async fn display_name(app: &App, by: &By) -> Result<String, Fault> {
    let person = app.store.person_fetch(by.actor.person).await?;
    Ok(person.map_or_else(|| by.actor.name.clone(), |person| person.display_name))
}

/// Ends the session that asks. A token has none to end.
pub async fn sign_out(app: &App, by: &By) -> Result<(), Fault> {
    let Credential::Session(id) = by.actor.credential else { return Ok(()) };
    let now = app.now();
    let mut write = app.store.write().await?;
    write.session_revoke(id, now).await?;
    write.audit_append(&by.did(now, "session.end", Object::new("session", id, ""))).await?;
    Ok(write.commit().await?)
}

/// The sessions of one person that still count.
pub async fn list(app: &App, by: &By, person: PersonId) -> Result<Vec<SessionRow>, Fault> {
    let (now, idle) = (app.now(), idle_hours(app).await?);
    let sessions = app.store.session_list(Some(person), now).await?;
    let live = sessions.into_iter().filter(|session| ends_at(session, idle) > now);
    Ok(live.map(|session| row(&session, by, idle)).collect())
}

fn row(session: &Session, by: &By, idle: u32) -> SessionRow {
    SessionRow {
        id: session.id.0,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: ends_at(session, idle),
        user_agent: session.user_agent.clone(),
        address: session.address.clone(),
        current: by.actor.credential == Credential::Session(session.id),
    }
}

/// Ends one session of `person`.
pub async fn revoke(app: &App, by: &By, person: PersonId, id: SessionId) -> Result<(), Fault> {
    let session = app.store.session_fetch(id).await?.filter(|session| session.person == person);
    let session = session.ok_or(Fault::NotFound { what: "session" })?;
    let now = app.now();
    let mut write = app.store.write().await?;
    write.session_revoke(session.id, now).await?;
    write.audit_append(&by.did(now, "session.revoke", Object::new("session", id, session.address))).await?;
    Ok(write.commit().await?)
}

/// The person's own; every other session ends.
pub async fn change_password(app: &App, by: &By, change: PasswordChange) -> Result<(), Fault> {
    let Credential::Session(session) = by.actor.credential else {
        return Err(Fault::NotAllowed("a password is changed by its person, signed in"));
    };
    let person = app.store.person_fetch(by.actor.person).await?.ok_or(Fault::NotSignedIn)?;
    let attempt = begin_attempt(app, Some(&person.name), None).await?;
    let (current, new) = (Secret::new(change.current), Secret::new(change.new));
    if !app.passwords.verify(&current, person.password_hash.as_ref()).await? {
        refuse(app, &by.origin, "person.password", whom(Some(&person))).await?;
        return Err(Fault::invalid("/current", "this is not your current password"));
    }
    check_new_password(&new, &person.name, "/new").map_err(|mistake| Fault::Invalid(vec![mistake]))?;
    if new.equals(current.expose()) {
        return Err(Fault::invalid("/new", "this is the password you had"));
    }
    let hash = app.passwords.hash(&new).await?;
    let now = app.now();
    let mut write = app.store.write().await?;
    attempt.succeeded(&mut write).await?;
    write.person_set_password(person.id, &hash, false).await?;
    write.session_revoke_all(person.id, Some(session), now).await?;
    write.audit_append(&by.did(now, "person.password", whom(Some(&person)))).await?;
    Ok(write.commit().await?)
}
