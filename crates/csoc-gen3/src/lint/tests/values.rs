use super::*;

const VALUES: &str = "prod/data.example.org/values/values.yaml";
const STAGING: &str = "prod/staging.example.org/values/values.yaml";

fn pair(production: &str, staging: &str) -> Fleet {
    let with = |hostname: &str, values: &str| format!("global:\n  hostname: {hostname}\n{values}");
    Fleet::of(&[(VALUES, &with("data.example.org", production)), (STAGING, &with("staging.example.org", staging))])
}

#[test]
fn branch_tags_are_for_staging() {
    let image = |tag: &str| format!("fence:\n  image:\n    repository: quay.io/cdis/fence\n    tag: {tag}\n");
    assert_eq!(
        Fleet::production(&image("master")).says("moving-tag"),
        ["6:10 fence runs fence:master, a moving tag, in production"]
    );
    assert_eq!(
        Fleet::production(&image("feat_login")).says("moving-tag"),
        ["6:10 fence runs fence:feat_login, a branch build, in production"]
    );
    silent(&pair(&image("'2026.07'"), &image("master")), "moving-tag");
    silent(&Fleet::production(&(image("master") + "  enabled: false\n")), "moving-tag");
}

#[test]
fn staging_comes_first() {
    let fence = |tag: &str| format!("fence:\n  image:\n    tag: '{tag}'\n");
    let behind = pair(&fence("2026.06"), &fence("2026.05"));
    assert_eq!(
        behind.says("tag-behind-twin"),
        ["5:10 staging.example.org runs older images than data.example.org: fence 2026.05 < 2026.06"]
    );
    silent(&pair(&fence("2026.05"), &fence("2026.06")), "tag-behind-twin");
    silent(&pair(&fence("2026.05"), &fence("13.3.0")), "tag-behind-twin");
}

#[test]
fn staging_may_be_ahead_for_a_while() {
    let fence = |tag: &str| format!("fence:\n  image:\n    tag: '{tag}'\n");
    assert_eq!(
        pair(&fence("2026.01"), &fence("2026.06")).says("tag-ahead-of-twin"),
        ["5:10 staging.example.org is 3 months or more ahead of data.example.org: fence 2026.06 > 2026.01"]
    );
    silent(&pair(&fence("2026.05"), &fence("2026.06")), "tag-ahead-of-twin");
}

#[test]
fn a_staging_sidecar_names_staging() {
    let sidecar = |hostname: &str| {
        format!(
            "hatchery:\n  hatchery:\n    json: |\n      {{\"sidecar\": {{\"env\": {{\n        \"HOSTNAME\": \"{hostname}\"\n      }}}}}}\n"
        )
    };
    let wrong = pair("", &sidecar("data.example.org"));
    assert_eq!(
        wrong.says("cross-tier-reference"),
        ["7:9 HOSTNAME of staging.example.org (staging) is data.example.org (production)"]
    );
    silent(&pair("", &sidecar("staging.example.org")), "cross-tier-reference");
}

#[test]
fn urls_in_the_environment_count_and_meshes_links_and_allow_lists_do_not() {
    let env = "sower:\n  sowerConfig:\n    - name: export\n      container:\n        env:\n          - name: FENCE_URL\n            value: https://data.example.org/user\n";
    assert_eq!(
        pair("", env).says("cross-tier-reference"),
        ["9:20 FENCE_URL of staging.example.org (staging) is data.example.org (production)"]
    );
    let on_purpose = "metadata:\n  aggMdsConfig: |\n    {\"gen3_commons\": {\"A\": {\"hostname\": \"data.example.org\"}}}\n\
portal:\n  gitops:\n    json: |\n      {\"docs\": {\"hostname\": \"data.example.org\"}}\n\
hatchery:\n  env:\n    FRAME_ANCESTORS: https://staging.example.org https://data.example.org\n";
    silent(&pair("", on_purpose), "cross-tier-reference");
}

#[test]
fn twins_share_a_guid_prefix_and_strangers_do_not() {
    let prefix = "indexd:\n  defaultPrefix: dg.TEST1/\n";
    silent(&pair(prefix, prefix), "duplicate-guid-prefix");
    let strangers = Fleet::of(&[
        (VALUES, &format!("global: {{hostname: data.example.org}}\n{prefix}")),
        (
            "next/commons.unrelated.net/values/values.yaml",
            &format!("global: {{hostname: commons.unrelated.net}}\n{prefix}"),
        ),
    ]);
    assert_eq!(
        strangers.says("duplicate-guid-prefix"),
        ["3:18 data.example.org mints GUIDs under dg.TEST1/, and so does commons.unrelated.net"]
    );
}

#[test]
fn maintenance_is_on_or_off() {
    assert_eq!(
        Fleet::production("  maintenanceMode: 'on'\n").says("maintenance-mode"),
        ["3:20 data.example.org is in maintenance mode"]
    );
    silent(&Fleet::production("  maintenanceMode: 'off'\n"), "maintenance-mode");
}

#[test]
fn roles_lie_in_the_clusters_account() {
    let role = |account: &str| {
        format!(
            "fence:\n  serviceAccount:\n    annotations:\n      eks.amazonaws.com/role-arn: arn:aws:iam::{account}:role/prod--fence\n"
        )
    };
    assert_eq!(
        Fleet::production(&role("444455556666")).says("account-mismatch"),
        ["6:35 The service account's role of fence is in account 444455556666; data.example.org runs in 111122223333"]
    );
    silent(&Fleet::production(&role(ACCOUNT)), "account-mismatch");
    // A role that fence assumes in a data owner's account is no identity of the pod.
    let assumed = "fence:\n  FENCE_CONFIG_PUBLIC:\n    S3_BUCKETS:\n      bucket:\n        role-arn: arn:aws:iam::444455556666:role/reader\n";
    silent(&Fleet::production(assumed), "account-mismatch");
}

#[test]
fn stated_accounts_agree() {
    let fleet = Fleet::production("  aws:\n    account: '444455556666'\n");
    assert_eq!(
        fleet.says("account-mismatch"),
        ["4:14 data.example.org states account 444455556666, its cluster prod is in 111122223333"]
    );
}

#[test]
fn a_secret_is_found_in_a_comment_and_never_repeated() {
    let token = ["q7Lm2", "Zx9Tb4", "Vn8Rc1", "Ws6Ye3"].concat();
    let fleet = Fleet::production(&format!("fence:\n  enabled: true # client_secret: {token}\n"));
    assert_eq!(fleet.says("plaintext-secret"), ["4:34 The value of client_secret stands here in clear"]);
    assert!(!serde_json::to_string(&fleet.lint()).unwrap().contains(&token));
    let named = "fence:\n  externalSecrets:\n    dbcreds: prod-fence-creds-2026\n    fenceConfig: prod_fence-config\n";
    silent(&Fleet::production(named), "plaintext-secret");
}

#[test]
fn with_anothers_values_one_finding_says_it_all() {
    let app = application("prod", "data.example.org", "other").replace("prod-other", "other");
    let fleet = Fleet::of(&[
        ("next/other.example.com/templates/app.yaml", &app),
        ("next/other.example.com/values/values.yaml", "global: {hostname: other.example.com}\n"),
        (VALUES, "global:\n  hostname: data.example.org\n  maintenanceMode: 'on'\n"),
    ]);
    let of_other: Vec<_> = fleet
        .lint()
        .findings
        .into_iter()
        .filter(|finding| finding.commons.as_deref() == Some("next/other.example.com"))
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(of_other, ["foreign-values-file", "unused-values-file"]);
}
