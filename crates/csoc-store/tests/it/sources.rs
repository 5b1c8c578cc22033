//! Sources, and the border between organizations.

use csoc_core::access::Visible;
use csoc_store::{SourceAuth, SourceUpdate, StoreError};

use crate::stage::{at, fleet, only};
use crate::{change, on_both};

on_both! {
    async fn a_source_is_changed_where_it_was_said(stage: Stage) {
        let north = stage.organization("north").await;
        let id = change!(stage.store, |w| w.source_insert(&fleet(north, "fleet"), at(0)));
        let update = SourceUpdate { branch: Some("release".into()), disabled: Some(true), ..SourceUpdate::default() };
        change!(stage.store, |w| w.source_update(id, &update));
        change!(stage.store, |w| w.source_set_state(id, &serde_json::json!({"head": "abc"}), at(9)));
        let source = stage.store.source_fetch(&Visible::All, id).await.unwrap().unwrap();
        assert_eq!((source.branch.as_str(), source.disabled, source.interval_s), ("release", true, 300));
        assert_eq!((source.credential, source.auth), (Some(vec![0, 255, 1]), SourceAuth::Token));
        assert_eq!((source.state["head"].as_str(), source.state_at), (Some("abc"), Some(at(9))));
    }
}

on_both! {
    async fn two_organizations_may_use_one_name_and_do_not_see_each_other(stage: Stage) {
        let (north, south) = (stage.organization("north").await, stage.organization("south").await);
        let ours = change!(stage.store, |w| w.source_insert(&fleet(north, "fleet"), at(0)));
        change!(stage.store, |w| w.source_insert(&fleet(south, "fleet"), at(0)));
        let mut write = stage.store.write().await.unwrap();
        assert!(write.source_insert(&fleet(north, "fleet"), at(0)).await.unwrap_err().is_exists());
        write.rollback().await.unwrap();
        assert_eq!(stage.store.source_list(&only(north)).await.unwrap()[0].id, ours);
        assert_eq!(stage.store.source_list(&only(north)).await.unwrap().len(), 1);
        assert!(stage.store.source_fetch(&only(south), ours).await.unwrap().is_none());
    }
}

on_both! {
    async fn an_organization_with_a_source_is_not_removed(stage: Stage) {
        let north = stage.organization("north").await;
        change!(stage.store, |w| w.source_insert(&fleet(north, "fleet"), at(0)));
        let mut write = stage.store.write().await.unwrap();
        let refused = write.organization_delete(north).await.unwrap_err();
        assert!(matches!(refused, StoreError::Reference { .. }), "{refused}");
    }
}
