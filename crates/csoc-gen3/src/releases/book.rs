//! The union of everything that names a release.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalogue;
use crate::fleet::{CommonsReading, FleetReading};
use crate::tag::{Monthly, Release};
use crate::tree::Tree;

/// The first monthly release there ever was.
const FIRST: Release = Release { year: 2020, month: 2 };
/// A release is tagged and now and then deployed a little before its month begins.
const EARLY_MONTHS: i32 = 1;
/// Without a time to compare with, a lone tag this far after the next older release is not believed.
const LONE_GAP_MONTHS: i32 = 3;

#[derive(Clone, Debug, Default)]
pub struct Book {
    known: BTreeMap<Release, Known>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    name: Option<String>,
    notes: Option<Seen>,
    tagged: Option<Seen>,
    deployed: Option<Deployment>,
}

/// Where a release was seen, and since when (`None`: not known).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub place: Arc<str>,
    pub since: Option<Timestamp>,
}

/// A release that commons of a fleet run or ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    pub since: Option<Timestamp>,
    /// Folders of the commons that ever ran it.
    pub commons: BTreeSet<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub release: Release,
    /// `Hambergite`, where the notes name it.
    pub name: Option<String>,
    pub standing: Standing,
    pub notes: Option<Seen>,
    pub tagged: Option<Seen>,
    pub deployed: Option<Deployment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Has notes, or runs somewhere.
    Released,
    /// Only its tags exist.
    Upcoming,
    /// Not believed; a sentence why. Counts for nothing.
    Doubtful(String),
}

impl Book {
    /// Releases with a folder in a cdis-manifest tree: `releases/2026/07/`. The folder is the version; what
    /// the files in it say is not (some were copied and never changed).
    pub fn read_notes(&mut self, tree: &dyn Tree, at: Option<Timestamp>) {
        for entry in tree.under("releases") {
            let mut parts = entry.path.split('/').skip(1);
            let (Some(year), Some(month), Some(file)) = (parts.next(), parts.next(), parts.next()) else { continue };
            let Some(release) = Release::parse(&format!("{year}.{month}")) else { continue };
            let known = self.known.entry(release).or_default();
            keep_earliest(&mut known.notes, format!("releases/{year}/{month}").into(), at);
            if known.name.is_none() && file.ends_with(".md") {
                known.name = tree.read(entry.id).ok().and_then(|bytes| name_in(&bytes));
            }
        }
    }

    /// A release tag of a service's repository.
    pub fn tag(&mut self, repository: &str, tag: &str, at: Option<Timestamp>) {
        if let Some(monthly) = Monthly::parse(tag) {
            let known = self.known.entry(monthly.release).or_default();
            keep_earliest(&mut known.tagged, repository.into(), at);
        }
    }

    /// What a fleet runs at one time. Called for each landing, it learns when each release was first used.
    pub fn deployed(&mut self, reading: &FleetReading, at: Option<Timestamp>) {
        for commons in &reading.commons {
            self.commons(commons, at);
        }
    }

    /// The same for one commons; enough when only that one changed.
    pub fn commons(&mut self, commons: &CommonsReading, at: Option<Timestamp>) {
        let monthly = commons.services.iter().filter(|s| s.enabled && catalogue::is_monthly(&s.service));
        for image in monthly.flat_map(|service| &service.images) {
            let Some(tag) = Monthly::parse(&image.tag) else { continue };
            // A catalogue's or chart's default (dashboard 2025.04) is nobody's decision.
            if !matches!(image.tag_origin, crate::fleet::Origin::Said(_)) {
                continue;
            }
            let deployed = self.known.entry(tag.release).or_default().deployed.get_or_insert_default();
            if !deployed.commons.contains(&commons.folder) {
                deployed.commons.insert(commons.folder.clone());
            }
            deployed.since = match (deployed.since, at) {
                (Some(known), Some(at)) => Some(known.min(at)),
                (known, at) => known.or(at),
            };
        }
    }

    /// Everything that was named, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |(release, known): (&Release, &Known)| Entry {
            release: *release,
            name: known.name.clone(),
            standing: self.standing(*release, known),
            notes: known.notes.clone(),
            tagged: known.tagged.clone(),
            deployed: known.deployed.clone(),
        };
        self.known.iter().map(entry).collect()
    }

    /// Releases that count, oldest first.
    pub fn released(&self) -> Vec<Release> {
        let counts = |(release, known): &(&Release, &Known)| self.standing(**release, known) == Standing::Released;
        self.known.iter().filter(counts).map(|(release, _)| *release).collect()
    }

    pub fn newest(&self) -> Option<Release> {
        self.released().last().copied()
    }

    fn standing(&self, release: Release, known: &Known) -> Standing {
        if release < FIRST {
            return Standing::Doubtful(format!("there was no monthly release before {FIRST}"));
        }
        if known.notes.is_some() {
            return Standing::Released;
        }
        let Some(deployed) = &known.deployed else { return Standing::Upcoming };
        if let Some(reason) = self.not_believed(release, deployed) {
            // Its tags exist, so the month does; only its use so early is odd.
            return if known.tagged.is_some() { Standing::Upcoming } else { Standing::Doubtful(reason) };
        }
        Standing::Released
    }

    fn not_believed(&self, release: Release, deployed: &Deployment) -> Option<String> {
        let count = deployed.commons.len();
        let users = if count == 1 { "one commons".to_owned() } else { format!("{count} commons") };
        if let Some(since) = deployed.since {
            let ahead = release.months_after(month_of(since));
            if ahead > EARLY_MONTHS {
                return Some(format!("first set on {users} {ahead} months before its month"));
            }
            return self.missing_from_notes(release, count);
        }
        let others = self.known.range(..release).next_back().map(|(older, _)| release.months_after(*older));
        if count == 1 && others.is_some_and(|gap| gap > LONE_GAP_MONTHS) {
            return Some("set on one commons only, long after every other release".into());
        }
        self.missing_from_notes(release, count)
    }

    /// A month without notes between months with notes, on a single commons: some months never existed.
    fn missing_from_notes(&self, release: Release, commons: usize) -> Option<String> {
        let noted = |(_, known): &(&Release, &Known)| known.notes.is_some();
        let before = self.known.range(..release).any(|entry| noted(&entry));
        let after = self.known.range(release..).skip(1).any(|entry| noted(&entry));
        (before && after && commons == 1)
            .then(|| "no release notes exist for this month, and only one commons runs it".into())
    }
}

fn keep_earliest(seen: &mut Option<Seen>, place: Arc<str>, at: Option<Timestamp>) {
    let earlier = |known: &Seen| match (known.since, at) {
        (Some(known), Some(at)) => at < known,
        (None, Some(_)) => true,
        _ => false,
    };
    if seen.as_ref().is_none_or(earlier) {
        *seen = Some(Seen { place, since: at });
    }
}

fn month_of(at: Timestamp) -> Release {
    let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    Release { year: date.year().unsigned_abs(), month: date.month().unsigned_abs() }
}

/// `Hambergite` of `# Core Gen3 Release 2026.07 (Hambergite)`.
fn name_in(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes.get(..bytes.len().min(400))?).ok()?;
    let heading = text.lines().find(|line| line.starts_with("# "))?;
    let (_, name) = heading.split_once('(')?;
    let name = name.split_once(')')?.0.trim();
    (!name.is_empty() && name.len() < 40).then(|| name.to_owned())
}
