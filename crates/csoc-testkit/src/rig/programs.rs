//! Where the rig's programs are, and how each is started.
//!
//! Everything listens on loopback only. What would make tests wait (leader election, fsync) is off; what makes it
//! a real cluster (RBAC, admission, aggregation, audit, service account tokens) is on.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder or file of the repository's `rig/`.
pub(super) fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rig").join(name)
}

/// The folder with the programs, built when they are not there yet.
pub(super) fn find() -> Result<PathBuf, String> {
    if let Some(folder) = std::env::var_os("CSOC_RIG_BIN") {
        return Ok(folder.into());
    }
    let script = source("../scripts/rig.sh");
    let built = Command::new(&script)
        .arg("build")
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|e| format!("{} does not run: {e}", script.display()))?;
    if !built.status.success() {
        return Err("its programs could not be built; `scripts/rig.sh build` says why".into());
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&built.stdout).trim()))
}

/// What kwok serves besides the stages: logs from one file, exec as a real process, port-forward as an echo.
pub(super) fn write_configuration(folder: &Path) -> Result<(), String> {
    let target = |kind: &str, spec: serde_json::Value| {
        serde_json::json!({
            "apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": kind, "metadata": { "name": "all" }, "spec": spec,
        })
        .to_string()
    };
    let logs = folder.join("pods.log");
    let previous = folder.join("pods-previous.log");
    let home = folder.join("container");
    let text = [
        target(
            "ClusterLogs",
            serde_json::json!({ "logs": [{ "logsFile": logs, "previousLogsFile": previous, "follow": true }] }),
        ),
        target("ClusterAttach", serde_json::json!({ "attaches": [{ "logsFile": logs }] })),
        target(
            "ClusterExec",
            serde_json::json!({ "execs": [{ "local": { "workDir": home, "envs": [{ "name": "HOME", "value": home }] } }] }),
        ),
        target("ClusterPortForward", serde_json::json!({ "forwards": [{ "command": ["cat"] }] })),
    ]
    .join("\n---\n");
    let line = |text: &str| format!("{} stdout F {text}\n", jiff::Timestamp::now());
    std::fs::write(folder.join("kwok.yaml"), text)
        .and_then(|()| std::fs::create_dir(&home))
        .and_then(|()| std::fs::write(&logs, line("started")))
        .and_then(|()| std::fs::write(&previous, line("ended before")))
        .map_err(|e| format!("{}: {e}", folder.display()))
}

pub(super) fn etcd(folder: &Path, client: u16, peer: u16) -> Vec<String> {
    let (client, peer) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
    vec![
        "--unsafe-no-fsync".into(),
        "--log-level=warn".into(),
        format!("--data-dir={}", folder.join("etcd").display()),
        format!("--listen-client-urls={client}"),
        format!("--advertise-client-urls={client}"),
        format!("--listen-peer-urls={peer}"),
        format!("--initial-advertise-peer-urls={peer}"),
        format!("--initial-cluster=default={peer}"),
    ]
}

pub(super) fn api(folder: &Path, port: u16, etcd: u16) -> Vec<String> {
    let file = |flag: &str, name: &str| format!("--{flag}={}", folder.join(name).display());
    vec![
        format!("--etcd-servers=http://127.0.0.1:{etcd}"),
        "--bind-address=127.0.0.1".into(),
        "--advertise-address=127.0.0.1".into(),
        // It refuses to publish a loopback address as the service `kubernetes`, and complains for ever.
        "--endpoint-reconciler-type=none".into(),
        format!("--secure-port={port}"),
        file("tls-cert-file", "api.crt"),
        file("tls-private-key-file", "api.key"),
        file("client-ca-file", "ca.crt"),
        file("service-account-key-file", "service-accounts.pub"),
        file("service-account-signing-key-file", "service-accounts.key"),
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local".into(),
        "--service-cluster-ip-range=10.96.0.0/16".into(),
        "--authorization-mode=Node,RBAC".into(),
        "--allow-privileged=true".into(),
        // Aggregation: metrics.k8s.io and the like.
        file("requestheader-client-ca-file", "front-proxy-ca.crt"),
        "--requestheader-allowed-names=front-proxy-client".into(),
        "--requestheader-username-headers=X-Remote-User".into(),
        "--requestheader-group-headers=X-Remote-Group".into(),
        "--requestheader-extra-headers-prefix=X-Remote-Extra-".into(),
        file("proxy-client-cert-file", "front-proxy-client.crt"),
        file("proxy-client-key-file", "front-proxy-client.key"),
        "--enable-aggregator-routing=true".into(),
        file("kubelet-certificate-authority", "ca.crt"),
        file("kubelet-client-certificate", "kubelet-client.crt"),
        file("kubelet-client-key", "kubelet-client.key"),
        "--kubelet-preferred-address-types=InternalIP".into(),
        format!("--audit-policy-file={}", source("audit.yaml").display()),
        file("audit-log-path", "audit.log"),
        // An answer is given only after its event was written, so that a test need not wait for the log.
        "--audit-log-mode=blocking".into(),
    ]
}

pub(super) fn controllers(folder: &Path) -> Vec<String> {
    let file = |flag: &str, name: &str| format!("--{flag}={}", folder.join(name).display());
    vec![
        file("kubeconfig", "kube-controller-manager.kubeconfig"),
        file("service-account-private-key-file", "service-accounts.key"),
        file("root-ca-file", "ca.crt"),
        file("cluster-signing-cert-file", "ca.crt"),
        file("cluster-signing-key-file", "ca.key"),
        "--use-service-account-credentials=true".into(),
        "--leader-elect=false".into(),
        "--secure-port=0".into(),
    ]
}

pub(super) fn scheduler(folder: &Path) -> Vec<String> {
    vec![
        format!("--kubeconfig={}", folder.join("kube-scheduler.kubeconfig").display()),
        "--leader-elect=false".into(),
        "--secure-port=0".into(),
    ]
}

pub(super) fn kwok(folder: &Path, port: u16) -> Vec<String> {
    let file = |flag: &str, name: &str| format!("--{flag}={}", folder.join(name).display());
    vec![
        file("kubeconfig", "kwok.kubeconfig"),
        format!("--config={}", source("stages.yaml").display()),
        file("config", "kwok.yaml"),
        "--manage-all-nodes=true".into(),
        "--node-lease-duration-seconds=40".into(),
        "--cidr=10.244.0.0/16".into(),
        "--node-ip=127.0.0.1".into(),
        format!("--node-port={port}"),
        format!("--server-address=127.0.0.1:{port}"),
        file("tls-cert-file", "kubelet.crt"),
        file("tls-private-key-file", "kubelet.key"),
    ]
}
