//! Removing old rows without losing the proof of the rest.
//!
//! What is removed is verified first; then the rows go, and a signed mark with the hash at the cut takes
//! their place, in one commit, with an entry that says who did it. Verification begins at the cut.

use csoc_core::audit::{Entry, Mark, MarkKind, Outcome, PublicKey};
use jiff::Timestamp;

use super::key::AuditFiles;
use super::read_head;
use crate::sql::sql;
use crate::{Store, StoreError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pruned {
    pub rows: u64,
    pub cut: Mark,
}

impl Store {
    /// Removes the rows before `before`; `None` when there are none. `entry` says who asked; its detail is
    /// filled in. Export them first: they are gone afterwards.
    pub async fn audit_prune(
        &self,
        files: &AuditFiles,
        also: &[PublicKey],
        before: Timestamp,
        mut entry: Entry,
    ) -> Result<Option<Pruned>, StoreError> {
        let key = files.load_key()?;
        let verified = self.audit_verify(files, also).await?;
        if let Some(problem) = verified.report.problems.first() {
            return Err(StoreError::Audit(format!("nothing is pruned while the record does not verify: {problem}")));
        }
        let mut write = self.write().await?;
        write.audit_lock_head().await?;
        // The first row that stays bounds the cut: rows are in the order of their numbers, their times only nearly.
        let newest = sql("SELECT seq, hash FROM audit WHERE seq < \
            (SELECT COALESCE(MIN(seq), 9223372036854775807) FROM audit WHERE time >= $1) ORDER BY seq DESC LIMIT 1")
        .bind(before);
        let Some(row) = write.maybe("audit_prune: cut", newest).await? else {
            write.rollback().await?;
            return Ok(None);
        };
        let (seq, hash) = read_head(&row)?;
        let rows = write.run("audit_prune", sql("DELETE FROM audit WHERE seq <= $1").bind(seq)).await?;
        let cut = key.sign(MarkKind::Prune, seq, hash, entry.time);
        write.audit_mark_insert(&cut).await?;
        entry.result = Outcome::Ok;
        entry.detail = Some(serde_json::json!({ "rows": rows, "up_to": seq, "before": before }));
        write.audit_append(&entry).await?;
        write.commit().await?;
        files.append_anchor(&cut)?;
        Ok(Some(Pruned { rows, cut }))
    }
}
