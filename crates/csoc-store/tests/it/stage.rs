//! The stage of a test: a new store, people and organizations to be in it.

use csoc_core::access::Visible;
use csoc_core::audit::{ActorRef, Entry, Object, Outcome, Report};
use csoc_core::{OrganizationId, PersonId, SourceId};
use csoc_store::{
    AuditFiles, AuditLog, AuditOptions, EngineKind, NewPerson, NewSource, Options, SourceAuth, SourceKind, Store,
};
use csoc_testkit::postgres::Postgres;
use jiff::Timestamp;
use sqlx::Connection;
use tempfile::TempDir;

pub struct Stage {
    pub store: Store,
    pub url: String,
    /// The data folder of SQLite; for PostgreSQL that of the key and the anchors.
    pub folder: TempDir,
}

/// A moment; `at(1)` is one second after `at(0)`.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_764_000_000 + second).unwrap()
}

pub async fn sqlite() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("csoc.db").display());
    Stage { store: Store::open(&url, Options::serve()).await.unwrap(), url, folder }
}

pub async fn postgres() -> Option<Stage> {
    let url = Postgres::shared()?.database();
    let folder = tempfile::tempdir().unwrap();
    Some(Stage { store: Store::open(&url, Options::serve()).await.unwrap(), url, folder })
}

impl Stage {
    pub async fn organization(&self, name: &str) -> OrganizationId {
        let mut write = self.store.write().await.unwrap();
        let made = write.organization_insert(name, at(0)).await.unwrap();
        write.commit().await.unwrap();
        made.id
    }

    pub async fn person(&self, name: &str) -> PersonId {
        let new = NewPerson {
            name: name.to_owned(),
            display_name: name.to_uppercase(),
            password_hash: None,
            must_change: false,
        };
        let mut write = self.store.write().await.unwrap();
        let id = write.person_insert(&new, at(0)).await.unwrap();
        write.commit().await.unwrap();
        id
    }

    pub async fn source(&self, organization: OrganizationId) -> SourceId {
        let mut write = self.store.write().await.unwrap();
        let id = write.source_insert(&fleet(organization, "fleet"), at(0)).await.unwrap();
        write.commit().await.unwrap();
        id
    }

    pub fn files(&self) -> AuditFiles {
        AuditFiles::in_folder(self.folder.path())
    }

    /// The audit's writer, running.
    pub async fn audit(&self) -> Audit {
        let (log, writer) = AuditLog::open(&self.store, self.files(), options()).await.unwrap();
        Audit { log, writer: tokio::spawn(writer.run()) }
    }

    pub async fn verify(&self) -> Report {
        self.store.audit_verify(&self.files(), &[]).await.unwrap().report
    }

    /// What somebody with access to the database could do.
    pub async fn execute(&self, text: &str) {
        let text = sqlx::AssertSqlSafe(text.to_owned());
        match self.store.kind() {
            EngineKind::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(&self.url).await.unwrap();
                sqlx::raw_sql(text).execute(&mut connection).await.unwrap();
            }
            EngineKind::Postgres => {
                let mut connection = sqlx::PgConnection::connect(&self.url).await.unwrap();
                sqlx::raw_sql(text).execute(&mut connection).await.unwrap();
            }
        }
    }

    /// Bytes as the engine writes them in SQL.
    pub fn bytes_literal(&self, bytes: &[u8]) -> String {
        let digits = csoc_core::audit::hex(bytes);
        match self.store.kind() {
            EngineKind::Sqlite => format!("X'{digits}'"),
            EngineKind::Postgres => format!("'\\x{digits}'::bytea"),
        }
    }

    /// A second program on the same store.
    pub async fn beside(&self) -> Store {
        Store::open(&self.url, Options::beside()).await.unwrap()
    }
}

pub struct Audit {
    pub log: AuditLog,
    writer: tokio::task::JoinHandle<()>,
}

impl Audit {
    /// Signs what there is and ends the writer.
    pub async fn close(self) {
        self.log.close().await;
        self.writer.await.unwrap();
    }
}

/// Checkpoints only when asked for.
pub fn options() -> AuditOptions {
    AuditOptions {
        checkpoint_rows: i64::MAX,
        checkpoint_every: std::time::Duration::from_secs(86_400),
        clock: || at(1000),
        allow_new_key: false,
    }
}

/// Something that Ana did at second `n`.
pub fn did(n: i64) -> Entry {
    let mut entry =
        Entry::new(at(n), ActorRef::nobody("ana"), "source.create", Object::new("source", n, "fleet"), Outcome::Ok);
    entry.detail = Some(serde_json::json!({ "n": n }));
    entry
}

pub fn fleet(organization: OrganizationId, name: &str) -> NewSource {
    NewSource {
        organization,
        kind: SourceKind::Fleet,
        name: name.into(),
        location: "https://git.example.org/fleet.git".into(),
        branch: "main".into(),
        aliases: vec!["git@git.example.org:fleet".into()],
        auth: SourceAuth::Token,
        auth_user: None,
        credential: Some(vec![0, 255, 1]),
        interval_s: 300,
        webhook_secret: None,
    }
}

pub fn only(organization: OrganizationId) -> Visible {
    Visible::Only([organization].into())
}

/// One change, committed.
#[macro_export]
macro_rules! change {
    ($store:expr, |$write:ident| $body:expr) => {{
        let mut $write = $store.write().await.unwrap();
        let done = $body.await.unwrap();
        $write.commit().await.unwrap();
        done
    }};
}

/// The same story on both engines.
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* async fn $name:ident($stage:ident: Stage) $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($stage: $crate::stage::Stage) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story($crate::stage::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(stage) = $crate::stage::postgres().await {
                    story(stage).await;
                }
            }
        }
    };
}
