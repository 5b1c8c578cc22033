//! Which repository URLs mean the tree that is being read.
//!
//! Story: a bundle on disk does not know that it was once `https://github.com/example/fleet.git`. Its
//! Applications refer to that URL, and most of the value files they name under it are in this tree: so it
//! is ours. A URL under which nothing is found stays foreign.

use std::collections::HashMap;

use crate::argo::Application;
use crate::argo::location::{Place, Repository, Sameness, reference};
use crate::tree::Tree;

#[derive(Clone, Debug, Default)]
pub struct Ours {
    place: Place,
    inferred: Vec<Repository>,
}

impl Ours {
    pub fn infer<'a>(place: &Place, applications: impl Iterator<Item = &'a Application>, tree: &dyn Tree) -> Self {
        let mut votes: HashMap<Repository, usize> = HashMap::new();
        for application in applications {
            for repository in supported(application, place, tree) {
                *votes.entry(repository).or_default() += 1;
            }
        }
        let most = votes.values().copied().max().unwrap_or(0);
        let named = |repository: &Repository| repository.owner_and_name().map(str::to_owned);
        let winners: Vec<_> = votes.iter().filter(|(_, count)| **count == most).map(|(r, _)| named(r)).collect();
        // The same repository under a second host (a mirror) is ours, too.
        let inferred = votes.into_keys().filter(|repository| winners.contains(&named(repository))).collect();
        Self { place: place.clone(), inferred }
    }

    pub fn repository(&self, url: &str) -> bool {
        match self.place.is_this_repository(url) {
            Sameness::Same => true,
            Sameness::Other => false,
            Sameness::NotTold => Repository::parse(url).is_some_and(|repository| self.inferred.contains(&repository)),
        }
    }

    pub fn revision(&self, revision: &str) -> bool {
        self.place.is_read_revision(revision)
    }

    /// Is this repository, at this revision, what is being read?
    pub fn here(&self, url: &str, revision: &str) -> bool {
        self.repository(url) && self.revision(revision)
    }
}

/// The repositories of this Application that could be ours, because a path named under them is in the tree.
fn supported(application: &Application, place: &Place, tree: &dyn Tree) -> Vec<Repository> {
    let mut found = Vec::new();
    let value_files = application.sources.iter().filter_map(|source| source.helm.as_ref());
    for written in value_files.flat_map(|helm| &helm.value_files) {
        let Some((name, path)) = reference(&written.value) else { continue };
        let source = application.sources.iter().find(|s| s.reference.as_ref().is_some_and(|r| *r.value == *name));
        let url = source.and_then(|source| source.repository.as_ref());
        if let Some(url) = url
            && place.is_this_repository(&url.value) == Sameness::NotTold
            && tree.find(path).is_some()
        {
            found.extend(Repository::parse(&url.value));
        }
    }
    for source in &application.sources {
        let (Some(url), Some(path)) = (&source.repository, &source.path) else { continue };
        if tree.find(&format!("{}/Chart.yaml", path.value.trim_matches('/'))).is_some() {
            found.extend(Repository::parse(&url.value));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MemoryTree;

    #[test]
    fn a_url_without_a_file_here_stays_foreign() {
        let tree = MemoryTree::new([("a/values.yaml", "x: 1")]);
        let ours = Ours::infer(&Place::default(), [].iter(), &tree);
        assert!(!ours.repository("https://github.com/example/fleet"));
        let told = Place { repository_urls: vec!["git@github.com:example/fleet.git".into()], ..Place::default() };
        let ours = Ours::infer(&told, [].iter(), &tree);
        assert!(ours.here("https://github.com/example/fleet", "master"));
        assert!(!ours.here("https://github.com/example/fleet", "feat/x"));
    }
}
