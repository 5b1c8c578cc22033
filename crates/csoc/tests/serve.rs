//! The server as a process: started, stopped, killed, started again.

#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking, like the test itself")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use csoc_testkit::wait::until_async;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(120);

struct Server {
    process: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is what was wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn csoc(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csoc"));
    command.args(arguments).arg("--data").arg(data).env("CSOC_LOG", "warn").current_dir(data.parent().unwrap());
    command
}

fn start(data: &Path, arguments: &[&str]) -> Server {
    let mut command = csoc(data, &["serve", "--listen", "127.0.0.1:0"]);
    let mut process = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let url = first.split_once("listens on ").unwrap().1.to_owned();
    // Whoever prints into a closed pipe is ended by it.
    std::thread::spawn(move || lines.for_each(drop));
    Server { process, url }
}

impl Server {
    async fn get(&self, path: &str) -> Option<Value> {
        let answer = reqwest::get(format!("{}/api/v1{path}", self.url)).await.ok()?;
        answer.json().await.ok()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = reqwest::Client::new().post(format!("{}/api/v1{path}", self.url)).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn settled(&self) -> Value {
        until_async("every source is ready", PATIENCE, async || {
            let rows = self.get("/sources").await?;
            let rows = rows.as_array()?;
            (!rows.is_empty() && rows.iter().all(|row| row["state"]["phase"] == "ready")).then_some(())
        })
        .await;
        self.get("/changes?limit=1").await.unwrap()["total"].clone()
    }

    /// As `kill -9` does; gone when it returns.
    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_reading_it_goes_on_and_nothing_is_missing() {
    let whole = tempfile::tempdir().unwrap();
    let bundle = csoc_testkit::fleets::real();
    let arguments = ["--insecure-no-sign-in", "--sample"];
    let register = async |server: &Server| {
        let Some(bundle) = &bundle else { return };
        let organization = server.get("/organizations").await.unwrap()[0]["id"].clone();
        let source = json!({ "organization": organization, "name": "real", "kind": "fleet", "location": bundle });
        server.post("/sources", source).await;
    };
    let quiet = start(&whole.path().join("data"), &arguments);
    register(&quiet).await;
    let expected = quiet.settled().await;
    drop(quiet);

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = start(&data, &arguments);
    register(&server).await;
    server.kill();
    for least in [1, 60] {
        kill_after(&data, &arguments, least, &expected).await;
    }
    let server = start(&data, &arguments);
    assert_eq!(server.settled().await, expected, "every landing is there once");
    let verified = csoc(&data, &["audit", "verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", text(&verified));
}

/// Kills it as soon as so many changes are there.
async fn kill_after(data: &Path, arguments: &[&str], least: u64, all: &Value) {
    let least = least.min(all.as_u64().unwrap());
    let server = start(data, arguments);
    until_async("some changes are there", PATIENCE, async || {
        let rows = server.get("/changes?limit=1").await?;
        (rows["total"].as_u64()? >= least).then_some(())
    })
    .await;
    server.kill();
}

#[tokio::test]
async fn the_first_start_prints_one_url_that_makes_the_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = csoc(&folder.path().join("data"), &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let link = lines.map_while(Result::ok).find(|line| line.contains("/setup#code=")).unwrap();
    let (url, code) = link.trim().split_once("/setup#code=").unwrap();
    let body = json!({ "code": code, "name": "root", "password": "correct horse battery" });
    let answer = reqwest::Client::new().post(format!("{url}/api/v1/setup")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    // SIGTERM: it ends by itself, and well.
    assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
    assert!(server.wait().unwrap().success());
}

#[tokio::test]
async fn a_second_server_is_told_who_is_first_and_the_doctor_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let first = start(&data, &["--insecure-no-sign-in"]);
    let second = csoc(&data, &["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let who = format!("process {}", first.process.id());
    assert!(!second.status.success() && text(&second).contains(&who), "{}", text(&second));
    let doctor = csoc(&data, &["doctor"]).output().unwrap();
    assert!(text(&doctor).contains(&who), "{}", text(&doctor));
    assert_eq!(doctor.status.code(), Some(2), "no source yet is doubtful: {}", text(&doctor));
    let backup = csoc(&data, &["backup"]).arg(folder.path().join("monday")).output().unwrap();
    assert!(backup.status.success(), "{}", text(&backup));
}

#[test]
fn a_wrong_configuration_is_told_whole_and_without_values() {
    let folder = tempfile::tempdir().unwrap();
    let mut check = csoc(&folder.path().join("data"), &["check-config", "--listen", "hunter2", "--log-format", "xml"]);
    let told = check.env("CSOC_STORE", "mysql://hunter2").output().unwrap();
    let told_text = text(&told);
    assert!(!told.status.success() && !told_text.contains("hunter2"), "{told_text}");
    for part in ["--listen", "--log-format", "CSOC_STORE"] {
        assert!(told_text.contains(part), "{told_text}");
    }
}

#[test]
fn the_contract_it_prints_is_the_committed_one() {
    let printed = Command::new(env!("CARGO_BIN_EXE_csoc")).arg("openapi").output().unwrap();
    let committed = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json")).unwrap();
    assert!(printed.stdout == committed, "write it anew: make openapi");
}
