//! Which layouts a repository follows, told from its paths and from the few files that declare something.
//!
//! Story: 31 folders hold `cluster-values/`, so this is a gen3-gitops fleet; one of them writes `app.yaml`
//! beside the values instead of in `templates/`, and two manifests of the old kind lie at the root. All of
//! that is one survey; a repository may mix layouts, and every place of it that looks like a commons is in
//! [`Survey::places`] exactly once.

mod folders;
mod survey;

use std::sync::Arc;

pub use folders::{is_skipped, is_yaml};
pub use survey::{ClusterFolder, Place, Survey, What, survey};

use crate::fleet::{Cache, LayoutFound, ReadContext};
use crate::tree::Tree;

/// The layouts of a tree, each with its reason.
pub fn detect(tree: &dyn Tree) -> Vec<LayoutFound> {
    survey(tree, &ReadContext::default(), &mut Cache::default()).layouts
}

/// `a/b/c` of `a/b/c/d.yaml`; empty for a file at the root.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub(crate) fn join(folder: &str, name: &str) -> Arc<str> {
    if folder.is_empty() { name.into() } else { format!("{folder}/{name}").into() }
}
