//! Readings are made by hand here: one file per commons, services by their `image.tag`.

use csoc_core::commons::Tier;
use serde_json::json;

use super::*;
use crate::fleet::{
    CommonsReading, EnabledReason, FleetReading, ImageReading, Layout, Origin, Proposed, ReadingState, Said,
    ServiceReading, ValueFile, ValueFileState,
};
use crate::redact::Redactor;
use crate::tag::TagClass;
use crate::yaml::{Entry, Kind, Mark, Node, Style};

pub(crate) fn node(value: &Value, mark: Mark) -> Node {
    let kind = match value {
        Value::Null => Kind::Null,
        Value::Bool(value) => Kind::Bool(*value),
        Value::Number(n) => n.as_i64().map_or_else(|| Kind::Float(n.as_f64().unwrap()), Kind::Int),
        Value::String(text) => Kind::Str(text.as_str().into()),
        Value::Array(items) => Kind::Seq(items.iter().map(|item| node(item, mark)).collect()),
        Value::Object(map) => Kind::map(
            map.iter()
                .map(|(key, value)| (key.as_str().into(), Entry { key_mark: mark, node: node(value, mark) }))
                .collect(),
        ),
    };
    Node { kind, mark, written: None, style: Style::Plain }
}

/// A fleet of commons given as (folder, values).
pub(crate) fn fleet(commons: &[(&str, Value)]) -> Arc<FleetReading> {
    let mut reading = FleetReading::default();
    let mut files = crate::yaml::Files::default();
    for (folder, values) in commons {
        let path: Arc<str> = format!("{folder}/values/values.yaml").into();
        let mark = Mark { file: files.intern(&path), line: 7, column: 3 };
        reading.commons.push(one(folder, values, &path, mark).into());
    }
    reading.files = files.into();
    Arc::new(reading)
}

fn one(folder: &str, values: &Value, path: &Arc<str>, mark: Mark) -> CommonsReading {
    let name: Arc<str> = folder.rsplit('/').next().unwrap().into();
    let hostname = values["global"]["hostname"].as_str().map(|h| Said { value: h.into(), at: Some(mark) });
    CommonsReading {
        folder: (*folder).into(),
        application: Some(format!("gen3-{name}").into()),
        cluster: folder.split('/').next().map(Into::into),
        layout: Layout::Gen3Gitops,
        hostname,
        folder_hostname: Some(name),
        namespace: None,
        release_name: None,
        chart: None,
        charted: None,
        value_files: vec![ValueFile {
            written: path.clone(),
            path: Some(path.clone()),
            state: ValueFileState::Read,
            at: None,
        }],
        values: Some(Arc::new(node(values, mark))),
        services: services(values, mark),
        tier: Proposed { value: Tier::Production, why: String::new() },
        twin: None,
        organization: None,
        owners: vec![],
        account: None,
        environment: None,
        state: ReadingState::Readable,
        declared_at: None,
    }
}

fn services(values: &Value, mark: Mark) -> Vec<ServiceReading> {
    let services = values.as_object().unwrap().iter().filter(|(key, _)| *key != "global");
    services
        .map(|(key, value)| {
            let tag = value["image"]["tag"].as_str().unwrap_or("master");
            ServiceReading {
                service: key.as_str().into(),
                enabled: value["enabled"] != Value::Bool(false),
                reason: EnabledReason::Values { path: format!("{key}.enabled"), at: mark },
                images: vec![ImageReading {
                    component: None,
                    repository: format!("quay.io/cdis/{key}").into(),
                    tag: tag.into(),
                    tag_written: None,
                    tag_class: TagClass::of(tag),
                    repository_origin: Origin::Assumed,
                    tag_origin: Origin::Said(mark),
                }],
            }
        })
        .collect()
}

fn modified(path: &str) -> FileChange {
    FileChange { path: path.into(), kind: FileChangeKind::Modified }
}

pub(crate) fn commit(id: &str, hours: i64, message: &str) -> Commit {
    Commit {
        id: id.into(),
        time: jiff::Timestamp::from_second(1_750_000_000 + hours * 3600).unwrap(),
        author: "Ana".into(),
        merged_authors: vec![],
        message: message.into(),
    }
}

fn lines(items: &[ChangeItem]) -> Vec<String> {
    let show = |value: &Option<Value>| value.as_ref().map_or("-".into(), Value::to_string);
    items
        .iter()
        .map(|i| format!("{:?} {} {} > {} [{}]", i.kind, i.path, show(&i.before), show(&i.after), i.area.as_str()))
        .collect()
}

#[test]
fn a_landing_says_what_it_did_to_the_commons() {
    let before = fleet(&[
        ("a/one.org", json!({"fence": {"image": {"tag": "2026.04"}, "replicaCount": 2, "password": "old"}})),
        ("a/two.org", json!({"fence": {"image": {"tag": "2026.04"}}})),
    ]);
    let after = fleet(&[
        (
            "a/one.org",
            json!({
                "fence": {"image": {"tag": "2026.05"}, "replicaCount": 4, "password": "new"},
                "guppy": {"enabled": true},
            }),
        ),
        ("a/two.org", json!({"fence": {"image": {"tag": "2026.04"}}})),
    ]);
    let items = compare(&before, &after, &[modified("a/one.org/values/values.yaml")], &Redactor::default());
    assert_eq!(
        lines(&items),
        [
            r#"ServiceOn guppy.enabled false > true [service_on_off]"#,
            r#"Version fence.image.tag "2026.04" > "2026.05" [version_bump]"#,
            r#"Setting fence.replicaCount 2 > 4 [scaling]"#,
            r#"Setting fence.password "••••" > "••••" [fence]"#,
        ]
    );
    assert!(items.iter().all(|item| item.commons.as_deref() == Some("a/one.org")));
    assert_eq!(items[1].after_at, Some(Place { path: "a/one.org/values/values.yaml".into(), line: 7 }));
    assert_eq!(items[1].service.as_deref(), Some("fence"));
}

#[test]
fn a_tag_that_only_appears_replaces_what_ran_by_default() {
    let before = fleet(&[("a/one.org", json!({"fence": {"enabled": true}}))]);
    let after = fleet(&[("a/one.org", json!({"fence": {"enabled": true, "image": {"tag": "2026.05"}}}))]);
    let items = compare(&before, &after, &[], &Redactor::default());
    assert_eq!(lines(&items), [r#"Version fence.image.tag "master" > "2026.05" [version_bump]"#]);
}

#[test]
fn a_commons_that_moves_keeps_its_history() {
    let values = json!({"global": {"hostname": "one.org"}, "fence": {"image": {"tag": "2026.04"}}});
    let before = fleet(&[("a/one.org", values.clone())]);
    let after = fleet(&[("b/one.org", values.clone())]);
    let items = compare(&before, &after, &[modified("b/one.org/values/values.yaml")], &Redactor::default());
    assert_eq!(lines(&items), [r#"CommonsMoved  "a/one.org" > "b/one.org" [moved_commons]"#]);

    let both = fleet(&[("a/one.org", values.clone()), ("b/one.org", values)]);
    let items = compare(&before, &both, &[], &Redactor::default());
    assert_eq!(lines(&items), [r#"CommonsAdded  "a/one.org" > "b/one.org" [new_commons]"#]);
}

#[test]
fn files_without_changed_values_are_told_as_files() {
    let same = fleet(&[("a/one.org", json!({"fence": {}}))]);
    let files = ["a/one.org/values/values.yaml", "a/one.org/values/portal/gitops.json", "CODEOWNERS", "ci/x.yaml"];
    let items = compare(&same, &same, &files.map(modified), &Redactor::default());
    let areas: Vec<_> = items.iter().map(|item| item.area).collect();
    assert_eq!(areas, [Class::Format, Class::Portal, Class::Housekeeping, Class::Ci]);
}

#[test]
fn what_is_put_back_within_two_days_is_linked() {
    let with = |tag: &str| fleet(&[("a/one.org", json!({"fence": {"image": {"tag": tag}}}))]);
    let mut history = History::default();
    for (id, hours, tag, message) in [
        ("c0", 0, "2026.02", "Import"),
        ("c1", 10, "try-this", "Try a branch (#7)"),
        ("c2", 30, "2026.02", "back again"),
        ("c3", 40, "2026.03", "Release (#8)"),
        ("c4", 140, "2026.02", "Back to the old one"),
    ] {
        history.push(commit(id, hours, message), vec![], with(tag), &Redactor::default());
    }
    let [_, tried, back, release, late] = &history.landings[..] else { panic!() };
    assert_eq!((tried.pull_request, tried.class), (Some(7), Class::Version));
    assert_eq!(tried.summary(), "fence 2026.02 → try-this");
    let undo = tried.undone_by.as_ref().unwrap();
    assert_eq!((&*undo.commit, undo.how, undo.restored, undo.of, undo.hours), ("c2", UndoneHow::Restored, 1, 1, 20));
    assert_eq!(&*back.undoes[0].commit, "c1");
    assert_eq!((release.undone_by.as_ref(), late.undoes.len()), (None, 0), "a hundred hours are no slip");
}

#[test]
fn a_named_revert_is_one_whatever_the_values_say() {
    let same = fleet(&[("a/one.org", json!({"fence": {}}))]);
    let mut history = History::default();
    history.push(commit("0123456789abcdef", 0, "Raise limits (#1)"), vec![], same.clone(), &Redactor::default());
    let pushed = history.push(commit("c1", 2, "Revert 0123456"), vec![], same, &Redactor::default());
    assert_eq!(pushed.undone, [0]);
    assert_eq!(history.landings[1].class, Class::Revert);
    assert_eq!(history.landings[0].undone_by.as_ref().map(|u| u.how), Some(UndoneHow::Named));
}

#[test]
fn a_chart_that_moves_changes_its_followers() {
    let reading = fleet(&[("a/one.org", json!({"fence": {}, "guppy": {"enabled": false}}))]);
    let mut commons = CommonsReading::clone(&reading.commons[0]);
    commons.chart = Some(crate::fleet::ChartRef {
        repository: "https://example.org/charts".into(),
        path: "helm/gen3".into(),
        revision: "master".into(),
        revision_kind: crate::fleet::RevisionKind::Branch,
        at: None,
    });
    let tree = |memory: &str| node(&json!({"fence": {"memory": memory}, "guppy": {"memory": memory}}), Mark::default());
    let (old, new) = (tree("1Gi"), tree("2Gi"));
    let files = ["helm/fence/values.yaml", "helm/guppy/values.yaml", "helm/gen3/Chart.yaml"].map(modified);
    let follower = |computed| [Follower { before: &commons, commons: &commons, computed }];
    let known = chart_items(&follower(Some((&old, &new))), ("aaaa", "bbbb"), &files, &Redactor::default());
    assert_eq!(
        lines(&known),
        [r#"ChartDefault fence.memory "1Gi" > "2Gi" [chart]"#, r#"ChartMoved helm/gen3 "aaaa" > "bbbb" [chart]"#,]
    );
    let unknown = chart_items(&follower(None), ("aaaa", "bbbb"), &files, &Redactor::default());
    assert_eq!(
        lines(&unknown),
        [r#"ChartMoved helm/gen3 "aaaa" > "bbbb" [chart]"#, r#"ChartMoved helm/fence "aaaa" > "bbbb" [chart]"#,]
    );
}
