//! Commons, landings, findings, waivers, snapshots.

use csoc_core::access::Visible;
use csoc_core::commons::claims::Strength;
use csoc_core::finding::Severity;
use csoc_core::{FindingId, OrganizationId, SourceId};
use csoc_store::{
    FindingFilter, FindingSort, FindingState, Found, LandingFilter, NewClaim, NewCommons, NewLanding, NewWaiver,
    PageRequest, Seq, Since, Snapshot, StoreError, WaiverScope,
};

use crate::stage::{Stage, at, only};
use crate::{change, on_both};

fn commons(organization: OrganizationId, name: &str) -> NewCommons {
    NewCommons { organization, hostname: Some(name.into()), name: name.into() }
}

fn landing(source: SourceId, seq: i64) -> NewLanding {
    NewLanding {
        source,
        commit: format!("{seq:040x}"),
        seq: Seq::Own(seq),
        time: at(seq / 2),
        author: if seq % 2 == 0 { "Ana" } else { "Ben" }.into(),
        title: format!("change {seq}"),
        pull_request: Some(seq),
        class: if seq % 3 == 0 { "infra" } else { "version_bump" }.into(),
        summary: serde_json::json!({ "files": seq }),
        detail: format!("{{\"items\":{:?}}}", vec![seq; 20_000]).into_bytes(),
        words: vec![("service", if seq % 2 == 0 { "fence" } else { "indexd" }.into()), ("tag", "2026.07".into())],
    }
}

fn found(source: SourceId, n: u32) -> Found {
    Found {
        source,
        commons: None,
        cluster: None,
        rule: if n.is_multiple_of(2) { "duplicate-key" } else { "mangled-number" }.into(),
        severity: Severity::ALL[n as usize % 5],
        fingerprint: format!("f{n}"),
        path: format!("cluster/commons-{n}/values.yaml"),
        line: n,
        column: 1,
        message: format!("the key fence.{n} stands twice"),
        help: "remove one".into(),
    }
}

async fn stage_with_source(stage: &Stage, name: &str) -> (OrganizationId, SourceId) {
    let organization = stage.organization(name).await;
    (organization, stage.source(organization).await)
}

on_both! {
    async fn a_claim_cannot_reach_into_another_organization(stage: Stage) {
        let (north, ours) = stage_with_source(&stage, "north").await;
        let (south, theirs) = stage_with_source(&stage, "south").await;
        let id = change!(stage.store, |w| w.commons_insert(&commons(north, "data.example.org"), at(0)));
        let claim = |source| NewClaim {
            commons: id, source, folder: "c/data".into(), application: None, cluster: Some("c".into()), hostname: None,
            strength: Strength::Values, contested: true,
        };
        let mut write = stage.store.write().await.unwrap();
        assert!(write.claim_insert(&claim(theirs), at(0)).await.unwrap_err().is_not_found());
        write.rollback().await.unwrap();
        let made = change!(stage.store, |w| w.claim_insert(&claim(ours), at(1)));
        let claims = stage.store.claim_list(&only(north), Some(id)).await.unwrap();
        assert_eq!((claims[0].strength, claims[0].contested), (Some(Strength::Values), true));
        change!(stage.store, |w| w.claim_set_strength(made, Strength::Manifest));
        change!(stage.store, |w| w.claim_seen_all(ours, at(5)));
        change!(stage.store, |w| w.claim_set_gone(made, Some(at(6))));
        let claims = stage.store.claim_list(&only(north), Some(id)).await.unwrap();
        assert_eq!((claims[0].last_seen_at, claims[0].gone_at), (at(5), Some(at(6))));
        assert_eq!(claims[0].strength, Some(Strength::Manifest));
        assert!(stage.store.claim_list(&only(south), Some(id)).await.unwrap().is_empty());
        assert!(stage.store.commons_fetch(&only(south), id).await.unwrap().is_none());
    }
}

on_both! {
    async fn two_commons_become_one_when_a_person_says_so(stage: Stage) {
        let (north, source) = stage_with_source(&stage, "north").await;
        let south = stage.organization("south").await;
        let a = change!(stage.store, |w| w.commons_insert(&commons(north, "a"), at(0)));
        let b = change!(stage.store, |w| w.commons_insert(&commons(north, "b"), at(0)));
        let foreign = change!(stage.store, |w| w.commons_insert(&commons(south, "c"), at(0)));
        let mut new = landing(source, 1);
        new.words = vec![("commons", a.to_string())];
        change!(stage.store, |w| w.landing_put(new));
        change!(stage.store, |w| w.commons_merge(a, b, at(9)));
        let gone = stage.store.commons_fetch(&Visible::All, a).await.unwrap().unwrap();
        assert_eq!((gone.merged_into, gone.gone_at), (Some(b), Some(at(9))));
        let of_b = LandingFilter { words: vec![("commons".into(), vec![b.to_string()])], ..LandingFilter::default() };
        assert_eq!(stage.store.landing_count(&Visible::All, &of_b).await.unwrap(), 1);
        let mut write = stage.store.write().await.unwrap();
        assert!(write.commons_merge(b, foreign, at(9)).await.unwrap_err().is_not_found(), "another's");
    }
}

on_both! {
    async fn a_conflict_ends_with_a_decision_that_is_kept(stage: Stage) {
        let (north, _) = stage_with_source(&stage, "north").await;
        let id = change!(stage.store, |w| w.conflict_insert(north, "x.org", &serde_json::json!({"n": 2}), at(0)));
        change!(stage.store, |w| w.conflict_decide(id, &serde_json::json!({"decision": "same"}), at(4)));
        let kept = stage.store.conflict_fetch(&only(north), id).await.unwrap().unwrap();
        assert_eq!((kept.ended_at, kept.decision.unwrap()["decision"].as_str()), (Some(at(4)), Some("same")));
    }
}

on_both! {
    async fn a_cluster_that_comes_back_keeps_its_id(stage: Stage) {
        let (north, source) = stage_with_source(&stage, "north").await;
        let id = change!(stage.store, |w| w.cluster_put(source, "healprod", "healprod", at(0)));
        change!(stage.store, |w| w.cluster_set_gone(id, Some(at(1))));
        assert_eq!(change!(stage.store, |w| w.cluster_put(source, "healprod", "heal", at(2))), id);
        let cluster = stage.store.cluster_fetch(&only(north), id).await.unwrap().unwrap();
        assert_eq!((cluster.name.as_str(), cluster.gone_at, cluster.first_seen_at), ("heal", None, at(0)));
        change!(stage.store, |w| w.source_delete(source));
        assert_eq!(stage.store.cluster_fetch(&only(north), id).await.unwrap().unwrap().source, None);
    }
}

on_both! {
    async fn landings_are_paged_newest_first_and_filtered(stage: Stage) {
        let (north, source) = stage_with_source(&stage, "north").await;
        let (south, other) = stage_with_source(&stage, "south").await;
        change!(stage.store, |w| async {
            for seq in 1..=9 { w.landing_put(landing(source, seq)).await?; }
            w.landing_put(landing(other, 1)).await
        });
        let (mut seen, mut page) = (Vec::new(), PageRequest::first(2));
        loop {
            let got = stage.store.landing_page(&only(north), &LandingFilter::default(), &page).await.unwrap();
            seen.extend(got.items.iter().map(|l| l.seq));
            let Some(next) = got.next else { break };
            page.after = Some(next);
        }
        // Two of them share each second.
        assert_eq!(seen, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
        let count = async |filter: LandingFilter| stage.store.landing_count(&only(north), &filter).await.unwrap();
        let any = LandingFilter::default;
        let fence = vec![("service".to_owned(), vec!["fence".to_owned()])];
        assert_eq!(count(LandingFilter { words: fence.clone(), ..any() }).await, 4);
        assert_eq!(count(LandingFilter { without_words: fence, ..any() }).await, 5);
        assert_eq!(count(LandingFilter { classes: vec!["infra".into()], ..any() }).await, 3);
        assert_eq!(count(LandingFilter { author: Some("ben".into()), ..any() }).await, 5);
        assert_eq!(count(LandingFilter { text: Some("CHANGE 7".into()), ..any() }).await, 1);
        assert_eq!(count(LandingFilter { since: Some(at(4)), ..any() }).await, 2);
        let classes = stage.store.landing_count_by_class(&only(south), &any()).await.unwrap();
        assert_eq!(classes.into_iter().collect::<Vec<_>>(), [("version_bump".to_owned(), 1)]);
    }
}

on_both! {
    async fn a_landing_is_read_whole_and_forgotten_when_history_is_rewritten(stage: Stage) {
        let (north, source) = stage_with_source(&stage, "north").await;
        let first = change!(stage.store, |w| w.landing_put(landing(source, 1)));
        let second = change!(stage.store, |w| w.landing_put(landing(source, 2)));
        change!(stage.store, |w| w.landing_set_undone(first, second));
        let (got, detail) = stage.store.landing_fetch(&only(north), first).await.unwrap().unwrap();
        assert_eq!((detail, got.undone_by), (landing(source, 1).detail, Some(second)));
        assert_eq!(change!(stage.store, |w| w.landing_put(landing(source, 1))), first, "the same commit keeps its id");
        assert_eq!(stage.store.landing_last(source).await.unwrap().unwrap().seq, 2);
        assert_eq!(change!(stage.store, |w| w.landing_delete_after(source, 1)), 1);
        let (got, _) = stage.store.landing_fetch(&only(north), first).await.unwrap().unwrap();
        assert_eq!(got.undone_by, None);
    }
}

on_both! {
    async fn landings_of_a_chart_stand_beside_a_fleets_own_and_go_with_either(stage: Stage) {
        let (north, fleet) = stage_with_source(&stage, "north").await;
        let new = csoc_store::NewSource { kind: csoc_store::SourceKind::Chart, ..crate::stage::fleet(north, "charts") };
        let charts = change!(stage.store, |w| w.source_insert(&new, at(0)));
        let of_chart = |n: i64| NewLanding { seq: Seq::Chart(charts), commit: format!("c{n}"), ..landing(fleet, n) };
        change!(stage.store, |w| w.landing_put(landing(fleet, 1)));
        let first = change!(stage.store, |w| w.landing_put(of_chart(1)));
        change!(stage.store, |w| w.landing_put(of_chart(2)));
        assert_eq!(change!(stage.store, |w| w.landing_put(of_chart(1))), first, "the same commit keeps its id");
        let last = stage.store.landing_last(fleet).await.unwrap().unwrap();
        assert_eq!((last.seq, last.chart), (1, None), "the fleet's own line goes on by itself");
        let count = async |filter: LandingFilter| stage.store.landing_count(&Visible::All, &filter).await.unwrap();
        let of = |sources: &[SourceId]| LandingFilter { sources: sources.to_vec(), ..LandingFilter::default() };
        assert_eq!((count(of(&[fleet])).await, count(of(&[charts])).await), (3, 2));
        let without = LandingFilter { without_sources: vec![charts], ..LandingFilter::default() };
        let own = LandingFilter { chart: Some(false), ..LandingFilter::default() };
        assert_eq!((count(without).await, count(own).await), (1, 1));
        assert_eq!(change!(stage.store, |w| w.landing_keep_charts(fleet, &["c2".to_owned()])), 1);
        change!(stage.store, |w| w.source_delete(charts));
        assert_eq!(count(LandingFilter::default()).await, 1);
    }
}

on_both! {
    async fn a_finding_lives_and_comes_back(stage: Stage) {
        let (_, source) = stage_with_source(&stage, "north").await;
        let id = change!(stage.store, |w| w.finding_insert(&found(source, 3), "abc", at(1), at(1)));
        let twice = { stage.store.write().await.unwrap().finding_insert(&found(source, 3), "abc", at(1), at(1)).await };
        assert!(twice.unwrap_err().is_exists());
        change!(stage.store, |w| w.finding_seen_all(source, at(2)));
        change!(stage.store, |w| w.finding_update(id, &Found { line: 44, ..found(source, 3) }, at(3)));
        change!(stage.store, |w| w.finding_resolve(id, at(4)));
        change!(stage.store, |w| w.finding_seen_all(source, at(5)));
        change!(stage.store, |w| w.finding_reopen(id, at(6)));
        let all = stage.store.finding_list_of_source(source, at(7)).await.unwrap();
        assert_eq!((all[0].found.line, all[0].first_seen_at, all[0].last_seen_at), (44, at(1), at(6)));
        assert_eq!((all[0].reopened, all[0].state(), all[0].first_commit.as_str()), (1, FindingState::Open, "abc"));
    }
}

on_both! {
    async fn findings_are_sorted_filtered_and_counted(stage: Stage) {
        let (north, source) = stage_with_source(&stage, "north").await;
        let (south, _) = stage_with_source(&stage, "south").await;
        let name = change!(stage.store, |w| w.commons_insert(&commons(north, "a.org"), at(0)));
        let mut ids: Vec<FindingId> = Vec::new();
        for n in 0..10 {
            let commons = (n == 4).then_some(name);
            let found = Found { commons, ..found(source, n) };
            ids.push(change!(stage.store, |w| w.finding_insert(&found, "abc", at(n.into()), at(20))));
        }
        let all = FindingFilter::default;
        let lines = async |sort, size| {
            let (mut lines, mut page) = (Vec::new(), PageRequest::first(size));
            loop {
                let got = stage.store.finding_page(&only(north), &all(), sort, at(30), &page).await.unwrap();
                lines.extend(got.items.iter().map(|f| f.found.line));
                let Some(next) = got.next else { return lines };
                page.after = Some(next);
            }
        };
        assert_eq!(lines(FindingSort::Severity, 3).await, [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]);
        assert_eq!(lines(FindingSort::NewestFirst, 4).await, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
        assert_eq!(lines(FindingSort::Rule, 4).await, [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]);
        assert_eq!(lines(FindingSort::Commons, 4).await.last(), Some(&4));
        let count = async |visible: &Visible, filter: FindingFilter| {
            stage.store.finding_count(visible, &filter, at(30)).await.unwrap()
        };
        assert_eq!(count(&only(north), FindingFilter { severities: vec![Severity::Critical, Severity::Info], ..all() }).await, 4);
        assert_eq!(count(&only(north), FindingFilter { commons: Some(vec![name]), ..all() }).await, 1);
        assert_eq!(count(&only(north), FindingFilter { commons: Some(vec![]), ..all() }).await, 0);
        assert_eq!(count(&only(north), FindingFilter { text: Some("commons-7".into()), ..all() }).await, 1);
        assert_eq!(count(&only(south), all()).await, 0);
        assert!(stage.store.finding_fetch(&only(south), ids[0], at(30)).await.unwrap().is_none());
        let rules = stage.store.finding_count_by_rule(&only(north), &all(), at(30)).await.unwrap();
        assert_eq!((rules["duplicate-key"], rules["mangled-number"]), (5, 5));
        let wrong = stage.store.finding_page(&only(north), &all(), FindingSort::Rule, at(30), &PageRequest::first(2)).await.unwrap();
        let mixed = PageRequest { after: wrong.next, limit: 2 };
        let refused = stage.store.finding_page(&only(north), &all(), FindingSort::Path, at(30), &mixed).await.unwrap_err();
        assert!(matches!(refused, StoreError::Cursor), "a cursor of another order");
    }
}

on_both! {
    async fn a_waiver_holds_until_its_day(stage: Stage) {
        let (north, source) = stage_with_source(&stage, "north").await;
        let (_, foreign_source) = stage_with_source(&stage, "south").await;
        let ana = stage.person("ana").await;
        let ours = change!(stage.store, |w| w.finding_insert(&found(source, 1), "abc", at(0), at(0)));
        let foreign = change!(stage.store, |w| w.finding_insert(&found(foreign_source, 1), "abc", at(0), at(0)));
        let new = NewWaiver {
            organization: north, scope: WaiverScope::Findings(vec![ours, foreign]), reason: "until the move".into(),
            person: ana, person_name: "ana".into(), until: at(10),
        };
        let (id, covered) = change!(stage.store, |w| w.waiver_insert(&new, at(1)));
        assert_eq!((covered, stage.store.waiver_findings(&only(north), id).await.unwrap()), (1, vec![ours]));
        let state = async |now| {
            let found = stage.store.finding_fetch(&Visible::All, ours, at(now)).await.unwrap().unwrap();
            for state in [FindingState::Open, FindingState::Waived] {
                let filter = FindingFilter { states: vec![state], sources: vec![source], ..FindingFilter::default() };
                let count = stage.store.finding_count(&Visible::All, &filter, at(now)).await.unwrap();
                assert_eq!(count == 1, found.state() == state);
            }
            found.state()
        };
        assert_eq!((state(9).await, state(10).await), (FindingState::Waived, FindingState::Open));
        assert!(change!(stage.store, |w| w.waiver_revoke(id, "ben", at(5))));
        assert_eq!(state(9).await, FindingState::Open);
        assert_eq!(stage.store.waiver_list(&only(north)).await.unwrap()[0].revoked_by.as_deref(), Some("ben"));
    }
}

on_both! {
    async fn a_waiver_of_a_rule_covers_what_comes_later(stage: Stage) {
        let (north, source) = stage_with_source(&stage, "north").await;
        let ana = stage.person("ana").await;
        let here = change!(stage.store, |w| w.commons_insert(&commons(north, "a"), at(0)));
        let new = NewWaiver {
            organization: north, scope: WaiverScope::Rule { rule: "mangled-number".into(), commons: Some(here) },
            reason: "known".into(), person: ana, person_name: "ana".into(), until: at(10),
        };
        change!(stage.store, |w| w.waiver_insert(&new, at(1)));
        for (n, commons) in [(1, Some(here)), (3, None), (4, Some(here))] {
            change!(stage.store, |w| w.finding_insert(&Found { commons, ..found(source, n) }, "abc", at(2), at(2)));
        }
        let waived = FindingFilter { states: vec![FindingState::Waived], ..FindingFilter::default() };
        let got = stage.store.finding_page(&Visible::All, &waived, FindingSort::Rule, at(5), &PageRequest::default()).await;
        assert_eq!(got.unwrap().items.iter().map(|f| f.found.line).collect::<Vec<_>>(), [1]);
    }
}

on_both! {
    async fn a_snapshot_is_replaced_and_comes_back_whole(stage: Stage) {
        let (_, source) = stage_with_source(&stage, "north").await;
        for (n, size) in [(1, 10), (2, 3_000_000), (3, 0)] {
            let content: Vec<u8> = (0..size).map(|b: u32| (b % 251) as u8).collect();
            let snapshot = Snapshot { source, kind: "fleet.1".into(), taken_at: at(n), commit: "abc".into(), content };
            change!(stage.store, |w| w.snapshot_put(snapshot.clone()));
            assert_eq!(stage.store.snapshot_fetch(source, "fleet.1").await.unwrap().unwrap(), snapshot);
        }
        assert!(stage.store.snapshot_fetch(source, "fleet.2").await.unwrap().is_none());
    }
}

on_both! {
    async fn a_finding_keeps_its_life_under_another_name_and_knows_who_wrote_its_line(stage: Stage) {
        let (north, source) = stage_with_source(&stage, "north").await;
        let root = stage.person("root").await;
        let a = change!(stage.store, |w| w.finding_insert(&found(source, 1), "c1", at(0), at(0)));
        let b = change!(stage.store, |w| w.finding_insert(&found(source, 2), "c1", at(0), at(0)));
        let waiver = NewWaiver {
            organization: north, scope: WaiverScope::Findings(vec![a]), reason: "planned".into(), person: root,
            person_name: "root".into(), until: at(100),
        };
        change!(stage.store, |w| w.waiver_insert(&waiver, at(1)));
        change!(stage.store, |w| w.finding_rename(a, "f9"));
        let since = Since { at: at(-50), commit: "c0".into(), by: "Ana".into(), blob: "b".into() };
        change!(stage.store, |w| w.finding_set_since(a, &since));
        let kept = stage.store.finding_fetch(&only(north), a, at(2)).await.unwrap().unwrap();
        assert_eq!((kept.found.fingerprint.as_str(), kept.since.clone(), kept.state()), ("f9", Some(since), FindingState::Waived));
        assert_eq!(change!(stage.store, |w| w.waiver_copy(a, b)), 1);
        assert_eq!(change!(stage.store, |w| w.waiver_copy(a, b)), 0, "once");
        let other = stage.store.finding_fetch(&only(north), b, at(2)).await.unwrap().unwrap();
        assert_eq!((other.since.clone(), other.state()), (None, FindingState::Waived));
        let mut write = stage.store.write().await.unwrap();
        assert!(write.finding_rename(b, "f9").await.unwrap_err().is_exists(), "a name belongs to one");
    }
}
