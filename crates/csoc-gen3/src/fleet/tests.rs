//! Small repositories, read whole.

mod charts;
mod layouts;
mod survival;

use std::sync::Arc;

use super::*;
use crate::tree::{EntryKind, MemoryTree};

pub(super) const FLEET_URL: &str = "https://github.com/example/fleet.git";

/// An Application of the umbrella chart with these value files, its `values` source at `revision`.
pub(super) fn app_at(name: &str, value_files: &[&str], revision: &str) -> String {
    let files: String = value_files.iter().map(|file| format!("          - {file}\n")).collect();
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {name}\nspec:\n  sources:\n    \
         - path: helm/gen3\n      repoURL: https://github.com/uc-cdis/gen3-helm\n      targetRevision: master\n      \
         helm:\n        releaseName: {name}\n        valueFiles:\n{files}    - repoURL: {FLEET_URL}\n      \
         targetRevision: {revision}\n      ref: values\n  destination:\n    \
         server: https://kubernetes.default.svc\n    namespace: {name}\n"
    )
}

pub(super) fn app(name: &str, value_files: &[&str]) -> String {
    app_at(name, value_files, "master")
}

pub(super) fn values(hostname: &str, rest: &str) -> String {
    format!("global:\n  hostname: {hostname}\n{rest}")
}

pub(super) fn read_tree(tree: &MemoryTree) -> FleetReading {
    read(tree, &ReadContext::default(), &mut Cache::default())
}

pub(super) fn read_files(files: &[(&str, &str)]) -> FleetReading {
    read_tree(&MemoryTree::new(files.iter().copied()))
}

pub(super) fn commons<'a>(reading: &'a FleetReading, folder: &str) -> &'a CommonsReading {
    reading.commons.iter().find(|commons| *commons.folder == *folder).expect(folder)
}

fn service<'a>(commons: &'a CommonsReading, name: &str) -> &'a ServiceReading {
    commons.services.iter().find(|service| *service.service == *name).expect(name)
}

pub(super) fn codes(reading: &FleetReading) -> Vec<IrregularityCode> {
    reading.irregularities.iter().map(|irregularity| irregularity.code).collect()
}

/// Two commons in one cluster, the second the staging of the first.
fn pair() -> MemoryTree {
    MemoryTree::new(pair_files())
}

fn pair_files() -> Vec<(&'static str, String)> {
    vec![
        ("CODEOWNERS", "p/a.org @ana\n".to_owned()),
        (
            "p/cluster-values/cluster-values.yaml",
            "cluster: p1\nproject: alpha\naccountNumber: \"123456789012\"\n".into(),
        ),
        ("p/a.org/templates/app.yaml", app("gen3-a", &["$values/p/a.org/values/values.yaml"])),
        ("p/a.org/values/values.yaml", values("a.org", "fence:\n  enabled: true\n  image:\n    tag: \"2026.04\"\n")),
        ("p/staging.a.org/templates/app.yaml", app("gen3-s", &["$values/p/staging.a.org/values/values.yaml"])),
        ("p/staging.a.org/values/values.yaml", values("staging.a.org", "guppy:\n  enabled: false\n")),
    ]
}

#[test]
fn a_commons_is_read_with_the_place_of_everything() {
    let reading = read_tree(&pair());
    let a = commons(&reading, "p/a.org");
    assert_eq!(a.hostname.as_ref().map(|said| &*said.value), Some("a.org"));
    assert_eq!((a.cluster.as_deref(), a.namespace.as_deref()), (Some("p"), Some("gen3-a")));
    assert_eq!(a.account.as_ref().map(|said| &*said.value), Some("123456789012"), "from the cluster");
    assert_eq!(a.owners, [Arc::from("@ana")]);
    assert_eq!(a.organization.as_ref().map(|o| &*o.value), Some("alpha"));
    assert_eq!(a.twin.as_ref().map(|twin| &*twin.value), Some("p/staging.a.org"));
    let Origin::Said(mark) = service(a, "fence").images[0].tag_origin else { panic!("the tag is written down") };
    assert_eq!((&**reading.files.path(mark.file), mark.line, mark.column), ("p/a.org/values/values.yaml", 6, 10));
}

#[test]
fn what_no_file_mentions_runs_by_default_and_says_so() {
    let reading = read_tree(&pair());
    let staging = commons(&reading, "p/staging.a.org");
    let etl = service(staging, "etl");
    assert!(etl.enabled && matches!(etl.reason, EnabledReason::Assumed { .. }));
    let parts: Vec<_> = etl.images.iter().filter_map(|image| image.component.as_deref()).collect();
    assert_eq!(parts, ["tube", "spark"]);
    assert!(!service(staging, "guppy").enabled, "off, and written down as off");
    assert!(staging.services.iter().all(|s| &*s.service != "requestor"), "off, and nobody mentions it");
}

#[test]
fn a_tag_without_quotes_is_what_helm_makes_of_it() {
    let text = values("a.org", "fence:\n  image:\n    tag: 2026.10\n");
    let app = app("x", &["$values/p/a.org/values/values.yaml"]);
    let files = [("p/a.org/templates/app.yaml", &*app), ("p/a.org/values/values.yaml", &*text)];
    let reading = read_files(&files);
    let image = &service(commons(&reading, "p/a.org"), "fence").images[0];
    assert_eq!((&*image.tag, image.tag_written.as_deref()), ("2026.1", Some("2026.10")));
}

#[test]
fn images_are_taken_apart_from_the_right() {
    let text = values(
        "a.org",
        "fence:\n  image: {repository: 'registry.example.org:5000/x/fence', tag: 1.2.3}\n\
         indexd:\n  image: quay.io/cdis/indexd:2026.04\n\
         arborist:\n  image: {repository: cdis/arborist, registry: quay.io, tag: ''}\n",
    );
    let app = app("x", &["$values/p/a.org/values/values.yaml"]);
    let files = [("p/a.org/templates/app.yaml", &*app), ("p/a.org/values/values.yaml", &*text)];
    let reading = read_files(&files);
    let shown = |name| {
        let image = &service(commons(&reading, "p/a.org"), name).images[0];
        format!("{} {}", image.repository, image.tag)
    };
    assert_eq!(shown("fence"), "registry.example.org:5000/x/fence 1.2.3");
    assert_eq!(shown("indexd"), "quay.io/cdis/indexd 2026.04");
    assert_eq!(shown("arborist"), "quay.io/cdis/arborist master", "an empty tag is none");
}

#[test]
fn values_at_another_revision_are_never_read_from_here() {
    let app = app_at("x", &["$values/p/a.org/values/values.yaml"], "feat/move");
    let text = values("a.org", "");
    let files = [("p/a.org/templates/app.yaml", &*app), ("p/a.org/values/values.yaml", &*text)];
    let reading = read_files(&files);
    let a = commons(&reading, "p/a.org");
    assert!(matches!(a.state, ReadingState::Unknown(_)) && a.values.is_none() && a.services.is_empty());
    assert_eq!(a.value_files[0].path.as_deref(), Some("p/a.org/values/values.yaml"));
    assert_eq!(a.shown_hostname().map(|hostname| &**hostname), Some("a.org"), "the folder still names it");

    let place = Place {
        repository_urls: vec!["git@github.com:example/fleet".into()],
        branch: Some("feat/move".into()),
        ..Place::default()
    };
    let there = ReadContext { place, charts: None };
    let reading = read(&MemoryTree::new(files), &there, &mut Cache::default());
    assert_eq!(commons(&reading, "p/a.org").state, ReadingState::Readable, "that branch is what is read");
}

#[test]
fn a_cluster_lists_its_add_ons() {
    let text = "cluster: other\nkarpenter:\n  enabled: true\n  targetRevision: \"1.9.0\"\n  configuration:\n    \
                enabled: true\ncrossplane-crds:\n  enable: true\nkarpenter-crds:\n  enabled: true\n  \
                amiSelectorName: EKS-1-35*\n";
    let reading = read_files(&[
        ("p/cluster-values/cluster-values.yaml", text),
        ("p/cluster-values/karpenter.yaml", "a: 1\n---\nb: 2\n"),
    ]);
    let [cluster] = &reading.clusters[..] else { panic!("one cluster") };
    assert_eq!(cluster.stated_name.as_ref().map(|said| &*said.value), Some("other"));
    assert_eq!(cluster.node_image.as_ref().map(|said| &*said.value), Some("EKS-1-35*"));
    let karpenter = &cluster.add_ons[0];
    assert!(karpenter.enabled && karpenter.configured);
    assert_eq!(karpenter.file.as_deref(), Some("p/cluster-values/karpenter.yaml"));
    assert!(!cluster.add_ons[1].enabled, "`enable` switches nothing");
    assert!(codes(&reading).is_empty(), "manifests of several documents are normal beside the values");
}

#[test]
fn an_unchanged_commons_is_the_same_object() {
    let mut tree = pair();
    let mut cache = Cache::default();
    let context = ReadContext::default();
    let before = read(&tree, &context, &mut cache);
    let text = values("staging.a.org", "guppy:\n  enabled: true\n");
    tree.insert("p/staging.a.org/values/values.yaml", text.as_bytes());
    let after = read(&tree, &context, &mut cache);
    let same = |folder| {
        let of = |reading: &FleetReading| reading.commons.iter().find(|c| &*c.folder == folder).cloned();
        of(&before).zip(of(&after)).is_some_and(|(a, b)| Arc::ptr_eq(&a, &b))
    };
    assert!(same("p/a.org") && !same("p/staging.a.org"));
    assert!(service(commons(&after, "p/staging.a.org"), "guppy").enabled);
}

#[test]
fn what_the_rest_of_the_fleet_says_is_not_remembered_wrongly() {
    let mut tree = pair();
    let mut cache = Cache::default();
    let context = ReadContext::default();
    read(&tree, &context, &mut cache);
    tree.insert("CODEOWNERS", b"p/a.org @bert\n");
    let reading = read(&tree, &context, &mut cache);
    assert_eq!(commons(&reading, "p/a.org").owners, [Arc::from("@bert")]);
    let alone = pair_files().into_iter().filter(|(path, _)| !path.contains("staging"));
    let reading = read(&MemoryTree::new(alone), &context, &mut cache);
    assert_eq!(commons(&reading, "p/a.org").twin, None, "its twin is gone");
}

#[test]
fn a_cluster_moves_its_account_to_its_commons_at_once() {
    let mut tree = pair();
    let mut cache = Cache::default();
    read(&tree, &ReadContext::default(), &mut cache);
    tree.insert("p/cluster-values/cluster-values.yaml", b"accountNumber: 084375550014\n");
    let reading = read(&tree, &ReadContext::default(), &mut cache);
    let account = commons(&reading, "p/a.org").account.as_ref().map(|said| said.value.clone());
    assert_eq!(account.as_deref(), Some("084375550014"), "as written, which is what was meant");
}

/// A folder of the tree as a symbolic link.
pub(super) fn link(tree: &mut MemoryTree, path: &str, target: &str) {
    tree.insert_entry(path, EntryKind::Symlink, target.as_bytes());
}
