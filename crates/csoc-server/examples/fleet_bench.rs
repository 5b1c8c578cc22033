//! Measures what we say about speed and memory, over HTTP, on a server of its own.
//!
//! `fleet_bench FLEET [LABEL [COPIES]]`: registers the repository or bundle FLEET (with COPIES: so many copies
//! of it, each different), waits until its head and then its whole history are read, asks the large pages again
//! and again, and pushes to a repository landings that each change one
//! the table. `fleet_bench --sample FOLDER` only makes the sample fleet there.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use csoc_server::{Config, Server};
use serde_json::{Value, json};

const ASKED: usize = 300;
const PUSHED: usize = 9;

/// As in the program.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let chart = taken(&mut arguments, "--chart").map(PathBuf::from);
    let mut arguments = arguments.into_iter();
    let fleet = PathBuf::from(arguments.next().ok_or("usage: fleet_bench FLEET [LABEL]")?);
    if fleet.as_os_str() == "--sample" {
        let into = PathBuf::from(arguments.next().ok_or("usage: fleet_bench --sample FOLDER")?);
        csoc_testkit::sample::build(&into, csoc_testkit::sample::written_at())?;
        return Ok(());
    }
    let label = arguments.next().unwrap_or_else(|| "fleet".to_owned());
    let copies: Option<u32> = arguments.next().map(|text| text.parse()).transpose()?;
    let folder = tempfile::tempdir()?;
    let fleet = match copies {
        Some(copies) => {
            let repository = csoc_source::Repository::open(&fleet)?;
            let tip = repository.default_branch()?.tip;
            let into = folder.path().join("multiplied.git");
            csoc_testkit::multiply::multiply(&repository, tip, copies, &into)?;
            into
        }
        None => fleet,
    };
    let mut config = Config::local(folder.path().join("data"));
    config.no_sign_in = true;
    let server = Server::build(config).await?;
    let url = format!("{}/api/v1", server.url());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    let bench = Bench { client: reqwest::Client::new(), url, label };
    bench.run(&fleet, chart.as_deref()).await?;
    let _ = stop.send(());
    running.await?;
    Ok(())
}

/// The value of an option, which is taken out.
fn taken(arguments: &mut Vec<String>, name: &str) -> Option<String> {
    let at = arguments.iter().position(|argument| argument == name)?;
    arguments.remove(at);
    (at < arguments.len()).then(|| arguments.remove(at))
}

struct Bench {
    client: reqwest::Client,
    url: String,
    label: String,
}

impl Bench {
    /// A chart source is known to Applications by the address that most real fleets use.
    async fn chart(&self, organization: &Value, chart: &Path) -> Result<(), Failure> {
        let body = json!({
            "organization": organization["id"], "name": "gen3-helm", "kind": "chart", "location": chart.canonicalize()?,
            "branch": "master", "aliases": ["https://github.com/uc-cdis/gen3-helm"], "credential": { "auth": "none" },
        });
        self.post("sources", body).await.map(drop)
    }

    async fn run(&self, fleet: &Path, chart: Option<&Path>) -> Result<(), Failure> {
        let organization = self.post("organizations", json!({ "name": "bench" })).await?;
        if let Some(chart) = chart {
            self.chart(&organization, chart).await?;
        }
        let started = Instant::now();
        let source = self
            .post(
                "sources",
                json!({
                    "organization": organization["id"], "name": "fleet", "kind": "fleet",
                    "location": fleet.canonicalize()?, "branch": "main", "credential": { "auth": "none" },
                }),
            )
            .await?;
        let id = source["id"].as_str().ok_or("no source")?.to_owned();
        self.until("the head is shown", || async {
            Ok(self.get("commons?limit=1").await?["total"].as_u64() > Some(0))
        })
        .await?;
        self.say("head, cold, to visible", started.elapsed().as_secs_f64(), "s");
        self.until("the history is read", || async {
            let source = self.get(&format!("sources/{id}")).await?;
            if source["state"]["phase"] == "failing" {
                return Err(format!("the source fails: {}", source["state"]["error"]).into());
            }
            Ok(source["state"]["phase"] == "ready")
        })
        .await?;
        self.say("whole history, from registering", started.elapsed().as_secs_f64(), "s");
        let source = self.get(&format!("sources/{id}")).await?;
        self.say("landings", source["state"]["landings"].as_f64().unwrap_or_default(), "");
        self.say("commons", source["commons"].as_f64().unwrap_or_default(), "");
        let changes = self.get("changes?limit=1&filter=chart:yes").await?;
        if chart.is_some() {
            self.say("landings of the chart", changes["total"].as_f64().unwrap_or_default(), "");
        }
        for page in ["now", "matrix", "commons?limit=500", "changes?limit=100"] {
            self.ask(page).await?;
        }
        self.say("server memory, its own", memory("RssAnon:")?, "MiB");
        self.say("server memory, files mapped", memory("RssFile:")?, "MiB");
        // Nobody pushes to a bundle.
        if fleet.is_dir() { self.landings(fleet, &id).await } else { Ok(()) }
    }

    /// Landings that change one tag: until the fleet that is shown has them, and what they cost all threads.
    async fn landings(&self, fleet: &Path, source: &str) -> Result<(), Failure> {
        let folder = tempfile::tempdir()?;
        let tree = folder.path().join("tree");
        git(folder.path(), &["clone", "-q", "--depth", "1", &format!("file://{}", path(fleet)?), path(&tree)?])?;
        let files = git(&tree, &["grep", "-lE", "^ +tag: ", "--", "*.yaml"])?;
        let file = tree.join(files.lines().next().ok_or("no file of the fleet has a tag")?);
        let (mut seen, mut work) = (Vec::new(), Vec::new());
        for round in 0..PUSHED {
            let text = std::fs::read_to_string(&file)?;
            let at = text.find(" tag: ").ok_or("the tag is gone")? + " tag: ".len();
            let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
            std::fs::write(&file, format!("{}bench-{round}{}", &text[..at], &text[end..]))?;
            git(&tree, &["-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-qam", "a tag"])?;
            git(&tree, &["push", "-q", "origin", "HEAD:main"])?;
            let head = git(&tree, &["rev-parse", "HEAD"])?.trim().to_owned();
            let (started, before) = (Instant::now(), processor_time()?);
            self.post(&format!("sources/{source}/fetch"), json!({})).await?;
            self.until("the landing is shown", || async {
                let changes = self.get("changes?limit=1").await?;
                Ok(changes["items"][0]["commit"].as_str() == Some(&head))
            })
            .await?;
            seen.push(started.elapsed().as_secs_f64() * 1000.0);
            // What goes on after it is shown belongs to its cost.
            tokio::time::sleep(Duration::from_secs(1)).await;
            work.push(processor_time()? - before);
        }
        self.say("one landing, from the fetch to visible, median", median(seen), "ms");
        self.say("one landing, processor time of all threads, median", median(work), "ms");
        Ok(())
    }

    async fn ask(&self, page: &str) -> Result<(), Failure> {
        let mut times = Vec::with_capacity(ASKED);
        let mut bytes = 0;
        for _ in 0..ASKED {
            let started = Instant::now();
            bytes =
                self.client.get(format!("{}/{page}", self.url)).send().await?.error_for_status()?.bytes().await?.len();
            times.push(started.elapsed());
        }
        times.sort();
        let at = |share: f64| times[((ASKED - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
        let name = page.split('?').next().unwrap_or(page);
        self.say(&format!("GET {name}, p50 ({} KiB)", bytes / 1024), at(0.5), "ms");
        self.say(&format!("GET {name}, p99"), at(0.99), "ms");
        Ok(())
    }

    fn say(&self, name: &str, value: f64, unit: &str) {
        println!("{}: {name} | {value:.2} | {unit}", self.label);
    }

    async fn get(&self, path: &str) -> Result<Value, Failure> {
        Ok(self.client.get(format!("{}/{path}", self.url)).send().await?.error_for_status()?.json().await?)
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        let answer = self.client.post(format!("{}/{path}", self.url)).json(&body).send().await?;
        if !answer.status().is_success() {
            return Err(format!("{path}: {} {}", answer.status(), answer.text().await?).into());
        }
        Ok(answer.json().await?)
    }

    async fn until<F: Future<Output = Result<bool, Failure>>>(
        &self,
        what: &str,
        holds: impl Fn() -> F,
    ) -> Result<(), Failure> {
        let started = Instant::now();
        while !holds().await? {
            if started.elapsed() > Duration::from_secs(600) {
                return Err(format!("waited too long until {what}").into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

/// Of this process, server and client together.
fn memory(row: &str) -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(row)).ok_or("no such row")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kib / 1024.0)
}

/// User and system time of this process so far, in milliseconds. The kernel counts it in hundredths of a second.
fn processor_time() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit_once(')').ok_or("no name")?.1;
    let ticks: f64 = after_name.split_whitespace().skip(11).take(2).filter_map(|text| text.parse::<f64>().ok()).sum();
    Ok(ticks * 10.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn path(path: &Path) -> Result<&str, Failure> {
    path.to_str().ok_or_else(|| "a path that is not UTF-8".into())
}

fn git(at: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = std::process::Command::new("git").arg("-C").arg(at).args(arguments).output()?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(format!("git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
