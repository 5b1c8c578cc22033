//! Where a source points: is it the repository we are reading, and at the revision we are reading?
//!
//! Story: the fleet is read from branch `main` of a mirror whose files say
//! `https://github.com/example/fleet.git` at `master`. The owner and name agree, and `master` is a
//! name of the default branch, so the values are here. Another file says `feat/lantern-unfunded`: what that
//! branch holds is not known, and reading the path from `main` would show values that nobody deploys.

/// What the reader was told about the source it reads from. Everything may be empty: then any `ref` source
/// that some file's path can be found under counts as ours, and only default branch names do.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Every URL under which this repository is known.
    pub repository_urls: Vec<String>,
    /// The branch that is read; `None` when not told (a bundle, a detached work tree).
    pub branch: Option<String>,
    /// Other names that mean the same branch (`master` for a fleet mirrored as `main`).
    pub branch_aliases: Vec<String>,
    /// The commit that is read.
    pub commit: Option<String>,
}

/// Names that the default branch of a repository goes by.
const DEFAULT_BRANCHES: &[&str] = &["HEAD", "main", "master"];

impl Place {
    /// Is this revision what we are reading? Empty means `HEAD`, as in Argo CD.
    pub fn is_read_revision(&self, revision: &str) -> bool {
        let revision = revision.strip_prefix("refs/heads/").unwrap_or(revision);
        let names_commit = self.commit.as_deref().is_some_and(|commit| {
            revision.len() >= 7 && revision.bytes().all(|b| b.is_ascii_hexdigit()) && commit.starts_with(revision)
        });
        if names_commit || self.branch_aliases.iter().any(|alias| alias == revision) {
            return true;
        }
        let is_default = revision.is_empty() || DEFAULT_BRANCHES.contains(&revision);
        match self.branch.as_deref() {
            Some(branch) if branch == revision => true,
            // Told to read a branch that is not the default one: `master` then means another branch.
            Some(branch) => is_default && DEFAULT_BRANCHES.contains(&branch),
            None => is_default,
        }
    }

    /// Is this URL the repository we are reading?
    pub fn is_this_repository(&self, url: &str) -> Sameness {
        let Some(there) = Repository::parse(url) else { return Sameness::Other };
        // A path on disk says nothing about the address that the fleet's own files use.
        let known = self.repository_urls.iter().filter_map(|url| Repository::parse(url));
        let mut known = known.filter(|repository| !repository.is_local()).peekable();
        if known.peek().is_none() {
            return Sameness::NotTold;
        }
        let mut same_name = false;
        for here in known {
            if here == there {
                return Sameness::Same;
            }
            // A mirror on another host keeps owner and name.
            same_name |= here.owner_and_name() == there.owner_and_name();
        }
        if same_name { Sameness::Same } else { Sameness::Other }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sameness {
    Same,
    Other,
    /// The reader does not know its own URL: the caller decides by whether the files are there.
    NotTold,
}

/// A repository's address without what does not matter: scheme, user, `.git`, case, trailing slash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Repository {
    host: String,
    path: String,
}

impl Repository {
    /// `https://github.com/Org/Name.git/`, `git@github.com:org/name`, `ssh://git@github.com:22/org/name`,
    /// `github.com/org/name`.
    pub fn parse(url: &str) -> Option<Self> {
        let url = url.trim();
        let (host, path) = if let Some((scheme, rest)) = url.split_once("://") {
            if scheme == "file" {
                return Self::local(rest);
            }
            rest.split_once('/')?
        } else if url.starts_with(['/', '.']) {
            return Self::local(url);
        } else {
            match url.split_once(':') {
                Some((host, path)) if !host.contains('/') => (host, path),
                _ => url.split_once('/')?,
            }
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = host.split_once(':').map_or(host, |(host, _)| host);
        Self::build(host, path)
    }

    fn local(path: &str) -> Option<Self> {
        Self::build("", path)
    }

    fn build(host: &str, path: &str) -> Option<Self> {
        let path = path.split(['?', '#']).next().unwrap_or(path).trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
        (!path.is_empty()).then(|| Self { host: host.to_ascii_lowercase(), path: path.to_ascii_lowercase() })
    }

    pub fn is_local(&self) -> bool {
        self.host.is_empty()
    }

    /// The last two parts of the path; `None` for a path on disk.
    pub fn owner_and_name(&self) -> Option<&str> {
        if self.is_local() {
            return None;
        }
        let mut slashes = self.path.rmatch_indices('/').map(|(at, _)| at);
        slashes.next()?;
        Some(slashes.next().map_or(self.path.as_str(), |at| &self.path[at + 1..]))
    }

    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Where a value file's path leads, inside one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilePath {
    /// From the repository's root, without `.` and `..`.
    Inside(String),
    /// `..` led above the root: Argo CD refuses it, and so do we.
    Outside,
    /// `https://...`: Argo CD fetches it; it is not in any repository.
    Url,
}

/// Resolve a path of `valueFiles` that is not a `$ref`: relative to the source's folder, or with a leading
/// slash to the repository's root.
pub fn resolve(folder: &str, written: &str) -> FilePath {
    if written.contains("://") {
        return FilePath::Url;
    }
    let mut parts: Vec<&str> = Vec::new();
    let base = if written.starts_with('/') { "" } else { folder };
    for part in base.split('/').chain(written.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return FilePath::Outside;
                }
            }
            part => parts.push(part),
        }
    }
    FilePath::Inside(parts.join("/"))
}

/// `$values/a/b.yaml` taken apart into the source's name and the path from that source's root.
pub fn reference(written: &str) -> Option<(&str, &str)> {
    let rest = written.strip_prefix('$')?;
    let (name, path) = rest.split_once('/')?;
    (!name.is_empty()).then_some((name, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(urls: &[&str], branch: Option<&str>) -> Place {
        Place {
            repository_urls: urls.iter().map(ToString::to_string).collect(),
            branch: branch.map(str::to_owned),
            ..Place::default()
        }
    }

    #[test]
    fn one_repository_has_many_spellings() {
        let here = place(&["https://github.com/example/fleet"], None);
        for url in [
            "https://github.com/Example/Fleet.git",
            "git@github.com:example/fleet.git",
            "ssh://git@github.com:22/example/fleet/",
            "https://user@github.com/example/fleet.git/",
            "https://mirror.example.org/git/example/fleet",
        ] {
            assert_eq!(here.is_this_repository(url), Sameness::Same, "{url}");
        }
        for url in ["https://github.com/example/fleet-dev", "https://github.com/other/fleet", "fleet"] {
            assert_eq!(here.is_this_repository(url), Sameness::Other, "{url}");
        }
        assert_eq!(place(&[], None).is_this_repository("https://a.org/b/c"), Sameness::NotTold);
        let on_disk = place(&["/srv/git/fleet.git"], None);
        assert_eq!(on_disk.is_this_repository("https://github.com/example/fleet"), Sameness::NotTold);
    }

    #[test]
    fn a_feature_branch_is_never_what_is_read() {
        let untold = place(&[], None);
        assert!(untold.is_read_revision("master") && untold.is_read_revision("HEAD") && untold.is_read_revision(""));
        assert!(!untold.is_read_revision("feat/x"));
        let main = place(&[], Some("main"));
        assert!(main.is_read_revision("master"), "a mirror may call the default branch by its other name");
        assert!(!main.is_read_revision("feat/x"));
        let feature = place(&[], Some("feat/x"));
        assert!(feature.is_read_revision("feat/x") && feature.is_read_revision("refs/heads/feat/x"));
        assert!(!feature.is_read_revision("master") && !feature.is_read_revision(""));
    }

    #[test]
    fn a_commit_is_read_only_when_it_is_this_one() {
        let mut here = place(&[], Some("main"));
        here.commit = Some("c748297ff5cb9d08b16da29949477b7bde8958ac".into());
        assert!(here.is_read_revision("c748297ff5cb") && !here.is_read_revision("c748298"));
        assert!(!here.is_read_revision("c7"), "too short to be a commit");
    }

    #[test]
    fn paths_never_leave_the_repository() {
        let inside = |path: &str| FilePath::Inside(path.to_owned());
        assert_eq!(resolve("a/b", "../c/values.yaml"), inside("a/c/values.yaml"));
        assert_eq!(resolve("a/b", "/c/./values.yaml"), inside("c/values.yaml"));
        assert_eq!(resolve("a", "../../etc/passwd"), FilePath::Outside);
        assert_eq!(resolve("a", "https://example.org/values.yaml"), FilePath::Url);
        assert_eq!(reference("$values/a/b.yaml"), Some(("values", "a/b.yaml")));
        assert_eq!(reference("$values"), None);
    }
}
