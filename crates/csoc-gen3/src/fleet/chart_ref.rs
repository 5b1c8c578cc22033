//! Which chart an Application installs, and whether what it names can move under it.

use super::kinds::Wrapped;
use super::{ChartRef, RevisionKind};
use crate::argo::Source;

/// The chart of a source, as it is written there.
pub fn chart_of(source: &Source) -> Option<ChartRef> {
    let written = source.path.as_ref().or(source.chart.as_ref())?;
    let revision = source.revision.as_ref();
    let text = revision.map_or("HEAD", |said| &*said.value);
    Some(ChartRef {
        repository: source.repository.as_ref().map_or_else(|| "".into(), |said| said.value.clone()),
        path: written.value.trim_matches('/').into(),
        revision: text.into(),
        revision_kind: revision_kind(text),
        at: revision.or(Some(written)).and_then(|said| said.at),
    })
}

pub fn chart_of_wrapped(wrapped: &Wrapped) -> ChartRef {
    ChartRef {
        repository: wrapped.repository.clone(),
        path: wrapped.name.clone(),
        revision: wrapped.version.clone(),
        revision_kind: revision_kind(&wrapped.version),
        at: Some(wrapped.at),
    }
}

/// A commit, a version, or a name that moves. A range (`~0.1`, `*`) moves, too.
fn revision_kind(text: &str) -> RevisionKind {
    let is_commit = text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_commit {
        return RevisionKind::Commit;
    }
    let text = text.strip_prefix("refs/tags/").unwrap_or(text);
    // `gen3-0.1.30` is a chart's name and a version; `release/0.1` is a branch.
    let after_name = text.match_indices('-').map(|(at, _)| &text[at + 1..]).filter(|_| !text.contains('/'));
    let is_version = [text].into_iter().chain(after_name).any(|version| {
        let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
        let core = version.split(['-', '+']).next().unwrap_or(version);
        core.contains('.') && core.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    });
    if is_version { RevisionKind::Version } else { RevisionKind::Branch }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_commit_nor_version_moves() {
        use RevisionKind::{Branch, Commit, Version};
        for (text, kind) in [
            ("64134748fada575f172a50ce363e21c86007a9bc", Commit),
            ("0.1.30", Version),
            ("v1.2", Version),
            ("gen3-0.1.30", Version),
            ("refs/tags/1.2.3", Version),
            ("1.2.3-rc.1", Version),
            ("master", Branch),
            ("feat/deployment-canary", Branch),
            ("release/0.1", Branch),
            ("feat/v1.2", Branch),
            ("~0.1.0", Branch),
            ("*", Branch),
            ("HEAD", Branch),
            ("6413474", Branch),
        ] {
            assert_eq!(revision_kind(text), kind, "{text}");
        }
    }
}
