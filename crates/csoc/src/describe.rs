//! `csoc describe commons`: all about one commons on one page.

use std::process::ExitCode;

use clap::Subcommand;
use csoc_api::changes::ChangeRow;
use csoc_api::commons::{CommonsDetail, SaidRow};
use csoc_gen3::changes::Landing;
use csoc_gen3::fleet::{CommonsReading, ValueFileState};
use serde_json::{Value, json};

use crate::Outcome;
use crate::changes;
use crate::failure::Failure;
use crate::fleet::{Fleet, SourceArgs};
use crate::naming::{self, Names};
use crate::output::{self, Columns, Format, FormatArgs, or_dash, print};
use crate::rows::{self, CommonsRow, ServiceRow};
use crate::server::{Client, rows as server_rows};

/// Show one commons: where it stands, what it runs, what changed last
///
/// Example: csoc describe commons data.example.org --path ~/gitops
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Example: csoc describe commons data.example.org --path ~/gitops
    Commons(CommonsArgs),
}

#[derive(clap::Args)]
struct CommonsArgs {
    /// Hostname, folder or Argo CD application
    name: String,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// How many of its last changes are told.
const LAST_CHANGES: usize = 10;

pub fn run(args: &Args) -> Outcome {
    let What::Commons(args) = &args.what;
    let mut files = match args.source.fleet()? {
        Fleet::Files { files, .. } => files,
        Fleet::Server { client, at } => return online(&client, args, at.as_deref()),
    };
    let snapshot = files.snapshot(args.source.at.as_deref())?;
    let commons = naming::find(&snapshot.reading, &args.name)?.clone();
    let book = files.book(&snapshot)?;
    let row = rows::commons(&snapshot.reading, &book).into_iter().find(|row| *row.folder == *commons.folder);
    let services = rows::services_of(&snapshot.reading, &commons);
    let changes = match files.repository() {
        Ok(_) => last_changes(&mut files, args, &commons)?,
        Err(_) => Vec::new(),
    };
    let row = row.ok_or_else(|| Failure::new("the commons is not listed"))?;
    let names = Names::of(&snapshot.reading);
    match args.format.format {
        Format::Table => page(&row, &commons, &services, &changes)?,
        format => output::document(format, &document(&row, &commons, &services, &changes, &names))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn last_changes(
    files: &mut crate::files::Files,
    args: &CommonsArgs,
    commons: &CommonsReading,
) -> Result<Vec<Landing>, Failure> {
    let history = changes::walk(files, args.source.at.as_deref(), None)?.history;
    let own = history.landings.into_iter().rev().filter(|landing| landing.commons.contains(&commons.folder));
    Ok(own
        .take(LAST_CHANGES)
        .map(|mut landing| {
            landing.items.retain(|item| item.commons.as_ref() == Some(&commons.folder));
            landing
        })
        .collect())
}

fn value_file_state(state: &ValueFileState) -> String {
    match state {
        ValueFileState::Read => "read".into(),
        ValueFileState::Empty => "empty".into(),
        ValueFileState::Missing => "missing".into(),
        ValueFileState::MissingIgnored => "missing, ignored".into(),
        ValueFileState::Foreign { owner } => format!("belongs to {owner}"),
        ValueFileState::UnknownRevision { repository, revision } => format!("at {repository} {revision}: not at hand"),
        ValueFileState::Broken(why) => format!("broken: {why}"),
        ValueFileState::Outside => "outside of the repository".into(),
    }
}

fn document(
    row: &CommonsRow,
    commons: &CommonsReading,
    services: &[ServiceRow],
    landings: &[Landing],
    names: &Names,
) -> Value {
    let files = commons
        .value_files
        .iter()
        .map(|file| json!({"written": file.written, "path": file.path, "state": value_file_state(&file.state)}));
    json!({
        "commons": row,
        "tier_why": commons.tier.why,
        "twin_why": commons.twin.as_ref().map(|twin| &twin.why),
        "value_files": files.collect::<Vec<_>>(),
        "services": services,
        "changes": landings.iter().map(|landing| changes::row(landing, names)).collect::<Vec<_>>(),
    })
}

fn page(
    row: &CommonsRow,
    commons: &CommonsReading,
    services: &[ServiceRow],
    changes: &[Landing],
) -> Result<(), Failure> {
    let twin = row.twin.as_ref().map(|twin| format!("{twin} ({})", why(commons.twin.as_ref().map(|t| &*t.why))));
    let release = match (&row.release, row.behind) {
        (Some(release), Some(0)) => format!("{release} (newest)"),
        (Some(release), Some(behind)) => format!("{release} ({behind} behind)"),
        (release, _) => or_dash(release.as_deref()),
    };
    let chart = match (&row.chart, &row.chart_revision) {
        (Some(chart), Some(revision)) => Some(format!("{chart} at {revision}")),
        _ => None,
    };
    let state = row.reason.as_ref().map_or_else(|| row.state.to_string(), |why| format!("{}: {why}", row.state));
    for (title, text) in [
        ("Commons", row.commons.clone()),
        ("Folder", row.folder.clone()),
        ("State", state),
        ("Cluster", or_dash(row.cluster.as_deref())),
        ("Tier", format!("{} ({})", row.tier, commons.tier.why)),
        ("Twin", or_dash(twin.as_deref())),
        ("Owners", or_dash(Some(&row.owners.join(", ")))),
        ("Namespace", or_dash(row.namespace.as_deref())),
        ("Application", or_dash(row.application.as_deref())),
        ("Account", or_dash(row.account.as_deref())),
        ("Chart", or_dash(chart.as_deref())),
        ("Release", release),
        ("Pins", or_dash(Some(&row.pins.join(", ")))),
    ] {
        print(&format!("{title:<13}{text}"))?;
    }
    for file in &commons.value_files {
        print(&format!("{:<13}{} ({})", "Values", file.written, value_file_state(&file.state)))?;
    }
    print("")?;
    let mut table = Columns::new(&["service", "tag", "class", "origin", "why"]);
    for service in services.iter().filter(|service| service.enabled) {
        table.row([
            service.service.clone(),
            or_dash(service.tag.as_deref()),
            or_dash(service.tag_class.as_deref()),
            or_dash(service.origin.as_deref()),
            service.reason.clone(),
        ]);
    }
    table.print()?;
    if !changes.is_empty() {
        print("")?;
        let mut table = Columns::new(&["time", "commit", "class", "what", "author"]);
        for landing in changes {
            table.row([
                landing.time.strftime("%Y-%m-%d %H:%M").to_string(),
                landing.commit.get(..8).unwrap_or(&landing.commit).to_owned(),
                landing.class.label().to_owned(),
                landing.summary(),
                landing.author.to_string(),
            ]);
        }
        table.print()?;
    }
    Ok(())
}

fn why(why: Option<&str>) -> &str {
    why.unwrap_or("no reason given")
}

/// The server's own document; as a page the same lines as from files.
fn online(client: &Client, args: &CommonsArgs, at: Option<&str>) -> Outcome {
    let found = server_rows::find(client, &args.name, at)?;
    let as_of: Vec<(&str, String)> = at.map(|at| ("at", at.to_owned())).into_iter().collect();
    let detail: CommonsDetail = client.get(&format!("commons/{}", found.id), &as_of)?;
    let own = [("commons", found.id.to_string())];
    let changes: Vec<ChangeRow> = client.all("changes", &own, LAST_CHANGES)?;
    if args.format.format != Format::Table {
        output::document(args.format.format, &json!({"commons": detail, "changes": changes}))?;
        return Ok(ExitCode::SUCCESS);
    }
    let said = |said: &Option<SaidRow>| or_dash(said.as_ref().map(|said| said.value.as_str()));
    let row = &detail.commons;
    let chart = detail.chart.as_ref().map(|chart| format!("{} at {}", chart.path, chart.revision));
    for (title, text) in [
        ("Commons", row.name.clone()),
        ("Folder", row.folder.clone()),
        ("Health", row.state.health.clone()),
        ("Files", row.state.config.replace('_', " ")),
        ("Reasons", or_dash(Some(&row.state.reasons.join("; ")))),
        ("Cluster", or_dash(row.cluster.as_ref().map(|cluster| cluster.name.as_str()))),
        ("Tier", format!("{} ({})", row.tier, detail.tier_why)),
        ("Twin", or_dash(row.twin.as_ref().map(|twin| twin.name.as_str()))),
        ("Owners", or_dash(Some(&row.owners.join(", ")))),
        ("Namespace", or_dash(detail.namespace.as_deref())),
        ("Application", or_dash(detail.application.as_deref())),
        ("Account", said(&detail.account)),
        ("Chart", or_dash(chart.as_deref())),
        ("Release", or_dash(row.release.as_deref())),
        ("Behind", row.behind.map_or_else(|| "-".into(), |behind| behind.to_string())),
        ("Seen", row.seen_at.to_string()),
    ] {
        print(&format!("{title:<13}{text}"))?;
    }
    print("")?;
    let mut table = Columns::new(&["service", "tag", "class", "origin", "why"]);
    for service in detail.services.iter().filter(|service| service.enabled) {
        table.row([
            service.service.clone(),
            or_dash(service.tag.as_deref()),
            or_dash(service.tag_class.as_deref()),
            or_dash(service.origin.as_deref()),
            service.reason.clone(),
        ]);
    }
    table.print()?;
    if !changes.is_empty() {
        print("")?;
        changes::server_table(&changes).print()?;
    }
    Ok(ExitCode::SUCCESS)
}
