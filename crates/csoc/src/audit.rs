//! `csoc audit`: the record of what was done.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use csoc_server::maintenance;

use crate::Outcome;
use crate::audit_log::{self, ExportArgs, ListArgs};
use crate::server_config::ServerConfig;

/// The record of what was done
#[derive(Subcommand)]
pub enum Command {
    List(ListArgs),
    Export(ExportArgs),
    Verify(Box<VerifyArgs>),
}

/// Prove that nothing of the record was changed, removed, moved or put in
///
/// Works on the store itself, beside a running server or without one. Ends with 1 when something is wrong.
///
/// Example: csoc audit verify --data /var/lib/csoc --anchors /mnt/elsewhere/audit.anchors
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct VerifyArgs {
    /// A copy of the anchors file that was kept elsewhere
    #[arg(long, value_name = "FILE")]
    anchors: Option<PathBuf>,
    /// Public key (hexadecimal) to believe besides the one in the data folder, as after it was changed
    #[arg(long, value_name = "KEY")]
    trust: Vec<String>,
    #[command(flatten)]
    config: ServerConfig,
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::List(args) => audit_log::list(&args),
        Command::Export(args) => audit_log::export(&args),
        Command::Verify(args) => verify(*args),
    }
}

fn verify(args: VerifyArgs) -> Outcome {
    let config = args.config.load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(maintenance::audit_verify(&config, args.anchors, &args.trust))?;
    print!("{}", done.report);
    Ok(ExitCode::from(u8::from(!done.report.is_intact())))
}
