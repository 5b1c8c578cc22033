use super::*;

#[test]
fn an_account_without_quotes_is_mangled_and_one_with_quotes_is_not() {
    let fleet = Fleet::production("  aws:\n    account: 053927701465\nhatchery:\n  enabled: true\n");
    assert_eq!(
        fleet.says("mangled-number"),
        ["4:14 global.aws.account: 053927701465 is a number to Helm, which prints 5.3927701465e+10"]
    );
    assert_eq!(fleet.severity("mangled-number"), Some(Severity::High));
    silent(&Fleet::production("  aws:\n    account: '053927701465'\n"), "mangled-number");
}

#[test]
fn a_mangled_account_that_nothing_uses_is_milder() {
    let fleet = Fleet::production("  aws:\n    account: 053927701465\nhatchery:\n  enabled: false\n");
    assert_eq!(fleet.severity("mangled-number"), Some(Severity::Medium));
}

#[test]
fn an_october_tag_loses_its_zero_and_a_duration_is_a_number() {
    let fleet = Fleet::production("fence:\n  image:\n    tag: 2026.10\n");
    assert_eq!(
        fleet.says("mangled-number"),
        ["5:10 fence.image.tag: 2026.10 is a number to Helm, which prints 2026.1"]
    );
    let seconds = "fence:\n  FENCE_CONFIG_PUBLIC:\n    MAX_API_KEY_TTL: 2592000\n  replicaCount: 2\n";
    silent(&Fleet::production(seconds), "mangled-number");
}

#[test]
fn a_tag_that_survives_today_is_told_apart() {
    let fleet = Fleet::production("fence:\n  image:\n    tag: 2026.07\n");
    assert_eq!(
        fleet.says("unquoted-tag"),
        ["5:10 fence.image.tag: 2026.07 is a number to Helm; a tag that ends in 0 would lose it"]
    );
    silent(&fleet, "mangled-number");
    silent(&Fleet::production("fence:\n  image:\n    tag: 13.3.0\n"), "unquoted-tag");
    silent(&Fleet::production("fence:\n  image:\n    tag: '2026.07'\n"), "unquoted-tag");
}

#[test]
fn maintenance_on_without_quotes_does_not_switch_it() {
    let fleet = Fleet::production("  maintenanceMode: on\n");
    assert_eq!(
        fleet.says("yaml-boolean"),
        ["3:20 global.maintenanceMode: on is the boolean true; only the text 'on' switches maintenance on"]
    );
    silent(&fleet, "maintenance-mode");
    silent(&Fleet::production("  maintenanceMode: 'off'\n  pdb: yes\n"), "yaml-boolean");
    silent(&Fleet::production("  maintenanceMode: false\n"), "yaml-boolean");
}

#[test]
fn norway_in_a_list_of_words() {
    let fleet = Fleet::production("guppy:\n  countries: [SE, NO, DK]\n");
    assert_eq!(fleet.says("yaml-boolean"), ["4:19 guppy.countries[1]: NO in a list of words is the boolean false"]);
    silent(&Fleet::production("guppy:\n  flags: [yes, no]\n"), "yaml-boolean");
}

#[test]
fn annotations_and_environment_values_are_text() {
    let fleet = Fleet::production(
        "fence:\n  podAnnotations:\n    prometheus.io/scrape: true\n  env:\n    - name: WORKERS\n      value: 4\n",
    );
    assert_eq!(
        fleet.says("not-a-string"),
        [
            "5:27 fence.podAnnotations[\"prometheus.io/scrape\"]: true is a boolean; only text is accepted here",
            "8:14 fence.env[WORKERS].value: 4 is a number; only text is accepted here",
        ]
    );
    let quoted = "fence:\n  podAnnotations:\n    prometheus.io/scrape: 'true'\n  replicaCount: 2\n";
    silent(&Fleet::production(quoted), "not-a-string");
}

#[test]
fn broken_json_in_a_string_is_found_at_its_line() {
    let json = "hatchery:\n  hatchery:\n    json: |\n      {\n        \"sub-dir\": \"/workspace,\n      }\n";
    assert_eq!(
        Fleet::production(json).says("broken-embedded-json"),
        ["7:1 hatchery.hatchery.json is not JSON: control character (\\u0000-\\u001F) found while parsing a string"]
    );
    let whole =
        "hatchery:\n  hatchery:\n    json: |\n      {\"sub-dir\": \"/workspace\"}\nportal:\n  gitops:\n    json: ''\n";
    silent(&Fleet::production(whole), "broken-embedded-json");
}

#[test]
fn keys_that_stand_twice_inside_a_string_are_found_where_they_stand() {
    let block = "portal:\n  gitops:\n    json: |\n      {\n        \"a\": {\"x\": 1,\n              \"x\": 2},\n        \"é\": [], \"b\": 1, \"b\": 1\n      }\n";
    assert_eq!(
        Fleet::production(block).says("duplicate-key"),
        [
            "8:15 portal.gitops.json: a.x stands on line 7 with another value; whatever reads the JSON takes this one",
            "9:26 portal.gitops.json: b stands here and on line 9 with the same value",
        ]
    );
    let quoted = r#"
metadata:
  aggMdsConfig: "{\"a\": 1, \t\n
    \
    \"a\": 2}"
  useAggMds: '{"it''s": 1,

    "it''s": 2}'
"#;
    assert_eq!(
        Fleet::production(quoted).says("duplicate-key"),
        [
            "7:5 metadata.aggMdsConfig: a stands on line 5 with another value; whatever reads the JSON takes this one",
            "10:5 metadata.useAggMds: it's stands on line 8 with another value; whatever reads the JSON takes this one",
        ]
    );
    let folded = "portal:\n  gitops:\n    json: >\n      {\"a\": 1,\n      \"a\": 2}\n";
    assert_eq!(
        Fleet::production(folded).says("duplicate-key"),
        [
            "5:11 portal.gitops.json: a stands earlier in the text with another value; whatever reads the JSON takes this one"
        ]
    );
    let once = "portal:\n  gitops:\n    json: |\n      {\"a\": {\"x\": 1}, \"x\": 1}\n";
    silent(&Fleet::production(once), "duplicate-key");
}

#[test]
fn yaml_inside_a_string_is_read_where_a_service_reads_it() {
    let users =
        "fence:\n  USER_YAML: |\n    users:\n      a@example.org: {admin: true}\n      a@example.org: {admin: false}\n";
    assert_eq!(
        Fleet::production(users).says("duplicate-key"),
        [
            "7:7 fence.USER_YAML: a@example.org stands on line 6 with another value; whatever reads the YAML takes this one"
        ]
    );
    silent(&Fleet::production(&users.replace("USER_YAML", "notes")), "duplicate-key");
}
