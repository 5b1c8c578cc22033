//! The matching itself: phases over what is not yet matched, each a rule of the room's first lines.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use super::{
    ByHostname, Claim, Conflict, Decision, Known, KnownClaim, Matching, Outcome, Party, Strength, Verdict, normal,
};
use crate::{CommonsId, OrganizationId, SourceId};

/// Match what `source` says now against what is known.
///
/// `said` is the whole of the source's latest reading. `fresh` gives an id for each commons that is new;
/// it is asked in the order of strength and folder, so that equal inputs give equal results.
pub fn match_claims(
    source: SourceId,
    organization: OrganizationId,
    said: &[Claim],
    known: &[Known],
    decisions: &[Decision],
    fresh: impl FnMut() -> CommonsId,
) -> Matching {
    let own = known.iter().filter(|known| known.organization == organization);
    let settled: Vec<&Known> = own.clone().filter(|known| !known.is_provisional()).collect();
    let mut work = Work {
        source,
        said,
        by_folder: by_folder(source, &settled),
        own: settled,
        waiting: own.filter(|known| known.is_provisional()).collect(),
        decisions: decisions.iter().filter(|d| d.organization == organization).collect(),
        outcomes: vec![None; said.len()],
        taken: BTreeSet::new(),
    };
    work.decided();
    work.same_folder_and_hostname();
    work.hostname_moved();
    work.application_moved();
    work.same_folder();
    work.others(fresh);
    let absorbed = work.absorbed();
    let outcomes: Vec<Outcome> = work.outcomes.into_iter().flatten().collect();
    Matching {
        absorbed,
        gone: gone(source, known, organization, &outcomes),
        conflicts: conflicts(source, said, &outcomes, known, decisions),
        outcomes,
    }
}

struct Work<'a> {
    source: SourceId,
    said: &'a [Claim],
    /// The organization's own commons, without those that wait for a decision.
    own: Vec<&'a Known>,
    by_folder: ByFolder<'a>,
    waiting: Vec<&'a Known>,
    decisions: Vec<&'a Decision>,
    outcomes: Vec<Option<Outcome>>,
    taken: BTreeSet<CommonsId>,
}

/// Who this source said at a folder, then or now, in the order of the organization's commons.
type ByFolder<'a> = HashMap<&'a str, Vec<(&'a Known, &'a KnownClaim)>>;

fn by_folder<'a>(source: SourceId, own: &[&'a Known]) -> ByFolder<'a> {
    let mut found = ByFolder::new();
    for known in own.iter().copied() {
        for claim in known.claims.iter().filter(|claim| claim.claim.source == source) {
            found.entry(&*claim.claim.folder).or_default().push((known, claim));
        }
    }
    found
}

impl<'a> Work<'a> {
    /// Claims without an outcome, in the order of their folders.
    fn open(&self) -> Vec<usize> {
        let mut open: Vec<usize> = (0..self.said.len()).filter(|&i| self.outcomes[i].is_none()).collect();
        open.sort_by(|&a, &b| self.said[a].folder.cmp(&self.said[b].folder));
        open
    }

    fn settle(&mut self, index: usize, outcome: Outcome) {
        self.taken.insert(outcome.commons());
        self.outcomes[index] = Some(outcome);
    }

    fn decided(&mut self) {
        for index in 0..self.said.len() {
            let Some(Verdict::Is(commons)) = verdict(self.decisions.iter().copied(), &self.said[index]) else {
                continue;
            };
            if self.own.iter().any(|known| known.id == commons) {
                let outcome = match self.last_folder(commons) {
                    Some(folder) if folder != self.said[index].folder => Outcome::Moved { commons, from: folder },
                    _ => Outcome::Same { commons, hostname_was: None },
                };
                self.settle(index, outcome);
            }
        }
    }

    /// The folder where this source last said the commons, live or not.
    fn last_folder(&self, commons: CommonsId) -> Option<String> {
        let known = self.own.iter().find(|known| known.id == commons)?;
        let here = known.claims.iter().filter(|k| k.claim.source == self.source);
        here.max_by_key(|known| known.live).map(|known| known.claim.folder.clone())
    }

    /// The commons that this source said at this folder, the live claim before a dead one.
    fn at_folder(&self, folder: &str) -> Option<(&'a Known, &'a KnownClaim)> {
        let open = self.by_folder.get(folder)?.iter().filter(|(known, _)| !self.taken.contains(&known.id));
        let first = open.clone().next();
        open.clone().find(|(_, claim)| claim.live).or(first).copied()
    }

    /// Where it lives now before where it lived once: a place that comes back does not take a commons away.
    fn same_folder_and_hostname(&mut self) {
        for (index, live) in self.open().iter().map(|at| (*at, true)).chain(self.open().iter().map(|at| (*at, false))) {
            if self.outcomes[index].is_some() {
                continue;
            }
            let claim = &self.said[index];
            let Some((known, before)) = self.at_folder(&claim.folder).filter(|(_, k)| k.live || !live) else {
                continue;
            };
            if host(claim) == host(&before.claim) || claim.hostname.is_none() || before.claim.hostname.is_none() {
                self.settle(index, Outcome::Same { commons: known.id, hostname_was: None });
            }
        }
    }

    fn same_folder(&mut self) {
        for index in self.open() {
            let Some((known, before)) = self.at_folder(&self.said[index].folder) else { continue };
            let outcome = Outcome::Same { commons: known.id, hostname_was: before.claim.hostname.clone() };
            self.settle(index, outcome);
        }
    }

    /// The hostname's only commons, if none of its claims is live once this reading counts.
    fn hostname_moved(&mut self) {
        for index in self.open() {
            let Some(hostname) = host(&self.said[index]) else { continue };
            if self.has_rival(index, &hostname) {
                continue;
            }
            let matching = |claim: &Claim| host(claim).as_deref() == Some(&*hostname);
            if let Some((commons, from)) = self.abandoned(matching) {
                self.settle(index, Outcome::Moved { commons, from });
            }
        }
    }

    /// Without hostnames an Application's name tells, where it is the only one of that name.
    fn application_moved(&mut self) {
        for index in self.open() {
            let claim = &self.said[index];
            let (Some(application), None) = (&claim.application, &claim.hostname) else { continue };
            if self.said.iter().filter(|other| other.application.as_ref() == Some(application)).count() > 1 {
                continue;
            }
            let source = self.source;
            let matching = |other: &Claim| {
                other.source == source && other.application.as_ref() == Some(application) && other.hostname.is_none()
            };
            if let Some((commons, from)) = self.abandoned(matching) {
                self.settle(index, Outcome::Moved { commons, from });
            }
        }
    }

    /// The only commons with such a claim, where every live claim of it is one that this reading drops.
    fn abandoned(&self, matching: impl Fn(&Claim) -> bool) -> Option<(CommonsId, String)> {
        let mut found = self.own.iter().filter(|known| {
            !self.taken.contains(&known.id)
                && known.claims.iter().any(|k| matching(&k.claim))
                && !known.claims.iter().any(|k| self.still_live(k))
        });
        let first = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let last = first.claims.iter().filter(|k| matching(&k.claim)).max_by_key(|k| k.live)?;
        Some((first.id, last.claim.folder.clone()))
    }

    /// Will the claim still be live after this reading? Another source's claim is; one of ours is when its
    /// folder is still there. A manifest left behind does not hold a commons back.
    fn still_live(&self, known: &KnownClaim) -> bool {
        known.live
            && known.claim.strength > Strength::Manifest
            && (known.claim.source != self.source || self.said.iter().any(|claim| claim.folder == known.claim.folder))
    }

    /// Does another claim of this reading, as strong, have the same hostname?
    fn has_rival(&self, index: usize, hostname: &str) -> bool {
        self.said.iter().enumerate().any(|(other, claim)| {
            other != index && host(claim).as_deref() == Some(hostname) && claim.strength >= self.said[index].strength
        })
    }

    /// What is left: beside a known commons, contested, or new. The stronger claim goes first.
    fn others(&mut self, mut fresh: impl FnMut() -> CommonsId) {
        let mut open = self.open();
        open.sort_by_key(|&index| Reverse(self.said[index].strength));
        for index in open {
            let claim = &self.said[index];
            let separate = verdict(self.decisions.iter().copied(), claim) == Some(Verdict::Separate);
            let hostname = host(claim).filter(|_| !separate);
            let holder = hostname.as_ref().and_then(|hostname| self.holder(hostname));
            let outcome = match (hostname, holder) {
                (_, Some((commons, strength))) if strength.min(claim.strength) == Strength::Manifest => {
                    Outcome::Also { commons }
                }
                (Some(hostname), Some(_)) => {
                    Outcome::Contested { hostname, commons: self.waiting_at(claim).unwrap_or_else(&mut fresh) }
                }
                _ => Outcome::New { commons: self.waiting_at(claim).unwrap_or_else(&mut fresh) },
            };
            self.settle(index, outcome);
        }
    }

    /// What the claim's folder was while it was contested.
    fn waiting_at(&self, claim: &Claim) -> Option<CommonsId> {
        let at = |known: &&&Known| {
            known.claims.iter().any(|k| k.claim.source == self.source && k.claim.folder == claim.folder)
        };
        self.waiting.iter().find(at).map(|known| known.id)
    }

    /// Contested before, and something else now.
    fn absorbed(&self) -> Vec<(CommonsId, CommonsId)> {
        let settled = self.said.iter().zip(&self.outcomes).filter_map(|(claim, outcome)| {
            let (was, is) = (self.waiting_at(claim)?, outcome.as_ref()?.commons());
            (was != is).then_some((was, is))
        });
        settled.collect()
    }

    /// Who holds this hostname within the organization, and how strongly.
    fn holder(&self, hostname: &str) -> Option<(CommonsId, Strength)> {
        let settled = self.said.iter().zip(&self.outcomes).filter_map(|(claim, outcome)| {
            let commons = outcome.as_ref().filter(|outcome| !outcome.is_contested())?.commons();
            (host(claim).as_deref() == Some(hostname)).then_some((commons, claim.strength))
        });
        let elsewhere = self.own.iter().flat_map(|known| {
            let live = known.claims.iter().filter(|k| k.live && k.claim.source != self.source);
            let same = live.filter(|k| host(&k.claim).as_deref() == Some(hostname));
            same.map(|k| (known.id, k.claim.strength))
        });
        settled.chain(elsewhere).max_by_key(|(commons, strength)| (*strength, Reverse(*commons)))
    }
}

fn host(claim: &Claim) -> Option<String> {
    claim.hostname.as_deref().map(normal).filter(|hostname| !hostname.is_empty())
}

/// The last decision about the claim's folder.
fn verdict<'a>(decisions: impl DoubleEndedIterator<Item = &'a Decision>, claim: &Claim) -> Option<Verdict> {
    let about = |decision: &&Decision| {
        decision.organization == claim.organization
            && decision.source == claim.source
            && decision.folder == claim.folder
    };
    decisions.rev().find(about).map(|decision| decision.verdict)
}

/// Commons of this source that this reading no longer says, and no other source does.
fn gone(source: SourceId, known: &[Known], organization: OrganizationId, outcomes: &[Outcome]) -> Vec<CommonsId> {
    let said: BTreeSet<CommonsId> = outcomes.iter().map(Outcome::commons).collect();
    let was_here = |known: &&Known| known.claims.iter().any(|k| k.live && k.claim.source == source);
    let elsewhere = |known: &Known| known.claims.iter().any(|k| k.live && k.claim.source != source);
    let own = known.iter().filter(|known| known.organization == organization).filter(was_here);
    own.filter(|known| !said.contains(&known.id) && !elsewhere(known)).map(|known| known.id).collect()
}

/// Hostnames of this source with more than one commons behind them, over all organizations. A folder that a person called separate is no question any more.
fn conflicts(
    source: SourceId,
    said: &[Claim],
    outcomes: &[Outcome],
    known: &[Known],
    decisions: &[Decision],
) -> Vec<Conflict> {
    let mut parties: ByHostname<Party> = ByHostname::new();
    let mut add = |claim: &Claim, commons: CommonsId, only_known: bool| {
        let Some(hostname) = host(claim) else { return };
        if verdict(decisions.iter(), claim) == Some(Verdict::Separate) || only_known && !parties.contains_key(&hostname)
        {
            return;
        }
        parties.entry(hostname).or_default().push(Party {
            organization: claim.organization,
            source: claim.source,
            folder: claim.folder.clone(),
            commons,
        });
    };
    for (claim, outcome) in said.iter().zip(outcomes) {
        add(claim, outcome.commons(), false);
    }
    for known in known {
        for live in known.claims.iter().filter(|k| k.live && k.claim.source != source) {
            add(&live.claim, known.id, true);
        }
    }
    let mut found = Vec::new();
    for (hostname, mut parties) in parties {
        let commons: BTreeSet<CommonsId> = parties.iter().map(|party| party.commons).collect();
        if commons.len() > 1 {
            parties.sort();
            found.push(Conflict { hostname, parties });
        }
    }
    found
}
