//! Files that are broken, missing, somebody else's, or used by nobody.

use std::collections::BTreeSet;
use std::sync::Arc;

use csoc_core::finding::Severity;

use super::look::{Draft, Look, Out, Place, Subject, own_name, subject};
use crate::fleet::{CommonsReading, Irregularity, IrregularityCode, Layout, ReadingState, ValueFile, ValueFileState};
use crate::helm;
use crate::layout::{base, is_yaml};
use crate::tree::EntryKind;
use crate::yaml::{self, Files, Kind, Mark, Node, NoteKind};

pub fn check(look: &Look<'_>, out: &mut Out) {
    let (twice, others): (Vec<_>, Vec<_>) =
        look.reading.irregularities.iter().partition(|odd| odd.code == IrregularityCode::DuplicateKey);
    for irregularity in others {
        one(look, irregularity, out);
    }
    duplicate_keys(look, &twice, out);
    for commons in &look.reading.commons {
        foreign_files(look, commons, out);
        foreign_revision(look, commons, out);
        unused_files(look, commons, out);
    }
}

fn one(look: &Look<'_>, odd: &Irregularity, out: &mut Out) {
    use IrregularityCode as Code;
    let (rule, message) = match odd.code {
        // Looked at by the file, see `duplicate_keys`.
        Code::DuplicateKey => return,
        Code::BrokenYaml => ("broken-file", format!("Not YAML: {}", odd.detail)),
        Code::BrokenJson => ("broken-file", format!("Not JSON: {}", odd.detail)),
        Code::NotAMapping => ("broken-file", format!("Not values: {}", odd.detail)),
        Code::MissingValueFile | Code::MissingGlobMatch => ("missing-values-file", sentence(&odd.detail)),
        Code::EmptyValues if is_whole_commons_empty(look, odd) => {
            ("empty-values", format!("{} is empty", base(&odd.path)))
        }
        // An empty file among others is nobody's problem.
        Code::EmptyValues => return,
        Code::ExtraDocuments => {
            ("extra-document", "Another YAML document begins here; Helm reads only the first".to_owned())
        }
        Code::PathOutside | Code::SymlinkOutside | Code::TooLarge | Code::NotUtf8 | Code::TooDeep | Code::AliasBomb => {
            ("unreadable-file", sentence(&odd.detail))
        }
        // Templates are listed by the reading; a followed link and a partial clone are no faults of the files.
        Code::Template | Code::SymlinkFollowed | Code::ObjectMissing => return,
    };
    out.add(Draft {
        rule,
        severity: None,
        subject: subject_of(look, odd),
        place: place_of(odd),
        about: format!("{}:{}", odd.path, about(odd)),
        message,
        help: None,
        holder: None,
    });
}

fn subject_of(look: &Look<'_>, odd: &Irregularity) -> Subject {
    match &odd.commons {
        Some(folder) if look.commons(folder).is_some() => Subject::Commons(folder.clone()),
        _ => look.subject_of(&odd.path),
    }
}

fn place_of(odd: &Irregularity) -> Place {
    Place { path: odd.path.clone(), line: odd.line.max(1), column: odd.column.max(1) }
}

/// What tells two irregularities of one kind in one file apart without their lines.
fn about(odd: &Irregularity) -> String {
    match odd.code {
        IrregularityCode::MissingValueFile | IrregularityCode::MissingGlobMatch => {
            odd.detail.split_whitespace().find(|word| word.contains('/')).unwrap_or_default().to_owned()
        }
        code => format!("{code:?}"),
    }
}

fn is_whole_commons_empty(look: &Look<'_>, odd: &Irregularity) -> bool {
    odd.commons
        .as_deref()
        .and_then(|folder| look.commons(folder))
        .is_some_and(|commons| commons.state == ReadingState::Empty)
}

/// A sentence as the other findings write it: capital letter, no full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    match chars.next() {
        // A path stays as it is.
        Some(first) if !text.split_whitespace().next().unwrap_or_default().contains('/') => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.trim_end_matches('.').to_owned(),
    }
}

/// So many of one file are told one by one; a file with more was made by a machine, or to do harm.
const DUPLICATES: usize = 100;

/// Each file is read once for all its keys.
fn duplicate_keys(look: &Look<'_>, found: &[&Irregularity], out: &mut Out) {
    for file in found.chunk_by(|a, b| a.path == b.path) {
        let known = look.text(&file[0].path).map(|text| twice_in(&text)).unwrap_or_default();
        for odd in file.iter().take(DUPLICATES) {
            let here = |one: &&Twice| one.later.line == odd.line && one.later.column == odd.column;
            duplicate_key(look, odd, known.iter().find(here), out);
        }
        if let [odd, more @ ..] = file.get(DUPLICATES..).unwrap_or_default() {
            out.add(Draft {
                rule: "duplicate-key",
                severity: None,
                subject: subject_of(look, odd),
                place: place_of(odd),
                about: format!("{}:more", odd.path),
                message: format!("{} more keys of this file stand twice, from here on", more.len() + 1),
                help: None,
                holder: None,
            });
        }
    }
}

/// Which of the two values counts, and whether it matters.
fn duplicate_key(look: &Look<'_>, odd: &Irregularity, found: Option<&Twice>, out: &mut Out) {
    let key = found.map_or_else(|| key_in(&odd.detail), |found| found.key.clone());
    let (severity, message) = match found {
        Some(Twice { first, same: Some(true), .. }) => {
            (Severity::Low, format!("{key} stands here and on line {} with the same value", first.line))
        }
        Some(Twice { first, same: Some(false), .. }) => (
            Severity::High,
            format!("{key} stands on line {} with another value; Helm takes this one and drops that", first.line),
        ),
        Some(Twice { first, same: None, .. }) => {
            (Severity::Medium, format!("{key} stands on line {}, too; Helm takes this one", first.line))
        }
        None => (Severity::Medium, format!("{key} stands twice; Helm takes the last one")),
    };
    out.add(Draft {
        rule: "duplicate-key",
        severity: Some(severity),
        subject: subject_of(look, odd),
        place: place_of(odd),
        about: format!("{}:{key}", odd.path),
        message,
        help: None,
        holder: None,
    });
}

fn key_in(detail: &str) -> String {
    detail.split_whitespace().next().unwrap_or("a key").to_owned()
}

/// A key of a YAML text that stands twice.
pub(super) struct Twice {
    pub key: String,
    pub first: Mark,
    pub later: Mark,
    /// `None` when the first value cannot be cut out of the text.
    pub same: Option<bool>,
}

/// The first keys that stand twice in one mapping of a YAML text; none where it is not YAML.
pub(super) fn twice_in(text: &str) -> Vec<Twice> {
    notes(text).into_iter().take(DUPLICATES).map(|note| compared(text, note)).collect()
}

/// The key, its first place, and its later one.
fn notes(text: &str) -> Vec<(String, Mark, Mark)> {
    let file = Files::default().intern("");
    let Ok(document) = yaml::parse(text.as_bytes(), file, &yaml::Limits::default()) else { return Vec::new() };
    let told = document.notes.iter().filter_map(|note| match &note.kind {
        NoteKind::DuplicateKey { key, first } => Some((key.to_string(), *first, note.mark)),
        _ => None,
    });
    told.collect()
}

fn compared(text: &str, (key, first, later): (String, Mark, Mark)) -> Twice {
    let same = match (value_at(text, first), value_at(text, later)) {
        (Some(a), Some(b)) => Some(crate::diff::same(&a, &b)),
        _ => None,
    };
    Twice { key, first, later, same }
}

/// The value of the block key at this mark, cut out of the text by its indentation.
fn value_at(text: &str, key: Mark) -> Option<Node> {
    let lines: Vec<&str> = text.lines().collect();
    let start = key.line as usize - 1;
    let indent = key.column as usize - 1;
    if !lines.get(start)?.get(..indent)?.bytes().all(|byte| byte == b' ' || byte == b'-') {
        return None;
    }
    let belongs = |line: &&&str| {
        let bare = line.trim_start();
        let depth = line.len() - bare.len();
        bare.is_empty() || bare.starts_with('#') || depth > indent || depth == indent && bare.starts_with("- ")
    };
    let more = lines[start + 1..].iter().take_while(belongs).count();
    let mut block = " ".repeat(indent) + lines[start].get(indent..)?;
    for line in &lines[start + 1..=start + more] {
        block.push('\n');
        block.push_str(line);
    }
    block.push('\n');
    let document = yaml::parse(block.as_bytes(), key.file, &yaml::Limits::default()).ok()?;
    match document.root.kind {
        Kind::Map(map) if map.len() == 1 => map.into_iter().next().map(|(_, entry)| entry.node),
        _ => None,
    }
}

fn foreign_files(look: &Look<'_>, commons: &CommonsReading, out: &mut Out) {
    for file in &commons.value_files {
        let Some(whose) = owner_of(look, commons, file) else { continue };
        let path = file.path.as_deref().unwrap_or(&file.written);
        out.add(Draft {
            rule: "foreign-values-file",
            severity: None,
            subject: subject(commons),
            place: file.at.map_or_else(|| look.declaration(commons), |mark| look.place(mark)),
            about: path.to_owned(),
            message: format!("{} takes its values from {path}, which belongs to {whose}", own_name(commons)),
            help: Some(format!("Point valueFiles at the files below {}.", commons.folder)),
            holder: None,
        });
    }
}

/// Whose file it is, when it is not the commons' own.
pub fn owner_of(look: &Look<'_>, commons: &CommonsReading, file: &ValueFile) -> Option<String> {
    let path = file.path.as_deref().unwrap_or(&file.written);
    let owner = match &file.state {
        ValueFileState::Foreign { owner } => Some(owner.clone()),
        _ => match look.subject_of(path.trim_start_matches('/')) {
            Subject::Commons(owner) if owner != commons.folder && !is_inside(&owner, &commons.folder) => Some(owner),
            _ => None,
        },
    };
    let unknown = matches!(file.state, ValueFileState::UnknownRevision { .. });
    owner
        .map(|owner| look.commons(&owner).map_or_else(|| owner.to_string(), |other| own_name(other).to_owned()))
        .or_else(|| elsewhere_in_cluster(look, commons, path, unknown))
}

fn is_inside(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
        || outer.strip_prefix(inner).is_some_and(|rest| rest.starts_with('/'))
}

/// A path below the same cluster folder whose next part is a hostname, and not this commons': a commons
/// that exists on another revision only, or in another cluster. A hostname that nobody has is a slip of the
/// pen, and the file is missing.
fn elsewhere_in_cluster(look: &Look<'_>, commons: &CommonsReading, path: &str, unknown: bool) -> Option<String> {
    if commons.layout != Layout::Gen3Gitops || look.context.tree.find(path).is_some() {
        return None;
    }
    let (cluster, own) = commons.folder.rsplit_once('/')?;
    let next = path.strip_prefix(cluster)?.strip_prefix('/')?.split('/').next()?;
    let known =
        |hostname: &str| look.reading.commons.iter().any(|other| other.folder_hostname.as_deref() == Some(hostname));
    let anothers = next != own && crate::fleet::looks_like_hostname(next) && (unknown || known(next));
    anothers.then(|| next.to_owned())
}

fn foreign_revision(look: &Look<'_>, commons: &CommonsReading, out: &mut Out) {
    let unknown = commons.value_files.iter().find_map(|file| match &file.state {
        // A path means that the repository is this one.
        ValueFileState::UnknownRevision { revision, .. } if file.path.is_some() => Some((file, revision)),
        _ => None,
    });
    let Some((file, revision)) = unknown else { return };
    out.add(Draft {
        rule: "foreign-values-revision",
        severity: None,
        subject: subject(commons),
        place: file.at.map_or_else(|| look.declaration(commons), |mark| look.place(mark)),
        about: revision.to_string(),
        message: format!("The values of {} are read from {revision}, not from here", own_name(commons)),
        help: None,
        holder: None,
    });
}

/// Value files of the usual folder that the Application does not name.
fn unused_files(look: &Look<'_>, commons: &CommonsReading, out: &mut Out) {
    if commons.layout != Layout::Gen3Gitops || commons.application.is_none() {
        return;
    }
    let used: BTreeSet<&str> = look
        .reading
        .commons
        .iter()
        .flat_map(|commons| &commons.value_files)
        .map(|file| file.path.as_deref().unwrap_or_else(|| file.written.trim_start_matches('/')))
        .collect();
    let folder = format!("{}/values", commons.folder);
    let names: Vec<&str> = look.context.tree.entries().iter().map(|entry| &*entry.path).collect();
    for entry in look.context.tree.under(&folder) {
        let direct = entry.path[folder.len() + 1..].find('/').is_none();
        if !direct || entry.kind != EntryKind::File || !is_yaml(&entry.path) || used.contains(&*entry.path) {
            continue;
        }
        if is_named_elsewhere(look, &names, &entry.path, commons) {
            continue;
        }
        out.add(unused(look, commons, &entry.path));
    }
}

/// Some other file of the folder (a script, a kustomization, the template itself) names it.
fn is_named_elsewhere(look: &Look<'_>, names: &[&str], path: &Arc<str>, commons: &CommonsReading) -> bool {
    let own = format!("{}/", commons.folder);
    let mentions = |other: &&&str| {
        other.starts_with(&own)
            && !other[own.len()..].starts_with("values/")
            && look.text(other).is_some_and(|text| {
                text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains(&**path))
            })
    };
    names.iter().any(|other| mentions(&other))
}

fn unused(look: &Look<'_>, commons: &CommonsReading, path: &Arc<str>) -> Draft {
    let says_nothing = look.text(path).is_some_and(|text| {
        let file = Files::default().intern("");
        helm::values::read(text.as_bytes(), file, &yaml::Limits::default())
            .is_ok_and(|document| matches!(&document.root.kind, Kind::Map(map) if map.is_empty()))
    });
    let (severity, message) = match says_nothing {
        true => (Severity::Info, format!("{} is empty and no valueFiles list names it", base(path))),
        false => (
            Severity::Low,
            format!("{} is not in the valueFiles of {}; edits to it change nothing", base(path), own_name(commons)),
        ),
    };
    Draft {
        rule: "unused-values-file",
        severity: Some(severity),
        subject: subject(commons),
        place: Place::start_of(path),
        about: path.to_string(),
        message,
        help: None,
        holder: None,
    }
}
