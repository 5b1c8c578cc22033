//! Opening the store, and running statements on it.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::Notify;

use crate::lock::FolderLock;
use crate::migrate;
use crate::sql::{Row, Sql, sql};
use crate::write::Frozen;
use crate::{StoreError, Write};

/// How long a statement waits for another writer (a backup by another process, a second replica).
const PATIENCE: Duration = Duration::from_secs(15);
const READERS: u32 = 4;

/// What for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The server: takes the data folder for itself and brings the schema up to date.
    Serve,
    /// A command that changes something, beside a running server or without one. No lock, no migration.
    Beside,
    /// A command that only looks.
    Read,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    Sqlite,
    Postgres,
}

#[derive(Clone, Debug)]
pub struct Options {
    pub access: Access,
    /// PostgreSQL connections at most.
    pub connections: u32,
}

impl Options {
    pub fn serve() -> Self {
        Self { access: Access::Serve, connections: 10 }
    }

    pub fn beside() -> Self {
        Self { access: Access::Beside, ..Self::serve() }
    }

    pub fn read() -> Self {
        Self { access: Access::Read, ..Self::serve() }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// Writers queue for one connection, so that none is ever refused for being second; readers are not
    /// held up by it (WAL).
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
        file: PathBuf,
    },
    Postgres(PgPool),
}

/// Cheap to clone; all clones are one store.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pools: Pools,
    pub(crate) access: Access,
    /// Rung after every commit that appended to the audit.
    pub(crate) audited: Arc<Notify>,
    _lock: Option<Arc<FolderLock>>,
}

impl Store {
    /// Opens `sqlite:///PATH` (the file is made when missing and allowed) or `postgres://...`.
    pub async fn open(url: &str, options: Options) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(Path::new(path.strip_prefix("//").unwrap_or(path)), &options).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url, &options).await
        } else {
            // The address may hold a password: only its scheme is repeated.
            let scheme = url.split_once(':').map_or("no scheme", |(scheme, _)| scheme);
            Err(StoreError::Address { reason: format!("it begins with {scheme:?}") })
        }
    }

    async fn open_sqlite(file: &Path, options: &Options) -> Result<Self, StoreError> {
        if file.as_os_str().is_empty() || file == Path::new(":memory:") {
            return Err(StoreError::Address { reason: "it names no file".to_owned() });
        }
        let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let lock = match options.access {
            Access::Serve => {
                std::fs::create_dir_all(folder).map_err(|source| StoreError::File {
                    step: "cannot make the data folder",
                    path: folder.to_owned(),
                    source,
                })?;
                let lock = FolderLock::take(folder)?;
                create_private(file)?;
                Some(Arc::new(lock))
            }
            Access::Beside | Access::Read => None,
        };
        Self::ready(Self::open_sqlite_pools(file, options.access, lock).await?).await
    }

    async fn open_sqlite_pools(file: &Path, access: Access, lock: Option<Arc<FolderLock>>) -> Result<Self, StoreError> {
        let common = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let writable = common
            .clone()
            .read_only(access == Access::Read)
            // A commit that was answered is on the disk: WAL alone with NORMAL would lose the last ones.
            .synchronous(SqliteSynchronous::Full)
            .pragma("journal_size_limit", "67108864");
        // Turning WAL on is a write; a reader finds it as the server left it.
        let writable = match access {
            Access::Read => writable,
            Access::Serve | Access::Beside => writable.journal_mode(SqliteJournalMode::Wal),
        };
        let opening = |step| move |source| StoreError::Open { step, source };
        let pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE * 2).idle_timeout(None).max_lifetime(None);
        let write = pool()
            .max_connections(1)
            // When the disk is full SQLite ends the transaction by itself; sqlx 0.9 does not notice and would
            // refuse every later one on that connection.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(writable)
            .await
            .map_err(opening("the connection that writes"))?;
        let read = pool()
            .max_connections(READERS)
            .connect_with(common.read_only(true))
            .await
            .map_err(opening("the connections that read"))?;
        let pools = Pools::Sqlite { write, read, file: file.to_owned() };
        Ok(Self { pools, access, audited: Arc::default(), _lock: lock })
    }

    async fn open_postgres(url: &str, options: &Options) -> Result<Self, StoreError> {
        let connect = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Address { reason: "the PostgreSQL address cannot be read".to_owned() })?
            .application_name("csoc")
            .options([
                // The database's own setting may have been loosened; what we acknowledge must be on disk.
                ("synchronous_commit", "on"),
                ("lock_timeout", "15s"),
                // A replica that hangs inside a transaction must not hold the audit's lock for ever.
                ("idle_in_transaction_session_timeout", "60s"),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(options.connections.max(2))
            .acquire_timeout(PATIENCE * 2)
            .connect_with(connect)
            .await
            .map_err(|source| StoreError::Open { step: "connecting to PostgreSQL", source })?;
        let pools = Pools::Postgres(pool);
        Self::ready(Self { pools, access: options.access, audited: Arc::default(), _lock: None }).await
    }

    /// A copy to be looked at whatever its schema is: a backup may be of an older program.
    pub(crate) async fn open_copy(url: &str) -> Result<Self, StoreError> {
        let path = url.strip_prefix("sqlite://").unwrap_or(url);
        Self::open_sqlite_pools(Path::new(path), Access::Read, None).await
    }

    async fn ready(store: Self) -> Result<Self, StoreError> {
        match store.access {
            Access::Serve => migrate::run(&store.pools).await?,
            Access::Beside | Access::Read => migrate::check(&store).await?,
        }
        Ok(store)
    }

    pub fn kind(&self) -> EngineKind {
        match self.pools {
            Pools::Sqlite { .. } => EngineKind::Sqlite,
            Pools::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// The SQLite file.
    pub fn file(&self) -> Option<&Path> {
        match &self.pools {
            Pools::Sqlite { file, .. } => Some(file),
            Pools::Postgres(_) => None,
        }
    }

    /// Begins a change. Dropping it without [`Write::commit`] undoes it.
    pub async fn write(&self) -> Result<Write, StoreError> {
        Write::begin(self).await
    }

    /// Begins to look at the store as it is at this moment.
    pub(crate) async fn freeze(&self) -> Result<Frozen, StoreError> {
        Frozen::begin(self).await
    }

    /// Does the store answer? For readiness probes.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.rows("ping", sql("SELECT 1 AS one")).await.map(drop)
    }

    /// Bytes of the SQLite file, or of the PostgreSQL database.
    pub async fn size(&self) -> Result<i64, StoreError> {
        let query = match self.kind() {
            EngineKind::Sqlite => {
                sql("SELECT page_count * page_size AS n FROM pragma_page_count(), pragma_page_size()")
            }
            EngineKind::Postgres => sql("SELECT pg_database_size(current_database()) AS n"),
        };
        self.one("size", query).await?.int("n")
    }

    /// Waits for running statements and closes every connection; SQLite's WAL is folded into its file.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    pub(crate) async fn rows(&self, step: &'static str, query: Sql) -> Result<Vec<Row>, StoreError> {
        let rows = match &self.pools {
            Pools::Sqlite { read, .. } => {
                query.into_sqlite().fetch_all(read).await.map(|rows| rows.into_iter().map(Row::Sqlite).collect())
            }
            Pools::Postgres(pool) => {
                query.into_postgres().fetch_all(pool).await.map(|rows| rows.into_iter().map(Row::Postgres).collect())
            }
        };
        rows.map_err(|source| StoreError::query(step, source))
    }

    pub(crate) async fn maybe(&self, step: &'static str, query: Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(step, query).await?.into_iter().next())
    }

    pub(crate) async fn one(&self, step: &'static str, query: Sql) -> Result<Row, StoreError> {
        self.maybe(step, query).await?.ok_or(StoreError::NotFound { step })
    }

    /// All rows through one reading function.
    pub(crate) async fn list<T>(
        &self,
        step: &'static str,
        query: Sql,
        read: fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(step, query).await?.iter().map(read).collect()
    }
}

/// Makes the database file readable by its owner only, before SQLite would make it readable by all; SQLite
/// gives its side files (WAL, shared memory) the same rights.
fn create_private(file: &Path) -> Result<(), StoreError> {
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let made = open.open(file).map(drop);
    made.map_err(|source| StoreError::File { step: "cannot make the database", path: file.to_owned(), source })
}
