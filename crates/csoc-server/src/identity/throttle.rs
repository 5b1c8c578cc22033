//! How fast one may guess. After a few failures every further one doubles the wait, for the name that was
//! tried and for the address that tries.
//!
//! A failure is counted before the password is looked at and taken back when it was right, so that a
//! hundred attempts at the same moment count as a hundred.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::service::Fault;

/// Failures older than this are forgotten.
const WINDOW: Duration = Duration::from_secs(3600);

/// One kind of counter.
struct Rule {
    kind: &'static str,
    /// So many failures cost nothing.
    free: i64,
    longest: Duration,
}

/// A name's wait stays short: otherwise anybody could lock somebody out.
const NAME: Rule = Rule { kind: "name", free: 5, longest: Duration::from_secs(60) };
/// Several people may share an address.
const ADDRESS: Rule = Rule { kind: "address", free: 20, longest: Duration::from_secs(900) };

impl Rule {
    fn wait(&self, failures: i64) -> Duration {
        match failures - self.free {
            over @ 0.. => Duration::from_secs(1 << over.min(20)).min(self.longest),
            _ => Duration::ZERO,
        }
    }
}

/// One attempt that was counted as failed. Call [`Attempt::succeeded`] when it was not.
#[must_use]
pub struct Attempt {
    subjects: Vec<(&'static str, String)>,
}

/// Counts an attempt, or says how long to wait.
pub async fn begin_attempt(app: &App, name: Option<&str>, address: Option<&str>) -> Result<Attempt, Fault> {
    let subjects: Vec<(Rule, String)> = [
        name.map(|name| (NAME, shortened(&name.trim().to_lowercase()))),
        address.map(|address| (ADDRESS, shortened(address))),
    ]
    .into_iter()
    .flatten()
    .collect();
    // One at a time: looking and counting belong together.
    let _turn = app.sign_in_turn.lock().await;
    let now = app.now();
    for (rule, subject) in &subjects {
        let Some(before) = app.store.throttle_fetch(rule.kind, subject).await? else { continue };
        let ready = before.last_at.checked_add(rule.wait(before.failures)).unwrap_or(now);
        if ready > now && !is_forgotten(before.last_at, now) {
            let wait = Duration::try_from(ready.duration_since(now)).unwrap_or(rule.longest);
            return Err(Fault::Throttled { wait });
        }
    }
    let window_start = now.checked_sub(WINDOW).unwrap_or(now);
    let mut write = app.store.write().await?;
    for (rule, subject) in &subjects {
        write.throttle_fail(rule.kind, subject, window_start, now).await?;
    }
    write.commit().await?;
    Ok(Attempt { subjects: subjects.into_iter().map(|(rule, subject)| (rule.kind, subject)).collect() })
}

impl Attempt {
    /// It was the right password. The address's failures at other names stay only when there were others.
    pub async fn succeeded(self, write: &mut csoc_store::Write) -> Result<(), Fault> {
        for (kind, subject) in &self.subjects {
            write.throttle_clear(kind, subject).await?;
        }
        Ok(())
    }
}

fn is_forgotten(last: Timestamp, now: Timestamp) -> bool {
    now.duration_since(last) > SignedDuration::try_from(WINDOW).unwrap_or(SignedDuration::MAX)
}

fn shortened(subject: &str) -> String {
    subject.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_limit() {
        let waits: Vec<u64> = [1, 4, 5, 6, 7, 10, 11, 500].map(|n| NAME.wait(n).as_secs()).to_vec();
        assert_eq!(waits, [0, 0, 1, 2, 4, 32, 60, 60]);
        assert_eq!(ADDRESS.wait(60).as_secs(), 900);
    }
}
