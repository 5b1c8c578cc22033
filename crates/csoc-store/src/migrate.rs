//! The schema, step by step, forward only: expand first, contract in a later release.
//!
//! One text serves both engines. It is written in the types of SQLite, and two words are put in for
//! PostgreSQL: `TEXT` becomes `TEXT COLLATE "C"`, so that order, uniqueness and comparison are by bytes on
//! both; `BLOB` becomes `BYTEA`. A step that was released is never edited: its checksum is in every store.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use crate::StoreError;
use crate::engine::{EngineKind, Pools, Store};
use crate::sql::sql;

macro_rules! steps {
    ($($version:literal $name:literal),+ $(,)?) => {
        &[$(($version, $name, include_str!(concat!("../migrations/", $version, "_", $name, ".sql")))),+]
    };
}

/// Version, name, text.
const STEPS: &[(i64, &str, &str)] = steps![
    20261125100000 "people",
    20261125100100 "sources",
    20261125100200 "fleet",
    20261125100300 "findings",
    20261125100400 "audit",
    20261125100500 "contested_and_since",
    20261125110000 "agents",
    20261126100000 "chart_landings",
];

fn known() -> i64 {
    STEPS.last().map_or(0, |step| step.0)
}

fn migrator(kind: EngineKind) -> Migrator {
    let step = |&(version, name, text): &(i64, &'static str, &'static str)| {
        let text = match kind {
            EngineKind::Sqlite => text.to_owned(),
            EngineKind::Postgres => text.replace(" TEXT", " TEXT COLLATE \"C\"").replace(" BLOB", " BYTEA"),
        };
        let text = sqlx::AssertSqlSafe(text).into_sql_str();
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, text, false)
    };
    Migrator::with_migrations(STEPS.iter().map(step).collect())
}

/// Brings the schema up to date. On PostgreSQL replicas that start together take turns.
pub(crate) async fn run(pools: &Pools) -> Result<(), StoreError> {
    let ran = match pools {
        Pools::Sqlite { write, .. } => migrator(EngineKind::Sqlite).run(write).await,
        Pools::Postgres(pool) => migrator(EngineKind::Postgres).run(pool).await,
    };
    ran.map_err(|error| match error {
        MigrateError::VersionMissing(found) => StoreError::NewerSchema { found, known: known() },
        other => StoreError::Migrate { source: Box::new(other) },
    })
}

/// For those who do not migrate: is the schema the one this program was written for?
pub(crate) async fn check(store: &Store) -> Result<(), StoreError> {
    let found = version(store).await?;
    match found.cmp(&known()) {
        std::cmp::Ordering::Less => Err(StoreError::OlderSchema { found, known: known() }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(StoreError::NewerSchema { found, known: known() }),
    }
}

/// For what an older program may have to refuse: a backup of a newer one.
pub(crate) fn refuse_newer(found: i64) -> Result<(), StoreError> {
    if found > known() { Err(StoreError::NewerSchema { found, known: known() }) } else { Ok(()) }
}

/// The newest step that the store has; 0 when it has none.
pub(crate) async fn version(store: &Store) -> Result<i64, StoreError> {
    let table = match store.kind() {
        EngineKind::Sqlite => sql("SELECT 1 AS one FROM sqlite_master WHERE name = '_sqlx_migrations'"),
        EngineKind::Postgres => sql("SELECT 1 AS one WHERE to_regclass('_sqlx_migrations') IS NOT NULL"),
    };
    if store.maybe("looking for the schema's version", table).await?.is_none() {
        return Ok(0);
    }
    let query = sql("SELECT COALESCE(MAX(version), 0) AS version FROM _sqlx_migrations");
    store.one("reading the schema's version", query).await?.int("version")
}

impl Store {
    /// The version of the store's schema.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        version(self).await
    }
}
