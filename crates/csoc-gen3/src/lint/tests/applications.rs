use super::*;

const APP: &str = "prod/data.example.org/templates/app.yaml";
const VALUES: &str = "prod/data.example.org/values/values.yaml";
const OTHER: &str = "prod/other.example.com/values/values.yaml";

fn chart_at(revision: &str) -> Fleet {
    let app = application("prod", "data.example.org", "data").replace("v1.2.3", revision);
    Fleet::of(&[(APP, &app), (VALUES, "global: {hostname: data.example.org}\n")])
}

#[test]
fn a_chart_follows_a_branch_or_is_pinned() {
    let feature = chart_at("feat/canary");
    assert_eq!(
        feature.says("unpinned-chart"),
        ["9:23 data.example.org follows the feature branch feat/canary of the chart gen3"]
    );
    assert_eq!(feature.severity("unpinned-chart"), Some(Severity::Medium));
    assert_eq!(chart_at("master").severity("unpinned-chart"), Some(Severity::Low));
    silent(&chart_at("0123456789abcdef0123456789abcdef01234567"), "unpinned-chart");
    silent(&chart_at("gen3-0.1.30"), "unpinned-chart");
}

#[test]
fn two_applications_with_one_name_fight_only_in_one_cluster() {
    let app = |cluster: &str, hostname: &str| application(cluster, hostname, "commons");
    let here = Fleet::of(&[
        (APP, &app("prod", "data.example.org")),
        ("prod/other.example.com/templates/app.yaml", &app("prod", "other.example.com")),
        (VALUES, "global: {hostname: data.example.org}\n"),
        (OTHER, "global: {hostname: other.example.com}\n"),
    ]);
    assert_eq!(
        here.says("duplicate-application"),
        [
            "4:9 data.example.org and other.example.com are both application gen3-commons in namespace commons of cluster prod"
        ]
    );
    let apart = Fleet::of(&[
        (APP, &app("prod", "data.example.org")),
        ("next/other.example.com/templates/app.yaml", &app("next", "other.example.com")),
        (VALUES, "global: {hostname: data.example.org}\n"),
        ("next/other.example.com/values/values.yaml", "global: {hostname: other.example.com}\n"),
    ]);
    silent(&apart, "duplicate-application");
}

#[test]
fn a_hostname_has_one_commons() {
    let fleet = Fleet::of(&[
        (VALUES, "global: {hostname: data.example.org}\n"),
        (OTHER, "global:\n  hostname: Data.example.org\n"),
    ]);
    assert_eq!(
        fleet.says("duplicate-hostname"),
        ["2:13 data.example.org is claimed by prod/data.example.org and by prod/other.example.com"]
    );
    let own = Fleet::of(&[
        (VALUES, "global: {hostname: data.example.org}\n"),
        (OTHER, "global: {hostname: other.example.com}\n"),
    ]);
    silent(&own, "duplicate-hostname");
}

#[test]
fn the_folder_is_the_hostname() {
    let fleet =
        Fleet::of(&[("prod/the-data.example.org/values/values.yaml", "global:\n  hostname: thedata.example.org\n")]);
    assert_eq!(
        fleet.says("hostname-mismatch"),
        ["2:13 The folder is the-data.example.org, the hostname is thedata.example.org"]
    );
    silent(&Fleet::production(""), "hostname-mismatch");
}
