//! The rules themselves.

use csoc_gen3::lint::{document, rules};
use serde_json::{Value, json};

use super::Format;
use crate::failure::Failure;
use crate::output::{self, Columns};

pub fn print(format: Format) -> Result<(), Failure> {
    match format {
        Format::Markdown => output::print(&document()),
        Format::Json => output::document(output::Format::Json, &as_json()),
        Format::Text => table().print(),
        Format::Sarif | Format::Github => Err(Failure::new("the rules are printed as text, json or markdown")),
    }
}

fn table() -> Columns {
    let mut columns = Columns::new(&["rule", "severity", "chart", "what"]);
    for rule in rules() {
        let chart = if rule.needs_chart { "needs one" } else { "" };
        columns.row([rule.id, rule.severity.as_str(), chart, rule.title].map(str::to_owned));
    }
    columns
}

fn as_json() -> Value {
    rules()
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "title": rule.title,
                "severity": rule.severity,
                "why": rule.why,
                "mend": rule.mend,
                "needs_chart": rule.needs_chart,
            })
        })
        .collect()
}
