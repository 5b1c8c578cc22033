//! From `valueFiles` as written to files of this tree, each with what became of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ours::Ours;
use super::{Irregularity, IrregularityCode, Said, ValueFile, ValueFileState};
use crate::argo::location::{FilePath, reference, resolve as resolve_path};
use crate::argo::{Application, Source};
use crate::helm::argo::{ResolvedState, is_pattern, resolve_value_files};
use crate::tree::{Entry, EntryKind, Tree};

/// One file of the list; a glob gives several.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub file: ValueFile,
    /// The bytes to read: the file itself, or what a symbolic link leads to.
    pub entry: Option<Entry>,
    pub oddity: Option<(IrregularityCode, String)>,
    /// Found by a pattern; a path that is written out as well takes its place from there.
    by_pattern: bool,
}

impl Resolved {
    pub fn new(said: &Said<Arc<str>>, path: Option<Arc<str>>, state: ValueFileState) -> Self {
        let file = ValueFile { written: said.value.clone(), path, state, at: said.at };
        Self { file, entry: None, oddity: None, by_pattern: false }
    }

    fn odd(mut self, code: IrregularityCode, detail: impl Into<String>) -> Self {
        self.oddity = Some((code, detail.into()));
        self
    }

    /// The oddity as an irregularity of the place that names the file.
    pub fn irregularity(&self, declared_in: &Arc<str>, commons: &Arc<str>) -> Option<Irregularity> {
        let (code, detail) = self.oddity.clone()?;
        let at = self.file.at.unwrap_or_default();
        Some(Irregularity {
            code,
            path: declared_in.clone(),
            line: at.line.max(1),
            column: at.column.max(1),
            commons: Some(commons.clone()),
            detail,
        })
    }
}

/// A file that the layout implies, without an Application that names it.
pub fn implied(path: &Arc<str>, tree: &dyn Tree) -> Resolved {
    let said = Said { value: path.clone(), at: None };
    open(&said, path, tree, false)
}

/// The value files of one source, in order.
pub fn resolve(application: &Application, source: &Source, tree: &dyn Tree, ours: &Ours) -> Vec<Resolved> {
    let Some(helm) = &source.helm else { return Vec::new() };
    let ignore = helm.ignore_missing_value_files;
    let mut all: Vec<_> =
        helm.value_files.iter().flat_map(|said| one(application, source, said, tree, ours, ignore)).collect();
    let written: BTreeSet<Arc<str>> =
        all.iter().filter(|file| !file.by_pattern).filter_map(|file| file.file.path.clone()).collect();
    let mut once = BTreeSet::new();
    // Argo CD passes a file once, at its first place.
    all.retain(|file| match (&file.file.path, &file.entry) {
        (Some(path), Some(_)) => !(file.by_pattern && written.contains(path)) && once.insert(path.clone()),
        _ => true,
    });
    all
}

/// The paths in this repository that a source's list names, whatever their revision.
pub fn paths(application: &Application, source: &Source, ours: &Ours) -> Vec<Arc<str>> {
    let Some(helm) = &source.helm else { return Vec::new() };
    let located = helm.value_files.iter().filter_map(|said| locate(application, source, &said.value).ok());
    let own = located.filter(|there| ours.repository(&there.repository));
    own.filter_map(|there| match there.path {
        FilePath::Inside(path) => Some(path.into()),
        FilePath::Outside | FilePath::Url => None,
    })
    .collect()
}

struct There {
    repository: String,
    revision: String,
    path: FilePath,
    by_reference: bool,
}

/// Repository, revision and path of a written value file; `Err` is the sentence why not.
fn locate(application: &Application, source: &Source, written: &str) -> Result<There, String> {
    let value = |said: &Option<Said<Arc<str>>>| said.as_ref().map_or(String::new(), |said| said.value.to_string());
    let (from, folder, written, by_reference) = match reference(written) {
        Some((name, path)) => {
            let named = |s: &&Source| s.reference.as_ref().is_some_and(|reference| *reference.value == *name);
            let from = application.sources.iter().find(named);
            (from.ok_or_else(|| format!("no source of the Application has ref: {name}"))?, String::new(), path, true)
        }
        None => (source, value(&source.path), written, false),
    };
    let path = resolve_path(&folder, written);
    Ok(There { repository: value(&from.repository), revision: value(&from.revision), path, by_reference })
}

fn one(
    application: &Application,
    source: &Source,
    said: &Said<Arc<str>>,
    tree: &dyn Tree,
    ours: &Ours,
    ignore: bool,
) -> Vec<Resolved> {
    let there = match locate(application, source, &said.value) {
        Ok(there) => there,
        Err(reason) => return vec![Resolved::new(said, None, ValueFileState::Broken(reason))],
    };
    let path = match there.path {
        FilePath::Inside(path) => path,
        FilePath::Url => return vec![Resolved::new(said, None, ValueFileState::Outside)],
        FilePath::Outside => {
            let detail = format!("{} leads out of its repository; Argo CD refuses it", said.value);
            let file = Resolved::new(said, None, ValueFileState::Outside);
            return vec![file.odd(IrregularityCode::PathOutside, detail)];
        }
    };
    let own = ours.repository(&there.repository);
    if own && ours.revision(&there.revision) {
        return here(said, &path, tree, ignore);
    }
    if !there.by_reference && !own && crate::layout::base(&path) == "values.yaml" && !said.value.contains('/') {
        // The chart's own defaults, named once more; they are the lowest layer anyway.
        return vec![Resolved::new(said, None, ValueFileState::Outside)];
    }
    let state = ValueFileState::UnknownRevision {
        repository: there.repository.into(),
        revision: if there.revision.is_empty() { "HEAD".into() } else { there.revision.into() },
    };
    vec![Resolved::new(said, own.then(|| path.into()), state)]
}

fn here(said: &Said<Arc<str>>, path: &str, tree: &dyn Tree, ignore: bool) -> Vec<Resolved> {
    if !is_pattern(path) {
        return vec![open(said, path, tree, ignore)];
    }
    let expanded = resolve_value_files(&[path], tree, ignore);
    let file = |state| Resolved::new(said, None, state);
    let each = expanded.into_iter().map(|resolved| match resolved.state {
        ResolvedState::Found(path) => {
            let mut resolved = open(said, &path, tree, ignore);
            resolved.by_pattern = true;
            resolved
        }
        ResolvedState::NoMatchIgnored | ResolvedState::MissingIgnored => file(ValueFileState::MissingIgnored),
        ResolvedState::NoMatch | ResolvedState::Missing => file(ValueFileState::Missing)
            .odd(IrregularityCode::MissingGlobMatch, format!("no file matches {path}; Argo CD cannot render")),
        ResolvedState::BadPattern(error) => {
            file(ValueFileState::Broken(format!("the pattern cannot be read: {error}")))
        }
    });
    each.collect()
}

fn open(said: &Said<Arc<str>>, path: &str, tree: &dyn Tree, ignore: bool) -> Resolved {
    let found = |state| Resolved::new(said, Some(path.into()), state);
    match follow(path, tree) {
        Follow::File { entry, linked } => {
            let mut resolved = found(ValueFileState::Read);
            if linked {
                let detail = format!("{path} is a symbolic link to {}", entry.path);
                resolved = resolved.odd(IrregularityCode::SymlinkFollowed, detail);
            }
            resolved.entry = Some(entry);
            resolved
        }
        Follow::Outside(target) => {
            let reason = format!("{path} is a symbolic link to {target}, outside the repository");
            found(ValueFileState::Broken(reason.clone())).odd(IrregularityCode::SymlinkOutside, reason)
        }
        Follow::Missing if ignore => found(ValueFileState::MissingIgnored),
        Follow::Missing => found(ValueFileState::Missing)
            .odd(IrregularityCode::MissingValueFile, format!("{path} is not in the repository; Argo CD cannot render")),
    }
}

enum Follow {
    File { entry: Entry, linked: bool },
    Outside(String),
    Missing,
}

/// Find a path, through symbolic links of files and of folders, never out of the tree.
fn follow(path: &str, tree: &dyn Tree) -> Follow {
    let mut path = path.to_owned();
    for step in 0..16 {
        let link = match tree.find(&path) {
            Some(entry) if entry.kind == EntryKind::File => {
                return Follow::File { entry: entry.clone(), linked: step > 0 };
            }
            Some(entry) if entry.kind == EntryKind::Symlink => Some((entry, "")),
            Some(_) => None,
            None => path.match_indices('/').find_map(|(at, _)| {
                let entry = tree.find(&path[..at])?;
                (entry.kind == EntryKind::Symlink).then_some((entry, &path[at..]))
            }),
        };
        let Some((entry, rest)) = link else { return Follow::Missing };
        let Ok(target) = tree.read(entry.id) else { return Follow::Missing };
        let target = String::from_utf8_lossy(&target).into_owned();
        if target.starts_with('/') {
            return Follow::Outside(target);
        }
        match resolve_path(crate::layout::parent(&entry.path), &target) {
            FilePath::Inside(inside) => path = format!("{inside}{rest}"),
            FilePath::Outside | FilePath::Url => return Follow::Outside(target),
        }
    }
    Follow::Missing
}
