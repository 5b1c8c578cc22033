//! Why a finding may stay, who decided, and until when.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Known;
use crate::{CommonsId, FindingId, PersonId, WaiverId};

/// A decision that nobody looks at again for longer than this is a rule to drop, not a waiver.
pub const LONGEST_WAIVER_DAYS: i64 = 366;

/// A waiver as it was made. It is never edited: another decision is another waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub id: WaiverId,
    pub scope: WaiverScope,
    pub reason: String,
    pub person: PersonId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Taken back before its day.
    pub revoked_at: Option<Timestamp>,
}

/// What a waiver covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaiverScope {
    /// These findings, one or many.
    Findings(Vec<FindingId>),
    /// Everything this rule finds in one commons, today and later; without a commons, in the whole
    /// organization that the waiver belongs to.
    Rule { rule: Arc<str>, commons: Option<CommonsId> },
}

/// Why a waiver cannot be made. Each is a sentence for the person who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaiverError {
    #[error("say why the finding may stay: a waiver needs a reason")]
    NoReason,
    #[error("name at least one finding")]
    NoFinding,
    #[error("name a rule")]
    NoRule,
    #[error("a waiver ends in the future; this time has passed")]
    AlreadyOver,
    #[error("a waiver lasts at most {LONGEST_WAIVER_DAYS} days; decide again then")]
    TooLong,
}

impl Waiver {
    /// A new waiver, if it says everything a later reader needs.
    pub fn new(
        id: WaiverId,
        scope: WaiverScope,
        reason: &str,
        person: PersonId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Self, WaiverError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(WaiverError::NoReason);
        }
        match &scope {
            WaiverScope::Findings(ids) if ids.is_empty() => return Err(WaiverError::NoFinding),
            WaiverScope::Rule { rule, .. } if rule.is_empty() => return Err(WaiverError::NoRule),
            _ => {}
        }
        if expires_at <= now {
            return Err(WaiverError::AlreadyOver);
        }
        if expires_at.duration_since(now) > SignedDuration::from_hours(LONGEST_WAIVER_DAYS * 24) {
            return Err(WaiverError::TooLong);
        }
        Ok(Self { id, scope, reason: reason.into(), person, created_at: now, expires_at, revoked_at: None })
    }

    /// Does it hold at this time?
    pub fn holds(&self, now: Timestamp) -> bool {
        self.created_at <= now && now < self.expires_at && self.revoked_at.is_none_or(|revoked| now < revoked)
    }

    pub fn covers(&self, finding: &Known) -> bool {
        match &self.scope {
            WaiverScope::Findings(ids) => ids.contains(&finding.id),
            WaiverScope::Rule { rule, commons: Some(commons) } => {
                *rule == finding.rule && finding.commons == Some(*commons)
            }
            WaiverScope::Rule { rule, commons: None } => *rule == finding.rule,
        }
    }
}

/// How a finding stands at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    /// The waiver that holds longest.
    Waived {
        by: WaiverId,
        until: Timestamp,
    },
    Resolved {
        at: Timestamp,
    },
}

/// A resolved finding is resolved whatever was waived; an open one is waived while any waiver holds.
pub fn state(finding: &Known, waivers: &[Waiver], now: Timestamp) -> State {
    if let Some(at) = finding.resolved_at {
        return State::Resolved { at };
    }
    waivers
        .iter()
        .filter(|waiver| waiver.holds(now) && waiver.covers(finding))
        .max_by_key(|waiver| (waiver.expires_at, waiver.id.0))
        .map_or(State::Open, |waiver| State::Waived { by: waiver.id, until: waiver.expires_at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn finding(number: u128, commons: u128) -> Known {
        Known {
            id: FindingId(Uuid::from_u128(number)),
            fingerprint: "f".into(),
            rule: "unpinned-chart".into(),
            commons: Some(CommonsId(Uuid::from_u128(commons))),
            first_seen: at(0),
            last_seen: at(0),
            resolved_at: None,
            reopened: 0,
        }
    }

    fn waiver(scope: WaiverScope, expires: i64) -> Result<Waiver, WaiverError> {
        let (id, person) = (WaiverId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        Waiver::new(id, scope, "planned for the next window", person, at(100), at(expires))
    }

    #[test]
    fn a_waiver_ends_and_the_finding_is_open_again() {
        let subject = finding(1, 7);
        let waiver = waiver(WaiverScope::Findings(vec![subject.id]), 200).unwrap();
        let until = State::Waived { by: waiver.id, until: at(200) };
        assert_eq!(state(&subject, std::slice::from_ref(&waiver), at(199)), until);
        assert_eq!(state(&subject, std::slice::from_ref(&waiver), at(200)), State::Open);
        let revoked = Waiver { revoked_at: Some(at(150)), ..waiver };
        assert_eq!(state(&subject, &[revoked], at(160)), State::Open);
    }

    #[test]
    fn a_rule_in_one_commons_is_waived_for_what_comes_later_and_nowhere_else() {
        let commons = Some(CommonsId(Uuid::from_u128(7)));
        let scope = WaiverScope::Rule { rule: "unpinned-chart".into(), commons };
        let waiver = waiver(scope, 200).unwrap();
        assert!(matches!(state(&finding(5, 7), std::slice::from_ref(&waiver), at(150)), State::Waived { .. }));
        assert_eq!(state(&finding(5, 8), std::slice::from_ref(&waiver), at(150)), State::Open);
        let other_rule = Known { rule: "duplicate-key".into(), ..finding(5, 7) };
        assert_eq!(state(&other_rule, &[waiver], at(150)), State::Open);
    }

    #[test]
    fn of_two_waivers_the_longer_one_is_named() {
        let subject = finding(1, 7);
        let short = waiver(WaiverScope::Findings(vec![subject.id]), 200).unwrap();
        let long = Waiver { id: WaiverId(Uuid::from_u128(9)), expires_at: at(300), ..short.clone() };
        let State::Waived { by, until } = state(&subject, &[long.clone(), short], at(150)) else {
            panic!("waived twice")
        };
        assert_eq!((by, until), (long.id, at(300)));
    }

    #[test]
    fn a_resolved_finding_stays_resolved_under_a_waiver() {
        let subject = Known { resolved_at: Some(at(120)), ..finding(1, 7) };
        let waiver = waiver(WaiverScope::Findings(vec![subject.id]), 200).unwrap();
        assert_eq!(state(&subject, &[waiver], at(150)), State::Resolved { at: at(120) });
    }

    #[test]
    fn a_waiver_needs_a_reason_an_end_and_something_to_waive() {
        let scope = || WaiverScope::Findings(vec![FindingId(Uuid::nil())]);
        let (id, person) = (WaiverId(Uuid::nil()), PersonId(Uuid::nil()));
        let no_reason = Waiver::new(id, scope(), "  ", person, at(1), at(2));
        assert_eq!(no_reason, Err(WaiverError::NoReason));
        assert_eq!(waiver(WaiverScope::Findings(vec![]), 200), Err(WaiverError::NoFinding));
        assert_eq!(waiver(scope(), 100), Err(WaiverError::AlreadyOver));
        assert_eq!(waiver(scope(), 100 + 367 * 86_400), Err(WaiverError::TooLong));
    }
}
