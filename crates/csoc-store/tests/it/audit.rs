//! Recording: many at once, with a change, over replicas; pruning and export.

use csoc_core::access::Visible;
use csoc_core::audit::Outcome;
use csoc_store::{AuditFilter, PageRequest};

use crate::stage::{at, did, only};
use crate::{change, on_both};

on_both! {
    async fn everybody_at_once_makes_one_chain(stage: Stage) {
        let audit = stage.audit().await;
        let tasks: Vec<_> = (0..200).map(|n| {
            let log = audit.log.clone();
            tokio::spawn(async move { log.append(did(n)).await.unwrap() })
        }).collect();
        let mut numbers = Vec::new();
        for task in tasks { numbers.push(task.await.unwrap()); }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=200).collect::<Vec<i64>>(), "each has its own number");
        audit.close().await;
        let report = stage.verify().await;
        assert!(report.is_intact(), "{report}");
        assert_eq!((report.rows, report.unsigned_rows()), (200, 0));
    }
}

on_both! {
    async fn a_change_and_its_entry_are_there_together_or_not_at_all(stage: Stage) {
        let mut write = stage.store.write().await.unwrap();
        write.organization_insert("north", at(0)).await.unwrap();
        write.audit_append(&did(1)).await.unwrap();
        drop(write);
        assert_eq!(stage.store.audit_count(&Visible::All, &AuditFilter::default()).await.unwrap(), 0);
        let seq = change!(stage.store, |w| async {
            w.organization_insert("north", at(0)).await?;
            w.audit_append(&did(1)).await
        });
        assert_eq!((seq, stage.store.organization_list(&Visible::All).await.unwrap().len()), (1, 1));
    }
}

on_both! {
    async fn two_replicas_do_not_fork_the_chain(stage: Stage) {
        let other = stage.beside().await;
        let tasks: Vec<_> = (0..60).map(|n| {
            let store = if n % 2 == 0 { stage.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                let mut write = store.write().await.unwrap();
                write.audit_append(&did(n)).await.unwrap();
                write.commit().await.unwrap();
            })
        }).collect();
        for task in tasks { task.await.unwrap(); }
        stage.audit().await.close().await;
        let report = stage.verify().await;
        assert!(report.is_intact() && report.rows == 60, "{report}");
    }
}

on_both! {
    async fn an_act_that_never_ended_shows_as_interrupted(stage: Stage) {
        let audit = stage.audit().await;
        let done = audit.log.begin(did(1)).await.unwrap();
        let lost = audit.log.begin(did(2)).await.unwrap();
        audit.log.finish(done, Outcome::Ok, None, at(3)).await.unwrap();
        audit.close().await;
        assert_eq!(change!(stage.store, |w| w.audit_mark_interrupted(at(100), at(100))), 1);
        assert_eq!(change!(stage.store, |w| w.audit_mark_interrupted(at(101), at(101))), 0, "only once");
        let filter = AuditFilter { results: vec![Outcome::Interrupted], ..AuditFilter::default() };
        let page = stage.store.audit_page(&Visible::All, &filter, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items[0].entry.intent, Some(lost.seq));
        assert!(stage.verify().await.is_intact());
    }
}

on_both! {
    async fn checkpoints_come_by_themselves(stage: Stage) {
        let options = csoc_store::AuditOptions { checkpoint_rows: 10, ..crate::stage::options() };
        let (log, writer) = csoc_store::AuditLog::open(&stage.store, stage.files(), options).await.unwrap();
        let writer = tokio::spawn(writer.run());
        for n in 0..25 { log.append(did(n)).await.unwrap(); }
        // An entry that came with a change counts as well.
        for n in 25..31 { change!(stage.store, |w| w.audit_append(&did(n))); }
        log.close().await;
        writer.await.unwrap();
        let signed: Vec<i64> = stage.files().read_anchors().unwrap().into_iter().map(|m| m.unwrap().seq).collect();
        assert!(signed.starts_with(&[0, 10, 20]) && signed.ends_with(&[31]), "{signed:?}");
        assert_eq!(log.status().last_checkpoint.unwrap().seq, 31);
    }
}

on_both! {
    async fn the_page_is_filtered_by_what_may_be_seen(stage: Stage) {
        let (north, south) = (stage.organization("north").await, stage.organization("south").await);
        let mut entries: Vec<_> = (0..6).map(did).collect();
        entries[1].organization = Some(north);
        entries[2].organization = Some(south);
        entries[3].action = "session.create".into();
        entries[4].actor.name = "Ben".into();
        entries[4].result = Outcome::Refused;
        change!(stage.store, |w| w.audit_append_all(&entries));
        let count = async |visible: &Visible, filter: AuditFilter| {
            let page = stage.store.audit_page(visible, &filter, &PageRequest::default()).await.unwrap();
            assert_eq!(page.items.len() as i64, stage.store.audit_count(visible, &filter).await.unwrap());
            page.items.iter().map(|r| r.seq).collect::<Vec<_>>()
        };
        let any = AuditFilter::default;
        assert_eq!(count(&Visible::All, any()).await, [6, 5, 4, 3, 2, 1]);
        assert_eq!(count(&only(north), any()).await, [2]);
        assert_eq!(count(&Visible::Only([].into()), any()).await, [0; 0]);
        assert!(stage.store.audit_fetch(&only(north), 3).await.unwrap().is_none());
        let all = &Visible::All;
        assert_eq!(count(all, AuditFilter { actions: vec!["session.*".into()], ..any() }).await, [4]);
        assert_eq!(count(all, AuditFilter { actions: vec!["source".into()], ..any() }).await, [0; 0]);
        assert_eq!(count(all, AuditFilter { actor: Some("BEN".into()), ..any() }).await, [5]);
        assert_eq!(count(all, AuditFilter { results: vec![Outcome::Refused], ..any() }).await, [5]);
        assert_eq!(count(all, AuditFilter { object_id: Some("0".into()), ..any() }).await, [1]);
        assert_eq!(count(all, AuditFilter { since: Some(at(4)), until: Some(at(5)), ..any() }).await, [5]);
    }
}

on_both! {
    async fn pruning_keeps_the_proof(stage: Stage) {
        let audit = stage.audit().await;
        for n in 0..20 { audit.log.append(did(n)).await.unwrap(); }
        audit.close().await;
        let who = did(50);
        let pruned = stage.store.audit_prune(&stage.files(), &[], at(12), who.clone()).await.unwrap().unwrap();
        assert_eq!((pruned.rows, pruned.cut.seq), (12, 12));
        let report = stage.verify().await;
        assert!(report.is_intact() && (report.first, report.last) == (Some(13), Some(21)), "{report}");
        assert!(stage.store.audit_prune(&stage.files(), &[], at(12), who.clone()).await.unwrap().is_none());

        stage.execute("DELETE FROM audit WHERE seq = 13").await;
        let report = stage.verify().await;
        assert!(report.to_string().contains("rows 13 to 13 are missing"), "{report}");
        let refused = stage.store.audit_prune(&stage.files(), &[], at(18), who).await.unwrap_err();
        assert!(refused.to_string().contains("does not verify"), "{refused}");
    }
}

on_both! {
    async fn the_export_is_whole_and_in_order(stage: Stage) {
        let entries: Vec<_> = (0..2500).map(did).collect();
        change!(stage.store, |w| w.audit_append_all(&entries));
        let mut export = stage.store.audit_export(Visible::All, AuditFilter::default());
        let mut lines = String::new();
        while let Some(more) = export.next_lines().await.unwrap() { lines.push_str(&more); }
        let rows: Vec<serde_json::Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(rows.iter().map(|r| r["seq"].as_i64().unwrap()).collect::<Vec<_>>(), (1..=2500).collect::<Vec<_>>());
        assert_eq!((rows[6]["detail"]["n"].as_i64(), rows[6]["hash"].as_str().unwrap().len()), (Some(6), 64));
    }
}

on_both! {
    async fn odd_text_is_kept_as_it_is(stage: Stage) {
        let mut entry = did(1);
        entry.actor.name = "zero\0byte \u{1F600} ' \" \\ \u{202e}".into();
        entry.detail = Some(serde_json::json!({"nul": "\u{0}", "n": 0.1}));
        change!(stage.store, |w| w.audit_append(&entry));
        let read = stage.store.audit_fetch(&Visible::All, 1).await.unwrap().unwrap().entry;
        assert_eq!((read.detail, read.actor.name.replace('\u{fffd}', "\0")), (entry.detail, entry.actor.name));
        stage.audit().await.close().await;
        assert!(stage.verify().await.is_intact());
    }
}
