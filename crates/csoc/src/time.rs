//! Times as people type them: `2026-05-01`, `2026-05-01T12:00`, RFC 3339, `7d`, `12h`, `2w`.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A moment; days and times without a zone are UTC. `None` when it is no time at all.
pub fn parse(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if let Some(ago) = duration(text) {
        return now.checked_sub(ago).ok();
    }
    // A civil datetime's parser takes a date alone, too, as midnight.
    let civil = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(DateTime::from)).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn duration(text: &str) -> Option<SignedDuration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let hours = match unit {
        "h" => 1,
        "d" => 24,
        "w" => 7 * 24,
        _ => return None,
    };
    let number: i64 = number.parse().ok().filter(|n| (0..100_000).contains(n))?;
    Some(SignedDuration::from_hours(number * hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_to_say_a_time() {
        let now: Timestamp = "2026-05-10T12:00:00Z".parse().unwrap();
        let said = |text: &str| parse(text, now).map(|time| time.to_string());
        assert_eq!(said("2026-05-01").as_deref(), Some("2026-05-01T00:00:00Z"));
        assert_eq!(said("2026-05-01T10:30").as_deref(), Some("2026-05-01T10:30:00Z"));
        assert_eq!(said("2026-05-01T10:30:00+02:00").as_deref(), Some("2026-05-01T08:30:00Z"));
        assert_eq!(said("7d").as_deref(), Some("2026-05-03T12:00:00Z"));
        assert_eq!(said("HEAD~3"), None);
        assert_eq!(said(""), None);
        assert_eq!(said("é"), None);
    }
}
