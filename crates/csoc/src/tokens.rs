//! `csoc tokens`: one's API tokens.

use std::process::ExitCode;

use clap::Subcommand;
use csoc_api::session::Me;
use csoc_api::tokens::{TokenCreate, TokenRow};
use reqwest::Method;

use crate::Outcome;
use crate::failure::Failure;
use crate::login::make_token;
use crate::output::{self, Columns, Format, FormatArgs, or_dash, print};
use crate::server::Client;

/// Your API tokens
#[derive(Subcommand)]
pub enum Command {
    /// List them
    ///
    /// Example: csoc tokens list
    #[command(verbatim_doc_comment)]
    List {
        #[command(flatten)]
        format: FormatArgs,
        /// Everybody's, for who may read people everywhere
        #[arg(long)]
        all: bool,
    },
    /// Make one; its secret is printed this once
    ///
    /// Asks for your password: tokens are made by people, never by tokens.
    ///
    /// Example: csoc tokens create ci --days 30 --permission fleet:read
    #[command(verbatim_doc_comment)]
    Create {
        name: String,
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=366))]
        days: u32,
        /// Only this may be done with it (repeat it); everything its owner may do when absent
        #[arg(long, value_name = "PERMISSION")]
        permission: Vec<String>,
    },
    /// End one, by its first characters, name or id
    ///
    /// Example: csoc tokens revoke ci
    #[command(verbatim_doc_comment)]
    Revoke { token: String },
}

pub fn run(command: &Command) -> Outcome {
    let client = Client::signed_in()?;
    match command {
        Command::List { format, all } => list(&client, format.format, *all)?,
        Command::Create { name, days, permission } => {
            let permissions = (!permission.is_empty()).then(|| permission.clone());
            let wanted = TokenCreate { name: name.clone(), permissions, organization: None, days: *days };
            let me: Me = client.get("session", &[])?;
            let made = make_token(client.account_without_token(), me.name, &wanted)?;
            print(&made.secret)?;
            eprintln!("It holds until {} and is not shown again.", made.token.expires_at);
        }
        Command::Revoke { token } => revoke(&client, token)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn fetch(client: &Client, all: bool) -> Result<Vec<TokenRow>, Failure> {
    let query: &[(&str, String)] = if all { &[("all", "true".to_owned())] } else { &[] };
    client.get("tokens", query)
}

fn list(client: &Client, format: Format, all: bool) -> Result<(), Failure> {
    let rows = fetch(client, all)?;
    let fields = &["id", "name", "person_name", "prefix", "permissions", "created_at", "expires_at", "revoked_at"];
    output::rows(format, &rows, fields, |rows| {
        let mut table = Columns::new(&["name", "begins with", "owner", "expires", "last used", "state"]);
        for row in rows {
            table.row([
                row.name.clone(),
                row.prefix.clone(),
                row.person_name.clone(),
                row.expires_at.strftime("%Y-%m-%d").to_string(),
                or_dash(row.last_used_at.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).as_deref()),
                if row.revoked_at.is_some() { "revoked".into() } else { String::new() },
            ]);
        }
        table
    })
}

fn revoke(client: &Client, wanted: &str) -> Result<(), Failure> {
    let rows = fetch(client, false)?;
    let live: Vec<&TokenRow> = rows
        .iter()
        .filter(|row| row.revoked_at.is_none())
        .filter(|row| row.id.to_string() == wanted || row.name == wanted || row.prefix == wanted)
        .collect();
    match live.as_slice() {
        [one] => {
            client.send(Method::DELETE, &format!("tokens/{}", one.id))?;
            print(&format!("{} ({}…) is revoked.", one.name, one.prefix))
        }
        [] => Err(Failure::new(crate::naming::unknown("token", wanted, rows.iter().map(|row| row.name.as_str())))),
        several => Err(Failure::new(format!(
            "{wanted:?} names {} tokens; say which by its first characters: {}",
            several.len(),
            several.iter().map(|row| row.prefix.as_str()).collect::<Vec<_>>().join(", ")
        ))),
    }
}
