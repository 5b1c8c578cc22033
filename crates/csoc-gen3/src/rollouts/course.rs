//! From single bumps to courses.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Bump, Fleet, LEAST_COMMONS, Missing, Rollout, RolloutKind, SEASON_DAYS, Step, image_of, is_ordered, mode_release,
    monthly_services,
};
use crate::catalogue;
use crate::fleet::CommonsReading;
use crate::tag::{Monthly, Release, compare};

/// Where a commons stands towards a rollout.
enum Standing {
    Running,
    Ahead,
    Missing(Arc<str>),
    Pinned(Arc<str>),
    /// Does not run the service.
    Unconcerned,
}

pub(super) fn releases(fleet: &Fleet<'_>) -> Vec<Rollout> {
    let mut by_release: BTreeMap<Release, Vec<Bump<'_>>> = BTreeMap::new();
    for bump in &fleet.bumps {
        if let Some(release) = release_of(bump) {
            by_release.entry(release).or_default().push(*bump);
        }
    }
    by_release
        .into_iter()
        .filter_map(|(release, bumps)| {
            let takers = takers(&bumps, |commons| enough(fleet.now.get(commons).copied()));
            let standing = |commons: &CommonsReading| release_standing(commons, release);
            let name = release.to_string();
            rollout(RolloutKind::Release, name.clone(), &name, &bumps, takers, fleet, &standing)
        })
        .filter(|rollout| rollout.steps.len() >= LEAST_COMMONS)
        .collect()
}

pub(super) fn services(fleet: &Fleet<'_>) -> Vec<Rollout> {
    let mut by_tag: BTreeMap<(&str, &str, &str), Vec<Bump<'_>>> = BTreeMap::new();
    for bump in fleet.bumps.iter().filter(|bump| release_of(bump).is_none() && is_ordered(bump.tag)) {
        by_tag.entry((bump.service, bump.tag, bump.image)).or_default().push(*bump);
    }
    let mut found = Vec::new();
    for ((service, tag, image), bumps) in by_tag {
        for season in seasons(&bumps) {
            let commons: HashSet<&str> = season.iter().map(|bump| bump.commons).collect();
            if commons.len() < LEAST_COMMONS {
                continue;
            }
            let standing = |commons: &CommonsReading| service_standing(commons, service, tag, image);
            let takers = takers(season, |_| 1);
            let name = format!("{service} {tag}");
            found.extend(
                rollout(RolloutKind::Service, name, tag, season, takers, fleet, &standing)
                    .filter(|rollout| rollout.steps.len() >= LEAST_COMMONS && is_run_somewhere(rollout)),
            );
        }
    }
    found
}

/// Keys that no chart reads have tags, too.
fn is_run_somewhere(rollout: &Rollout) -> bool {
    [rollout.running.len(), rollout.ahead.len(), rollout.missing.len(), rollout.pinned.len()].iter().any(|n| *n > 0)
}

/// The monthly release a bump belongs to. A corrected tag (`2026.07.1`) is a service's own.
fn release_of(bump: &Bump<'_>) -> Option<Release> {
    let monthly = Monthly::parse(bump.tag).filter(|monthly| monthly.patch == 0)?;
    catalogue::is_monthly(bump.service).then_some(monthly.release)
}

/// How many services make a commons' move to a release: half of those it runs, three at most.
fn enough(commons: Option<&CommonsReading>) -> usize {
    commons.map_or(3, |commons| monthly_services(commons).count().div_ceil(2).clamp(1, 3))
}

fn seasons<'b, 'a>(bumps: &'b [Bump<'a>]) -> impl Iterator<Item = &'b [Bump<'a>]> {
    bumps.chunk_by(|a, b| b.landing.time.duration_since(a.landing.time).as_hours() <= SEASON_DAYS * 24)
}

/// For each commons the bump that completed its move; what was taken back within two days does not count.
fn takers<'a>(bumps: &[Bump<'a>], enough: impl Fn(&str) -> usize) -> Vec<Bump<'a>> {
    let mut moved: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    let mut done = HashSet::new();
    let mut takers = Vec::new();
    for bump in bumps.iter().filter(|bump| bump.landing.undone_by.is_none()) {
        let services = moved.entry(bump.commons).or_default();
        services.insert(bump.service);
        if services.len() >= enough(bump.commons) && done.insert(bump.commons) {
            takers.push(*bump);
        }
    }
    takers
}

fn release_standing(commons: &CommonsReading, release: Release) -> Standing {
    if monthly_services(commons).next().is_none() {
        return Standing::Unconcerned;
    }
    match mode_release(commons) {
        Some(mode) => match mode.cmp(&release) {
            Ordering::Equal => Standing::Running,
            Ordering::Greater => Standing::Ahead,
            Ordering::Less => Standing::Missing(mode.to_string().into()),
        },
        None => {
            let tag = monthly_services(commons).next().map_or("", |(_, tag)| tag);
            Standing::Pinned(tag.into())
        }
    }
}

fn service_standing(commons: &CommonsReading, service: &str, tag: &str, image: &str) -> Standing {
    if image_of(commons, service) != image {
        return Standing::Unconcerned;
    }
    let running = commons.services.iter().find(|s| *s.service == *service && s.enabled);
    let Some(now) = running.and_then(|s| s.images.first()).map(|image| &image.tag) else {
        return Standing::Unconcerned;
    };
    if **now == *tag {
        return Standing::Running;
    }
    match compare(now, tag) {
        Some(Ordering::Greater) => Standing::Ahead,
        Some(Ordering::Less) => Standing::Missing(now.clone()),
        Some(Ordering::Equal) => Standing::Running,
        None => Standing::Pinned(now.clone()),
    }
}

fn rollout(
    kind: RolloutKind,
    name: String,
    tag: &str,
    bumps: &[Bump<'_>],
    takers: Vec<Bump<'_>>,
    fleet: &Fleet<'_>,
    standing: &dyn Fn(&CommonsReading) -> Standing,
) -> Option<Rollout> {
    let first = takers.first()?.landing.time;
    let half: Timestamp = takers[(takers.len() - 1) / 2].landing.time;
    let last = takers.last()?.landing.time;
    let authors: HashSet<&str> = takers.iter().map(|bump| &*bump.landing.author).collect();
    let mut rollout = Rollout {
        kind,
        name,
        services: by_frequency(bumps),
        tag: tag.into(),
        steps: Vec::new(),
        first,
        half,
        last,
        authors: authors.len(),
        running: Vec::new(),
        ahead: Vec::new(),
        missing: Vec::new(),
        pinned: Vec::new(),
    };
    for (folder, commons) in &fleet.now {
        let folder: Arc<str> = (*folder).into();
        match standing(commons) {
            Standing::Running => rollout.running.push(folder),
            Standing::Ahead => rollout.ahead.push(folder),
            Standing::Missing(tag) => rollout.missing.push(Missing { commons: folder, tag }),
            Standing::Pinned(tag) => rollout.pinned.push(Missing { commons: folder, tag }),
            Standing::Unconcerned => {}
        }
    }
    rollout.steps = steps(&takers, &rollout);
    Some(rollout)
}

fn by_frequency(bumps: &[Bump<'_>]) -> Vec<Arc<str>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for bump in bumps {
        *counts.entry(bump.service).or_default() += 1;
    }
    let mut names: Vec<_> = counts.into_iter().collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    names.into_iter().map(|(name, _)| name.into()).collect()
}

/// Shares count all that took it and all that still might.
fn steps(takers: &[Bump<'_>], rollout: &Rollout) -> Vec<Step> {
    let mut concerned: HashSet<&str> = takers.iter().map(|bump| bump.commons).collect();
    let mut having: HashSet<&str> = HashSet::new();
    concerned.extend(rollout.missing.iter().map(|missing| &*missing.commons));
    takers
        .iter()
        .map(|bump| {
            having.insert(bump.commons);
            Step {
                time: bump.landing.time,
                commit: bump.landing.commit.clone(),
                commons: bump.commons.into(),
                from: bump.from.map(Arc::from),
                share: having.len() as f64 / concerned.len() as f64,
            }
        })
        .collect()
}
