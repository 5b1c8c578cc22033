use super::*;

const CLUSTER: &str = "prod/cluster-values/cluster-values.yaml";

fn cluster(values: &str, more: &[(&str, &str)]) -> Fleet {
    let mut files =
        vec![(CLUSTER, values), ("prod/data.example.org/values/values.yaml", "global: {hostname: data.example.org}\n")];
    files.extend(more);
    Fleet::of(&files)
}

#[test]
fn a_cluster_is_called_as_its_folder() {
    let fleet = cluster("cluster: produktion\n", &[]);
    assert_eq!(fleet.says("cluster-name-mismatch"), ["1:10 The folder is prod, the cluster calls itself produktion"]);
    silent(&cluster("cluster: prod\n", &[]), "cluster-name-mismatch");
}

#[test]
fn karpenter_looks_for_this_clusters_resources() {
    let values = "cluster: prod\neksClusterName: prodv1\nkarpenter-crds:\n  enabled: true\n  selectorTag: staging\n";
    assert_eq!(
        cluster(values, &[]).says("cluster-name-mismatch"),
        ["5:16 Karpenter looks for the resources of staging, the cluster calls itself prod"]
    );
    silent(&cluster(&values.replace("staging", "prodv1"), &[]), "cluster-name-mismatch");
}

#[test]
fn a_component_is_configured_by_a_file_or_in_place() {
    let on = "cluster: prod\nalb-controller:\n  enabled: true\n  configuration:\n    enabled: true\n";
    let file = ("prod/cluster-values/alb-controller.yaml", "clusterName: prod\n");
    assert_eq!(
        cluster(on, &[]).says("missing-configuration"),
        ["5:14 alb-controller is configured by prod/cluster-values/alb-controller.yaml, which does not exist"]
    );
    silent(&cluster(on, &[file]), "missing-configuration");
    let in_place = on.replace("alb-controller", "cert-manager");
    silent(&cluster(&format!("{in_place}    crds: {{enabled: true}}\n"), &[]), "missing-configuration");
    assert_eq!(
        cluster(&in_place, &[]).says("missing-configuration"),
        ["5:14 cert-manager.configuration is enabled; no setting stands beside it and no cert-manager.yaml"]
    );
    let off = on.replace("configuration:\n    enabled: true", "configuration:\n    enabled: false");
    silent(&cluster(&off, &[]), "missing-configuration");
}

#[test]
fn the_chart_builds_the_path_from_the_clusters_name() {
    let values = "cluster: other\nalb-controller:\n  enabled: true\n  configuration:\n    enabled: true\n";
    let fleet = cluster(values, &[("prod/cluster-values/alb-controller.yaml", "clusterName: prod\n")]);
    assert_eq!(
        fleet.says("missing-configuration"),
        ["5:14 alb-controller is configured by other/cluster-values/alb-controller.yaml, which does not exist; \
          prod/cluster-values/alb-controller.yaml is not read, because the cluster calls itself other"]
    );
}

#[test]
fn a_component_file_is_read_or_dead() {
    let off = "cluster: prod\nkarpenter:\n  enabled: true\n  configuration:\n    enabled: false\n";
    let files =
        [("prod/cluster-values/karpenter.yaml", "a: 1\n"), ("prod/cluster-values/karpenter-templates.yaml", "a: 1\n")];
    assert_eq!(
        cluster(off, &files).says("dead-configuration"),
        [
            "1:1 No component is called karpenter-templates; nothing reads the file",
            "1:1 karpenter does not read its file: configuration.enabled is not true",
        ]
    );
    let on = off.replace("enabled: false", "enabled: true");
    silent(&cluster(&on, &files[..1]), "dead-configuration");
}

#[test]
fn component_files_come_from_the_branch_that_is_read() {
    let values = "cluster: prod\nconfiguration:\n  configurationRevision: calico-dev\n";
    assert_eq!(
        cluster(values, &[]).says("foreign-values-revision"),
        ["3:26 Component files of prod are read from calico-dev, not from here; none is used today"]
    );
    silent(&cluster(&values.replace("calico-dev", "master"), &[]), "foreign-values-revision");
}

#[test]
fn enable_is_not_enabled() {
    let fleet = cluster("cluster: prod\ncrossplane-crds:\n  enable: true\n", &[]);
    assert_eq!(
        fleet.says("misspelled-enabled"),
        ["3:3 crossplane-crds.enable is no setting; crossplane-crds.enabled is"]
    );
    silent(&cluster("cluster: prod\ncrossplane-crds:\n  enabled: true\n  enable: true\n", &[]), "misspelled-enabled");
}

#[test]
fn a_clusters_account_is_text() {
    let fleet = cluster("cluster: prod\naccountNumber: 053927701465\n", &[]);
    assert_eq!(fleet.says("mangled-number").len(), 1);
}
