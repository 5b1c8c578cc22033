//! What is wrong with this installation, in sentences.
//!
//! Story: the fleet on the screen is two days old. `csoc doctor` says "The source `gitops` of Fernhollow
//! was last read 49 hours ago; the last attempt failed: the token was refused", and, since one looks at it
//! anyway, that the certificate ends in 9 days. It looks without taking anything: a running server is not
//! disturbed, and one that does not run is not started.

mod sources;

use std::path::Path;

use csoc_store::{AuditFiles, FolderLock, Options, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::config::Config;
use crate::keys::Keys;
use crate::tls;

/// Less than this free, and writes will soon fail.
const LITTLE_SPACE: u64 = 1024 * 1024 * 1024;
const NO_SPACE: u64 = 64 * 1024 * 1024;
const CERTIFICATE_SOON: SignedDuration = SignedDuration::from_hours(24 * 21);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Good,
    /// Works, but will not for long, or not as wanted.
    Doubtful,
    Bad,
}

#[derive(Clone, Debug)]
pub struct Remark {
    pub verdict: Verdict,
    /// What was looked at: `configuration`, `store`, `clock` ...
    pub subject: &'static str,
    pub sentence: String,
}

/// Gathers remarks.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Remark>);

impl Findings {
    fn say(&mut self, verdict: Verdict, subject: &'static str, sentence: impl Into<String>) {
        self.0.push(Remark { verdict, subject, sentence: sentence.into() });
    }

    pub fn worst(&self) -> Verdict {
        self.0.iter().map(|remark| remark.verdict).max().unwrap_or(Verdict::Good)
    }
}

/// Looks at everything; what cannot be looked at is itself a remark.
pub async fn examine(config: &Config, now: Timestamp) -> Findings {
    let mut found = Findings::default();
    found.say(
        Verdict::Good,
        "configuration",
        format!("The configuration is understood; data is in {}.", config.data.display()),
    );
    for warning in &config.warnings {
        found.say(Verdict::Doubtful, "configuration", format!("{}.", sentence(warning)));
    }
    if !config.data.exists() {
        found.say(Verdict::Doubtful, "store", "There is no data folder yet: the server was never started here.");
        certificate(&mut found, config, now);
        return found;
    }
    folder(&mut found, &config.data);
    lock(&mut found, config);
    disk(&mut found, &config.data);
    certificate(&mut found, config, now);
    match Store::open(config.store.expose(), Options::read()).await {
        Ok(store) => {
            examine_store(&mut found, config, &store, now).await;
            store.close().await;
        }
        Err(error) => found.say(Verdict::Bad, "store", format!("{}.", sentence(&error.to_string()))),
    }
    found
}

fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

async fn examine_store(found: &mut Findings, config: &Config, store: &Store, now: Timestamp) {
    match store.check().await {
        Ok(problems) if problems.is_empty() => {
            let size = store.size().await.map(|bytes| bytes / 1024 / 1024).unwrap_or_default();
            found.say(
                Verdict::Good,
                "store",
                format!("The store can be read, its schema is current, it is whole ({size} MiB)."),
            );
        }
        Ok(problems) => {
            for problem in problems {
                found.say(Verdict::Bad, "store", format!("The store is damaged: {problem}. Restore a backup."));
            }
        }
        Err(error) => found.say(Verdict::Bad, "store", format!("The store cannot be checked: {error}.")),
    }
    keys(found, config, store).await;
    audit(found, config, store, now).await;
    sources::examine(found, store, now).await;
}

/// Only its owner should see into it, and its owner should be able to write.
fn folder(found: &mut Findings, data: &Path) {
    #[cfg(unix)]
    if let Ok(metadata) = std::fs::metadata(data) {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            let told = format!("Other users of this machine can look into {}: chmod 700 it.", data.display());
            found.say(Verdict::Doubtful, "store", told);
        }
    }
    if let Err(error) = tempfile_in(data) {
        found.say(Verdict::Bad, "store", format!("The data folder cannot be written: {error}."));
    }
}

/// Writing is tried by writing: rights, a full disk and a read-only mount all show.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    std::fs::write(&path, [0; 4096])?;
    std::fs::remove_file(path)
}

fn lock(found: &mut Findings, config: &Config) {
    match FolderLock::take(&config.data) {
        Ok(_) => found.say(Verdict::Good, "server", "No server is running on this data folder."),
        Err(StoreError::FolderInUse { pid, .. }) => {
            found.say(Verdict::Good, "server", format!("A server is running on this data folder (process {pid})."));
        }
        Err(error) => found.say(Verdict::Bad, "server", format!("{}.", sentence(&error.to_string()))),
    }
}

fn disk(found: &mut Findings, data: &Path) {
    match rustix::fs::statvfs(data) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let told = format!("{} MiB are free on the disk of the data folder.", free / 1024 / 1024);
            let verdict = match free {
                ..NO_SPACE => Verdict::Bad,
                NO_SPACE..LITTLE_SPACE => Verdict::Doubtful,
                _ => Verdict::Good,
            };
            found.say(verdict, "disk", told);
        }
        Err(error) => {
            found.say(Verdict::Doubtful, "disk", format!("How much is free on the disk cannot be told: {error}."))
        }
    }
}

fn certificate(found: &mut Findings, config: &Config, now: Timestamp) {
    let Some(files) = &config.tls else { return };
    if let Err(error) = tls::acceptor(files) {
        return found.say(Verdict::Bad, "certificate", format!("{}.", sentence(&error.to_string())));
    }
    match tls::expires_at(&files.cert) {
        Ok(end) if end <= now => found.say(Verdict::Bad, "certificate", format!("The certificate ended on {end}.")),
        Ok(end) => {
            let left = end.duration_since(now);
            let verdict = if left < CERTIFICATE_SOON { Verdict::Doubtful } else { Verdict::Good };
            let days = left.as_hours() / 24;
            found.say(verdict, "certificate", format!("The certificate is good for {days} more days, until {end}."));
        }
        Err(error) => found.say(Verdict::Bad, "certificate", format!("{}.", sentence(&error.to_string()))),
    }
}

async fn keys(found: &mut Findings, config: &Config, store: &Store) {
    if !config.data.join(crate::keys::FILE).exists() {
        return found.say(Verdict::Bad, "keys", "The installation's key is missing in the data folder: credentials of sources cannot be read. Restore it from a backup.");
    }
    let known = store.setting_fetch::<String>("installation_key_id").await;
    match (Keys::open_or_make(&config.data), known) {
        (Err(error), _) => found.say(Verdict::Bad, "keys", format!("{}.", sentence(&error.to_string()))),
        (Ok(keys), Ok(Some(id))) if id != keys.id() => {
            found.say(Verdict::Bad, "keys", "The installation's key is not the one this store was set up with.");
        }
        (Ok(_), _) => found.say(Verdict::Good, "keys", "The installation's key is there and fits the store."),
    }
}

async fn audit(found: &mut Findings, config: &Config, store: &Store, now: Timestamp) {
    let files: AuditFiles = config.audit_files();
    if let Err(error) = files.load_key() {
        return found.say(Verdict::Bad, "audit", format!("{}.", sentence(&error.to_string())));
    }
    match store.audit_last_checkpoint().await {
        Ok(Some(mark)) => {
            let at = mark.at().unwrap_or(now);
            if at.duration_since(now) > SignedDuration::from_mins(2) {
                let told =
                    format!("The clock is wrong: the newest audit checkpoint is of {at}, which is in the future.");
                return found.say(Verdict::Bad, "clock", told);
            }
            found.say(Verdict::Good, "clock", format!("The clock says {now}, after everything that was recorded."));
            found.say(
                Verdict::Good,
                "audit",
                format!("The newest audit checkpoint is of {at}; `csoc audit verify` proves the record."),
            );
        }
        Ok(None) => found.say(Verdict::Doubtful, "audit", "No audit checkpoint was made yet."),
        Err(error) => found.say(Verdict::Bad, "audit", format!("{}.", sentence(&error.to_string()))),
    }
}
