//! Which landing wrote a line.
//!
//! Story: `account: 053927701465` stands on line 71. The landing of last week moved it there from line 68, the one
//! of March reformatted what is around it, the one of last July wrote it. That one is named, with its author. A file
//! that was moved with its folder is followed to where it was.
//!
//! This walks the first parents, as everything about landings does: what a merge brought landed with the merge, and
//! [`Repository::writer`] says who on the merged branch wrote it.

use std::collections::BTreeMap;
use std::sync::Arc;

use csoc_gen3::tree::{BlobId, EntryKind};
use gix::diff::blob::{Algorithm, Diff, InternedInput};

use crate::error::SourceError;
use crate::history::Landing;
use crate::ids::CommitId;
use crate::paths::{ChangeKind, ChangedPath};
use crate::repository::Repository;

/// Larger files are not compared line by line: whoever last changed one wrote its lines.
const MAX_TEXT: usize = 4 * 1024 * 1024;

/// Merges within merges are followed so far.
const MERGES: usize = 8;

/// A line (from 1) of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub path: Arc<str>,
    pub line: u32,
}

/// Where a line comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// This landing wrote it, as this line. It may be the first there is: then the line is at least so old.
    Written { landing: CommitId, at: Line },
    /// It was there before, at this place of the commit where the walk was to end.
    Before(Line),
    /// What came before is not in this clone.
    Unknown,
}

/// The lines of one file that are still looked for, by their place in the answer.
type Open = BTreeMap<Arc<str>, Vec<(usize, u32)>>;

impl Repository {
    /// The origin of each line of the files at `tip`, looked for down to `until`.
    pub fn origins(&self, tip: CommitId, until: Option<CommitId>, lines: &[Line]) -> Result<Vec<Origin>, SourceError> {
        let mut origins = vec![Origin::Unknown; lines.len()];
        let mut open = Open::new();
        for (at, line) in lines.iter().enumerate() {
            open.entry(line.path.clone()).or_default().push((at, line.line));
        }
        let mut commit = tip;
        while !open.is_empty() {
            if Some(commit) == until {
                for (path, lines) in open {
                    lines.into_iter().for_each(|(at, line)| {
                        origins[at] = Origin::Before(Line { path: path.clone(), line });
                    });
                }
                break;
            }
            let Landing { parents, .. } = self.landing(commit)?;
            let Some(parent) = parents.first().copied() else {
                for (path, lines) in open {
                    lines.into_iter().for_each(|(at, line)| origins[at] = written(commit, &path, line));
                }
                break;
            };
            // A parent that is not in this clone: a shallow one ends here.
            let changed = match self.changed_paths(Some(parent), commit) {
                Ok(changes) => changes.changed,
                Err(SourceError::ObjectMissing { .. }) => break,
                Err(error) => return Err(error),
            };
            for (at, origin) in self.step(&changed, &mut open, commit) {
                origins[at] = origin;
            }
            commit = parent;
        }
        Ok(origins)
    }

    /// From a landing to the one before it: lines that it wrote are answered, the others are now where they were.
    fn step(&self, changed: &[ChangedPath], open: &mut Open, commit: CommitId) -> Vec<(usize, Origin)> {
        let mut answers = Vec::new();
        let mut moved = Open::new();
        for change in changed.iter().filter(|change| change.kind != ChangeKind::Deleted) {
            let Some(lines) = open.remove(&change.path) else { continue };
            let Some((path, before)) = before(change, changed) else {
                answers.extend(lines.into_iter().map(|(at, line)| (at, written(commit, &change.path, line))));
                continue;
            };
            let same = change.new.map(|(_, id)| id) == Some(before);
            let kept = match change.new {
                Some((EntryKind::File, after)) if !same => self.places_before(before, after, &lines),
                _ => lines.iter().map(|(_, line)| Some(*line)).collect(),
            };
            for ((at, line), kept) in lines.into_iter().zip(kept) {
                match kept {
                    Some(line) => moved.entry(path.clone()).or_default().push((at, line)),
                    None => answers.push((at, written(commit, &change.path, line))),
                }
            }
        }
        for (path, lines) in moved {
            open.entry(path).or_default().extend(lines);
        }
        answers
    }

    /// Where each line was before; `None` for one that is new.
    fn places_before(&self, before: BlobId, after: BlobId, lines: &[(usize, u32)]) -> Vec<Option<u32>> {
        let text = |id| self.read(id).ok().filter(|bytes| bytes.len() <= MAX_TEXT);
        let (Some(before), Some(after)) = (text(before), text(after)) else {
            return vec![None; lines.len()];
        };
        let input = InternedInput::new(&*before, &*after);
        let diff = Diff::compute(Algorithm::Histogram, &input);
        let hunks: Vec<_> = diff.hunks().collect();
        let place = |line: u32| {
            let line = line.saturating_sub(1);
            let before = hunks.partition_point(|hunk| hunk.after.end <= line);
            if hunks.get(before).is_some_and(|hunk| hunk.after.contains(&line)) || line as usize >= input.after.len() {
                return None;
            }
            let shift = before.checked_sub(1).map_or((0, 0), |last| (hunks[last].before.end, hunks[last].after.end));
            Some(line - shift.1 + shift.0 + 1)
        };
        lines.iter().map(|(_, line)| place(*line)).collect()
    }

    /// The commit that wrote a line. Where a merge brought it, that is one of the merged branch; where the merge
    /// itself wrote it (a conflict was resolved), the merge.
    pub fn writer(&self, landing: CommitId, at: &Line) -> Result<Landing, SourceError> {
        let (mut found, mut at) = (self.landing(landing)?, at.clone());
        for _ in 0..MERGES {
            let Some(merged) = found.parents.get(1).copied() else { break };
            let Some(there) = self.line_in(merged, found.id, &at)? else { break };
            let Some(Origin::Written { landing, at: place }) = self.origins(merged, None, &[there])?.pop() else {
                break;
            };
            (found, at) = (self.landing(landing)?, place);
        }
        Ok(found)
    }

    /// The place of a line in one of its commit's parents.
    fn line_in(&self, parent: CommitId, commit: CommitId, at: &Line) -> Result<Option<Line>, SourceError> {
        let changed = match self.changed_paths(Some(parent), commit) {
            Ok(changes) => changes.changed,
            Err(SourceError::ObjectMissing { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut open = Open::from([(at.path.clone(), vec![(0, at.line)])]);
        self.step(&changed, &mut open, commit);
        let there = open.into_iter().next();
        Ok(there.and_then(|(path, lines)| lines.first().map(|(_, line)| Line { path, line: *line })))
    }
}

fn written(landing: CommitId, path: &Arc<str>, line: u32) -> Origin {
    Origin::Written { landing, at: Line { path: path.clone(), line } }
}

/// The file before this change: at the same path, or, with the same content, at one that the landing removed.
fn before(change: &ChangedPath, changed: &[ChangedPath]) -> Option<(Arc<str>, BlobId)> {
    if let Some((_, id)) = change.old {
        return Some((change.path.clone(), id));
    }
    let (_, id) = change.new?;
    let mut from = changed.iter().filter(|other| other.kind == ChangeKind::Deleted);
    from.find(|other| other.old.is_some_and(|(_, old)| old == id)).map(|other| (other.path.clone(), id))
}
