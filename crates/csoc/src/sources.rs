//! `csoc sources`: the repositories that the server reads.

use std::io::Read;
use std::process::ExitCode;

use clap::Subcommand;
use csoc_api::organizations::OrganizationRow;
use csoc_api::sources::{CredentialWrite, SourceCreate, SourceRow};
use reqwest::Method;
use uuid::Uuid;

use crate::Outcome;
use crate::failure::Failure;
use crate::naming;
use crate::output::{self, Columns, FormatArgs, or_dash, print};
use crate::server::Client;

/// The Git repositories that the server reads
#[derive(Subcommand)]
pub enum Command {
    /// List them, with the state of the last fetch
    ///
    /// Example: csoc sources list
    #[command(verbatim_doc_comment)]
    List {
        #[command(flatten)]
        format: FormatArgs,
    },
    Add(AddArgs),
    /// Fetch one now
    ///
    /// Example: csoc sources fetch gitops
    #[command(verbatim_doc_comment)]
    Fetch {
        name: String,
    },
    /// Forget one; what is known from it goes with it
    ///
    /// Example: csoc sources remove old-fleet --yes
    #[command(verbatim_doc_comment)]
    Remove {
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// Register one
///
/// A credential is read from standard input, never from the command line.
///
/// Examples: csoc sources add gitops https://git.example.org/fleet.git --branch main --token-stdin < token
///           csoc sources add fleet /srv/fleet.bundle
///           csoc sources add gen3-helm /srv/gen3-helm.git --kind chart --alias https://github.com/uc-cdis/gen3-helm
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct AddArgs {
    name: String,
    /// HTTPS or SSH address, or a path on the server
    location: String,
    #[arg(long)]
    branch: Option<String>,
    /// fleet declares commons, chart holds charts, releases lists releases
    #[arg(long, default_value = "fleet", value_parser = ["fleet", "chart", "releases"])]
    kind: String,
    /// Another address under which Applications name it, or the registry that packages it; may be repeated
    #[arg(long = "alias", value_name = "URL")]
    aliases: Vec<String>,
    /// Whose it is; needed where there are several
    #[arg(long)]
    organization: Option<String>,
    /// Read an access token from standard input
    #[arg(long, conflicts_with = "key_stdin")]
    token_stdin: bool,
    /// Read a private SSH key from standard input
    #[arg(long)]
    key_stdin: bool,
    /// Seconds between fetches
    #[arg(long, value_name = "SECONDS")]
    interval: Option<u32>,
}

pub fn run(command: &Command) -> Outcome {
    let client = Client::signed_in()?;
    match command {
        Command::List { format } => list(&client, *format)?,
        Command::Add(args) => add(&client, args)?,
        Command::Fetch { name } => {
            client.send(Method::POST, &format!("sources/{}/fetch", find(&client, name)?.id))?;
            print(&format!("{name} is being fetched; csoc sources list tells how it goes."))?;
        }
        Command::Remove { name, yes } => {
            let source = find(&client, name)?;
            if !yes {
                let loss = match source.kind.as_str() {
                    "fleet" => format!("forgets {} commons and {} landings", source.commons, source.state.landings),
                    "chart" => format!("leaves {} commons without their chart", source.commons),
                    _ => "forgets the releases that it lists".to_owned(),
                };
                let sentence = format!("removing {} {loss}; add --yes to do it", source.name);
                return Err(Failure::new(sentence).into());
            }
            client.send(Method::DELETE, &format!("sources/{}", source.id))?;
            print(&format!("{} is removed.", source.name))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn fetch(client: &Client) -> Result<Vec<SourceRow>, Failure> {
    client.get("sources", &[])
}

fn find(client: &Client, wanted: &str) -> Result<SourceRow, Failure> {
    let mut rows = fetch(client)?;
    match rows.iter().position(|row| row.name == wanted || row.id.to_string() == wanted) {
        Some(index) => Ok(rows.swap_remove(index)),
        None => Err(Failure::new(naming::unknown("source", wanted, rows.iter().map(|row| row.name.as_str())))),
    }
}

fn list(client: &Client, format: FormatArgs) -> Result<(), Failure> {
    let rows = fetch(client)?;
    let fields = &["id", "organization_name", "name", "kind", "location", "branch", "auth", "commons", "clusters"];
    output::rows(format.format, &rows, fields, |rows| {
        let mut table = Columns::new(&["name", "kind", "location", "branch", "state", "head", "commons", "error"]);
        for row in rows {
            let cells = vec![
                row.name.clone(),
                row.kind.clone(),
                row.location.clone(),
                row.branch.clone(),
                if row.paused { "paused".into() } else { row.state.phase.clone() },
                or_dash(row.state.head.as_deref().map(|head| head.get(..8).unwrap_or(head))),
                row.commons.to_string(),
                row.state.error.clone().unwrap_or_default(),
            ];
            match row.state.phase.as_str() {
                "failing" => table.marked_row(cells, 4),
                _ => table.row(cells),
            }
        }
        table
    })
}

fn add(client: &Client, args: &AddArgs) -> Result<(), Failure> {
    let credential = match (args.token_stdin, args.key_stdin) {
        (true, _) => CredentialWrite::Token { user: None, token: stdin()?.trim().to_owned() },
        (_, true) => CredentialWrite::SshKey { private_key: stdin()? },
        _ => CredentialWrite::None,
    };
    let wanted = SourceCreate {
        organization: organization(client, args.organization.as_deref())?,
        name: args.name.clone(),
        kind: args.kind.clone(),
        location: args.location.clone(),
        branch: args.branch.clone(),
        aliases: args.aliases.clone(),
        credential,
        interval_seconds: args.interval,
    };
    let made: SourceRow = client.post("sources", &wanted)?;
    print(&format!("{} is registered and being fetched; csoc sources list tells how it goes.", made.name))
}

fn stdin() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failure::new(format!("reading standard input: {error}")))?;
    Ok(text)
}

fn organization(client: &Client, wanted: Option<&str>) -> Result<Uuid, Failure> {
    let rows: Vec<OrganizationRow> = client.get("organizations", &[])?;
    let names = || rows.iter().map(|row| row.name.as_str());
    match (wanted, rows.as_slice()) {
        (None, [only]) => Ok(only.id),
        (None, []) => Err(Failure::new("there is no organization yet: make one in Settings")),
        (None, _) => Err(Failure::new(format!(
            "say whose it is with --organization: {}",
            names().collect::<Vec<_>>().join(", ")
        ))),
        (Some(wanted), _) => match rows.iter().find(|row| row.name == wanted || row.id.to_string() == wanted) {
            Some(row) => Ok(row.id),
            None => Err(Failure::new(naming::unknown("organization", wanted, names()))),
        },
    }
}
