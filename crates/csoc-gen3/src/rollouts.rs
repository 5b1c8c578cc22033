//! The same bump over many commons, seen as one thing with a course.
//!
//! Story: release 2026.05 took 19 landings by six people. As a rollout it began on the 11th, half of its
//! commons had it on the 26th, four still run 2026.04 and are named; one is on a branch build and is not
//! waited for; two are on 2026.06 already.
//!
//! Two kinds: a monthly release (all its services are one rollout), and one service's tag that at least
//! three commons took within a season (a hotfix, a new frontend). Moving tags (`master`) are no rollout.

mod course;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::catalogue;
use crate::changes::{ChangeItem, ChangeKind, Landing};
use crate::fleet::{CommonsReading, FleetReading};
use crate::tag::{Monthly, TagClass, image_name};

/// The same tag of one service again after so many days is another rollout.
const SEASON_DAYS: i64 = 60;

/// Fewer commons than this are no rollout of a single service.
const LEAST_COMMONS: usize = 3;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rollout {
    pub kind: RolloutKind,
    /// `2026.05`, or `fence 13.0.3`.
    pub name: String,
    /// The services it moved, the most moved first.
    pub services: Vec<Arc<str>>,
    pub tag: Arc<str>,
    /// In order of time; one per commons, the first landing that was not taken back.
    pub steps: Vec<Step>,
    pub first: Timestamp,
    /// When half of the commons in `steps` had it.
    pub half: Timestamp,
    pub last: Timestamp,
    pub authors: usize,
    /// Commons (folders) that run it now.
    pub running: Vec<Arc<str>>,
    /// That run something newer now.
    pub ahead: Vec<Arc<str>>,
    /// That run something older and follow such tags: still to come.
    pub missing: Vec<Missing>,
    /// That run something that cannot be compared (a branch build, another numbering): not waited for.
    pub pinned: Vec<Missing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RolloutKind {
    Release,
    Service,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub time: Timestamp,
    pub commit: Arc<str>,
    pub commons: Arc<str>,
    /// What it ran before, where the landing says so.
    pub from: Option<Arc<str>>,
    /// Of all that it concerns, how many had it after this step, 0 to 1.
    pub share: f64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub commons: Arc<str>,
    /// What it runs now.
    pub tag: Arc<str>,
}

/// All rollouts that the landings (oldest first) show, the newest beginning first. `now` is the fleet after
/// the last of them.
pub fn rollouts(landings: &[Landing], now: &FleetReading) -> Vec<Rollout> {
    let fleet = Fleet::new(landings, now);
    let mut found = course::releases(&fleet);
    found.extend(course::services(&fleet));
    found.sort_by(|a, b| (b.first, &a.kind, &a.name).cmp(&(a.first, &b.kind, &b.name)));
    found
}

/// One service of one commons got a tag.
#[derive(Clone, Copy, Debug)]
struct Bump<'a> {
    landing: &'a Landing,
    /// Folder as of now (a commons may have moved since).
    commons: &'a str,
    service: &'a str,
    tag: &'a str,
    from: Option<&'a str>,
    /// Last part of the image's repository as of now: commons with images of their own share tags by chance.
    image: &'a str,
}

struct Fleet<'a> {
    bumps: Vec<Bump<'a>>,
    now: BTreeMap<&'a str, &'a CommonsReading>,
}

impl<'a> Fleet<'a> {
    fn new(landings: &'a [Landing], now: &'a FleetReading) -> Self {
        let moves = moves(landings);
        let now: BTreeMap<&str, &CommonsReading> =
            now.commons.iter().map(|c| -> (&str, &CommonsReading) { (&c.folder, c) }).collect();
        let mut bumps = Vec::new();
        for landing in landings {
            for item in landing.items.iter().filter(|item| item.kind == ChangeKind::Version) {
                if let (Some(commons), Some(service), Some(tag)) = (&item.commons, &item.service, new_tag(item)) {
                    let commons = current_folder(commons, &moves);
                    let from = item.before.as_ref().and_then(|v| v.as_str());
                    let image = now.get(commons).map_or(&**service, |commons| image_of(commons, service));
                    bumps.push(Bump { landing, commons, service, tag, from, image });
                }
            }
        }
        Self { bumps, now }
    }
}

/// The tag an item brought, when the item is about a tag and not about a registry.
fn new_tag(item: &ChangeItem) -> Option<&str> {
    let about_tag = item.path.ends_with(".tag") || item.path.starts_with("versions.");
    item.after.as_ref()?.as_str().filter(|_| about_tag && item.before != item.after)
}

fn moves(landings: &[Landing]) -> HashMap<&str, &str> {
    let moved = landings.iter().flat_map(|l| &l.items).filter(|item| item.kind == ChangeKind::CommonsMoved);
    moved.filter_map(|item| Some((item.before.as_ref()?.as_str()?, item.after.as_ref()?.as_str()?))).collect()
}

fn current_folder<'a>(folder: &'a str, moves: &HashMap<&'a str, &'a str>) -> &'a str {
    let mut at = folder;
    // A commons that moved away and back would turn in circles.
    for _ in 0..moves.len() {
        match moves.get(at) {
            Some(next) if *next != folder => at = next,
            _ => break,
        }
    }
    at
}

/// A commons' monthly services that run now: service → tag.
fn monthly_services(commons: &CommonsReading) -> impl Iterator<Item = (&str, &str)> {
    commons
        .services
        .iter()
        .filter(|service| service.enabled && catalogue::is_monthly(&service.service))
        .filter_map(|service| Some((&*service.service, &*service.images.first()?.tag)))
}

/// The release that most of a commons' monthly services run.
fn mode_release(commons: &CommonsReading) -> Option<crate::tag::Release> {
    let mut counts: BTreeMap<crate::tag::Release, usize> = BTreeMap::new();
    for (_, tag) in monthly_services(commons) {
        if let Some(monthly) = Monthly::parse(tag) {
            *counts.entry(monthly.release).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(release, count)| (*count, *release)).map(|(release, _)| release)
}

/// The image a service of a commons runs: `fence`, `heal-data-commons`.
fn image_of<'a>(commons: &'a CommonsReading, service: &'a str) -> &'a str {
    let reading = commons.services.iter().find(|s| *s.service == *service);
    reading.and_then(|s| s.images.first()).map_or(service, |image| image_name(&image.repository))
}

fn is_ordered(tag: &str) -> bool {
    !matches!(TagClass::of(tag), TagClass::Moving | TagClass::Digest)
}
