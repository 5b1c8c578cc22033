//! Annotations of a GitHub workflow: one line each, shown on the changed lines of a pull request.

use std::fmt::Write;

use csoc_core::finding::Severity;
use csoc_gen3::lint::LintReport;

use crate::failure::Failure;
use crate::output;

pub fn print(report: &LintReport) -> Result<(), Failure> {
    output::print(&annotations(report))
}

fn annotations(report: &LintReport) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let level = match finding.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        };
        _ = writeln!(
            out,
            "::{level} file={},line={},col={},title={}::{}%0A{}",
            property(&finding.path),
            finding.line,
            finding.column,
            property(&format!("{} ({})", finding.rule, finding.severity.as_str())),
            data(&finding.message),
            data(&finding.help),
        );
    }
    let count = report.findings.len();
    _ = writeln!(out, "csoc lint: {count} findings, {} waived by comments", report.ignored.len());
    out
}

/// A workflow command ends with its line, so breaks and the escape itself are escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_in_a_message_can_start_another_command() {
        assert_eq!(data("a\n::error::b 5%"), "a%0A::error::b 5%25");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
