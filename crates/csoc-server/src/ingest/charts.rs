//! Charts of an organization, out of its sources of kind `chart`.
//!
//! Story: an Application names `https://github.com/example/gen3-helm.git`, folder `helm/gen3`, at `master`. A
//! chart source of the same organization has that address (or an alias of it), so its copy is asked: what
//! `master` is now, or was at the time that is looked at. A branch the copy does not have is not known, and
//! never is another branch; another organization's copy is never asked, whatever it is called.
//!
//! What is found within one reading stays the same while it lasts: a fetch beside it changes nothing.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use csoc_core::access::Visible;
use csoc_core::{OrganizationId, SourceId};
use csoc_gen3::argo::location::{Place, Repository as Address, Sameness};
use csoc_gen3::fleet::{ChartPlace, ChartRef, Charts, FleetReading};
use csoc_gen3::tree::{EntryKind, Tree};
use csoc_gen3::yaml::{FileId, Limits, parse};
use csoc_source::{CommitId, Repository};
use csoc_store::{Source, SourceKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::locate::{blocking, remote};
use super::locked;
use crate::app::App;
use crate::fleet_view::entry::CommonsEntry;
use crate::service::Fault;

/// Trees of commits that are kept while a reading lasts.
const TREES: usize = 12;

/// The chart sources of one organization, as they are at one moment.
pub(crate) struct ChartSources {
    known: Vec<Known>,
    /// Registered, and not to be opened: its name and why.
    missing: BTreeMap<SourceId, (String, String)>,
    lines: Mutex<HashMap<CommitId, Arc<Line>>>,
    trees: Mutex<Vec<(CommitId, Opened)>>,
}

struct Known {
    id: SourceId,
    name: String,
    /// Under which addresses Applications name it; which branch is its default.
    place: Place,
    /// The aliases as written: a registry's address may have no path.
    aliases: Vec<String>,
    repository: Repository,
}

#[derive(Clone)]
struct Opened {
    tree: Arc<dyn Tree>,
    name: Arc<str>,
}

/// A branch's landings, newest first.
pub(super) struct Line {
    pub landings: Vec<(CommitId, Timestamp)>,
    at: HashMap<CommitId, usize>,
}

/// A branch of a chart source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Followed {
    pub chart: SourceId,
    pub branch: String,
}

/// Where a branch stands, or stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    #[serde(flatten)]
    pub followed: Followed,
    pub commit: String,
}

pub(super) type Positions = BTreeMap<Followed, CommitId>;

/// What a revision of an Application means.
#[derive(Clone)]
enum Means {
    Branch(Followed),
    /// A tag or a commit: the same for ever.
    Commit(SourceId, CommitId),
}

impl ChartSources {
    /// Opens them. Needs no network: what was fetched last is what there is.
    pub async fn load(app: &App, organization: OrganizationId) -> Result<Arc<Self>, Fault> {
        let sources = app.store.source_list(&Visible::Only([organization].into())).await?;
        let charts = sources.into_iter().filter(|source| source.kind == SourceKind::Chart);
        let mut opening = Vec::new();
        for source in charts {
            opening.push((remote(app, &source)?, source));
        }
        blocking(move || {
            let (mut known, mut missing) = (Vec::new(), BTreeMap::new());
            for (remote, source) in opening {
                match remote.kept() {
                    Ok(Some(repository)) => known.push(Known::new(&source, repository)),
                    Ok(None) => drop(missing.insert(source.id, (source.name, "it was not fetched yet".to_owned()))),
                    Err(error) => drop(missing.insert(source.id, (source.name, error.to_string()))),
                }
            }
            known.sort_by_key(|known| known.id);
            Ok(Arc::new(Self { known, missing, lines: Mutex::default(), trees: Mutex::default() }))
        })
        .await
    }

    /// Who they are and how they are found, to notice that one came, went or got another name.
    pub(super) fn identities(&self) -> BTreeMap<SourceId, String> {
        let text = |known: &Known| format!("{:?} {:?}", known.place.repository_urls, known.place.branch);
        self.known.iter().map(|known| (known.id, text(known))).collect()
    }

    /// Registered and not at hand: its name and why.
    pub(super) fn missing(&self, id: SourceId) -> Option<&(String, String)> {
        self.missing.get(&id)
    }

    /// Is this the address of one of these sources?
    pub(super) fn is_named(&self, id: SourceId, repository: &str) -> bool {
        self.matching(repository).any(|known| known.id == id)
    }

    /// Is this the address of any of these sources?
    pub(super) fn is_any_named(&self, repository: &str) -> bool {
        self.matching(repository).next().is_some()
    }

    /// Those with this very address before mirrors of it on other hosts.
    fn matching<'s>(&'s self, repository: &'s str) -> impl Iterator<Item = &'s Known> {
        let exactly = self.known.iter().filter(|known| known.is_at(repository));
        let mirrors = self
            .known
            .iter()
            .filter(|known| !known.is_at(repository) && known.place.is_this_repository(repository) == Sameness::Same);
        exactly.chain(mirrors)
    }

    fn known(&self, id: SourceId) -> Option<&Known> {
        self.known.iter().find(|known| known.id == id)
    }

    pub(super) fn repository(&self, id: SourceId) -> Option<&Repository> {
        self.known(id).map(|known| &known.repository)
    }

    /// As they are now.
    pub fn now(self: &Arc<Self>) -> Arc<ChartsThen> {
        self.then(None, Positions::new())
    }

    /// As they were at a time: each branch at its newest landing until then.
    pub fn at(self: &Arc<Self>, time: Timestamp) -> Arc<ChartsThen> {
        self.then(Some(time), Positions::new())
    }

    /// With some branches where they are said to be; the others as they are now.
    pub fn pinned(self: &Arc<Self>, positions: &[Position]) -> Arc<ChartsThen> {
        let position = |position: &Position| Some((position.followed.clone(), position.commit.parse().ok()?));
        self.then(None, positions.iter().filter_map(position).collect())
    }

    fn then(self: &Arc<Self>, time: Option<Timestamp>, positions: Positions) -> Arc<ChartsThen> {
        let state = State { time, positions, means: HashMap::new(), used: BTreeMap::new() };
        Arc::new(ChartsThen { sources: self.clone(), state: Mutex::new(state) })
    }

    /// When a commit of one of them landed.
    pub fn time_of(&self, id: &str) -> Option<Timestamp> {
        self.known.iter().find_map(|known| {
            let commit = known.repository.commit(id)?;
            known.repository.landing(commit).ok().map(|landing| landing.committer.time)
        })
    }

    /// The newest commit of a branch.
    pub(super) fn tip(&self, followed: &Followed) -> Option<CommitId> {
        let known = self.known(followed.chart)?;
        known.repository.branch(&followed.branch).ok().map(|branch| branch.tip)
    }

    pub(super) fn line(&self, known: SourceId, tip: CommitId) -> Option<Arc<Line>> {
        if let Some(line) = locked(&self.lines).get(&tip) {
            return Some(line.clone());
        }
        let landings = self.repository(known)?.line(tip).ok()?;
        let at = landings.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let line = Arc::new(Line { landings, at });
        locked(&self.lines).insert(tip, line.clone());
        Some(line)
    }

    fn open(&self, known: &Known, commit: CommitId) -> Option<Opened> {
        let mut trees = locked(&self.trees);
        if let Some(at) = trees.iter().position(|(id, _)| *id == commit) {
            let kept = trees.remove(at);
            let opened = kept.1.clone();
            trees.push(kept);
            return Some(opened);
        }
        let tree: Arc<dyn Tree> = Arc::new(known.repository.tree(commit).ok()?);
        let name = format!("{}@{}", known.name, &commit.to_string()[..8]).into();
        let opened = Opened { tree, name };
        if trees.len() == TREES {
            trees.remove(0);
        }
        trees.push((commit, opened.clone()));
        Some(opened)
    }
}

impl Known {
    fn new(source: &Source, repository: Repository) -> Self {
        let mut repository_urls = vec![source.location.clone()];
        repository_urls.extend(source.aliases.iter().cloned());
        let branch = Some(source.branch.clone()).filter(|branch| !branch.is_empty());
        let place = Place { repository_urls, branch, ..Place::default() };
        let aliases = source.aliases.iter().map(|alias| plain(alias).to_owned()).collect();
        Self { id: source.id, name: source.name.clone(), place, aliases, repository }
    }

    fn is_at(&self, address: &str) -> bool {
        let there = Address::parse(address);
        let same = |url: &String| there.is_some() && Address::parse(url) == there;
        self.has_alias(address) || self.place.repository_urls.iter().any(same)
    }

    fn has_alias(&self, address: &str) -> bool {
        self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(plain(address)))
    }

    fn means(&self, revision: &str) -> Option<Means> {
        let revision = revision.strip_prefix("refs/heads/").unwrap_or(revision);
        let branch = |name: &str| Means::Branch(Followed { chart: self.id, branch: name.to_owned() });
        if self.repository.branch(revision).is_ok() {
            return Some(branch(revision));
        }
        let tag = self.repository.tag(revision.strip_prefix("refs/tags/").unwrap_or(revision));
        // As Argo CD does, seven digits are enough.
        let commit = || self.repository.commit(revision).filter(|_| revision.len() >= 7);
        if let Some(commit) = tag.or_else(commit) {
            return Some(Means::Commit(self.id, commit));
        }
        // `HEAD`, or the default branch by its other name.
        let default = self.place.branch.as_deref().filter(|_| self.place.is_read_revision(revision))?;
        self.repository.branch(default).ok().map(|_| branch(default))
    }

    /// A packaged chart of a registry: the tag of that very version.
    fn packaged(&self, chart: &str, version: &str) -> Option<Means> {
        let plain = version.strip_prefix('v').unwrap_or(version);
        let tags = [format!("{chart}-{plain}"), format!("v{plain}"), plain.to_owned()];
        tags.iter().find_map(|tag| self.repository.tag(tag)).map(|commit| Means::Commit(self.id, commit))
    }
}

impl Line {
    /// The newest landing until then.
    pub(super) fn until(&self, time: Timestamp) -> Option<CommitId> {
        self.landings.iter().find(|(_, at)| *at <= time).map(|(id, _)| *id)
    }

    /// The landings after one, oldest first; `None` when that one is not on this line.
    pub(super) fn after(&self, commit: CommitId) -> Option<impl DoubleEndedIterator<Item = (CommitId, Timestamp)>> {
        let at = *self.at.get(&commit)?;
        Some(self.landings[..at].iter().rev().copied())
    }

    pub(super) fn holds(&self, commit: CommitId) -> bool {
        self.at.contains_key(&commit)
    }
}

/// The charts at one time.
pub(crate) struct ChartsThen {
    pub(super) sources: Arc<ChartSources>,
    state: Mutex<State>,
}

struct State {
    time: Option<Timestamp>,
    positions: Positions,
    /// By repository and revision as written.
    means: HashMap<(String, String), Option<Means>>,
    /// How many times each source was of use.
    used: BTreeMap<SourceId, usize>,
}

impl ChartsThen {
    /// Goes on to a later time. Branches stay where they are until they are moved.
    pub(super) fn move_to(&self, followed: &Followed, commit: CommitId) {
        locked(&self.state).positions.insert(followed.clone(), commit);
    }

    /// The time at which branches are looked at that nobody has asked for before.
    pub(super) fn set_time(&self, time: Option<Timestamp>) {
        locked(&self.state).time = time;
    }

    pub(super) fn position(&self, followed: &Followed) -> Option<CommitId> {
        let mut state = locked(&self.state);
        if let Some(position) = state.positions.get(followed) {
            return Some(*position);
        }
        let tip = self.sources.tip(followed)?;
        let commit = match state.time {
            None => tip,
            Some(time) => self.sources.line(followed.chart, tip)?.until(time)?,
        };
        state.positions.insert(followed.clone(), commit);
        Some(commit)
    }

    /// Where every branch stands that was asked for.
    pub(super) fn positions(&self) -> Vec<Position> {
        let state = locked(&self.state);
        let position = |(followed, commit): (&Followed, &CommitId)| Position {
            followed: followed.clone(),
            commit: commit.to_string(),
        };
        state.positions.iter().map(position).collect()
    }

    /// The sources in which a chart was found.
    pub(super) fn used(&self) -> Vec<SourceId> {
        locked(&self.state).used.keys().copied().collect()
    }

    /// The branch of a chart source that an Application follows.
    pub(super) fn followed(&self, chart: &ChartRef) -> Option<Followed> {
        match self.means(&chart.repository, &chart.path, &chart.revision)? {
            Means::Branch(followed) => Some(followed),
            Means::Commit(..) => None,
        }
    }

    /// The source and the commit of a chart.
    pub(crate) fn commit_of(&self, chart: &ChartRef) -> Option<(SourceId, CommitId)> {
        self.commit(&self.means(&chart.repository, &chart.path, &chart.revision)?)
    }

    /// Says of every commons in which source and at which commit its chart is.
    pub(super) fn describe(&self, reading: &FleetReading, commons: &mut [CommonsEntry]) {
        let charts: HashMap<&str, &ChartRef> =
            reading.commons.iter().filter_map(|one| Some((&*one.folder, one.chart.as_ref()?))).collect();
        for one in commons {
            let found = charts.get(one.folder.as_str()).and_then(|chart| self.commit_of(chart));
            if let (Some(entry), Some((source, commit))) = (&mut one.chart, found) {
                (entry.source, entry.commit) = (Some(source), Some(commit.to_string()));
            }
        }
    }

    fn commit(&self, means: &Means) -> Option<(SourceId, CommitId)> {
        match means {
            Means::Branch(followed) => Some((followed.chart, self.position(followed)?)),
            Means::Commit(chart, commit) => Some((*chart, *commit)),
        }
    }

    fn means(&self, repository: &str, path: &str, revision: &str) -> Option<Means> {
        let key = (repository.to_owned(), format!("{path}@{revision}"));
        if let Some(known) = locked(&self.state).means.get(&key) {
            return known.clone();
        }
        let found = self.sources.matching(repository).find_map(|known| {
            // Only who says that it is this registry is asked for what the registry packages.
            let packaged =
                || known.packaged(path, revision).filter(|_| !path.contains('/') && known.has_alias(repository));
            known.means(revision).or_else(packaged)
        });
        locked(&self.state).means.insert(key, found.clone());
        found
    }
}

impl Charts for ChartsThen {
    fn find(&self, repository: &str, path: &str, revision: &str) -> Option<ChartPlace> {
        let means = self.means(repository, path, revision)?;
        let (source, commit) = self.commit(&means)?;
        let opened = self.sources.open(self.sources.known(source)?, commit)?;
        let folder = folder_of(&*opened.tree, path.trim_matches('/'), revision)?;
        *locked(&self.state).used.entry(source).or_default() += 1;
        Some(ChartPlace { tree: opened.tree, folder, name: opened.name })
    }
}

fn plain(address: &str) -> &str {
    address.trim().trim_end_matches('/')
}

/// The folder itself, or the one of the packaged chart that has this name and this very version.
fn folder_of(tree: &dyn Tree, path: &str, revision: &str) -> Option<Arc<str>> {
    let is_file = |path: &str| tree.find(path).is_some_and(|entry| entry.kind == EntryKind::File);
    let own = if path.is_empty() { "Chart.yaml".to_owned() } else { format!("{path}/Chart.yaml") };
    if is_file(&own) {
        return Some(path.into());
    }
    if path.contains('/') {
        return None;
    }
    let folders = [format!("helm/{path}"), format!("charts/{path}"), String::new()];
    folders.into_iter().find(|folder| is_packaged(tree, folder, path, revision)).map(Into::into)
}

fn is_packaged(tree: &dyn Tree, folder: &str, name: &str, version: &str) -> bool {
    let path = if folder.is_empty() { "Chart.yaml".to_owned() } else { format!("{folder}/Chart.yaml") };
    let bytes = tree.find(&path).and_then(|entry| tree.read(entry.id).ok());
    let Some(document) = bytes.and_then(|bytes| parse(&bytes, FileId(0), &Limits::default()).ok()) else {
        return false;
    };
    let said = |key: &str| document.root.get(&[key]).map(csoc_gen3::yaml::Node::render).unwrap_or_default();
    let plain = |version: &str| version.strip_prefix('v').unwrap_or(version).to_owned();
    said("name") == name && plain(&said("version")) == plain(version)
}
