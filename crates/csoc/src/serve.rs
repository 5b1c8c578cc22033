//! `csoc serve`: the server, until it is told to stop.

use std::process::ExitCode;

use csoc_server::service::sample;
use csoc_server::{Config, Server, logging};
use tokio::signal::unix::{SignalKind, signal};

use crate::Outcome;
use crate::server_config::ServerConfig;

/// Run the server
///
/// At its first start it prints one URL that makes the first administrator.
///
/// Example: csoc serve --sample --data /var/lib/csoc
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Make and register the sample fleet: eight invented commons with a year of history
    #[arg(long)]
    sample: bool,
    #[command(flatten)]
    config: ServerConfig,
}

pub fn run(args: Args) -> Outcome {
    let config = args.config.load()?;
    logging::start(&config.log);
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config, args.sample))?;
    // A clone that hangs in a blocking thread must not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config, with_sample: bool) -> Result<(), Box<dyn std::error::Error>> {
    // Before anything takes long: a stop during the start is heard, too.
    let stop = stop_signal()?;
    let open = config.no_sign_in;
    let server = Server::build(config).await?;
    if with_sample {
        sample::register(&server.app()).await?;
    }
    announce(&server, open);
    server.run(stop).await;
    Ok(())
}

fn announce(server: &Server, open: bool) {
    println!("csoc {} listens on {}", env!("CARGO_PKG_VERSION"), server.url());
    match server.setup_url() {
        _ if open => println!("Nobody has to sign in: everybody who can reach it is administrator."),
        Some(url) => println!("Open this once to make the first administrator:\n\n  {url}\n"),
        None => {}
    }
}

/// Done at the first SIGTERM or SIGINT; at the second the process ends at once.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (told, heard) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!("stopping; once more ends it at once");
        // The server has ended already when nobody hears it.
        let _ = told.send(());
        tokio::select! { _ = term.recv() => {}, _ = interrupt.recv() => {} }
        std::process::exit(130);
    });
    Ok(async move { drop(heard.await) })
}
