//! Pages by key: "the fifty after this one", never "the fifty after the first ten thousand".
//!
//! Story: while somebody pages through the findings, new ones arrive. With offsets they would see some
//! twice and miss others; with keys each row stands in one place, however many come in before it.
//!
//! The cursor is opaque to callers. It names the order it belongs to, so that one from another order is
//! refused rather than misread. It holds nothing that its receiver has not just seen.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::engine::Store;
use crate::sql::{Row, Sql, Value};

pub const LARGEST_PAGE: u32 = 1000;

#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// From [`Page::next`].
    pub after: Option<String>,
    /// 0 means 50; at most 1000.
    pub limit: u32,
}

impl PageRequest {
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    fn limit(&self) -> u32 {
        if self.limit == 0 { 50 } else { self.limit.min(LARGEST_PAGE) }
    }
}

#[derive(Clone, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// `None` on the last page.
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Key {
    Int(i64),
    Text(String),
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Int(n) => Value::Int(Some(n)),
            Key::Text(text) => Value::Text(Some(text)),
        }
    }
}

/// An order: by a column that is never null, then by the id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    /// Its name in the cursor.
    pub name: &'static str,
    /// Expressions as they are written in the statement ...
    pub column: &'static str,
    pub id: &'static str,
    /// ... and the names under which the row gives them.
    pub column_name: &'static str,
    pub id_name: &'static str,
    pub descending: bool,
    pub numeric: bool,
    /// The id is a number (the audit's `seq`).
    pub numeric_id: bool,
}

#[derive(Serialize, Deserialize)]
struct Cursor(String, Key, Key);

impl Order {
    fn direction(&self) -> &'static str {
        if self.descending { " DESC" } else { "" }
    }

    fn key(numeric: bool, row: &Row, name: &str) -> Result<Key, StoreError> {
        Ok(if numeric { Key::Int(row.int(name)?) } else { Key::Text(row.text(name)?) })
    }

    fn cursor(&self, row: &Row) -> Result<String, StoreError> {
        let column = Self::key(self.numeric, row, self.column_name)?;
        let id = Self::key(self.numeric_id, row, self.id_name)?;
        let json = serde_json::to_string(&Cursor(self.name.to_owned(), column, id)).map_err(|_| StoreError::Cursor)?;
        Ok(BASE64.encode(json))
    }

    fn read(&self, cursor: &str) -> Result<(Key, Key), StoreError> {
        let json = BASE64.decode(cursor).map_err(|_| StoreError::Cursor)?;
        let Cursor(name, column, id) = serde_json::from_slice(&json).map_err(|_| StoreError::Cursor)?;
        let fits = name == self.name
            && matches!(column, Key::Int(_)) == self.numeric
            && matches!(id, Key::Int(_)) == self.numeric_id;
        fits.then_some((column, id)).ok_or(StoreError::Cursor)
    }
}

impl Store {
    /// Runs `query`, which ends inside its WHERE clause, as one page in that order.
    pub(crate) async fn page<T>(
        &self,
        step: &'static str,
        mut query: Sql,
        order: Order,
        request: &PageRequest,
        read: fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        if let Some(cursor) = &request.after {
            let (column, id) = order.read(cursor)?;
            query.push(" AND (").push(order.column).push(", ").push(order.id).push(") ");
            query.push(if order.descending { "< (" } else { "> (" });
            query.push_bind(column).push(", ").push_bind(id).push(")");
        }
        query.push(" ORDER BY ").push(order.column).push(order.direction());
        query.push(", ").push(order.id).push(order.direction()).push(" LIMIT ");
        let limit = request.limit();
        // One more than asked for tells whether there is a next page.
        query.push_bind(limit + 1);
        let mut rows = self.rows(step, query).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = match rows.last() {
            Some(last) if more => Some(order.cursor(last)?),
            _ => None,
        };
        Ok(Page { items: rows.iter().map(read).collect::<Result<_, _>>()?, next })
    }
}
