//! Somebody edits the record behind our back. Each test says what they did and what is found.

use csoc_core::audit::{ActorRef, Entry, Object, Outcome, Problem, TEXT_COLUMNS};

use crate::on_both;
use crate::stage::{Stage, at, did};

/// Ten rows, a checkpoint after five and one at the end.
async fn ten_rows(stage: &Stage) {
    let audit = stage.audit().await;
    for n in 1..=10 {
        audit.log.append(did(n)).await.unwrap();
        if n == 5 {
            audit.log.checkpoint().await.unwrap().unwrap();
        }
    }
    audit.close().await;
    let report = stage.verify().await;
    assert!(report.is_intact() && report.rows == 10 && report.anchors == 3, "{report}");
}

on_both! {
    async fn one_changed_value_in_any_column(stage: Stage) {
        ten_rows(&stage).await;
        let columns = TEXT_COLUMNS.iter().copied().chain(["seq", "time", "intent", "hash"]);
        for column in columns {
            stage.execute("CREATE TABLE kept AS SELECT * FROM audit WHERE seq = 4").await;
            let value = match column {
                "seq" => "4000".to_owned(),
                "time" => "time + 1".to_owned(),
                "intent" => "3".to_owned(),
                "hash" => stage.bytes_literal(&[7; 32]),
                _ => format!("COALESCE({column}, '') || 'x'"),
            };
            stage.execute(&format!("UPDATE audit SET {column} = {value} WHERE seq = 4")).await;
            let report = stage.verify().await;
            assert!(!report.is_intact(), "{column}: {report}");
            if !["seq", "hash"].contains(&column) {
                assert_eq!(report.problems, [Problem::Changed { seq: 4 }], "{column}");
            }
            if column == "hash" {
                assert_eq!(report.problems, [Problem::HashChanged { seq: 4 }]);
            }
            stage.execute("DELETE FROM audit WHERE seq IN (4, 4000)").await;
            stage.execute("INSERT INTO audit SELECT * FROM kept").await;
            stage.execute("DROP TABLE kept").await;
            assert!(stage.verify().await.is_intact());
        }
    }
}

on_both! {
    async fn a_removed_row(stage: Stage) {
        ten_rows(&stage).await;
        stage.execute("DELETE FROM audit WHERE seq IN (3, 4)").await;
        assert_eq!(stage.verify().await.problems, [Problem::Missing { from: 3, to: 4 }]);
    }
}

on_both! {
    async fn a_removed_row_with_the_others_moved_up(stage: Stage) {
        ten_rows(&stage).await;
        stage.execute("DELETE FROM audit WHERE seq = 4").await;
        for seq in 5..=10 {
            stage.execute(&format!("UPDATE audit SET seq = {} WHERE seq = {seq}", seq - 1)).await;
        }
        let report = stage.verify().await;
        assert!(report.problems.contains(&Problem::Changed { seq: 4 }), "{report}");
        assert!(report.problems.iter().any(|p| matches!(p, Problem::CutOff { last: 9, signed: 10, .. })), "{report}");
    }
}

on_both! {
    async fn two_rows_that_changed_places(stage: Stage) {
        ten_rows(&stage).await;
        for (from, to) in [(6, 600), (7, 6), (600, 7)] {
            stage.execute(&format!("UPDATE audit SET seq = {to} WHERE seq = {from}")).await;
        }
        let report = stage.verify().await;
        assert!(report.problems.contains(&Problem::Changed { seq: 6 }), "{report}");
        assert!(report.problems.contains(&Problem::Changed { seq: 7 }), "{report}");
    }
}

on_both! {
    async fn a_row_that_was_put_in(stage: Stage) {
        ten_rows(&stage).await;
        stage.execute("DELETE FROM audit WHERE seq = 8").await;
        stage.execute("INSERT INTO audit SELECT 8, time, actor_id, 'ben', credential_kind, credential_id, address, \
            request_id, action, object_kind, object_id, object_name, organization, result, intent, detail, hash \
            FROM audit WHERE seq = 7").await;
        assert!(stage.verify().await.problems.contains(&Problem::Changed { seq: 8 }));
    }
}

on_both! {
    async fn an_end_that_was_cut_off_with_its_marks(stage: Stage) {
        ten_rows(&stage).await;
        stage.execute("DELETE FROM audit WHERE seq > 7").await;
        stage.execute("DELETE FROM audit_marks").await;
        let report = stage.verify().await;
        assert!(matches!(report.problems[..], [Problem::CutOff { last: 7, signed: 10, .. }]), "{report}");
    }
}

on_both! {
    async fn a_table_that_was_emptied(stage: Stage) {
        ten_rows(&stage).await;
        stage.execute("DELETE FROM audit").await;
        stage.execute("DELETE FROM audit_marks").await;
        let report = stage.verify().await;
        assert!(matches!(report.problems[..], [Problem::CutOff { last: 0, signed: 10, .. }]), "{report}");
    }
}

on_both! {
    async fn everything_written_anew_without_the_key(stage: Stage) {
        ten_rows(&stage).await;
        stage.execute("DELETE FROM audit").await;
        stage.execute("DELETE FROM audit_marks").await;
        // The chain itself is made as we make it: no key is needed for that.
        let forged: Vec<Entry> = (1..=12)
            .map(|n| Entry::new(at(n), ActorRef::nobody("ben"), "x", Object::default(), Outcome::Ok))
            .collect();
        crate::change!(stage.store, |w| w.audit_append_all(&forged));
        let report = stage.verify().await;
        assert!(report.problems.iter().any(|p| matches!(p, Problem::Rewritten { seq: 5, .. })), "{report}");
        assert!(report.problems.iter().any(|p| matches!(p, Problem::Rewritten { seq: 10, .. })), "{report}");
    }
}

on_both! {
    async fn marks_that_were_signed_with_another_key(stage: Stage) {
        ten_rows(&stage).await;
        let theirs = tempfile::tempdir().unwrap();
        let files = csoc_store::AuditFiles::in_folder(theirs.path());
        stage.execute("DELETE FROM audit_marks").await;
        let (log, writer) = csoc_store::AuditLog::open(&stage.store, files.clone(), crate::stage::options()).await.unwrap();
        let writer = tokio::spawn(writer.run());
        log.append(did(11)).await.unwrap();
        log.close().await;
        writer.await.unwrap();
        let report = stage.verify().await;
        assert!(report.problems.iter().any(|p| matches!(p, Problem::NotTrusted { seq: 11, .. })), "{report}");
        // Unless that key is known to us: a second replica's.
        let known = files.load_key().unwrap().public();
        let report = stage.store.audit_verify(&stage.files(), &[known]).await.unwrap().report;
        assert!(report.is_intact() && report.unsigned_rows() == 0, "{report}");
    }
}

on_both! {
    async fn a_mark_that_was_changed(stage: Stage) {
        ten_rows(&stage).await;
        stage.execute("UPDATE audit_marks SET seq = 9 WHERE seq = 10").await;
        assert!(matches!(stage.verify().await.problems[..], [Problem::NotTrusted { seq: 9, .. }]));
        let anchors = stage.files().anchors;
        let text = std::fs::read_to_string(&anchors).unwrap().replace("\"seq\":10", "\"seq\":9");
        std::fs::write(&anchors, text).unwrap();
        assert_eq!(stage.verify().await.problem_count, 2);
        std::fs::write(&anchors, "nonsense\n").unwrap();
        assert!(stage.verify().await.to_string().contains("line 1 of the anchors file is not a mark"));
    }
}

on_both! {
    async fn rows_without_any_mark_are_not_called_proven(stage: Stage) {
        ten_rows(&stage).await;
        stage.execute("DELETE FROM audit_marks").await;
        std::fs::remove_file(stage.files().anchors).unwrap();
        assert_eq!(stage.verify().await.problems, [Problem::NoMarks]);
    }
}

on_both! {
    async fn what_is_newer_than_the_last_mark_is_said_to_be_unproven(stage: Stage) {
        ten_rows(&stage).await;
        crate::change!(stage.store, |w| w.audit_append(&did(11)));
        let report = stage.verify().await;
        assert!(report.is_intact() && report.unsigned_rows() == 1, "{report}");
        assert!(report.to_string().contains("1 newer rows hang together"), "{report}");
    }
}

on_both! {
    async fn the_writer_does_not_sign_what_was_changed_under_it(stage: Stage) {
        let audit = stage.audit().await;
        audit.log.append(did(1)).await.unwrap();
        let hash = stage.bytes_literal(&[9; 32]);
        stage.execute(&format!("UPDATE audit SET actor_name = 'ben', hash = {hash} WHERE seq = 1")).await;
        let refused = audit.log.checkpoint().await.unwrap_err();
        assert!(refused.to_string().contains("row 1 was changed"), "{refused}");
        assert!(audit.log.status().checkpoint_error.is_some());
        audit.close().await;
    }
}

on_both! {
    async fn a_lost_key_is_not_replaced_silently(stage: Stage) {
        ten_rows(&stage).await;
        std::fs::remove_file(stage.files().key).unwrap();
        let refused = csoc_store::AuditLog::open(&stage.store, stage.files(), crate::stage::options()).await.err().unwrap();
        assert!(refused.to_string().contains("their key"), "{refused}");
    }
}

#[tokio::test]
async fn a_byte_flipped_in_the_file_itself() {
    const MARK: &[u8] = b"flip-this-name";
    let stage = crate::stage::sqlite().await;
    let audit = stage.audit().await;
    for n in 1..=30 {
        let mut entry = did(n);
        entry.object.name = (n == 20).then(|| String::from_utf8(MARK.to_vec()).unwrap());
        audit.log.append(entry).await.unwrap();
    }
    audit.close().await;
    let files = stage.files();
    let Stage { store, url, folder } = stage;
    store.close().await;
    drop(store);
    let path = folder.path().join("csoc.db");
    let good = std::fs::read(&path).unwrap();
    let place = good.windows(MARK.len()).position(|bytes| bytes == MARK).unwrap();
    // Another letter, the other case, a byte that is no text at all; and one letter of the action before it.
    for (at, flip) in [(place, 0x01), (place + 3, 0x20), (place + 5, 0xff), (place - 30, 0x01)] {
        let mut bad = good.clone();
        bad[at] ^= flip;
        std::fs::write(&path, bad).unwrap();
        let store = csoc_store::Store::open(&url, csoc_store::Options::read()).await.unwrap();
        let report = store.audit_verify(&files, &[]).await.unwrap().report;
        assert!(!report.is_intact() && report.problem_count <= 2, "{report}");
        assert!(report.to_string().contains("row 20 "), "{report}");
        store.close().await;
    }
}
