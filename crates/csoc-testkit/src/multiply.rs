//! A larger fleet made from a smaller one, for measuring.
//!
//! Story: the bench wants 500 commons; the real fleet has 39. Every commons and cluster is copied thirteen
//! times under names of its own, every copy lags by some days and its monthly tags by some months, and every
//! landing lands once for each copy, as a commit of its own: nothing that caches by content can cheat.

use std::path::Path;

use csoc_gen3::tree::Tree;
use csoc_source::{CommitId, Files, Landing, NewCommit, Repository, SourceError, Writer};
use jiff::SignedDuration;

/// Write to `into` (a new bare repository, branch `main`) the fleet of `tip` `copies` times, with all its
/// landings. The first copy keeps its names.
pub fn multiply(fleet: &Repository, tip: CommitId, copies: u32, into: &Path) -> Result<CommitId, SourceError> {
    let landings = fleet.history(tip, None)?.landings;
    let mut events = Vec::new();
    for copy in 0..copies {
        for (at, landing) in landings.iter().enumerate() {
            events.push((landing.committer.time + lag(copy), copy, at));
        }
    }
    events.sort();
    let mut writer = Writer::create(into)?;
    let (mut files, mut last) = (Files::default(), None);
    for (_, copy, at) in events {
        let before = at.checked_sub(1).map(|at| landings[at].id);
        let changes = fleet.changed_paths(before, landings[at].id)?;
        let tree = fleet.tree(landings[at].id)?;
        for change in changes.changed {
            let Some(path) = renamed(&change.path, copy) else { continue };
            match change.new {
                None => files.remove(&path),
                // What cannot be read in the original is left out of the copies.
                Some((_, id)) => {
                    if let Ok(bytes) = tree.read(id) {
                        writer.put(&mut files, &path, &altered(&bytes, &path, copy))?;
                    }
                }
            }
        }
        last = Some(writer.commit(&mut files, &next(&landings[at], copy, last))?);
    }
    let tip = last.ok_or_else(|| SourceError::Empty { path: into.to_owned() })?;
    writer.reference("refs/heads/main", tip);
    writer.finish("main")?;
    Ok(tip)
}

fn lag(copy: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(copy) * 53) + SignedDuration::from_mins(i64::from(copy) * 7)
}

fn next(landing: &Landing, copy: u32, parent: Option<CommitId>) -> NewCommit {
    let (mut author, mut committer) = (landing.author.clone(), landing.committer.clone());
    author.time += lag(copy);
    committer.time += lag(copy);
    let message = format!("{}\n\n{}\n", landing.title, landing.body);
    NewCommit { parents: parent.into_iter().collect(), author, committer, message }
}

/// `healprod/healdata.org/values/values.yaml` becomes `x3-healprod/x3-healdata.org/values/values.yaml`. Files
/// outside of cluster folders are in the first copy only.
fn renamed(path: &str, copy: u32) -> Option<String> {
    if copy == 0 {
        return Some(path.to_owned());
    }
    let (cluster, rest) = path.split_once('/')?;
    // A folder with a dot in its name is a hostname's.
    let is_commons = rest.split_once('/').is_some_and(|(folder, _)| folder.contains('.'));
    Some(if is_commons { format!("x{copy}-{cluster}/x{copy}-{rest}") } else { format!("x{copy}-{cluster}/{rest}") })
}

fn altered(bytes: &[u8], path: &str, copy: u32) -> Vec<u8> {
    let is_yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.to_vec() };
    if copy == 0 || !is_yaml {
        return bytes.to_vec();
    }
    let mut altered = String::with_capacity(text.len() + 256);
    for line in text.split_inclusive('\n') {
        altered.push_str(&line_of_copy(line, copy));
    }
    if !text.is_empty() {
        if !text.ends_with('\n') {
            altered.push('\n');
        }
        altered.push_str(&format!("# copy {copy}\n"));
    }
    altered.into_bytes()
}

fn line_of_copy(line: &str, copy: u32) -> String {
    let key = line.trim_start().trim_start_matches("- ");
    if let Some(at) = line.find("$values/") {
        let (before, path) = line.split_at(at + "$values/".len());
        return match renamed(path, copy) {
            Some(path) => format!("{before}{path}"),
            None => line.to_owned(),
        };
    }
    for name in ["hostname: ", "cluster: ", "environment: ", "name: gen3-", "releaseName: "] {
        if key.starts_with(name) {
            let at = line.len() - key.len() + name.len();
            let (before, value) = line.split_at(at);
            let quoted = value.chars().take_while(|c| "'\"".contains(*c)).count();
            return format!("{before}{}x{copy}-{}", &value[..quoted], &value[quoted..]);
        }
    }
    if key.starts_with("tag:") { earlier_month(line, copy % 5) } else { line.to_owned() }
}

/// `tag: '2026.07'` two months earlier: `tag: '2026.05'`. Other tags stay.
fn earlier_month(line: &str, months: u32) -> String {
    let Some(at) = line.find("20") else { return line.to_owned() };
    let tag: String = line[at..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let mut parts = tag.splitn(3, '.');
    let (Some(year), Some(month)) = (parts.next(), parts.next()) else { return line.to_owned() };
    let (Ok(year), Ok(month), 4, 2) = (year.parse::<u32>(), month.parse::<u32>(), year.len(), month.len()) else {
        return line.to_owned();
    };
    let count = (year * 12 + month).saturating_sub(1 + months);
    let patch = parts.next().map(|patch| format!(".{patch}")).unwrap_or_default();
    format!("{}{}.{:02}{patch}{}", &line[..at], count / 12, count % 12 + 1, &line[at + tag.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_names_and_tags_of_its_own() {
        let line = |text: &str| line_of_copy(text, 2);
        assert_eq!(
            line("          - $values/tern/t.org/values/v.yaml\n"),
            "          - $values/x2-tern/x2-t.org/values/v.yaml\n"
        );
        assert_eq!(line("  hostname: 't.org'\n"), "  hostname: 'x2-t.org'\n");
        assert_eq!(line("    tag: '2026.01'\n"), "    tag: '2025.11'\n");
        assert_eq!(line("    tag: 2026.07.1\n"), "    tag: 2026.05.1\n");
        assert_eq!(line("    tag: 13.3.0\n"), "    tag: 13.3.0\n");
    }
}
