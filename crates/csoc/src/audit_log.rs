//! `csoc audit list|export`: the record of what was done, from the server.

use std::process::ExitCode;

use csoc_api::audit::AuditRow;

use crate::Outcome;
use crate::failure::Failure;
use crate::output::{self, Columns, FormatArgs, or_dash, print};
use crate::server::Client;
use crate::time;

/// List the newest entries
///
/// Example: csoc audit list --filter "action:source.* result:refused" --since 7d
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct ListArgs {
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

/// Print entries as JSON lines, each with its hash
///
/// Example: csoc audit export --since 2026-05-01 > may.jsonl
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct ExportArgs {
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(clap::Args)]
struct FilterArgs {
    /// Filter tokens: actor:ana action:source.* result:refused, or words
    #[arg(long)]
    filter: Option<String>,
    /// From this time on (2026-05-01, 7d)
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl FilterArgs {
    fn query(&self) -> Result<Vec<(&'static str, String)>, Failure> {
        let now = jiff::Timestamp::now();
        let mut query: Vec<(&'static str, String)> = Vec::new();
        query.extend(self.filter.clone().map(|filter| ("filter", filter)));
        for (key, text) in [("since", &self.since), ("until", &self.until)] {
            if let Some(text) = text {
                let time = time::parse(text, now)
                    .ok_or_else(|| Failure::new(format!("--{key} {text:?} is no time; write 2026-05-01 or 7d")))?;
                query.push((key, time.to_string()));
            }
        }
        Ok(query)
    }
}

pub fn list(args: &ListArgs) -> Outcome {
    let rows: Vec<AuditRow> = Client::signed_in()?.all("audit", &args.filter.query()?, args.limit)?;
    let fields = &["seq", "time", "actor", "address", "action", "object_kind", "object_name", "result", "request_id"];
    output::rows(args.format.format, &rows, fields, |rows| {
        let mut table = Columns::new(&["time", "who", "from", "action", "object", "result"]);
        for row in rows {
            let cells = vec![
                row.time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                row.actor.clone(),
                or_dash(row.address.as_deref()),
                row.action.clone(),
                or_dash(row.object_name.as_deref().or(row.object_id.as_deref())),
                row.result.clone(),
            ];
            match row.result.as_str() {
                "ok" => table.row(cells),
                _ => table.marked_row(cells, 5),
            }
        }
        table
    })?;
    Ok(ExitCode::SUCCESS)
}

pub fn export(args: &ExportArgs) -> Outcome {
    let text = Client::signed_in()?.text("audit/export", &args.filter.query()?)?;
    if !text.is_empty() {
        print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}
