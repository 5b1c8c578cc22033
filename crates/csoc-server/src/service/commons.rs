//! One commons: everything about it, and what people correct.

use csoc_api::commons::{ClaimRow, CommonsDetail, CommonsPatch};
use csoc_core::CommonsId;
use csoc_core::access::{Permission, Visible};
use csoc_core::audit::Object;
use csoc_core::commons::Tier;

use super::{By, Fault, Mistake, fleet};
use crate::app::App;
use crate::events::{Audience, Topic};
use crate::fleet_view::rows;
use crate::fleet_view::view::Corrections;

pub async fn detail(app: &App, visible: &Visible, id: CommonsId, at: Option<&str>) -> Result<CommonsDetail, Fault> {
    let missing = || Fault::NotFound { what: "commons" };
    let lens = fleet::lens(app, visible, at).await?;
    let view = app.fleet.view();
    let seen = lens.commons(id).ok_or_else(missing)?;
    let entry = seen.entry();
    let claims = app.store.claim_list(visible, Some(id)).await?;
    let contested = view.conflicts.iter().any(|conflict| conflict.candidates.contains(&id));
    let claim = |claim: csoc_store::Claim| ClaimRow {
        source: claim.source.0,
        source_name: view.sources.get(&claim.source).map(|source| source.name.clone()).unwrap_or_default(),
        folder: claim.folder,
        application: claim.application,
        cluster: claim.cluster,
        hostname: claim.hostname,
        first_seen_at: claim.first_seen_at,
        last_seen_at: claim.last_seen_at,
        state: match (claim.gone_at, contested) {
            (Some(_), _) => "past",
            (None, true) => "conflict",
            (None, false) => "current",
        }
        .to_owned(),
    };
    let location = view.sources.get(&seen.fleet.source).map(|source| source.location.as_str()).unwrap_or_default();
    Ok(CommonsDetail {
        commons: seen.row.clone(),
        namespace: entry.namespace.clone(),
        application: entry.application.clone(),
        release_name: entry.release_name.clone(),
        account: rows::said(entry.account.as_ref()),
        environment: rows::said(entry.environment.as_ref()),
        chart: rows::chart(entry),
        value_files: rows::value_files(entry),
        tier_why: if seen.corrected.iter().any(|name| name == "tier") {
            "a person said so".to_owned()
        } else {
            entry.tier_why.clone()
        },
        twin_why: if seen.corrected.iter().any(|name| name == "twin") {
            Some("a person said so".to_owned())
        } else {
            entry.twin_why.clone()
        },
        corrected: seen.corrected.clone(),
        services: rows::services(&lens, seen),
        claims: claims.into_iter().map(claim).collect(),
        first_seen_at: seen.first_seen_at,
        gone_at: seen.gone_at,
        commit: seen.fleet.commit.clone(),
        file_url_prefix: rows::file_url_prefix(location, &seen.fleet.commit),
    })
}

/// A person's word over the files': kept over every reading, recorded with what was there before.
pub async fn correct(
    app: &App,
    by: &By,
    visible: &Visible,
    id: CommonsId,
    patch: CommonsPatch,
) -> Result<CommonsDetail, Fault> {
    let commons = app.store.commons_fetch(visible, id).await?.ok_or(Fault::NotFound { what: "commons" })?;
    by.permit(Permission::CommonsEdit, Permission::FleetRead, commons.organization, "commons")?;
    let before: Corrections = serde_json::from_value(commons.corrections.clone()).unwrap_or_default();
    let after = corrected(app, visible, id, before.clone(), patch)?;
    if after != before {
        let value = serde_json::to_value(&after).map_err(|error| Fault::inner("corrections")(error.into()))?;
        let mut entry = by.did(app.now(), "commons.correct", Object::new("commons", id, &commons.name));
        entry.organization = Some(commons.organization);
        entry.detail = Some(serde_json::json!({ "before": before, "after": after }));
        let mut write = app.store.write().await?;
        write.commons_set_corrections(id, &value).await?;
        write.audit_append(&entry).await?;
        write.commit().await?;
        crate::ingest::republish(app).await?;
        let topics = [Topic::Now, Topic::Commons, Topic::Releases];
        app.events.publish(Audience::Organization(commons.organization), topics, vec![id], None);
    }
    detail(app, visible, id, None).await
}

fn corrected(
    app: &App,
    visible: &Visible,
    id: CommonsId,
    mut now: Corrections,
    patch: CommonsPatch,
) -> Result<Corrections, Fault> {
    let mut mistakes = Vec::new();
    if let Some(tier) = patch.tier {
        if tier.as_deref().is_some_and(|tier| Tier::parse(tier).is_none()) {
            mistakes.push(Mistake::new("/tier", "a tier is production, staging, qa or dev"));
        }
        now.tier = tier;
    }
    if let Some(twin) = patch.twin {
        let lens = app.fleet.view().lens(visible);
        let known = |twin: uuid::Uuid| twin.is_nil() || (twin != id.0 && lens.commons(CommonsId(twin)).is_some());
        if twin.is_some_and(|twin| !known(twin)) {
            mistakes.push(Mistake::new("/twin", "the twin must be another commons"));
        }
        now.twin = twin;
    }
    if let Some(management) = patch.management {
        if management.as_deref().is_some_and(|word| !["managed", "associated"].contains(&word)) {
            mistakes.push(Mistake::new("/management", "a commons is managed or associated"));
        }
        now.management = management;
    }
    if let Some(programme) = patch.programme {
        if programme.as_deref().is_some_and(|name| name.trim().is_empty() || name.len() > 120) {
            mistakes.push(Mistake::new("/programme", "a programme's name has 1 to 120 characters"));
        }
        now.programme = programme;
    }
    if let Some(owners) = patch.owners {
        if owners.iter().flatten().any(|owner| owner.trim().is_empty() || owner.len() > 120)
            || owners.iter().flatten().count() > 50
        {
            mistakes.push(Mistake::new("/owners", "at most 50 owners, each of 1 to 120 characters"));
        }
        now.owners = owners;
    }
    if mistakes.is_empty() { Ok(now) } else { Err(Fault::Invalid(mistakes)) }
}
