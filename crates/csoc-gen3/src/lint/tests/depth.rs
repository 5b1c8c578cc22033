use super::*;

#[test]
fn settings_of_one_service_do_not_stand_at_the_top() {
    let fleet = Fleet::production("etl:\n  enabled: true\n  etlMapping:\nmappings:\n  - name: a\n");
    assert_eq!(fleet.says("misplaced-key"), ["6:1 mappings has no effect; charts read etl.etlMapping.mappings"]);
    assert_eq!(fleet.severity("misplaced-key"), Some(Severity::Medium));
    let right = "etl:\n  enabled: true\n  etlMapping:\n    mappings:\n      - name: a\n";
    silent(&Fleet::production(right), "misplaced-key");
}

#[test]
fn a_leftover_beside_the_right_place_is_milder() {
    let fleet =
        Fleet::production("tube:\n  image:\n    tag: '2026.04'\netl:\n  image:\n    tube:\n      tag: '2026.05'\n");
    assert_eq!(fleet.says("misplaced-key"), ["3:1 tube has no effect; charts read etl.image.tube"]);
    assert_eq!(fleet.severity("misplaced-key"), Some(Severity::Low));
}

#[test]
fn settings_of_a_service_do_not_stand_inside_its_parts() {
    let fleet = Fleet::production("portal:\n  customConfig:\n    enabled: true\n    replicaCount: 2\n");
    assert_eq!(
        fleet.says("misplaced-key"),
        ["6:5 portal.customConfig.replicaCount has no effect; charts read portal.replicaCount"]
    );
    silent(&Fleet::production("portal:\n  replicaCount: 2\n  customConfig:\n    enabled: true\n"), "misplaced-key");
}

#[test]
fn a_tag_stands_in_its_image_and_a_service_beside_the_others() {
    let tag = Fleet::production("fence:\n  tag: '2026.07'\n");
    assert_eq!(tag.says("misplaced-key"), ["4:3 fence.tag has no effect; charts read fence.image.tag"]);
    let nested = Fleet::production("fence:\n  enabled: true\n  indexd:\n    enabled: true\n    replicaCount: 2\n");
    assert_eq!(nested.says("misplaced-key"), ["5:3 fence.indexd has no effect; charts read indexd"]);
    silent(&Fleet::production("hatchery:\n  hatchery:\n    json: ''\n"), "misplaced-key");
}

#[test]
fn a_misspelled_switch_leaves_the_default() {
    let fleet = Fleet::production("ambassador:\n  enable: false\n");
    assert_eq!(
        fleet.says("misspelled-enabled"),
        ["4:3 ambassador.enable is no setting; ambassador stays on, its default"]
    );
    assert_eq!(fleet.severity("misspelled-enabled"), Some(Severity::High));
    assert_eq!(Fleet::production("ambassador:\n  enable: true\n").severity("misspelled-enabled"), Some(Severity::Low));
    silent(&Fleet::production("ambassador:\n  enabled: false\n"), "misspelled-enabled");
}

const CHART: &[(&str, &str)] = &[
    ("helm/gen3/Chart.yaml", "name: gen3\ndependencies:\n  - name: fence\n    repository: file://../fence\n"),
    ("helm/gen3/values.yaml", "global:\n  hostname: localhost\nfence:\n  enabled: true\n"),
    ("helm/fence/Chart.yaml", "name: fence\n"),
    ("helm/fence/values.yaml", "replicaCount: 1\n"),
    ("helm/fence/templates/deployment.yaml", "strategy: {{ .Values.strategy }}\n"),
];

#[test]
fn keys_whose_names_stand_nowhere_in_the_chart() {
    let values = "fence:\n  replicaCount: 2\n  strategy: none\n  replicas: 3\nfluentd:\n  enabled: true\n";
    let fleet = Fleet::production(values).with_chart(CHART);
    assert_eq!(
        fleet.says("unread-key"),
        ["6:3 The chart fence reads no replicas", "7:1 No chart is called fluentd and no template reads it"]
    );
    silent(&Fleet::production("fence:\n  enabled: true\n  strategy: none\n").with_chart(CHART), "unread-key");
}

#[test]
fn without_a_chart_the_rule_says_so() {
    let report = Fleet::production("fluentd:\n  enabled: true\n").lint();
    let gap = report.not_evaluated.iter().find(|gap| gap.rule == "unread-key").unwrap();
    assert_eq!((gap.commons.as_deref(), gap.reason.as_str()), (None, "no chart at hand"));
}
