//! `csoc matrix`: service × commons.

use std::process::ExitCode;

use crate::Outcome;
use crate::fleet::SourceArgs;
use crate::output::{self, Columns, Format, FormatArgs, or_dash};
use crate::rows::Matrix;

/// Show which tag of each service each commons runs
///
/// Example: csoc matrix --path ~/gitops --service fence --service indexd
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Only these services (repeat it)
    #[arg(long, value_name = "NAME")]
    service: Vec<String>,
    /// Only this tier: production, staging, qa, dev
    #[arg(long, value_name = "TIER")]
    tier: Option<String>,
}

pub fn run(args: &Args) -> Outcome {
    let mut matrix = args.source.fleet()?.matrix()?;
    if !args.service.is_empty() {
        matrix.services.retain(|service| args.service.contains(service));
        for row in &mut matrix.rows {
            row.tags.retain(|service, _| args.service.contains(service));
        }
    }
    if let Some(tier) = &args.tier {
        matrix.rows.retain(|row| row.tier == *tier);
    }
    match args.format.format {
        Format::Table => table(&matrix).print()?,
        Format::Csv => csv(&matrix)?,
        format => output::document(format, &matrix)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn table(matrix: &Matrix) -> Columns {
    let titles = ["commons", "tier", "release", "behind"].into_iter();
    let titles: Vec<&str> = titles.chain(matrix.services.iter().map(String::as_str)).collect();
    let mut table = Columns::new(&titles);
    for row in &matrix.rows {
        let mut cells = vec![
            row.commons.clone(),
            row.tier.clone(),
            or_dash(row.release.as_deref()),
            row.behind.map_or_else(|| "-".into(), |behind| behind.to_string()),
        ];
        cells.extend(matrix.services.iter().map(|service| row.tags.get(service).cloned().unwrap_or_default()));
        table.row(cells);
    }
    table
}

fn csv(matrix: &Matrix) -> Result<(), crate::failure::Failure> {
    let own = ["commons", "cluster", "tier", "release", "behind"].into_iter();
    let fields: Vec<&str> = own.chain(matrix.services.iter().map(String::as_str)).collect();
    let rows = matrix.rows.iter().map(|row| {
        let mut value = output::as_json(row);
        for (service, tag) in &row.tags {
            value[service] = tag.as_str().into();
        }
        value
    });
    output::csv(&fields, rows)
}
