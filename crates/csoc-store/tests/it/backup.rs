//! Backup while others write; restore that trusts nothing.

use csoc_core::access::Visible;
use csoc_store::{AuditFiles, AuditFilter, BackupManifest, Options, Store, restore};

use crate::stage::{self, Stage, at, did};

async fn backed_up(stage: &Stage) -> (std::path::PathBuf, BackupManifest) {
    let to = stage.folder.path().join("backups/monday");
    let secret = stage.folder.path().join("secrets.key");
    std::fs::write(&secret, "k").unwrap();
    let made = stage.store.backup(&to, &stage.files(), &[secret], "0.1.0", at(0)).await.unwrap();
    (to, made)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_busy_store_comes_back_whole() {
    let stage = stage::sqlite().await;
    let audit = stage.audit().await;
    let log = audit.log.clone();
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let busy = tokio::spawn(async move {
        let mut n = 0;
        while stopped.try_recv().is_err() {
            n = log.append(did(n)).await.unwrap();
            if n % 7 == 0 {
                log.checkpoint().await.unwrap();
            }
        }
    });
    while stage.store.audit_count(&Visible::All, &AuditFilter::default()).await.unwrap() < 20 {
        tokio::task::yield_now().await;
    }
    let (backup, made) = backed_up(&stage).await;
    stop.send(()).unwrap();
    busy.await.unwrap();
    audit.close().await;
    assert_eq!(
        made.files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(),
        ["audit.anchors", "audit.key", "secrets.key", "csoc.db"]
    );

    let folder = tempfile::tempdir().unwrap();
    let restored = restore(&backup, folder.path()).await.unwrap();
    assert!(restored.audit.report.is_intact(), "{}", restored.audit.report);
    let url = format!("sqlite://{}", folder.path().join("csoc.db").display());
    let again = Store::open(&url, Options::serve()).await.unwrap();
    assert!(again.audit_count(&Visible::All, &AuditFilter::default()).await.unwrap() >= 20);
    // And it goes on from there, under the same key.
    let files = AuditFiles::in_folder(folder.path());
    crate::change!(again, |w| w.audit_append(&did(1)));
    assert!(again.audit_verify(&files, &[]).await.unwrap().report.is_intact());
}

#[tokio::test]
async fn a_live_folder_is_never_overwritten() {
    let stage = stage::sqlite().await;
    let (backup, _) = backed_up(&stage).await;
    let refused = restore(&backup, stage.folder.path()).await.unwrap_err().to_string();
    assert!(refused.contains("another csoc server"), "{refused}");

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("csoc.db-wal"), "left over").unwrap();
    let refused = restore(&backup, folder.path()).await.unwrap_err().to_string();
    assert!(refused.contains("csoc.db-wal exists"), "{refused}");
    assert!(!folder.path().join("csoc.db").exists());
}

#[tokio::test]
async fn a_backup_that_was_touched_is_refused() {
    let stage = stage::sqlite().await;
    let (backup, made) = backed_up(&stage).await;
    let folder = tempfile::tempdir().unwrap();
    let database = backup.join("csoc.db");
    let good = std::fs::read(&database).unwrap();
    let mut bad = good.clone();
    bad[5000] ^= 1;
    std::fs::write(&database, bad).unwrap();
    assert!(restore(&backup, folder.path()).await.unwrap_err().to_string().contains("not what the manifest"));
    std::fs::write(&database, good).unwrap();

    let manifest = backup.join("manifest.json");
    let write = |made: &BackupManifest| std::fs::write(&manifest, serde_json::to_vec(made).unwrap()).unwrap();
    write(&BackupManifest { schema: 99990101000000, ..made.clone() });
    assert!(restore(&backup, folder.path()).await.unwrap_err().to_string().contains("newer csoc"));
    let mut outside = made.clone();
    outside.files[0].name = "../outside".into();
    write(&outside);
    assert!(restore(&backup, folder.path()).await.unwrap_err().to_string().contains("plain name"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was put there");
}

#[tokio::test]
async fn a_second_backup_does_not_overwrite_the_first() {
    let stage = stage::sqlite().await;
    let (backup, _) = backed_up(&stage).await;
    let refused = stage.store.backup(&backup, &stage.files(), &[], "0.1.0", at(0)).await.unwrap_err();
    assert!(refused.to_string().contains("exists already"));
}

#[tokio::test]
async fn a_command_that_only_reads_makes_a_backup_beside_a_server_and_without_one() {
    let stage = stage::sqlite().await;
    stage.organization("north").await;
    let files = stage.files();
    let Stage { store, url, folder } = stage;
    let beside = Store::open(&url, Options::read()).await.unwrap();
    beside.backup(&folder.path().join("beside"), &files, &[], "0.1.0", at(0)).await.unwrap();
    beside.close().await;
    store.close().await;
    drop(store);
    let alone = Store::open(&url, Options::read()).await.unwrap();
    alone.backup(&folder.path().join("alone"), &files, &[], "0.1.0", at(0)).await.unwrap();
    for name in ["beside", "alone"] {
        let to = tempfile::tempdir().unwrap();
        restore(&folder.path().join(name), to.path()).await.unwrap();
        let again = Store::open(&format!("sqlite://{}", to.path().join("csoc.db").display()), Options::serve()).await;
        assert_eq!(again.unwrap().organization_list(&Visible::All).await.unwrap().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn postgresql_is_told_to_use_its_own_tools() {
    let Some(stage) = stage::postgres().await else { return };
    let to = stage.folder.path().join("backup");
    let refused = stage.store.backup(&to, &stage.files(), &[], "0.1.0", at(0)).await.unwrap_err();
    assert!(refused.to_string().contains("pg_dump") && !to.exists());
}
