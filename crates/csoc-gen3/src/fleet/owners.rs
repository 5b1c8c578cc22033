//! CODEOWNERS: who is asked when a folder changes.
//!
//! Story: `meadowprod/meadowdata.org @carla` owns everything below that folder; a later line
//! `*.md @writers` takes its Markdown away again, because the last pattern that matches wins.

use std::sync::Arc;

use regex::Regex;

use crate::tree::{EntryKind, Tree};

/// GitHub, GitLab and Gitea look in these places, in this order; only the first that exists counts.
const PLACES: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

#[derive(Clone, Debug, Default)]
pub struct CodeOwners {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Regex,
    owners: Vec<Arc<str>>,
}

impl CodeOwners {
    /// The file that counts in this tree, if any.
    pub fn find(tree: &dyn Tree) -> Option<&crate::tree::Entry> {
        PLACES.iter().find_map(|path| tree.find(path).filter(|entry| entry.kind == EntryKind::File))
    }

    pub fn parse(text: &str) -> Self {
        let mut rules = Vec::new();
        for line in text.lines() {
            let line = without_comment(line).trim();
            // GitLab's section headings name no path.
            if line.is_empty() || line.starts_with(['[', '^']) {
                continue;
            }
            let mut words = split_words(line).into_iter();
            let Some(pattern) = words.next() else { continue };
            if let Some(pattern) = translate(&pattern) {
                rules.push(Rule { pattern, owners: words.map(|word| Arc::from(word.as_str())).collect() });
            }
        }
        Self { rules }
    }

    /// The owners of a file or folder; nobody when no pattern matches, or the last one names nobody.
    pub fn of(&self, path: &str) -> &[Arc<str>] {
        let matching = self.rules.iter().rev().find(|rule| rule.pattern.is_match(path));
        matching.map_or(&[], |rule| &rule.owners)
    }
}

fn without_comment(line: &str) -> &str {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match c {
            '#' if !escaped => return &line[..at],
            _ => escaped = c == '\\',
        }
    }
    line
}

/// Split at blanks; `\ ` is a blank of the path.
fn split_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, words.last_mut()) {
            ('\\', Some(word)) => word.extend(chars.next()),
            (c, _) if c.is_whitespace() => words.push(String::new()),
            (c, Some(word)) => word.push(c),
            (_, None) => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The pattern of a line in the manner of gitignore, as an expression over the whole path. A folder's
/// pattern matches the folder itself, too: we ask about folders.
fn translate(pattern: &str) -> Option<Regex> {
    let trimmed = pattern.trim_end_matches('/');
    let only_folders = pattern.ends_with('/');
    let anchored = trimmed.trim_start_matches('/').contains('/') || pattern.starts_with('/');
    let trimmed = trimmed.trim_start_matches('/');
    let mut regex = String::from(if anchored { "^" } else { "^(?:.*/)?" });
    let mut rest = trimmed;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("**/") {
            regex.push_str("(?:.*/)?");
            rest = after;
        } else if let Some(after) = rest.strip_prefix("**") {
            regex.push_str(".*");
            rest = after;
        } else if let Some(after) = rest.strip_prefix('*') {
            regex.push_str("[^/]*");
            rest = after;
        } else if let Some(after) = rest.strip_prefix('?') {
            regex.push_str("[^/]");
            rest = after;
        } else {
            let end = rest.find(['*', '?']).unwrap_or(rest.len());
            regex.push_str(&regex::escape(&rest[..end]));
            rest = &rest[end..];
        }
    }
    // `folder/*` means the files directly inside, everything else also covers what lies below.
    let shallow = !only_folders && trimmed.ends_with("/*");
    regex.push_str(if shallow { "$" } else { "(?:/.*)?$" });
    Regex::new(&regex).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owners(text: &str, path: &str) -> Vec<String> {
        CodeOwners::parse(text).of(path).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_last_match_wins() {
        let text = "* @everyone\nprod/meadowdata.org @carla @ana # the owners\n*.md @writers\nprod/free.org\n";
        assert_eq!(owners(text, "prod/meadowdata.org"), ["@carla", "@ana"]);
        assert_eq!(owners(text, "prod/meadowdata.org/values/values.yaml"), ["@carla", "@ana"]);
        assert_eq!(owners(text, "prod/meadowdata.org/README.md"), ["@writers"]);
        assert_eq!(owners(text, "prod/other.org"), ["@everyone"]);
        assert!(owners(text, "prod/free.org/x").is_empty(), "a line without owners takes them away");
    }

    #[test]
    fn patterns_are_those_of_gitignore() {
        assert_eq!(owners("/docs/ @d", "docs/a/b"), ["@d"]);
        assert!(owners("/docs/ @d", "a/docs/b").is_empty());
        assert_eq!(owners("values/ @v", "a/b/values/x.yaml"), ["@v"]);
        assert_eq!(owners("a/**/z @z", "a/b/c/z"), ["@z"]);
        assert!(owners("a/* @a", "a/b/c").is_empty());
        assert!(owners("prod/heal @h", "prod/meadowdata.org").is_empty(), "a folder is not its neighbour");
        assert_eq!(owners(r"a\ b/ @s", "a b/c"), ["@s"]);
    }
}
