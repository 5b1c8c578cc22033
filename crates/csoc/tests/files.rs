//! The commands that read files, as a person runs them on the sample fleet.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking, like the test itself")]

use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use csoc_source::sample;
use serde_json::Value;
use tempfile::TempDir;

/// Built once; its commit ids are always the same.
static FLEET: LazyLock<(TempDir, String)> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let built = sample::build(folder.path(), sample::written_at()).unwrap();
    let path = built.fleet.to_str().unwrap().to_owned();
    (folder, path)
});

fn csoc(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csoc"));
    command.args(arguments).args(["--path", &FLEET.1]).output().unwrap()
}

/// What it printed; it must have done what it was asked.
fn printed(arguments: &[&str]) -> String {
    let output = csoc(arguments);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(&[arguments, &["--format", "json"]].concat())).unwrap()
}

fn complaint(arguments: &[&str]) -> (Option<i32>, String) {
    let output = csoc(arguments);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn commons_as_a_table() {
    insta::assert_snapshot!(printed(&["get", "commons"]));
}

#[test]
fn services_of_one_commons_as_csv() {
    insta::assert_snapshot!(printed(&[
        "get",
        "services",
        "--commons",
        "tern.sample-commons.org",
        "-o",
        "csv",
        "--enabled"
    ]));
}

#[test]
fn clusters_as_yaml() {
    insta::assert_snapshot!(printed(&["get", "clusters", "-o", "yaml"]));
}

#[test]
fn a_matrix_of_two_services() {
    insta::assert_snapshot!(printed(&["matrix", "--service", "fence", "--service", "guppy"]));
}

#[test]
fn changes_as_a_table() {
    insta::assert_snapshot!(printed(&["changes"]));
}

#[test]
fn filters_of_changes_narrow() {
    let all = json(&["changes"]);
    let all = all.as_array().unwrap().len();
    let of = |arguments: &[&str]| json(&[&["changes"], arguments].concat()).as_array().unwrap().len();
    let fence = of(&["--service", "fence"]);
    assert!(0 < fence && fence < all);
    assert!(of(&["--service", "fence", "--class", "version bump"]) <= fence);
    assert_eq!(of(&["--limit", "3"]), 3);
    let newest: Value = json(&["changes", "--limit", "1"])[0].clone();
    assert_eq!(of(&["--since", newest["time"].as_str().unwrap()]), 1);
    assert_eq!(of(&["--until", newest["time"].as_str().unwrap()]), all - 1);
}

#[test]
fn everything_is_as_its_schema_says() {
    let two = json(&["get", "commons"]);
    let name = |index: usize| two[index]["commons"].as_str().unwrap().to_owned();
    for (schema, arguments) in [
        (include_str!("../../../schemas/commons.json"), vec!["get", "commons"]),
        (include_str!("../../../schemas/services.json"), vec!["get", "services"]),
        (include_str!("../../../schemas/clusters.json"), vec!["get", "clusters"]),
        (include_str!("../../../schemas/matrix.json"), vec!["matrix"]),
        (include_str!("../../../schemas/changes.json"), vec!["changes"]),
        (include_str!("../../../schemas/diff.json"), vec!["diff", "HEAD~5", "HEAD"]),
        (include_str!("../../../schemas/diff.json"), vec!["diff", &name(0), &name(1), "--all"]),
        (include_str!("../../../schemas/describe.json"), vec!["describe", "commons", &name(0)]),
    ] {
        let schema: Value = serde_json::from_str(schema).unwrap();
        let document = json(&arguments);
        assert!(!document.as_array().is_some_and(Vec::is_empty), "{arguments:?} printed nothing to check");
        if let Err(fault) = fits(&document, &schema, &schema) {
            panic!("{arguments:?}: {fault}");
        }
    }
}

#[test]
fn values_are_redacted_unless_asked() {
    let fleet = plain("fence:\n  image:\n    tag: 2026.10\n  FENCE_CONFIG:\n    ENCRYPTION_KEY: s3cr3t-key\n");
    let run = |more: &[&str]| {
        let path = fleet.path().to_str().unwrap();
        let base = ["values", "data.example.org", "--path", path];
        let output = Command::new(env!("CARGO_BIN_EXE_csoc")).args(base).args(more).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    insta::assert_snapshot!(run(&[]));
    assert!(!run(&["-o", "json"]).contains("s3cr3t"));
    assert!(run(&["--reveal"]).contains("s3cr3t-key"));
    assert_eq!(run(&["--key", "fence.image.tag"]), "2026.1\n", "as Helm sees it");
}

#[test]
fn what_differs_between_twins_and_is_not_of_the_environment() {
    let commons = json(&["get", "commons"]);
    let pair = commons.as_array().unwrap().iter().find(|row| row["twin"].is_string() && row["tier"] == "staging");
    let pair = pair.unwrap();
    let (staging, production) = (pair["commons"].as_str().unwrap(), pair["twin"].as_str().unwrap());
    let some = json(&["diff", staging, production]);
    let all = json(&["diff", staging, production, "--all"]);
    let count = |diff: &Value| diff["differences"].as_array().unwrap().len() as u64;
    assert_eq!(count(&some) + some["environment"].as_u64().unwrap(), count(&all));
    assert!(some["environment"].as_u64() > Some(0));
    assert_eq!(csoc(&["diff", staging, staging, "--exit-code"]).status.code(), Some(0));
    assert_eq!(csoc(&["diff", staging, production, "--exit-code"]).status.code(), Some(1));
}

#[test]
fn one_commons_between_two_times() {
    let commons = json(&["get", "commons"]);
    let name = commons[0]["commons"].as_str().unwrap();
    let diff = json(&["diff", &format!("{name}@HEAD~20"), name]);
    let rows = diff["differences"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["path"].as_str().unwrap().ends_with("image.tag")), "{diff}");
    assert!(rows.iter().all(|row| row["environment"] == false));
}

#[test]
fn mistakes_are_answered_with_one_sentence() {
    let (code, said) = complaint(&["values", "terrn.sample-commons.org"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("the nearest names are tern.sample-commons.org"), "{said}");
    let (code, said) = complaint(&["get", "commons", "--at", "no-such-branch"]);
    assert_eq!((code, said.lines().count()), (Some(2), 1), "{said}");
    let (code, said) = complaint(&["changes", "--class", "bumps"]);
    assert!(code == Some(2) && said.contains("version_bump"), "{said}");
    let (_, said) = complaint(&["get", "services", "--service", "fense"]);
    assert!(said.contains("fence"), "{said}");
}

#[test]
fn the_fleet_as_it_was() {
    let old = json(&["get", "commons", "--at", "HEAD~35"]);
    let new = json(&["get", "commons"]);
    assert_ne!(old, new);
    assert_eq!(json(&["get", "commons", "--at", "HEAD"]), new);
}

#[test]
fn a_completion_script_knows_the_commands() {
    let script = Command::new(env!("CARGO_BIN_EXE_csoc")).args(["completion", "bash"]).output().unwrap().stdout;
    let script = String::from_utf8(script).unwrap();
    assert!(["matrix", "changes", "lint"].iter().all(|command| script.contains(command)));
}

/// A plain folder with one commons and these values.
fn plain(values: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("prod/cluster-values/cluster-values.yaml", "cluster: prod\n");
    write("prod/data.example.org/values/values.yaml", &format!("global:\n  hostname: data.example.org\n{values}"));
    write("prod/data.example.org/templates/app.yaml", APPLICATION);
    folder
}

const APPLICATION: &str = "apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: gen3-prod}
spec:
  sources:
    - path: helm/gen3
      repoURL: https://github.com/uc-cdis/gen3-helm
      targetRevision: v1.2.3
      helm: {valueFiles: [$values/prod/data.example.org/values/values.yaml]}
    - {repoURL: https://github.com/example/fleet, targetRevision: main, ref: values}
  destination: {server: https://kubernetes.default.svc, namespace: prod}
";

/// The part of JSON Schema that the committed schemas use.
fn fits(value: &Value, schema: &Value, root: &Value) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let definition = root.pointer(name.trim_start_matches('#')).ok_or_else(|| format!("no {name}"))?;
        return fits(value, definition, root);
    }
    if let Some(ways) = schema["oneOf"].as_array() {
        let faults: Vec<String> = ways.iter().filter_map(|way| fits(value, way, root).err()).collect();
        return if faults.len() + 1 == ways.len() { Ok(()) } else { Err(faults.join(" / ")) };
    }
    if let Some(words) = schema["enum"].as_array() {
        return if words.contains(value) { Ok(()) } else { Err(format!("{value} is none of {words:?}")) };
    }
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    };
    let allowed = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap_or_default())),
        kind => is(kind.as_str().unwrap_or_default()),
    };
    if !allowed {
        return Err(format!("{value} is no {}", schema["type"]));
    }
    if let (Some(items), Some(of)) = (value.as_array(), schema.get("items")) {
        items.iter().try_for_each(|item| fits(item, of, root))?;
    }
    match (value.as_object(), schema.get("properties")) {
        (Some(object), Some(properties)) => {
            for field in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                object.get(field).ok_or_else(|| format!("{field} is missing"))?;
            }
            object.iter().try_for_each(|(field, value)| match properties.get(field) {
                Some(own) => fits(value, own, root).map_err(|fault| format!("{field}: {fault}")),
                None => Err(format!("{field} is not in the schema")),
            })
        }
        (Some(object), None) => match schema.get("additionalProperties").filter(|of| of.is_object()) {
            Some(of) => object.values().try_for_each(|value| fits(value, of, root)),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}
