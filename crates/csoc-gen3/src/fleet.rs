//! What one commit says about the fleet: commons, their services, clusters, and what could not be read.
//!
//! Story: `meadowprod/meadowdata.org/templates/app.yaml` is an Argo CD Application; its valueFiles are merged
//! as Helm does; `fence.image.tag` of the result is fence's tag, with the file and line that says so.
//! Nothing is dropped silently: a folder that cannot be understood is in [`FleetReading::unread`].

mod account;
mod cache;
mod chart_cache;
mod chart_ref;
mod charted;
mod clusters;
mod commons;
mod documents;
mod inputs;
pub(crate) mod kinds;
mod manifest;
mod names;
pub(crate) mod ours;
mod owners;
mod plan;
mod read;
mod services;
#[cfg(test)]
mod tests;
mod twins;
mod value_files;
mod values;

use std::sync::Arc;

use csoc_core::commons::Tier;

pub use cache::Cache;
pub use charted::{ChartPlace, Charts, LoadedChart};
pub use names::looks_like_hostname;
pub use owners::CodeOwners;
pub use read::read;

use crate::argo::location::Place;
use crate::tag::TagClass;
use crate::yaml::{Files, Mark, Node};

/// What a reading is told beside the files. The default fits a tree of which nothing more is known.
#[derive(Clone, Default)]
pub struct ReadContext<'a> {
    /// Where the tree comes from: its URLs, its branch.
    pub place: Place,
    /// Charts at their revisions; without them the catalogue is used, and what it says is assumed.
    pub charts: Option<&'a dyn Charts>,
}

/// One commit, read.
#[derive(Clone, Debug, Default)]
pub struct FleetReading {
    pub layouts: Vec<LayoutFound>,
    /// Sorted by cluster, then folder.
    /// The same `Arc` as in the reading before, when nothing about the commons changed.
    pub commons: Vec<Arc<CommonsReading>>,
    pub clusters: Vec<Arc<ClusterReading>>,
    pub unread: Vec<Unread>,
    /// What the marks of this reading point into.
    pub files: Arc<Files>,
    /// Irregularities met while reading (duplicate keys, missing value files, broken YAML ...). `lint`
    /// turns them into findings.
    pub irregularities: Vec<Irregularity>,
}

/// Which layout was recognized, where, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutFound {
    pub layout: Layout,
    /// Folder the layout starts at; `""` is the repository's root.
    pub root: Arc<str>,
    /// A sentence: "31 folders hold cluster-values/cluster-values.yaml".
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// `<cluster>/<hostname>/templates/app.yaml` + `values/`, `<cluster>/cluster-values/` (also the
    /// gen3-ai style: `app.yaml` at the commons root, `cluster-level-resources/`).
    Gen3Gitops,
    /// `<hostname>/manifest.json`.
    CdisManifest,
    /// An Argo CD Application anywhere that deploys the gen3 chart.
    ArgoApplication,
    ArgoApplicationSet,
    /// `<environment>/gen3/<commons>/*.yaml`.
    EnvironmentFolders,
}

/// A place that looks like it declares something and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub path: Arc<str>,
    pub line: Option<u32>,
    /// A sentence: "app.yaml holds template expressions; it is not YAML until it is rendered".
    pub reason: String,
}

/// Something met while reading that a lint rule reports. `code` is stable.
#[derive(Clone, Debug, PartialEq)]
pub struct Irregularity {
    pub code: IrregularityCode,
    pub path: Arc<str>,
    pub line: u32,
    pub column: u32,
    /// Which commons folder it concerns; `None` when it concerns the repository or a cluster.
    pub commons: Option<Arc<str>>,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IrregularityCode {
    BrokenYaml,
    BrokenJson,
    DuplicateKey,
    NotUtf8,
    TooLarge,
    TooDeep,
    AliasBomb,
    SymlinkOutside,
    SymlinkFollowed,
    PathOutside,
    MissingValueFile,
    MissingGlobMatch,
    ObjectMissing,
    ExtraDocuments,
    NotAMapping,
    EmptyValues,
    Template,
}

/// One commons as this commit declares it. Its identity is decided elsewhere (`csoc_core::commons`).
#[derive(Clone, Debug)]
pub struct CommonsReading {
    /// The claim: where it stands in the repository (`meadowprod/meadowdata.org`).
    pub folder: Arc<str>,
    /// Argo CD application name; `None` for cdis-manifest.
    pub application: Option<Arc<str>>,
    /// The cluster folder (or, without one, the Application's destination name or server).
    pub cluster: Option<Arc<str>>,
    pub layout: Layout,
    pub hostname: Option<Said<Arc<str>>>,
    /// The folder's own name where the layout says it is the hostname.
    pub folder_hostname: Option<Arc<str>>,
    pub namespace: Option<Arc<str>>,
    pub release_name: Option<Arc<str>>,
    pub chart: Option<ChartRef>,
    /// The chart itself, where it is at hand; the services are then its answer.
    pub charted: Option<Arc<LoadedChart>>,
    /// In the order Helm merges them.
    pub value_files: Vec<ValueFile>,
    /// User-supplied values as Helm merges them, before chart defaults. `None` when not computable.
    pub values: Option<Arc<Node>>,
    pub services: Vec<ServiceReading>,
    pub tier: Proposed<Tier>,
    /// Folder of the commons this one is promoted to (for staging) or from (for production).
    pub twin: Option<Proposed<Arc<str>>>,
    pub organization: Option<Proposed<Arc<str>>>,
    pub owners: Vec<Arc<str>>,
    pub account: Option<Said<Arc<str>>>,
    pub environment: Option<Said<Arc<str>>>,
    pub state: ReadingState,
    /// Where the Application (or manifest) is written.
    pub declared_at: Option<Mark>,
}

impl CommonsReading {
    /// The hostname this commons can claim as its own: not one that stands in another commons' values, which
    /// an Application points at by mistake.
    pub fn claimed_hostname(&self) -> Option<&Arc<str>> {
        let borrowed = self.value_files.iter().any(|file| matches!(file.state, ValueFileState::Foreign { .. }));
        if borrowed { self.folder_hostname.as_ref() } else { self.shown_hostname() }
    }

    /// The stated hostname, or the folder's name where that is one.
    pub fn shown_hostname(&self) -> Option<&Arc<str>> {
        self.hostname.as_ref().map(|said| &said.value).or(self.folder_hostname.as_ref())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingState {
    Readable,
    /// Every value file is empty (0 bytes, only comments): declared, nothing deployed that we can tell.
    Empty,
    /// A sentence: which file, what is wrong.
    Broken(String),
    /// Values come from a revision or repository that is not at hand: a sentence.
    Unknown(String),
}

/// A value with the place that says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Said<T> {
    pub value: T,
    pub at: Option<Mark>,
}

/// A value we propose, with the reason; a person may correct it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed<T> {
    pub value: T,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartRef {
    /// Git URL or Helm/OCI registry as written.
    pub repository: Arc<str>,
    /// `path` (Git) or `chart` (registry).
    pub path: Arc<str>,
    pub revision: Arc<str>,
    pub revision_kind: RevisionKind,
    /// The wrapper's Chart.yaml or the Application, where the revision is written.
    pub at: Option<Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevisionKind {
    /// A full commit id.
    Commit,
    /// Looks like a version tag (v1.2.3, 1.2.3, gen3-0.1.30).
    Version,
    /// Anything else: a branch; what runs changes without a landing here.
    Branch,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueFile {
    /// As written in the Application.
    pub written: Arc<str>,
    /// In this repository; `None` when it is elsewhere.
    pub path: Option<Arc<str>>,
    pub state: ValueFileState,
    pub at: Option<Mark>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueFileState {
    Read,
    Empty,
    /// Not in the tree; Argo would fail to render.
    Missing,
    /// Not in the tree; `ignoreMissingValueFiles` is on.
    MissingIgnored,
    /// Lies in another commons' folder.
    Foreign {
        owner: Arc<str>,
    },
    /// `$ref` at another repository or a revision that is not at hand: never read from what is here.
    UnknownRevision {
        repository: Arc<str>,
        revision: Arc<str>,
    },
    /// Was found and could not be read; a sentence.
    Broken(String),
    /// An `http(s)://` value file, or one outside the repository.
    Outside,
}

#[derive(Clone, Debug)]
pub struct ServiceReading {
    /// The catalogue's name (`fence`); an unknown chart dependency has its values key.
    pub service: Arc<str>,
    pub enabled: bool,
    pub reason: EnabledReason,
    /// One for most; two for etl (`tube`, `spark`). The first is the one shown.
    pub images: Vec<ImageReading>,
}

/// Why a service is on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnabledReason {
    /// The condition stands in the values: path and place.
    Values { path: String, at: Mark },
    /// The chart's own default at its revision.
    ChartDefault { path: String },
    /// No chart at hand: the built-in catalogue's default, assumed.
    Assumed { path: String },
    /// cdis-manifest: named in `versions`.
    Manifest { at: Mark },
}

#[derive(Clone, Debug, PartialEq)]
pub struct ImageReading {
    /// `tube` or `spark` for etl; `None` for the service's only image.
    pub component: Option<Arc<str>>,
    /// `quay.io/cdis/fence`: registry and repository, no tag.
    pub repository: Arc<str>,
    /// As Helm renders it: `2026.1` for an unquoted `2026.10`.
    pub tag: Arc<str>,
    /// As it is written, where that differs.
    pub tag_written: Option<Arc<str>>,
    pub tag_class: TagClass,
    pub repository_origin: Origin,
    pub tag_origin: Origin,
}

/// Where an effective value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A value file or the Application's own values.
    Said(Mark),
    /// The chart's values.yaml or appVersion at its revision.
    ChartDefault,
    /// The built-in catalogue, because no chart is at hand.
    Assumed,
}

#[derive(Clone, Debug)]
pub struct ClusterReading {
    /// The cluster folder; the cluster's name everywhere in csoc.
    pub folder: Arc<str>,
    /// `cluster:` in cluster-values (differs from the folder in some clusters).
    pub stated_name: Option<Said<Arc<str>>>,
    pub project: Option<Said<Arc<str>>>,
    pub account: Option<Said<Arc<str>>>,
    /// `karpenter-crds.amiSelectorName`.
    pub node_image: Option<Said<Arc<str>>>,
    pub add_ons: Vec<AddOn>,
    pub values: Option<Arc<Node>>,
    /// Where the values are written; `None` when the folder has none.
    pub values_path: Option<Arc<str>>,
    /// Chart that installs the add-ons, where an Application says so.
    pub chart: Option<ChartRef>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AddOn {
    pub name: Arc<str>,
    pub enabled: bool,
    pub revision: Option<Said<Arc<str>>>,
    /// `configuration.enabled`: a `<name>.yaml` beside cluster-values is used.
    pub configured: bool,
    /// The component's own file, when there is one.
    pub file: Option<Arc<str>>,
    pub at: Mark,
}
