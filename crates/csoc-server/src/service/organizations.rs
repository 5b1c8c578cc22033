//! Organizations: who owns commons; the border of isolation.

use std::collections::BTreeMap;

use csoc_api::organizations::{OrganizationRow, OrganizationWrite};
use csoc_core::OrganizationId;
use csoc_core::access::{Permission, Visible};
use csoc_core::audit::Object;
use csoc_store::{Organization, PeopleFilter};
use serde_json::json;

use super::{By, Fault};
use crate::app::App;
use crate::events::{Audience, Topic};

pub async fn names(app: &App, visible: &Visible) -> Result<BTreeMap<OrganizationId, String>, Fault> {
    Ok(app.store.organization_list(visible).await?.into_iter().map(|o| (o.id, o.name)).collect())
}

pub async fn list(app: &App, visible: &Visible) -> Result<Vec<OrganizationRow>, Fault> {
    let mut rows = Vec::new();
    for organization in app.store.organization_list(visible).await? {
        rows.push(row(app, organization).await?);
    }
    Ok(rows)
}

async fn row(app: &App, organization: Organization) -> Result<OrganizationRow, Fault> {
    let only = Visible::Only([organization.id].into());
    let counts = app.fleet.counts(Some(organization.id));
    let people = app.store.person_count(&only, &PeopleFilter::default()).await?;
    Ok(OrganizationRow {
        id: organization.id.0,
        name: organization.name,
        created_at: organization.created_at,
        commons: counts.commons,
        clusters: counts.clusters,
        sources: u32::try_from(app.store.source_list(&only).await?.len()).unwrap_or(u32::MAX),
        people: u32::try_from(people).unwrap_or(0),
    })
}

fn check(ask: &OrganizationWrite) -> Result<String, Fault> {
    let name = ask.name.trim();
    if (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Fault::invalid("/name", "a name has 1 to 100 characters"))
}

fn taken(error: csoc_store::StoreError) -> Fault {
    if error.is_exists() {
        return Fault::Conflict("an organization of that name exists already".to_owned());
    }
    error.into()
}

pub async fn create(app: &App, by: &By, ask: OrganizationWrite) -> Result<OrganizationRow, Fault> {
    let name = check(&ask)?;
    let now = app.now();
    let mut write = app.store.write().await?;
    let made = write.organization_insert(&name, now).await.map_err(taken)?;
    let mut entry = by.did(now, "organization.create", Object::new("organization", made.id, &name));
    entry.organization = Some(made.id);
    write.audit_append(&entry).await?;
    write.commit().await?;
    announce(app, made.id);
    row(app, made).await
}

fn announce(app: &App, id: OrganizationId) {
    let topics = [Topic::People, Topic::Sources, Topic::Settings];
    app.events.publish(Audience::Organization(id), topics, Vec::new(), None);
}

async fn found(app: &App, by: &By, id: OrganizationId) -> Result<Organization, Fault> {
    let visible = by.actor.visible(Permission::FleetRead);
    let found = app.store.organization_fetch(&visible, id).await?.ok_or(Fault::NotFound { what: "organization" })?;
    by.permit(Permission::OrganizationEdit, Permission::FleetRead, id, "organization")?;
    Ok(found)
}

pub async fn rename(app: &App, by: &By, id: OrganizationId, ask: OrganizationWrite) -> Result<OrganizationRow, Fault> {
    let before = found(app, by, id).await?;
    let name = check(&ask)?;
    let now = app.now();
    let mut write = app.store.write().await?;
    write.organization_rename(id, &name).await.map_err(taken)?;
    let mut entry = by.did(now, "organization.update", Object::new("organization", id, &name));
    entry.organization = Some(id);
    entry.detail = Some(json!({ "name": { "before": before.name, "after": name } }));
    write.audit_append(&entry).await?;
    write.commit().await?;
    announce(app, id);
    row(app, Organization { name, ..before }).await
}

/// Only an empty one: its sources and commons are removed before, one by one, by somebody who sees them.
pub async fn remove(app: &App, by: &By, id: OrganizationId) -> Result<(), Fault> {
    let before = found(app, by, id).await?;
    by.permit_everywhere(Permission::OrganizationEdit)?;
    let now = app.now();
    let mut write = app.store.write().await?;
    write.organization_delete(id).await.map_err(|error| match error {
        csoc_store::StoreError::Reference { .. } => {
            Fault::Conflict("it still has sources or commons; remove its sources first".to_owned())
        }
        other => other.into(),
    })?;
    write.audit_append(&by.did(now, "organization.delete", Object::new("organization", id, before.name))).await?;
    write.commit().await?;
    announce(app, id);
    Ok(())
}
