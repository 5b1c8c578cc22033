//! The stage of a test: a new store, people and organizations to be in it.

use csoc_core::access::Visible;
use csoc_core::{OrganizationId, PersonId};
use csoc_store::{NewPerson, Options, Store};
use csoc_testkit::postgres::Postgres;
use jiff::Timestamp;
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

    /// A second program on the same store.
    pub async fn beside(&self) -> Store {
        Store::open(&self.url, Options::beside()).await.unwrap()
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
