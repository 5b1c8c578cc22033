//! Failed sign-ins, counted by name and by address. How long to wait for them is the server's rule.

use jiff::Timestamp;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures {
    pub failures: i64,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

fn read(row: &Row) -> Result<Failures, StoreError> {
    Ok(Failures { failures: row.int("failures")?, first_at: row.time("first_at")?, last_at: row.time("last_at")? })
}

impl Store {
    /// `kind` is `name` or `address`.
    pub async fn throttle_fetch(&self, kind: &str, subject: &str) -> Result<Option<Failures>, StoreError> {
        let query = sql("SELECT * FROM throttle WHERE kind = $1 AND subject = $2").bind(kind).bind(subject);
        self.maybe("throttle_fetch", query).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// One more failure. Those older than `window_start` are forgotten: counting begins anew.
    pub async fn throttle_fail(
        &mut self,
        kind: &str,
        subject: &str,
        window_start: Timestamp,
        now: Timestamp,
    ) -> Result<Failures, StoreError> {
        let query =
            sql("INSERT INTO throttle (kind, subject, failures, first_at, last_at) VALUES ($1, $2, 1, $3, $3) \
            ON CONFLICT (kind, subject) DO UPDATE SET \
            failures = CASE WHEN throttle.last_at < $4 THEN 1 ELSE throttle.failures + 1 END, \
            first_at = CASE WHEN throttle.last_at < $4 THEN excluded.first_at ELSE throttle.first_at END, \
            last_at = excluded.last_at RETURNING *")
            .bind(kind)
            .bind(subject)
            .bind(now)
            .bind(window_start);
        let row = self.maybe("throttle_fail", query).await?;
        row.as_ref().map_or(Err(StoreError::NotFound { step: "throttle_fail" }), read)
    }

    pub async fn throttle_clear(&mut self, kind: &str, subject: &str) -> Result<(), StoreError> {
        let query = sql("DELETE FROM throttle WHERE kind = $1 AND subject = $2").bind(kind).bind(subject);
        self.run("throttle_clear", query).await.map(drop)
    }

    pub async fn throttle_sweep(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.run("throttle_sweep", sql("DELETE FROM throttle WHERE last_at < $1").bind(before)).await
    }
}
