//! What landed on a branch, and when.
//!
//! Story: the server knows landing `c748297`; it fetches and asks for the history since then: three
//! landings, oldest first, each with its author, pull request title and time. Had the branch been rewritten
//! (a force push), the answer would begin with [`Start::Rewritten`] and name the last landing both agree on.
//!
//! A landing is one commit on the branch's first-parent chain: what `git log --first-parent` shows. The
//! commits a merge brought in are [`Repository::merged_commits`].

use std::collections::{BinaryHeap, HashMap, HashSet};

use jiff::Timestamp;

use crate::error::SourceError;
use crate::ids::CommitId;
use crate::repository::Repository;

/// Who, and when by their own clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub name: String,
    pub email: String,
    pub time: Timestamp,
    /// East of UTC.
    pub offset_seconds: i32,
}

/// One commit on the first-parent chain (or, from [`Repository::merged_commits`], one that a merge brought).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    pub id: CommitId,
    /// The first is the landing before this one; the others were merged.
    pub parents: Vec<CommitId>,
    pub author: Signature,
    /// Its time is when the commit landed.
    pub committer: Signature,
    /// First line of the message.
    pub title: String,
    /// The rest of the message, without surrounding blank lines.
    pub body: String,
}

impl Landing {
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

/// Where a walk began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the branch's first commit.
    Root,
    /// After the landing that was known.
    Known,
    /// This parent is not in the clone (shallow): what came before is not known.
    Cut { missing: CommitId },
    /// The known landing is no longer on the branch. The landings listed follow `common`, the newest one
    /// that both have; without it, they are the whole history.
    Rewritten { lost: CommitId, common: Option<CommitId> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub start: Start,
    /// Oldest first.
    pub landings: Vec<Landing>,
}

impl Repository {
    /// The landings that lead to `tip`, after `known` when it is given.
    pub fn history(&self, tip: CommitId, known: Option<CommitId>) -> Result<History, SourceError> {
        self.with(|git| {
            let (mut chain, end) = first_parents(git, tip, known)?;
            let (start, end) = match (end, known) {
                (End::Reached, _) => (Start::Known, chain.len()),
                (End::Root, None) => (Start::Root, chain.len()),
                (End::Missing(missing), None) => (Start::Cut { missing }, chain.len()),
                (_, Some(lost)) => rewritten(git, &chain, lost)?,
            };
            chain.truncate(end);
            chain.reverse();
            let landings = chain.into_iter().map(|id| landing(git, id)).collect::<Result<_, _>>()?;
            Ok(History { start, landings })
        })
    }

    /// The landings that lead to `tip` and when each landed, newest first: a branch's whole line for those who
    /// ask for many times of it. Ends where the clone ends.
    pub fn line(&self, tip: CommitId) -> Result<Vec<(CommitId, Timestamp)>, SourceError> {
        self.with(|git| {
            let (mut line, mut next) = (Vec::new(), Some(tip));
            while let Some(id) = next {
                let Some(node) = node(git, id)? else { break };
                line.push((id, Timestamp::from_second(node.seconds).unwrap_or_default()));
                next = node.parents.first().copied();
            }
            Ok(line)
        })
    }

    /// The newest landing at or before `time`, by the committer's clock.
    pub fn resolve_at(&self, tip: CommitId, time: Timestamp) -> Result<CommitId, SourceError> {
        self.with(|git| {
            let mut next = Some(tip);
            while let Some(id) = next {
                let Some(node) = node(git, id)? else { break };
                if node.seconds <= time.as_second() {
                    return Ok(id);
                }
                next = node.parents.first().copied();
            }
            Err(SourceError::NothingBefore { time })
        })
    }

    /// One commit, read.
    pub fn landing(&self, id: CommitId) -> Result<Landing, SourceError> {
        self.with(|git| landing(git, id))
    }

    /// The commits that a merge brought onto the branch, newest first, at most `limit`: reachable from its
    /// other parents and not from its first.
    pub fn merged_commits(&self, merge: &Landing, limit: usize) -> Result<Vec<Landing>, SourceError> {
        let [onto, merged @ ..] = merge.parents.as_slice() else { return Ok(Vec::new()) };
        self.with(|git| {
            let ids = reachable_only(git, merged, *onto, limit)?;
            ids.into_iter().map(|id| landing(git, id)).collect()
        })
    }

    /// Is `ancestor` reachable from `descendant` by any parent?
    pub fn is_ancestor(&self, ancestor: CommitId, descendant: CommitId) -> Result<bool, SourceError> {
        self.with(|git| {
            let Some(target) = node(git, ancestor)? else { return Ok(false) };
            let mut seen = HashSet::from([descendant]);
            let mut open = vec![descendant];
            while let Some(id) = open.pop() {
                if id == ancestor {
                    return Ok(true);
                }
                let Some(node) = node(git, id)? else { continue };
                // A parent is not newer than its child; a day of wrong clocks is forgiven.
                if node.seconds + 86_400 >= target.seconds {
                    open.extend(node.parents.into_iter().filter(|parent| seen.insert(*parent)));
                }
            }
            Ok(false)
        })
    }
}

enum End {
    Reached,
    Root,
    Missing(CommitId),
}

/// From `tip` down the first parents, newest first, without `until`.
fn first_parents(
    git: &gix::Repository,
    tip: CommitId,
    until: Option<CommitId>,
) -> Result<(Vec<CommitId>, End), SourceError> {
    let mut chain = Vec::new();
    let mut next = tip;
    loop {
        if Some(next) == until {
            return Ok((chain, End::Reached));
        }
        let Some(node) = node(git, next)? else {
            if chain.is_empty() {
                return Err(SourceError::ObjectMissing { id: next });
            }
            return Ok((chain, End::Missing(next)));
        };
        chain.push(next);
        match node.parents.first() {
            Some(parent) => next = *parent,
            None => return Ok((chain, End::Root)),
        }
    }
}

/// Where the chain (newest first) leaves the one that led to `lost`.
fn rewritten(git: &gix::Repository, chain: &[CommitId], lost: CommitId) -> Result<(Start, usize), SourceError> {
    let old: HashSet<CommitId> = match first_parents(git, lost, None) {
        Ok((old, _)) => old.into_iter().collect(),
        // The old commits were collected: nothing to compare with.
        Err(SourceError::ObjectMissing { .. }) => HashSet::new(),
        Err(error) => return Err(error),
    };
    let meets = chain.iter().position(|id| old.contains(id));
    let common = meets.map(|at| chain[at]);
    Ok((Start::Rewritten { lost, common }, meets.unwrap_or(chain.len())))
}

/// Paint from the youngest down: what only the merged side reaches is wanted. Ends when every open commit
/// is reached from `onto` too, so a short-lived branch costs a few commits, not the whole history.
fn reachable_only(
    git: &gix::Repository,
    merged: &[CommitId],
    onto: CommitId,
    limit: usize,
) -> Result<Vec<CommitId>, SourceError> {
    let mut hidden: HashMap<CommitId, bool> = HashMap::from([(onto, true)]);
    for id in merged {
        hidden.entry(*id).or_insert(false);
    }
    let mut open = BinaryHeap::new();
    for id in hidden.keys() {
        if let Some(node) = node(git, *id)? {
            open.push((node.seconds, *id));
        }
    }
    let mut wanted = Vec::new();
    // Commits with wrong clocks may be painted late: `wanted` is filtered again at the end.
    let mut open_wanted = open.iter().filter(|(_, id)| !hidden[id]).count();
    while open_wanted > 0 && wanted.len() < limit.saturating_mul(2) {
        let Some((_, id)) = open.pop() else { break };
        let is_hidden = hidden[&id];
        if !is_hidden {
            open_wanted -= 1;
            wanted.push(id);
        }
        let Some(here) = node(git, id)? else { continue };
        for parent in here.parents {
            match hidden.get(&parent) {
                None => {
                    hidden.insert(parent, is_hidden);
                    if let Some(above) = node(git, parent)? {
                        open.push((above.seconds, parent));
                        open_wanted += usize::from(!is_hidden);
                    }
                }
                Some(false) if is_hidden => {
                    hidden.insert(parent, true);
                    open_wanted -= usize::from(open.iter().any(|(_, id)| *id == parent));
                }
                Some(_) => {}
            }
        }
    }
    wanted.retain(|id| !hidden[id]);
    wanted.truncate(limit);
    Ok(wanted)
}

struct Node {
    parents: Vec<CommitId>,
    /// Committer's time.
    seconds: i64,
}

/// A commit's parents and time; `None` when it is not in this clone.
fn node(git: &gix::Repository, id: CommitId) -> Result<Option<Node>, SourceError> {
    const STEP: &str = "reading a commit";
    let object = git.try_find_object(id.object()).map_err(|error| SourceError::git(STEP, &error))?;
    let Some(object) = object else { return Ok(None) };
    let commit = object.try_into_commit().map_err(|e| SourceError::Corrupt { step: STEP, detail: e.to_string() })?;
    let decoded = commit.decode().map_err(|error| SourceError::git(STEP, &error))?;
    let committer = decoded.committer().map_err(|error| SourceError::git(STEP, &error))?;
    let parents = decoded.parents().map(|parent| CommitId::of(&parent)).collect();
    Ok(Some(Node { parents, seconds: committer.seconds() }))
}

fn landing(git: &gix::Repository, id: CommitId) -> Result<Landing, SourceError> {
    const STEP: &str = "reading a commit";
    let failed = |error: gix::Error| SourceError::git(STEP, &error);
    let object = git.try_find_object(id.object()).map_err(failed)?;
    let object = object.ok_or(SourceError::ObjectMissing { id })?;
    let commit = object.try_into_commit().map_err(|e| SourceError::Corrupt { step: STEP, detail: e.to_string() })?;
    let decoded = commit.decode().map_err(failed)?;
    let message = decoded.message.to_string();
    let (title, body) = message.trim_start().split_once('\n').unwrap_or((message.trim(), ""));
    Ok(Landing {
        id,
        parents: decoded.parents().map(|parent| CommitId::of(&parent)).collect(),
        author: signature(&decoded.author().map_err(failed)?),
        committer: signature(&decoded.committer().map_err(failed)?),
        title: title.trim().to_owned(),
        body: body.trim_matches('\n').trim_end().to_owned(),
    })
}

/// A time that cannot be read (old tools wrote such commits) is the epoch, as Git itself shows it.
fn signature(of: &gix::actor::SignatureRef<'_>) -> Signature {
    let of = of.trim();
    let time = of.time().unwrap_or_default();
    Signature {
        name: of.name.to_string(),
        email: of.email.to_string(),
        time: Timestamp::from_second(time.seconds).unwrap_or_default(),
        offset_seconds: time.offset,
    }
}
