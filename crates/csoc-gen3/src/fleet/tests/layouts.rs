//! Every layout, and several in one repository.

use super::*;

#[test]
fn a_templated_application_is_unread_and_its_folder_a_commons_all_the_same() {
    let app = app("{{ .Values.name }}", &["$values/c/envs/{{ .Values.name }}/values/values.yaml"]);
    let text = values("one.dev.example.org", "");
    let reading = read_files(&[
        ("c/cluster-values/cluster-values.yaml", "cluster: c\n"),
        ("c/envs/one/Chart.yaml", "name: one\n"),
        ("c/envs/one/templates/app.yaml", &app),
        ("c/envs/one/templates/extra.yaml", &app.replace("helm/gen3", "helm/other")),
        ("c/envs/one/values.yaml", "name: one\n"),
        ("c/envs/one/values/values.yaml", &text),
    ]);
    let one = commons(&reading, "c/envs/one");
    assert_eq!((one.cluster.as_deref(), &one.state), (Some("c"), &ReadingState::Readable));
    assert_eq!(one.hostname.as_ref().map(|said| &*said.value), Some("one.dev.example.org"));
    let unread: Vec<_> = reading.unread.iter().map(|unread| (&*unread.path, unread.line)).collect();
    assert_eq!(unread, [("c/envs/one/templates/app.yaml", Some(4)), ("c/envs/one/templates/extra.yaml", Some(4))]);
    assert_eq!(reading.commons.len(), 1);
}

#[test]
fn the_style_without_templates_folder() {
    let text = values("m.org", "");
    let reading = read_files(&[
        ("ai/cluster-level-resources/cluster-values.yaml", "cluster: ai\naccountNumber: \"123456789012\"\n"),
        ("ai/m.org/app.yaml", &app("gen3-ai", &["$values/ai/m.org/values/values.yaml"])),
        ("ai/m.org/values/values.yaml", &text),
    ]);
    let m = commons(&reading, "ai/m.org");
    assert_eq!((m.cluster.as_deref(), m.layout), (Some("ai"), Layout::Gen3Gitops));
    assert_eq!(reading.clusters.len(), 1);
    assert_eq!(m.account.as_ref().map(|said| &*said.value), Some("123456789012"));
}

#[test]
fn a_manifest_names_its_services() {
    let manifest = r#"{"versions": {
        "fence": "quay.io/cdis/fence:2025.04", "presigned-url-fence": "quay.io/cdis/fence:2025.04",
        "tube": "quay.io/cdis/tube:2025.04", "spark": "registry:5000/cdis/gen3-spark",
        "audit-service": "quay.io/cdis/audit-service@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5",
        "pidgin": "quay.io/cdis/pidgin:2022.02"},
      "global": {"hostname": "old.example.org", "environment": "oldvpc",
        "revproxy_arn": "arn:aws:acm:us-east-1:123456789012:certificate/x"}}"#;
    let reading = read_files(&[
        ("old.example.org/manifest.json", manifest),
        ("old.example.org/step1/manifest.json", manifest),
        ("releases/2025/04/manifest.json", manifest),
        ("broken.example.org/manifest.json", r#"{"versions": {"#),
        ("readme.example.org/README.md", "nothing"),
    ]);
    let old = commons(&reading, "old.example.org");
    assert_eq!((old.layout, old.services.len()), (Layout::CdisManifest, 4));
    let shown: Vec<_> =
        old.services.iter().flat_map(|s| s.images.iter().map(move |i| (&*s.service, &*i.tag))).collect();
    let audit = ("audit", "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5");
    let expected =
        [("fence", "2025.04"), ("fence", "2025.04"), ("etl", "2025.04"), ("etl", ""), audit, ("pidgin", "2022.02")];
    assert_eq!(shown, expected);
    assert_eq!(old.account.as_ref().map(|said| &*said.value), Some("123456789012"));
    assert!(matches!(commons(&reading, "broken.example.org").state, ReadingState::Broken(_)));
    assert_eq!(codes(&reading), [IrregularityCode::BrokenJson]);
    assert_eq!(reading.commons.len(), 2);
}

#[test]
fn an_application_set_makes_a_commons_of_each_folder() {
    let set = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: all\nspec:\n  goTemplate: true\n  \
         generators:\n    - git:\n        repoURL: {FLEET_URL}\n        revision: HEAD\n        directories:\n          \
         - path: envs/*\n          - path: envs/old\n            exclude: true\n    - clusters: {{}}\n  template:\n    \
         metadata:\n      name: 'gen3-{{{{ .path.basename }}}}'\n    spec:\n      sources:\n        \
         - repoURL: https://helm.gen3.org\n          chart: gen3\n          targetRevision: 0.1.30\n          \
         helm:\n            valueFiles:\n              - $values/{{{{ .path.path }}}}/values.yaml\n        \
         - repoURL: {FLEET_URL}\n          ref: values\n      destination:\n        name: prod\n        \
         namespace: '{{{{ .path.basename }}}}'\n"
    );
    let (a, b) = (values("a.org", ""), values("b.org", ""));
    let files =
        [("apps/set.yaml", &*set), ("envs/a/values.yaml", &a), ("envs/b/values.yaml", &b), ("envs/old/x.yaml", "")];
    let reading = read_files(&files);
    let names: Vec<_> = reading.commons.iter().filter_map(|commons| commons.application.as_deref()).collect();
    assert_eq!(names, ["gen3-a", "gen3-b"]);
    let first = &reading.commons[0];
    assert_eq!((first.cluster.as_deref(), first.namespace.as_deref()), (Some("prod"), Some("a")));
    assert_eq!(first.hostname.as_ref().map(|said| &*said.value), Some("a.org"));
    assert_eq!(first.chart.as_ref().map(|chart| chart.revision_kind), Some(RevisionKind::Version));
    assert!(reading.unread[0].reason.contains("clusters generator"), "{:?}", reading.unread);
}

#[test]
fn values_in_the_application_itself_go_over_its_files() {
    let app = |inline: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: x\nspec:\n  source:\n    \
             repoURL: https://helm.gen3.org\n    chart: gen3\n    targetRevision: 0.1.30\n    helm:\n{inline}  \
             destination: {{server: https://10.0.0.1, namespace: x}}\n"
        )
    };
    let text =
        app("      values: |\n        global:\n          hostname: x.org\n        fence: {image: {tag: v2.0}}\n");
    let object = app("      valuesObject:\n        global:\n          hostname: x.org\n      values: 'a: b'\n");
    for inline in [text, object] {
        let reading = read_files(&[("argo/x.yaml", &inline)]);
        let x = &reading.commons[0];
        assert_eq!((x.cluster.as_deref(), &x.state), (Some("https://10.0.0.1"), &ReadingState::Readable));
        let hostname = x.hostname.as_ref().expect("a hostname");
        assert_eq!((&*hostname.value, hostname.at.map(|at| at.line)), ("x.org", Some(13)));
    }
    let broken = read_files(&[("argo/x.yaml", &app("      values: 'a: b: c'\n"))]);
    assert!(matches!(broken.commons[0].state, ReadingState::Broken(_)));
}

#[test]
fn several_applications_of_one_file_are_several_commons() {
    let both = format!("{}---\n{}", app("gen3-a", &["$values/v/a.yaml"]), app("gen3-b", &["$values/v/b.yaml"]));
    let (a, b) = (values("a.org", ""), values("b.org", ""));
    let reading = read_files(&[("argo/all.yaml", &both), ("v/a.yaml", &a), ("v/b.yaml", &b)]);
    let folders: Vec<_> = reading.commons.iter().map(|commons| &*commons.folder).collect();
    assert_eq!(folders, ["argo/all", "argo/all.yaml#gen3-b"]);
    assert!(reading.commons.iter().all(|commons| commons.layout == Layout::ArgoApplication));
    assert!(codes(&reading).is_empty(), "several documents are normal where Applications are declared");
}

#[test]
fn a_chart_of_ours_that_wraps_the_umbrella() {
    let app = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: acme\nspec:\n  source:\n    \
         repoURL: {FLEET_URL}\n    path: charts/acme\n    helm:\n      valueFiles: [prod.yaml]\n  \
         destination: {{namespace: acme}}\n"
    );
    let chart = "apiVersion: v2\nname: acme\ndependencies:\n  - name: gen3\n    repository: https://helm.gen3.org\n    \
                 version: ~0.1.0\n";
    let reading = read_files(&[
        ("argo/acme.yaml", &app),
        ("charts/acme/Chart.yaml", chart),
        ("charts/acme/values.yaml", "global: {hostname: acme.org}\ngen3:\n  fence:\n    image: {tag: \"2026.03\"}\n"),
        ("charts/acme/prod.yaml", "gen3:\n  fence:\n    image: {tag: \"2026.04\"}\n"),
    ]);
    let acme = &reading.commons[0];
    assert_eq!(acme.hostname.as_ref().map(|said| &*said.value), Some("acme.org"), "the parent's global counts");
    assert_eq!(&*service(acme, "fence").images[0].tag, "2026.04");
    let chart = acme.chart.as_ref().map(|chart| (&*chart.path, &*chart.revision, chart.revision_kind));
    assert_eq!(chart, Some(("gen3", "~0.1.0", RevisionKind::Branch)), "a range moves");
}

#[test]
fn folders_of_environments_without_an_application() {
    let text = values("acme.org", "fence: {image: {tag: \"2026.04\"}}\n");
    let reading = read_files(&[
        ("aws/prod/gen3/acme/values.yaml", &text),
        ("aws/prod/gen3/acme/fence.yaml", "fence: {image: {tag: \"2026.05\"}}\n"),
        ("aws/prod/gen3/acme/secret.yaml", "apiVersion: v1\nkind: Secret\n"),
    ]);
    let acme = commons(&reading, "aws/prod/gen3/acme");
    assert_eq!((acme.layout, acme.cluster.as_deref()), (Layout::EnvironmentFolders, Some("aws/prod")));
    assert_eq!(&*service(acme, "fence").images[0].tag, "2026.05", "values.yaml first, the others over it");
    assert_eq!(acme.value_files.len(), 2);
    assert_eq!(reading.unread.len(), 1, "and it is said that nobody deploys them");
}

#[test]
fn a_mixed_repository_has_several_layouts_each_with_its_reason() {
    let text = values("a.org", "");
    let tree = MemoryTree::new([
        ("p/cluster-values/cluster-values.yaml", "cluster: p\n"),
        ("p/a.org/templates/app.yaml", &app("x", &["$values/p/a.org/values/values.yaml"])),
        ("p/a.org/values/values.yaml", &text),
        ("old.org/manifest.json", r#"{"versions": {"fence": "x:1"}}"#),
        ("docs/notes.yaml", "a: 1\n"),
    ]);
    let found = crate::layout::detect(&tree);
    let shown: Vec<_> = found.iter().map(|found| (found.layout, found.reason.as_str())).collect();
    assert_eq!(
        shown,
        [
            (
                Layout::Gen3Gitops,
                "1 folder holds a cluster's values (cluster-values.yaml), 1 commons folder holds an Argo CD Application \
             beside its values"
            ),
            (Layout::CdisManifest, "1 folder holds a manifest.json with image versions"),
        ]
    );
    assert!(crate::layout::detect(&MemoryTree::new([("README.md", "nothing")])).is_empty());
}
