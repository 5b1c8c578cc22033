//! `csoc backup` and `csoc restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use csoc_server::maintenance;

use crate::Outcome;
use crate::server_config::ServerConfig;

/// Back up the store and its keys into a new folder, also while the server runs
///
/// The backup holds the installation's keys: keep it as safe as the data folder.
///
/// Example: csoc backup --data /var/lib/csoc /mnt/backup/monday
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct BackupArgs {
    /// Folder to make
    to: PathBuf,
    #[command(flatten)]
    config: ServerConfig,
}

/// Put a backup into an empty data folder, after having verified it
///
/// Example: csoc restore --data /var/lib/csoc /mnt/backup/monday
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct RestoreArgs {
    /// Folder of the backup
    from: PathBuf,
    #[command(flatten)]
    config: ServerConfig,
}

pub fn backup(args: BackupArgs) -> Outcome {
    let config = args.config.load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let manifest = runtime.block_on(maintenance::backup(&config, &args.to))?;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    println!("{} files, {} KiB, in {}", manifest.files.len(), bytes / 1024, args.to.display());
    Ok(ExitCode::SUCCESS)
}

pub fn restore(args: RestoreArgs) -> Outcome {
    let config = args.config.load()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let restored = runtime.block_on(maintenance::restore(&config, &args.from))?;
    println!("Restored into {} the backup of {}.", config.data.display(), restored.manifest.created_at);
    print!("The audit: {}", restored.audit.report);
    Ok(ExitCode::from(u8::from(!restored.audit.report.is_intact())))
}
