use super::*;

#[test]
fn a_comment_with_a_reason_waives_and_is_counted() {
    let fleet =
        Fleet::production("  # csoc:ignore maintenance-mode planned until the move is done\n  maintenanceMode: 'on'\n");
    let report = fleet.lint();
    assert_eq!(report.ignored.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["maintenance-mode"]);
    silent(&fleet, "maintenance-mode");
    silent(&fleet, "incomplete-ignore");
}

#[test]
fn a_comment_without_a_reason_waives_nothing() {
    let fleet = Fleet::production("  maintenanceMode: 'on' # csoc:ignore maintenance-mode\n");
    assert_eq!(fleet.says("incomplete-ignore"), ["3:27 The comment gives no reason; maintenance-mode is not waived"]);
    assert_eq!(fleet.says("maintenance-mode").len(), 1);
}

#[test]
fn a_comment_for_another_rule_waives_nothing() {
    let fleet = Fleet::production("  maintenanceMode: 'on' # csoc:ignore moving-tag because\n");
    assert_eq!(fleet.says("maintenance-mode").len(), 1);
}

#[test]
fn a_comment_can_stand_above_the_string_that_holds_the_place() {
    let json = "hatchery:\n  hatchery:\n    # csoc:ignore broken-embedded-json being mended in another change\n    json: |\n      {\"a\": }\n";
    silent(&Fleet::production(json), "broken-embedded-json");
}

#[test]
fn fingerprints_survive_edits_elsewhere() {
    let before =
        Fleet::production("fence:\n  replicaCount: 2\n  maintenance: 1\nindexd:\n  image:\n    tag: 2026.10\n").lint();
    let after =
        Fleet::production("# moved\nfence:\n  replicaCount: 3\n\n\nindexd:\n  image:\n    tag: 2026.10\n").lint();
    let of = |report: &LintReport| report.findings.iter().map(|f| f.fingerprint.clone()).collect::<Vec<_>>();
    assert_eq!(of(&before), of(&after));
    assert_ne!(before.findings[0].line, after.findings[0].line);
}

#[test]
fn only_what_is_new_remains() {
    let before = Fleet::production("  maintenanceMode: 'on'\n").lint();
    let mut after = Fleet::production("  maintenanceMode: 'on'\nfence:\n  image:\n    tag: 2026.10\n").lint();
    after.retain_new(&before);
    assert_eq!(after.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["mangled-number"]);
}

#[test]
fn rules_can_be_chosen() {
    let fleet = Fleet::production("  maintenanceMode: 'on'\nfence:\n  image:\n    tag: 2026.10\n");
    let reading = read(&fleet.tree, &ReadContext::default(), &mut Cache::default());
    let context = Context { tree: &fleet.tree, chart: None };
    let only = Selection { only: vec!["maintenance-mode".into()], ..Selection::default() };
    let skip = Selection { skip: vec!["maintenance-mode".into()], ..Selection::default() };
    let found = |selection| {
        run_selected(&reading, &context, &selection).findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(found(only), ["maintenance-mode"]);
    assert!(found(skip).iter().all(|rule| *rule != "maintenance-mode"));
}

#[test]
fn the_worst_comes_first() {
    let report = Fleet::production(
        "  maintenanceMode: 'on'\nfence:\n  image:\n    tag: 2026.10\nindexd:\n  image: {tag: 2026.04}\n",
    )
    .lint();
    let severities: Vec<_> = report.findings.iter().map(|finding| finding.severity).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
    assert_eq!(report.by_severity()[0], (Severity::High, 1));
}

#[test]
fn the_documentation_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lint-rules.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == document(),
        "docs/lint-rules.md is stale: csoc lint --rules --format markdown > docs/lint-rules.md"
    );
}
