//! A landing on a chart's branch is a change to every commons that follows the branch.
//!
//! Story: 26 commons follow `master` of the umbrella chart. A merge there raises fence's default memory: no
//! file of the fleet changed, and tonight 26 fences restart. With the chart at hand before and after, the
//! commons' computed values are compared and the new default is named; without it, "the chart moved".

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ChangeItem, ChangeKind, Class, FileChange, compare};
use crate::fleet::CommonsReading;
use crate::redact::Redactor;
use crate::yaml::Node;

/// A commons whose Application names the chart's branch, and its values with the chart's defaults before
/// and after the landing, where they can be computed.
#[derive(Clone, Copy)]
pub struct Follower<'a> {
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
    followers.iter().flat_map(|follower| of_follower(*follower, revisions, files, redactor)).collect()
}

fn of_follower(
    follower: Follower<'_>,
    revisions: (&str, &str),
    files: &[FileChange],
    redactor: &Redactor<'_>,
) -> Vec<ChangeItem> {
    let Some(chart) = &follower.commons.chart else { return Vec::new() };
    let mut items = match follower.computed {
        Some(trees) => compare::tree_items(follower.commons, trees, redactor),
        None => Vec::new(),
    };
    // Templates change what is deployed without changing a value.
    let told: BTreeSet<&str> = items.iter().filter_map(|item| item.service.as_deref()).collect();
    let moved: Vec<ChangeItem> = touched(&chart.path, files)
        .into_iter()
        .filter(|part| part.is_none_or(|name| runs(follower.commons, name) && !told.contains(name)))
        .map(|part| moved(follower.commons, part, &chart.path, revisions))
        .collect();
    items.extend(moved);
    items
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
