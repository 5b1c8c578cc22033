//! Opening, refusing, closing.

use csoc_core::access::Visible;
use csoc_store::{EngineKind, Options, Store, StoreError};

use crate::on_both;
use crate::stage::{self, Stage, at};

on_both! {
    async fn a_store_that_is_opened_again_has_what_it_had(stage: Stage) {
        let north = stage.organization("north").await;
        stage.store.close().await;
        drop(stage.store);
        let again = Store::open(&stage.url, Options::serve()).await.unwrap();
        assert_eq!(again.organization_list(&Visible::All).await.unwrap()[0].id, north);
        assert!(again.size().await.unwrap() > 0);
        again.ping().await.unwrap();
    }
}

on_both! {
    async fn what_only_reads_cannot_change(stage: Stage) {
        let reader = Store::open(&stage.url, Options::read()).await.unwrap();
        assert!(reader.write().await.is_err());
        assert!(reader.organization_list(&Visible::All).await.unwrap().is_empty());
    }
}

on_both! {
    async fn a_newer_schema_is_refused_in_a_sentence(stage: Stage) {
        stage.execute("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
            VALUES (99990101000000, 'later', TRUE, '', 0)").await;
        let Stage { store, url, folder: _folder } = stage;
        store.close().await;
        drop(store);
        for options in [Options::read(), Options::serve()] {
            let refused = Store::open(&url, options).await.unwrap_err();
            assert!(matches!(refused, StoreError::NewerSchema { found: 99990101000000, .. }), "{refused}");
        }
    }
}

on_both! {
    async fn after_an_error_nothing_of_the_change_is_kept(stage: Stage) {
        stage.organization("north").await;
        let mut write = stage.store.write().await.unwrap();
        write.organization_insert("south", at(0)).await.unwrap();
        assert!(write.organization_insert("north", at(0)).await.unwrap_err().is_exists());
        assert!(matches!(write.organization_insert("east", at(0)).await, Err(StoreError::Undone { .. })));
        assert!(matches!(write.commit().await, Err(StoreError::Undone { .. })));
        assert_eq!(stage.store.organization_list(&Visible::All).await.unwrap().len(), 1);
    }
}

on_both! {
    async fn many_changes_at_once_all_happen(stage: Stage) {
        let tasks: Vec<_> = (0..40)
            .map(|n| {
                let store = stage.store.clone();
                tokio::spawn(async move {
                    let mut write = store.write().await.unwrap();
                    write.throttle_fail("name", "ana", at(0), at(n)).await.unwrap();
                    write.commit().await.unwrap();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(stage.store.throttle_fetch("name", "ana").await.unwrap().unwrap().failures, 40);
    }
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let stage = stage::sqlite().await;
    let refused = Store::open(&stage.url, Options::serve()).await.unwrap_err().to_string();
    assert!(refused.contains(&std::process::id().to_string()), "{refused}");
    Store::open(&stage.url, Options::beside()).await.expect("a command beside it is not a server");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_repeating_its_password() {
    for url in ["mysql://ana:hunter2@host/db", "postgres://ana:hunter2@[bad/db", "hunter2", "sqlite://"] {
        let refused = Store::open(url, Options::serve()).await.unwrap_err();
        assert!(matches!(refused, StoreError::Address { .. }), "{refused:?}");
        assert!(!refused.to_string().contains("hunter2") && !format!("{refused:?}").contains("hunter2"), "{refused:?}");
    }
}

#[tokio::test]
async fn the_database_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let stage = stage::sqlite().await;
    stage.organization("north").await;
    for name in ["csoc.db", "csoc.db-wal"] {
        let found = std::fs::metadata(stage.folder.path().join(name)).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

/// `table.column null?`, without what belongs to the migrations themselves.
async fn columns(stage: &Stage) -> Vec<String> {
    use sqlx::{Connection, Row};
    let read = |table: String, column: String, nullable: bool| format!("{table}.{column} {nullable}");
    let mut found: Vec<String> = match stage.store.kind() {
        EngineKind::Sqlite => {
            let mut connection = sqlx::SqliteConnection::connect(&stage.url).await.unwrap();
            let query = "SELECT m.name AS t, c.name AS c, c.\"notnull\" AS n FROM sqlite_master m \
                JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
            let rows = sqlx::query(query).fetch_all(&mut connection).await.unwrap();
            rows.iter().map(|r| read(r.get("t"), r.get("c"), r.get::<i64, _>("n") == 0)).collect()
        }
        EngineKind::Postgres => {
            let mut connection = sqlx::PgConnection::connect(&stage.url).await.unwrap();
            let query = "SELECT table_name::text AS t, column_name::text AS c, is_nullable::text AS n \
                FROM information_schema.columns WHERE table_schema = 'public'";
            let rows = sqlx::query(query).fetch_all(&mut connection).await.unwrap();
            rows.iter().map(|r| read(r.get("t"), r.get("c"), r.get::<String, _>("n") == "YES")).collect()
        }
    };
    found.retain(|line| !line.starts_with("_sqlx_migrations"));
    found.sort();
    found
}

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let Some(postgres) = stage::postgres().await else { return };
    let (left, right) = (columns(&stage::sqlite().await).await, columns(&postgres).await);
    assert_eq!(left, right);
    assert!(left.len() > 100, "{left:?}");
}
