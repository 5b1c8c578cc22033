//! A branch's landings, one after the other, each compared with the one before.
//!
//! Story: at first start 570 landings are pushed in a few seconds; later a fetch brings two new ones and
//! two are pushed. A history that was rewritten is begun anew by the caller: nothing here looks back
//! further than the last reading and the last days' landings.

use std::collections::HashSet;
use std::sync::Arc;

use super::compare::{Remembered, compare_remembering, is_readable};
use super::landing::Title;
use super::{FileChange, Landing, UNDO_HOURS, Undo, class_of, undo};
use crate::fleet::{CommonsReading, FleetReading};
use crate::redact::Redactor;

/// A commit on the branch's first-parent line, as Git tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub id: Arc<str>,
    /// When it was committed (for a merge: merged).
    pub time: jiff::Timestamp,
    pub author: Arc<str>,
    /// Authors of the commits that a merge brought in.
    pub merged_authors: Vec<Arc<str>>,
    pub message: String,
}

/// What a push gave: the landing's index, and earlier landings whose `undone_by` is now set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    pub index: usize,
    pub undone: Vec<usize>,
}

/// The landings so far, oldest first, and the fleet after the newest.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub landings: Vec<Landing>,
    last: Option<Arc<FleetReading>>,
    /// Commons that cannot be read at the moment, as they were when they last could.
    broken: Remembered,
}

impl History {
    /// Goes on after what is known already: landings of earlier (at least of the last days, oldest first)
    /// and the reading of the newest.
    pub fn resume(landings: Vec<Landing>, last: Option<Arc<FleetReading>>) -> Self {
        Self { landings, last, broken: Remembered::new() }
    }

    /// The fleet after the newest landing.
    pub fn last(&self) -> Option<&Arc<FleetReading>> {
        self.last.as_ref()
    }

    /// Takes the next landing: what it touched against its first parent, and the fleet after it.
    pub fn push(
        &mut self,
        commit: Commit,
        files: Vec<FileChange>,
        reading: Arc<FleetReading>,
        redactor: &Redactor<'_>,
    ) -> Pushed {
        let nothing = Arc::new(FleetReading::default());
        let before = self.last.replace(reading.clone()).unwrap_or(nothing);
        self.remember(&before, &reading);
        let items = compare_remembering(&before, &reading, &files, redactor, &self.broken);
        self.push_items(commit, files, items, None)
    }

    /// Takes a landing of a chart that commons follow: its items ([`super::chart_items`]), and the same commit
    /// of the fleet with the chart after it.
    pub fn push_chart(
        &mut self,
        commit: Commit,
        files: Vec<FileChange>,
        items: Vec<super::ChangeItem>,
        reading: Arc<FleetReading>,
        chart: Arc<str>,
    ) -> Pushed {
        self.last = Some(reading);
        self.push_items(commit, files, items, Some(chart))
    }

    /// The fleet is seen anew without a landing: a chart is at hand that was not, or is not any more.
    pub fn look_again(&mut self, reading: Arc<FleetReading>) {
        self.last = Some(reading);
    }

    fn remember(&mut self, before: &FleetReading, after: &FleetReading) {
        let key = |c: &CommonsReading| (c.folder.clone(), c.application.clone());
        for commons in &before.commons {
            if is_readable(&commons.state) {
                self.broken.remove(&key(commons));
            }
        }
        let unreadable: HashSet<_> = after.commons.iter().filter(|c| !is_readable(&c.state)).map(|c| key(c)).collect();
        if !unreadable.is_empty() {
            for commons in before.commons.iter().filter(|c| is_readable(&c.state) && unreadable.contains(&key(c))) {
                self.broken.insert(key(commons), commons.clone());
            }
        }
    }

    fn push_items(
        &mut self,
        commit: Commit,
        files: Vec<FileChange>,
        items: Vec<super::ChangeItem>,
        chart: Option<Arc<str>>,
    ) -> Pushed {
        let title = Title::parse(&commit.message);
        let mut landing = Landing {
            class: class_of(&title, &files, &items),
            commons: sorted(items.iter().filter_map(|item| item.commons.clone())),
            clusters: sorted(items.iter().filter_map(|item| item.cluster.clone())),
            commit: commit.id,
            time: commit.time,
            author: commit.author,
            merged_authors: commit.merged_authors,
            title: title.text.clone(),
            pull_request: title.pull_request,
            files,
            items,
            undoes: Vec::new(),
            undone_by: None,
            chart,
        };
        let mut undone = Vec::new();
        for (index, undo) in undo::undone(&landing, &title, &self.landings) {
            if undo.hours <= UNDO_HOURS && self.landings[index].undone_by.is_none() {
                self.landings[index].undone_by = Some(Undo { commit: landing.commit.clone(), ..undo.clone() });
                undone.push(index);
            }
            landing.undoes.push(undo);
        }
        self.landings.push(landing);
        Pushed { index: self.landings.len() - 1, undone }
    }
}

fn sorted(names: impl Iterator<Item = Arc<str>>) -> Vec<Arc<str>> {
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.dedup();
    names
}
