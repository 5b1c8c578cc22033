//! A copy of somebody else's repository, kept up to date below the data folder.
//!
//! Story: an operator registers `https://git.example.org/fernhollow/gen3-gitops` with a token. The first
//! [`Remote::fetch`] clones the wanted branch into a temporary folder, with progress, and moves it into
//! place; every later one asks for what is new. When the host is down, or the token is revoked, the error
//! says so in a sentence and [`Remote::kept`] still gives the last good copy.
//!
//! A local repository (a path, `file://`) is read where it is, without a copy; a bundle is unpacked into the
//! kept repository each time it changes.
//!
//! Only the wanted branch (the others and tags, when asked) is fetched. The user's and the machine's Git configuration,
//! credential helpers, SSH configuration and agents are not used. One fetch at a time per folder is the
//! caller's business; readers need no lock: references move last, after the objects are there.

mod address;
mod compact;
mod failure;
mod leftovers;
mod network;
mod progress;
mod ssh;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use csoc_core::secret::Secret;

pub use address::{Address, AddressError};
pub use failure::FetchError;
pub use progress::{Phase, Progress};

use crate::bundle;
use crate::error::SourceError;
use crate::history::History;
use crate::ids::CommitId;
use crate::repository::{Branch, OpenOptions, Repository, isolated, nearest, open_here};

/// How the repository's host knows us.
#[derive(Clone, Debug, Default)]
pub enum Credential {
    #[default]
    None,
    /// HTTPS basic authentication. Without a user it is `x-access-token`, which GitHub wants and GitLab
    /// and Gitea accept.
    Token { user: Option<String>, token: Secret },
    /// The text of a private key in OpenSSH's format, without a passphrase.
    Key {
        private_key: Secret,
        /// Lines for this host as in a `known_hosts` file. Without them the first key the host shows is
        /// remembered, and a different one later is refused.
        known_hosts: Option<String>,
    },
}

#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// To reach the host.
    pub connect_timeout: Duration,
    /// Without a byte from the host.
    pub idle_timeout: Duration,
    /// For the whole fetch.
    pub total_timeout: Duration,
    /// Certificates (PEM) to trust beside the system's, for a host with a private authority.
    pub extra_certificates: Option<String>,
    /// Tags too, for charts that are followed by version.
    pub tags: bool,
    /// Every branch beside the wanted one, and none that the host does not have any more: Applications name
    /// charts by any branch.
    pub all_branches: bool,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(30 * 60),
            extra_certificates: None,
            tags: false,
            all_branches: false,
        }
    }
}

/// What a running fetch tells, and how it is told to stop.
#[derive(Clone, Default)]
pub struct Watch {
    /// Called about ten times a second while something moves.
    pub progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
    /// Set it to `true` and the fetch ends with [`FetchError::Cancelled`].
    pub stop: Arc<AtomicBool>,
}

/// Somebody's repository and our copy of one of its branches.
#[derive(Clone, Debug)]
pub struct Remote {
    address: Address,
    /// `None`: the branch that the host says is the default, asked at every fetch.
    branch: Option<String>,
    folder: PathBuf,
    credential: Credential,
    options: FetchOptions,
}

/// What a fetch brought.
#[derive(Clone)]
pub struct Fetched {
    pub repository: Repository,
    pub branch: Branch,
    /// The branch's commit before this fetch; `None` at the first. For a repository that is read in place,
    /// the caller knows what it saw last.
    pub before: Option<CommitId>,
}

impl Fetched {
    /// The landings that this fetch brought.
    pub fn news(&self) -> Result<History, SourceError> {
        self.repository.history(self.branch.tip, self.before)
    }
}

impl Remote {
    /// `folder` belongs to this remote alone; it is made when needed.
    pub fn new(address: Address, branch: Option<String>, folder: impl Into<PathBuf>) -> Self {
        let options = FetchOptions::default();
        Self { address, branch, folder: folder.into(), credential: Credential::None, options }
    }

    pub fn with_credential(self, credential: Credential) -> Self {
        Self { credential, ..self }
    }

    pub fn with_options(self, options: FetchOptions) -> Self {
        Self { options, ..self }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The copy of the last good fetch; `None` before the first.
    pub fn kept(&self) -> Result<Option<Repository>, SourceError> {
        match &self.address {
            Address::Path(path) if path.is_dir() => Repository::open(path).map(Some),
            _ if self.copy().exists() => Repository::open(self.copy()).map(Some),
            _ => Ok(None),
        }
    }

    /// Bring the copy up to date. Blocks; the old copy stays usable whatever happens.
    pub fn fetch(&self, watch: &Watch) -> Result<Fetched, FetchError> {
        self.refuse_odd_branch()?;
        match &self.address {
            Address::Path(path) if path.is_dir() => self.read_in_place(path),
            Address::Path(path) => self.unpack_bundle(path, watch),
            Address::Http { .. } | Address::Ssh { .. } => network::fetch(self, watch),
        }
    }

    /// The host's branches and its default, without fetching anything: for a form that asks which branch.
    pub fn branches(&self, watch: &Watch) -> Result<(Vec<String>, Option<String>), FetchError> {
        match &self.address {
            Address::Path(path) => {
                let repository = Repository::open(path)?;
                let names = repository.branches()?.into_iter().map(|branch| branch.name).collect();
                Ok((names, repository.default_branch().ok().map(|branch| branch.name)))
            }
            Address::Http { .. } | Address::Ssh { .. } => network::branches(self, watch),
        }
    }

    fn copy(&self) -> PathBuf {
        self.folder.join("repository.git")
    }

    fn read_in_place(&self, path: &Path) -> Result<Fetched, FetchError> {
        let repository = Repository::open(path)?;
        let branch = self.wanted(&repository)?;
        Ok(Fetched { repository, branch, before: None })
    }

    fn unpack_bundle(&self, path: &Path, watch: &Watch) -> Result<Fetched, FetchError> {
        std::fs::create_dir_all(&self.folder)
            .map_err(SourceError::io("making the folder of the copy", &self.folder))?;
        if !self.copy().exists() {
            // A first bundle must be whole; opening it says so before anything is made.
            let whole = Repository::open_with(
                path,
                &OpenOptions { cache: Some(self.folder.clone()), ..OpenOptions::default() },
            )?;
            let branch = self.wanted(&whole)?;
            let unpacked = whole.git_dir();
            drop(whole);
            std::fs::rename(&unpacked, self.copy()).map_err(SourceError::io("keeping the bundle", &unpacked))?;
            return Ok(Fetched { repository: Repository::open(self.copy())?, branch, before: None });
        }
        let git = open_here(&self.copy())?.to_thread_local();
        let before = self.wanted(&Repository::open(self.copy())?).ok().map(|branch| branch.tip);
        let header = bundle::unpack(&git, path, &watch.stop)?;
        for (name, commit) in header.references.iter().filter(|(name, _)| name != "HEAD") {
            bundle::write_reference(&git, name, *commit)?;
        }
        let repository = Repository::open(self.copy())?;
        let branch = self.wanted(&repository)?;
        Ok(Fetched { repository, branch, before })
    }

    fn wanted(&self, repository: &Repository) -> Result<Branch, FetchError> {
        match &self.branch {
            Some(name) => repository.branch(name).map_err(FetchError::from),
            None => repository.default_branch().map_err(FetchError::from),
        }
    }

    /// What Git itself would refuse as a branch's name never reaches a refspec or a command.
    fn refuse_odd_branch(&self) -> Result<(), FetchError> {
        let Some(branch) = &self.branch else { return Ok(()) };
        let full = format!("refs/heads/{branch}");
        if gix::validate::reference::name(full.as_str().into()).is_ok() && !branch.contains(['*', '^', ':']) {
            return Ok(());
        }
        Err(FetchError::BranchGone { branch: branch.clone(), nearest: Vec::new() })
    }

    fn branch_gone(&self, branch: &str, names: Vec<String>) -> FetchError {
        if names.is_empty() {
            return FetchError::Empty;
        }
        FetchError::BranchGone { branch: branch.to_owned(), nearest: nearest(branch, names) }
    }
}

/// A bare repository at `folder`, new or not.
fn bare(folder: &Path) -> Result<gix::Repository, SourceError> {
    if folder.join("HEAD").exists() {
        return Ok(open_here(folder)?.to_thread_local());
    }
    let options = gix::create::Options { destination_must_be_empty: Some(true), ..Default::default() };
    gix::ThreadSafeRepository::init_opts(folder, gix::create::Kind::Bare, options, isolated())
        .map(|made| made.to_thread_local())
        .map_err(|error| SourceError::git("making the copy", &error))
}
