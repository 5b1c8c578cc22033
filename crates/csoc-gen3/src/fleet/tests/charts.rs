//! What a chart at hand changes.

use super::*;

/// An umbrella of four subcharts, as a tree of its own.
fn umbrella() -> MemoryTree {
    let subchart = |name: &str, rest: &str| {
        (format!("helm/{name}/Chart.yaml"), format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n{rest}"))
    };
    let dependency = |name: &str, condition: &str| {
        format!("  - name: {name}\n    version: 0.1.0\n    repository: file://../{name}\n{condition}")
    };
    let on = |name: &str| dependency(name, &format!("    condition: {name}.enabled\n"));
    let chart = format!(
        "apiVersion: v2\nname: gen3\nversion: 0.0.0\ndependencies:\n{}{}{}{}{}",
        on("fence"),
        on("etl"),
        dependency("funnel", "    condition: gen3-workflow.enabled\n"),
        on("brand-new"),
        dependency("common", ""),
    );
    let values =
        "fence: {enabled: true}\netl: {enabled: false}\ngen3-workflow: {enabled: false}\nbrand-new: {enabled: true}\n";
    let mut files = vec![
        ("helm/gen3/Chart.yaml".to_owned(), chart),
        ("helm/gen3/values.yaml".into(), values.into()),
        ("helm/fence/values.yaml".into(), "image: {repository: quay.io/cdis/fence, tag: \"\"}\n".into()),
        ("helm/brand-new/values.yaml".into(), "image: {repository: quay.io/cdis/brand-new, tag: v1.0.0}\n".into()),
    ];
    files.push(subchart("fence", "appVersion: \"2026.05\"\n"));
    files.push(subchart("etl", ""));
    files.push(subchart("funnel", "appVersion: v0.11\n"));
    files.push(subchart("brand-new", ""));
    files.push(subchart("common", "type: library\n"));
    MemoryTree::new(files)
}

/// The umbrella at `master`, and nothing else.
struct OneChart(Arc<MemoryTree>);

impl Charts for OneChart {
    fn find(&self, repository: &str, path: &str, revision: &str) -> Option<ChartPlace> {
        let known = repository.ends_with("gen3-helm") && revision == "master";
        known.then(|| ChartPlace { tree: self.0.clone(), folder: path.into(), name: "gen3-helm@0123abcd".into() })
    }
}

fn read_with_chart(values_text: &str) -> FleetReading {
    let app = app("x", &["$values/p/a.org/values/values.yaml"]);
    let text = values("a.org", values_text);
    let tree = MemoryTree::new([("p/a.org/templates/app.yaml", &app), ("p/a.org/values/values.yaml", &text)]);
    let charts = OneChart(Arc::new(umbrella()));
    read(&tree, &ReadContext { charts: Some(&charts), ..ReadContext::default() }, &mut Cache::default())
}

#[test]
fn the_chart_decides_what_runs_and_with_which_tag() {
    let reading = read_with_chart("funnel: {image: {tag: mine}}\n");
    let a = commons(&reading, "p/a.org");
    let shown: Vec<_> = a.services.iter().map(|s| (&*s.service, s.enabled)).collect();
    assert_eq!(shown, [("fence", true), ("funnel", false), ("brand-new", true)], "etl is off and nobody mentions it");
    let fence = service(a, "fence");
    assert_eq!(fence.reason, EnabledReason::ChartDefault { path: "fence.enabled".into() });
    assert_eq!((&*fence.images[0].tag, fence.images[0].tag_origin), ("2026.05", Origin::ChartDefault));
    let new = &service(a, "brand-new").images[0];
    assert_eq!((&*new.repository, &*new.tag), ("quay.io/cdis/brand-new", "v1.0.0"), "unknown to the catalogue");
    assert!(a.charted.is_some());
}

#[test]
fn what_the_values_say_goes_over_the_chart_and_keeps_its_place() {
    let reading = read_with_chart("fence:\n  image:\n    tag: \"2026.04\"\netl:\n  enabled: true\n");
    let a = commons(&reading, "p/a.org");
    let image = &service(a, "fence").images[0];
    let Origin::Said(mark) = image.tag_origin else { panic!("{image:?}") };
    assert_eq!(
        (&*image.tag, &**reading.files.path(mark.file), mark.line),
        ("2026.04", "p/a.org/values/values.yaml", 5)
    );
    assert_eq!(image.repository_origin, Origin::ChartDefault);
    assert!(matches!(&service(a, "etl").reason, EnabledReason::Values { path, .. } if path == "etl.enabled"));
}

#[test]
fn a_chart_that_cannot_be_read_is_said_and_the_catalogue_answers() {
    let app = app("x", &["$values/p/a.org/values/values.yaml"]);
    let text = values("a.org", "");
    let tree = MemoryTree::new([("p/a.org/templates/app.yaml", &app), ("p/a.org/values/values.yaml", &text)]);
    let charts = OneChart(Arc::new(MemoryTree::new([("helm/gen3/Chart.yaml", "a: [")])));
    let context = ReadContext { charts: Some(&charts), ..ReadContext::default() };
    let reading = read(&tree, &context, &mut Cache::default());
    assert!(reading.unread[0].reason.starts_with("the chart cannot be read"), "{:?}", reading.unread);
    let etl = service(commons(&reading, "p/a.org"), "etl");
    assert!(matches!(etl.reason, EnabledReason::Assumed { .. }));
}

#[test]
fn another_commit_of_the_chart_is_another_answer() {
    struct Newest(std::sync::Mutex<(Arc<MemoryTree>, &'static str)>);
    impl Charts for Newest {
        fn find(&self, _: &str, path: &str, _: &str) -> Option<ChartPlace> {
            let newest = self.0.lock().expect("one thread");
            Some(ChartPlace { tree: newest.0.clone(), folder: path.into(), name: newest.1.into() })
        }
    }
    let app = app("x", &["$values/p/a.org/values/values.yaml"]);
    let text = values("a.org", "");
    let tree = MemoryTree::new([("p/a.org/templates/app.yaml", &app), ("p/a.org/values/values.yaml", &text)]);
    let charts = Newest(std::sync::Mutex::new((Arc::new(umbrella()), "gen3-helm@1")));
    let context = ReadContext { charts: Some(&charts), ..ReadContext::default() };
    let mut cache = Cache::default();
    let before = read(&tree, &context, &mut cache);
    let again = read(&tree, &context, &mut cache);
    assert!(Arc::ptr_eq(&before.commons[0], &again.commons[0]));
    let mut moved = umbrella();
    moved.insert("helm/fence/Chart.yaml", b"apiVersion: v2\nname: fence\nversion: 0.1.0\nappVersion: \"2026.06\"\n");
    *charts.0.lock().expect("one thread") = (Arc::new(moved), "gen3-helm@2");
    let after = read(&tree, &context, &mut cache);
    assert_eq!(&*service(commons(&after, "p/a.org"), "fence").images[0].tag, "2026.06");
}

#[test]
fn a_chart_in_the_repository_itself_is_at_hand() {
    let app =
        app("x", &["$values/p/a.org/values/values.yaml"]).replace("https://github.com/uc-cdis/gen3-helm", FLEET_URL);
    let text = values("a.org", "");
    let mut tree = umbrella();
    tree.insert("p/a.org/templates/app.yaml", app.as_bytes());
    tree.insert("p/a.org/values/values.yaml", text.as_bytes());
    let reading = read_tree(&tree);
    let a = commons(&reading, "p/a.org");
    assert_eq!(&*service(a, "fence").images[0].tag, "2026.05");
    assert_eq!(reading.commons.len(), 1);
}

#[test]
fn parameters_go_over_everything() {
    let app = app("x", &["$values/p/a.org/values/values.yaml"]).replace(
        "        valueFiles:",
        "        parameters:\n          - {name: fence.image.tag, value: $ARGOCD_APP_NAME-1}\n        \
         fileParameters:\n          - {name: global.hostname, path: host.txt}\n        valueFiles:",
    );
    let text = values("a.org", "fence: {image: {tag: \"2026.04\"}}\n");
    let here = app.replace("repoURL: https://github.com/uc-cdis/gen3-helm", &format!("repoURL: {FLEET_URL}"));
    let files = [
        ("p/a.org/templates/app.yaml", &*here),
        ("p/a.org/values/values.yaml", &*text),
        ("helm/gen3/host.txt", "b.org"),
    ];
    let reading = read_files(&files);
    let a = commons(&reading, "p/a.org");
    assert_eq!(&*service(a, "fence").images[0].tag, "x-1");
    assert_eq!(a.hostname.as_ref().map(|said| &*said.value), Some("b.org"));

    let elsewhere = [("p/a.org/templates/app.yaml", &*app), ("p/a.org/values/values.yaml", &*text)];
    let reading = read_files(&elsewhere);
    assert!(
        matches!(commons(&reading, "p/a.org").state, ReadingState::Unknown(_)),
        "that file is in the chart's repository"
    );
}

#[test]
fn patterns_are_expanded_as_argo_cd_does() {
    let app = app("x", &["$values/p/a.org/values/*.yaml", "$values/p/a.org/values/a.yaml"]);
    let (first, second) = (values("a.org", "fence: {image: {tag: v1.0}}\n"), "fence: {image: {tag: v2.0}}\n");
    let files =
        [("p/a.org/templates/app.yaml", &*app), ("p/a.org/values/a.yaml", &*first), ("p/a.org/values/b.yaml", second)];
    let reading = read_files(&files);
    let a = commons(&reading, "p/a.org");
    let order: Vec<_> = a.value_files.iter().filter_map(|file| file.path.as_deref()).collect();
    assert_eq!(order, ["p/a.org/values/b.yaml", "p/a.org/values/a.yaml"], "what is written out keeps its place");
    assert_eq!(&*service(a, "fence").images[0].tag, "v1.0");
}
