//! Rows that only some pages show: services, a commons in full, a cluster in full.

use std::collections::BTreeMap;

use csoc_api::clusters::{AddOnRow, ClusterDetail};
use csoc_api::commons::{ChartRow, CommonsRow, SaidRow, ServiceRow, ValueFileRow};
use csoc_core::ClusterId;

use super::entry::{AddOnEntry, CommonsEntry, SaidEntry, ServiceEntry};
use super::lens::{ClusterSeen, CommonsSeen, Lens};
use super::matrix::tag_of;

/// One row per service and image, enabled ones first as the catalogue has them.
pub fn services(lens: &Lens, seen: &CommonsSeen) -> Vec<ServiceRow> {
    let twin = seen.twin.and_then(|twin| lens.commons(twin)).map(CommonsSeen::entry);
    let entry = seen.entry();
    let mut rows: Vec<ServiceRow> = Vec::new();
    for service in &entry.services {
        if service.images.is_empty() {
            rows.push(bare(seen, service));
        }
        for image in &service.images {
            let other = twin.and_then(|twin| tag_of(twin, &service.service));
            rows.push(ServiceRow {
                image: Some(image.repository.clone()),
                tag: Some(image.tag.clone()),
                tag_class: Some(image.tag_class.as_str().to_owned()),
                origin: Some(image.origin.clone()),
                path: image.at.as_ref().map(|at| at.path.clone()),
                line: image.at.as_ref().map(|at| at.line),
                behind: if service.enabled { lens.lag(&service.service, image) } else { None },
                pin: is_pin(entry, service, image.component.as_ref()),
                twin_tag: other.filter(|tag| service.enabled && **tag != image.tag).cloned(),
                component: image.component.clone(),
                ..bare(seen, service)
            });
        }
    }
    rows.sort_by_key(|row| !row.enabled);
    rows
}

fn is_pin(entry: &CommonsEntry, service: &ServiceEntry, component: Option<&String>) -> bool {
    entry.standing.pins.iter().any(|(name, part)| *name == service.service && part.as_ref() == component)
}

fn bare(seen: &CommonsSeen, service: &ServiceEntry) -> ServiceRow {
    ServiceRow {
        commons: seen.row.name.clone(),
        commons_id: seen.row.id,
        cluster: seen.row.cluster.as_ref().map(|cluster| cluster.name.clone()),
        tier: seen.row.tier.clone(),
        service: service.service.clone(),
        enabled: service.enabled,
        reason: service.reason.clone(),
        image: None,
        tag: None,
        tag_class: None,
        origin: None,
        path: None,
        line: None,
        behind: None,
        pin: false,
        twin_tag: None,
        component: None,
    }
}

pub fn said(said: Option<&SaidEntry>) -> Option<SaidRow> {
    said.map(|said| SaidRow {
        value: said.value.clone(),
        path: said.at.as_ref().map(|at| at.path.clone()),
        line: said.at.as_ref().map(|at| at.line),
    })
}

pub fn chart(entry: &CommonsEntry) -> Option<ChartRow> {
    entry.chart.as_ref().map(|chart| ChartRow {
        repository: chart.repository.clone(),
        path: chart.path.clone(),
        revision: chart.revision.clone(),
        revision_kind: chart.revision_kind.clone(),
        at_hand: chart.at_hand,
        source: chart.source.map(|source| source.0),
        commit: chart.commit.clone(),
    })
}

pub fn value_files(entry: &CommonsEntry) -> Vec<ValueFileRow> {
    let row = |file: &super::entry::ValueFileEntry| ValueFileRow {
        written: file.written.clone(),
        path: file.path.clone(),
        state: file.state.clone(),
        detail: file.detail.clone(),
    };
    entry.value_files.iter().map(row).collect()
}

pub fn cluster_detail(lens: &Lens, seen: &ClusterSeen, file_url_prefix: Option<String>) -> ClusterDetail {
    let entry = seen.entry();
    let baselines = baselines(lens);
    let commons: Vec<CommonsRow> = lens
        .commons
        .iter()
        .filter(|one| one.entry().cluster == Some(ClusterId(seen.row.id)))
        .map(|one| one.row.clone())
        .collect();
    ClusterDetail {
        cluster: seen.row.clone(),
        project: said(entry.project.as_ref()),
        account: said(entry.account.as_ref()),
        node_image: said(entry.node_image.as_ref()),
        add_ons: entry.add_ons.iter().map(|add_on| add_on_row(add_on, &baselines)).collect(),
        commons,
        values_path: entry.values_path.clone(),
        file_url_prefix,
        commit: seen.fleet.commit.clone(),
    }
}

/// What most clusters have of an add-on: revision, and "29 of 31".
type Baselines<'l> = BTreeMap<&'l str, (String, String)>;

fn baselines(lens: &Lens) -> Baselines<'_> {
    let mut counts: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    let add_ons = lens.clusters.iter().flat_map(|cluster| &cluster.entry().add_ons);
    for add_on in add_ons.filter(|add_on| add_on.enabled) {
        let revision = add_on.revision.clone().unwrap_or_else(|| "the chart's".to_owned());
        *counts.entry(&add_on.name).or_default().entry(revision).or_default() += 1;
    }
    let most = |revisions: BTreeMap<String, usize>| {
        let all: usize = revisions.values().sum();
        let most = revisions.into_iter().max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)));
        most.map(|(revision, count)| (revision, format!("{count} of {all}")))
    };
    counts.into_iter().filter_map(|(name, revisions)| Some((name, most(revisions)?))).collect()
}

fn add_on_row(add_on: &AddOnEntry, baselines: &Baselines<'_>) -> AddOnRow {
    let baseline = baselines.get(add_on.name.as_str());
    AddOnRow {
        name: add_on.name.clone(),
        enabled: add_on.enabled,
        revision: add_on.revision.clone(),
        baseline: baseline.map(|(revision, _)| revision.clone()),
        baseline_share: baseline.map(|(_, share)| share.clone()),
        configured: add_on.configured,
        file: add_on.file.clone(),
        path: Some(add_on.at.path.clone()),
        line: Some(add_on.at.line),
    }
}

/// Where files of a commit can be looked at, for the Git hosts that we know.
pub fn file_url_prefix(location: &str, commit: &str) -> Option<String> {
    let host = web_address(location)?;
    let folder = if host.starts_with("https://bitbucket.org/") {
        "src"
    } else if host.starts_with("https://gitlab.") {
        "-/blob"
    } else {
        "blob"
    };
    Some(format!("{host}/{folder}/{commit}/"))
}

/// `https://github.com/owner/name` of an HTTPS or SSH location of a known Git host.
pub fn web_address(location: &str) -> Option<String> {
    let bare = location.trim_end_matches('/').trim_end_matches(".git");
    let rest = ["https://", "ssh://git@", "git@"].iter().find_map(|prefix| bare.strip_prefix(prefix))?;
    let (host, path) = rest.split_once(['/', ':'])?;
    let known =
        host == "github.com" || host == "bitbucket.org" || host.starts_with("gitlab.") || host.starts_with("github.");
    (known && path.contains('/')).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_commit_not_to_the_branch() {
        let link = |location| file_url_prefix(location, "abc");
        assert_eq!(link("https://github.com/o/r.git").as_deref(), Some("https://github.com/o/r/blob/abc/"));
        assert_eq!(
            link("git@gitlab.example.org:g/s/r.git").as_deref(),
            Some("https://gitlab.example.org/g/s/r/-/blob/abc/")
        );
        assert_eq!(link("ssh://git@bitbucket.org/o/r").as_deref(), Some("https://bitbucket.org/o/r/src/abc/"));
        assert_eq!(link("/srv/fleet.git"), None);
        assert_eq!(link("https://git.example.org/o/r"), None);
    }
}
