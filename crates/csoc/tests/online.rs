//! The command line against a running server: sign in once, then read what `--path` reads from files.

#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking, like the test itself")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use csoc_testkit::wait::until;
use serde_json::{Value, json};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "correct horse battery";

/// A server with the sample fleet, an administrator, and a home for the command line's own file.
struct Stage {
    process: Child,
    url: String,
    folder: TempDir,
}

impl Drop for Stage {
    fn drop(&mut self) {
        // It may have ended already, which is what was wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_csoc"));
    command.args(["serve", "--sample", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
    let command = command.env("CSOC_LOG", "warn").current_dir(folder.path());
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let link = lines.find(|line| line.contains("/setup#code=")).unwrap();
    let (url, code) = link.trim().split_once("/setup#code=").unwrap();
    let (url, code) = (url.to_owned(), code.to_owned());
    std::thread::spawn(move || lines.for_each(drop));
    let stage = Stage { process, url, folder };
    stage.set_up(&code);
    stage
}

impl Stage {
    fn set_up(&self, code: &str) {
        let body = json!({"code": code, "name": "ana", "password": PASSWORD});
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let request = reqwest::Client::new().post(format!("{}/api/v1/setup", self.url)).json(&body);
        let answer = runtime.block_on(request.send()).unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    fn kept(&self) -> std::path::PathBuf {
        self.folder.path().join("home/csoc/cli.toml")
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_csoc"));
        command.args(arguments).env_remove("CSOC_SERVER").env_remove("CSOC_TOKEN").env_remove("CSOC_CLI_CONFIG");
        command.env("XDG_CONFIG_HOME", self.folder.path().join("home"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        // A command that reads nothing may have ended before this is written.
        let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
        process.wait_with_output().unwrap()
    }

    fn printed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, "");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.printed(&[arguments, &["-o", "json"]].concat())).unwrap()
    }

    fn sign_in(&self) {
        let output = self.run(&["login", &self.url, "--name", "ana"], &format!("{PASSWORD}\n"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        until("the sample fleet is read", PATIENCE, || {
            let rows = self.json(&["sources", "list"]);
            let ready = |row: &Value| row["state"]["phase"] == "ready";
            rows.as_array().is_some_and(|rows| !rows.is_empty() && rows.iter().all(ready)).then_some(())
        });
    }

    /// The same question to the files that the server reads.
    fn read_from_files(&self, arguments: &[&str]) -> Value {
        let fleet = find(self.folder.path(), "fleet.git").unwrap();
        self.json(&[arguments, &["--path", fleet.to_str().unwrap()]].concat())
    }
}

fn find(folder: &Path, name: &str) -> Option<std::path::PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| match entry.file_name() == *name {
        true => Some(entry.path()),
        false => find(&entry.path(), name),
    })
}

/// The fields that both ways must agree in.
fn only(rows: &Value, fields: &[&str]) -> Vec<Vec<Value>> {
    let mut rows: Vec<Vec<Value>> =
        rows.as_array().unwrap().iter().map(|row| fields.iter().map(|field| row[*field].clone()).collect()).collect();
    rows.sort_by_key(|row| format!("{row:?}"));
    rows
}

#[test]
fn signed_in_it_reads_the_same_as_from_files() {
    let stage = stage();
    let before = stage.run(&["get", "commons"], "");
    assert_eq!(before.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&before.stderr).contains("csoc login"), "it says what to do");
    stage.sign_in();

    // The server has the chart at hand, the files alone do not: what only the chart says may differ.
    let fields = ["commons", "cluster", "tier", "release", "behind", "folder"];
    let (online, files) = (stage.json(&["get", "commons"]), stage.read_from_files(&["get", "commons"]));
    assert_eq!(only(&online, &fields), only(&files, &fields));

    let fields = ["commons", "cluster", "tier", "service", "image", "tag", "tag_class", "origin"];
    let enabled = |rows: Value| {
        let said = |row: &&Value| row["enabled"] == true && row["origin"] == "explicit";
        let rows: Vec<Value> = rows.as_array().unwrap().iter().filter(said).cloned().collect();
        assert!(rows.len() > 20, "{rows:?}");
        only(&rows.into(), &fields)
    };
    assert_eq!(enabled(stage.json(&["get", "services"])), enabled(stage.read_from_files(&["get", "services"])));

    let fields = ["cluster", "account", "node_image"];
    assert_eq!(
        only(&stage.json(&["get", "clusters"]), &fields),
        only(&stage.read_from_files(&["get", "clusters"]), &fields)
    );

    let matrix = |value: Value| {
        let rows = value["rows"].as_array().unwrap().iter();
        let fence = rows
            .map(|row| json!({ "commons": row["commons"], "release": row["release"], "fence": row["tags"]["fence"] }));
        only(&fence.collect(), &["commons", "release", "fence"])
    };
    assert_eq!(matrix(stage.json(&["matrix"])), matrix(stage.read_from_files(&["matrix"])));

    let of = ["changes", "--service", "fence", "--commons", "tern.sample-commons.org"];
    assert_eq!(
        only(&stage.json(&of), &["commit", "class", "summary"]),
        only(&stage.read_from_files(&of), &["commit", "class", "summary"])
    );
    assert!(stage.printed(&["describe", "commons", "tern.sample-commons.org"]).contains("fence"));
    let diff = stage.json(&["diff", "staging.tern.sample-commons.org", "tern.sample-commons.org"]);
    assert!(!diff["rows"].as_array().unwrap().is_empty());
}

#[test]
fn the_token_is_kept_for_its_owner_alone_and_ends_when_revoked() {
    let stage = stage();
    let wrong = stage.run(&["login", &stage.url, "--name", "ana"], "wrong\n");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!stage.kept().exists());
    stage.sign_in();
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(stage.kept()).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    let kept = std::fs::read_to_string(stage.kept()).unwrap();
    assert!(!kept.contains(PASSWORD));

    let create = ["tokens", "create", "ci", "--days", "3", "--permission", "fleet:read"];
    assert_eq!(stage.run(&create, "wrong\n").status.code(), Some(2), "a token alone makes no token");
    let made = stage.run(&create, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let secret = String::from_utf8(made.stdout).unwrap();
    let scoped = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_csoc"));
        command.args(arguments).env("CSOC_SERVER", &stage.url).env("CSOC_TOKEN", secret.trim());
        command.output().unwrap()
    };
    assert!(scoped(&["get", "commons"]).status.success());
    assert_eq!(scoped(&["audit", "list"]).status.code(), Some(2), "a token of fleet:read reads no audit");
    assert!(stage.printed(&["tokens", "revoke", "ci"]).contains("revoked"));
    let refused = scoped(&["get", "commons"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && !said.contains(secret.trim()), "{said}");

    let audit = stage.printed(&["audit", "list", "--filter", "action:token.*"]);
    assert!(audit.contains("token."), "{audit}");
    let first = stage.printed(&["audit", "export"]);
    let row: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    assert!(row["hash"].is_string());
}

#[test]
fn sources_are_added_fetched_and_removed() {
    let stage = stage();
    stage.sign_in();
    let fleet = find(stage.folder.path(), "fleet.git").unwrap();
    stage.printed(&["sources", "add", "again", fleet.to_str().unwrap(), "--organization", &stage.organization()]);
    assert!(stage.printed(&["sources", "list"]).contains("again"));
    stage.printed(&["sources", "fetch", "again"]);
    assert_eq!(stage.run(&["sources", "remove", "again"], "").status.code(), Some(2), "it asks first");
    stage.printed(&["sources", "remove", "again", "--yes"]);
    assert!(!stage.printed(&["sources", "list"]).contains("again"));
    let unknown = stage.run(&["sources", "fetch", "agian"], "");
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no source"));
}

impl Stage {
    fn organization(&self) -> String {
        self.json(&["sources", "list"])[0]["organization_name"].as_str().unwrap().to_owned()
    }
}
