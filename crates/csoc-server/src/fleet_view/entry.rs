//! What the server keeps of a source's fleet: enough for every page, nothing that only one page needs.
//!
//! Story: a reading of 42 commons with their value trees is tens of megabytes; the entries made from it
//! are a few hundred kilobytes. They are what is shown, and what is stored as the snapshot that a restart
//! shows at once. The Config page reads the value files again, from the local clone.

use std::collections::BTreeMap;

use csoc_api::sources::{LayoutRow, UnreadRow};
use csoc_core::{ClusterId, CommonsId, OrganizationId, SourceId};
use csoc_gen3::fleet::{
    AddOn, ClusterReading, CommonsReading, EnabledReason, FleetReading, ImageReading, Layout, Origin, ReadingState,
    RevisionKind, Said, ServiceReading, ValueFileState,
};
use csoc_gen3::releases::{self, Book, Standing};
use csoc_gen3::rollouts::Rollout;
use csoc_gen3::tag::TagClass;
use csoc_gen3::yaml::{Files, Mark};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ingest::Position;

/// One source's fleet at one commit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceFleet {
    pub source: SourceId,
    pub organization: OrganizationId,
    pub commit: String,
    pub commit_time: Timestamp,
    pub commit_title: String,
    /// When the files were read; a snapshot keeps it.
    pub read_at: Timestamp,
    pub layouts: Vec<LayoutRow>,
    pub unread: Vec<UnreadRow>,
    pub commons: Vec<CommonsEntry>,
    pub clusters: Vec<ClusterEntry>,
    /// Rule and why it could not be evaluated.
    pub not_evaluated: Vec<(String, String)>,
    /// By folder; see [`SourceFleet::folders`].
    pub rollouts: Vec<Rollout>,
    /// Which commons a folder is or was, for what names folders (rollouts, landings).
    pub folders: BTreeMap<String, CommonsId>,
    pub landings: u64,
    /// Oldest first, those that are not believed included.
    pub releases: Vec<ReleaseEntry>,
    /// Where the branches of charts stood that its commons follow.
    #[serde(default)]
    pub charts: Vec<Position>,
}

/// One release of the source's book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseEntry {
    pub release: String,
    /// What its notes call it.
    #[serde(default)]
    pub name: Option<String>,
    /// `released`, `upcoming`, `doubtful`.
    pub standing: String,
    /// Why it is not believed.
    pub why: Option<String>,
    pub notes: Option<SeenEntry>,
    pub tagged: Option<SeenEntry>,
    pub deployed: Option<SeenEntry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenEntry {
    pub place: String,
    pub since: Option<Timestamp>,
}

/// "Mode release + pins".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StandingEntry {
    pub mode: Option<String>,
    pub at_mode: u32,
    pub following: u32,
    /// Service and component.
    pub pins: Vec<(String, Option<String>)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommonsEntry {
    pub id: CommonsId,
    pub folder: String,
    /// What people call it: hostname, else folder.
    pub name: String,
    pub hostname: Option<String>,
    pub cluster: Option<ClusterId>,
    pub cluster_name: Option<String>,
    pub application: Option<String>,
    pub namespace: Option<String>,
    pub release_name: Option<String>,
    pub layout: String,
    pub tier: String,
    pub tier_why: String,
    pub twin_folder: Option<String>,
    pub twin_why: Option<String>,
    pub programme: Option<String>,
    pub owners: Vec<String>,
    pub account: Option<SaidEntry>,
    pub environment: Option<SaidEntry>,
    pub chart: Option<ChartEntry>,
    pub value_files: Vec<ValueFileEntry>,
    pub state: StateEntry,
    pub maintenance: bool,
    pub standing: StandingEntry,
    pub services: Vec<ServiceEntry>,
    pub declared_at: Option<PlaceEntry>,
    pub last_change: Option<LastChange>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastChange {
    pub at: Timestamp,
    pub title: String,
}

/// A place in the source's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceEntry {
    pub path: String,
    pub line: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidEntry {
    pub value: String,
    pub at: Option<PlaceEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartEntry {
    pub repository: String,
    pub path: String,
    pub revision: String,
    pub revision_kind: String,
    pub at_hand: bool,
    /// The chart source that has it, and the commit it was read at.
    #[serde(default)]
    pub source: Option<SourceId>,
    #[serde(default)]
    pub commit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueFileEntry {
    pub written: String,
    pub path: Option<String>,
    pub state: String,
    pub detail: Option<String>,
}

/// How far it could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "why", rename_all = "snake_case")]
pub enum StateEntry {
    Readable,
    Empty,
    Broken(String),
    Unknown(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceEntry {
    pub service: String,
    pub enabled: bool,
    pub reason: String,
    pub images: Vec<ImageEntry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImageEntry {
    pub component: Option<String>,
    pub repository: String,
    pub tag: String,
    pub tag_class: TagClass,
    /// `explicit`, `chart_default`, `assumed`.
    pub origin: String,
    pub at: Option<PlaceEntry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterEntry {
    pub id: ClusterId,
    pub folder: String,
    pub name: String,
    pub stated_name: Option<String>,
    pub project: Option<SaidEntry>,
    pub account: Option<SaidEntry>,
    pub node_image: Option<SaidEntry>,
    pub add_ons: Vec<AddOnEntry>,
    pub values_path: Option<String>,
    pub last_change: Option<LastChange>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddOnEntry {
    pub name: String,
    pub enabled: bool,
    pub revision: Option<String>,
    pub configured: bool,
    pub file: Option<String>,
    pub at: PlaceEntry,
}

/// Who the folders of a reading are.
pub struct Identities<'a> {
    pub commons: &'a BTreeMap<String, CommonsId>,
    pub clusters: &'a BTreeMap<String, ClusterId>,
}

/// The commons and clusters of a reading; what has no id yet is left out (it is contested).
pub fn entries(
    reading: &FleetReading,
    book: &Book,
    identities: &Identities<'_>,
) -> (Vec<CommonsEntry>, Vec<ClusterEntry>) {
    let files = &reading.files;
    let commons = reading
        .commons
        .iter()
        .filter_map(|one| Some(commons_entry(one, *identities.commons.get(&*one.folder)?, book, identities, files)))
        .collect();
    let clusters = reading
        .clusters
        .iter()
        .filter_map(|one| Some(cluster_entry(one, *identities.clusters.get(&*one.folder)?, files)))
        .collect();
    (commons, clusters)
}

fn commons_entry(
    one: &CommonsReading,
    id: CommonsId,
    book: &Book,
    identities: &Identities<'_>,
    files: &Files,
) -> CommonsEntry {
    let hostname = one.shown_hostname().map(ToString::to_string);
    CommonsEntry {
        id,
        folder: one.folder.to_string(),
        name: hostname.clone().unwrap_or_else(|| one.folder.to_string()),
        hostname,
        cluster: one.cluster.as_deref().and_then(|folder| identities.clusters.get(folder).copied()),
        cluster_name: one.cluster.as_deref().map(ToOwned::to_owned),
        application: one.application.as_deref().map(ToOwned::to_owned),
        namespace: one.namespace.as_deref().map(ToOwned::to_owned),
        release_name: one.release_name.as_deref().map(ToOwned::to_owned),
        layout: layout_name(one.layout).to_owned(),
        tier: one.tier.value.as_str().to_owned(),
        tier_why: one.tier.why.clone(),
        twin_folder: one.twin.as_ref().map(|twin| twin.value.to_string()),
        twin_why: one.twin.as_ref().map(|twin| twin.why.clone()),
        programme: one.organization.as_ref().map(|programme| programme.value.to_string()),
        owners: one.owners.iter().map(ToString::to_string).collect(),
        account: one.account.as_ref().map(|said| said_entry(said, files)),
        environment: one.environment.as_ref().map(|said| said_entry(said, files)),
        chart: one.chart.as_ref().map(|chart| ChartEntry {
            repository: chart.repository.to_string(),
            path: chart.path.to_string(),
            revision: chart.revision.to_string(),
            revision_kind: match chart.revision_kind {
                RevisionKind::Commit => "commit",
                RevisionKind::Version => "version",
                RevisionKind::Branch => "branch",
            }
            .to_owned(),
            at_hand: one.charted.is_some(),
            source: None,
            commit: None,
        }),
        value_files: one.value_files.iter().map(value_file_entry).collect(),
        state: match &one.state {
            ReadingState::Readable => StateEntry::Readable,
            ReadingState::Empty => StateEntry::Empty,
            ReadingState::Broken(why) => StateEntry::Broken(why.clone()),
            ReadingState::Unknown(why) => StateEntry::Unknown(why.clone()),
        },
        maintenance: in_maintenance(one),
        standing: standing(one, book),
        services: one.services.iter().map(|service| service_entry(service, files)).collect(),
        declared_at: one.declared_at.map(|at| place(at, files)),
        last_change: None,
    }
}

fn standing(one: &CommonsReading, book: &Book) -> StandingEntry {
    let release = releases::of_commons(one, book);
    let pin = |pin: &releases::Pin| (pin.service.to_string(), pin.component.as_deref().map(ToOwned::to_owned));
    StandingEntry {
        mode: release.mode.map(|mode| mode.to_string()),
        at_mode: u32::try_from(release.at_mode).unwrap_or(u32::MAX),
        following: u32::try_from(release.following).unwrap_or(u32::MAX),
        pins: release.pins.iter().map(pin).collect(),
    }
}

/// A book as it is kept.
pub fn release_entries(book: &Book) -> Vec<ReleaseEntry> {
    let seen = |seen: &releases::Seen| SeenEntry { place: seen.place.to_string(), since: seen.since };
    let entry = |entry: releases::Entry| {
        let (standing, why) = match entry.standing {
            Standing::Released => ("released", None),
            Standing::Upcoming => ("upcoming", None),
            Standing::Doubtful(why) => ("doubtful", Some(why)),
        };
        ReleaseEntry {
            release: entry.release.to_string(),
            name: entry.name,
            standing: standing.to_owned(),
            why,
            notes: entry.notes.as_ref().map(seen),
            tagged: entry.tagged.as_ref().map(seen),
            deployed: entry.deployed.as_ref().map(|deployed| SeenEntry {
                place: format!("{} commons", deployed.commons.len()),
                since: deployed.since,
            }),
        }
    };
    book.entries().into_iter().map(entry).collect()
}

/// The releases that several books know; one that counts in any of them counts, and what was seen first holds.
pub fn merged<'e>(entries: impl Iterator<Item = &'e ReleaseEntry>) -> Vec<ReleaseEntry> {
    let strength = |standing: &str| match standing {
        "released" => 2,
        "upcoming" => 1,
        _ => 0,
    };
    let mut merged: BTreeMap<&str, ReleaseEntry> = BTreeMap::new();
    for entry in entries {
        let known = match merged.get_mut(entry.release.as_str()) {
            Some(known) => known,
            None => {
                merged.insert(&entry.release, entry.clone());
                continue;
            }
        };
        if strength(&entry.standing) > strength(&known.standing) {
            known.standing.clone_from(&entry.standing);
            known.why.clone_from(&entry.why);
        }
        if known.name.is_none() {
            known.name.clone_from(&entry.name);
        }
        keep_earlier(&mut known.notes, &entry.notes);
        keep_earlier(&mut known.tagged, &entry.tagged);
        keep_earlier(&mut known.deployed, &entry.deployed);
    }
    merged.into_values().collect()
}

fn keep_earlier(mine: &mut Option<SeenEntry>, theirs: &Option<SeenEntry>) {
    let earlier = match (mine.as_ref(), theirs) {
        (Some(mine), Some(theirs)) => theirs.since.is_some() && (mine.since.is_none() || theirs.since < mine.since),
        (None, Some(_)) => true,
        _ => false,
    };
    if earlier {
        mine.clone_from(theirs);
    }
}

/// nginx compares with the text `on`: an unquoted `on` becomes `true` and does nothing.
fn in_maintenance(one: &CommonsReading) -> bool {
    let Some(values) = one.values.as_deref() else { return false };
    values.get(&["global", "maintenanceMode"]).is_some_and(|node| node.render() == "on")
}

fn service_entry(service: &ServiceReading, files: &Files) -> ServiceEntry {
    let word = if service.enabled { "on" } else { "off" };
    let reason = match &service.reason {
        EnabledReason::Values { path, at } => {
            format!("{path} is {} at {}:{}", service.enabled, files.path(at.file), at.line)
        }
        EnabledReason::ChartDefault { path } => format!("{word} by the chart's default of {path}"),
        EnabledReason::Assumed { path } => format!("{word} by the usual default of {path}; no chart is at hand"),
        EnabledReason::Manifest { at } => format!("named in versions at {}:{}", files.path(at.file), at.line),
    };
    ServiceEntry {
        service: service.service.to_string(),
        enabled: service.enabled,
        reason,
        images: service.images.iter().map(|image| image_entry(image, files)).collect(),
    }
}

fn image_entry(image: &ImageReading, files: &Files) -> ImageEntry {
    let (origin, at) = match image.tag_origin {
        Origin::Said(mark) => ("explicit", Some(place(mark, files))),
        Origin::ChartDefault => ("chart_default", None),
        Origin::Assumed => ("assumed", None),
    };
    ImageEntry {
        component: image.component.as_deref().map(ToOwned::to_owned),
        repository: image.repository.to_string(),
        tag: image.tag.to_string(),
        tag_class: image.tag_class,
        origin: origin.to_owned(),
        at,
    }
}

fn value_file_entry(file: &csoc_gen3::fleet::ValueFile) -> ValueFileEntry {
    let (state, detail) = match &file.state {
        ValueFileState::Read => ("read", None),
        ValueFileState::Empty => ("empty", None),
        ValueFileState::Missing => ("missing", Some("not in the repository; Argo CD fails to render".to_owned())),
        ValueFileState::MissingIgnored => ("missing_ignored", None),
        ValueFileState::Foreign { owner } => ("foreign", Some(format!("belongs to {owner}"))),
        ValueFileState::UnknownRevision { repository, revision } => {
            ("unknown_revision", Some(format!("{repository} at {revision} is not at hand")))
        }
        ValueFileState::Broken(why) => ("broken", Some(why.clone())),
        ValueFileState::Outside => ("outside", Some("not in this repository".to_owned())),
    };
    ValueFileEntry {
        written: file.written.to_string(),
        path: file.path.as_deref().map(ToOwned::to_owned),
        state: state.to_owned(),
        detail,
    }
}

fn cluster_entry(one: &ClusterReading, id: ClusterId, files: &Files) -> ClusterEntry {
    let said = |said: &Option<Said<std::sync::Arc<str>>>| said.as_ref().map(|said| said_entry(said, files));
    ClusterEntry {
        id,
        folder: one.folder.to_string(),
        name: one.folder.to_string(),
        stated_name: one.stated_name.as_ref().map(|said| said.value.to_string()),
        project: said(&one.project),
        account: said(&one.account),
        node_image: said(&one.node_image),
        add_ons: one.add_ons.iter().map(|add_on| add_on_entry(add_on, files)).collect(),
        values_path: one.values_path.as_deref().map(ToOwned::to_owned),
        last_change: None,
    }
}

fn add_on_entry(add_on: &AddOn, files: &Files) -> AddOnEntry {
    AddOnEntry {
        name: add_on.name.to_string(),
        enabled: add_on.enabled,
        revision: add_on.revision.as_ref().map(|said| said.value.to_string()),
        configured: add_on.configured,
        file: add_on.file.as_deref().map(ToOwned::to_owned),
        at: place(add_on.at, files),
    }
}

fn said_entry(said: &Said<std::sync::Arc<str>>, files: &Files) -> SaidEntry {
    SaidEntry { value: said.value.to_string(), at: said.at.map(|at| place(at, files)) }
}

fn place(mark: Mark, files: &Files) -> PlaceEntry {
    PlaceEntry { path: files.path(mark.file).to_string(), line: mark.line }
}

pub fn layout_name(layout: Layout) -> &'static str {
    match layout {
        Layout::Gen3Gitops => "gen3-gitops",
        Layout::CdisManifest => "cdis-manifest",
        Layout::ArgoApplication => "argo-application",
        Layout::ArgoApplicationSet => "argo-applicationset",
        Layout::EnvironmentFolders => "environment-folders",
    }
}

pub fn layout_rows(reading: &FleetReading) -> Vec<LayoutRow> {
    let row = |found: &csoc_gen3::fleet::LayoutFound| LayoutRow {
        layout: layout_name(found.layout).to_owned(),
        root: found.root.to_string(),
        reason: found.reason.clone(),
    };
    reading.layouts.iter().map(row).collect()
}

pub fn unread_rows(reading: &FleetReading) -> Vec<UnreadRow> {
    let row = |unread: &csoc_gen3::fleet::Unread| UnreadRow {
        path: unread.path.to_string(),
        line: unread.line,
        reason: unread.reason.clone(),
    };
    reading.unread.iter().map(row).collect()
}
