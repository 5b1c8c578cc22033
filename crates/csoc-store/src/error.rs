//! What can go wrong, by what the caller can do about it. Nothing here shows a value of the database.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    #[error("the store's address is not one of sqlite:///PATH and postgres://HOST/DATABASE: {reason}")]
    Address { reason: String },
    #[error("cannot open the store ({step}): {source}")]
    Open { step: &'static str, source: sqlx::Error },
    #[error(
        "another csoc server (process {pid}) is using the data folder {}; stop it first, or give this one its own folder",
        folder.display()
    )]
    FolderInUse { folder: PathBuf, pid: String },
    #[error("{step} {}: {source}", path.display())]
    File { step: &'static str, path: PathBuf, source: std::io::Error },
    #[error(
        "the store was written by a newer csoc (schema {found}, this one knows {known}); start that version or a newer one"
    )]
    NewerSchema { found: i64, known: i64 },
    #[error(
        "the store has schema {found} and this csoc needs {known}; start the server once, it brings the store up to date"
    )]
    OlderSchema { found: i64, known: i64 },
    #[error("cannot bring the store's schema up to date: {source}")]
    Migrate { source: Box<sqlx::migrate::MigrateError> },
    /// Something of that name or key exists already. `constraint` is the engine's name of the rule.
    #[error("{step}: it exists already")]
    Exists { step: &'static str, constraint: String },
    /// It refers to something that is not there, or is referred to by something that is.
    #[error("{step}: what it refers to does not exist, or something still refers to it")]
    Reference { step: &'static str },
    #[error("{step}: there is no such object")]
    NotFound { step: &'static str },
    #[error("{step}: an earlier step of this change failed; nothing of it is kept")]
    Undone { step: &'static str },
    #[error("{step}: the disk of the store is full; nothing was changed")]
    Full { step: &'static str },
    #[error("{step}: the store is busy or cannot be reached: {source}")]
    Unavailable { step: &'static str, source: sqlx::Error },
    #[error("{step}: {source}")]
    Query { step: &'static str, source: sqlx::Error },
    #[error("a row of the store cannot be understood (column {column}): {reason}")]
    Row { column: String, reason: String },
    #[error("the page's cursor is not one that this list gave out; start from the first page")]
    Cursor,
    #[error("audit: {0}")]
    Audit(String),
    /// One failed commit that several were waiting for.
    #[error("{0}")]
    Shared(std::sync::Arc<StoreError>),
    #[error("backup: {0}")]
    Backup(String),
}

/// SQLite: database or disk is full; I/O error while writing, syncing or growing the shared memory.
const SQLITE_FULL: [&str; 5] = ["13", "778", "1034", "4874", "5130"];
/// SQLite: busy, locked, cannot open.
const SQLITE_BUSY: [&str; 4] = ["5", "6", "261", "517"];

impl StoreError {
    /// Sorts an engine's error by what it means to the caller. `step` names the method and, inside it, the statement.
    pub(crate) fn query(step: &'static str, source: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind;
        let Some(database) = source.as_database_error() else {
            return match source {
                sqlx::Error::RowNotFound => Self::NotFound { step },
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => Self::Unavailable { step, source },
                _ => Self::Query { step, source },
            };
        };
        match database.kind() {
            ErrorKind::UniqueViolation => {
                let constraint = database.constraint().unwrap_or_else(|| database.message()).to_owned();
                return Self::Exists { step, constraint };
            }
            ErrorKind::ForeignKeyViolation => return Self::Reference { step },
            _ => {}
        }
        let code = database.code().unwrap_or_default().into_owned();
        let sqlite = database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
        match code.as_str() {
            code if sqlite && SQLITE_FULL.contains(&code) => Self::Full { step },
            code if sqlite && SQLITE_BUSY.contains(&code) => Self::Unavailable { step, source },
            "53100" => Self::Full { step },
            // Connection lost, server shutting down, too many connections, lock not available.
            code if !sqlite && (code.starts_with("08") || code.starts_with("57P") || code.starts_with("53")) => {
                Self::Unavailable { step, source }
            }
            "55P03" | "40001" | "40P01" if !sqlite => Self::Unavailable { step, source },
            _ => Self::Query { step, source },
        }
    }

    /// Looks through [`StoreError::Shared`].
    pub fn cause(&self) -> &Self {
        match self {
            Self::Shared(shared) => shared.cause(),
            other => other,
        }
    }

    /// There is no room; it works again when there is.
    pub fn is_full(&self) -> bool {
        matches!(self.cause(), Self::Full { .. })
    }

    pub fn is_exists(&self) -> bool {
        matches!(self, Self::Exists { .. })
    }

    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}
