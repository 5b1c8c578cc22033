//! One change: everything done through it is there after [`Write::commit`], or nothing is. After the first
//! error it can only be dropped.
//!
//! Do not wait for anything but the store while holding one: on SQLite there is one at a time.

use std::sync::Arc;

use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::Notify;

use crate::engine::{EngineKind, Pools, Store};
use crate::sql::{Row, Sql};
use crate::{Access, StoreError};

enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    async fn rows(&mut self, step: &'static str, query: Sql) -> Result<Vec<Row>, StoreError> {
        let rows = match self {
            Tx::Sqlite(tx) => {
                query.into_sqlite().fetch_all(&mut **tx).await.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Tx::Postgres(tx) => query
                .into_postgres()
                .fetch_all(&mut **tx)
                .await
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
        };
        rows.map_err(|source| StoreError::query(step, source))
    }
}

/// The store as it was at one moment, for reading it in several statements.
pub(crate) struct Frozen {
    tx: Tx,
}

impl Frozen {
    pub async fn begin(store: &Store) -> Result<Self, StoreError> {
        const STEP: &str = "beginning to read";
        let failed = |source| StoreError::query(STEP, source);
        let tx = match &store.pools {
            // A plain BEGIN: the first statement fixes the moment, and no writer waits for it.
            Pools::Sqlite { read, .. } => Tx::Sqlite(read.begin().await.map_err(failed)?),
            Pools::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await.map_err(failed)?)
            }
        };
        Ok(Self { tx })
    }

    pub async fn rows(&mut self, step: &'static str, query: Sql) -> Result<Vec<Row>, StoreError> {
        self.tx.rows(step, query).await
    }
}

pub struct Write {
    tx: Tx,
    /// A statement failed: PostgreSQL runs no further ones, and SQLite may have ended the transaction (a
    /// full disk), so that further ones would each be kept by themselves.
    broken: bool,
    audited: Arc<Notify>,
    /// Head of the audit chain as this change has moved it.
    pub(crate) audit_head: Option<(i64, csoc_core::audit::Hash)>,
}

impl Write {
    pub(crate) async fn begin(store: &Store) -> Result<Self, StoreError> {
        const STEP: &str = "beginning a change";
        if store.access == Access::Read {
            return Err(StoreError::Unavailable { step: STEP, source: sqlx::Error::PoolClosed });
        }
        let failed = |source| StoreError::query(STEP, source);
        let tx = match &store.pools {
            // IMMEDIATE: a change that begins by reading must not find at its first write that it came too late.
            Pools::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?),
            Pools::Postgres(pool) => Tx::Postgres(pool.begin().await.map_err(failed)?),
        };
        Ok(Self { tx, broken: false, audited: store.audited.clone(), audit_head: None })
    }

    /// Durable when it returns `Ok`. After an error nothing of the change is there, except where the
    /// connection broke in the middle of the commit itself: then it may be.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.refuse_broken("committing a change")?;
        let committed = match self.tx {
            Tx::Sqlite(tx) => tx.commit().await,
            Tx::Postgres(tx) => tx.commit().await,
        };
        committed.map_err(|source| StoreError::query("committing a change", source))?;
        if self.audit_head.is_some() {
            self.audited.notify_one();
        }
        Ok(())
    }

    /// Undoes it now, rather than when it is dropped.
    pub async fn rollback(self) -> Result<(), StoreError> {
        let undone = match self.tx {
            Tx::Sqlite(tx) => tx.rollback().await,
            Tx::Postgres(tx) => tx.rollback().await,
        };
        undone.map_err(|source| StoreError::query("undoing a change", source))
    }

    fn refuse_broken(&self, step: &'static str) -> Result<(), StoreError> {
        if self.broken { Err(StoreError::Undone { step }) } else { Ok(()) }
    }

    pub(crate) fn kind(&self) -> EngineKind {
        match self.tx {
            Tx::Sqlite(_) => EngineKind::Sqlite,
            Tx::Postgres(_) => EngineKind::Postgres,
        }
    }

    pub(crate) async fn rows(&mut self, step: &'static str, query: Sql) -> Result<Vec<Row>, StoreError> {
        self.refuse_broken(step)?;
        let rows = self.tx.rows(step, query).await;
        self.broken = rows.is_err();
        rows
    }

    pub(crate) async fn maybe(&mut self, step: &'static str, query: Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(step, query).await?.into_iter().next())
    }

    /// How many rows it touched.
    pub(crate) async fn run(&mut self, step: &'static str, query: Sql) -> Result<u64, StoreError> {
        self.refuse_broken(step)?;
        let touched = match &mut self.tx {
            Tx::Sqlite(tx) => query.into_sqlite().execute(&mut **tx).await.map(|done| done.rows_affected()),
            Tx::Postgres(tx) => query.into_postgres().execute(&mut **tx).await.map(|done| done.rows_affected()),
        };
        self.broken = touched.is_err();
        touched.map_err(|source| StoreError::query(step, source))
    }

    /// As [`Write::run`], where touching no row means that the object does not exist.
    pub(crate) async fn run_on(&mut self, step: &'static str, query: Sql) -> Result<(), StoreError> {
        match self.run(step, query).await? {
            0 => Err(StoreError::NotFound { step }),
            _ => Ok(()),
        }
    }
}
