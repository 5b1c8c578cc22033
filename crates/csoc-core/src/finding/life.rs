//! What one round of checks means for the findings that are known.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Severity;
use crate::{CommonsId, FindingId};

/// Where a finding stands now. It moves with every edit above it and is no part of its identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: Arc<str>,
    /// From 1.
    pub line: u32,
    pub column: u32,
}

/// One finding of this round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Names the same fault in every round: rule, subject and values path, not the line.
    pub fingerprint: Arc<str>,
    pub rule: Arc<str>,
    /// `None` when it concerns a cluster or the repository.
    pub commons: Option<CommonsId>,
    pub severity: Severity,
    pub place: Place,
    pub message: String,
    pub help: String,
}

/// A finding as it is stored, resolved ones included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: FindingId,
    pub fingerprint: Arc<str>,
    pub rule: Arc<str>,
    pub commons: Option<CommonsId>,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    pub resolved_at: Option<Timestamp>,
    /// How often it came back after it was resolved.
    pub reopened: u32,
}

/// Everything one round says. What a round could not look at is named; it proves nothing.
#[derive(Clone, Debug, Default)]
pub struct Round {
    pub found: Vec<Found>,
    /// Rules that were not evaluated at all.
    pub rules_not_evaluated: Vec<Arc<str>>,
    /// Commons whose files could not be read this time.
    pub commons_not_read: Vec<CommonsId>,
}

/// What is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Not known before: first and last seen now.
    New { found: Found },
    /// Known and open: last seen now, at this place and with this message.
    StillOpen { id: FindingId, found: Found },
    /// Known, resolved before, and here again: open, one more time.
    Reopened { id: FindingId, found: Found, reopened: u32 },
    /// Known and open, looked for and not found.
    Resolved { id: FindingId, at: Timestamp },
}

/// Compares what is known with what was found. Pure: the same input gives the same transitions, in the
/// order of `found`, then the resolved ones in the order of `known`.
///
/// A round that is older than what is known (a late answer) changes nothing about a finding that was seen
/// later: neither is it resolved nor does its last-seen time go back.
pub fn advance(known: &[Known], round: &Round, now: Timestamp) -> Vec<Transition> {
    let by_fingerprint: HashMap<&str, &Known> = known.iter().map(|k| (&*k.fingerprint, k)).collect();
    let mut seen: HashMap<&str, ()> = HashMap::with_capacity(round.found.len());
    let mut transitions = Vec::with_capacity(round.found.len());
    for found in &round.found {
        if seen.insert(&found.fingerprint, ()).is_some() {
            continue;
        }
        match by_fingerprint.get(&*found.fingerprint) {
            None => transitions.push(Transition::New { found: found.clone() }),
            Some(k) if now < k.last_seen || k.resolved_at.is_some_and(|at| now < at) => {}
            Some(k) if k.resolved_at.is_some() => {
                transitions.push(Transition::Reopened { id: k.id, found: found.clone(), reopened: k.reopened + 1 })
            }
            Some(k) => transitions.push(Transition::StillOpen { id: k.id, found: found.clone() }),
        }
    }
    let gone = known.iter().filter(|k| {
        k.resolved_at.is_none() && now >= k.last_seen && !seen.contains_key(&*k.fingerprint) && round.looked_for(k)
    });
    transitions.extend(gone.map(|k| Transition::Resolved { id: k.id, at: now }));
    transitions
}

impl Round {
    /// Would this round have found it again, were it still there?
    fn looked_for(&self, known: &Known) -> bool {
        !self.rules_not_evaluated.contains(&known.rule)
            && !known.commons.is_some_and(|commons| self.commons_not_read.contains(&commons))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn found(fingerprint: &str, line: u32) -> Found {
        Found {
            fingerprint: fingerprint.into(),
            rule: "mangled-number".into(),
            commons: Some(CommonsId(Uuid::from_u128(7))),
            severity: Severity::High,
            place: Place { path: "a/values.yaml".into(), line, column: 1 },
            message: "m".into(),
            help: "h".into(),
        }
    }

    fn known(number: u128, fingerprint: &str, last: i64, resolved: Option<i64>) -> Known {
        Known {
            id: FindingId(Uuid::from_u128(number)),
            fingerprint: fingerprint.into(),
            rule: "mangled-number".into(),
            commons: Some(CommonsId(Uuid::from_u128(7))),
            first_seen: at(1),
            last_seen: at(last),
            resolved_at: resolved.map(at),
            reopened: 0,
        }
    }

    fn round(found: Vec<Found>) -> Round {
        Round { found, ..Round::default() }
    }

    #[test]
    fn a_moved_line_is_the_same_finding_and_a_gone_one_is_resolved() {
        let before = [known(1, "a", 10, None), known(2, "b", 10, None)];
        let moved = found("a", 99);
        let got = advance(&before, &round(vec![moved.clone(), found("c", 1)]), at(20));
        assert_eq!(
            got,
            [
                Transition::StillOpen { id: before[0].id, found: moved },
                Transition::New { found: found("c", 1) },
                Transition::Resolved { id: before[1].id, at: at(20) },
            ]
        );
    }

    #[test]
    fn what_comes_back_is_reopened_and_keeps_its_id() {
        let before = [known(1, "a", 10, Some(15))];
        let got = advance(&before, &round(vec![found("a", 1)]), at(20));
        assert_eq!(got, [Transition::Reopened { id: before[0].id, found: found("a", 1), reopened: 1 }]);
        assert_eq!(advance(&before, &round(vec![]), at(20)), []);
    }

    #[test]
    fn what_was_not_looked_at_is_not_resolved() {
        let before = [known(1, "a", 10, None)];
        let blind_rule = Round { rules_not_evaluated: vec!["mangled-number".into()], ..Round::default() };
        let blind_commons = Round { commons_not_read: vec![CommonsId(Uuid::from_u128(7))], ..Round::default() };
        assert_eq!(advance(&before, &blind_rule, at(20)), []);
        assert_eq!(advance(&before, &blind_commons, at(20)), []);
    }

    #[test]
    fn a_late_round_changes_nothing_that_was_seen_after_it() {
        let before = [known(1, "a", 30, None), known(2, "b", 30, Some(40))];
        assert_eq!(advance(&before, &round(vec![]), at(20)), []);
        let resolved = &before[1..];
        assert_eq!(advance(resolved, &round(vec![found("b", 1)]), at(35)), []);
    }

    #[test]
    fn the_same_fault_twice_in_one_round_counts_once() {
        let got = advance(&[], &round(vec![found("a", 1), found("a", 2)]), at(20));
        assert_eq!(got, [Transition::New { found: found("a", 1) }]);
    }
}
