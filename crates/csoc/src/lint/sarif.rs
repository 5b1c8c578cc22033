//! SARIF 2.1.0, which code-scanning services read.
//!
//! A finding's fingerprint goes along, so that a service knows it again when its line moves; what a comment
//! waives is there as suppressed; rules that were not evaluated are notifications of the run.

use csoc_core::finding::Severity;
use csoc_gen3::lint::{Finding, LintReport, Rule, rules};
use serde_json::{Value, json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub fn document(report: &LintReport) -> Value {
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(finding, false))
        .chain(report.ignored.iter().map(|finding| result(finding, true)))
        .collect();
    let notifications: Vec<Value> = report
        .not_evaluated
        .iter()
        .map(|gap| {
            let place = gap.commons.as_ref().map_or_else(String::new, |commons| format!(" for {commons}"));
            json!({
                "level": "note",
                "message": { "text": format!("{} was not evaluated{place}: {}", gap.rule, gap.reason) },
                "associatedRule": { "id": gap.rule },
            })
        })
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "csoc lint",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/lint-rules.md"),
                "rules": rules().iter().map(descriptor).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
            "results": results,
        }],
    })
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": pascal(rule.id),
        "shortDescription": { "text": format!("{}.", rule.title) },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.mend },
        "helpUri": format!("{}/blob/main/docs/lint-rules.md#{}", env!("CARGO_PKG_REPOSITORY"), rule.id),
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "security-severity": score(rule.severity) },
    })
}

fn result(finding: &Finding, waived: bool) -> Value {
    let index = rules().iter().position(|rule| rule.id == finding.rule);
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": { "text": format!("{}. {}", finding.message, finding.help) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&finding.path), "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": finding.line, "startColumn": finding.column },
        } }],
        "partialFingerprints": { "csoc/v1": finding.fingerprint },
        "properties": { "severity": finding.severity.as_str(), "commons": finding.commons, "cluster": finding.cluster },
    });
    if waived && let Value::Object(map) = &mut result {
        map.insert("suppressions".into(), json!([{ "kind": "inSource" }]));
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The scale on which code-scanning services rank what is security.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}

fn pascal(id: &str) -> String {
    id.split('-')
        .map(|word| {
            let (first, rest) = word.split_at(1.min(word.len()));
            first.to_ascii_uppercase() + rest
        })
        .collect()
}

/// A path as a relative reference: what a URI does not allow is escaped.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a b/ü:%.yaml"), "a%20b/%C3%BC%3A%25.yaml");
    }
}
