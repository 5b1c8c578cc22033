//! When to dial again: full jitter, so that a thousand agents whose server restarted do not come as one.
//!
//! The source of randomness is handed in, so that a test can ask for the extremes.

use std::time::Duration;

/// The first pause is between nothing and this.
pub const FIRST: Duration = Duration::from_secs(2);
/// No pause is longer.
pub const LONGEST: Duration = Duration::from_secs(60);
/// A connection that lasted this long was a good one: the next failure begins anew.
pub const GOOD: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next pause. `random` is evenly spread over all of `u64`.
    pub fn next(&mut self, random: u64) -> Duration {
        let ceiling = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        spread(ceiling, random)
    }

    /// A connection ended after `lasted`.
    pub fn ended_after(&mut self, lasted: Duration) {
        if lasted >= GOOD {
            self.failures = 0;
        }
    }
}

/// Somewhere between nothing and `ceiling`, evenly.
#[must_use]
pub fn spread(ceiling: Duration, random: u64) -> Duration {
    let nanos = ceiling.as_nanos() * u128::from(random) / u128::from(u64::MAX);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// Eight bytes from the operating system.
#[must_use]
pub fn random() -> u64 {
    let mut bytes = [0; 8];
    // Without randomness nothing of TLS would work either; a pause in the middle is then as good as any.
    match aws_lc_rs::rand::fill(&mut bytes) {
        Ok(()) => u64::from_le_bytes(bytes),
        Err(_) => u64::MAX / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_up_to_the_longest() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u64> = (0..8).map(|_| backoff.next(u64::MAX).as_secs()).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn every_pause_may_be_nothing_at_all() {
        let mut backoff = Backoff::default();
        assert!((0..100).all(|_| backoff.next(0).is_zero()));
    }

    #[test]
    fn a_server_that_hangs_up_at_once_is_not_dialed_in_a_loop() {
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.next(u64::MAX);
            backoff.ended_after(Duration::from_millis(20));
        }
        assert_eq!(backoff.next(u64::MAX), LONGEST);
        backoff.ended_after(GOOD);
        assert_eq!(backoff.next(u64::MAX), FIRST);
    }
}
