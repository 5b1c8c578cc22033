//! Every rule on a small fleet: what it must find, and the near miss that it must not.

use std::collections::BTreeSet;

use csoc_core::finding::Severity;

use super::*;
use crate::fleet::{Cache, ReadContext, read};
use crate::tree::MemoryTree;

mod applications;
mod clusters;
mod depth;
mod files;
mod report;
mod scalars;
mod values;

/// A fleet from files. A commons folder without an Application gets the usual one, a cluster without values
/// gets its name and account.
struct Fleet {
    tree: MemoryTree,
    chart: Option<MemoryTree>,
}

const ACCOUNT: &str = "111122223333";

fn application(cluster: &str, hostname: &str, namespace: &str) -> String {
    format!(
        "apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: gen3-{namespace}
spec:
  sources:
    - path: helm/gen3
      repoURL: https://github.com/uc-cdis/gen3-helm
      targetRevision: v1.2.3
      helm:
        releaseName: gen3
        valueFiles:
          - $values/{cluster}/{hostname}/values/values.yaml
    - repoURL: https://github.com/example/fleet
      targetRevision: main
      ref: values
  destination:
    server: https://kubernetes.default.svc
    namespace: {namespace}
"
    )
}

impl Fleet {
    fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = MemoryTree::new(files.iter().copied());
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        let mut clusters = BTreeSet::new();
        for path in &paths {
            let mut parts = path.split('/');
            let (Some(cluster), Some(hostname)) = (parts.next(), parts.next()) else { continue };
            if !hostname.contains('.') || parts.next().is_none() {
                continue;
            }
            clusters.insert(cluster);
            let declared = format!("{cluster}/{hostname}/templates/app.yaml");
            if !paths.contains(&&*declared) {
                let namespace = hostname.replace('.', "-");
                tree.insert(&declared, application(cluster, hostname, &namespace).as_bytes());
            }
        }
        for cluster in clusters {
            let values = format!("{cluster}/cluster-values/cluster-values.yaml");
            if !paths.contains(&&*values) {
                tree.insert(&values, format!("cluster: {cluster}\naccountNumber: \"{ACCOUNT}\"\n").as_bytes());
            }
        }
        Self { tree, chart: None }
    }

    /// One production commons with these values.
    fn production(values: &str) -> Self {
        let values = format!("global:\n  hostname: data.example.org\n{values}");
        Self::of(&[("prod/data.example.org/values/values.yaml", &values)])
    }

    fn with_chart(mut self, files: &[(&str, &str)]) -> Self {
        self.chart = Some(MemoryTree::new(files.iter().copied()));
        self
    }

    fn lint(&self) -> LintReport {
        let reading = read(&self.tree, &ReadContext::default(), &mut Cache::default());
        let chart = self.chart.as_ref().map(|tree| ChartFiles { tree, folder: "helm/gen3" });
        run(&reading, &Context { tree: &self.tree, chart })
    }

    /// What one rule says: `line:column message`, in the order of the files.
    fn says(&self, rule: &str) -> Vec<String> {
        let mut found: Vec<_> = self.lint().findings.into_iter().filter(|finding| finding.rule == rule).collect();
        found.sort_by(|a, b| order(a).cmp(&order(b)));
        found.iter().map(|f| format!("{}:{} {}", f.line, f.column, f.message)).collect()
    }

    fn severity(&self, rule: &str) -> Option<Severity> {
        self.lint().findings.iter().find(|finding| finding.rule == rule).map(|finding| finding.severity)
    }
}

#[track_caller]
fn silent(fleet: &Fleet, rule: &str) {
    assert_eq!(fleet.says(rule), Vec::<String>::new());
}

/// Every rule of the table is named by some test above or below; a rule without a test is a rule nobody
/// knows the edge of.
#[test]
fn every_rule_is_tested() {
    let sources = [
        include_str!("tests/applications.rs"),
        include_str!("tests/clusters.rs"),
        include_str!("tests/depth.rs"),
        include_str!("tests/files.rs"),
        include_str!("tests/report.rs"),
        include_str!("tests/scalars.rs"),
        include_str!("tests/values.rs"),
    ]
    .concat();
    for rule in rules() {
        let id = format!("\"{}\"", rule.id);
        let silent = format!(", {id})");
        assert!(sources.contains(&format!("says({id})")), "{} is never expected to speak", rule.id);
        assert!(sources.contains(&silent), "{} is never expected to be silent", rule.id);
    }
}
