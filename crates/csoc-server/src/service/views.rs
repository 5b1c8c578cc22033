//! Saved views: a name for a page with its filters.

use csoc_api::views::{SavedView, SavedViewCreate};
use csoc_core::access::Visible;
use csoc_core::{OrganizationId, SavedViewId};

use super::{By, Fault, Mistake};
use crate::app::App;

async fn row(app: &App, by: &By, view: csoc_store::SavedView) -> Result<SavedView, Fault> {
    let person = app.store.person_fetch(view.person).await?;
    Ok(SavedView {
        id: view.id.0,
        name: view.name,
        url: view.url,
        shared: view.shared_with.is_some(),
        person: person.map(|person| person.display_name).unwrap_or_default(),
        mine: view.person == by.actor.person,
        created_at: view.created_at,
    })
}

pub async fn list(app: &App, by: &By, visible: &Visible) -> Result<Vec<SavedView>, Fault> {
    let mut rows = Vec::new();
    for view in app.store.view_list(by.actor.person, visible).await? {
        rows.push(row(app, by, view).await?);
    }
    Ok(rows)
}

/// A path of the interface itself: a view must not lead anywhere else.
fn is_own_path(url: &str) -> bool {
    url.starts_with('/')
        && !url.starts_with("//")
        && !url.contains('\\')
        && url.len() <= 2000
        && !url.chars().any(char::is_control)
}

pub async fn create(app: &App, by: &By, visible: &Visible, ask: SavedViewCreate) -> Result<SavedView, Fault> {
    let mut mistakes = Vec::new();
    if !(1..=80).contains(&ask.name.trim().chars().count()) {
        mistakes.push(Mistake::new("/name", "a name has 1 to 80 characters"));
    }
    if !is_own_path(&ask.url) {
        mistakes.push(Mistake::new("/url", "the path of a page here, as in /commons?filter=tier:production"));
    }
    if !mistakes.is_empty() {
        return Err(Fault::Invalid(mistakes));
    }
    let shared_with = match ask.shared {
        true => Some(whose(app, visible, ask.organization.map(OrganizationId)).await?),
        false => None,
    };
    let now = app.now();
    let mut write = app.store.write().await?;
    let made = write.view_put(by.actor.person, ask.name.trim(), &ask.url, shared_with, now).await;
    let made = made.map_err(|error| match error {
        csoc_store::StoreError::Reference { .. } => Fault::NotAllowed("views belong to people who are signed in"),
        other => other.into(),
    })?;
    write.commit().await?;
    row(app, by, made).await
}

/// The organization to share with: the one that was named, or the only one there is.
async fn whose(app: &App, visible: &Visible, named: Option<OrganizationId>) -> Result<OrganizationId, Fault> {
    let all = app.store.organization_list(visible).await?;
    match (named, all.as_slice()) {
        (Some(id), all) if all.iter().any(|o| o.id == id) => Ok(id),
        (None, [one]) => Ok(one.id),
        _ => Err(Fault::invalid("/organization", "say with which organization it is shared")),
    }
}

pub async fn remove(app: &App, by: &By, id: SavedViewId) -> Result<(), Fault> {
    let mut write = app.store.write().await?;
    write.view_delete(by.actor.person, id).await.map_err(|error| match error.is_not_found() {
        true => Fault::NotFound { what: "view" },
        false => error.into(),
    })?;
    Ok(write.commit().await?)
}
