//! What is wrong in the files of a fleet, told before it hurts someone.
//!
//! Story: `account: 053927701465` stands unquoted in a production's values. YAML reads a number, Helm prints
//! `5.3927701465e+10`, and hatchery's service account asks for a role that does not exist: users cannot
//! start workspaces. [`run`] says so with the line, the text that Helm will print, and what to write.
//!
//! A rule may be silent, never wrong: what it cannot know it does not claim. A rule that could not look says
//! `not evaluated`, which is not a pass. Secrets are found and never repeated.
//!
//! Each rule stands in [`RULES`](rules::RULES) with why it matters and how to mend; the documentation is
//! made from the same table. The place of a finding moves with every edit; its fingerprint (rule, subject,
//! path in the values) does not.

mod accounts;
mod applications;
mod chart_files;
mod clusters;
mod cross_tier;
mod depth;
mod files;
mod guids;
mod ignore;
mod images;
mod inside;
mod look;
mod markdown;
mod rules;
mod scalars;
mod secrets;
#[cfg(test)]
mod tests;
mod trail;
mod twins;
mod unread_keys;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use csoc_core::finding::Severity;
use serde::Serialize;

pub use chart_files::ChartFiles;
use look::{Draft, Look, Out, Subject};
pub use markdown::document;
pub use rules::{Rule, rule, rules};

use crate::fleet::{FleetReading, ReadingState};
use crate::tree::Tree;

/// What the rules may look at beside the reading.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The files that the reading was made from.
    pub tree: &'a dyn Tree,
    /// The umbrella chart, for the rules that need one.
    pub chart: Option<ChartFiles<'a>>,
}

/// One failed check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    pub severity: Severity,
    /// Whose it is, as proposed from the files.
    pub organization: Option<Arc<str>>,
    /// The commons' folder; `None` when it concerns a cluster or the repository.
    pub commons: Option<Arc<str>>,
    /// The cluster's folder, of the commons or itself.
    pub cluster: Option<Arc<str>>,
    /// In the repository.
    pub path: Arc<str>,
    /// From 1.
    pub line: u32,
    pub column: u32,
    /// A sentence with the values that are there.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The same for the same fault, wherever its line moves.
    pub fingerprint: String,
}

/// A rule that could not look, at one commons or at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotEvaluated {
    pub rule: &'static str,
    /// `None`: nowhere.
    pub commons: Option<Arc<str>>,
    pub reason: String,
}

/// What one run found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LintReport {
    /// Worst first, then by place.
    pub findings: Vec<Finding>,
    /// Found, and waived by a comment in the file (`# csoc:ignore RULE reason`).
    pub ignored: Vec<Finding>,
    pub not_evaluated: Vec<NotEvaluated>,
}

/// Which rules to run; empty lists mean all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub only: Vec<String>,
    pub skip: Vec<String>,
}

impl Selection {
    fn wants(&self, rule: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|id| id == rule)) && !self.skip.iter().any(|id| id == rule)
    }
}

type Check = fn(&Look<'_>, &mut Out);

/// Each check finds for one or more rules; they share one look over the fleet.
const CHECKS: &[Check] = &[
    files::check,
    applications::check,
    scalars::check,
    inside::check,
    images::check,
    twins::check,
    cross_tier::check,
    guids::check,
    accounts::check,
    clusters::check,
    depth::check,
    unread_keys::check,
    secrets::check,
];

/// Runs every rule. The same reading and files give the same report, in the same order.
pub fn run(reading: &FleetReading, context: &Context<'_>) -> LintReport {
    run_selected(reading, context, &Selection::default())
}

/// Runs the selected rules.
pub fn run_selected(reading: &FleetReading, context: &Context<'_>, selection: &Selection) -> LintReport {
    let look = Look::new(reading, context);
    let mut out = Out::default();
    for check in CHECKS {
        check(&look, &mut out);
    }
    values_not_at_hand(&look, &mut out);
    ignore::check(&look, &mut out);
    let mut report = report(&look, out);
    report.findings.retain(|finding| selection.wants(finding.rule));
    report.ignored.retain(|finding| selection.wants(finding.rule));
    report.not_evaluated.retain(|gap| selection.wants(gap.rule));
    report
}

/// A commons whose values are unknown or broken was not looked at by the rules that read values.
fn values_not_at_hand(look: &Look<'_>, out: &mut Out) {
    for commons in &look.reading.commons {
        let (ReadingState::Unknown(reason) | ReadingState::Broken(reason)) = &commons.state else { continue };
        for rule in rules().iter().filter(|rule| rule.reads_values) {
            out.not_evaluated.push(NotEvaluated {
                rule: rule.id,
                commons: Some(commons.folder.clone()),
                reason: reason.clone(),
            });
        }
    }
}

fn report(look: &Look<'_>, out: Out) -> LintReport {
    let mut report = LintReport { not_evaluated: out.not_evaluated, ..LintReport::default() };
    let mut drafts: Vec<(Finding, Draft)> =
        out.drafts.into_iter().map(|draft| (finding(look, &draft), draft)).collect();
    drafts.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
    drafts.dedup_by(|(a, _), (b, _)| order(a) == order(b) && a.fingerprint == b.fingerprint);
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (finding, _) in &mut drafts {
        let count = seen.entry(finding.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            finding.fingerprint = format!("{}#{count}", finding.fingerprint);
        }
    }
    for (finding, draft) in drafts {
        match ignore::covers(look, &finding, draft.holder) {
            true => report.ignored.push(finding),
            false => report.findings.push(finding),
        }
    }
    report.findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| order(a).cmp(&order(b))));
    report.not_evaluated.sort_by(|a, b| (a.rule, &a.commons).cmp(&(b.rule, &b.commons)));
    report.not_evaluated.dedup();
    report
}

fn order(finding: &Finding) -> (&str, u32, u32, &str, &str) {
    (&finding.path, finding.line, finding.column, finding.rule, &finding.message)
}

fn finding(look: &Look<'_>, draft: &Draft) -> Finding {
    let rule = rule(draft.rule).unwrap_or(&rules()[0]);
    let commons = match &draft.subject {
        Subject::Commons(folder) => look.commons(folder),
        _ => None,
    };
    let cluster = match &draft.subject {
        Subject::Cluster(folder) => Some(folder.clone()),
        _ => commons.and_then(|commons| commons.cluster.clone()),
    };
    Finding {
        rule: rule.id,
        severity: draft.severity.unwrap_or(rule.severity),
        organization: commons
            .and_then(|commons| commons.organization.as_ref().map(|proposed| proposed.value.clone()))
            .or_else(|| look.cluster(cluster.as_deref()?)?.project.as_ref().map(|said| said.value.clone())),
        commons: match &draft.subject {
            Subject::Commons(folder) => Some(folder.clone()),
            _ => None,
        },
        cluster,
        path: draft.place.path.clone(),
        line: draft.place.line,
        column: draft.place.column,
        message: draft.message.clone(),
        help: draft.help.clone().unwrap_or_else(|| rule.mend.to_owned()),
        fingerprint: format!("{}:{}:{}", rule.id, draft.subject.name(), draft.about),
    }
}

impl LintReport {
    /// How many findings each severity has, worst first; severities without findings are left out.
    pub fn by_severity(&self) -> Vec<(Severity, usize)> {
        let count = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        Severity::ALL.iter().map(|severity| (*severity, count(*severity))).filter(|(_, count)| *count > 0).collect()
    }

    /// How many findings each rule has.
    pub fn by_rule(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(finding.rule).or_default() += 1;
        }
        counts
    }

    /// Keeps only what `before` did not have.
    pub fn retain_new(&mut self, before: &LintReport) {
        let known: std::collections::HashSet<&str> =
            before.findings.iter().chain(&before.ignored).map(|finding| finding.fingerprint.as_str()).collect();
        self.findings.retain(|finding| !known.contains(finding.fingerprint.as_str()));
        self.ignored.retain(|finding| !known.contains(finding.fingerprint.as_str()));
    }
}
