//! The fleet as one reader sees it: every list, count, comparison and newest release is computed from what
//! they may see and from nothing else, so that nothing of another organization can show through.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use csoc_api::clusters::ClusterRow;
use csoc_api::commons::{ClusterRef, CommonsRef, CommonsRow, StateRow};
use csoc_api::findings::SeverityCounts;
use csoc_api::releases::Matrix;
use csoc_core::access::Visible;
use csoc_core::finding::Severity;
use csoc_core::{ClusterId, CommonsId, SourceId};
use csoc_gen3::catalogue;
use csoc_gen3::tag::{Monthly, Release};
use jiff::Timestamp;

use super::entry::{ClusterEntry, CommonsEntry, ImageEntry, ReleaseEntry, SourceFleet, StateEntry};
use super::view::{CommonsRecord, ConflictRecord, Corrections, FindingRecord, FleetView};

pub struct Lens {
    pub revision: u64,
    pub taken_at: Timestamp,
    /// Those that are there, sorted by name.
    pub commons: Vec<CommonsSeen>,
    pub by_commons: HashMap<CommonsId, usize>,
    pub clusters: Vec<ClusterSeen>,
    pub by_cluster: HashMap<ClusterId, usize>,
    pub fleets: BTreeMap<SourceId, Arc<SourceFleet>>,
    /// Findings of what is visible, in the order: state, severity, first seen.
    pub findings: Vec<usize>,
    pub all_findings: Arc<Vec<FindingRecord>>,
    /// Releases that count, oldest first.
    pub released: Vec<Release>,
    pub releases: Vec<ReleaseEntry>,
    matrix: OnceLock<Arc<Matrix>>,
    /// Answers that are large and the same for everyone with this lens.
    bodies: Mutex<BTreeMap<&'static str, Bytes>>,
}

/// A commons with its row; the entry stays in its source's fleet.
pub struct CommonsSeen {
    pub row: CommonsRow,
    pub fleet: Arc<SourceFleet>,
    pub at: usize,
    pub twin: Option<CommonsId>,
    pub corrected: Vec<String>,
    pub first_seen_at: Timestamp,
    pub gone_at: Option<Timestamp>,
}

impl CommonsSeen {
    pub fn entry(&self) -> &CommonsEntry {
        &self.fleet.commons[self.at]
    }
}

pub struct ClusterSeen {
    pub row: ClusterRow,
    pub fleet: Arc<SourceFleet>,
    pub at: usize,
}

impl ClusterSeen {
    pub fn entry(&self) -> &ClusterEntry {
        &self.fleet.clusters[self.at]
    }
}

impl Lens {
    pub fn new(view: &FleetView, visible: &Visible) -> Self {
        let fleets: BTreeMap<SourceId, Arc<SourceFleet>> =
            view.visible_fleets(visible).map(|fleet| (fleet.source, fleet.clone())).collect();
        let releases = super::entry::merged(fleets.values().flat_map(|fleet| &fleet.releases));
        let released: Vec<Release> =
            releases.iter().filter(|r| r.standing == "released").filter_map(|r| Release::parse(&r.release)).collect();
        let findings = visible_findings(view, visible);
        let mut lens = Self {
            revision: view.revision,
            taken_at: view.taken_at,
            commons: Vec::new(),
            by_commons: HashMap::new(),
            clusters: Vec::new(),
            by_cluster: HashMap::new(),
            fleets,
            findings,
            all_findings: view.findings.clone(),
            released,
            releases,
            matrix: OnceLock::new(),
            bodies: Mutex::default(),
        };
        lens.see_commons(view);
        lens.see_clusters(view);
        lens
    }

    pub fn newest(&self) -> Option<Release> {
        self.released.last().copied()
    }

    pub fn commons(&self, id: CommonsId) -> Option<&CommonsSeen> {
        self.by_commons.get(&id).map(|at| &self.commons[*at])
    }

    pub fn cluster(&self, id: ClusterId) -> Option<&ClusterSeen> {
        self.by_cluster.get(&id).map(|at| &self.clusters[*at])
    }

    pub fn commons_ref(&self, id: CommonsId) -> Option<CommonsRef> {
        self.commons(id).map(|seen| reference(&seen.row))
    }

    pub fn cluster_ref(&self, id: ClusterId) -> Option<ClusterRef> {
        self.cluster(id).map(|seen| ClusterRef { id: seen.row.id, name: seen.row.name.clone() })
    }

    pub fn matrix(&self) -> Arc<Matrix> {
        self.matrix.get_or_init(|| Arc::new(super::matrix::matrix(self))).clone()
    }

    /// An answer that was made before.
    pub fn body(&self, name: &'static str) -> Option<Bytes> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub fn keep_body(&self, name: &'static str, body: Bytes) {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner).insert(name, body);
    }

    /// Releases that came after an image's, for a service that follows them.
    pub fn lag(&self, service: &str, image: &ImageEntry) -> Option<u32> {
        if !catalogue::is_monthly(service) {
            return None;
        }
        Monthly::parse(&image.tag).map(|tag| self.behind(tag.release))
    }

    pub fn behind(&self, release: Release) -> u32 {
        let older = self.released.partition_point(|other| *other <= release);
        u32::try_from(self.released.len() - older).unwrap_or(u32::MAX)
    }

    pub fn findings(&self) -> impl Iterator<Item = &FindingRecord> {
        self.findings.iter().map(|at| &self.all_findings[*at])
    }

    fn see_commons(&mut self, view: &FleetView) {
        let mut counts: HashMap<CommonsId, SeverityCounts> = HashMap::new();
        for finding in self.findings.iter().map(|at| &self.all_findings[*at]) {
            if let Some(commons) = finding.commons
                && finding.state(self.taken_at) == "open"
            {
                count(counts.entry(commons).or_default(), finding.severity);
            }
        }
        let twins = twins(self.fleets.values(), view);
        let contested: HashMap<CommonsId, &ConflictRecord> = view
            .conflicts
            .iter()
            .flat_map(|conflict| conflict.candidates.iter().map(move |id| (*id, conflict)))
            .collect();
        let mut seen = Vec::new();
        for fleet in self.fleets.values() {
            for (at, entry) in fleet.commons.iter().enumerate() {
                let Some(record) = view.commons.get(&entry.id).filter(|record| !record.merged) else { continue };
                let twin = twins.get(&entry.id).copied();
                let findings = counts.get(&entry.id).cloned().unwrap_or_default();
                let state = state_row(entry, &findings, contested.get(&entry.id).copied(), fleet, view);
                let row = self.commons_row(entry, record, fleet, findings, state, view);
                let corrected = record.corrections.names();
                let (first_seen_at, gone_at) = (record.first_seen_at, record.gone_at);
                seen.push(CommonsSeen { row, fleet: fleet.clone(), at, twin, corrected, first_seen_at, gone_at });
            }
        }
        one_place_each(&mut seen);
        seen.sort_by(|a, b| (&a.row.name, &a.row.folder).cmp(&(&b.row.name, &b.row.folder)));
        self.by_commons = seen.iter().enumerate().map(|(at, one)| (CommonsId(one.row.id), at)).collect();
        let references: HashMap<CommonsId, CommonsRef> =
            seen.iter().map(|one| (CommonsId(one.row.id), reference(&one.row))).collect();
        for one in &mut seen {
            one.row.twin = one.twin.and_then(|twin| references.get(&twin).cloned());
        }
        self.commons = seen;
    }

    fn commons_row(
        &self,
        entry: &CommonsEntry,
        record: &CommonsRecord,
        fleet: &SourceFleet,
        findings: SeverityCounts,
        state: StateRow,
        view: &FleetView,
    ) -> CommonsRow {
        let Corrections { tier, management, programme, owners, .. } = record.corrections.clone();
        CommonsRow {
            id: entry.id.0,
            organization: fleet.organization.0,
            organization_name: view.organization_name(fleet.organization),
            name: entry.name.clone(),
            hostname: entry.hostname.clone(),
            tier: tier.unwrap_or_else(|| entry.tier.clone()),
            management: management.unwrap_or_else(|| "managed".to_owned()),
            programme: programme.or_else(|| entry.programme.clone()),
            twin: None,
            cluster: entry.cluster.zip(entry.cluster_name.clone()).map(|(id, name)| ClusterRef { id: id.0, name }),
            state,
            release: entry.standing.mode.clone(),
            pins: u32::try_from(entry.standing.pins.len()).unwrap_or(u32::MAX),
            behind: self.commons_behind(entry),
            services_enabled: enabled(entry),
            findings,
            last_change_at: entry.last_change.as_ref().map(|change| change.at),
            last_change_title: entry.last_change.as_ref().map(|change| change.title.clone()),
            owners: owners.unwrap_or_else(|| entry.owners.clone()),
            seen_at: fleet.read_at,
            source: fleet.source.0,
            folder: entry.folder.clone(),
        }
    }

    /// The lower median over its services with a monthly tag.
    fn commons_behind(&self, entry: &CommonsEntry) -> Option<u32> {
        let services = entry.services.iter().filter(|service| service.enabled);
        let mut lags: Vec<u32> =
            services.filter_map(|s| s.images.first().and_then(|image| self.lag(&s.service, image))).collect();
        lags.sort_unstable();
        lags.get(lags.len().saturating_sub(1) / 2).copied()
    }

    fn see_clusters(&mut self, view: &FleetView) {
        let mut counts: HashMap<ClusterId, SeverityCounts> = HashMap::new();
        for finding in self.findings.iter().map(|at| &self.all_findings[*at]) {
            let cluster = finding.cluster.or_else(|| {
                let seen = self.commons(finding.commons?)?;
                seen.entry().cluster
            });
            if let Some(cluster) = cluster
                && finding.state(self.taken_at) == "open"
            {
                count(counts.entry(cluster).or_default(), finding.severity);
            }
        }
        let mut hosted: HashMap<ClusterId, u32> = HashMap::new();
        for cluster in self.commons.iter().filter_map(|one| one.entry().cluster) {
            *hosted.entry(cluster).or_default() += 1;
        }
        let mut seen = Vec::new();
        for fleet in self.fleets.values() {
            for (at, entry) in fleet.clusters.iter().enumerate() {
                let findings = counts.get(&entry.id).cloned().unwrap_or_default();
                let commons = hosted.get(&entry.id).copied().unwrap_or_default();
                let row = cluster_row(entry, fleet, findings, commons, view);
                seen.push(ClusterSeen { row, fleet: fleet.clone(), at });
            }
        }
        seen.sort_by(|a, b| a.row.name.cmp(&b.row.name));
        self.by_cluster = seen.iter().enumerate().map(|(at, one)| (ClusterId(one.row.id), at)).collect();
        self.clusters = seen;
    }
}

/// A commons that several folders declare (a manifest that stayed behind, a move that is not over, what a person
/// said to be one) is shown where it is deployed from.
fn one_place_each(seen: &mut Vec<CommonsSeen>) {
    let rank = |one: &CommonsSeen| {
        let entry = one.entry();
        (entry.application.is_some(), matches!(entry.state, StateEntry::Readable), enabled(entry))
    };
    seen.sort_by(|a, b| {
        (a.row.id, std::cmp::Reverse(rank(a)), &a.row.folder).cmp(&(
            b.row.id,
            std::cmp::Reverse(rank(b)),
            &b.row.folder,
        ))
    });
    seen.dedup_by_key(|one| one.row.id);
}

pub fn reference(row: &CommonsRow) -> CommonsRef {
    CommonsRef { id: row.id, name: row.name.clone(), tier: row.tier.clone() }
}

fn enabled(entry: &CommonsEntry) -> u32 {
    u32::try_from(entry.services.iter().filter(|service| service.enabled).count()).unwrap_or(u32::MAX)
}

pub fn count(counts: &mut SeverityCounts, severity: Severity) {
    let place = match severity {
        Severity::Critical => &mut counts.critical,
        Severity::High => &mut counts.high,
        Severity::Medium => &mut counts.medium,
        Severity::Low => &mut counts.low,
        Severity::Info => &mut counts.info,
    };
    *place += 1;
}

fn visible_findings(view: &FleetView, visible: &Visible) -> Vec<usize> {
    let rank = |at: &usize| {
        let finding = &view.findings[*at];
        let state = match finding.state(view.taken_at) {
            "open" => 0,
            "waived" => 1,
            _ => 2,
        };
        (state, std::cmp::Reverse(finding.severity), finding.first_seen_at, finding.id)
    };
    let mut found: Vec<usize> =
        (0..view.findings.len()).filter(|at| visible.contains(view.findings[*at].organization)).collect();
    found.sort_by_key(rank);
    found
}

/// Who is whose twin: what the files suggest, unless a person said otherwise; both directions.
fn twins<'f>(fleets: impl Iterator<Item = &'f Arc<SourceFleet>>, view: &FleetView) -> BTreeMap<CommonsId, CommonsId> {
    let mut pairs = BTreeMap::new();
    let mut decided: BTreeSet<CommonsId> = BTreeSet::new();
    let (mut proposed, mut said) = (Vec::new(), Vec::new());
    for fleet in fleets {
        for entry in &fleet.commons {
            match view.commons.get(&entry.id).and_then(|record| record.corrections.twin) {
                Some(twin) => said.push((entry.id, CommonsId(twin))),
                None => proposed.extend(
                    entry
                        .twin_folder
                        .as_ref()
                        .and_then(|folder| fleet.folders.get(folder))
                        .map(|twin| (entry.id, *twin)),
                ),
            }
        }
    }
    for (one, other) in said {
        decided.insert(one);
        if other.0.is_nil() {
            continue;
        }
        decided.insert(other);
        pairs.insert(one, other);
        pairs.entry(other).or_insert(one);
    }
    for (one, other) in proposed {
        if !decided.contains(&one) && !decided.contains(&other) && one != other {
            pairs.insert(one, other);
        }
    }
    pairs
}

/// Health is unknown while nothing watches the cluster; what the files tell is said beside it.
fn state_row(
    entry: &CommonsEntry,
    findings: &SeverityCounts,
    contested: Option<&ConflictRecord>,
    fleet: &SourceFleet,
    view: &FleetView,
) -> StateRow {
    let mut reasons = Vec::new();
    let config = match (&entry.state, contested) {
        (StateEntry::Broken(why) | StateEntry::Unknown(why), _) => {
            reasons.push(why.clone());
            "unreadable"
        }
        (StateEntry::Empty, _) => {
            reasons.push("its value files are empty or missing: nothing is deployed that the files tell of".to_owned());
            "empty"
        }
        (StateEntry::Readable, Some(conflict)) => {
            reasons.push(conflict.why.clone());
            "conflict"
        }
        (StateEntry::Readable, None) => {
            if entry.maintenance {
                reasons.push("maintenance mode is on".to_owned());
            }
            let urgent = findings.critical + findings.high;
            if urgent > 0 {
                let verb = if urgent == 1 { "finding wants" } else { "findings want" };
                reasons.push(format!("{urgent} {verb} mending"));
            }
            match (entry.maintenance, urgent) {
                (true, _) => "maintenance",
                (false, 0) => "in_order",
                (false, _) => "needs_work",
            }
        }
    };
    let failing = view.sources.get(&fleet.source).is_some_and(|source| source.error.is_some());
    StateRow {
        health: "unknown".to_owned(),
        config: config.to_owned(),
        conflict: contested.map(|conflict| conflict.id),
        reasons,
        freshness: if failing { "stale" } else { "live" }.to_owned(),
        as_of: Some(fleet.read_at),
    }
}

fn cluster_row(
    entry: &ClusterEntry,
    fleet: &SourceFleet,
    findings: SeverityCounts,
    commons: u32,
    view: &FleetView,
) -> ClusterRow {
    let value = |said: &Option<super::entry::SaidEntry>| said.as_ref().map(|said| said.value.clone());
    let on = entry.add_ons.iter().filter(|add_on| add_on.enabled).count();
    ClusterRow {
        id: entry.id.0,
        organization: fleet.organization.0,
        organization_name: view.organization_name(fleet.organization),
        name: entry.name.clone(),
        stated_name: entry.stated_name.clone(),
        project: value(&entry.project),
        account: value(&entry.account),
        kubernetes: entry.node_image.as_ref().and_then(|image| kubernetes_version(&image.value)),
        node_image: value(&entry.node_image),
        add_ons_enabled: u32::try_from(on).unwrap_or(u32::MAX),
        commons,
        findings,
        link: "none".to_owned(),
        last_change_at: entry.last_change.as_ref().map(|change| change.at),
        folder: entry.folder.clone(),
        seen_at: fleet.read_at,
    }
}

/// `EKS-1-35-x86-x64-AL23*` is an image for Kubernetes 1.35.
pub fn kubernetes_version(node_image: &str) -> Option<String> {
    let mut parts = node_image.split(['-', '_', '/']).skip_while(|part| *part != "1");
    let (major, minor) = (parts.next()?, parts.next()?);
    let minor: u32 = minor.parse().ok()?;
    (10..100).contains(&minor).then(|| format!("{major}.{minor}"))
}

#[cfg(test)]
mod tests {
    use super::kubernetes_version;

    #[test]
    fn the_node_image_names_the_kubernetes_version() {
        assert_eq!(kubernetes_version("EKS-1-35-x86-x64-AL23*").as_deref(), Some("1.35"));
        assert_eq!(kubernetes_version("EKS-FIPS*"), None);
        assert_eq!(kubernetes_version("image-1-2"), None);
    }
}
