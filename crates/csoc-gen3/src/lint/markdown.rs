//! The rules as a page of documentation.

use std::fmt::Write as _;

use super::rules;

/// `docs/lint-rules.md`, made from the table of rules; a test keeps the file current.
pub fn document() -> String {
    let mut page = String::from(
        "# Lint rules\n\n\
         Made from the table of rules (`csoc lint --rules --format markdown`); do not edit by hand.\n\n\
         A severity says who is hurt when nothing is done: *critical* – a secret is out or data is at risk; *high* – \
         users notice, now or at the next deployment; *medium* – operators are misled, or one step from an outage; \
         *low* – untidy, costs time later; *info* – worth knowing. A finding can be milder or graver than its rule's \
         usual severity; then its message says why.\n\n\
         A finding is waived where it stands by a comment on its line or the line before, with a reason:\n\n\
         ```yaml\n# csoc:ignore unpinned-chart the demo follows master on purpose\ntargetRevision: master\n```\n\n\
         | rule | severity | needs a chart | what |\n|---|---|---|---|\n",
    );
    for rule in rules() {
        let chart = if rule.needs_chart { "yes" } else { "" };
        _ = writeln!(page, "| [`{0}`](#{0}) | {1} | {chart} | {2} |", rule.id, rule.severity.as_str(), rule.title);
    }
    for rule in rules() {
        _ = write!(
            page,
            "\n## {}\n\n{}. Severity: {}.{}\n\n**Why it matters.** {}\n\n**How to mend.** {}\n",
            rule.id,
            rule.title,
            rule.severity.as_str(),
            if rule.needs_chart { " Evaluated only with a chart at hand." } else { "" },
            rule.why,
            rule.mend,
        );
    }
    page
}
