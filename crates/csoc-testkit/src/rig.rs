//! A real Kubernetes on loopback: etcd, kube-apiserver, controller-manager, scheduler, and kwok for nodes and pods.
//!
//! Story: a test of the agent starts a cluster in four seconds, creates a Deployment with the rig's own kubectl,
//! watches it roll out, restarts the API server under the agent's feet, and reads in the cluster's audit log who
//! asked for what. Two clusters at once are two values of [`Rig`]; dropping them leaves no process and no folder.
//! When the test fails the folder with everybody's logs stays, and its place is printed.
//!
//! The programs are built by `scripts/rig.sh build` the first time (minutes); `CSOC_RIG_BIN` names a folder that
//! has them already. Nothing here is left out when they are missing: a test that did not run proves nothing.
//!
//! kwok never runs an image. Logs are the lines of [`Rig::write_log`], exec is a real process on this machine,
//! port-forward answers with what it is sent (`cat`). See `rig/README.md` for pods that fail.

mod certificates;
mod programs;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::ports::Port;
use crate::process::{Keeper, Running};

/// How long one part may take until it answers; a loaded machine with two cores needs some of it.
const READY: Duration = Duration::from_secs(90);
/// The API server ends its long requests when asked to stop; longer than this is not worth waiting for.
const STOP: Duration = Duration::from_secs(10);

/// One running cluster.
pub struct Rig {
    programs: PathBuf,
    ports: Ports,
    // Before the folder: the programs end before what they write to is removed.
    parts: Parts,
    keeper: Keeper,
    folder: Option<tempfile::TempDir>,
    path: PathBuf,
}

struct Ports {
    etcd: Port,
    etcd_peer: Port,
    api: Port,
    kubelet: Port,
}

/// In the order in which they are killed: who would wait for the next one goes first.
#[derive(Default)]
struct Parts {
    kwok: Option<Running>,
    scheduler: Option<Running>,
    controllers: Option<Running>,
    api: Option<Running>,
    etcd: Option<Running>,
}

impl Rig {
    /// A cluster with one node, ready for Deployments.
    ///
    /// # Panics
    /// When a part does not become ready, with the end of its log.
    #[must_use]
    pub fn start() -> Self {
        Self::try_start().unwrap_or_else(|why| panic!("the rig does not start: {why}"))
    }

    /// # Errors
    /// When a part does not become ready, with the end of its log and the folder that has all of them.
    pub fn try_start() -> Result<Self, String> {
        let programs = programs::find()?;
        let folder = tempfile::Builder::new().prefix("csoc-rig-").tempdir().map_err(|e| format!("no folder: {e}"))?;
        let path = folder.path().to_path_buf();
        let ports =
            Ports { etcd: Port::reserve(), etcd_peer: Port::reserve(), api: Port::reserve(), kubelet: Port::reserve() };
        let keeper = Keeper::new().map_err(|e| format!("no shell: {e}"))?;
        let mut rig = Self { programs, ports, parts: Parts::default(), keeper, folder: Some(folder), path };
        match rig.bring_up() {
            Ok(()) => Ok(rig),
            Err(why) => {
                rig.keep_folder();
                Err(format!("{why}\n(logs are kept in {})", rig.path.display()))
            }
        }
    }

    fn bring_up(&mut self) -> Result<(), String> {
        certificates::write(&self.path, &self.url())?;
        programs::write_configuration(&self.path)?;
        self.start_etcd()?;
        self.start_api()?;
        self.parts.controllers = Some(self.run("kube-controller-manager", programs::controllers(&self.path))?);
        self.parts.scheduler = Some(self.run("kube-scheduler", programs::scheduler(&self.path))?);
        self.start_kwok()?;
        self.add_nodes("node", 1)?;
        self.until("the default service account", |rig| rig.kubectl(["get", "serviceaccount", "default"]).map(drop))
    }

    fn run(&mut self, name: &str, arguments: Vec<String>) -> Result<Running, String> {
        let mut command = Command::new(self.programs.join(name));
        command.args(arguments).current_dir(&self.path);
        let log = self.path.join(format!("{name}.log"));
        self.keeper.start(name, &mut command, &log).map_err(|e| e.to_string())
    }

    /// Look until `ready` says so, but not at a part that has ended meanwhile.
    fn until(&mut self, what: &str, ready: impl Fn(&Self) -> Result<(), String>) -> Result<(), String> {
        let begin = Instant::now();
        loop {
            let Err(why) = ready(self) else { return Ok(()) };
            for part in self.parts.each() {
                if let Some(status) = part.ended() {
                    return Err(format!("{} ended ({status}):\n{}", part.name(), part.last_words()));
                }
            }
            if begin.elapsed() > READY {
                return Err(format!("waited {READY:?} in vain for {what}: {why}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    // ---- its parts, for tests of what happens without them ----

    /// # Errors
    /// When it does not answer in time.
    pub fn start_etcd(&mut self) -> Result<(), String> {
        let arguments = programs::etcd(&self.path, self.ports.etcd.number(), self.ports.etcd_peer.number());
        self.parts.etcd = Some(self.run("etcd", arguments)?);
        Ok(())
    }

    /// # Errors
    /// When it does not answer in time.
    pub fn start_api(&mut self) -> Result<(), String> {
        let arguments = programs::api(&self.path, self.ports.api.number(), self.ports.etcd.number());
        self.parts.api = Some(self.run("kube-apiserver", arguments)?);
        let port = self.ports.api.number();
        self.until("the API server's port", move |_| {
            std::net::TcpStream::connect(("127.0.0.1", port)).map(drop).map_err(|e| e.to_string())
        })?;
        self.until("the API server", |rig| rig.kubectl(["get", "--raw", "/readyz"]).map(drop))
    }

    /// As an upgrade of the control plane does it: asked politely. Says whether it went by itself.
    pub fn stop_api(&mut self) -> bool {
        self.parts.api.take().is_some_and(|mut api| api.stop(STOP))
    }

    /// kill -9.
    pub fn kill_api(&mut self) {
        self.parts.api = None;
    }

    /// The API server keeps its connections and answers nothing.
    pub fn freeze_api(&self) {
        self.parts.api.iter().for_each(Running::freeze);
    }

    pub fn thaw_api(&self) {
        self.parts.api.iter().for_each(Running::thaw);
    }

    /// # Errors
    /// When it cannot be started.
    pub fn start_kwok(&mut self) -> Result<(), String> {
        let arguments = programs::kwok(&self.path, self.ports.kubelet.number());
        self.parts.kwok = Some(self.run("kwok", arguments)?);
        Ok(())
    }

    /// The nodes stop answering, as when every kubelet is gone.
    pub fn stop_kwok(&mut self) {
        self.parts.kwok = None;
    }

    /// Stop everything in order, the API server before etcd (else it lingers on its port for 100 s).
    pub fn stop(mut self) {
        self.parts.kwok = None;
        self.parts.scheduler = None;
        self.parts.controllers = None;
        self.stop_api();
        if let Some(mut etcd) = self.parts.etcd.take() {
            etcd.stop(STOP);
        }
    }

    // ---- its clients ----

    /// `https://127.0.0.1:PORT`
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports.api.number())
    }

    /// The administrator's (`system:masters`).
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.path.join("admin.kubeconfig")
    }

    /// The authority that signed the API server's certificate (PEM).
    #[must_use]
    pub fn ca(&self) -> PathBuf {
        self.path.join("ca.crt")
    }

    /// Where its certificates, data and logs are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.path
    }

    /// The rig's own kubectl as the administrator, not yet started.
    #[must_use]
    pub fn kubectl_command(&self) -> Command {
        self.client("kubectl", &self.kubeconfig())
    }

    /// Helm as the administrator, not yet started.
    #[must_use]
    pub fn helm_command(&self) -> Command {
        self.client("helm", &self.kubeconfig())
    }

    /// One of the clients with another kubeconfig, for example one that leads through csoc.
    #[must_use]
    pub fn client(&self, program: &str, kubeconfig: &Path) -> Command {
        let mut command = Command::new(self.programs.join(program));
        // Nothing of the person who runs the tests: neither their clusters nor their caches.
        command.env("KUBECONFIG", kubeconfig).env("HOME", &self.path).current_dir(&self.path).stdin(Stdio::null());
        command
    }

    /// What kubectl answers.
    ///
    /// # Errors
    /// What it complains.
    pub fn kubectl<const N: usize>(&self, arguments: [&str; N]) -> Result<String, String> {
        run(self.kubectl_command().args(arguments))
    }

    /// `kubectl apply` of a text with any number of objects.
    ///
    /// # Errors
    /// What kubectl complains.
    pub fn apply(&self, objects: &str) -> Result<String, String> {
        let file = tempfile::NamedTempFile::new_in(&self.path).map_err(|e| e.to_string())?;
        std::fs::write(file.path(), objects).map_err(|e| e.to_string())?;
        run(self.kubectl_command().args(["apply", "-f"]).arg(file.path()))
    }

    /// The custom kinds that csoc reads (`rig/crds`), ready to be used.
    ///
    /// # Errors
    /// What kubectl complains.
    pub fn install_crds(&self) -> Result<(), String> {
        run(self.kubectl_command().args(["apply", "-f"]).arg(programs::source("crds")))?;
        self.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]).map(drop)
    }

    /// Nodes `PREFIX-0` and so on, all ready.
    ///
    /// # Errors
    /// What kubectl complains.
    pub fn add_nodes(&self, prefix: &str, count: usize) -> Result<(), String> {
        let nodes: String = (0..count)
            .map(|n| {
                format!(
                    "---\napiVersion: v1\nkind: Node\nmetadata:\n  name: {prefix}-{n}\n  labels:\n    \
                     kubernetes.io/hostname: {prefix}-{n}\n    kubernetes.io/os: linux\n    \
                     rig.csoc.io/nodes: {prefix}\n"
                )
            })
            .collect();
        self.apply(&nodes)?;
        let label = format!("rig.csoc.io/nodes={prefix}");
        self.kubectl(["wait", "--for=condition=Ready", "node", "-l", &label, "--timeout=60s"]).map(drop)
    }

    /// A kubeconfig that holds nothing but a token of this ServiceAccount: what a program in the cluster has.
    ///
    /// # Errors
    /// What kubectl complains.
    pub fn service_account(&self, namespace: &str, name: &str) -> Result<PathBuf, String> {
        let token = self.kubectl(["create", "token", name, "-n", namespace, "--duration=1h"])?;
        let path = self.path.join(format!("{namespace}.{name}.kubeconfig"));
        certificates::write_kubeconfig(&path, &self.url(), &self.ca(), &serde_json::json!({"token": token.trim()}))?;
        Ok(path)
    }

    /// One more line in the log of every pod.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_log(&self, line: &str) -> std::io::Result<()> {
        use std::io::Write as _;
        let mut file = std::fs::File::options().append(true).open(self.path.join("pods.log"))?;
        // The container runtime's own format: time, stream, F for a whole line.
        writeln!(file, "{} stdout F {line}", jiff::Timestamp::now())
    }

    /// The cluster's own audit log: what was asked, by whom, in order.
    ///
    /// # Panics
    /// When the API server wrote something that is not JSON.
    #[must_use]
    pub fn audit(&self) -> Vec<serde_json::Value> {
        let log = std::fs::read_to_string(self.path.join("audit.log")).unwrap_or_default();
        // The last line may be half written.
        let whole = log.rfind('\n').map_or("", |end| &log[..end]);
        whole.lines().map(|line| serde_json::from_str(line).expect("an audit event is JSON")).collect()
    }

    /// Keep the folder when this ends, and say where it is.
    fn keep_folder(&mut self) {
        if let Some(folder) = self.folder.take() {
            let _ = folder.keep();
        }
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        if std::thread::panicking() && self.folder.is_some() {
            self.keep_folder();
            eprintln!("the rig's logs are kept in {}", self.path.display());
        }
    }
}

impl Parts {
    fn each(&mut self) -> impl Iterator<Item = &mut Running> {
        let Self { kwok, scheduler, controllers, api, etcd } = self;
        [etcd, api, controllers, scheduler, kwok].into_iter().flatten()
    }
}

/// Run to the end.
fn run(command: &mut Command) -> Result<String, String> {
    let shown = command.get_args().map(|a| a.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let output = command.output().map_err(|e| format!("{} does not run: {e}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("`{shown}` failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim()))
}
