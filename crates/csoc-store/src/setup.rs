//! The one-time code that makes the first administrator.

use jiff::Timestamp;

use crate::sql::sql;
use crate::{Store, StoreError, Write};

impl Store {
    /// Nobody can sign in yet.
    pub async fn setup_is_needed(&self) -> Result<bool, StoreError> {
        let row = self.one("setup_is_needed", sql("SELECT COUNT(*) AS n FROM people")).await?;
        Ok(row.int("n")? == 0)
    }

    /// For telling a wrong code before anything else is asked; [`Write::setup_code_take`] decides.
    pub async fn setup_code_is_valid(&self, secret_hash: &[u8]) -> Result<bool, StoreError> {
        let query =
            sql("SELECT 1 AS one FROM setup_codes WHERE secret_hash = $1 AND used_at IS NULL").bind(secret_hash);
        Ok(self.maybe("setup_code_is_valid", query).await?.is_some())
    }
}

impl Write {
    /// Only the newest code counts: a start prints its own.
    pub async fn setup_code_replace(&mut self, secret_hash: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.run("setup_code_replace: forget", sql("DELETE FROM setup_codes WHERE used_at IS NULL")).await?;
        let query =
            sql("INSERT INTO setup_codes (secret_hash, created_at) VALUES ($1, $2)").bind(secret_hash).bind(now);
        self.run("setup_code_replace", query).await.map(drop)
    }

    /// `true` for the one caller who used it first.
    pub async fn setup_code_take(&mut self, secret_hash: &[u8], now: Timestamp) -> Result<bool, StoreError> {
        let query = sql("UPDATE setup_codes SET used_at = $1 WHERE secret_hash = $2 AND used_at IS NULL")
            .bind(now)
            .bind(secret_hash);
        Ok(self.run("setup_code_take", query).await? == 1)
    }
}
