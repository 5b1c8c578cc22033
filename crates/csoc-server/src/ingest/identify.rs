//! Which of the commons we know the folders of a reading are, written down.
//!
//! Story: `jcoinprod/jcoin.example.org` is gone and `unfunded/jcoin.example.org` is new: the claim moves, the
//! commons keeps its id, its findings, its waivers and its history.

use std::collections::{BTreeMap, HashMap};

use csoc_core::access::Visible;
use csoc_core::commons::claims::{Claim, Conflict, Decision, Known, KnownClaim, Strength, match_claims};
use csoc_core::{ClaimId, CommonsId, OrganizationId, SourceId};
use csoc_gen3::fleet::{CommonsReading, FleetReading, Layout};
use csoc_store::{NewClaim, NewCommons, Store, Write};
use jiff::Timestamp;
use uuid::Uuid;

use crate::service::Fault;

/// What is known of one organization's commons, kept in step with the store.
pub(super) struct Identities {
    source: SourceId,
    organization: OrganizationId,
    known: Vec<Known>,
    decisions: Vec<Decision>,
    /// When the newest of them was made.
    pub decided_at: Option<Timestamp>,
    /// The live claim of each folder of this source.
    live: HashMap<String, Live>,
    /// Which commons a folder of this source is, or was last.
    pub folders: BTreeMap<String, CommonsId>,
    pub conflicts: Vec<Conflict>,
}

/// A live claim as it is stored.
struct Live {
    id: ClaimId,
    claim: Claim,
    contested: bool,
    /// The stored row has none, or another.
    strength_is_new: bool,
}

impl Identities {
    /// With the other organizations' commons: none of them is ever matched, but a hostname that they claim too
    /// is contested.
    pub async fn load(store: &Store, source: SourceId, organization: OrganizationId) -> Result<Self, Fault> {
        let all = &Visible::All;
        let mut known: Vec<Known> = store
            .commons_list(all)
            .await?
            .into_iter()
            .filter(|commons| commons.merged_into.is_none())
            .map(|commons| Known { id: commons.id, organization: commons.organization, claims: Vec::new() })
            .collect();
        let place: HashMap<CommonsId, usize> = known.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
        let (mut live, mut folders) = (HashMap::new(), BTreeMap::new());
        for stored in store.claim_list(all, None).await? {
            let holder = place.get(&stored.commons).copied();
            let claim = Claim {
                source: stored.source,
                organization: holder.map_or(organization, |at| known[at].organization),
                folder: stored.folder.clone(),
                application: stored.application,
                cluster: stored.cluster,
                hostname: stored.hostname,
                // What was stored before strengths were counted as the strongest.
                strength: stored.strength.unwrap_or(Strength::Application),
            };
            let contested = stored.contested;
            if stored.source == source {
                folders.insert(stored.folder.clone(), stored.commons);
                if stored.gone_at.is_none() {
                    let strength_is_new = stored.strength.is_none();
                    live.insert(
                        stored.folder,
                        Live { id: stored.id, claim: claim.clone(), contested, strength_is_new },
                    );
                }
            }
            if let Some(at) = holder {
                known[at].claims.push(KnownClaim { claim, live: stored.gone_at.is_none(), contested });
            }
        }
        let (decisions, decided_at) = decisions(store, organization).await?;
        Ok(Self { source, organization, known, decisions, decided_at, live, folders, conflicts: Vec::new() })
    }

    /// Takes what a reading says, gives every folder its commons, and writes both down.
    pub async fn apply(&mut self, write: &mut Write, reading: &FleetReading, at: Timestamp) -> Result<(), Fault> {
        let said = claims(reading, self.source, self.organization);
        let matching = match_claims(self.source, self.organization, &said, &self.known, &self.decisions, || {
            CommonsId(Uuid::now_v7())
        });
        let names: HashMap<&str, String> = reading.commons.iter().map(|one| (&*one.folder, name_of(one))).collect();
        let mut stored: HashMap<CommonsId, CommonsId> = HashMap::new();
        for (claim, outcome) in said.iter().zip(&matching.outcomes) {
            let name = names.get(claim.folder.as_str()).cloned().unwrap_or_else(|| claim.folder.clone());
            let id = self.stored_id(write, &mut stored, outcome.commons(), claim, &name, at).await?;
            let contested = outcome.is_contested();
            if self.is_live(claim, contested) && self.folders.get(&claim.folder) == Some(&id) {
                self.keep_strength(write, claim).await?;
                continue;
            }
            self.claim(write, claim, contested, id, at).await?;
            write.commons_set_names(id, claim.hostname.as_deref(), &name).await?;
            write.commons_set_gone(id, None).await?;
        }
        let now: HashMap<&str, &Claim> = said.iter().map(|claim| (claim.folder.as_str(), claim)).collect();
        let ended: Vec<String> =
            self.live.keys().filter(|folder| !now.contains_key(folder.as_str())).cloned().collect();
        for folder in ended {
            self.end(write, &folder, at).await?;
        }
        let real = |id: &CommonsId| stored.get(id).copied().unwrap_or(*id);
        for gone in &matching.gone {
            write.commons_set_gone(real(gone), Some(at)).await?;
        }
        for (was, is) in &matching.absorbed {
            self.absorb(write, real(was), real(is), at).await?;
        }
        self.conflicts = matching.conflicts;
        for party in self.conflicts.iter_mut().flat_map(|conflict| &mut conflict.parties) {
            party.commons = real(&party.commons);
        }
        Ok(())
    }

    /// The id under which the store has the commons; it is written down when it is new.
    async fn stored_id(
        &mut self,
        write: &mut Write,
        stored: &mut HashMap<CommonsId, CommonsId>,
        commons: CommonsId,
        claim: &Claim,
        name: &str,
        at: Timestamp,
    ) -> Result<CommonsId, Fault> {
        if self.known.iter().any(|known| known.id == commons) {
            return Ok(commons);
        }
        if let Some(id) = stored.get(&commons) {
            return Ok(*id);
        }
        let new =
            NewCommons { organization: self.organization, hostname: claim.hostname.clone(), name: name.to_owned() };
        let id = write.commons_insert(&new, at).await?;
        self.known.push(Known { id, organization: self.organization, claims: Vec::new() });
        stored.insert(commons, id);
        Ok(id)
    }

    /// What was contested is `into`, with all that has gathered about it.
    async fn absorb(&mut self, write: &mut Write, was: CommonsId, into: CommonsId, at: Timestamp) -> Result<(), Fault> {
        write.commons_merge(was, into, at).await?;
        let Some(place) = self.known.iter().position(|known| known.id == was) else { return Ok(()) };
        let claims = self.known.remove(place).claims;
        if let Some(known) = self.known.iter_mut().find(|known| known.id == into) {
            known.claims.extend(claims);
        }
        self.folders.values_mut().filter(|id| **id == was).for_each(|id| *id = into);
        Ok(())
    }

    /// By folder of this source: what its findings are called by. Where several folders are one commons, the
    /// strongest and oldest claim speaks for it, and the others have the folder's name.
    pub fn names_of_findings(&self) -> BTreeMap<&str, CommonsId> {
        let mut first: HashMap<CommonsId, (std::cmp::Reverse<Strength>, ClaimId, &str)> = HashMap::new();
        for (folder, live) in &self.live {
            let Some(commons) = self.folders.get(folder) else { continue };
            let rank = (std::cmp::Reverse(live.claim.strength), live.id, folder.as_str());
            let best = first.entry(*commons).or_insert(rank);
            *best = (*best).min(rank);
        }
        let speaks = |folder: &str, commons: &CommonsId| {
            !self.live.contains_key(folder) || first.get(commons).is_some_and(|(.., best)| *best == folder)
        };
        self.folders.iter().filter(|(folder, id)| speaks(folder, id)).map(|(folder, id)| (&**folder, *id)).collect()
    }

    /// The live claim of a folder.
    pub fn live_claim(&self, folder: &str) -> Option<ClaimId> {
        self.live.get(folder).map(|live| live.id)
    }

    fn is_live(&self, said: &Claim, contested: bool) -> bool {
        self.live.get(&said.folder).is_some_and(|Live { claim, contested: was, .. }| {
            claim.hostname == said.hostname
                && claim.application == said.application
                && claim.cluster == said.cluster
                && *was == contested
        })
    }

    /// A claim that says the same as before may still be worth more or less now.
    async fn keep_strength(&mut self, write: &mut Write, said: &Claim) -> Result<(), Fault> {
        let Some(live) = self.live.get_mut(&said.folder) else { return Ok(()) };
        if live.claim.strength == said.strength && !live.strength_is_new {
            return Ok(());
        }
        write.claim_set_strength(live.id, said.strength).await?;
        (live.claim.strength, live.strength_is_new) = (said.strength, false);
        let source = self.source;
        for known in self.known.iter_mut().flat_map(|known| &mut known.claims) {
            if known.live && known.claim.source == source && known.claim.folder == said.folder {
                known.claim.strength = said.strength;
            }
        }
        Ok(())
    }

    async fn claim(
        &mut self,
        write: &mut Write,
        claim: &Claim,
        contested: bool,
        commons: CommonsId,
        at: Timestamp,
    ) -> Result<(), Fault> {
        self.end(write, &claim.folder, at).await?;
        let new = NewClaim {
            commons,
            source: claim.source,
            folder: claim.folder.clone(),
            application: claim.application.clone(),
            cluster: claim.cluster.clone(),
            hostname: claim.hostname.clone(),
            strength: claim.strength,
            contested,
        };
        let id = write.claim_insert(&new, at).await?;
        let live = Live { id, claim: claim.clone(), contested, strength_is_new: false };
        self.live.insert(claim.folder.clone(), live);
        self.folders.insert(claim.folder.clone(), commons);
        if let Some(known) = self.known.iter_mut().find(|known| known.id == commons) {
            known.claims.push(KnownClaim { claim: claim.clone(), live: true, contested });
        }
        Ok(())
    }

    async fn end(&mut self, write: &mut Write, folder: &str, at: Timestamp) -> Result<(), Fault> {
        let Some(live) = self.live.remove(folder) else { return Ok(()) };
        write.claim_set_gone(live.id, Some(at)).await?;
        let source = self.source;
        for claim in self.known.iter_mut().flat_map(|known| &mut known.claims) {
            if claim.claim.source == source && claim.claim.folder == folder {
                claim.live = false;
            }
        }
        Ok(())
    }
}

/// What people of an organization decided about contested hostnames, one per folder, the newest last.
async fn decisions(store: &Store, organization: OrganizationId) -> Result<(Vec<Decision>, Option<Timestamp>), Fault> {
    let mut conflicts = store.conflict_list(&Visible::Only([organization].into())).await?;
    conflicts.sort_by_key(|conflict| (conflict.decided_at, conflict.id));
    let newest = conflicts.last().and_then(|conflict| conflict.decided_at);
    let mut decided = Vec::new();
    for conflict in conflicts {
        let Some(decision) = conflict.decision else { continue };
        if let Ok(some) = serde_json::from_value::<Vec<Decision>>(decision) {
            decided.extend(some);
        }
    }
    Ok((decided, newest))
}

/// When somebody of the organization last decided about a contested hostname.
pub(super) async fn last_decision(store: &Store, organization: OrganizationId) -> Result<Option<Timestamp>, Fault> {
    Ok(decisions(store, organization).await?.1)
}

pub(super) fn name_of(one: &CommonsReading) -> String {
    one.shown_hostname().map_or_else(|| one.folder.to_string(), ToString::to_string)
}

pub(super) fn claims(reading: &FleetReading, source: SourceId, organization: OrganizationId) -> Vec<Claim> {
    let claim = |one: &std::sync::Arc<CommonsReading>| Claim {
        source,
        organization,
        folder: one.folder.to_string(),
        application: one.application.as_deref().map(ToOwned::to_owned),
        cluster: one.cluster.as_deref().map(ToOwned::to_owned),
        hostname: own_hostname(one),
        strength: match (one.layout, &one.application) {
            (Layout::CdisManifest, _) => Strength::Manifest,
            (_, Some(_)) => Strength::Application,
            (_, None) => Strength::Values,
        },
    };
    reading.commons.iter().map(claim).collect()
}

/// A hostname from another commons' values says nothing about this one; its folder's name does.
fn own_hostname(one: &CommonsReading) -> Option<String> {
    let foreign =
        one.value_files.iter().any(|file| matches!(file.state, csoc_gen3::fleet::ValueFileState::Foreign { .. }));
    let said = if foreign { one.folder_hostname.as_ref() } else { one.shown_hostname() };
    said.map(ToString::to_string)
}
