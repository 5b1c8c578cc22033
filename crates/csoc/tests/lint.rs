//! `csoc lint` as a person or a CI runs it.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its stage fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use csoc_source::{Repository, sample};
use serde_json::Value;
use tempfile::TempDir;

const VALUES: &str = "prod/data.example.org/values/values.yaml";

fn csoc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csoc")).arg("lint").args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = csoc(arguments);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn rules_of(document: &Value) -> Vec<&str> {
    document["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A plain folder with one commons and these values.
fn folder(values: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "prod/cluster-values/cluster-values.yaml", "cluster: prod\n");
    write(folder.path(), VALUES, &format!("global:\n  hostname: data.example.org\n{values}"));
    write(folder.path(), "prod/data.example.org/templates/app.yaml", APPLICATION);
    folder
}

const APPLICATION: &str = "apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: gen3-prod
spec:
  sources:
    - path: helm/gen3
      repoURL: https://github.com/uc-cdis/gen3-helm
      targetRevision: v1.2.3
      helm:
        valueFiles: [$values/prod/data.example.org/values/values.yaml]
    - repoURL: https://github.com/example/fleet
      targetRevision: main
      ref: values
  destination: {server: https://kubernetes.default.svc, namespace: prod}
";

fn path(folder: &TempDir) -> &str {
    folder.path().to_str().unwrap()
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").current_dir(folder).args(identity).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_finding_is_told_with_its_place_and_what_to_write() {
    let fleet = folder("fence:\n  image:\n    tag: 2026.10\n");
    let output = csoc(&[path(&fleet)]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(text(&output), @r#"
    data.example.org  (prod/data.example.org)
      high     prod/data.example.org/values/values.yaml:5:10  mangled-number
               fence.image.tag: 2026.10 is a number to Helm, which prints 2026.1
               → Write "2026.10", with the quotes.

    1 finding (1 high) in 1 commons and 1 clusters.
    Not evaluated:
      moving-tag for data.example.org (images without a tag in the values, whose default the chart knows, and no chart at hand)
      unread-key (no chart at hand)
    "#);
}

#[test]
fn the_exit_code_follows_the_severity() {
    let medium = folder("  maintenanceMode: 'on'\n");
    assert_eq!(csoc(&[path(&medium)]).status.code(), Some(0));
    assert_eq!(csoc(&[path(&medium), "--fail-on", "medium"]).status.code(), Some(1));
    assert_eq!(csoc(&[path(&medium), "--fail-on", "never"]).status.code(), Some(0));
    assert_eq!(csoc(&["/does/not/exist"]).status.code(), Some(2));
    let unknown = csoc(&[path(&medium), "--rule", "maintenance-modes"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("maintenance-mode"));
}

#[test]
fn only_what_a_change_made_worse_is_shown() {
    let fleet = folder("  maintenanceMode: 'on'\n");
    git(fleet.path(), &["init", "-q"]);
    git(fleet.path(), &["add", "."]);
    git(fleet.path(), &["commit", "-qm", "before"]);
    write(
        fleet.path(),
        VALUES,
        "# moved\nglobal:\n  hostname: data.example.org\n  maintenanceMode: 'on'\nfence:\n  image:\n    tag: 2026.10\n",
    );
    let all = json(&[path(&fleet), "--format", "json"]);
    assert_eq!(rules_of(&all), ["mangled-number", "maintenance-mode"], "files on disk count, committed or not");
    let new = json(&[path(&fleet), "--format", "json", "--changed-since", "HEAD"]);
    assert_eq!(rules_of(&new), ["mangled-number"]);
    let committed = json(&[path(&fleet), "--format", "json", "--at", "HEAD"]);
    assert_eq!(rules_of(&committed), ["maintenance-mode"]);
}

#[test]
fn a_folder_of_a_checkout_shows_its_own_findings() {
    let fleet = folder("  maintenanceMode: 'on'\n");
    git(fleet.path(), &["init", "-q"]);
    git(fleet.path(), &["add", "."]);
    git(fleet.path(), &["commit", "-qm", "all"]);
    let below = fleet.path().join("prod/cluster-values");
    assert_eq!(rules_of(&json(&[below.to_str().unwrap(), "--format", "json"])), Vec::<&str>::new());
    let commons = fleet.path().join("prod/data.example.org");
    assert_eq!(rules_of(&json(&[commons.to_str().unwrap(), "--format", "json"])), ["maintenance-mode"]);
}

#[test]
fn annotations_stand_on_their_lines() {
    let fleet = folder("fence:\n  image:\n    tag: 2026.10\n");
    insta::assert_snapshot!(text(&csoc(&[path(&fleet), "--format", "github"])), @r#"
    ::error file=prod/data.example.org/values/values.yaml,line=5,col=10,title=mangled-number (high)::fence.image.tag: 2026.10 is a number to Helm, which prints 2026.1%0AWrite "2026.10", with the quotes.
    csoc lint: 1 findings, 0 waived by comments
    "#);
}

/// The parts of SARIF 2.1.0 that its schema requires of what we write, by name and type.
#[test]
fn the_sarif_has_what_its_schema_requires() {
    let fleet =
        folder("fence:\n  image:\n    tag: 2026.10 # csoc:ignore mangled-number mended in another change\n  tag: x\n");
    let document = json(&[path(&fleet), "--format", "sarif"]);
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].is_string() && run["invocations"][0]["executionSuccessful"] == true);
    let rules = driver["rules"].as_array().unwrap();
    for rule in rules {
        assert!(rule["id"].is_string() && rule["shortDescription"]["text"].is_string(), "{rule}");
        assert!(["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap()));
    }
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], VALUES);
        assert!(place["region"]["startLine"].as_u64() >= Some(1) && place["region"]["startColumn"].as_u64() >= Some(1));
        assert!(result["partialFingerprints"]["csoc/v1"].is_string());
    }
    let waived: Vec<_> = results.iter().filter(|result| result["suppressions"][0]["kind"] == "inSource").collect();
    assert_eq!(waived.len(), 1);
    assert_eq!(waived[0]["ruleId"], "mangled-number");
}

/// Field by field against the committed schema: none is missing, none is new, each has a type it allows.
#[test]
fn the_json_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/lint.json")).unwrap();
    let fleet = folder("fence:\n  image:\n    tag: 2026.10\n");
    let document = json(&[path(&fleet), "--format", "json"]);
    conforms(&document, &schema);
    conforms(&document["findings"][0], &schema["$defs"]["finding"]);
    conforms(&document["not_evaluated"][0], &schema["$defs"]["gap"]);
    assert_eq!(document["findings"][0]["commons"], "data.example.org");
}

fn conforms(value: &Value, schema: &Value) {
    let object = value.as_object().unwrap();
    let properties = schema["properties"].as_object().unwrap();
    for field in schema["required"].as_array().unwrap() {
        assert!(object.contains_key(field.as_str().unwrap()), "{field} is missing");
    }
    for (field, value) in object {
        let own = properties.get(field).unwrap_or_else(|| panic!("{field} is not in the schema"));
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let fits = match (&own["type"], &own["enum"]) {
            (Value::String(only), _) => only == kind,
            (Value::Array(several), _) => several.iter().any(|one| one == kind),
            (_, Value::Array(words)) => words.contains(value),
            _ => false,
        };
        assert!(fits, "{field} is {value}");
    }
}

#[test]
fn the_rules_are_listed() {
    let listed = text(&csoc(&["--rules"]));
    assert!(listed.lines().any(|line| line.starts_with("mangled-number") && line.contains("high")), "{listed}");
    let page = text(&csoc(&["--rules", "--format", "markdown"]));
    assert_eq!(page, include_str!("../../../docs/lint-rules.md"));
}

/// The sample fleet has one commons with faults; each kind that was planted is found, in that commons.
#[test]
fn the_sample_fleet_shows_its_planted_faults() {
    let folder = TempDir::new().unwrap();
    let built = sample::build(folder.path(), "2026-08-01T00:00:00Z".parse().unwrap()).unwrap();
    let document = json(&[built.fleet.to_str().unwrap(), "--format", "json"]);
    let mut found: Vec<String> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let commons = finding["commons"].as_str().or(finding["cluster"].as_str()).unwrap_or_default();
            format!("{} {} {commons}", finding["severity"].as_str().unwrap(), finding["rule"].as_str().unwrap())
        })
        .collect();
    found.sort();
    found.dedup();
    insta::assert_snapshot!(found.join("\n"));
}

/// The real fleet beside the repository, or where CSOC_REAL_FLEET says. Only counts are kept: whose they are is
/// nobody's business here.
#[test]
fn the_real_fleet_has_these_counts() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fleet/gitops-fleet.bundle");
    let fleet = std::env::var_os("CSOC_REAL_FLEET").map_or(beside, PathBuf::from);
    if !fleet.exists() {
        println!("skipped: there is no {} (CSOC_REAL_FLEET says where the real fleet is)", fleet.display());
        return;
    }
    let head = Repository::open(&fleet).unwrap().head().unwrap().to_string();
    if !head.starts_with("c748297ff5cb") {
        println!("skipped: the counts are those of another head than {head}");
        return;
    }
    let document = json(&[fleet.to_str().unwrap(), "--format", "json"]);
    let mut counts = std::collections::BTreeMap::new();
    for rule in rules_of(&document) {
        *counts.entry(rule.to_owned()).or_insert(0) += 1;
    }
    let lines: Vec<String> = counts.into_iter().map(|(rule, count)| format!("{rule} {count}")).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// A bundle of the sample fleet, and a folder for the cache.
fn bundle() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let built = sample::build(folder.path(), "2026-08-01T00:00:00Z".parse().unwrap()).unwrap();
    git(&built.fleet, &["bundle", "create", "-q", folder.path().join("fleet.bundle").to_str().unwrap(), "main"]);
    let place = folder.path().join("fleet.bundle").to_str().unwrap().to_owned();
    (folder, place)
}

fn unpacked(cache: &Path) -> usize {
    std::fs::read_dir(cache).map_or(0, |found| found.filter_map(Result::ok).count())
}

#[test]
fn a_bundle_is_kept_unpacked_and_many_commands_may_want_it_at_once() {
    let (folder, place) = bundle();
    let cache = folder.path().join("cache");
    let command = |home: &Path, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_csoc"));
        command.args(["lint", &place, "--format", "json", "--fail-on", "never"]).args(more);
        command.env_remove("CSOC_CACHE_DIR").env("XDG_CACHE_HOME", home);
        command
    };
    let running: Vec<_> =
        (0..3).map(|_| command(&cache, &[]).stdout(std::process::Stdio::piped()).spawn().unwrap()).collect();
    let answers: Vec<Output> = running.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    assert!(answers.iter().all(|answer| answer.status.success() && answer.stdout == answers[0].stdout));
    assert_eq!(unpacked(&cache.join("csoc")), 1);

    // A home that cannot be written costs time; a folder that was asked for must serve.
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let without = command(&file, &[]).output().unwrap();
    assert!(without.status.success() && without.stdout == answers[0].stdout);
    let asked = command(&cache, &["--cache-dir", file.join("x").to_str().unwrap()]).output().unwrap();
    assert_eq!(asked.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&asked.stderr).contains("the cache folder"), "{asked:?}");
}
