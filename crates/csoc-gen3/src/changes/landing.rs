//! What a commit's message tells: the title a person wrote, the pull request, what it takes back.

use std::sync::{Arc, LazyLock};

use regex::Regex;

/// A parsed message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Without the pull request's number; for a merge commit, the pull request's own title.
    pub text: Arc<str>,
    pub pull_request: Option<u64>,
    /// Commit (or its beginning) that the message says it reverts.
    pub reverts_commit: Option<Arc<str>>,
    /// Title that the message says it reverts.
    pub reverts_title: Option<Arc<str>>,
}

static SQUASHED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(.*?)\s*\((?:#|!)(\d+)\)\s*$").expect("the pattern is constant"));
static MERGED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^Merge pull request #(\d+) from (\S+)").expect("the pattern is constant"));
static GITLAB: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^See merge request \S*!(\d+)").expect("the pattern is constant"));
static REVERTED_COMMIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\brevert(?:s|ed|ing)?\s+(?:commit\s+)?([0-9a-f]{7,40})\b").expect("the pattern is constant")
});
static REVERTED_TITLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?i)^revert\s+"(.+)""#).expect("the pattern is constant"));
static REVERT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\brevert(?:s|ed|ing)?\b").expect("the pattern is constant"));

impl Title {
    pub fn parse(message: &str) -> Self {
        let mut lines = message.lines();
        let first = lines.next().unwrap_or_default().trim();
        let body = lines.map(str::trim).find(|line| !line.is_empty());
        let (mut text, mut pull_request) = (first.to_owned(), None);
        if let Some(found) = MERGED.captures(first) {
            pull_request = found[1].parse().ok();
            if let Some(own) = body {
                text = own.to_owned();
            }
        } else if let Some(found) = GITLAB.captures(message) {
            pull_request = found[1].parse().ok();
            if let Some(own) = body.filter(|_| first.starts_with("Merge branch")) {
                text = own.to_owned();
            }
        }
        if let Some(found) = SQUASHED.captures(&text.clone()) {
            pull_request = pull_request.or_else(|| found[2].parse().ok());
            text = found[1].to_owned();
        }
        let reverts_title = REVERTED_TITLE.captures(&text).map(|found| Self::bare(&found[1]));
        Self {
            reverts_commit: REVERTED_COMMIT.captures(message).map(|found| found[1].to_lowercase().into()),
            reverts_title,
            text: text.into(),
            pull_request,
        }
    }

    fn bare(title: &str) -> Arc<str> {
        SQUASHED.captures(title).map_or(title, |found| found.get(1).map_or(title, |m| m.as_str())).into()
    }

    pub fn names_a_revert(&self) -> bool {
        self.reverts_commit.is_some() || REVERT.is_match(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_one_a_person_wrote() {
        let squash = Title::parse("BRH staging TES 32 mem limit (#1710)");
        assert_eq!((&*squash.text, squash.pull_request), ("BRH staging TES 32 mem limit", Some(1710)));
        let merge = Title::parse("Merge pull request #1707 from org/patch-7\n\nreplace the proxy\n");
        assert_eq!((&*merge.text, merge.pull_request), ("replace the proxy", Some(1707)));
        let bare = Title::parse("Merge pull request #1698 from org/requestor-1.10.0-4");
        assert_eq!(
            (&*bare.text, bare.pull_request),
            ("Merge pull request #1698 from org/requestor-1.10.0-4", Some(1698))
        );
        let gitlab = Title::parse("Merge branch 'x' into 'main'\n\nRaise limits\n\nSee merge request group/fleet!42");
        assert_eq!((&*gitlab.text, gitlab.pull_request), ("Raise limits", Some(42)));
        assert_eq!(Title::parse("").pull_request, None);
    }

    #[test]
    fn a_revert_says_of_what() {
        let short = Title::parse("Revert 035d7c8");
        assert_eq!(short.reverts_commit.as_deref(), Some("035d7c8"));
        let button = Title::parse(
            "Revert \"Raise limits (#12)\" (#13)\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567.",
        );
        assert_eq!(button.reverts_title.as_deref(), Some("Raise limits"));
        assert_eq!(button.reverts_commit.as_deref(), Some("0123456789abcdef0123456789abcdef01234567"));
        assert!(Title::parse("temp revert fence pin").names_a_revert());
        assert!(Title::parse("reverted-proxy image").reverts_commit.is_none());
        assert!(!Title::parse("Irreverent title").names_a_revert());
    }
}
