//! The rig is a real cluster: what the agent's tests stand on.
#![expect(clippy::unwrap_used, reason = "a test fails there")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use csoc_testkit::ports::Port;
use csoc_testkit::process::Keeper;
use csoc_testkit::rig::Rig;
use csoc_testkit::wait;

const LIMIT: Duration = Duration::from_secs(60);

const WEB: &str = r"
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: main, image: 'registry.example/web:2026.07', ports: [{ containerPort: 8080 }] }
";

/// One cluster for all that only reads and adds; each test has its own namespace or names.
#[test]
fn a_cluster_does_what_clusters_do() {
    let rig = Rig::start();
    a_deployment_rolls_out(&rig);
    logs_and_exec(&rig);
    port_forward(&rig);
    jobs_complete_and_pods_fail_as_told(&rig);
    debug_containers(&rig);
    custom_kinds(&rig);
    rights_of_a_service_account_hold(&rig);
    helm_answers(&rig);
    rig.stop();
}

fn a_deployment_rolls_out(rig: &Rig) {
    rig.apply(WEB).unwrap();
    rig.kubectl(["rollout", "status", "deployment/web", "--timeout=60s"]).unwrap();
    let version = rig.kubectl(["version", "-o", "json"]).unwrap();
    let version: serde_json::Value = serde_json::from_str(&version).unwrap();
    assert_eq!(version["serverVersion"]["gitVersion"], version["clientVersion"]["gitVersion"]);
    assert_ne!(version["serverVersion"]["minor"], "", "{version}");
}

fn logs_and_exec(rig: &Rig) {
    rig.write_log("a line of this test").unwrap();
    let log = rig.kubectl(["logs", "deployment/web", "--tail=1"]).unwrap();
    assert_eq!(log, "a line of this test\n");
    assert_eq!(rig.kubectl(["logs", "deployment/web", "--previous"]).unwrap(), "ended before\n");
    assert_eq!(rig.kubectl(["exec", "deployment/web", "--", "echo", "from a pod"]).unwrap(), "from a pod\n");
    // kwok says how it ended in words, not with the exit code that a kubelet would pass on.
    let said = rig.kubectl(["exec", "deployment/web", "--", "sh", "-c", "echo err >&2; exit 3"]).unwrap_err();
    assert!(said.contains("err") && said.contains("exit status 3"), "{said}");
}

fn port_forward(rig: &Rig) {
    let port = Port::reserve();
    let mut keeper = Keeper::new().unwrap();
    let mut command = rig.kubectl_command();
    command.args(["port-forward", "deployment/web", &format!("{}:8080", port.number())]);
    let forward = keeper.start("port-forward", &mut command, &rig.folder().join("forward.log")).unwrap();
    wait::until("kubectl forwards", LIMIT, || forward.log().contains("Forwarding from").then_some(()));
    let mut stream = TcpStream::connect(("127.0.0.1", port.number())).unwrap();
    stream.write_all(b"hello pod").unwrap();
    let mut answer = [0; 9];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"hello pod");
}

fn jobs_complete_and_pods_fail_as_told(rig: &Rig) {
    rig.kubectl(["create", "job", "once", "--image=registry.example/job:1"]).unwrap();
    rig.kubectl(["wait", "--for=condition=Complete", "job/once", "--timeout=60s"]).unwrap();
    for (fate, reason) in [("crash", "CrashLoopBackOff"), ("image", "ImagePullBackOff")] {
        rig.kubectl(["run", fate, "--image=registry.example/x:1", &format!("--annotations=rig.csoc.io/fate={fate}")])
            .unwrap();
        wait::until(reason, LIMIT, || {
            rig.kubectl(["get", "pod", fate, "--no-headers"]).is_ok_and(|row| row.contains(reason)).then_some(())
        });
    }
}

fn debug_containers(rig: &Rig) {
    let pods = rig.kubectl(["get", "pods", "-l", "app=web", "-o", "name"]).unwrap();
    let pod = pods.lines().next().unwrap();
    rig.kubectl(["debug", pod, "--image=registry.example/tools:1", "--container=tools", "--", "sh"]).unwrap();
    wait::until("the debug container runs", LIMIT, || {
        let path = "jsonpath={.status.ephemeralContainerStatuses[0].state.running.startedAt}";
        rig.kubectl(["get", pod, "-o", path]).is_ok_and(|at| !at.is_empty()).then_some(())
    });
}

fn custom_kinds(rig: &Rig) {
    rig.install_crds().unwrap();
    rig.apply(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: gen3 }\n\
         spec: { project: default }\nstatus: { sync: { status: Synced }, health: { status: Healthy } }\n",
    )
    .unwrap();
    let row = rig.kubectl(["get", "applications", "--no-headers"]).unwrap();
    assert!(row.contains("Synced") && row.contains("Healthy"), "{row}");
}

fn rights_of_a_service_account_hold(rig: &Rig) {
    rig.kubectl(["create", "serviceaccount", "reader"]).unwrap();
    rig.kubectl(["create", "clusterrolebinding", "reader", "--clusterrole=view", "--serviceaccount=default:reader"])
        .unwrap();
    let kubeconfig = rig.service_account("default", "reader").unwrap();
    let ask = |arguments: &[&str]| rig.client("kubectl", &kubeconfig).args(arguments).output().unwrap();
    assert!(ask(&["get", "pods"]).status.success());
    let refused = ask(&["get", "secrets"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Forbidden"), "{refused:?}");
    let audit = rig.audit();
    let event = audit.iter().rfind(|e| e["objectRef"]["resource"] == "secrets").unwrap();
    assert_eq!(event["user"]["username"], "system:serviceaccount:default:reader");
    assert_eq!(event["annotations"]["authorization.k8s.io/decision"], "forbid");
}

fn helm_answers(rig: &Rig) {
    let output = rig.helm_command().args(["list", "-A", "-o", "json"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "[]", "{output:?}");
}

#[test]
fn two_clusters_live_side_by_side_and_leave_nothing() {
    let (one, two) = std::thread::scope(|scope| {
        let (one, two) = (scope.spawn(Rig::start), scope.spawn(Rig::start));
        (one.join().unwrap(), two.join().unwrap())
    });
    one.kubectl(["create", "namespace", "only-here"]).unwrap();
    assert!(two.kubectl(["get", "namespace", "only-here"]).unwrap_err().contains("NotFound"));
    let folders = [one.folder().to_path_buf(), two.folder().to_path_buf()];
    drop((one, two));
    for folder in folders {
        assert!(!folder.exists());
        assert_eq!(processes_in(&folder), Vec::<String>::new());
    }
}

#[test]
fn the_api_server_comes_back_with_what_it_had() {
    let mut rig = Rig::start();
    rig.kubectl(["create", "configmap", "kept"]).unwrap();
    rig.kill_api();
    assert!(rig.kubectl(["get", "configmap", "kept"]).is_err());
    rig.start_api().unwrap();
    rig.kubectl(["get", "configmap", "kept"]).unwrap();
}

/// Command lines that name this folder.
fn processes_in(folder: &std::path::Path) -> Vec<String> {
    let folder = folder.display().to_string();
    let lines = std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        let line = String::from_utf8_lossy(&std::fs::read(entry.path().join("cmdline")).ok()?).replace('\0', " ");
        (id != std::process::id() && line.contains(&folder)).then_some(line)
    });
    lines.collect()
}
