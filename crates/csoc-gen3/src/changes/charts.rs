//! A landing on a chart's branch is a change to every commons that follows the branch.
//!
//! Story: 26 commons follow `master` of the umbrella chart. A merge there raises fence's default memory: no
//! file of the fleet changed, and tonight 26 fences restart. With the chart at hand before and after, the
//! commons' computed values are compared and the new default is named; without it, "the chart moved".

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::{ChangeItem, ChangeKind, Class, FileChange, compare};
use crate::fleet::{CommonsReading, EnabledReason, ServiceReading};
use crate::redact::Redactor;
use crate::yaml::Node;

/// Items of one landing: what is more is told as "the chart moved".
const MOST_ITEMS: usize = 2000;
/// Of one commons there are at least so many.
const LEAST_ITEMS: usize = 12;

/// A commons whose Application names the chart's branch, and its values with the chart's defaults before
/// and after the landing, where they can be computed.
#[derive(Clone, Copy)]
pub struct Follower<'a> {
    /// As it was read with the chart before the landing.
    pub before: &'a CommonsReading,
    pub commons: &'a CommonsReading,
    pub computed: Option<(&'a Node, &'a Node)>,
}

/// Items for one landing of a chart repository. `revisions` are the commits before and after; `files` what
/// the landing touched there.
pub fn chart_items(
    followers: &[Follower<'_>],
    revisions: (&str, &str),
    files: &[FileChange],
    redactor: &Redactor<'_>,
) -> Vec<ChangeItem> {
    let most = (MOST_ITEMS / followers.len().max(1)).max(LEAST_ITEMS);
    followers.iter().flat_map(|follower| of_follower(*follower, revisions, files, redactor, most)).collect()
}

fn of_follower(
    follower: Follower<'_>,
    revisions: (&str, &str),
    files: &[FileChange],
    redactor: &Redactor<'_>,
    most: usize,
) -> Vec<ChangeItem> {
    let Some(chart) = &follower.commons.chart else { return Vec::new() };
    let mut items = services(follower);
    let switched: BTreeSet<Arc<str>> = items.iter().filter(|item| is_switch(item)).filter_map(of_service).collect();
    let paths: BTreeSet<Arc<str>> = items.iter().map(|item| item.path.clone()).collect();
    let defaults = match follower.computed {
        Some(trees) => compare::tree_items(follower.commons, trees, redactor),
        None => Vec::new(),
    };
    // What comes and goes with a service is part of switching it.
    let told = |item: &ChangeItem| {
        paths.contains(&item.path) || item.service.as_ref().is_some_and(|service| switched.contains(service))
    };
    items.extend(defaults.into_iter().filter(|item| !told(item)));
    let cut: BTreeSet<Arc<str>> = match items.len() > most {
        true => items.drain(most..).filter_map(|item| of_service(&item)).collect(),
        false => BTreeSet::new(),
    };
    // Templates change what is deployed without changing a value.
    let told: BTreeSet<Arc<str>> = items.iter().filter_map(of_service).collect();
    let mut parts = touched(&chart.path, files);
    parts.retain(|part| part.is_none_or(|name| runs(follower.commons, name) && !told.contains(name)));
    parts.extend(cut.iter().map(|service| Some(&**service)));
    items.extend(parts.into_iter().map(|part| moved(follower.commons, part, &chart.path, revisions)));
    items
}

fn of_service(item: &ChangeItem) -> Option<Arc<str>> {
    item.service.clone()
}

fn is_switch(item: &ChangeItem) -> bool {
    matches!(item.kind, ChangeKind::ServiceOn | ChangeKind::ServiceOff)
}

/// Services that the new defaults switch on or off, or give another image's tag.
fn services(follower: Follower<'_>) -> Vec<ChangeItem> {
    let by_name = |commons: &'_ CommonsReading| -> BTreeMap<Arc<str>, ServiceReading> {
        commons.services.iter().map(|service| (service.service.clone(), service.clone())).collect()
    };
    if std::ptr::eq(follower.before, follower.commons) {
        return Vec::new();
    }
    let (was, is) = (by_name(follower.before), by_name(follower.commons));
    let names: BTreeSet<&Arc<str>> = was.keys().chain(is.keys()).collect();
    let item = |service: &Arc<str>, kind, path: String, before: Value, after: Value| ChangeItem {
        commons: Some(follower.commons.folder.clone()),
        cluster: follower.commons.cluster.clone(),
        service: Some(service.clone()),
        kind,
        area: Class::Chart,
        path: path.into(),
        before: Some(before),
        after: Some(after),
        before_at: None,
        after_at: None,
    };
    let mut items = Vec::new();
    for name in names {
        let (was, is) = (was.get(name), is.get(name));
        let (was_on, is_on) = (was.is_some_and(|s| s.enabled), is.is_some_and(|s| s.enabled));
        if was_on != is_on {
            let kind = if is_on { ChangeKind::ServiceOn } else { ChangeKind::ServiceOff };
            let path = is.or(was).map_or_else(String::new, switch);
            items.push(item(name, kind, path, was_on.into(), is_on.into()));
        } else if let (Some(was), Some(is), true) = (was, is, is_on) {
            for (was, is) in was.images.iter().zip(&is.images).filter(|(was, is)| was.tag != is.tag) {
                let below = is.component.as_deref().map_or_else(String::new, |component| format!("{component}."));
                let path = format!("{name}.image.{below}tag");
                items.push(item(name, ChangeKind::Version, path, (&*was.tag).into(), (&*is.tag).into()));
            }
        }
    }
    items
}

fn switch(service: &ServiceReading) -> String {
    match &service.reason {
        EnabledReason::Values { path, .. } | EnabledReason::ChartDefault { path } | EnabledReason::Assumed { path } => {
            path.clone()
        }
        EnabledReason::Manifest { .. } => format!("versions.{}", service.service),
    }
}

/// Which parts of the chart a landing touched: `None` for the umbrella (or a library) itself, else the
/// subchart's name. Subcharts stand beside the umbrella (`helm/fence` beside `helm/gen3`) or in its
/// `charts/`.
fn touched<'f>(chart_path: &str, files: &'f [FileChange]) -> BTreeSet<Option<&'f str>> {
    let parent = chart_path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let umbrella = chart_path.rsplit('/').next().unwrap_or(chart_path);
    files
        .iter()
        .filter_map(|file| {
            let below = match parent {
                "" => &*file.path,
                _ => file.path.strip_prefix(parent)?.strip_prefix('/')?,
            };
            let (part, rest) = below.split_once('/')?;
            match part == umbrella {
                true => Some(rest.strip_prefix("charts/").and_then(|rest| rest.split('/').next())),
                false if part == "common" => Some(None),
                false => Some(Some(part)),
            }
        })
        .collect()
}

fn runs(commons: &CommonsReading, service: &str) -> bool {
    commons.services.iter().any(|s| *s.service == *service && s.enabled)
}

fn moved(commons: &CommonsReading, part: Option<&str>, chart_path: &str, revisions: (&str, &str)) -> ChangeItem {
    let short = |id: &str| Some(Value::from(id.get(..12).unwrap_or(id)));
    let path = match (part, chart_path.rsplit_once('/')) {
        (Some(part), Some((parent, _))) => format!("{parent}/{part}"),
        (Some(part), None) => part.to_owned(),
        (None, _) => chart_path.to_owned(),
    };
    ChangeItem {
        commons: Some(commons.folder.clone()),
        cluster: commons.cluster.clone(),
        service: part.map(Into::into),
        kind: ChangeKind::ChartMoved,
        area: Class::Chart,
        path: path.into(),
        before: short(revisions.0),
        after: short(revisions.1),
        before_at: None,
        after_at: None,
    }
}
