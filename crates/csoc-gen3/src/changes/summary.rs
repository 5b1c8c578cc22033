//! A landing in one line.
//!
//! Story: nine services go to 2026.05 in one commons: "release 2026.05 (9 services)". One limit is raised:
//! "guppy.resources.limits.memory 2Gi → 4Gi".

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ChangeItem, ChangeKind, Landing};

pub(super) fn of(landing: &Landing) -> String {
    let items = &landing.items;
    let Some(first) = leading(items) else {
        return match landing.files.len() {
            0 => "nothing".into(),
            1 => landing.files[0].path.to_string(),
            n => format!("{n} files"),
        };
    };
    if let Some(text) = versions(items) {
        return text;
    }
    if let Some(text) = switches(items) {
        return text;
    }
    match items.len() {
        1 => one(first),
        n => format!("{} and {} more", one(first), n - 1),
    }
}

/// The item that tells most.
fn leading(items: &[ChangeItem]) -> Option<&ChangeItem> {
    let rank = |kind: ChangeKind| match kind {
        ChangeKind::CommonsAdded | ChangeKind::CommonsRemoved | ChangeKind::CommonsMoved => 0,
        ChangeKind::Readability | ChangeKind::ChartRevision => 1,
        ChangeKind::ServiceOn | ChangeKind::ServiceOff | ChangeKind::Version => 2,
        ChangeKind::NodeImage => 3,
        ChangeKind::File | ChangeKind::Format => 9,
        _ => 5,
    };
    items.iter().min_by_key(|item| rank(item.kind))
}

/// When most items bring one tag: the tag and how many services.
fn versions(items: &[ChangeItem]) -> Option<String> {
    let tags: Vec<&ChangeItem> =
        items.iter().filter(|item| item.kind == ChangeKind::Version && !item.path.ends_with("repository")).collect();
    if tags.len() < 2 || tags.len() * 2 < items.len() {
        return None;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for item in &tags {
        *counts.entry(show(item.after.as_ref())).or_default() += 1;
    }
    let (tag, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let rest = items.len() - count;
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    (count * 2 > tags.len()).then(|| format!("{tag} for {count} services{more}"))
}

/// Up to three services that were switched, when that is what the landing leads with.
fn switches(items: &[ChangeItem]) -> Option<String> {
    let switched = |item: &&ChangeItem| matches!(item.kind, ChangeKind::ServiceOn | ChangeKind::ServiceOff);
    let mut lines: Vec<String> = items.iter().filter(switched).map(one).collect();
    let rest = items.len() - lines.len();
    if lines.len() < 2 || leading(items).is_none_or(|first| !switched(&first)) {
        return None;
    }
    lines.dedup();
    let more = rest + lines.len().saturating_sub(3);
    lines.truncate(3);
    Some(if more > 0 { format!("{} and {more} more", lines.join(", ")) } else { lines.join(", ") })
}

fn one(item: &ChangeItem) -> String {
    let service = item.service.as_deref().unwrap_or_default();
    let name = item.commons.as_deref().or(item.cluster.as_deref()).unwrap_or_default();
    let (before, after) = (show(item.before.as_ref()), show(item.after.as_ref()));
    match item.kind {
        ChangeKind::Version if item.path.ends_with("repository") => format!("{service} image {before} → {after}"),
        ChangeKind::Version => format!("{service} {before} → {after}"),
        ChangeKind::ServiceOn => format!("{service} on"),
        ChangeKind::ServiceOff => format!("{service} off"),
        ChangeKind::CommonsAdded => format!("new: {name}"),
        ChangeKind::CommonsRemoved => format!("removed: {name}"),
        ChangeKind::CommonsMoved => format!("moved: {before} → {after}"),
        ChangeKind::ClusterAdded => format!("new cluster {name}"),
        ChangeKind::ClusterRemoved => format!("removed cluster {name}"),
        ChangeKind::ChartRevision => format!("chart {before} → {after}"),
        ChangeKind::ChartMoved => format!("{} moved {before} → {after}", item.path),
        ChangeKind::Readability if after == "readable" => "can be read again".into(),
        ChangeKind::Readability => format!("cannot be read: {after}"),
        ChangeKind::File => item.path.to_string(),
        ChangeKind::Format => format!("{} (format only)", item.path),
        _ => format!("{} {before} → {after}", item.path),
    }
}

fn show(value: Option<&Value>) -> String {
    const SHOWN: usize = 60;
    let text = match value {
        None => "none".into(),
        Some(Value::String(text)) => text.replace('\n', " "),
        Some(other) => other.to_string(),
    };
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
