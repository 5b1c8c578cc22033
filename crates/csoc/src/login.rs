//! `csoc login`: a token for the command line, kept in the person's configuration.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use csoc_api::session::{Me, SignIn};
use csoc_api::tokens::{TokenCreate, TokenCreated};
use csoc_core::secret::Secret;
use reqwest::Method;

use crate::Outcome;
use crate::account::{Account, server_url};
use crate::failure::Failure;
use crate::output::print;
use crate::server::Client;

/// Sign in to a server, and keep a token of one's own for later commands
///
/// The password is asked for and not kept; the token ends after --days and can be revoked
/// (csoc tokens revoke). With --token-stdin a token made elsewhere is read and kept.
///
/// Example: csoc login https://csoc.example.org --name ana
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Address of the server
    server: String,
    /// Who signs in; asked for when absent
    #[arg(long)]
    name: Option<String>,
    /// Read a token from standard input in place of signing in
    #[arg(long, conflicts_with = "name")]
    token_stdin: bool,
    /// How many days the token holds
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=366))]
    days: u32,
    /// PEM file with the certificate authority of the server
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

pub fn run(args: &Args) -> Outcome {
    let server = server_url(&args.server)?;
    let ca = match &args.ca {
        Some(path) => Some(path.canonicalize().map_err(|error| Failure::new(format!("{}: {error}", path.display())))?),
        None => None,
    };
    let token = if args.token_stdin {
        Secret::new(line(&mut std::io::stdin().lock())?)
    } else {
        sign_in(args, Account { server: server.clone(), token: None, ca: ca.clone() })?
    };
    if token.is_empty() {
        return Err(Failure::new("standard input held no token").into());
    }
    let account = |token| Account { server: server.clone(), token: Some(token), ca: ca.clone() };
    // Asked before it is kept: a mistyped token would fail later, and somewhere else.
    let me: Me = Client::new(account(token.clone()))?.get("session", &[])?;
    let path = account(token).save()?;
    print(&format!("Signed in to {server} as {}; the token is kept in {}.", me.name, path.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// A session just long enough to make a token.
fn sign_in(args: &Args, account: Account) -> Result<Secret, Failure> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => ask("Name: ")?,
    };
    let wanted =
        TokenCreate { name: "csoc command line".into(), permissions: None, organization: None, days: args.days };
    Ok(Secret::new(make_token(account, name, &wanted)?.secret))
}

/// Tokens are made by people, never by tokens: a session with the password, just long enough to make one.
pub fn make_token(account: Account, name: String, wanted: &TokenCreate) -> Result<TokenCreated, Failure> {
    let password = password()?;
    let mut client = Client::new(account)?;
    let me: Me = client.post("session", &SignIn { name, password })?;
    client.set_csrf(me.csrf);
    let made: Result<TokenCreated, Failure> = client.post("tokens", wanted);
    let ended = client.send(Method::DELETE, "session");
    let made = made?;
    ended?;
    Ok(made)
}

/// From the terminal without showing it; from a pipe its first line.
fn password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ")
            .map_err(|error| Failure::new(format!("reading the password: {error}")));
    }
    line(&mut std::io::stdin().lock())
}

fn ask(question: &str) -> Result<String, Failure> {
    eprint!("{question}");
    std::io::stderr().flush()?;
    line(&mut std::io::stdin().lock())
}

fn line(input: &mut impl BufRead) -> Result<String, Failure> {
    let mut text = String::new();
    input.read_line(&mut text).map_err(|error| Failure::new(format!("reading standard input: {error}")))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}
