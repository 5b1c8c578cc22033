//! Backup and restore of the SQLite store, while the server runs.
//!
//! Story: `csoc backup /mnt/backup/monday` beside a running server. The database is copied as it was at one
//! moment (`VACUUM INTO`; no writer waits), with the audit's key and anchors and what else the caller
//! names, and a manifest with the checksum of each. The folder appears under its name when it is whole.
//! `csoc restore` checks every checksum, the database's own integrity and the audit's chain before
//! anything is put in place, and never touches a data folder that is in use or holds a store.
//!
//! PostgreSQL has its own tools for this; asked for here, the error says so.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use csoc_core::audit::hex;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::key::sync_folder;
use crate::sql::sql;
use crate::{AuditFiles, AuditVerification, FolderLock, Store, StoreError, migrate};

const MANIFEST: &str = "manifest.json";
const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupManifest {
    pub format: u32,
    pub created_at: Timestamp,
    /// Version of the program that made it.
    pub program: String,
    pub schema: i64,
    /// Which of the files is the database.
    pub database: String,
    pub files: Vec<BackupFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFile {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Debug)]
pub struct Restored {
    pub manifest: BackupManifest,
    /// A backup of a record that does not verify is restored all the same; this says so.
    pub audit: AuditVerification,
}

fn at(step: &'static str, path: &Path) -> impl Fn(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { step, path: path.clone(), source }
}

fn broken(why: impl Into<String>) -> StoreError {
    StoreError::Backup(why.into())
}

impl Store {
    /// Makes the folder `to`, which must not exist. `also` are further files of the data folder (other keys).
    pub async fn backup(
        &self,
        to: &Path,
        audit: &AuditFiles,
        also: &[PathBuf],
        program: &str,
        now: Timestamp,
    ) -> Result<BackupManifest, StoreError> {
        let Some(file) = self.file() else {
            return Err(broken(
                "this store is PostgreSQL; use pg_dump, or your provider's backups, and keep audit.key",
            ));
        };
        if to.exists() {
            return Err(broken(format!("{} exists already", to.display())));
        }
        let database = plain_name(file)?;
        let partial = to.with_added_extension(format!("partial-{}", std::process::id()));
        create_folder(&partial)?;
        let made = self.backup_into(&partial, &database, audit, also, program, now).await;
        let manifest = match made {
            Ok(manifest) => manifest,
            Err(error) => {
                // Half a backup is worse than none; if it cannot be removed its name still says what it is.
                let _ = std::fs::remove_dir_all(&partial);
                return Err(error);
            }
        };
        std::fs::rename(&partial, to)
            .and_then(|()| sync_folder(to))
            .map_err(at("cannot give the backup its name", to))?;
        Ok(manifest)
    }

    async fn backup_into(
        &self,
        folder: &Path,
        database: &str,
        audit: &AuditFiles,
        also: &[PathBuf],
        program: &str,
        now: Timestamp,
    ) -> Result<BackupManifest, StoreError> {
        let mut files = Vec::new();
        // Anchors before the database: no anchor may be of a row that the copy does not have yet.
        for source in [&audit.anchors, &audit.key].into_iter().chain(also) {
            if source.exists() {
                files.push(copy(source, &folder.join(plain_name(source)?))?);
            }
        }
        let copied = folder.join(database);
        let target = copied.to_str().ok_or_else(|| broken("the folder's name is not UTF-8"))?;
        self.rows("backup: copying the database", sql("VACUUM INTO $1").bind(target)).await?;
        make_private(&copied)?;
        let (bytes, sha256) = checksum(&copied)?;
        files.push(BackupFile { name: database.to_owned(), bytes, sha256 });
        let manifest = BackupManifest {
            format: FORMAT,
            created_at: now,
            program: program.to_owned(),
            schema: self.schema_version().await?,
            database: database.to_owned(),
            files,
        };
        let text = serde_json::to_string_pretty(&manifest).map_err(|e| broken(e.to_string()))?;
        let path = folder.join(MANIFEST);
        std::fs::write(&path, text)
            .and_then(|()| File::open(&path)?.sync_all())
            .and_then(|()| sync_folder(&path))
            .map_err(at("cannot write", &path))?;
        Ok(manifest)
    }
}

/// Puts the backup `from` into the data folder `to`, after having verified it.
pub async fn restore(from: &Path, to: &Path) -> Result<Restored, StoreError> {
    let manifest = read_manifest(from)?;
    for file in &manifest.files {
        let (bytes, sha256) = checksum(&from.join(&file.name))?;
        if (bytes, &sha256) != (file.bytes, &file.sha256) {
            return Err(broken(format!("{} is not what the manifest says it was", file.name)));
        }
    }
    let audit = verify(from, &manifest).await?;
    create_folder(to)?;
    // Held until everything is in place: no server starts on half of it.
    let _lock = FolderLock::take(to)?;
    let side_files = ["-wal", "-shm", "-journal"].map(|end| format!("{}{end}", manifest.database));
    let names = manifest.files.iter().map(|file| &file.name).chain(&side_files);
    if let Some(there) = names.map(|name| to.join(name)).find(|path| path.exists()) {
        return Err(broken(format!("{} exists; restore into an empty folder", there.display())));
    }
    // The database last: a folder without it is not taken for a store.
    let (database, others): (Vec<_>, Vec<_>) = manifest.files.iter().partition(|f| f.name == manifest.database);
    for file in others.into_iter().chain(database) {
        let target = to.join(&file.name);
        let incoming = to.join(format!("{}.restoring", file.name));
        // Of a restore that was interrupted: the lock says that none is running.
        let _ = std::fs::remove_file(&incoming);
        let copied = copy(&from.join(&file.name), &incoming)?;
        if copied != (BackupFile { name: copied.name.clone(), ..file.clone() }) {
            return Err(broken(format!("{} changed while it was copied", file.name)));
        }
        std::fs::rename(&incoming, &target)
            .and_then(|()| sync_folder(&target))
            .map_err(at("cannot put in place", &target))?;
    }
    Ok(Restored { manifest, audit })
}

fn read_manifest(from: &Path) -> Result<BackupManifest, StoreError> {
    let path = from.join(MANIFEST);
    let text = std::fs::read_to_string(&path).map_err(at("cannot read the backup's manifest", &path))?;
    let manifest: BackupManifest =
        serde_json::from_str(&text).map_err(|e| broken(format!("{} cannot be read: {e}", path.display())))?;
    if manifest.format != FORMAT {
        return Err(broken(format!("its format is {}, this csoc reads {FORMAT}", manifest.format)));
    }
    migrate::refuse_newer(manifest.schema)?;
    // A manifest is text that anybody may have written: its names must not lead out of the folder.
    for name in manifest.files.iter().map(|f| &f.name).chain([&manifest.database]) {
        if plain_name(Path::new(name))? != *name {
            return Err(broken(format!("{name:?} is not the plain name of a file")));
        }
    }
    if !manifest.files.iter().any(|f| f.name == manifest.database) {
        return Err(broken("its manifest does not list the database"));
    }
    Ok(manifest)
}

/// Is the copied database whole, and does its audit verify?
async fn verify(from: &Path, manifest: &BackupManifest) -> Result<AuditVerification, StoreError> {
    let database = from.join(&manifest.database);
    let url = format!("sqlite://{}", database.display());
    let store = Store::open_copy(&url).await?;
    let check = store.rows("restore: checking the database", sql("PRAGMA integrity_check(1)")).await?;
    let said = check.first().map_or(Ok(String::new()), |row| row.text("integrity_check"))?;
    if said != "ok" {
        return Err(broken(format!("the database in it is damaged: {said}")));
    }
    let verification = store.audit_verify(&AuditFiles::in_folder(from), &[]).await;
    store.close().await;
    verification
}

fn plain_name(path: &Path) -> Result<String, StoreError> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| broken(format!("{} has no plain name", path.display())))
}

fn create_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(at("cannot make the folder", path))
}

fn make_private(path: &Path) -> Result<(), StoreError> {
    let failed = at("cannot finish", path);
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(&failed)?;
    // VACUUM INTO leaves the last step to us.
    File::open(path).and_then(|file| file.sync_all()).map_err(failed)
}

fn copy(from: &Path, to: &Path) -> Result<BackupFile, StoreError> {
    let failed = at("cannot copy", from);
    let mut source = File::open(from).map_err(&failed)?;
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut target = open.open(to).map_err(at("cannot make", to))?;
    std::io::copy(&mut source, &mut target).and_then(|_| target.sync_all()).map_err(failed)?;
    let (bytes, sha256) = checksum(to)?;
    Ok(BackupFile { name: plain_name(to)?, bytes, sha256 })
}

fn checksum(path: &Path) -> Result<(u64, String), StoreError> {
    let failed = at("cannot read", path);
    let mut file = File::open(path).map_err(&failed)?;
    let mut context = digest::Context::new(&digest::SHA256);
    let (mut buffer, mut bytes) = (vec![0; 1 << 16], 0);
    loop {
        let read = file.read(&mut buffer).map_err(&failed)?;
        if read == 0 {
            return Ok((bytes, hex(context.finish().as_ref())));
        }
        context.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}
