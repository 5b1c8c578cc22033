//! Landings, said in a line and written down with what they are found by.

use std::collections::{BTreeMap, BTreeSet};

use csoc_core::{ClusterId, CommonsId, SourceId};
use csoc_gen3::changes::{ChangeKind, Class, Landing};
use csoc_store::{NewLanding, Seq, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fleet_view::entry::LastChange;
use crate::service::Fault;

/// What a list shows of a landing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LandingSummary {
    /// `fence 2026.06 → 2026.07`.
    pub text: String,
    pub commons: Vec<Named>,
    pub clusters: Vec<Named>,
    pub authors: Vec<String>,
    pub files: u32,
    pub items: u32,
    #[serde(default)]
    pub chart: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier: String,
}

/// Who the folders are for a landing: ids, names and tiers at that time.
pub(super) struct Who<'a> {
    pub commons: &'a BTreeMap<String, Named>,
    pub clusters: &'a BTreeMap<String, ClusterId>,
}

/// Writes a landing and, where it takes an earlier one back, the link between them.
pub(super) async fn put(
    write: &mut Write,
    source: SourceId,
    seq: Seq,
    landing: &Landing,
    who: &Who<'_>,
) -> Result<csoc_core::LandingId, Fault> {
    let commons: Vec<Named> = landing.commons.iter().filter_map(|folder| who.commons.get(&**folder).cloned()).collect();
    let cluster = |folder: &std::sync::Arc<str>| {
        who.clusters.get(&**folder).map(|id| Named { id: id.0, name: folder.to_string(), tier: String::new() })
    };
    let clusters: Vec<Named> = clusters_alone(landing).iter().filter_map(cluster).collect();
    let summary = LandingSummary {
        text: landing.summary(),
        authors: authors(landing),
        files: u32::try_from(landing.files.len()).unwrap_or(u32::MAX),
        items: u32::try_from(landing.items.len()).unwrap_or(u32::MAX),
        chart: landing.chart.is_some(),
        commons,
        clusters,
    };
    let new = NewLanding {
        source,
        commit: landing.commit.to_string(),
        seq,
        time: landing.time,
        author: landing.author.to_string(),
        title: landing.title.to_string(),
        pull_request: landing.pull_request.and_then(|number| i64::try_from(number).ok()),
        class: landing.class.as_str().to_owned(),
        words: words(landing, &summary),
        summary: serde_json::to_value(&summary).map_err(|error| Fault::inner("writing a landing")(error.into()))?,
        detail: serde_json::to_vec(landing).map_err(|error| Fault::inner("writing a landing")(error.into()))?,
    };
    Ok(write.landing_put(new).await?)
}

/// Clusters that are concerned themselves, not only by a commons in them.
fn clusters_alone(landing: &Landing) -> BTreeSet<std::sync::Arc<str>> {
    landing.items.iter().filter(|item| item.commons.is_none()).filter_map(|item| item.cluster.clone()).collect()
}

fn authors(landing: &Landing) -> Vec<String> {
    let mut authors: Vec<String> = landing.merged_authors.iter().map(ToString::to_string).collect();
    if authors.is_empty() {
        authors.push(landing.author.to_string());
    }
    authors
}

fn words(landing: &Landing, summary: &LandingSummary) -> Vec<(&'static str, String)> {
    let mut words: BTreeSet<(&'static str, String)> = BTreeSet::new();
    words.extend(summary.commons.iter().map(|one| ("commons", one.id.to_string())));
    words.extend(summary.clusters.iter().map(|one| ("cluster", one.id.to_string())));
    for item in &landing.items {
        words.extend(item.service.iter().map(|service| ("service", service.to_string())));
        if item.kind == ChangeKind::Version {
            let tag = item.after.as_ref().and_then(|after| after.as_str());
            words.extend(tag.filter(|tag| tag.len() <= 128).map(|tag| ("tag", tag.to_owned())));
        }
    }
    words.into_iter().collect()
}

/// What is kept of an old landing for rollouts: its version bumps. The whole is in the store.
pub(super) fn slimmed(landing: &mut Landing) {
    landing.items.retain(|item| matches!(item.kind, ChangeKind::Version | ChangeKind::CommonsMoved));
    landing.items.shrink_to_fit();
    landing.files = Vec::new();
}

/// Notes the landing as the last change of what it concerned.
pub(super) fn remember_last(
    last: &mut BTreeMap<CommonsId, LastChange>,
    landing: &Landing,
    commons: &BTreeMap<String, Named>,
) {
    if landing.class == Class::Format {
        return;
    }
    for named in landing.commons.iter().filter_map(|folder| commons.get(&**folder)) {
        last.insert(CommonsId(named.id), LastChange { at: landing.time, title: landing.title.to_string() });
    }
}
