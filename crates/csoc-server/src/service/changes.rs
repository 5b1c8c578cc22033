//! Changes: landings as they are listed, and everything about one.

use std::collections::BTreeMap;

use csoc_api::changes::{ChangeDetail, ChangeItemRow, ChangeRow, ChangesQuery, FileRow};
use csoc_api::commons::{ClusterRef, CommonsRef};
use csoc_api::page::Page;
use csoc_core::access::Visible;
use csoc_core::{LandingId, SourceId};
use csoc_gen3::changes::{ChangeItem, Landing};
use csoc_gen3::redact::HIDDEN;
use csoc_store::{LandingFilter, PageRequest, Source};

use super::{Fault, fleet};
use crate::app::App;
use crate::fleet_view::Lens;
use crate::fleet_view::rows::web_address;
use crate::ingest::LandingSummary;

pub const WORDS: &[&str] =
    &["commons", "cluster", "service", "tag", "class", "author", "source", "chart", "undone", "tier"];

/// Items that one answer holds.
const ITEMS: usize = 2000;

/// `None` when a source of it is not among these.
pub fn row(sources: &BTreeMap<SourceId, Source>, landing: csoc_store::Landing) -> Option<ChangeRow> {
    let fleet = sources.get(&landing.source)?;
    let source = match landing.chart {
        Some(chart) => sources.get(&chart)?,
        None => fleet,
    };
    let summary: LandingSummary = serde_json::from_value(landing.summary).unwrap_or_default();
    let web = web_address(&source.location);
    let pull_request = landing.pull_request.and_then(|number| u64::try_from(number).ok());
    Some(ChangeRow {
        id: landing.id.0,
        organization: source.organization.0,
        source: source.id.0,
        source_name: source.name.clone(),
        fleet: fleet.id.0,
        fleet_name: fleet.name.clone(),
        time: landing.time,
        author: landing.author,
        authors: summary.authors,
        title: landing.title,
        pull_request,
        class: landing.class,
        summary: summary.text,
        commons: summary
            .commons
            .into_iter()
            .map(|one| CommonsRef { id: one.id, name: one.name, tier: one.tier })
            .collect(),
        clusters: summary.clusters.into_iter().map(|one| ClusterRef { id: one.id, name: one.name }).collect(),
        files: summary.files,
        items: summary.items,
        undoes: landing.undoes.map(|id| id.0),
        undone_by: landing.undone_by.map(|id| id.0),
        chart: landing.chart.is_some(),
        commit_url: web.as_deref().map(|web| commit_url(web, &landing.commit)),
        pull_request_url: web.as_deref().zip(pull_request).map(|(web, number)| pull_request_url(web, number)),
        commit: landing.commit,
    })
}

fn commit_url(web: &str, commit: &str) -> String {
    match web.starts_with("https://gitlab.") {
        true => format!("{web}/-/commit/{commit}"),
        false if web.starts_with("https://bitbucket.org/") => format!("{web}/commits/{commit}"),
        false => format!("{web}/commit/{commit}"),
    }
}

fn pull_request_url(web: &str, number: u64) -> String {
    match web.starts_with("https://gitlab.") {
        true => format!("{web}/-/merge_requests/{number}"),
        false if web.starts_with("https://bitbucket.org/") => format!("{web}/pull-requests/{number}"),
        false => format!("{web}/pull/{number}"),
    }
}

pub async fn list(app: &App, visible: &Visible, asked: ChangesQuery) -> Result<Page<ChangeRow>, Fault> {
    let lens = app.fleet.view().lens(visible);
    let sources: BTreeMap<SourceId, Source> =
        app.store.source_list(visible).await?.into_iter().map(|source| (source.id, source)).collect();
    let filter = filter(&lens, &sources, &asked)?;
    let request = PageRequest { after: asked.cursor, limit: crate::http::limit_of(asked.limit)? as u32 };
    let page = app.store.landing_page(visible, &filter, &request).await?;
    let total = app.store.landing_count(visible, &filter).await?;
    let items = page.items.into_iter().filter_map(|landing| row(&sources, landing)).collect();
    Ok(Page { items, total: u64::try_from(total).unwrap_or(0), next: page.next })
}

/// The filter's words as the store understands them: names become the ids of what the reader sees.
fn filter(lens: &Lens, sources: &BTreeMap<SourceId, Source>, asked: &ChangesQuery) -> Result<LandingFilter, Fault> {
    let parsed = fleet::filter(asked.filter.as_deref(), WORDS)?;
    let mut filter = LandingFilter { since: asked.since, until: asked.until, ..LandingFilter::default() };
    filter.text = Some(parsed.words.join(" ")).filter(|text| !text.is_empty());
    let mut word = |kind: &str, positive: Option<Vec<String>>, negative: Vec<String>| {
        if let Some(some) = positive {
            filter.words.push((kind.to_owned(), some));
        }
        if !negative.is_empty() {
            filter.without_words.push((kind.to_owned(), negative));
        }
    };
    for (kind, key) in [("commons", "commons"), ("commons", "tier"), ("cluster", "cluster")] {
        let (positive, negative) = parsed.values_of(key);
        let ids = |patterns: &[&crate::filter::Pattern]| -> Vec<String> {
            match key {
                "cluster" => {
                    let of = lens.clusters.iter().filter(|seen| patterns.iter().any(|p| p.matches(&seen.row.name)));
                    of.map(|seen| seen.row.id.to_string()).collect()
                }
                "tier" => {
                    let of = lens.commons.iter().filter(|seen| patterns.iter().any(|p| p.matches(&seen.row.tier)));
                    of.map(|seen| seen.row.id.to_string()).collect()
                }
                _ => {
                    let names = |seen: &&crate::fleet_view::lens::CommonsSeen| {
                        patterns.iter().any(|p| p.matches(&seen.row.name) || p.matches(&seen.row.folder))
                    };
                    lens.commons.iter().filter(names).map(|seen| seen.row.id.to_string()).collect()
                }
            }
        };
        word(
            kind,
            (!positive.is_empty()).then(|| ids(&positive)),
            if negative.is_empty() { Vec::new() } else { ids(&negative) },
        );
    }
    for key in ["service", "tag"] {
        let (positive, negative) = parsed.values_of(key);
        let texts = |patterns: Vec<&crate::filter::Pattern>| -> Vec<String> {
            patterns.iter().map(ToString::to_string).collect()
        };
        word(key, (!positive.is_empty()).then(|| texts(positive)), texts(negative));
    }
    if let Some(id) = asked.commons {
        filter.words.push(("commons".to_owned(), vec![id.to_string()]));
    }
    if let Some(id) = asked.cluster {
        filter.words.push(("cluster".to_owned(), vec![id.to_string()]));
    }
    let (classes, without) = parsed.values_of("class");
    filter.classes = classes.iter().map(ToString::to_string).collect();
    filter.without_classes = without.iter().map(ToString::to_string).collect();
    filter.author = parsed.values_of("author").0.first().map(|author| author.to_string().trim_matches('*').to_owned());
    filter.undone = parsed.values_of("undone").0.first().map(|word| word.text() == "yes");
    filter.chart = parsed.values_of("chart").0.first().map(|word| word.text() == "yes");
    of_sources(&mut filter, sources, &parsed, asked.source.map(SourceId));
    Ok(filter)
}

/// The sources by name, as far as the reader sees them; a name that none has finds nothing.
fn of_sources(
    filter: &mut LandingFilter,
    sources: &BTreeMap<SourceId, Source>,
    parsed: &crate::filter::Filter,
    asked: Option<SourceId>,
) {
    let (named, without) = parsed.values_of("source");
    let ids = |patterns: &[&crate::filter::Pattern]| -> Vec<SourceId> {
        let is_meant = |source: &&Source| patterns.iter().any(|pattern| pattern.matches(&source.name));
        sources.values().filter(is_meant).map(|source| source.id).collect()
    };
    filter.without_sources = ids(&without);
    let mut wanted: Option<Vec<SourceId>> = (!named.is_empty()).then(|| ids(&named));
    if let Some(asked) = asked {
        wanted = Some(wanted.map_or(vec![asked], |named| named.into_iter().filter(|id| *id == asked).collect()));
    }
    if let Some(mut wanted) = wanted {
        if wanted.is_empty() {
            wanted.push(SourceId(uuid::Uuid::nil()));
        }
        filter.sources = wanted;
    }
}

pub async fn detail(app: &App, visible: &Visible, id: LandingId) -> Result<ChangeDetail, Fault> {
    let missing = || Fault::NotFound { what: "change" };
    let (landing, bytes) = app.store.landing_fetch(visible, id).await?.ok_or_else(missing)?;
    let sources: BTreeMap<SourceId, Source> =
        app.store.source_list(visible).await?.into_iter().map(|source| (source.id, source)).collect();
    let owner = landing.source;
    let whole: Landing =
        serde_json::from_slice(&bytes).map_err(|error| Fault::inner("reading a landing")(error.into()))?;
    let change = row(&sources, landing).ok_or_else(missing)?;
    let view = app.fleet.view();
    let lens = view.lens(visible);
    let fleet = view.fleets.get(&owner);
    let commons = |folder: &str| {
        let id = fleet.and_then(|fleet| fleet.folders.get(folder))?;
        change.commons.iter().find(|one| one.id == id.0).cloned().or_else(|| lens.commons_ref(*id))
    };
    let cluster = |folder: &str| {
        let seen = lens.clusters.iter().find(|seen| seen.row.folder == folder && seen.fleet.source == owner)?;
        Some(ClusterRef { id: seen.row.id, name: seen.row.name.clone() })
    };
    let item = |item: &ChangeItem| {
        let (before, after) = (shown(item.before.as_ref()), shown(item.after.as_ref()));
        let hidden = |text: &Option<String>| text.as_deref().is_some_and(|text| text.starts_with(HIDDEN));
        let place = item.after_at.as_ref().or(item.before_at.as_ref());
        ChangeItemRow {
            commons: item.commons.as_deref().and_then(commons),
            cluster: item.cluster.as_deref().and_then(cluster),
            service: item.service.as_deref().map(ToOwned::to_owned),
            kind: serde_json::to_value(item.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(ToOwned::to_owned))
                .unwrap_or_default(),
            path: item.path.to_string(),
            secret: hidden(&before) || hidden(&after),
            before,
            after,
            file: place.map(|place| place.path.to_string()),
            line: place.map(|place| place.line),
        }
    };
    let items: Vec<ChangeItemRow> = whole.items.iter().take(ITEMS).map(item).collect();
    let files = whole
        .files
        .iter()
        .map(|file| FileRow {
            path: file.path.to_string(),
            change: serde_json::to_value(file.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(ToOwned::to_owned))
                .unwrap_or_default(),
        })
        .collect();
    Ok(ChangeDetail { cut: whole.items.len() > ITEMS, body: String::new(), files, items, change })
}

fn shown(value: Option<&serde_json::Value>) -> Option<String> {
    value.map(|value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}
