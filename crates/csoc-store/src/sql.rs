//! A statement with its values, and a row, for both engines.
//!
//! Text is only ever pushed as `&'static str`; everything else is bound. So no value can become SQL, and
//! the one `AssertSqlSafe` of the crate stands here.

use std::collections::BTreeMap;
use std::str::FromStr;

use csoc_core::OrganizationId;
use csoc_core::access::Visible;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Decode, Postgres, Row as _, Sqlite, Type};

use crate::StoreError;

/// What can be bound.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Bool(bool),
    Bytes(Option<Vec<u8>>),
}

macro_rules! value {
    ($($from:ty => |$name:ident| $to:expr),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from($name: $from) -> Self { $to }
        }
    )+};
}

value!(
    &str => |v| Value::Text(Some(v.to_owned())),
    &String => |v| Value::Text(Some(v.clone())),
    String => |v| Value::Text(Some(v)),
    Option<&str> => |v| Value::Text(v.map(str::to_owned)),
    Option<String> => |v| Value::Text(v),
    &Option<String> => |v| Value::Text(v.clone()),
    i64 => |v| Value::Int(Some(v)),
    u32 => |v| Value::Int(Some(v.into())),
    Option<i64> => |v| Value::Int(v),
    Option<u32> => |v| Value::Int(v.map(Into::into)),
    csoc_core::finding::Severity => |v| Value::Int(Some(v as i64)),
    bool => |v| Value::Bool(v),
    Vec<u8> => |v| Value::Bytes(Some(v)),
    &[u8] => |v| Value::Bytes(Some(v.to_vec())),
    Option<Vec<u8>> => |v| Value::Bytes(v),
    Option<&[u8]> => |v| Value::Bytes(v.map(<[u8]>::to_vec)),
    Timestamp => |v| Value::Int(Some(v.as_millisecond())),
    Option<Timestamp> => |v| Value::Int(v.map(Timestamp::as_millisecond)),
    &serde_json::Value => |v| Value::Text(Some(v.to_string())),
);

macro_rules! id_value {
    ($($id:ident),+) => {$(
        impl From<csoc_core::$id> for Value {
            fn from(id: csoc_core::$id) -> Self { Value::Text(Some(id.to_string())) }
        }
        impl From<Option<csoc_core::$id>> for Value {
            fn from(id: Option<csoc_core::$id>) -> Self { Value::Text(id.map(|id| id.to_string())) }
        }
    )+};
}

id_value!(
    OrganizationId,
    CommonsId,
    ClusterId,
    SourceId,
    PersonId,
    SessionId,
    TokenId,
    FindingId,
    WaiverId,
    BindingId,
    SavedViewId,
    LandingId,
    ClaimId,
    ConflictId
);

/// A statement being put together.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Value>,
}

/// Starts a statement.
pub(crate) fn sql(text: &'static str) -> Sql {
    Sql { text: text.to_owned(), values: Vec::new() }
}

impl Sql {
    /// The value of the next `$n` that stands in the text already.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends `$n` and its value.
    pub fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// `($1, $2, ...)`. The caller sees to it that it is not empty.
    pub fn push_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.text.push('(');
        for (n, value) in values.into_iter().enumerate() {
            if n > 0 {
                self.text.push_str(", ");
            }
            self.push_bind(value);
        }
        self.text.push(')');
        self
    }

    /// Another statement inside this one. Only where this one has no values yet, or the numbers would clash.
    pub fn append(&mut self, inner: Sql) -> &mut Self {
        debug_assert!(self.values.is_empty(), "the inner statement counts its values from $1");
        self.text.push_str(&inner.text);
        self.values = inner.values;
        self
    }

    /// ` AND column IN (...)`; nothing when there is no choice to make.
    pub fn and_in<V: Into<Value>>(&mut self, column: &'static str, values: impl IntoIterator<Item = V>) -> &mut Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.push(" AND ").push(column).push(" IN ").push_list(values);
        }
        self
    }

    /// ` AND column <operator> value`, when there is a value.
    pub fn and<V: Into<Value>>(&mut self, comparison: &'static str, value: Option<V>) -> &mut Self {
        if let Some(value) = value {
            self.push(" AND ").push(comparison).push(" ").push_bind(value);
        }
        self
    }

    /// Only rows of these organizations. Rows that belong to none are seen by those who may see all.
    pub fn and_visible(&mut self, column: &'static str, visible: &Visible) -> &mut Self {
        match visible {
            Visible::All => self,
            Visible::Only(set) if set.is_empty() => self.push(" AND 1 = 0"),
            Visible::Only(set) => self.and_in(column, set.iter().copied().collect::<Vec<OrganizationId>>()),
        }
    }

    /// ` AND any of the columns contains the text`, upper and lower case (of ASCII) being the same.
    pub fn and_contains(&mut self, columns: &[&'static str], text: Option<&str>) -> &mut Self {
        let Some(text) = text.filter(|t| !t.is_empty()) else { return self };
        let mut pattern = String::from("%");
        for c in text.to_ascii_lowercase().chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        self.push(" AND (");
        for (n, column) in columns.iter().enumerate() {
            self.push(if n > 0 { " OR LOWER(" } else { "LOWER(" }).push(column).push(") LIKE ");
            self.push_bind(pattern.as_str()).push(" ESCAPE '\\'");
        }
        self.push(")")
    }

    pub fn into_sqlite<'q>(self) -> Query<'q, Sqlite, SqliteArguments> {
        let mut query = sqlx::query(AssertSqlSafe(self.text));
        for value in self.values {
            query = match value {
                Value::Text(v) => query.bind(v),
                Value::Int(v) => query.bind(v),
                Value::Bool(v) => query.bind(v),
                Value::Bytes(v) => query.bind(v),
            };
        }
        query
    }

    pub fn into_postgres<'q>(self) -> Query<'q, Postgres, PgArguments> {
        let mut query = sqlx::query(AssertSqlSafe(self.text));
        for value in self.values {
            query = match value {
                Value::Text(v) => query.bind(v),
                Value::Int(v) => query.bind(v),
                Value::Bool(v) => query.bind(v),
                Value::Bytes(v) => query.bind(v),
            };
        }
        query
    }
}

/// One row of an answer; columns are read by name.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    fn get<T>(&self, column: &str) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        let got = match self {
            Row::Sqlite(row) => row.try_get(column),
            Row::Postgres(row) => row.try_get(column),
        };
        got.map_err(|source| StoreError::Row { column: column.to_owned(), reason: source.to_string() })
    }

    pub fn text(&self, column: &str) -> Result<String, StoreError> {
        self.get(column)
    }

    pub fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    pub fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub fn maybe_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    pub fn bool(&self, column: &str) -> Result<bool, StoreError> {
        self.get(column)
    }

    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    pub fn maybe_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(column)
    }

    /// A small number, as `u32`.
    pub fn count(&self, column: &str) -> Result<u32, StoreError> {
        self.int(column)?.try_into().map_err(|_| Self::odd(column, "out of range"))
    }

    pub fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(self.int(column)?).map_err(|e| Self::odd(column, e))
    }

    pub fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        self.maybe_int(column)?.map(|ms| Timestamp::from_millisecond(ms).map_err(|e| Self::odd(column, e))).transpose()
    }

    /// An id, or any other word with one spelling.
    pub fn word<T: FromStr>(&self, column: &str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| Self::odd(column, "not a known word"))
    }

    pub fn maybe_word<T: FromStr>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.maybe_text(column)?.map(|t| t.parse().map_err(|_| Self::odd(column, "not a known word"))).transpose()
    }

    /// A word whose type has a `parse` that gives an `Option`.
    pub fn parsed<T>(&self, column: &str, parse: fn(&str) -> Option<T>) -> Result<T, StoreError> {
        parse(&self.text(column)?).ok_or_else(|| Self::odd(column, "not a known word"))
    }

    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|e| Self::odd(column, e))
    }

    pub fn maybe_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, StoreError> {
        self.maybe_text(column)?.map(|t| serde_json::from_str(&t).map_err(|e| Self::odd(column, e))).transpose()
    }

    fn odd(column: &str, reason: impl ToString) -> StoreError {
        StoreError::Row { column: column.to_owned(), reason: reason.to_string() }
    }
}

/// Counts by a word, from rows `(word, n)`.
pub(crate) fn counts(rows: &[Row]) -> Result<BTreeMap<String, i64>, StoreError> {
    rows.iter().map(|row| Ok((row.text("word")?, row.int("n")?))).collect()
}
