//! Killed with -9, and a full disk: what was acknowledged is there.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use csoc_core::access::Visible;
use csoc_store::{AuditFiles, AuditFilter, AuditLog, Options, Store, StoreError};

use crate::stage::{did, options};

const CHILD: &str = "CSOC_TEST_APPEND_UNTIL_KILLED";

/// Not a test of its own: the process that the next one kills. Prints each number after it was acknowledged.
#[test]
fn child_appends_until_killed() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let folder = Path::new(&folder);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite://{}", folder.join("csoc.db").display());
        let store = Store::open(&url, Options::serve()).await.unwrap();
        let (log, writer) = AuditLog::open(&store, AuditFiles::in_folder(folder), options()).await.unwrap();
        tokio::spawn(writer.run());
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let log = log.clone();
            tasks.spawn(async move {
                loop {
                    let seq = log.append(did(n)).await.unwrap();
                    if seq % 50 == 0 {
                        log.checkpoint().await.unwrap();
                    }
                    println!("acknowledged {seq}");
                }
            });
        }
        tasks.join_all().await;
    });
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut newest = 0;
    // Each round ends at another place: after so many acknowledged rows.
    for rows in [1, 17, 50, 123, 260, 333] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["damage::child_appends_until_killed", "--exact", "--nocapture"])
            .env(CHILD, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut seen = 0;
        for line in lines {
            let Some((_, seq)) = line.split_once("acknowledged ") else { continue };
            newest = newest.max(seq.trim().parse::<i64>().unwrap());
            seen += 1;
            if seen == rows {
                // SIGKILL; what it printed until it dies is read on.
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(seen >= rows, "the child ended early, after {seen} rows");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(opens_and_verifies(folder.path(), newest));
    }
}

async fn opens_and_verifies(folder: &Path, newest: i64) {
    let url = format!("sqlite://{}", folder.join("csoc.db").display());
    let store = Store::open(&url, Options::serve()).await.unwrap();
    let count = store.audit_count(&Visible::All, &AuditFilter::default()).await.unwrap();
    assert!(count >= newest, "{newest} was acknowledged, {count} are there");
    let report = store.audit_verify(&AuditFiles::in_folder(folder), &[]).await.unwrap().report;
    assert!(report.is_intact(), "{report}");
    store.close().await;
}

/// A small file system in memory, taken away at the end.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(folder.path()).output();
        match mount {
            Ok(done) if done.status.success() => Some(Self { folder }),
            _ => {
                println!("left out: a full disk needs the right to mount a tmpfs");
                None
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_then_goes_on() {
    let Some(disk) = SmallDisk::mount() else { return };
    let folder = disk.folder.path();
    let files = AuditFiles::in_folder(folder);
    let url = format!("sqlite://{}", folder.join("csoc.db").display());
    let store = Store::open(&url, Options::serve()).await.unwrap();
    let (log, writer) = AuditLog::open(&store, files.clone(), options()).await.unwrap();
    let writer = tokio::spawn(writer.run());
    let acknowledged = log.append(did(0)).await.unwrap();

    let ballast = folder.join("ballast");
    fill(&ballast);
    let (mut acknowledged, mut refused) = (acknowledged, None);
    for n in 1..20_000 {
        match log.append(did(n)).await {
            Ok(seq) => acknowledged = seq,
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    let refused = refused.expect("the disk is full at some time");
    assert!(refused.is_full(), "{refused:?}");
    assert!(refused.to_string().contains("the disk of the store is full"), "{refused}");
    let again = log.append(did(0)).await;
    assert!(again.as_ref().is_err_and(StoreError::is_full), "and stays so: {again:?}");
    assert_eq!(store.audit_count(&Visible::All, &AuditFilter::default()).await.unwrap(), acknowledged);
    assert!(log.status().append_error.is_some());

    std::fs::remove_file(&ballast).unwrap();
    assert_eq!(log.append(did(0)).await.unwrap(), acknowledged + 1, "no number was lost");
    assert!(log.status().append_error.is_none());
    log.close().await;
    writer.await.unwrap();
    let report = store.audit_verify(&files, &[]).await.unwrap().report;
    assert!(report.is_intact() && report.unsigned_rows() == 0, "{report}");
    store.close().await;
}

/// Writes until there is no room.
fn fill(path: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
}
