//! `csoc check-config`: is the server's configuration right?

use std::process::ExitCode;

use crate::Outcome;
use crate::server_config::ServerConfig;

/// Check the server's configuration, and say every mistake at once
///
/// Example: csoc check-config --config /etc/csoc.toml
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(flatten)]
    config: ServerConfig,
}

pub fn run(args: Args) -> Outcome {
    let file = args.config.file().map_or_else(|| "no file".to_owned(), |file| file.display().to_string());
    let config = args.config.load()?;
    for warning in &config.warnings {
        println!("warning: {warning}");
    }
    println!("The configuration is right ({file}, the environment and flags). It would listen on {}.", config.listen);
    Ok(ExitCode::SUCCESS)
}
