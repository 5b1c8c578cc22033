//! `csoc completion`: a script for the shell.

use std::io;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::Outcome;
use crate::cli::Cli;
use crate::failure::Failure;

/// Print a completion script for a shell
///
/// Example: csoc completion bash > ~/.local/share/bash-completion/completions/csoc
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    pub shell: Shell,
}

pub fn run(args: &Args) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "csoc", &mut script);
    io::Write::write_all(&mut io::stdout(), &script).map_err(Failure::from)?;
    Ok(ExitCode::SUCCESS)
}
