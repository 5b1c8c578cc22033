use super::*;

const VALUES: &str = "prod/data.example.org/values/values.yaml";
const APP: &str = "prod/data.example.org/templates/app.yaml";

#[test]
fn a_missing_file_is_found_where_it_is_named() {
    let app = application("prod", "data.example.org", "data").replace(
        "values/values.yaml\n",
        "values/values.yaml\n          - $values/prod/data.example.org/values/fence.yaml\n",
    );
    let fleet = Fleet::of(&[(APP, &app), (VALUES, "global: {hostname: data.example.org}\n")]);
    assert_eq!(
        fleet.says("missing-values-file"),
        ["14:13 prod/data.example.org/values/fence.yaml is not in the repository; Argo CD cannot render"]
    );
    let ignored = app.replace("        valueFiles:", "        ignoreMissingValueFiles: true\n        valueFiles:");
    silent(&Fleet::of(&[(APP, &ignored), (VALUES, "global: {}\n")]), "missing-values-file");
}

#[test]
fn anothers_values_are_found_also_on_another_branch() {
    let app =
        application("prod", "other.example.org", "data").replace("targetRevision: main", "targetRevision: feat/move");
    let fleet = Fleet::of(&[
        (APP, &app),
        (VALUES, "global: {hostname: data.example.org}\n"),
        ("prod/other.example.org/values/values.yaml", "global: {hostname: other.example.org}\n"),
    ]);
    assert_eq!(
        fleet.says("foreign-values-file"),
        [
            "13:13 data.example.org takes its values from prod/other.example.org/values/values.yaml, which belongs to other.example.org"
        ]
    );
    assert_eq!(
        fleet.says("foreign-values-revision"),
        ["13:13 The values of data.example.org are read from feat/move, not from here"]
    );
    assert_eq!(
        fleet.says("unused-values-file"),
        ["1:1 values.yaml is not in the valueFiles of data.example.org; edits to it change nothing"]
    );
    let not_looked_at: Vec<_> = fleet.lint().not_evaluated;
    assert!(
        not_looked_at
            .iter()
            .any(|gap| gap.rule == "moving-tag" && gap.commons.as_deref() == Some("prod/data.example.org"))
    );
}

#[test]
fn own_files_on_the_branch_that_is_read_are_neither() {
    let fleet = Fleet::production("");
    silent(&fleet, "foreign-values-file");
    silent(&fleet, "foreign-values-revision");
    silent(&fleet, "unused-values-file");
}

#[test]
fn what_is_wrong_in_the_own_files_is_told_although_another_branch_is_deployed() {
    let app =
        application("prod", "data.example.org", "data").replace("targetRevision: main", "targetRevision: feat/move");
    let fleet = Fleet::of(&[(APP, &app), (VALUES, "ambassador:\n  enable: false\n")]);
    assert_eq!(
        fleet.says("misspelled-enabled"),
        ["2:3 ambassador.enable is no setting; ambassador stays on, its default"]
    );
}

#[test]
fn a_key_that_stands_twice_matters_when_the_values_differ() {
    let fleet = Fleet::production("fence:\n  replicaCount: 2\n  enabled: true\n  replicaCount: 4\n");
    assert_eq!(
        fleet.says("duplicate-key"),
        ["6:3 replicaCount stands on line 4 with another value; Helm takes this one and drops that"]
    );
    assert_eq!(fleet.severity("duplicate-key"), Some(Severity::High));
    let same = Fleet::production(
        "fence:\n  env:\n  - name: A\n    value: b\n  replicas: 2\n  env:\n    - name: A\n      value: \"b\"\n",
    );
    assert_eq!(same.says("duplicate-key"), ["8:3 env stands here and on line 4 with the same value"]);
    assert_eq!(same.severity("duplicate-key"), Some(Severity::Low));
    silent(&Fleet::production("fence:\n  replicaCount: 2\nindexd:\n  replicaCount: 2\n"), "duplicate-key");
}

#[test]
fn a_broken_file_hides_no_other_commons() {
    let fleet = Fleet::of(&[
        (VALUES, "global:\n  hostname: [data\n"),
        (
            "prod/other.example.org/values/values.yaml",
            "global:\n  hostname: other.example.org\n  maintenanceMode: 'on'\n",
        ),
    ]);
    assert_eq!(fleet.says("broken-file").len(), 1);
    assert_eq!(fleet.says("maintenance-mode").len(), 1);
    silent(&Fleet::production(""), "broken-file");
}

#[test]
fn text_that_is_no_mapping_is_broken() {
    let fleet = Fleet::of(&[(VALUES, "<todo>\n")]);
    assert_eq!(fleet.says("broken-file"), ["1:1 Not values: the values are not a mapping; Helm refuses them"]);
}

#[test]
fn an_empty_commons_is_told_and_an_empty_file_among_others_is_not() {
    let fleet = Fleet::of(&[(VALUES, "# nothing yet\n")]);
    assert_eq!(fleet.says("empty-values"), ["1:1 values.yaml is empty"]);
    let app = application("prod", "data.example.org", "data").replace(
        "values/values.yaml\n",
        "values/values.yaml\n          - $values/prod/data.example.org/values/fence.yaml\n",
    );
    let two = Fleet::of(&[
        (APP, &app),
        (VALUES, "global: {hostname: data.example.org}\n"),
        ("prod/data.example.org/values/fence.yaml", ""),
    ]);
    silent(&two, "empty-values");
}

#[test]
fn a_second_document_is_ignored_by_helm() {
    let fleet = Fleet::production("fence:\n  enabled: true\n---\nindexd:\n  enabled: true\n");
    assert_eq!(fleet.says("extra-document").len(), 1);
    silent(&Fleet::of(&[(VALUES, "---\nglobal: {hostname: data.example.org}\n")]), "extra-document");
}

#[test]
fn a_path_that_leaves_the_repository_is_not_followed() {
    let app = application("prod", "data.example.org", "data")
        .replace("$values/prod/data.example.org/values/values.yaml", "$values/../../secrets.yaml");
    let fleet = Fleet::of(&[(APP, &app), (VALUES, "global: {}\n")]);
    assert_eq!(fleet.says("unreadable-file").len(), 1);
    silent(&Fleet::production(""), "unreadable-file");
}

#[test]
fn twenty_thousand_equal_keys_are_told_in_a_moment() {
    let values = format!("global: {{hostname: data.example.org}}\n{}", "k: 1\n".repeat(20_000));
    let started = std::time::Instant::now();
    let said = Fleet::of(&[(VALUES, &values)]).says("duplicate-key");
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(said.len(), 101);
    assert_eq!(said[0], "3:1 k stands here and on line 2 with the same value");
    assert_eq!(said[100], "103:1 19899 more keys of this file stand twice, from here on");
}
