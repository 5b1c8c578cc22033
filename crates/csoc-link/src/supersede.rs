//! Which of two agents of one cluster is the right one. Pure: values in, a decision out.
//!
//! Story: during a rolling update the old pod and the new one both hold the key. The new one is admitted with a
//! higher number and the old one is told to stand by; when the network later lets the old one reconnect, its number
//! gives it away. If the new one dies, the old one may take over. Clocks are not asked: they differ between nodes.

use uuid::Uuid;

use crate::hello::Refusal;
use crate::identity::Fingerprint;

/// The agent that has the link now, or had it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub incarnation: Uuid,
    pub epoch: u64,
    /// Whether any of its connections is up.
    pub alive: bool,
}

/// The agent that asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub key: Fingerprint,
    pub incarnation: Uuid,
    pub epoch: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The same process: another connection of it, or the same one again after a break.
    Joins {
        epoch: u64,
    },
    /// Another process takes over; the holder's connections are to be ended.
    TakesOver {
        epoch: u64,
    },
    Refused(Refusal),
}

/// `registered` is the key that joined this cluster, `None` when the cluster was removed or the key revoked.
#[must_use]
pub fn decide(registered: Option<&Fingerprint>, holder: Option<&Holder>, claim: &Claim) -> Decision {
    match registered {
        None => return Decision::Refused(Refusal::Revoked),
        Some(key) if *key != claim.key => return Decision::Refused(Refusal::OtherKey),
        Some(_) => {}
    }
    let Some(holder) = holder else {
        // After a restart of the server the number that the agent remembers goes on.
        return Decision::TakesOver { epoch: claim.epoch.unwrap_or(1) };
    };
    if holder.incarnation == claim.incarnation {
        return Decision::Joins { epoch: holder.epoch };
    }
    match claim.epoch {
        // Never admitted before: it started after the holder was admitted.
        None => Decision::TakesOver { epoch: holder.epoch + 1 },
        // This server has forgotten what another replica, or it before a restart, had given.
        Some(epoch) if epoch > holder.epoch => Decision::TakesOver { epoch },
        Some(_) if holder.alive => Decision::Refused(Refusal::Superseded),
        Some(_) => Decision::TakesOver { epoch: holder.epoch + 1 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Uuid = Uuid::from_u128(1);
    const NEW: Uuid = Uuid::from_u128(2);

    fn key(n: u8) -> Fingerprint {
        Fingerprint::of(&[n])
    }

    fn claim(incarnation: Uuid, epoch: Option<u64>) -> Claim {
        Claim { key: key(1), incarnation, epoch }
    }

    fn holder(incarnation: Uuid, epoch: u64, alive: bool) -> Holder {
        Holder { incarnation, epoch, alive }
    }

    #[test]
    fn a_rolling_update_ends_with_the_new_one_however_often_the_old_one_comes_back() {
        let new = decide(Some(&key(1)), Some(&holder(OLD, 4, true)), &claim(NEW, None));
        assert_eq!(new, Decision::TakesOver { epoch: 5 });
        let old = decide(Some(&key(1)), Some(&holder(NEW, 5, true)), &claim(OLD, Some(4)));
        assert_eq!(old, Decision::Refused(Refusal::Superseded));
    }

    #[test]
    fn the_one_standing_by_takes_over_when_the_newer_one_is_gone() {
        let old = decide(Some(&key(1)), Some(&holder(NEW, 5, false)), &claim(OLD, Some(4)));
        assert_eq!(old, Decision::TakesOver { epoch: 6 });
    }

    #[test]
    fn a_half_open_connection_does_not_keep_its_own_agent_out() {
        let again = decide(Some(&key(1)), Some(&holder(OLD, 4, true)), &claim(OLD, Some(4)));
        assert_eq!(again, Decision::Joins { epoch: 4 });
    }

    #[test]
    fn after_a_restart_of_the_server_the_newer_one_still_wins() {
        let first = decide(Some(&key(1)), None, &claim(OLD, Some(4)));
        assert_eq!(first, Decision::TakesOver { epoch: 4 });
        let newer = decide(Some(&key(1)), Some(&holder(OLD, 4, true)), &claim(NEW, Some(5)));
        assert_eq!(newer, Decision::TakesOver { epoch: 5 });
    }

    #[test]
    fn another_key_is_refused_even_when_nobody_is_connected() {
        let other = Claim { key: key(2), ..claim(NEW, None) };
        assert_eq!(decide(Some(&key(1)), None, &other), Decision::Refused(Refusal::OtherKey));
        assert_eq!(
            decide(None, Some(&holder(OLD, 4, true)), &claim(OLD, Some(4))),
            Decision::Refused(Refusal::Revoked)
        );
    }
}
