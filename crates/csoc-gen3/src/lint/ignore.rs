//! Comments that waive a finding where it stands.
//!
//! Story: a demo commons follows `master` on purpose. `# csoc:ignore unpinned-chart demo follows master` on
//! the line, or on the line before, is honoured and counted. Without a reason it is not: in a year nobody
//! would know why.

use super::look::{Draft, Look, Out, Place, Subject};
use super::{Finding, rule};
use crate::layout::is_yaml;
use crate::tree::EntryKind;

const MARK: &str = "csoc:ignore";

struct Comment<'t> {
    rules: Vec<&'t str>,
    reason: &'t str,
    /// In characters, from 1.
    column: u32,
}

fn comment(line: &str) -> Option<Comment<'_>> {
    let at = line.find(MARK)?;
    let before = line[..at].trim_end();
    if !(before.ends_with('#') || before.ends_with("//")) {
        return None;
    }
    let rest = line[at + MARK.len()..].trim_start_matches(':').trim();
    let (rules, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(Comment {
        rules: rules.split(',').map(str::trim).filter(|id| !id.is_empty()).collect(),
        reason: reason.trim().trim_start_matches("--").trim(),
        column: line[..at].chars().count() as u32 + 1,
    })
}

/// Is the finding waived on its line, the line before, or where the string that holds it begins?
pub fn covers(look: &Look<'_>, finding: &Finding, holder: Option<u32>) -> bool {
    let Some(text) = look.text(&finding.path).filter(|text| text.contains(MARK)) else { return false };
    let lines: Vec<&str> = text.lines().collect();
    [Some(finding.line), holder].into_iter().flatten().any(|line| {
        let on = |number: u32| number.checked_sub(1).and_then(|index| lines.get(index as usize));
        let own = on(line).and_then(|line| comment(line));
        // A comment behind other text belongs to that line, not to the next.
        let before = on(line.saturating_sub(1)).filter(|line| line.trim_start().starts_with(['#', '/']));
        [own, before.and_then(|line| comment(line))]
            .into_iter()
            .flatten()
            .any(|comment| comment.rules.contains(&finding.rule) && !comment.reason.is_empty())
    })
}

/// Comments that say too little to be honoured.
pub fn check(look: &Look<'_>, out: &mut Out) {
    for entry in look.context.tree.entries() {
        if entry.kind != EntryKind::File || !is_yaml(&entry.path) {
            continue;
        }
        let Some(text) = look.text(&entry.path).filter(|text| text.contains(MARK)) else { continue };
        for (index, line) in text.lines().enumerate() {
            let Some(comment) = comment(line) else { continue };
            let unknown = comment.rules.iter().find(|id| rule(id).is_none());
            let message = match (unknown, comment.rules.is_empty(), comment.reason.is_empty()) {
                (_, true, _) => "The comment names no rule; it waives nothing".to_owned(),
                (Some(id), ..) => format!("There is no rule {id}; the comment waives nothing"),
                (None, _, true) => format!("The comment gives no reason; {} is not waived", comment.rules.join(", ")),
                _ => continue,
            };
            out.add(Draft {
                rule: "incomplete-ignore",
                severity: None,
                subject: look.subject_of(&entry.path),
                place: Place { path: entry.path.clone(), line: index as u32 + 1, column: comment.column },
                about: format!("{}:{}", entry.path, comment.rules.join(",")),
                message,
                help: None,
                holder: None,
            });
        }
    }
}

impl Look<'_> {
    /// Whose file it is, by the folder it lies in.
    pub fn subject_of(&self, path: &str) -> Subject {
        let mut folder = path;
        while let Some((parent, _)) = folder.rsplit_once('/') {
            folder = parent;
            if let Some(commons) = self.commons(folder) {
                return Subject::Commons(commons.folder.clone());
            }
            if let Some(cluster) = self.cluster(folder) {
                return Subject::Cluster(cluster.folder.clone());
            }
        }
        Subject::Repository
    }
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn a_comment_names_rules_and_a_reason() {
        let found = comment("tag: master # csoc:ignore moving-tag,unquoted-tag until the demo is over").unwrap();
        assert_eq!(found.rules, ["moving-tag", "unquoted-tag"]);
        assert_eq!(found.reason, "until the demo is over");
        assert!(comment("note: csoc:ignore is a comment").is_none());
        assert_eq!(comment("# csoc:ignore moving-tag").unwrap().reason, "");
    }
}
