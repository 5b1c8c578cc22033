//! Where unpacked bundles are kept between two commands.
//!
//! Story: `csoc lint fleet.bundle` unpacks the bundle, which takes most of its time. The next command finds it
//! unpacked. A bundle that changed is another bundle; what nobody opened for a month is removed.

use std::path::{Path, PathBuf};

use csoc_source::{OpenOptions, Repository, SourceError, is_bundle};

#[derive(Clone, Debug, Default, clap::Args)]
pub struct CacheArgs {
    /// Where bundles are kept unpacked, so that the next command need not unpack them again [default:
    /// $XDG_CACHE_HOME/csoc, else ~/.cache/csoc]
    #[arg(long, value_name = "DIR", env = "CSOC_CACHE_DIR", hide_env_values = true)]
    pub cache_dir: Option<PathBuf>,
}

impl CacheArgs {
    /// Opens what is at `path`. A folder that was asked for must serve; the usual one is a convenience, and a home
    /// that cannot be written, as in CI, costs only time.
    pub fn open(&self, path: &Path) -> Result<Repository, SourceError> {
        let options = OpenOptions { search_upwards: true, ..OpenOptions::default() };
        let with = |cache: &Option<PathBuf>| {
            Repository::open_with(path, &OpenOptions { cache: cache.clone(), ..options.clone() })
        };
        let usual = usual();
        match (&self.cache_dir, &usual) {
            _ if !is_bundle(path) => with(&None),
            (Some(_), _) => with(&self.cache_dir),
            (None, Some(folder)) => match with(&usual) {
                Err(SourceError::Io { path: place, .. }) if place.starts_with(folder) => with(&None),
                opened => opened,
            },
            (None, None) => with(&None),
        }
    }
}

fn usual() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    Some(set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))?.join("csoc"))
}
