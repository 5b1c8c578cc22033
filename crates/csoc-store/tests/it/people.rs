//! People, roles, sessions, tokens, and what keeps strangers out.

use csoc_core::access::{Permission, Role, Scope, Visible};
use csoc_core::secret::Secret;
use csoc_store::{NewPerson, NewSession, NewToken, PageRequest, PeopleFilter, StoreError};

use crate::stage::{at, only};
use crate::{change, on_both};

on_both! {
    async fn a_name_is_taken_in_every_case(stage: Stage) {
        stage.person("Ana").await;
        let mut write = stage.store.write().await.unwrap();
        let again = NewPerson { name: "aNA ".into(), display_name: String::new(), password_hash: None, must_change: false };
        let refused = write.person_insert(&again, at(1)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Exists { .. }), "{refused}");
        write.rollback().await.unwrap();
        assert_eq!(stage.store.person_fetch_by_name("ANA").await.unwrap().unwrap().name, "Ana");
    }
}

on_both! {
    async fn a_change_that_is_not_committed_is_not_there(stage: Stage) {
        let mut write = stage.store.write().await.unwrap();
        write.organization_insert("north", at(0)).await.unwrap();
        drop(write);
        assert!(stage.store.organization_list(&Visible::All).await.unwrap().is_empty());
        stage.organization("north").await;
        assert_eq!(stage.store.organization_list(&Visible::All).await.unwrap().len(), 1);
    }
}

on_both! {
    async fn a_session_counts_until_it_ends(stage: Stage) {
        let ana = stage.person("ana").await;
        let north = stage.organization("north").await;
        change!(stage.store, |w| w.binding_insert(ana, Role::Operator, Scope::Organization(north), at(0)));
        let new = NewSession {
            person: ana, secret_hash: vec![7; 32], expires_at: at(100), user_agent: "x".into(), address: "127.0.0.1".into(),
        };
        let id = change!(stage.store, |w| w.session_insert(&new, at(0)));
        let seen = stage.store.session_recognize(&[7; 32], at(99)).await.unwrap().unwrap();
        assert_eq!((seen.session.id, seen.roles), (id, vec![(Role::Operator, Scope::Organization(north))]));
        assert!(stage.store.session_recognize(&[7; 32], at(100)).await.unwrap().is_none(), "expired");
        assert!(stage.store.session_recognize(&[8; 32], at(1)).await.unwrap().is_none(), "unknown");

        change!(stage.store, |w| w.person_set_disabled(ana, true));
        assert!(stage.store.session_recognize(&[7; 32], at(1)).await.unwrap().is_none(), "disabled");
        change!(stage.store, |w| w.person_set_disabled(ana, false));
        assert!(change!(stage.store, |w| w.session_revoke(id, at(2))));
        assert!(!change!(stage.store, |w| w.session_revoke(id, at(3))), "only once");
        assert!(stage.store.session_recognize(&[7; 32], at(4)).await.unwrap().is_none(), "revoked");
        assert_eq!(change!(stage.store, |w| w.session_sweep(at(3))), 1);
    }
}

on_both! {
    async fn revoking_all_sessions_can_spare_the_one_that_asks(stage: Stage) {
        let ana = stage.person("ana").await;
        let mut ids = Vec::new();
        for n in 0..3 {
            let new = NewSession {
                person: ana, secret_hash: vec![n; 32], expires_at: at(100), user_agent: String::new(), address: String::new(),
            };
            ids.push(change!(stage.store, |w| w.session_insert(&new, at(0))));
        }
        assert_eq!(change!(stage.store, |w| w.session_revoke_all(ana, Some(ids[1]), at(1))), 2);
        let left = stage.store.session_list(Some(ana), at(2)).await.unwrap();
        assert_eq!(left.iter().map(|s| s.id).collect::<Vec<_>>(), [ids[1]]);
    }
}

on_both! {
    async fn a_token_keeps_its_limits(stage: Stage) {
        let (ana, north) = (stage.person("ana").await, stage.organization("north").await);
        let new = NewToken {
            person: ana, name: "ci".into(), secret_hash: vec![1; 32], prefix: "csoc_1".into(),
            permissions: Some([Permission::FleetRead].into()), organization: Some(north), expires_at: None,
        };
        let id = change!(stage.store, |w| w.token_insert(&new, at(0)));
        change!(stage.store, |w| w.token_touch(id, at(5)));
        let bearer = stage.store.token_recognize(&[1; 32], at(6)).await.unwrap().unwrap();
        assert_eq!(bearer.token.permissions, Some([Permission::FleetRead].into()));
        assert_eq!((bearer.token.organization, bearer.token.last_used_at), (Some(north), Some(at(5))));
        change!(stage.store, |w| w.token_revoke(id, at(7)));
        assert!(stage.store.token_recognize(&[1; 32], at(8)).await.unwrap().is_none());
        assert!(stage.store.token_list(Some(ana)).await.unwrap().is_empty());
    }
}

on_both! {
    async fn who_sees_one_organization_sees_its_people_only(stage: Stage) {
        let (north, south) = (stage.organization("north").await, stage.organization("south").await);
        let (ana, ben) = (stage.person("ana").await, stage.person("ben").await);
        stage.person("chief").await;
        change!(stage.store, |w| w.binding_insert(ana, Role::Viewer, Scope::Organization(north), at(0)));
        change!(stage.store, |w| w.binding_insert(ben, Role::Viewer, Scope::Organization(south), at(0)));
        let any = PeopleFilter::default();
        let seen = stage.store.person_page(&only(north), &any, &PageRequest::default()).await.unwrap();
        assert_eq!(seen.items.iter().map(|p| p.id).collect::<Vec<_>>(), [ana]);
        assert_eq!(stage.store.person_count(&only(north), &any).await.unwrap(), 1);
        assert_eq!(stage.store.person_count(&Visible::All, &any).await.unwrap(), 3);
        assert_eq!(stage.store.person_count(&Visible::Only([].into()), &any).await.unwrap(), 0);
        assert_eq!(stage.store.binding_list(&only(south), None).await.unwrap()[0].person, ben);
        assert!(stage.store.organization_fetch(&only(north), south).await.unwrap().is_none());
    }
}

on_both! {
    async fn pages_follow_the_name_whatever_comes_in_between(stage: Stage) {
        for name in ["Émile", "ana", "Zoe", "ben", "Carl", "_x", "100%"] {
            stage.person(name).await;
        }
        let any = PeopleFilter::default();
        let (mut seen, mut page) = (Vec::new(), PageRequest::first(2));
        loop {
            let got = stage.store.person_page(&Visible::All, &any, &page).await.unwrap();
            seen.extend(got.items.into_iter().map(|p| p.name));
            // One that sorts before everything seen so far: it must not push anything into the next page again.
            if seen.len() == 2 { stage.person("!early").await; }
            let Some(next) = got.next else { break };
            page.after = Some(next);
        }
        assert_eq!(seen, ["100%", "_x", "ana", "ben", "Carl", "Zoe", "Émile"]);
        let wrong = PageRequest { after: Some("bm9uc2Vuc2U".into()), limit: 2 };
        let refused = stage.store.person_page(&Visible::All, &any, &wrong).await.unwrap_err();
        assert!(matches!(refused, StoreError::Cursor));
        for (text, found) in [("0%", 1), ("_", 1), ("AN", 1), ("'", 0), ("\\", 0)] {
            let filter = PeopleFilter { text: Some(text.into()), disabled: Some(false) };
            assert_eq!(stage.store.person_count(&Visible::All, &filter).await.unwrap(), found, "{text}");
        }
    }
}

on_both! {
    async fn the_setup_code_works_once_and_only_the_newest(stage: Stage) {
        assert!(stage.store.setup_is_needed().await.unwrap());
        change!(stage.store, |w| w.setup_code_replace(b"first", at(0)));
        change!(stage.store, |w| w.setup_code_replace(b"second", at(1)));
        assert!(!change!(stage.store, |w| w.setup_code_take(b"first", at(2))));
        assert!(change!(stage.store, |w| w.setup_code_take(b"second", at(2))));
        assert!(!change!(stage.store, |w| w.setup_code_take(b"second", at(3))));
    }
}

on_both! {
    async fn failures_are_counted_within_the_window(stage: Stage) {
        let fail = async |from: i64, now: i64| {
            change!(stage.store, |w| w.throttle_fail("name", "ana", at(from), at(now))).failures
        };
        assert_eq!((fail(0, 1).await, fail(0, 2).await, fail(0, 3).await), (1, 2, 3));
        assert_eq!(fail(100, 110).await, 1, "the old ones are forgotten");
        change!(stage.store, |w| w.throttle_clear("name", "ana"));
        assert_eq!(stage.store.throttle_fetch("name", "ana").await.unwrap(), None);
    }
}

on_both! {
    async fn a_person_goes_with_all_that_is_theirs(stage: Stage) {
        let ana = stage.person("ana").await;
        change!(stage.store, |w| w.person_set_password(ana, &Secret::new("$argon2id$..."), false));
        change!(stage.store, |w| w.binding_insert(ana, Role::Admin, Scope::Installation, at(0)));
        change!(stage.store, |w| w.view_put(ana, "mine", "/commons?tier=qa", None, at(0)));
        assert_eq!(change!(stage.store, |w| w.person_count_administrators()), 1);
        let twice = { let mut w = stage.store.write().await.unwrap();
            w.binding_insert(ana, Role::Admin, Scope::Installation, at(1)).await };
        assert!(twice.unwrap_err().is_exists());
        change!(stage.store, |w| w.person_delete(ana));
        assert!(stage.store.binding_list(&Visible::All, None).await.unwrap().is_empty());
        assert!(stage.store.view_list(ana, &Visible::All).await.unwrap().is_empty());
    }
}

on_both! {
    async fn a_setting_is_replaced(stage: Stage) {
        change!(stage.store, |w| w.setting_put("compare.ignore", &vec!["a.b"], at(0)));
        change!(stage.store, |w| w.setting_put("compare.ignore", &vec!["c"], at(1)));
        assert_eq!(stage.store.setting_fetch::<Vec<String>>("compare.ignore").await.unwrap().unwrap(), ["c"]);
    }
}

on_both! {
    async fn a_shared_view_is_seen_where_it_is_shared(stage: Stage) {
        let (ana, ben) = (stage.person("ana").await, stage.person("ben").await);
        let (north, south) = (stage.organization("north").await, stage.organization("south").await);
        change!(stage.store, |w| w.view_put(ana, "private", "/a", None, at(0)));
        let shared = change!(stage.store, |w| w.view_put(ana, "shared", "/b", Some(north), at(0)));
        let seen = |views: Vec<csoc_store::SavedView>| views.into_iter().map(|v| v.name).collect::<Vec<_>>();
        assert_eq!(seen(stage.store.view_list(ana, &Visible::Only([].into())).await.unwrap()), ["private", "shared"]);
        assert_eq!(seen(stage.store.view_list(ben, &only(north)).await.unwrap()), ["shared"]);
        assert!(stage.store.view_list(ben, &only(south)).await.unwrap().is_empty());
        let mut write = stage.store.write().await.unwrap();
        assert!(write.view_delete(ben, shared.id).await.unwrap_err().is_not_found(), "it is Ana's");
    }
}
