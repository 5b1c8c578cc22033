//! The sample fleet: an organization and two sources that are made in the data folder and registered.

use csoc_core::access::Visible;
use csoc_core::audit::{ActorRef, Object, Outcome};
use csoc_core::{OrganizationId, SourceId};
use csoc_source::sample;
use csoc_store::{NewSource, SourceAuth, SourceKind};

use super::{Fault, Origin};
use crate::SAMPLE_FOLDER;
use crate::app::App;

const ORGANIZATION: &str = "Fernhollow";
/// Nothing lands there by itself.
const INTERVAL_S: u32 = 300;

/// Makes the repositories and registers them, unless they are registered already.
pub async fn register(app: &App) -> Result<(), Fault> {
    let folder = app.config.data.join(SAMPLE_FOLDER);
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    let now = app.now();
    let made = tokio::task::spawn_blocking(move || sample::build(&folder, now)).await;
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| Fault::inner("making the sample fleet")(error);
    let made = made.map_err(|e| failed(e.into()))?.map_err(|e| failed(e.into()))?;
    let organization = organization(app).await?;
    let known = app.store.source_list(&Visible::Only([organization].into())).await?;
    let wanted = [
        // The charts first: so they are at hand when the fleet is read.
        ("gen3-charts", SourceKind::Chart, made.charts, sample::CHARTS_URL),
        ("gen3-gitops", SourceKind::Fleet, made.fleet, sample::FLEET_URL),
    ];
    for (name, kind, path, url) in wanted {
        if known.iter().all(|source| source.name != name) {
            insert(app, organization, name, kind, &path.display().to_string(), url).await?;
        }
    }
    Ok(())
}

async fn organization(app: &App) -> Result<OrganizationId, Fault> {
    let known = app.store.organization_list(&Visible::All).await?;
    if let Some(found) = known.into_iter().find(|organization| organization.name == ORGANIZATION) {
        return Ok(found.id);
    }
    let now = app.now();
    let mut write = app.store.write().await?;
    let made = write.organization_insert(ORGANIZATION, now).await?;
    let object = Object::new("organization", made.id, ORGANIZATION);
    let mut entry = Origin::default().entry(now, ActorRef::system(), "organization.create", object, Outcome::Ok);
    entry.organization = Some(made.id);
    write.audit_append(&entry).await?;
    write.commit().await?;
    Ok(made.id)
}

async fn insert(
    app: &App,
    organization: OrganizationId,
    name: &str,
    kind: SourceKind,
    location: &str,
    url: &str,
) -> Result<SourceId, Fault> {
    let new = NewSource {
        organization,
        kind,
        name: name.to_owned(),
        location: location.to_owned(),
        branch: "main".to_owned(),
        aliases: vec![url.to_owned(), format!("{url}.git")],
        auth: SourceAuth::None,
        auth_user: None,
        credential: None,
        interval_s: INTERVAL_S,
        webhook_secret: None,
    };
    let now = app.now();
    let mut write = app.store.write().await?;
    let id = write.source_insert(&new, now).await?;
    let object = Object::new("source", id, name);
    let mut entry = Origin::default().entry(now, ActorRef::system(), "source.create", object, Outcome::Ok);
    entry.organization = Some(organization);
    entry.detail = Some(serde_json::json!({ "sample": true }));
    write.audit_append(&entry).await?;
    write.commit().await?;
    Ok(id)
}
