//! What Argo CD is told: which chart, under which name, for which hostname.

use std::collections::BTreeMap;

use csoc_core::finding::Severity;

use super::look::{Draft, Look, Out, Place, is_production, name, own_name, subject};
use crate::fleet::{ChartRef, CommonsReading, Layout, ReadingState, RevisionKind};

pub fn check(look: &Look<'_>, out: &mut Out) {
    for commons in &look.reading.commons {
        unpinned_chart(look, commons, out);
    }
    for commons in look.all() {
        hostname_mismatch(look, commons, out);
    }
    duplicate_applications(look, out);
    duplicate_hostnames(look, out);
}

/// Branches on which a chart's releases are collected; following one is milder than following a feature.
const MAIN_BRANCHES: &[&str] = &["master", "main", "HEAD", "stable", ""];

fn unpinned_chart(look: &Look<'_>, commons: &CommonsReading, out: &mut Out) {
    let Some(chart) = commons.chart.as_ref().filter(|chart| chart.revision_kind == RevisionKind::Branch) else {
        return;
    };
    let main = MAIN_BRANCHES.contains(&&*chart.revision);
    let severity = match (is_production(commons), main) {
        (true, false) => Severity::Medium,
        (true, true) => Severity::Low,
        (false, _) => Severity::Info,
    };
    out.add(Draft {
        rule: "unpinned-chart",
        severity: Some(severity),
        subject: subject(commons),
        place: chart.at.map_or_else(|| look.declaration(commons), |mark| look.place(mark)),
        about: chart.path.to_string(),
        message: format!("{} follows {} of the chart {}", name(commons), shown(chart, main), chart_name(chart)),
        help: None,
        holder: None,
    });
}

fn shown(chart: &ChartRef, main: bool) -> String {
    match (&*chart.revision, main) {
        ("" | "*", _) => "whatever is newest".into(),
        (revision, true) => format!("the branch {revision}"),
        (revision, false) if looks_like_range(revision) => format!("the range {revision}"),
        (revision, false) => format!("the feature branch {revision}"),
    }
}

fn looks_like_range(revision: &str) -> bool {
    revision.starts_with(['~', '^', '>', '<', '*']) || revision.ends_with(".x") || revision.ends_with(".*")
}

fn chart_name(chart: &ChartRef) -> &str {
    chart.path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&chart.repository)
}

fn hostname_mismatch(look: &Look<'_>, commons: &CommonsReading, out: &mut Out) {
    let (Some(folder), Some(hostname)) = (&commons.folder_hostname, &commons.hostname) else { return };
    let values = commons.layout == Layout::Gen3Gitops || commons.layout == Layout::CdisManifest;
    if !values || folder.eq_ignore_ascii_case(&hostname.value) || !crate::fleet::looks_like_hostname(&hostname.value) {
        return;
    }
    out.add(Draft {
        rule: "hostname-mismatch",
        severity: None,
        subject: subject(commons),
        place: hostname.at.map_or_else(|| look.declaration(commons), |mark| look.place(mark)),
        about: "hostname".into(),
        message: format!("The folder is {folder}, the hostname is {}", hostname.value),
        help: None,
        holder: None,
    });
}

fn duplicate_applications(look: &Look<'_>, out: &mut Out) {
    let mut by_name: BTreeMap<(&str, &str), Vec<&CommonsReading>> = BTreeMap::new();
    for commons in &look.reading.commons {
        if let (Some(cluster), Some(application)) = (&commons.cluster, &commons.application) {
            by_name.entry((cluster, application)).or_default().push(commons);
        }
    }
    for ((cluster, application), all) in by_name.into_iter().filter(|(_, all)| all.len() > 1) {
        for commons in &all[1..] {
            let same_namespace = all[0].namespace.is_some() && all[0].namespace == commons.namespace;
            let namespace = match (same_namespace, &commons.namespace) {
                (true, Some(namespace)) => format!(" in namespace {namespace}"),
                _ => String::new(),
            };
            out.add(Draft {
                rule: "duplicate-application",
                severity: None,
                subject: subject(commons),
                place: name_of_application(look, commons, application),
                about: application.into(),
                message: format!(
                    "{} and {} are both application {application}{namespace} of cluster {cluster}",
                    own_name(all[0]),
                    own_name(commons)
                ),
                help: None,
                holder: None,
            });
        }
    }
}

/// The line that names the application.
fn name_of_application(look: &Look<'_>, commons: &CommonsReading, application: &str) -> Place {
    let declared = look.declaration(commons);
    let found = look.text(&declared.path).and_then(|text| {
        let says = |line: &&str| line.trim().strip_prefix("name:").is_some_and(|rest| rest.contains(application));
        let (index, line) = text.lines().enumerate().skip(declared.line as usize - 1).find(|(_, line)| says(line))?;
        let column = line.find(application)? as u32 + 1;
        Some(Place { path: declared.path.clone(), line: index as u32 + 1, column })
    });
    found.unwrap_or(declared)
}

fn duplicate_hostnames(look: &Look<'_>, out: &mut Out) {
    let mut by_hostname: BTreeMap<String, Vec<&CommonsReading>> = BTreeMap::new();
    for commons in look.all() {
        let stated = commons.hostname.as_ref().filter(|said| crate::fleet::looks_like_hostname(&said.value));
        if let Some(hostname) = stated.filter(|_| commons.state == ReadingState::Readable) {
            by_hostname.entry(hostname.value.to_ascii_lowercase()).or_default().push(commons);
        }
    }
    for (hostname, all) in by_hostname.into_iter().filter(|(_, all)| all.len() > 1) {
        for commons in &all[1..] {
            // An old manifest that stayed behind when the commons moved declares nothing any more.
            let stale = (commons.layout == Layout::CdisManifest) != (all[0].layout == Layout::CdisManifest);
            // A manifest for one step of the set-up, below the commons' own.
            let step = commons.folder.starts_with(&format!("{}/", all[0].folder));
            if stale || step {
                continue;
            }
            let at = commons.hostname.as_ref().and_then(|said| said.at);
            out.add(Draft {
                rule: "duplicate-hostname",
                severity: None,
                subject: subject(commons),
                place: at.map_or_else(|| look.declaration(commons), |mark| look.place(mark)),
                about: hostname.clone(),
                message: format!("{hostname} is claimed by {} and by {}", all[0].folder, commons.folder),
                help: None,
                holder: None,
            });
        }
    }
}
