//! Registered repositories: which there are, where they are, with which credential they are read.
//!
//! Story: Ana pastes `https://ghp_x@github.com/o/fleet`. It is refused with a sentence that names the token
//! field: what is in a URL ends up in lists and logs. In the token field it is encrypted for that one
//! location before it is stored, and no answer ever holds it again.

mod credential;
mod location;
mod probe;

use std::collections::BTreeMap;

use csoc_api::sources::{CredentialWrite, SourceCreate, SourcePatch, SourceRow, WebhookCreated};
use csoc_core::access::{Permission, Visible};
use csoc_core::audit::{Entry, Object};
use csoc_core::{OrganizationId, SourceId};
use csoc_store::{NewSource, Source, SourceKind, SourceUpdate, StoreError};
use serde_json::{Value, json};

use super::{By, Fault, Mistake, organizations};
use crate::app::App;
use crate::events::{Audience, Topic};
use crate::keys::random_secret;

pub use credential::{ClearCredential, credential_of, webhook_secret_of};
pub use location::{Location, parse_location};
pub use probe::{FOLDER as PROBES, probe};

const INTERVAL_S: u32 = 60;
const SHORTEST_INTERVAL_S: u32 = 10;
const LONGEST_INTERVAL_S: u32 = 7 * 24 * 3600;
const MOST_ALIASES: usize = 50;

pub async fn list(app: &App, visible: &Visible) -> Result<Vec<SourceRow>, Fault> {
    let names = organizations::names(app, visible).await?;
    Ok(app.store.source_list(visible).await?.into_iter().map(|source| row(app, source, &names)).collect())
}

pub async fn fetch_row(app: &App, visible: &Visible, id: SourceId) -> Result<SourceRow, Fault> {
    let source = app.store.source_fetch(visible, id).await?.ok_or(Fault::NotFound { what: "source" })?;
    let names = organizations::names(app, visible).await?;
    Ok(row(app, source, &names))
}

fn row(app: &App, source: Source, names: &BTreeMap<OrganizationId, String>) -> SourceRow {
    let reading = app.ingest.reading(source.id);
    let commons = if source.kind == SourceKind::Chart { using(app, source.id) } else { reading.commons };
    SourceRow {
        id: source.id.0,
        organization: source.organization.0,
        organization_name: names.get(&source.organization).cloned().unwrap_or_default(),
        name: source.name,
        kind: source.kind.as_str().to_owned(),
        location: source.location,
        branch: source.branch,
        aliases: source.aliases,
        auth: credential::auth_word(source.auth).to_owned(),
        interval_seconds: source.interval_s,
        paused: source.disabled,
        layouts: reading.layouts,
        state: reading.state,
        commons,
        clusters: reading.clusters,
        webhook_configured: source.webhook_secret.is_some(),
        created_at: source.created_at,
    }
}

/// How many commons have their chart from there.
fn using(app: &App, chart: SourceId) -> u32 {
    let view = app.fleet.view();
    let commons = view.fleets.values().flat_map(|fleet| &fleet.commons);
    let charts = commons.filter(|one| one.chart.as_ref().is_some_and(|used| used.source == Some(chart)));
    u32::try_from(charts.count()).unwrap_or(u32::MAX)
}

/// A source that the asker may see and may do this to.
async fn found(app: &App, by: &By, permission: Permission, id: SourceId) -> Result<Source, Fault> {
    let visible = by.actor.visible(Permission::SourceRead);
    let source = app.store.source_fetch(&visible, id).await?.ok_or(Fault::NotFound { what: "source" })?;
    by.permit(permission, Permission::SourceRead, source.organization, "source")?;
    Ok(source)
}

fn check_name(name: &str) -> Result<String, Mistake> {
    let name = name.trim();
    if (1..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Mistake::new("/name", "a name has 1 to 80 characters"))
}

/// What Git itself would refuse, and what could be taken for an option.
fn check_branch(branch: &str) -> Result<String, Mistake> {
    let branch = branch.trim();
    let bad = |c: char| c.is_control() || c == ' ' || "~^:?*[\\".contains(c);
    let odd = branch.starts_with(['-', '/', '.']) || branch.ends_with(['/', '.']) || branch.contains("..");
    if branch.is_empty() || branch.len() > 200 || odd || branch.ends_with(".lock") || branch.chars().any(bad) {
        return Err(Mistake::new("/branch", "this cannot be the name of a branch"));
    }
    Ok(branch.to_owned())
}

fn check_interval(seconds: u32) -> Result<u32, Mistake> {
    if seconds == 0 || (SHORTEST_INTERVAL_S..=LONGEST_INTERVAL_S).contains(&seconds) {
        return Ok(seconds);
    }
    Err(Mistake::new("/interval_seconds", format!("at least {SHORTEST_INTERVAL_S} seconds, or 0: only when asked")))
}

fn check_aliases(aliases: &[String]) -> Result<Vec<String>, Mistake> {
    let bad = |alias: &String| alias.trim().is_empty() || alias.len() > 500 || alias.chars().any(char::is_control);
    if aliases.len() > MOST_ALIASES || aliases.iter().any(bad) {
        return Err(Mistake::new("/aliases", format!("at most {MOST_ALIASES} URLs")));
    }
    Ok(aliases.iter().map(|alias| alias.trim().to_owned()).collect())
}

/// Takes the good value or notes the mistake.
fn keep<T>(mistakes: &mut Vec<Mistake>, checked: Result<T, Mistake>) -> Option<T> {
    checked.map_err(|mistake| mistakes.push(mistake)).ok()
}

fn taken(error: StoreError) -> Fault {
    if error.is_exists() {
        return Fault::Conflict("a source of that name exists already in this organization".to_owned());
    }
    error.into()
}

pub async fn create(app: &App, by: &By, ask: SourceCreate) -> Result<SourceRow, Fault> {
    let organization = OrganizationId(ask.organization);
    by.permit(Permission::SourceEdit, Permission::SourceRead, organization, "organization")?;
    let visible = by.actor.visible(Permission::SourceEdit);
    if app.store.organization_fetch(&visible, organization).await?.is_none() {
        return Err(Fault::NotFound { what: "organization" });
    }
    let new = checked(app, by, organization, ask).await?;
    let now = app.now();
    let mut write = app.store.write().await?;
    let id = write.source_insert(&new, now).await.map_err(taken)?;
    let detail = json!({
        "kind": new.kind.as_str(), "location": new.location, "branch": new.branch, "aliases": new.aliases,
        "auth": credential::auth_word(new.auth), "interval_seconds": new.interval_s,
    });
    write.audit_append(&entry(app, by, "source.create", (id, &new.name, organization), detail)).await?;
    write.commit().await?;
    app.ingest.changed(id);
    announce(app, organization, id);
    fetch_row(app, &by.actor.visible(Permission::SourceRead), id).await
}

async fn checked(app: &App, by: &By, organization: OrganizationId, ask: SourceCreate) -> Result<NewSource, Fault> {
    let mut mistakes = Vec::new();
    let location = keep(&mut mistakes, parse_location(&ask.location));
    let kind = SourceKind::parse(&ask.kind).ok_or_else(|| Mistake::new("/kind", "fleet, chart or releases"));
    let kind = keep(&mut mistakes, kind);
    let name = keep(&mut mistakes, check_name(&ask.name));
    let branch = ask.branch.as_deref().filter(|b| !b.trim().is_empty()).map(check_branch).transpose();
    let branch = keep(&mut mistakes, branch).flatten();
    let interval_s = keep(&mut mistakes, check_interval(ask.interval_seconds.unwrap_or(INTERVAL_S)));
    let aliases = keep(&mut mistakes, check_aliases(&ask.aliases));
    if let Some(location) = &location {
        keep(&mut mistakes, credential::check(location, &ask.credential));
    }
    let (Some(location), Some(kind), Some(name), Some(interval_s), Some(aliases), true) =
        (location, kind, name, interval_s, aliases, mistakes.is_empty())
    else {
        return Err(Fault::Invalid(mistakes));
    };
    location.permit(app, by)?;
    let branch = match branch {
        Some(branch) => branch,
        None => probe::default_branch(app, &location, &ask.credential).await.unwrap_or_else(|| "main".to_owned()),
    };
    let text = location.to_string();
    let (auth, auth_user, credential) = credential::encrypt(app, &text, ask.credential)?;
    Ok(NewSource {
        organization,
        kind,
        name,
        location: text,
        branch,
        aliases,
        auth,
        auth_user,
        credential,
        interval_s,
        webhook_secret: None,
    })
}

fn entry(
    app: &App,
    by: &By,
    action: &str,
    (id, name, organization): (SourceId, &str, OrganizationId),
    detail: Value,
) -> Entry {
    let mut entry = by.did(app.now(), action, Object::new("source", id, name));
    entry.organization = Some(organization);
    entry.detail = Some(detail);
    entry
}

fn announce(app: &App, organization: OrganizationId, id: SourceId) {
    app.events.publish(Audience::Organization(organization), [Topic::Sources, Topic::Now], Vec::new(), Some(id));
}

pub async fn patch(app: &App, by: &By, id: SourceId, ask: SourcePatch) -> Result<SourceRow, Fault> {
    let before = found(app, by, Permission::SourceEdit, id).await?;
    let mut mistakes = Vec::new();
    let mut update = SourceUpdate {
        name: keep(&mut mistakes, ask.name.as_deref().map(check_name).transpose()).flatten(),
        branch: keep(&mut mistakes, ask.branch.as_deref().map(check_branch).transpose()).flatten(),
        aliases: keep(&mut mistakes, ask.aliases.as_deref().map(check_aliases).transpose()).flatten(),
        interval_s: keep(&mut mistakes, ask.interval_seconds.map(check_interval).transpose()).flatten(),
        disabled: ask.paused,
        ..SourceUpdate::default()
    };
    if let Some(credential) = &ask.credential {
        match parse_location(&before.location) {
            Ok(location) => drop(keep(&mut mistakes, credential::check(&location, credential))),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if !mistakes.is_empty() {
        return Err(Fault::Invalid(mistakes));
    }
    let new_credential = ask.credential.as_ref().map(credential_word);
    if let Some(credential) = ask.credential {
        update.auth = Some(credential::encrypt(app, &before.location, credential)?);
    }
    let detail = json!({
        "before": { "name": before.name, "branch": before.branch, "interval_seconds": before.interval_s, "paused": before.disabled },
        "after": {
            "name": update.name, "branch": update.branch, "interval_seconds": update.interval_s,
            "paused": update.disabled, "aliases": update.aliases, "credential": new_credential,
        },
    });
    let name = update.name.as_ref().unwrap_or(&before.name).clone();
    let mut write = app.store.write().await?;
    write.source_update(id, &update).await.map_err(taken)?;
    write.audit_append(&entry(app, by, "source.update", (id, &name, before.organization), detail)).await?;
    write.commit().await?;
    app.ingest.changed(id);
    announce(app, before.organization, id);
    fetch_row(app, &by.actor.visible(Permission::SourceRead), id).await
}

/// That it was set, and of which kind; not what it is.
fn credential_word(credential: &CredentialWrite) -> &'static str {
    match credential {
        CredentialWrite::None => "none",
        CredentialWrite::Token { .. } => "token",
        CredentialWrite::SshKey { .. } => "ssh_key",
    }
}

pub async fn remove(app: &App, by: &By, id: SourceId) -> Result<(), Fault> {
    let source = found(app, by, Permission::SourceEdit, id).await?;
    let detail = json!({ "location": source.location, "branch": source.branch });
    let mut write = app.store.write().await?;
    write.source_delete(id).await?;
    write.audit_append(&entry(app, by, "source.delete", (id, &source.name, source.organization), detail)).await?;
    write.commit().await?;
    app.ingest.removed(id);
    if source.kind == SourceKind::Chart {
        // Its fleets go back to what is usual; a server that stops here does it when it starts again.
        crate::ingest::nudge_fleets(app, source.organization).await?;
    }
    announce(app, source.organization, id);
    Ok(())
}

/// The intent is recorded now, the result when the fetch is done.
pub async fn fetch(app: &App, by: &By, id: SourceId) -> Result<SourceRow, Fault> {
    let source = found(app, by, Permission::SourceFetch, id).await?;
    let begun = entry(app, by, "source.fetch", (id, &source.name, source.organization), json!({}));
    let intent = app.audit.begin(begun).await?;
    app.ingest.nudge(id, Some(intent));
    fetch_row(app, &by.actor.visible(Permission::SourceRead), id).await
}

/// A new secret for the Git host; the one before does not work any more.
pub async fn webhook_create(app: &App, by: &By, id: SourceId) -> Result<WebhookCreated, Fault> {
    let source = found(app, by, Permission::SourceEdit, id).await?;
    let secret = random_secret()?;
    let sealed = credential::seal_webhook(app, id, &secret)?;
    let update = SourceUpdate { webhook_secret: Some(Some(sealed)), ..SourceUpdate::default() };
    let mut write = app.store.write().await?;
    write.source_update(id, &update).await?;
    write
        .audit_append(&entry(app, by, "source.webhook_create", (id, &source.name, source.organization), json!({})))
        .await?;
    write.commit().await?;
    announce(app, source.organization, id);
    Ok(WebhookCreated { url_path: format!("/api/v1/webhooks/{id}"), secret: secret.expose().to_owned() })
}

pub async fn webhook_remove(app: &App, by: &By, id: SourceId) -> Result<(), Fault> {
    let source = found(app, by, Permission::SourceEdit, id).await?;
    let update = SourceUpdate { webhook_secret: Some(None), ..SourceUpdate::default() };
    let mut write = app.store.write().await?;
    write.source_update(id, &update).await?;
    write
        .audit_append(&entry(app, by, "source.webhook_delete", (id, &source.name, source.organization), json!({})))
        .await?;
    write.commit().await?;
    announce(app, source.organization, id);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_branches_are_refused() {
        for bad in ["", "-x", "a..b", "a b", "a~1", "x.lock", "/a", "a/", "a\u{7}"] {
            assert!(check_branch(bad).is_err(), "{bad:?}");
        }
        assert_eq!(check_branch(" feature/x_1 ").unwrap(), "feature/x_1");
    }
}
