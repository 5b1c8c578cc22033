//! The table of signed marks.

use csoc_core::audit::{Mark, MarkKind};

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

/// `None` where the row is not a mark: verification says so.
pub(crate) fn read(row: &Row) -> Option<Mark> {
    Some(Mark {
        kind: row.parsed("kind", MarkKind::parse).ok()?,
        seq: row.int("seq").ok()?,
        hash: row.bytes("hash").ok()?.try_into().ok()?,
        time: row.int("time").ok()?,
        key: row.text("key").ok()?,
        signature: row.text("signature").ok()?,
    })
}

impl Store {
    pub(crate) async fn audit_mark_count(&self) -> Result<i64, StoreError> {
        self.one("audit_mark_count", sql("SELECT COUNT(*) AS n FROM audit_marks")).await?.int("n")
    }

    /// Rows newer than the newest checkpoint are not vouched for yet.
    pub async fn audit_last_checkpoint(&self) -> Result<Option<Mark>, StoreError> {
        let query = sql("SELECT * FROM audit_marks WHERE kind = 'checkpoint' ORDER BY seq DESC, time DESC LIMIT 1");
        Ok(self.maybe("audit_last_checkpoint", query).await?.as_ref().and_then(read))
    }
}

impl Write {
    pub(crate) async fn audit_mark_insert(&mut self, mark: &Mark) -> Result<(), StoreError> {
        let query = sql("INSERT INTO audit_marks (kind, seq, hash, time, key, signature) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING")
        .bind(mark.kind.as_str())
        .bind(mark.seq)
        .bind(mark.hash.as_slice())
        .bind(mark.time)
        .bind(&mark.key)
        .bind(&mark.signature);
        self.run("audit_mark_insert", query).await.map(drop)
    }
}
