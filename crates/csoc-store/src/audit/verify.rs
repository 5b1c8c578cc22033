//! Reads the whole record once and says what still holds.

use std::time::{Duration, Instant};

use csoc_core::audit::{MarkOrigin, PublicKey, Report, Verifier};

use super::key::AuditFiles;
use super::{marks, read_fields};
use crate::sql::sql;
use crate::{Store, StoreError};

const BATCH: u32 = 2000;

/// The report, and how long it took.
#[derive(Clone, Debug)]
pub struct AuditVerification {
    pub report: Report,
    pub marks: u64,
    pub took: Duration,
}

impl Store {
    /// `also` are public keys that are believed besides that of `files`. An error means that it could not be
    /// verified; what is wrong with the record is in the report.
    pub async fn audit_verify(&self, files: &AuditFiles, also: &[PublicKey]) -> Result<AuditVerification, StoreError> {
        let started = Instant::now();
        let mut verifier = Verifier::new(files.trusted(also)?);
        let mut count = 0;
        // Before the rows: every anchor in the file is of a row that was committed before it was written.
        for (n, mark) in files.read_anchors()?.into_iter().enumerate() {
            verifier.mark(MarkOrigin::Anchors(n + 1), mark);
            count += 1;
        }
        let mut frozen = self.freeze().await?;
        for row in frozen.rows("audit_verify: marks", sql("SELECT * FROM audit_marks ORDER BY seq")).await? {
            verifier.mark(MarkOrigin::Database, marks::read(&row));
            count += 1;
        }
        let mut last = i64::MIN;
        loop {
            let query = sql("SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2").bind(last).bind(BATCH);
            let rows = match frozen.rows("audit_verify: rows", query).await {
                Ok(rows) => rows,
                Err(error @ StoreError::Query { .. }) => {
                    // The file itself is damaged: what comes after cannot be told.
                    verifier.unreadable(last.saturating_add(1).max(1), error.to_string());
                    break;
                }
                Err(error) => return Err(error),
            };
            let before = last;
            for row in &rows {
                let seq = row.int("seq").unwrap_or(last.saturating_add(1));
                match read_fields(row) {
                    Ok((fields, hash)) => verifier.row(&fields, &hash),
                    Err(error) => verifier.unreadable(seq, error.to_string()),
                }
                last = seq;
            }
            if rows.len() < BATCH as usize || last <= before {
                break;
            }
        }
        Ok(AuditVerification { report: verifier.finish(), marks: count, took: started.elapsed() })
    }
}
