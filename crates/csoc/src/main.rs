//! The `csoc` program: the fleet in a shell or in someone's CI, and the server.
//!
//! One line per command; each command is one file. Exit codes: 0 done, 1 findings (`csoc lint`) or
//! differences (`csoc diff --exit-code`), 2 it could not be done (one sentence on stderr says what to do).

mod account;
mod audit;
mod audit_log;
mod backup;
mod cache;
mod changes;
mod chart;
mod check_config;
mod cli;
mod completion;
mod describe;
mod diff;
mod doctor;
mod failure;
mod files;
mod fleet;
mod get;
mod lint;
mod login;
mod matrix;
mod naming;
mod openapi;
mod output;
mod rows;
mod serve;
mod server;
mod server_config;
mod sources;
mod time;
mod tokens;
mod values;

use std::process::ExitCode;

use clap::Parser;

use cli::Command;
pub use failure::Outcome;

/// Reading a fleet's history allocates and frees gigabytes in small pieces; this one gives them back.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let outcome = match cli::Cli::parse().command {
        Command::Get(args) => get::run(&args),
        Command::Describe(args) => describe::run(&args),
        Command::Matrix(args) => matrix::run(&args),
        Command::Values(args) => values::run(&args),
        Command::Changes(args) => changes::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Serve(args) => serve::run(args),
        Command::CheckConfig(args) => check_config::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Backup(args) => backup::backup(args),
        Command::Restore(args) => backup::restore(args),
        Command::Audit(command) => audit::run(command),
        Command::Openapi => openapi::run(),
        Command::Login(args) => login::run(&args),
        Command::Sources(command) => sources::run(&command),
        Command::Tokens(command) => tokens::run(&command),
        Command::Lint(args) => lint::run(&args),
        Command::Completion(args) => completion::run(&args),
    };
    outcome.unwrap_or_else(|error| failure::report(&*error))
}
