//! How fast the audit is recorded, verified and read, on a store of its own: SQLite in a new folder under
//! the system's temporary one, or the PostgreSQL database named in `CSOC_BENCH_POSTGRES_URL`.
//!
//! `cargo run --release -p csoc-store --example audit_speed`

use std::error::Error;
use std::time::{Duration, Instant};

use csoc_core::access::Visible;
use csoc_core::audit::{ActorRef, Entry, Object, Outcome};
use csoc_store::{AuditFiles, AuditFilter, AuditLog, AuditOptions, Options, PageRequest, Store};
use jiff::Timestamp;

const ROWS: usize = 20_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let url = std::env::var("CSOC_BENCH_POSTGRES_URL")
        .unwrap_or_else(|_| format!("sqlite://{}", folder.path().join("csoc.db").display()));
    let store = Store::open(&url, Options::serve()).await?;
    let files = AuditFiles::in_folder(folder.path());
    let options = AuditOptions { allow_new_key: true, ..AuditOptions::default() };
    let (log, writer) = AuditLog::open(&store, files.clone(), options).await?;
    let writer = tokio::spawn(writer.run());
    println!("{:<28} {:>12} {:>12} {:>12}", "audit", "per second", "p50", "p99");
    for writers in [1, 8, 64, 256] {
        append(&log, writers).await?;
    }
    read(&store).await?;
    log.close().await;
    writer.await?;
    let verified = store.audit_verify(&files, &[]).await?;
    let rate = verified.report.rows as f64 / verified.took.as_secs_f64();
    println!("{:<28} {rate:>12.0} {:>12.1?}", format!("verify {} rows", verified.report.rows), verified.took);
    if !verified.report.is_intact() {
        return Err(verified.report.to_string().into());
    }
    Ok(())
}

async fn append(log: &AuditLog, writers: usize) -> Result<(), Box<dyn Error>> {
    let each = if writers == 1 { ROWS / 10 } else { ROWS / writers };
    let started = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let log = log.clone();
            tokio::spawn(async move {
                let mut took = Vec::with_capacity(each);
                for n in 0..each {
                    let started = Instant::now();
                    log.append(entry(n)).await?;
                    took.push(started.elapsed());
                }
                Ok::<_, csoc_store::StoreError>(took)
            })
        })
        .collect();
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await??);
    }
    let rate = took.len() as f64 / started.elapsed().as_secs_f64();
    row(&format!("append, {writers} at once"), rate, took);
    Ok(())
}

async fn read(store: &Store) -> Result<(), Box<dyn Error>> {
    let refused = AuditFilter { results: vec![Outcome::Refused], text: Some("fleet".into()), ..AuditFilter::default() };
    for (name, filter) in [("newest 50", AuditFilter::default()), ("newest 50, filtered", refused)] {
        let (mut took, started) = (Vec::new(), Instant::now());
        for _ in 0..200 {
            let started = Instant::now();
            store.audit_page(&Visible::All, &filter, &PageRequest::first(50)).await?;
            took.push(started.elapsed());
        }
        row(name, took.len() as f64 / started.elapsed().as_secs_f64(), took);
    }
    Ok(())
}

fn row(name: &str, rate: f64, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default();
    println!("{name:<28} {rate:>12.0} {:>12.2?} {:>12.2?}", at(50), at(99));
}

fn entry(n: usize) -> Entry {
    let object = Object::new("source", n, "fleet");
    let result = if n.is_multiple_of(10) { Outcome::Refused } else { Outcome::Ok };
    let mut entry = Entry::new(Timestamp::now(), ActorRef::nobody("ana"), "source.update", object, result);
    entry.address = Some("192.0.2.7".to_owned());
    entry.request_id = Some("0197a1b2c3d4".to_owned());
    entry.detail = Some(serde_json::json!({ "branch": { "before": "main", "after": "release" }, "interval_s": 300 }));
    entry
}
