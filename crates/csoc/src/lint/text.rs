//! Findings for people: grouped by commons, the worst group first, counted at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::{self, IsTerminal};

use csoc_core::finding::Severity;
use csoc_gen3::fleet::FleetReading;
use csoc_gen3::lint::{Finding, LintReport, NotEvaluated};

use super::name_of;
use crate::failure::Failure;
use crate::output;

pub fn print(reading: &FleetReading, report: &LintReport, since: Option<&str>) -> Result<(), Failure> {
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    output::print(&page(reading, report, since, Paint(colour)))
}

/// Colour, or none.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        match self.0 {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }

    fn severity(self, severity: Severity) -> String {
        let code = match severity {
            Severity::Critical => "1;35",
            Severity::High => "31",
            Severity::Medium => "33",
            Severity::Low => "36",
            Severity::Info => "2",
        };
        self.wrap(code, &format!("{:<8}", severity.as_str()))
    }
}

fn page(reading: &FleetReading, report: &LintReport, since: Option<&str>, paint: Paint) -> String {
    let mut groups: BTreeMap<(u8, String), Vec<&Finding>> = BTreeMap::new();
    let mut worst: BTreeMap<String, Severity> = BTreeMap::new();
    // Findings come worst first, so the first of a group is its worst.
    for finding in &report.findings {
        worst.entry(heading(reading, finding)).or_insert(finding.severity);
    }
    for finding in &report.findings {
        let heading = heading(reading, finding);
        let rank = Severity::Critical as u8 - worst.get(&heading).copied().unwrap_or(Severity::Info) as u8;
        groups.entry((rank, heading)).or_default().push(finding);
    }
    let mut page = String::new();
    for ((_, heading), findings) in groups {
        _ = writeln!(page, "{}", paint.wrap("1", &heading));
        for finding in findings {
            let place = format!("{}:{}:{}", finding.path, finding.line, finding.column);
            _ = writeln!(page, "  {} {place}  {}", paint.severity(finding.severity), paint.wrap("2", finding.rule));
            _ = writeln!(page, "           {}", finding.message);
            _ = writeln!(page, "           {}", paint.wrap("2", &format!("→ {}", finding.help)));
        }
        page.push('\n');
    }
    page.push_str(&summary(reading, report, since));
    page
}

fn heading(reading: &FleetReading, finding: &Finding) -> String {
    match (&finding.commons, &finding.cluster) {
        (Some(folder), _) => {
            let name = name_of(reading, folder);
            if name == &**folder { name.to_owned() } else { format!("{name}  ({folder})") }
        }
        (None, Some(cluster)) => format!("cluster {cluster}"),
        (None, None) => "repository".into(),
    }
}

fn summary(reading: &FleetReading, report: &LintReport, since: Option<&str>) -> String {
    let counts: Vec<_> =
        report.by_severity().into_iter().map(|(severity, count)| format!("{count} {}", severity.as_str())).collect();
    let new = since.map_or_else(String::new, |since| format!(" new since {since}"));
    let found = match report.findings.len() {
        0 => format!("Nothing found{new}"),
        1 => format!("1 finding{new} ({})", counts.join(", ")),
        n => format!("{n} findings{new} ({})", counts.join(", ")),
    };
    let read = format!("{} commons and {} clusters", reading.commons.len(), reading.clusters.len());
    let mut text = format!("{found} in {read}.");
    match report.ignored.len() {
        0 => {}
        1 => text.push_str(" 1 is waived by a comment."),
        n => _ = write!(text, " {n} are waived by comments."),
    }
    text.push('\n');
    let gaps = not_evaluated(reading, &report.not_evaluated);
    if !gaps.is_empty() {
        _ = writeln!(text, "Not evaluated:");
        for gap in gaps {
            _ = writeln!(text, "  {gap}");
        }
    }
    text
}

/// One entry for each reason: which rules, for how many commons.
fn not_evaluated(reading: &FleetReading, gaps: &[NotEvaluated]) -> Vec<String> {
    let mut by_reason: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for gap in gaps {
        let (rules, commons) = by_reason.entry(&gap.reason).or_default();
        rules.insert(gap.rule);
        commons.extend(gap.commons.as_deref().map(|folder| name_of(reading, folder)));
    }
    let entry = |(reason, (rules, commons)): (&str, (BTreeSet<&str>, BTreeSet<&str>))| {
        let rules = match rules.len() {
            1..=3 => rules.into_iter().collect::<Vec<_>>().join(", "),
            n => format!("{n} rules"),
        };
        let place = match commons.len() {
            0 => String::new(),
            1 => commons.into_iter().map(|name| format!(" for {name}")).collect(),
            n => format!(" for {n} commons"),
        };
        format!("{rules}{place} ({reason})")
    };
    by_reason.into_iter().map(entry).collect()
}
