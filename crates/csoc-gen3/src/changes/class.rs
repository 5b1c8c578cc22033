//! One label for a landing.
//!
//! Story: nine tags and one memory limit: a version bump. Two tags, two limits and a bucket: mixed. What a
//! message calls a revert is one, whatever it touches.

use std::collections::BTreeMap;

use super::landing::Title;
use super::{ChangeItem, ChangeKind, Class, FileChange};

/// `weights` of commons that came, went or moved are the number of values they hold.
pub(super) struct Vote {
    pub area: Class,
    pub weight: usize,
}

/// The class of a landing by its items.
pub fn class_of(title: &Title, files: &[FileChange], items: &[ChangeItem]) -> Class {
    if title.names_a_revert() {
        return Class::Revert;
    }
    if items.is_empty() {
        return if files.is_empty() { Class::Empty } else { Class::Housekeeping };
    }
    of_whole_commons(items).unwrap_or_else(|| by_votes(items.iter().map(vote)))
}

/// A landing about commons that came, went or moved, and about nothing else.
fn of_whole_commons(items: &[ChangeItem]) -> Option<Class> {
    let is_whole =
        |item: &&ChangeItem| matches!(item.area, Class::CommonsAdded | Class::CommonsRemoved | Class::CommonsMoved);
    let whole: Vec<&ChangeItem> = items.iter().filter(is_whole).collect();
    let class = whole.first()?.area;
    let theirs = |item: &ChangeItem| {
        let commons = whole.iter().any(|w| item.commons.is_some() && w.commons == item.commons);
        let cluster = item.commons.is_none() && whole.iter().any(|w| w.cluster == item.cluster);
        commons || cluster || matches!(item.area, Class::Housekeeping | Class::Format)
    };
    (whole.iter().all(|item| item.area == class) && items.iter().all(theirs)).then_some(class)
}

/// A commons that comes or goes outweighs the odd values changed beside it.
const COMMONS_WEIGHT: usize = 20;

fn vote(item: &ChangeItem) -> Vote {
    let weight = match item.kind {
        ChangeKind::CommonsAdded | ChangeKind::CommonsRemoved | ChangeKind::CommonsMoved => COMMONS_WEIGHT,
        ChangeKind::ClusterAdded | ChangeKind::ClusterRemoved => COMMONS_WEIGHT / 4,
        _ => 1,
    };
    Vote { area: item.area, weight }
}

fn by_votes(votes: impl Iterator<Item = Vote>) -> Class {
    let mut sums: BTreeMap<Class, usize> = BTreeMap::new();
    for vote in votes {
        *sums.entry(vote.area).or_default() += vote.weight;
    }
    // What accompanies every landing (baselines, quotes) says nothing about what it was for.
    let telling = |class: &Class| !matches!(class, Class::Housekeeping | Class::Format);
    if sums.keys().any(telling) {
        sums.retain(|class, _| telling(class));
    }
    let total: usize = sums.values().sum();
    match sums.into_iter().max_by_key(|(_, weight)| *weight) {
        Some((class, weight)) if weight * 10 >= total * 6 => class,
        Some(_) => Class::Mixed,
        None => Class::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(votes: &[(Class, usize)]) -> Class {
        by_votes(votes.iter().map(|(area, weight)| Vote { area: *area, weight: *weight }))
    }

    #[test]
    fn six_of_ten_give_the_name() {
        assert_eq!(by(&[(Class::Version, 6), (Class::Scaling, 4)]), Class::Version);
        assert_eq!(by(&[(Class::Version, 5), (Class::Scaling, 4)]), Class::Mixed);
        assert_eq!(by(&[(Class::Version, 1), (Class::Housekeeping, 9)]), Class::Version);
        assert_eq!(by(&[(Class::Housekeeping, 1), (Class::Format, 2)]), Class::Format);
    }
}
