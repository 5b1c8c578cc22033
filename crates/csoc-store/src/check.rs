//! Is the store whole? For whoever looks for what is wrong.

use crate::engine::EngineKind;
use crate::sql::sql;
use crate::{Store, StoreError};

impl Store {
    /// What SQLite says is damaged, at most twenty sentences. PostgreSQL checks its own pages.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        if self.kind() == EngineKind::Postgres {
            return self.ping().await.map(|()| Vec::new());
        }
        let rows = self.rows("check", sql("PRAGMA quick_check(20)")).await?;
        let said = rows.iter().map(|row| row.text("quick_check")).collect::<Result<Vec<_>, _>>()?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }
}
