//! What stalled readers cost. In a process of its own: run by name, by itself.

use std::process::Command;
use std::time::Duration;

use csoc_link::{Class, Sending};
use http_body_util::BodyExt as _;

use crate::stage::{Setting, pair, request};

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// Other tests in this process would be measured too.
#[test]
fn stalled_readers_cost_at_most_96_mib_at_both_ends_together() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::measured", "--ignored", "--nocapture", "--test-threads=1"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in a process of its own"]
async fn measured() {
    let (_server, _agent, link) = pair(Setting::default()).await;
    let before = resident();
    let mut stalled = Vec::new();
    for class in Class::ALL {
        for caller in 0..64 {
            let how = Sending::by(if caller < 32 { "one" } else { "two" });
            let mut response = link.send(class, request("/flood"), how).await.unwrap();
            response.body_mut().frame().await.unwrap().unwrap();
            stalled.push(response);
        }
    }
    // The windows are full when nothing grows any more.
    let mut last = before;
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = resident();
        if now <= last {
            break;
        }
        last = now;
    }
    let more = resident().saturating_sub(before);
    println!("128 stalled readers: {more} MiB more than {before} MiB");
    assert!(more <= 96, "{more} MiB more");
}
