//! People and their roles.
//!
//! Story: Bo administers organization B. Bo makes people with roles in B, and takes such roles away. Ana
//! administers the installation and has a role in B too: Bo sees that Ana is there, but cannot set her
//! password, for with it Bo would hold everything that Ana holds. Whoever changes a person must be able to
//! give every role that this person has.

use csoc_api::page::{Page, PageQuery};
use csoc_api::people::{PersonCreate, PersonCreated, PersonPatch, PersonRole, PersonRow, RoleGrant};
use csoc_core::access::{Permission, Role, Scope, Visible};
use csoc_core::audit::Object;
use csoc_core::{OrganizationId, PersonId};
use csoc_store::{Binding, NewPerson, PageRequest, PeopleFilter, Person, Write};
use jiff::Timestamp;
use serde_json::json;

use super::{By, Fault, Mistake, organizations};
use crate::app::App;
use crate::events::{Audience, Topic};
use crate::identity::one_time_password;

const NOT_YOURS: &str = "this person has roles that you cannot give; ask an administrator of the installation";

/// `ana.lopez`, `bo@example.org`.
pub fn check_name(name: &str, field: &str) -> Result<(), Mistake> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
    if (1..=64).contains(&name.len()) && name.chars().all(good) {
        return Ok(());
    }
    Err(Mistake::new(field, "a name has 1 to 64 letters (a to z), digits and . _ - @ +"))
}

fn check_display_name(name: &str) -> Result<String, Mistake> {
    let name = name.trim();
    if (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Mistake::new("/display_name", "1 to 100 characters"))
}

pub async fn list(
    app: &App,
    visible: &Visible,
    text: Option<String>,
    page: PageQuery,
) -> Result<Page<PersonRow>, Fault> {
    let filter = PeopleFilter { text: text.filter(|t| !t.is_empty()), disabled: None };
    let request = PageRequest { after: page.cursor, limit: page.limit.unwrap_or(100).clamp(1, 500) };
    let people = app.store.person_page(visible, &filter, &request).await?;
    let total = app.store.person_count(visible, &filter).await?;
    let mut items = Vec::with_capacity(people.items.len());
    for person in people.items {
        items.push(row(app, visible, person).await?);
    }
    Ok(Page { items, total: u64::try_from(total).unwrap_or(0), next: people.next })
}

async fn row(app: &App, visible: &Visible, person: Person) -> Result<PersonRow, Fault> {
    let now = app.now();
    let names = organizations::names(app, visible).await?;
    let bindings = app.store.binding_list(visible, Some(person.id)).await?;
    let sessions = app.store.session_list(Some(person.id), now).await?;
    let tokens = app.store.token_list(Some(person.id)).await?;
    let seen = sessions.iter().map(|s| s.last_seen_at).max().max(person.last_sign_in_at);
    let role = |binding: Binding| {
        let organization = scope_organization(binding.scope);
        PersonRole {
            id: binding.id.0,
            role: binding.role.as_str().to_owned(),
            organization: organization.map(|id| id.0),
            organization_name: organization.and_then(|id| names.get(&id).cloned()),
        }
    };
    Ok(PersonRow {
        id: person.id.0,
        name: person.name,
        display_name: person.display_name,
        disabled: person.disabled,
        created_at: person.created_at,
        last_seen_at: seen,
        roles: bindings.into_iter().map(role).collect(),
        sessions: u32::try_from(sessions.len()).unwrap_or(u32::MAX),
        tokens: u32::try_from(tokens.len()).unwrap_or(u32::MAX),
    })
}

fn scope_organization(scope: Scope) -> Option<OrganizationId> {
    match scope {
        Scope::Installation => None,
        Scope::Organization(id) => Some(id),
    }
}

/// The roles asked for, if the asker may give them.
async fn granted(app: &App, by: &By, grants: &[RoleGrant]) -> Result<Vec<(Role, Scope)>, Fault> {
    let mut roles = Vec::new();
    let mut mistakes = Vec::new();
    let visible = by.actor.visible(Permission::PeopleEdit);
    for (n, grant) in grants.iter().enumerate() {
        let Some(role) = Role::parse(&grant.role) else {
            mistakes.push(Mistake::new(format!("/roles/{n}/role"), "viewer, operator or admin"));
            continue;
        };
        let scope = match grant.organization.map(OrganizationId) {
            None if visible != Visible::All => return Err(Fault::Forbidden { permission: Permission::PeopleEdit }),
            None => Scope::Installation,
            Some(id) if app.store.organization_fetch(&visible, id).await?.is_none() => {
                mistakes.push(Mistake::new(format!("/roles/{n}/organization"), "there is no such organization"));
                continue;
            }
            Some(id) => Scope::Organization(id),
        };
        if !roles.contains(&(role, scope)) {
            roles.push((role, scope));
        }
    }
    if mistakes.is_empty() { Ok(roles) } else { Err(Fault::Invalid(mistakes)) }
}

pub async fn create(app: &App, by: &By, ask: PersonCreate) -> Result<PersonCreated, Fault> {
    check_name(&ask.name, "/name").map_err(|mistake| Fault::Invalid(vec![mistake]))?;
    let display_name = ask.display_name.as_deref().filter(|n| !n.trim().is_empty()).unwrap_or(&ask.name);
    let display_name = check_display_name(display_name).map_err(|mistake| Fault::Invalid(vec![mistake]))?;
    let roles = granted(app, by, &ask.roles).await?;
    let visible = by.actor.visible(Permission::PeopleEdit);
    if roles.is_empty() && visible != Visible::All {
        // They would be gone from their maker's sight at once.
        return Err(Fault::invalid("/roles", "give a role in one of your organizations"));
    }
    let password = one_time_password()?;
    let hash = app.passwords.hash(&password).await?;
    let new = NewPerson { name: ask.name, display_name, password_hash: Some(hash), must_change: true };
    let now = app.now();
    let mut write = app.store.write().await?;
    let id = write.person_insert(&new, now).await.map_err(|error| match error.is_exists() {
        true => Fault::Conflict(format!("somebody is called {} already", new.name)),
        false => error.into(),
    })?;
    for (role, scope) in &roles {
        write.binding_insert(id, *role, *scope, now).await?;
    }
    note(&mut write, by, now, "person.create", (id, &new.name), &roles, json!({ "roles": ask.roles })).await?;
    write.commit().await?;
    announce(app);
    let person = app.store.person_fetch(id).await?.ok_or(Fault::NotFound { what: "person" })?;
    Ok(PersonCreated { person: row(app, &visible, person).await?, one_time_password: password.expose().to_owned() })
}

/// One row in the record, in the organization that it is about when there is just one.
async fn note(
    write: &mut Write,
    by: &By,
    now: Timestamp,
    action: &str,
    (id, name): (PersonId, &str),
    roles: &[(Role, Scope)],
    detail: serde_json::Value,
) -> Result<(), Fault> {
    let mut entry = by.did(now, action, Object::new("person", id, name));
    let mut organizations: Vec<_> = roles.iter().map(|(_, scope)| scope_organization(*scope)).collect();
    organizations.sort();
    organizations.dedup();
    if let [one] = organizations.as_slice() {
        entry.organization = *one;
    }
    entry.detail = Some(detail);
    write.audit_append(&entry).await?;
    Ok(())
}

fn announce(app: &App) {
    app.events.publish(Audience::Everyone, [Topic::People], Vec::new(), None);
}

/// A person the asker may see, and all roles of that person.
async fn seen(app: &App, by: &By, id: PersonId) -> Result<(Person, Vec<Binding>), Fault> {
    let read = by.actor.visible(Permission::PeopleRead);
    let person = app.store.person_fetch(id).await?.ok_or(Fault::NotFound { what: "person" })?;
    let all = app.store.binding_list(&Visible::All, Some(id)).await?;
    let shown = all.iter().any(|b| scope_organization(b.scope).is_some_and(|o| read.contains(o)));
    if read == Visible::All || shown { Ok((person, all)) } else { Err(Fault::NotFound { what: "person" }) }
}

/// ... and whom the asker may change: every role they hold is one the asker could give.
async fn theirs(app: &App, by: &By, id: PersonId) -> Result<(Person, Vec<Binding>), Fault> {
    let (person, bindings) = seen(app, by, id).await?;
    let edit = by.actor.visible(Permission::PeopleEdit);
    let all = bindings.iter().all(|b| scope_organization(b.scope).map_or(edit == Visible::All, |o| edit.contains(o)));
    if all { Ok((person, bindings)) } else { Err(Fault::NotAllowed(NOT_YOURS)) }
}

pub async fn patch(app: &App, by: &By, id: PersonId, ask: PersonPatch) -> Result<PersonRow, Fault> {
    let edit = by.actor.visible(Permission::PeopleEdit);
    let only_roles = ask.display_name.is_none() && ask.disabled.is_none();
    // Roles in one's own organization can be taken from anybody; the rest of a person needs all of them.
    let (person, bindings) = if only_roles { seen(app, by, id).await? } else { theirs(app, by, id).await? };
    let display_name = ask.display_name.as_deref().map(check_display_name).transpose();
    let display_name = display_name.map_err(|mistake| Fault::Invalid(vec![mistake]))?;
    let roles = match &ask.roles {
        Some(grants) => Some(granted(app, by, grants).await?),
        None => None,
    };
    let now = app.now();
    let mut write = app.store.write().await?;
    if let Some(name) = &display_name {
        write.person_set_display_name(id, name).await?;
    }
    if let Some(disabled) = ask.disabled {
        write.person_set_disabled(id, disabled).await?;
        if disabled {
            write.session_revoke_all(id, None, now).await?;
            write.token_revoke_all(id, now).await?;
        }
    }
    if let Some(roles) = &roles {
        replace_roles(&mut write, id, &bindings, roles, &edit, now).await?;
    }
    keep_an_administrator(&mut write).await?;
    let detail = json!({ "display_name": display_name, "disabled": ask.disabled, "roles": ask.roles });
    let about: Vec<_> = bindings.iter().map(|b| (b.role, b.scope)).chain(roles.into_iter().flatten()).collect();
    note(&mut write, by, now, "person.update", (id, &person.name), &about, detail).await?;
    write.commit().await?;
    announce(app);
    let person = app.store.person_fetch(id).await?.ok_or(Fault::NotFound { what: "person" })?;
    row(app, &by.actor.visible(Permission::PeopleRead), person).await
}

/// Where the asker may edit; what the person holds elsewhere stays.
async fn replace_roles(
    write: &mut Write,
    id: PersonId,
    before: &[Binding],
    after: &[(Role, Scope)],
    edit: &Visible,
    now: Timestamp,
) -> Result<(), Fault> {
    let editable = |scope: Scope| scope_organization(scope).map_or(*edit == Visible::All, |o| edit.contains(o));
    for binding in before.iter().filter(|b| editable(b.scope) && !after.contains(&(b.role, b.scope))) {
        write.binding_delete(binding.id).await?;
    }
    for (role, scope) in after.iter().filter(|(r, s)| !before.iter().any(|b| (b.role, b.scope) == (*r, *s))) {
        write.binding_insert(id, *role, *scope, now).await?;
    }
    Ok(())
}

async fn keep_an_administrator(write: &mut Write) -> Result<(), Fault> {
    match write.person_count_administrators().await? {
        0 => Err(Fault::Conflict("this would leave nobody who administers the installation".to_owned())),
        _ => Ok(()),
    }
}

pub async fn remove(app: &App, by: &By, id: PersonId) -> Result<(), Fault> {
    let (person, bindings) = theirs(app, by, id).await?;
    let now = app.now();
    let mut write = app.store.write().await?;
    write.person_delete(id).await?;
    keep_an_administrator(&mut write).await?;
    let about: Vec<_> = bindings.iter().map(|b| (b.role, b.scope)).collect();
    note(&mut write, by, now, "person.delete", (id, &person.name), &about, json!({})).await?;
    write.commit().await?;
    announce(app);
    Ok(())
}

/// A new one-time password; whatever is signed in as that person is signed out.
pub async fn reset_password(app: &App, by: &By, id: PersonId) -> Result<PersonCreated, Fault> {
    let (person, bindings) = theirs(app, by, id).await?;
    let password = one_time_password()?;
    let hash = app.passwords.hash(&password).await?;
    let now = app.now();
    let mut write = app.store.write().await?;
    write.person_set_password(id, &hash, true).await?;
    write.session_revoke_all(id, None, now).await?;
    write.throttle_clear("name", &person.name.to_lowercase()).await?;
    let about: Vec<_> = bindings.iter().map(|b| (b.role, b.scope)).collect();
    note(&mut write, by, now, "person.reset_password", (id, &person.name), &about, json!({})).await?;
    write.commit().await?;
    let row = row(app, &by.actor.visible(Permission::PeopleRead), person).await?;
    Ok(PersonCreated { person: row, one_time_password: password.expose().to_owned() })
}

/// Whose sessions may be looked at: addresses and browsers are more than a name.
pub async fn for_sessions(app: &App, by: &By, id: PersonId) -> Result<PersonId, Fault> {
    Ok(theirs(app, by, id).await?.0.id)
}
