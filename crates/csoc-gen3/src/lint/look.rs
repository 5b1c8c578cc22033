//! What every rule looks at: the reading, indexed, the files' text, and where findings go.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use csoc_core::commons::Tier;
use csoc_core::finding::Severity;

use super::{Context, NotEvaluated};
use crate::fleet::{ClusterReading, CommonsReading, FleetReading, Layout};
use crate::helm;
use crate::yaml::{Files, Limits, Mark, Node};

/// Larger files are read by no rule that looks at text.
const MAX_TEXT: usize = 8 * 1024 * 1024;

pub struct Look<'a> {
    pub reading: &'a FleetReading,
    pub context: &'a Context<'a>,
    commons: HashMap<&'a str, &'a CommonsReading>,
    clusters: HashMap<&'a str, &'a ClusterReading>,
    texts: RefCell<HashMap<Arc<str>, Option<Arc<str>>>>,
    /// By folder: what the files here say where the deployed ones are read from another branch.
    here: HashMap<Arc<str>, Node>,
    files: Files,
    /// Commons that take their values from another's folder: what is in them is the other's.
    foreign: HashSet<Arc<str>>,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Commons(Arc<str>),
    Cluster(Arc<str>),
    Repository,
}

impl Subject {
    pub fn name(&self) -> &str {
        match self {
            Subject::Commons(folder) | Subject::Cluster(folder) => folder,
            Subject::Repository => "",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: Arc<str>,
    pub line: u32,
    pub column: u32,
}

impl Place {
    pub fn start_of(path: &Arc<str>) -> Self {
        Self { path: path.clone(), line: 1, column: 1 }
    }
}

/// A finding before it has its rule's defaults.
#[derive(Clone, Debug)]
pub struct Draft {
    pub rule: &'static str,
    /// `None`: the rule's own.
    pub severity: Option<Severity>,
    pub subject: Subject,
    pub place: Place,
    /// What tells it from others of the same rule and subject: a path in the values, a name. Never a line,
    /// never a secret.
    pub about: String,
    pub message: String,
    /// `None`: the rule's own.
    pub help: Option<String>,
    /// The line of the scalar that holds the place, when the place is inside text (JSON in a string), where
    /// no comment can stand.
    pub holder: Option<u32>,
}

#[derive(Default)]
pub struct Out {
    pub drafts: Vec<Draft>,
    pub not_evaluated: Vec<NotEvaluated>,
}

impl Out {
    pub fn add(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    pub fn not_evaluated(&mut self, rule: &'static str, commons: Option<&Arc<str>>, reason: impl Into<String>) {
        self.not_evaluated.push(NotEvaluated { rule, commons: commons.cloned(), reason: reason.into() });
    }
}

impl<'a> Look<'a> {
    pub fn new(reading: &'a FleetReading, context: &'a Context<'a>) -> Self {
        let mut files = (*reading.files).clone();
        let unknown = reading.commons.iter().filter(|commons| commons.values.is_none());
        let here = unknown
            .filter_map(|commons| Some((commons.folder.clone(), files_here(commons, context, &mut files)?)))
            .collect();
        let mut look = Self {
            reading,
            context,
            here,
            files,
            foreign: HashSet::new(),
            commons: reading.commons.iter().map(|commons| (&*commons.folder, &**commons)).collect(),
            clusters: reading.clusters.iter().map(|cluster| (&*cluster.folder, &**cluster)).collect(),
            texts: RefCell::default(),
        };
        let foreign = reading.commons.iter().filter(|commons| {
            commons.value_files.iter().any(|file| super::files::owner_of(&look, commons, file).is_some())
        });
        look.foreign = foreign.map(|commons| commons.folder.clone()).collect();
        look
    }

    /// Every commons that is judged by its own values.
    pub fn all(&self) -> impl Iterator<Item = &'a CommonsReading> {
        self.reading.commons.iter().map(|commons| &**commons).filter(|commons| !self.foreign.contains(&commons.folder))
    }

    pub fn commons(&self, folder: &str) -> Option<&'a CommonsReading> {
        self.commons.get(folder).copied()
    }

    pub fn cluster(&self, folder: &str) -> Option<&'a ClusterReading> {
        self.clusters.get(folder).copied()
    }

    pub fn cluster_of(&self, commons: &CommonsReading) -> Option<&'a ClusterReading> {
        self.cluster(commons.cluster.as_deref()?)
    }

    /// Every commons whose values are known.
    pub fn with_values(&self) -> impl Iterator<Item = (&'a CommonsReading, &'a Node)> {
        self.all().filter_map(|commons| Some((commons, commons.values.as_deref()?)))
    }

    /// Every commons whose values are known, and those whose own files are here although another branch is
    /// deployed: what is wrong in them is wrong in the text, whoever reads it.
    pub fn with_text(&self) -> impl Iterator<Item = (&'a CommonsReading, &Node)> {
        self.all().filter_map(|commons| {
            let values = match commons.values.as_deref() {
                Some(values) => values,
                None => self.here.get(&commons.folder)?,
            };
            Some((commons, values))
        })
    }

    pub fn place(&self, mark: Mark) -> Place {
        Place { path: self.files.path(mark.file).clone(), line: mark.line.max(1), column: mark.column.max(1) }
    }

    /// Where the commons is declared, or the first of its value files.
    pub fn declaration(&self, commons: &CommonsReading) -> Place {
        let values = commons.value_files.iter().find_map(|file| file.path.as_ref());
        match (commons.declared_at, values) {
            (Some(mark), _) => self.place(mark),
            (None, Some(path)) => Place::start_of(path),
            (None, None) => Place::start_of(&commons.folder),
        }
    }

    /// A file's text; `None` when it is not at hand, too large, or not UTF-8.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        if let Some(known) = self.texts.borrow().get(path) {
            return known.clone();
        }
        let text = self.context.tree.find(path).and_then(|entry| {
            let bytes = self.context.tree.read(entry.id).ok()?;
            let short = bytes.len() <= MAX_TEXT;
            short.then(|| std::str::from_utf8(&bytes).ok().map(Arc::from)).flatten()
        });
        self.texts.borrow_mut().insert(path.into(), text.clone());
        text
    }
}

/// The listed value files of the commons' own folder, read from this tree.
fn files_here(commons: &CommonsReading, context: &Context<'_>, files: &mut Files) -> Option<Node> {
    let own = format!("{}/", commons.folder);
    let mut layers = Vec::new();
    for file in &commons.value_files {
        let path = file.path.as_deref().filter(|path| path.starts_with(&own))?;
        let bytes = context.tree.read(context.tree.find(path)?.id).ok()?;
        layers.push(helm::values::read(&bytes, files.intern(path), &Limits::default()).ok()?.root);
    }
    (!layers.is_empty()).then(|| helm::values::merge_all(&layers))
}

pub fn subject(commons: &CommonsReading) -> Subject {
    Subject::Commons(commons.folder.clone())
}

/// The name of the commons by its place: with another's values its hostname is another's, too.
pub fn own_name(commons: &CommonsReading) -> &str {
    commons.folder_hostname.as_deref().unwrap_or(&commons.folder)
}

/// The name people know the commons by.
pub fn name(commons: &CommonsReading) -> &str {
    commons.shown_hostname().map_or(&*commons.folder, |hostname| hostname)
}

pub fn is_production(commons: &CommonsReading) -> bool {
    commons.tier.value == Tier::Production
}

/// Do its values belong to the umbrella chart (and not to a manifest.json)?
pub fn has_chart_values(commons: &CommonsReading) -> bool {
    commons.layout != Layout::CdisManifest
}

/// "a", "a and b", "a, b and c", "a, b, c and 4 more".
pub fn list(names: &[impl AsRef<str>]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    match (names.len().saturating_sub(SHOWN), shown.as_slice()) {
        (0, []) => String::new(),
        (0, [only]) => (*only).to_owned(),
        (0, [first @ .., last]) => format!("{} and {last}", first.join(", ")),
        (more, shown) => format!("{} and {more} more", shown.join(", ")),
    }
}
