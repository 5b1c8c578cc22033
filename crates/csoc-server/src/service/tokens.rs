//! API tokens: `csoc_PREFIX_SECRET`, shown once, kept as a hash.
//!
//! A token can only narrow what its person may do, and only a person who is signed in makes one: a token
//! that could make tokens would widen itself.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use csoc_api::tokens::{TokenCreate, TokenCreated, TokenRow};
use csoc_core::access::{Credential, Permission};
use csoc_core::audit::{Object, hex};
use csoc_core::secret::Secret;
use csoc_core::{OrganizationId, PersonId, TokenId};
use csoc_store::{NewToken, Token};
use jiff::SignedDuration;

use super::sessions::widest;
use super::{By, Fault, Mistake};
use crate::app::App;
use crate::keys::{hash_secret, random, random_secret};

const LONGEST_DAYS: u32 = 366;

/// Their own; with `all`, everybody's, for who may read people everywhere.
pub async fn list(app: &App, by: &By, all: bool) -> Result<Vec<TokenRow>, Fault> {
    if all {
        by.permit_everywhere(Permission::PeopleRead)?;
    }
    let tokens = app.store.token_list((!all).then_some(by.actor.person)).await?;
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    for token in &tokens {
        if let Entry::Vacant(place) = names.entry(token.person) {
            let person = app.store.person_fetch(token.person).await?;
            place.insert(person.map(|p| p.name).unwrap_or_default());
        }
    }
    Ok(tokens.into_iter().map(|token| row(token, &names)).collect())
}

fn row(token: Token, names: &BTreeMap<PersonId, String>) -> TokenRow {
    TokenRow {
        id: token.id.0,
        person_name: names.get(&token.person).cloned().unwrap_or_default(),
        person: token.person.0,
        name: token.name,
        prefix: token.prefix,
        permissions: token.permissions.map(|set| set.into_iter().map(|p| p.as_str().to_owned()).collect()),
        organization: token.organization.map(|id| id.0),
        created_at: token.created_at,
        // Every token that this server makes expires.
        expires_at: token.expires_at.unwrap_or(jiff::Timestamp::MAX),
        last_used_at: token.last_used_at,
        revoked_at: token.revoked_at,
    }
}

struct Wanted {
    permissions: Option<BTreeSet<Permission>>,
    organization: Option<OrganizationId>,
}

fn check(by: &By, ask: &TokenCreate) -> Result<Wanted, Fault> {
    let mut mistakes = Vec::new();
    if !(1..=80).contains(&ask.name.trim().chars().count()) {
        mistakes.push(Mistake::new("/name", "a name of 1 to 80 characters says what the token is for"));
    }
    if !(1..=LONGEST_DAYS).contains(&ask.days) {
        mistakes.push(Mistake::new("/days", format!("a token lasts 1 to {LONGEST_DAYS} days")));
    }
    let mut permissions = ask.permissions.as_ref().map(|_| BTreeSet::new());
    for (n, text) in ask.permissions.iter().flatten().enumerate() {
        match (Permission::parse(text), &mut permissions) {
            (Some(permission), Some(set)) => drop(set.insert(permission)),
            _ => mistakes.push(Mistake::new(format!("/permissions/{n}"), "there is no such permission")),
        }
    }
    if permissions.as_ref().is_some_and(BTreeSet::is_empty) && mistakes.is_empty() {
        mistakes.push(Mistake::new("/permissions", "a token without permissions is of no use"));
    }
    let organization = ask.organization.map(OrganizationId);
    if organization.is_some_and(|id| !widest(&by.actor).contains(id)) {
        mistakes.push(Mistake::new("/organization", "there is no such organization"));
    }
    if mistakes.is_empty() { Ok(Wanted { permissions, organization }) } else { Err(Fault::Invalid(mistakes)) }
}

pub async fn create(app: &App, by: &By, ask: TokenCreate) -> Result<TokenCreated, Fault> {
    if !matches!(by.actor.credential, Credential::Session(_)) {
        return Err(Fault::NotAllowed("a token is made by a person who is signed in, not by a token"));
    }
    let wanted = check(by, &ask)?;
    // The organization must exist also for somebody who may see all of them.
    if let Some(id) = wanted.organization
        && app.store.organization_fetch(&widest(&by.actor), id).await?.is_none()
    {
        return Err(Fault::invalid("/organization", "there is no such organization"));
    }
    let prefix = format!("csoc_{}", hex(random::<4>()?.as_slice()));
    let secret = Secret::new(format!("{prefix}_{}", random_secret()?.expose()));
    let now = app.now();
    let lifetime = SignedDuration::from_hours(24 * i64::from(ask.days));
    let new = NewToken {
        person: by.actor.person,
        name: ask.name.trim().to_owned(),
        secret_hash: hash_secret(secret.expose()),
        prefix,
        permissions: wanted.permissions,
        organization: wanted.organization,
        expires_at: Some(now.checked_add(lifetime).unwrap_or(now)),
    };
    let mut write = app.store.write().await?;
    let id = write.token_insert(&new, now).await?;
    let mut entry = by.did(now, "token.create", Object::new("token", id, &new.name));
    entry.organization = new.organization;
    entry.detail = Some(serde_json::json!({
        "prefix": new.prefix, "permissions": ask.permissions, "organization": ask.organization, "days": ask.days,
    }));
    write.audit_append(&entry).await?;
    write.commit().await?;
    let token = app.store.token_fetch(id).await?.ok_or(Fault::NotFound { what: "token" })?;
    let names = BTreeMap::from([(by.actor.person, by.actor.name.clone())]);
    Ok(TokenCreated { token: row(token, &names), secret: secret.expose().to_owned() })
}

/// Their own, or anybody's for who may edit people everywhere.
pub async fn revoke(app: &App, by: &By, id: TokenId) -> Result<(), Fault> {
    let token = app.store.token_fetch(id).await?.ok_or(Fault::NotFound { what: "token" })?;
    if token.person != by.actor.person && !by.actor.may_everywhere(Permission::PeopleEdit) {
        return Err(Fault::NotFound { what: "token" });
    }
    let now = app.now();
    let mut write = app.store.write().await?;
    write.token_revoke(id, now).await?;
    let mut entry = by.did(now, "token.revoke", Object::new("token", id, &token.name));
    entry.organization = token.organization;
    entry.detail = Some(serde_json::json!({ "prefix": token.prefix, "person": token.person }));
    write.audit_append(&entry).await?;
    Ok(write.commit().await?)
}
