//! Landings that took an earlier one back.
//!
//! Story: on Monday staging's fence goes from 2026.02 to a branch build, on Tuesday back to 2026.02. No
//! message says "revert"; the values do. Both landings are linked.

use std::collections::HashMap;

use super::landing::Title;
use super::{ChangeItem, ChangeKind, Landing, UNDO_HOURS, Undo, UndoneHow};
use crate::redact::HIDDEN;

/// The earlier landings that `landing` takes back, as indices into `earlier` (oldest first).
pub(super) fn undone(landing: &Landing, title: &Title, earlier: &[Landing]) -> Vec<(usize, Undo)> {
    let put_back = put_back(&landing.items);
    let mut found = Vec::new();
    for (index, candidate) in earlier.iter().enumerate().rev() {
        let hours = landing.time.duration_since(candidate.time).as_hours();
        let named = names(title, candidate);
        if hours > UNDO_HOURS && !named {
            // Committer times are not sorted after a rebase: look a little further, not at everything.
            if hours > 4 * UNDO_HOURS && title.reverts_commit.is_none() {
                break;
            }
            continue;
        }
        let restored = candidate.items.iter().filter(|item| is_put_back(item, &put_back)).count();
        let of = candidate.items.iter().filter(|item| has_values(item)).count();
        if named || takes_back(restored, of) {
            let how = if named { UndoneHow::Named } else { UndoneHow::Restored };
            found.push((index, Undo { commit: candidate.commit.clone(), how, restored, of, hours }));
        }
    }
    found
}

/// Half of it, so that one value changed twice by a long list of edits is no undoing.
fn takes_back(restored: usize, of: usize) -> bool {
    restored > 0 && restored * 2 >= of
}

fn names(title: &Title, candidate: &Landing) -> bool {
    title.reverts_commit.as_deref().is_some_and(|id| candidate.commit.starts_with(id))
        || title.reverts_title.as_deref().is_some_and(|text| *candidate.title == *text)
}

type Subject<'a> = (Option<&'a str>, Option<&'a str>, &'a str);

fn subject(item: &ChangeItem) -> Subject<'_> {
    (item.commons.as_deref(), item.cluster.as_deref(), &item.path)
}

fn put_back(items: &[ChangeItem]) -> HashMap<Subject<'_>, &ChangeItem> {
    items.iter().filter(|item| has_values(item)).map(|item| (subject(item), item)).collect()
}

fn is_put_back(item: &ChangeItem, later: &HashMap<Subject<'_>, &ChangeItem>) -> bool {
    has_values(item)
        && later.get(&subject(item)).is_some_and(|later| later.before == item.after && later.after == item.before)
}

/// Files and folders have none; of hidden secrets without a digest nothing can be told.
fn has_values(item: &ChangeItem) -> bool {
    let hidden = |value: &Option<serde_json::Value>| value.as_ref().is_some_and(|v| v == HIDDEN);
    let kind = !matches!(item.kind, ChangeKind::File | ChangeKind::Format | ChangeKind::Readability);
    kind && item.before != item.after && !hidden(&item.before) && !hidden(&item.after)
}
