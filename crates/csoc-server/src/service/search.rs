//! Finding a thing by a few letters of its name.

use std::collections::BTreeMap;

use csoc_api::search::SearchResult;
use csoc_core::access::{Permission, Visible};
use csoc_store::{LandingFilter, PageRequest};

use super::{By, Fault};
use crate::app::App;
use crate::fleet_view::Lens;

const EACH: usize = 8;

pub async fn find(app: &App, by: &By, visible: &Visible, q: &str) -> Result<Vec<SearchResult>, Fault> {
    let words: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    if q.len() > 200 {
        return Err(Fault::invalid("q", "at most 200 characters"));
    }
    let lens = app.fleet.view().lens(visible);
    let mut found = of_fleet(&lens, &words);
    found.extend(of_services(&lens, &words));
    let filter = LandingFilter { text: Some(q.trim().to_owned()), ..LandingFilter::default() };
    let changes = app.store.landing_page(visible, &filter, &PageRequest::first(EACH as u32)).await?;
    found.extend(changes.items.into_iter().map(|landing| {
        let short: String = landing.commit.chars().take(7).collect();
        result(
            "change",
            landing.id.to_string(),
            landing.title,
            format!("{short} by {}", landing.author),
            format!("/changes?open={}", landing.id),
        )
    }));
    let readable = by.actor.visible(Permission::FindingRead);
    let open = lens
        .findings()
        .filter(|finding| finding.state(lens.taken_at) == "open" && readable.contains(finding.organization));
    let matching = open.filter(|finding| all(&words, &[&finding.message, &finding.rule, &finding.path]));
    found.extend(matching.take(EACH).map(|finding| {
        let place = format!("{}:{}", finding.path, finding.line);
        result(
            "finding",
            finding.id.to_string(),
            finding.message.clone(),
            place,
            format!("/findings?open={}", finding.id),
        )
    }));
    Ok(found)
}

fn all(words: &[String], texts: &[&str]) -> bool {
    words.iter().all(|word| texts.iter().any(|text| text.to_lowercase().contains(word.as_str())))
}

fn result(kind: &str, id: String, title: String, detail: String, href: String) -> SearchResult {
    SearchResult { kind: kind.to_owned(), id, title, detail, href }
}

/// What begins with the words comes first.
fn of_fleet(lens: &Lens, words: &[String]) -> Vec<SearchResult> {
    let begins = |name: &str| !words.iter().any(|word| name.to_lowercase().starts_with(word.as_str()));
    let mut commons: Vec<_> =
        lens.commons.iter().filter(|seen| all(words, &[&seen.row.name, &seen.row.folder])).collect();
    commons.sort_by_key(|seen| begins(&seen.row.name));
    let mut found: Vec<SearchResult> = commons
        .into_iter()
        .take(EACH)
        .map(|seen| {
            let release = seen.row.release.as_deref().unwrap_or("no monthly release");
            let detail = format!("{}, {release}", seen.row.tier);
            result(
                "commons",
                seen.row.id.to_string(),
                seen.row.name.clone(),
                detail,
                format!("/commons/{}", seen.row.id),
            )
        })
        .collect();
    let clusters = lens.clusters.iter().filter(|seen| {
        all(
            words,
            &[
                &seen.row.name,
                seen.row.stated_name.as_deref().unwrap_or_default(),
                seen.row.account.as_deref().unwrap_or_default(),
            ],
        )
    });
    found.extend(clusters.take(EACH).map(|seen| {
        let detail = format!("{} commons", seen.row.commons);
        result("cluster", seen.row.id.to_string(), seen.row.name.clone(), detail, format!("/clusters/{}", seen.row.id))
    }));
    found
}

fn of_services(lens: &Lens, words: &[String]) -> Vec<SearchResult> {
    let (mut services, mut tags) = (BTreeMap::<&str, u32>::new(), BTreeMap::<&str, u32>::new());
    for seen in &lens.commons {
        for service in seen.entry().services.iter().filter(|service| service.enabled) {
            *services.entry(&service.service).or_default() += 1;
        }
        let images = seen.entry().services.iter().filter(|service| service.enabled).flat_map(|service| &service.images);
        for tag in images.map(|image| image.tag.as_str()).collect::<std::collections::BTreeSet<_>>() {
            *tags.entry(tag).or_default() += 1;
        }
    }
    let row = |kind: &str, key: &str, name: &str, count: u32| {
        let quoted =
            if name.contains([' ', '"', ':']) { format!("\"{}\"", name.replace('"', "\\\"")) } else { name.to_owned() };
        let filter: String = url::form_urlencoded::byte_serialize(format!("{key}:{quoted}").as_bytes()).collect();
        result(
            kind,
            name.to_owned(),
            name.to_owned(),
            format!("on {count} commons"),
            format!("/commons?filter={filter}"),
        )
    };
    let mut found: Vec<SearchResult> = services
        .iter()
        .filter(|(name, _)| all(words, &[name]))
        .take(EACH)
        .map(|(name, count)| row("service", "service", name, *count))
        .collect();
    found.extend(
        tags.iter().filter(|(tag, _)| all(words, &[tag])).take(EACH).map(|(tag, count)| row("tag", "tag", tag, *count)),
    );
    found
}
