//! `csoc doctor`: what is wrong with this installation?

use std::process::ExitCode;

use csoc_server::doctor::{Verdict, examine};
use jiff::Timestamp;

use crate::Outcome;
use crate::server_config::ServerConfig;

/// Say in sentences what is wrong with this installation
///
/// Looks at configuration, store, keys, clock, disk, certificate and sources, beside a running server or
/// without one. Ends with 0 when all is well, 1 when something is bad, 2 when something is doubtful.
///
/// Example: csoc doctor --data /var/lib/csoc
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(flatten)]
    config: ServerConfig,
}

pub fn run(args: Args) -> Outcome {
    let config = args.config.load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let found = runtime.block_on(examine(&config, Timestamp::now()));
    for remark in &found.0 {
        let word = match remark.verdict {
            Verdict::Good => "good    ",
            Verdict::Doubtful => "doubtful",
            Verdict::Bad => "bad     ",
        };
        println!("{word}  {:<13}  {}", remark.subject, remark.sentence);
    }
    Ok(ExitCode::from(match found.worst() {
        Verdict::Good => 0,
        Verdict::Bad => 1,
        Verdict::Doubtful => 2,
    }))
}
