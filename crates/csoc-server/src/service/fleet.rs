//! Asking the fleet: filters and orders of its lists, and the fleet of another time.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use csoc_api::commons::{CommonsRow, ServiceRow};
use csoc_core::access::Visible;
use csoc_core::commons::Tier;
use jiff::Timestamp;

use super::{Fault, Mistake};
use crate::app::App;
use crate::filter::{Field, Filter};
use crate::fleet_view::Lens;
use crate::fleet_view::lens::CommonsSeen;

/// The fleet as the reader sees it, now or at a commit or time.
pub async fn lens(app: &App, visible: &Visible, at: Option<&str>) -> Result<Arc<Lens>, Fault> {
    match at.map(str::trim).filter(|at| !at.is_empty()) {
        None => Ok(app.fleet.view().lens(visible)),
        Some(at) => crate::ingest::lens_at(app, visible, at).await,
    }
}

/// What commons can be filtered by.
pub const COMMONS_WORDS: &[&str] = &[
    "name",
    "hostname",
    "organization",
    "tier",
    "cluster",
    "state",
    "config",
    "release",
    "behind",
    "pins",
    "service",
    "tag",
    "owner",
    "programme",
    "management",
    "finding",
    "rule",
    "layout",
    "chart",
    "account",
    "twin",
    "changed",
    "seen",
];

pub fn filter(text: Option<&str>, words: &[&str]) -> Result<Filter, Fault> {
    Filter::parse(text.unwrap_or_default(), words)
        .map_err(|error| Fault::Invalid(vec![Mistake::new("filter", error.to_string())]))
}

pub fn commons_pass(lens: &Lens, seen: &CommonsSeen, filter: &Filter) -> bool {
    filter.passes(|word| commons_fields(lens, seen, word), || format!("{} {}", seen.row.name, seen.row.folder))
}

fn commons_fields<'s>(lens: &'s Lens, seen: &'s CommonsSeen, word: &str) -> Vec<Field<'s>> {
    let (row, entry) = (&seen.row, seen.entry());
    let text = |text: &'s str| vec![Field::Text(text)];
    let maybe = |text: Option<&'s String>| text.map(|text| Field::Text(text)).into_iter().collect();
    let age = |since: Timestamp| vec![Field::Age((lens.taken_at.as_second() - since.as_second()) as f64)];
    let enabled = || entry.services.iter().filter(|service| service.enabled);
    match word {
        "name" => vec![Field::Text(&row.name), Field::Text(&row.folder)],
        "hostname" => maybe(row.hostname.as_ref()),
        "organization" => text(&row.organization_name),
        "tier" => text(&row.tier),
        "cluster" => row.cluster.iter().map(|cluster| Field::Text(&cluster.name)).collect(),
        "state" => vec![Field::Text(&row.state.health), Field::Text(&row.state.config)],
        "config" => text(&row.state.config),
        "release" => maybe(row.release.as_ref()),
        "behind" => row.behind.map(|behind| Field::Number(f64::from(behind))).into_iter().collect(),
        "pins" => vec![Field::Number(f64::from(row.pins))],
        "service" => enabled().map(|service| Field::Text(&service.service)).collect(),
        "tag" => enabled().flat_map(|service| &service.images).map(|image| Field::Text(&image.tag)).collect(),
        "owner" => row.owners.iter().map(|owner| Field::Text(owner.as_str())).collect(),
        "programme" => maybe(row.programme.as_ref()),
        "management" => text(&row.management),
        "finding" => severities(row),
        "rule" => open_rules(lens, seen),
        "layout" => text(&entry.layout),
        "chart" => entry.chart.iter().map(|chart| Field::Text(&chart.revision)).collect(),
        "account" => entry.account.iter().map(|account| Field::Text(&account.value)).collect(),
        "twin" => row.twin.iter().map(|twin| Field::Text(&twin.name)).collect(),
        "changed" => row.last_change_at.map(age).unwrap_or_default(),
        "seen" => age(row.seen_at),
        _ => Vec::new(),
    }
}

fn severities(row: &CommonsRow) -> Vec<Field<'static>> {
    let counts = &row.findings;
    let named = [
        ("critical", counts.critical),
        ("high", counts.high),
        ("medium", counts.medium),
        ("low", counts.low),
        ("info", counts.info),
    ];
    let all = named.iter().map(|(_, count)| count).sum::<u32>();
    let mut fields: Vec<Field<'static>> = vec![Field::Number(f64::from(all))];
    fields.extend(named.into_iter().filter(|(_, count)| *count > 0).map(|(name, _)| Field::Text(name)));
    if all == 0 {
        fields.push(Field::Text("none"));
    }
    fields
}

fn open_rules<'s>(lens: &'s Lens, seen: &CommonsSeen) -> Vec<Field<'s>> {
    let of = lens.findings().filter(|finding| {
        finding.commons.is_some_and(|id| id.0 == seen.row.id) && finding.state(lens.taken_at) == "open"
    });
    of.map(|finding| Field::Text(&finding.rule)).collect()
}

/// `name`, `tier` ... with `-` before it for the other direction; unknown words are a mistake.
pub fn sort_commons(rows: &mut [&CommonsSeen], sort: Option<&str>) -> Result<(), Fault> {
    let sort = sort.unwrap_or("name");
    let (word, reversed) = sort.strip_prefix('-').map_or((sort, false), |word| (word, true));
    let by: fn(&CommonsRow, &CommonsRow) -> Ordering = match word {
        "name" => |a, b| a.name.cmp(&b.name),
        "organization" => |a, b| a.organization_name.cmp(&b.organization_name),
        "tier" => |a, b| tier(a).cmp(&tier(b)),
        "cluster" => |a, b| a.cluster.as_ref().map(|c| &c.name).cmp(&b.cluster.as_ref().map(|c| &c.name)),
        "release" => |a, b| a.release.cmp(&b.release),
        "behind" => |a, b| a.behind.cmp(&b.behind),
        "pins" => |a, b| a.pins.cmp(&b.pins),
        "findings" => |a, b| weight(a).cmp(&weight(b)),
        "last_change" => |a, b| a.last_change_at.cmp(&b.last_change_at),
        "state" => |a, b| a.state.config.cmp(&b.state.config),
        _ => {
            let known = "name, organization, tier, cluster, release, behind, pins, findings, last_change, state";
            return Err(Fault::invalid("sort", format!("'{word}' is not an order here; there are: {known}")));
        }
    };
    rows.sort_by(|a, b| {
        let order = by(&a.row, &b.row);
        let order = if reversed { order.reverse() } else { order };
        order.then_with(|| a.row.name.cmp(&b.row.name)).then_with(|| a.row.id.cmp(&b.row.id))
    });
    Ok(())
}

fn tier(row: &CommonsRow) -> usize {
    Tier::ALL.iter().position(|tier| tier.as_str() == row.tier).unwrap_or(Tier::ALL.len())
}

fn weight(row: &CommonsRow) -> (u32, u32, u32, u32) {
    let counts = &row.findings;
    (counts.critical, counts.high, counts.medium, counts.low)
}

pub const SERVICE_WORDS: &[&str] =
    &["commons", "cluster", "tier", "service", "enabled", "image", "tag", "class", "origin", "behind", "pin"];

fn maybe(text: &Option<String>) -> Vec<Field<'_>> {
    text.iter().map(|text| Field::Text(text.as_str())).collect()
}

pub fn service_passes(row: &ServiceRow, filter: &Filter) -> bool {
    let yes_no = |yes: bool| vec![Field::Text(if yes { "yes" } else { "no" })];
    let fields = |word: &str| match word {
        "commons" => vec![Field::Text(row.commons.as_str())],
        "cluster" => maybe(&row.cluster),
        "tier" => vec![Field::Text(row.tier.as_str())],
        "service" => vec![Field::Text(row.service.as_str())],
        "enabled" => yes_no(row.enabled),
        "image" => maybe(&row.image),
        "tag" => maybe(&row.tag),
        "class" => maybe(&row.tag_class),
        "origin" => maybe(&row.origin),
        "behind" => row.behind.map(|behind| Field::Number(f64::from(behind))).into_iter().collect(),
        "pin" => yes_no(row.pin),
        _ => Vec::new(),
    };
    filter.passes(fields, || format!("{} {} {}", row.commons, row.service, row.tag.as_deref().unwrap_or_default()))
}

/// Newest releases first.
pub fn newest_first<T>(rows: &mut [T], release: impl Fn(&T) -> String) {
    rows.sort_by_key(|row| Reverse(release(row)));
}
