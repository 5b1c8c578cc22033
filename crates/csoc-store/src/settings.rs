//! Settings of the installation: a name and a JSON value.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sql::sql;
use crate::{Store, StoreError, Write};

impl Store {
    pub async fn setting_fetch<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let query = sql("SELECT value FROM settings WHERE name = $1").bind(name);
        self.maybe("setting_fetch", query).await?.map(|row| row.json("value")).transpose()
    }
}

impl Write {
    pub async fn setting_put<T: Serialize>(&mut self, name: &str, value: &T, now: Timestamp) -> Result<(), StoreError> {
        let value = serde_json::to_string(value)
            .map_err(|e| StoreError::Row { column: "value".to_owned(), reason: e.to_string() })?;
        let query = sql("INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3) \
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at")
        .bind(name)
        .bind(value)
        .bind(now);
        self.run("setting_put", query).await.map(drop)
    }

    pub async fn setting_delete(&mut self, name: &str) -> Result<(), StoreError> {
        self.run("setting_delete", sql("DELETE FROM settings WHERE name = $1").bind(name)).await.map(drop)
    }
}
