//! The last known state of a source, so that a restart shows the fleet at once, with its age.

use csoc_core::SourceId;
use jiff::Timestamp;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write, packed};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub source: SourceId,
    /// Which view, and in which form: a form that is no longer understood is a kind nobody asks for.
    pub kind: String,
    pub taken_at: Timestamp,
    pub commit: String,
    pub content: Vec<u8>,
}

/// A snapshot without its content.
fn read(row: &Row) -> Result<Snapshot, StoreError> {
    Ok(Snapshot {
        source: row.word("source")?,
        kind: row.text("kind")?,
        taken_at: row.time("taken_at")?,
        commit: row.text("commit_id")?,
        content: Vec::new(),
    })
}

impl Store {
    /// For the server's own use: what it shows of it is filtered by whose it is.
    pub async fn snapshot_fetch(&self, source: SourceId, kind: &str) -> Result<Option<Snapshot>, StoreError> {
        let query = sql("SELECT * FROM snapshots WHERE source = $1 AND kind = $2").bind(source).bind(kind);
        let Some(row) = self.maybe("snapshot_fetch", query).await? else { return Ok(None) };
        Ok(Some(Snapshot { content: packed::unpack(row.bytes("content")?).await?, ..read(&row)? }))
    }
}

impl Write {
    /// Replaces the one before.
    pub async fn snapshot_put(&mut self, snapshot: Snapshot) -> Result<(), StoreError> {
        let query =
            sql("INSERT INTO snapshots (source, kind, taken_at, commit_id, content) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (source, kind) DO UPDATE SET taken_at = excluded.taken_at, \
            commit_id = excluded.commit_id, content = excluded.content")
            .bind(snapshot.source)
            .bind(&snapshot.kind)
            .bind(snapshot.taken_at)
            .bind(&snapshot.commit)
            .bind(packed::pack(snapshot.content).await?);
        self.run("snapshot_put", query).await.map(drop)
    }
}
