//! What can be typed. Commands that read a fleet take `--path` (files) in place of a server.

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "csoc",
    version,
    about = "Operate a fleet of Gen3 data commons",
    long_about = "Operate a fleet of Gen3 data commons.\n\nCommands that only read need no server: give them \
                  --path with a work tree, a bare repository or a bundle.",
    after_help = "Examples:\n  csoc get commons --path ~/gitops\n  csoc changes --path fleet.bundle --since 7d\n  \
                  csoc diff --path . staging.example.org data.example.org",
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    Get(crate::get::Args),
    Describe(crate::describe::Args),
    Matrix(crate::matrix::Args),
    Values(crate::values::Args),
    Changes(crate::changes::Args),
    Diff(crate::diff::Args),
    Login(crate::login::Args),
    #[command(subcommand)]
    Sources(crate::sources::Command),
    #[command(subcommand)]
    Tokens(crate::tokens::Command),
    Serve(crate::serve::Args),
    CheckConfig(crate::check_config::Args),
    Doctor(crate::doctor::Args),
    Backup(crate::backup::BackupArgs),
    Restore(crate::backup::RestoreArgs),
    #[command(subcommand)]
    Audit(crate::audit::Command),
    /// Print the contract of the REST API
    Openapi,
    Lint(crate::lint::Args),
    Completion(crate::completion::Args),
}
