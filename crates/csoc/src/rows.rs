//! What the commands list, in the words of the product. The committed schemas describe these rows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use csoc_gen3::fleet::{
    ClusterReading, CommonsReading, EnabledReason, FleetReading, Origin, ReadingState, ServiceReading,
};
use csoc_gen3::releases::{Book, CommonsRelease, of_commons};
use csoc_gen3::yaml::{Files, Mark};
use serde::Serialize;

use crate::naming::name;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommonsRow {
    /// Hostname, else the folder's name.
    pub commons: String,
    pub hostname: Option<String>,
    pub cluster: Option<String>,
    pub tier: String,
    /// The commons it is promoted to or from.
    pub twin: Option<String>,
    pub organization: Option<String>,
    /// The monthly release that most of its services run.
    pub release: Option<String>,
    /// Releases behind the newest that is known.
    pub behind: Option<u32>,
    /// Services off that release, as `service tag`.
    pub pins: Vec<String>,
    pub services_enabled: usize,
    pub namespace: Option<String>,
    pub application: Option<String>,
    pub account: Option<String>,
    pub environment: Option<String>,
    pub chart: Option<String>,
    pub chart_revision: Option<String>,
    pub owners: Vec<String>,
    /// `readable`, `empty`, `broken`, `unknown`.
    pub state: Cow<'static, str>,
    /// What is wrong, when something is.
    pub reason: Option<String>,
    pub folder: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceRow {
    pub commons: String,
    pub cluster: Option<String>,
    pub tier: String,
    pub service: String,
    pub enabled: bool,
    /// A sentence: why it is on or off.
    pub reason: String,
    pub image: Option<String>,
    pub tag: Option<String>,
    /// `monthly`, `semver`, `moving`, `feature`, `digest`.
    pub tag_class: Option<Cow<'static, str>>,
    /// Where the tag comes from: `explicit`, `chart_default`, `assumed`.
    pub origin: Option<Cow<'static, str>>,
    /// Where the tag is written.
    pub path: Option<String>,
    pub line: Option<u32>,
    /// Further images of the service (`spark` of etl).
    pub components: Vec<ComponentRow>,
    pub folder: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComponentRow {
    pub component: String,
    pub image: String,
    pub tag: String,
    pub tag_class: Cow<'static, str>,
    pub origin: Cow<'static, str>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClusterRow {
    pub cluster: String,
    /// What its own values call it.
    pub stated_name: Option<String>,
    pub project: Option<String>,
    pub account: Option<String>,
    pub node_image: Option<String>,
    pub commons: Vec<String>,
    pub add_ons: Vec<AddOnRow>,
    pub path: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AddOnRow {
    pub name: String,
    pub enabled: bool,
    pub revision: Option<String>,
    pub configured: bool,
}

/// Service × commons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Matrix {
    /// Newest release that is known to be out.
    pub newest: Option<String>,
    /// In the order of the columns.
    pub services: Vec<String>,
    pub rows: Vec<MatrixRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatrixRow {
    pub commons: String,
    pub cluster: Option<String>,
    pub tier: String,
    pub release: Option<String>,
    pub behind: Option<u32>,
    /// Service → tag, of the services that are on.
    pub tags: BTreeMap<String, String>,
    pub folder: String,
}

pub fn commons(reading: &FleetReading, book: &Book) -> Vec<CommonsRow> {
    reading.commons.iter().map(|commons| commons_row(reading, commons, book)).collect()
}

fn commons_row(reading: &FleetReading, commons: &CommonsReading, book: &Book) -> CommonsRow {
    let release = of_commons(commons, book);
    let twin = commons.twin.as_ref().and_then(|twin| reading.commons.iter().find(|c| c.folder == twin.value));
    let (state, reason) = state(&commons.state);
    CommonsRow {
        commons: name(commons).to_owned(),
        hostname: commons.hostname.as_ref().map(|said| said.value.to_string()),
        cluster: commons.cluster.as_deref().map(str::to_owned),
        tier: commons.tier.value.as_str().to_owned(),
        twin: twin.map(|twin| name(twin).to_owned()),
        organization: commons.organization.as_ref().map(|proposed| proposed.value.to_string()),
        release: release.mode.map(|mode| mode.to_string()),
        behind: release.behind,
        pins: pins(&release),
        services_enabled: commons.services.iter().filter(|service| service.enabled).count(),
        namespace: commons.namespace.as_deref().map(str::to_owned),
        application: commons.application.as_deref().map(str::to_owned),
        account: commons.account.as_ref().map(|said| said.value.to_string()),
        environment: commons.environment.as_ref().map(|said| said.value.to_string()),
        chart: commons.chart.as_ref().map(|chart| chart.path.to_string()),
        chart_revision: commons.chart.as_ref().map(|chart| chart.revision.to_string()),
        owners: commons.owners.iter().map(|owner| owner.to_string()).collect(),
        state: state.into(),
        reason,
        folder: commons.folder.to_string(),
    }
}

pub fn pins(release: &CommonsRelease) -> Vec<String> {
    release.pins.iter().map(|pin| format!("{} {}", pin.service, pin.tag)).collect()
}

fn state(state: &ReadingState) -> (&'static str, Option<String>) {
    match state {
        ReadingState::Readable => ("readable", None),
        ReadingState::Empty => ("empty", Some("every value file is empty".into())),
        ReadingState::Broken(why) => ("broken", Some(why.clone())),
        ReadingState::Unknown(why) => ("unknown", Some(why.clone())),
    }
}

pub fn services(reading: &FleetReading) -> Vec<ServiceRow> {
    let of = |commons| services_of(reading, commons);
    reading.commons.iter().flat_map(|commons| of(commons)).collect()
}

pub fn services_of(reading: &FleetReading, commons: &CommonsReading) -> Vec<ServiceRow> {
    commons.services.iter().map(|service| service_row(&reading.files, commons, service)).collect()
}

fn service_row(files: &Files, commons: &CommonsReading, service: &ServiceReading) -> ServiceRow {
    let image = service.images.first();
    let mark = image.and_then(|image| match image.tag_origin {
        Origin::Said(mark) => Some(mark),
        Origin::ChartDefault | Origin::Assumed => None,
    });
    ServiceRow {
        commons: name(commons).to_owned(),
        cluster: commons.cluster.as_deref().map(str::to_owned),
        tier: commons.tier.value.as_str().to_owned(),
        service: service.service.to_string(),
        enabled: service.enabled,
        reason: reason(files, service),
        image: image.map(|image| image.repository.to_string()),
        tag: image.map(|image| image.tag.to_string()),
        tag_class: image.map(|image| image.tag_class.as_str().into()),
        origin: image.map(|image| origin(image.tag_origin).into()),
        path: mark.map(|mark| files.path(mark.file).to_string()),
        line: mark.map(|mark| mark.line),
        components: service.images.iter().skip(1).map(component).collect(),
        folder: commons.folder.to_string(),
    }
}

fn component(image: &csoc_gen3::fleet::ImageReading) -> ComponentRow {
    ComponentRow {
        component: image.component.as_deref().unwrap_or_default().to_owned(),
        image: image.repository.to_string(),
        tag: image.tag.to_string(),
        tag_class: image.tag_class.as_str().into(),
        origin: origin(image.tag_origin).into(),
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Said(_) => "explicit",
        Origin::ChartDefault => "chart_default",
        Origin::Assumed => "assumed",
    }
}

/// A sentence that says why a service is on or off.
fn reason(files: &Files, service: &ServiceReading) -> String {
    let on = service.enabled;
    match &service.reason {
        EnabledReason::Values { path, at } => format!("{path} is {on} ({})", place(files, *at)),
        EnabledReason::ChartDefault { path } => {
            format!("{path} is not set; the chart's default is {on}")
        }
        EnabledReason::Assumed { path } => {
            format!("{path} is not set; {on} is assumed, the chart is not at hand")
        }
        EnabledReason::Manifest { at } => format!("named in versions ({})", place(files, *at)),
    }
}

/// `path:line`.
pub fn place(files: &Files, mark: Mark) -> String {
    format!("{}:{}", files.path(mark.file), mark.line)
}

pub fn clusters(reading: &FleetReading) -> Vec<ClusterRow> {
    reading.clusters.iter().map(|cluster| cluster_row(reading, cluster)).collect()
}

fn cluster_row(reading: &FleetReading, cluster: &ClusterReading) -> ClusterRow {
    let said = |said: &Option<csoc_gen3::fleet::Said<std::sync::Arc<str>>>| said.as_ref().map(|s| s.value.to_string());
    let here = reading.commons.iter().filter(|commons| commons.cluster.as_ref() == Some(&cluster.folder));
    ClusterRow {
        cluster: cluster.folder.to_string(),
        stated_name: said(&cluster.stated_name),
        project: said(&cluster.project),
        account: said(&cluster.account),
        node_image: said(&cluster.node_image),
        commons: here.map(|commons| name(commons).to_owned()).collect(),
        add_ons: cluster
            .add_ons
            .iter()
            .map(|add_on| AddOnRow {
                name: add_on.name.to_string(),
                enabled: add_on.enabled,
                revision: add_on.revision.as_ref().map(|said| said.value.to_string()),
                configured: add_on.configured,
            })
            .collect(),
        path: cluster.values_path.as_deref().map(str::to_owned),
    }
}

/// Columns: services by how many commons run them, then by name.
pub fn matrix(reading: &FleetReading, book: &Book) -> Matrix {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for commons in &reading.commons {
        let release = of_commons(commons, book);
        let mut tags = BTreeMap::new();
        for service in commons.services.iter().filter(|service| service.enabled) {
            *counts.entry(&service.service).or_default() += 1;
            let tag = service.images.first().map_or_else(String::new, |image| image.tag.to_string());
            tags.insert(service.service.to_string(), tag);
        }
        rows.push(MatrixRow {
            commons: name(commons).to_owned(),
            cluster: commons.cluster.as_deref().map(str::to_owned),
            tier: commons.tier.value.as_str().to_owned(),
            release: release.mode.map(|mode| mode.to_string()),
            behind: release.behind,
            tags,
            folder: commons.folder.to_string(),
        });
    }
    let mut services: Vec<(&str, usize)> = counts.into_iter().collect();
    services.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    Matrix {
        newest: book.newest().map(|release| release.to_string()),
        services: services.into_iter().map(|(name, _)| name.to_owned()).collect(),
        rows,
    }
}
