//! How the sources are doing, from what the server last wrote down about them.

use csoc_core::access::Visible;
use csoc_store::{Source, Store};
use jiff::{SignedDuration, Timestamp};

use super::{Findings, Verdict};

/// A source is late after this many of its intervals, but not before so many minutes.
const LATE_INTERVALS: i64 = 5;
const LATE_AT_LEAST: SignedDuration = SignedDuration::from_mins(15);

pub(super) async fn examine(found: &mut Findings, store: &Store, now: Timestamp) {
    let sources = match store.source_list(&Visible::All).await {
        Ok(sources) => sources,
        Err(error) => return found.say(Verdict::Bad, "sources", format!("Sources cannot be listed: {error}.")),
    };
    if sources.is_empty() {
        found.say(Verdict::Doubtful, "sources", "No source is registered yet: there is no fleet to show.");
    }
    for source in &sources {
        one(found, source, now);
    }
}

/// The server writes the API's `SourceState` there; a field that is missing is just not told.
fn one(found: &mut Findings, source: &Source, now: Timestamp) {
    let text = |name: &str| source.state.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let fetched: Option<Timestamp> = text("fetched_at").and_then(|at| at.parse().ok());
    let name = &source.name;
    if source.disabled {
        return found.say(Verdict::Doubtful, "sources", format!("The source `{name}` is paused."));
    }
    let ago = fetched.map_or_else(|| "never".to_owned(), |at| format!("{} ago", age(now.duration_since(at))));
    if let Some(error) = text("error") {
        let told = format!(
            "The source `{name}` was last read {ago}; the last attempt failed: {}.",
            error.trim_end_matches('.')
        );
        return found.say(Verdict::Bad, "sources", told);
    }
    let limit = SignedDuration::from_secs(i64::from(source.interval_s) * LATE_INTERVALS).max(LATE_AT_LEAST);
    let late = source.interval_s > 0 && fetched.is_none_or(|at| now.duration_since(at) > limit);
    let verdict = if late { Verdict::Doubtful } else { Verdict::Good };
    found.say(verdict, "sources", format!("The source `{name}` was last read {ago}."));
}

fn age(age: SignedDuration) -> String {
    match age.as_secs() {
        ..120 => format!("{} s", age.as_secs().max(0)),
        120..7200 => format!("{} min", age.as_mins()),
        7200..172_800 => format!("{} h", age.as_hours()),
        _ => format!("{} days", age.as_hours() / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_as_people_say_them() {
        let told: Vec<String> = [5, 600, 10_000, 400_000].iter().map(|s| age(SignedDuration::from_secs(*s))).collect();
        assert_eq!(told, ["5 s", "10 min", "2 h", "4 days"]);
    }
}
