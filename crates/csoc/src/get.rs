//! `csoc get commons|services|clusters`.

use std::process::ExitCode;

use clap::Subcommand;

use crate::Outcome;
use crate::failure::Failure;
use crate::fleet::SourceArgs;
use crate::naming;
use crate::output::{self, Columns, Format, FormatArgs, or_dash};
use crate::rows::{ClusterRow, CommonsRow, ServiceRow};

/// List commons, services or clusters
///
/// Example: csoc get services --path ~/gitops --service fence
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Every commons: cluster, tier, release, how far behind
    ///
    /// Example: csoc get commons --path fleet.bundle --at 2026-05-01
    #[command(verbatim_doc_comment)]
    Commons(Common),
    /// Every service of every commons: is it on and why, image, tag
    ///
    /// A table lists what is on; JSON, YAML and CSV list all, unless --enabled is given.
    ///
    /// Example: csoc get services --path ~/gitops --commons data.example.org -o csv
    #[command(verbatim_doc_comment)]
    Services(ServicesArgs),
    /// Every cluster: account, node image, add-ons
    ///
    /// Example: csoc get clusters --path ~/gitops
    #[command(verbatim_doc_comment)]
    Clusters(Common),
}

#[derive(clap::Args)]
struct Common {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    format: FormatArgs,
}

#[derive(clap::Args)]
struct ServicesArgs {
    #[command(flatten)]
    common: Common,
    /// Only this commons (hostname or folder)
    #[arg(long, value_name = "NAME")]
    commons: Option<String>,
    /// Only this service
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Only what is on
    #[arg(long, conflicts_with = "all")]
    enabled: bool,
    /// Also what is off
    #[arg(long)]
    all: bool,
}

pub fn run(args: &Args) -> Outcome {
    match &args.what {
        What::Commons(common) => commons(common)?,
        What::Services(args) => services(args)?,
        What::Clusters(common) => clusters(common)?,
    }
    Ok(ExitCode::SUCCESS)
}

const COMMONS_FIELDS: &[&str] = &[
    "commons",
    "hostname",
    "cluster",
    "tier",
    "twin",
    "organization",
    "release",
    "behind",
    "pins",
    "services_enabled",
    "namespace",
    "application",
    "account",
    "environment",
    "chart",
    "chart_revision",
    "owners",
    "state",
    "reason",
    "folder",
];

fn commons(common: &Common) -> Result<(), Failure> {
    let rows = common.source.fleet()?.commons()?;
    output::rows(common.format.format, &rows, COMMONS_FIELDS, commons_table)
}

fn commons_table(rows: &[CommonsRow]) -> Columns {
    let mut table = Columns::new(&["commons", "cluster", "tier", "release", "behind", "pins", "services", "state"]);
    for row in rows {
        let cells = vec![
            row.commons.clone(),
            or_dash(row.cluster.as_deref()),
            row.tier.clone(),
            or_dash(row.release.as_deref()),
            row.behind.map_or_else(|| "-".into(), |behind| behind.to_string()),
            row.pins.len().to_string(),
            row.services_enabled.to_string(),
            row.state.to_string(),
        ];
        match &*row.state {
            "readable" => table.row(cells),
            _ => table.marked_row(cells, 7),
        }
    }
    table
}

const SERVICE_FIELDS: &[&str] = &[
    "commons",
    "cluster",
    "tier",
    "service",
    "enabled",
    "reason",
    "image",
    "tag",
    "tag_class",
    "origin",
    "path",
    "line",
    "folder",
];

fn services(args: &ServicesArgs) -> Result<(), Failure> {
    let format = args.common.format.format;
    let mut rows = args.common.source.fleet()?.services(args.commons.as_deref())?;
    if let Some(wanted) = &args.service {
        let known: std::collections::BTreeSet<String> = rows.iter().map(|row| row.service.clone()).collect();
        if !known.contains(wanted) {
            let names = known.iter().map(String::as_str);
            return Err(Failure::new(naming::unknown("service", wanted, names)));
        }
        rows.retain(|row| row.service == *wanted);
    }
    if args.enabled || (format == Format::Table && !args.all) {
        rows.retain(|row| row.enabled);
    }
    output::rows(format, &rows, SERVICE_FIELDS, services_table)
}

fn services_table(rows: &[ServiceRow]) -> Columns {
    let mut table = Columns::new(&["commons", "cluster", "tier", "service", "tag", "class", "origin", "image", "on"]);
    for row in rows {
        let cells = vec![
            row.commons.clone(),
            or_dash(row.cluster.as_deref()),
            row.tier.clone(),
            row.service.clone(),
            or_dash(row.tag.as_deref()),
            or_dash(row.tag_class.as_deref()),
            or_dash(row.origin.as_deref()),
            or_dash(row.image.as_deref()),
            if row.enabled { "yes".into() } else { "no".into() },
        ];
        match row.tag_class.as_deref() {
            Some("moving" | "feature") if row.enabled => table.marked_row(cells, 4),
            _ => table.row(cells),
        }
    }
    table
}

const CLUSTER_FIELDS: &[&str] =
    &["cluster", "stated_name", "project", "account", "node_image", "commons", "add_ons", "path"];

fn clusters(common: &Common) -> Result<(), Failure> {
    let rows = common.source.fleet()?.clusters()?;
    if common.format.format == Format::Csv {
        return output::csv(
            CLUSTER_FIELDS,
            rows.iter().map(|row| {
                let mut value = output::as_json(row);
                let on = row.add_ons.iter().filter(|add_on| add_on.enabled).map(|add_on| add_on.name.clone());
                value["add_ons"] = on.collect::<Vec<_>>().into();
                value
            }),
        );
    }
    output::rows(common.format.format, &rows, CLUSTER_FIELDS, clusters_table)
}

fn clusters_table(rows: &[ClusterRow]) -> Columns {
    let mut table = Columns::new(&["cluster", "project", "account", "node image", "add-ons", "commons"]);
    for row in rows {
        table.row([
            row.cluster.clone(),
            or_dash(row.project.as_deref()),
            or_dash(row.account.as_deref()),
            or_dash(row.node_image.as_deref()),
            row.add_ons.iter().filter(|add_on| add_on.enabled).count().to_string(),
            or_dash(Some(&row.commons.join(", "))),
        ]);
    }
    table
}
