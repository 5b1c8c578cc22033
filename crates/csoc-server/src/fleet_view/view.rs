//! The whole fleet at one moment, immutable: what was read from the sources, and what people and time have
//! added to it (corrections, findings, contested hostnames).

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use csoc_api::changes::ChangeRow;
use csoc_api::findings::SinceRow;
use csoc_core::access::Visible;
use csoc_core::finding::Severity;
use csoc_core::{ClusterId, CommonsId, FindingId, OrganizationId, SourceId, WaiverId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entry::SourceFleet;
use super::lens::Lens;

/// So many different sets of visible organizations are kept ready.
const LENSES: usize = 64;

/// What a view is made of.
#[derive(Default)]
pub struct Parts {
    /// Grows with every replacement.
    pub revision: u64,
    pub taken_at: Timestamp,
    pub organizations: BTreeMap<OrganizationId, String>,
    pub sources: BTreeMap<SourceId, SourceRecord>,
    pub fleets: BTreeMap<SourceId, Arc<SourceFleet>>,
    pub commons: HashMap<CommonsId, CommonsRecord>,
    pub clusters: HashMap<ClusterId, ClusterRecord>,
    /// Open and waived ones, and those resolved lately.
    pub findings: Arc<Vec<FindingRecord>>,
    pub conflicts: Vec<ConflictRecord>,
    /// The latest landings of every source, newest first: what Now shows.
    pub recent: Arc<Vec<ChangeRow>>,
}

#[derive(Default)]
pub struct FleetView {
    parts: Parts,
    lenses: Mutex<Vec<(Visible, Arc<Lens>)>>,
}

impl Deref for FleetView {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

/// A source as the lists name it, and how it is doing.
#[derive(Clone, Debug)]
pub struct SourceRecord {
    pub organization: OrganizationId,
    pub name: String,
    pub branch: String,
    pub location: String,
    /// `fleet`, `chart`, `releases`.
    pub kind: String,
    pub phase: String,
    pub fetched_at: Option<Timestamp>,
    pub failing_since: Option<Timestamp>,
    pub error: Option<String>,
}

/// What lasts about a commons, whatever the files say.
#[derive(Clone, Debug)]
pub struct CommonsRecord {
    pub organization: OrganizationId,
    pub name: String,
    pub corrections: Corrections,
    pub first_seen_at: Timestamp,
    pub gone_at: Option<Timestamp>,
    /// It turned out to be another; what was read of it is shown there after the next reading.
    pub merged: bool,
}

#[derive(Clone, Debug)]
pub struct ClusterRecord {
    pub organization: OrganizationId,
    pub first_seen_at: Timestamp,
    pub gone_at: Option<Timestamp>,
}

/// What a person said over what the files say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Corrections {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// `nil` says: it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twin: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owners: Option<Vec<String>>,
}

impl Corrections {
    pub fn names(&self) -> Vec<String> {
        let said = [
            ("tier", self.tier.is_some()),
            ("twin", self.twin.is_some()),
            ("management", self.management.is_some()),
            ("programme", self.programme.is_some()),
            ("owners", self.owners.is_some()),
        ];
        said.into_iter().filter(|(_, is)| *is).map(|(name, _)| name.to_owned()).collect()
    }
}

#[derive(Clone, Debug)]
pub struct FindingRecord {
    pub id: FindingId,
    pub organization: OrganizationId,
    pub source: SourceId,
    pub commons: Option<CommonsId>,
    pub cluster: Option<ClusterId>,
    pub rule: String,
    pub severity: Severity,
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
    pub help: String,
    /// The landing that wrote its line.
    pub since: Option<SinceRow>,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub resolved_at: Option<Timestamp>,
    pub reopened: u32,
    pub waiver: Option<WaiverRecord>,
}

#[derive(Clone, Debug)]
pub struct WaiverRecord {
    pub id: WaiverId,
    pub reason: String,
    pub person: String,
    pub created_at: Timestamp,
    pub until: Timestamp,
}

impl FindingRecord {
    /// `open`, `waived`, `resolved` at a time: a waiver ends by itself.
    pub fn state(&self, now: Timestamp) -> &'static str {
        match (&self.resolved_at, &self.waiver) {
            (Some(_), _) => "resolved",
            (None, Some(waiver)) if waiver.until > now => "waived",
            _ => "open",
        }
    }
}

/// A hostname that several folders claim. Each organization has a record of its own, without the other's names.
#[derive(Clone, Debug)]
pub struct ConflictRecord {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub hostname: String,
    pub why: String,
    pub since: Timestamp,
    pub candidates: Vec<CommonsId>,
}

impl FleetView {
    pub fn new(parts: Parts) -> Self {
        Self { parts, lenses: Mutex::default() }
    }

    /// Everything this reader may see, computed from nothing else. Computed once per set of organizations.
    pub fn lens(&self, visible: &Visible) -> Arc<Lens> {
        let mut lenses = self.lenses.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(at) = lenses.iter().position(|(seen, _)| seen == visible) {
            let kept = lenses.remove(at);
            let lens = kept.1.clone();
            lenses.push(kept);
            return lens;
        }
        let lens = Arc::new(Lens::new(self, visible));
        if lenses.len() == LENSES {
            lenses.remove(0);
        }
        lenses.push((visible.clone(), lens.clone()));
        lens
    }

    pub fn organization_name(&self, id: OrganizationId) -> String {
        self.organizations.get(&id).cloned().unwrap_or_default()
    }

    /// The fleets a reader may see.
    pub fn visible_fleets<'v>(&'v self, visible: &'v Visible) -> impl Iterator<Item = &'v Arc<SourceFleet>> {
        self.fleets.values().filter(move |fleet| visible.contains(fleet.organization))
    }
}
