//! What is done to a store from outside a server: backup, restore, proof. Beside a running server or
//! without one.

use std::path::{Path, PathBuf};

use csoc_core::audit::PublicKey;
use csoc_store::{AuditVerification, BackupManifest, Options, Restored, Store, StoreError};
use jiff::Timestamp;

use crate::config::Config;
use crate::keys;

/// Copies the store as it is at this moment, with the keys, into a new folder.
pub async fn backup(config: &Config, to: &Path) -> Result<BackupManifest, StoreError> {
    let store = Store::open(config.store.expose(), Options::read()).await?;
    let also = [config.data.join(keys::FILE)];
    let made = store.backup(to, &config.audit_files(), &also, env!("CARGO_PKG_VERSION"), Timestamp::now()).await;
    store.close().await;
    made
}

/// Into the data folder, which must not hold a store.
pub async fn restore(config: &Config, from: &Path) -> Result<Restored, StoreError> {
    csoc_store::restore(from, &config.data).await
}

/// Walks the record. `anchors` in place of the file in the data folder; `trust` are further public keys.
pub async fn audit_verify(
    config: &Config,
    anchors: Option<PathBuf>,
    trust: &[String],
) -> Result<AuditVerification, StoreError> {
    let parse = |text: &String| {
        PublicKey::from_hex(text).ok_or_else(|| StoreError::Audit("a public key is 64 hexadecimal digits".to_owned()))
    };
    let trust = trust.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    let mut files = config.audit_files();
    if let Some(anchors) = anchors {
        files.anchors = anchors;
    }
    let store = Store::open(config.store.expose(), Options::read()).await?;
    let verified = store.audit_verify(&files, &trust).await;
    store.close().await;
    verified
}
