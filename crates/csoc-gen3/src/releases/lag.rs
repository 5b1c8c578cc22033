//! Where one commons stands: the release that most of it runs, what is pinned elsewhere, how far behind.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Book;
use crate::catalogue;
use crate::fleet::{CommonsReading, ImageReading, Origin, ServiceReading};
use crate::tag::{Monthly, Release, TagClass};

/// "Mode release + pins", and the distance to the newest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommonsRelease {
    /// The release that most of its services run; the newer of two that are equally frequent. `None` when
    /// no service has a monthly tag.
    pub mode: Option<Release>,
    /// How many services run it, of how many that follow the monthly releases.
    pub at_mode: usize,
    pub following: usize,
    /// Services that follow the releases and are set to something else, in the catalogue's order.
    pub pins: Vec<Pin>,
    /// Distance in releases, over the services with a monthly tag: the lower median, and the largest.
    pub behind: Option<u32>,
    pub behind_most: Option<u32>,
    pub services: Vec<Lag>,
    /// Services whose distance cannot be told.
    pub unknown: Vec<Unknown>,
    /// Running, but never tagged with the monthly release.
    pub excluded: Vec<Arc<str>>,
    /// More than one monthly release at the same time.
    pub mixed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    pub service: Arc<str>,
    pub component: Option<Arc<str>>,
    pub tag: Arc<str>,
    pub class: TagClass,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lag {
    pub service: Arc<str>,
    pub release: Release,
    /// Releases of the book that are newer.
    pub behind: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub service: Arc<str>,
    pub tag: Arc<str>,
    /// "moving tag", "branch build", "semver", "the chart's default, assumed".
    pub reason: &'static str,
}

/// How a commons stands to the releases of a book.
pub fn of_commons(commons: &CommonsReading, book: &Book) -> CommonsRelease {
    let released = book.released();
    let mut result = CommonsRelease::default();
    let mut following: Vec<(&ServiceReading, &ImageReading)> = Vec::new();
    for service in commons.services.iter().filter(|service| service.enabled) {
        match service.images.first() {
            Some(image) if catalogue::is_monthly(&service.service) => following.push((service, image)),
            _ => result.excluded.push(service.service.clone()),
        }
    }
    result.following = following.len();
    for (service, image) in &following {
        // A chart's default that is only assumed is no evidence of what runs.
        let monthly = Monthly::parse(&image.tag).filter(|_| image.tag_origin != Origin::Assumed);
        match monthly {
            Some(monthly) => result.services.push(Lag {
                service: service.service.clone(),
                release: monthly.release,
                behind: released.iter().filter(|release| **release > monthly.release).count() as u32,
            }),
            None => result.unknown.push(Unknown {
                service: service.service.clone(),
                tag: image.tag.clone(),
                reason: why_unknown(image),
            }),
        }
    }
    let mut counts: BTreeMap<Release, usize> = BTreeMap::new();
    for lag in &result.services {
        *counts.entry(lag.release).or_default() += 1;
    }
    result.mixed = counts.len() > 1;
    if let Some((release, count)) = counts.into_iter().max_by_key(|(release, count)| (*count, *release)) {
        (result.mode, result.at_mode) = (Some(release), count);
    }
    result.pins = following.iter().flat_map(|(service, _)| pins(service, result.mode)).collect();
    let mut distances: Vec<u32> = result.services.iter().map(|lag| lag.behind).collect();
    distances.sort_unstable();
    result.behind = distances.get(distances.len().saturating_sub(1) / 2).copied();
    result.behind_most = distances.last().copied();
    result
}

/// The images of a service that somebody set to something else than the commons' release.
fn pins(service: &ServiceReading, mode: Option<Release>) -> impl Iterator<Item = Pin> + '_ {
    let off = move |image: &&ImageReading| {
        let monthly = Monthly::parse(&image.tag).map(|monthly| monthly.release);
        matches!(image.tag_origin, Origin::Said(_)) && (monthly.is_none() || monthly != mode)
    };
    service.images.iter().filter(off).map(|image| Pin {
        service: service.service.clone(),
        component: image.component.clone(),
        tag: image.tag.clone(),
        class: image.tag_class,
    })
}

fn why_unknown(image: &ImageReading) -> &'static str {
    match (image.tag_origin, image.tag_class) {
        (Origin::Assumed, _) => "the chart's default, assumed",
        (Origin::ChartDefault, _) => "the chart's default",
        (Origin::Said(_), TagClass::Moving) => "a moving tag",
        (Origin::Said(_), TagClass::Semver) => "a version of its own",
        (Origin::Said(_), TagClass::Digest) => "a digest",
        (Origin::Said(_), TagClass::Monthly | TagClass::Feature) => "a branch build",
    }
}
