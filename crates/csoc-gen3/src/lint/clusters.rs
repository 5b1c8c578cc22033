//! A cluster's own values: its name, its components' files, the branch those come from.

use csoc_core::finding::Severity;

use super::look::{Draft, Look, Out, Place, Subject};
use crate::fleet::{AddOn, ClusterReading};
use crate::layout::{base, is_yaml};
use crate::tree::EntryKind;
use crate::yaml::{Kind, Mark, Node};

/// Components whose values come from `<cluster>/cluster-values/<component>.yaml` when
/// `configuration.enabled` is set. Others (cert-manager) read their configuration in place.
const WITH_FILE: &[&str] = &[
    "alb-controller",
    "argo-events",
    "argo-workflows",
    "aws-s3-mountpoint",
    "calico",
    "cilium",
    "coreDNS",
    "crossplane",
    "ebs-csi-driver",
    "efs-csi-driver",
    "external-secrets",
    "fluentd",
    "grafana-alloy",
    "karpenter",
    "kube-state-metrics",
    "metrics-server",
    "nvidia-device-plugin",
    "vpc-cni",
];

const DEFAULT_BRANCHES: &[&str] = &["master", "main", "HEAD"];

const REVISION: [&str; 2] = ["configuration", "configurationRevision"];

pub fn check(look: &Look<'_>, out: &mut Out) {
    for cluster in &look.reading.clusters {
        let Some(values) = cluster.values.as_deref() else { continue };
        let of = Of { look, cluster, values };
        of.name(out);
        of.revision(out);
        if of.in_usual_folder() {
            of.components(out);
            of.configured_by_nothing(out);
            of.files(out);
        }
        of.misspelled(out);
    }
}

struct Of<'l> {
    look: &'l Look<'l>,
    cluster: &'l ClusterReading,
    values: &'l Node,
}

impl Of<'_> {
    fn draft(
        &self,
        rule: &'static str,
        severity: Option<Severity>,
        place: Place,
        about: &str,
        message: String,
    ) -> Draft {
        Draft {
            rule,
            severity,
            subject: Subject::Cluster(self.cluster.folder.clone()),
            place,
            about: about.into(),
            message,
            help: None,
            holder: None,
        }
    }

    fn stated(&self) -> Option<(&str, Option<Mark>)> {
        self.cluster.stated_name.as_ref().map(|said| (&*said.value, said.at))
    }

    /// The folder's own name, and what the values say the cluster is called.
    fn name(&self, out: &mut Out) {
        let Some((stated, Some(at))) = self.stated() else { return };
        let folder = base(&self.cluster.folder);
        self.nodes(stated, folder, out);
        if stated == folder {
            return;
        }
        let message = format!("The folder is {folder}, the cluster calls itself {stated}");
        out.add(self.draft("cluster-name-mismatch", None, self.look.place(at), "cluster", message));
    }

    /// Karpenter finds subnets, security groups and the nodes' role by the cluster's name.
    fn nodes(&self, stated: &str, folder: &str, out: &mut Out) {
        let Some(node) = self.values.get(&["karpenter-crds", "selectorTag"]) else { return };
        let Kind::Str(tag) = &node.kind else { return };
        let eks = self.values.get(&["eksClusterName"]).map(Node::render);
        if tag.is_empty() || tag.contains("{{") || [stated, folder].contains(&&**tag) || eks.as_deref() == Some(&**tag)
        {
            return;
        }
        let message = format!("Karpenter looks for the resources of {tag}, the cluster calls itself {stated}");
        let place = self.look.place(node.mark);
        out.add(self.draft(
            "cluster-name-mismatch",
            Some(Severity::Medium),
            place,
            "karpenter-crds.selectorTag",
            message,
        ));
    }

    /// The branch that the components' files are read from.
    fn revision(&self, out: &mut Out) {
        let Some(node) = self.values.get(&REVISION) else { return };
        let Some(revision) = self.other_revision() else { return };
        let files = self.configured().count();
        let (severity, what) = match files {
            0 => (Some(Severity::Low), "none is used today".to_owned()),
            1 => (None, "one is used".to_owned()),
            n => (None, format!("{n} are used")),
        };
        let message = format!(
            "Component files of {} are read from {revision}, not from here; {what}",
            base(&self.cluster.folder)
        );
        let place = self.look.place(node.mark);
        let mut draft =
            self.draft("foreign-values-revision", severity, place, "configuration.configurationRevision", message);
        draft.help = Some("Set configuration.configurationRevision to the branch that is reviewed.".into());
        out.add(draft);
    }

    /// A branch other than the one that is read here.
    fn other_revision(&self) -> Option<&str> {
        match &self.values.get(&REVISION)?.kind {
            Kind::Str(revision) => {
                Some(&**revision).filter(|name| !name.is_empty() && !DEFAULT_BRANCHES.contains(name))
            }
            _ => None,
        }
    }

    fn configured(&self) -> impl Iterator<Item = &AddOn> {
        self.cluster
            .add_ons
            .iter()
            .filter(|component| component.enabled && component.configured && WITH_FILE.contains(&&*component.name))
    }

    /// `<cluster>/cluster-values/`: only there does the chart look for component files.
    fn in_usual_folder(&self) -> bool {
        self.cluster.values_path.as_deref().is_some_and(|path| path.ends_with("/cluster-values/cluster-values.yaml"))
    }

    fn folder(&self) -> &str {
        let path = self.cluster.values_path.as_deref().unwrap_or_default();
        path.strip_suffix("/cluster-values.yaml").unwrap_or(path)
    }

    fn components(&self, out: &mut Out) {
        let stated = self.stated().map_or(base(&self.cluster.folder), |(name, _)| name);
        for component in self.configured() {
            let path = format!("{stated}/cluster-values/{}.yaml", component.name);
            if self.look.context.tree.find(&path).is_some() {
                continue;
            }
            let elsewhere = self.other_revision();
            let missing = match elsewhere {
                Some(revision) => format!("which is not here ({revision} is read)"),
                None => "which does not exist".to_owned(),
            };
            let instead = match &component.file {
                Some(file) => format!("; {file} is not read, because the cluster calls itself {stated}"),
                None => String::new(),
            };
            let message = format!("{} is configured by {path}, {missing}{instead}", component.name);
            let severity = elsewhere.map(|_| Severity::Medium);
            let at = self.values.get(&[&component.name, "configuration", "enabled"]);
            let place = self.look.place(at.map_or(component.at, |node| node.mark));
            out.add(self.draft("missing-configuration", severity, place, &component.name, message));
        }
    }

    /// A component that is configured in place, with nothing to configure.
    fn configured_by_nothing(&self, out: &mut Out) {
        let on = |component: &&AddOn| component.enabled && component.configured && component.file.is_none();
        for component in self.cluster.add_ons.iter().filter(on) {
            let node = self.values.get(&[&component.name, "configuration"]);
            let Some(Kind::Map(settings)) = node.map(|node| &node.kind) else { continue };
            let Some(switch) = settings.get("enabled") else { continue };
            if WITH_FILE.contains(&&*component.name) || settings.len() > 1 {
                continue;
            }
            let message =
                format!("{0}.configuration is enabled; no setting stands beside it and no {0}.yaml", component.name);
            let place = self.look.place(switch.node.mark);
            out.add(self.draft("missing-configuration", Some(Severity::Low), place, &component.name, message));
        }
    }

    /// YAML beside the values that no component reads.
    fn files(&self, out: &mut Out) {
        let folder = self.folder();
        for entry in self.look.context.tree.under(folder) {
            let file = &entry.path[folder.len() + 1..];
            let skipped = file.contains('/') || file == "cluster-values.yaml" || !is_yaml(file);
            if skipped || entry.kind != EntryKind::File {
                continue;
            }
            let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
            let component = self.cluster.add_ons.iter().find(|component| *component.name == *name);
            let message = match component {
                Some(component) if component.configured || !WITH_FILE.contains(&name) => continue,
                Some(_) => format!("{name} does not read its file: configuration.enabled is not true"),
                None => format!("No component is called {name}; nothing reads the file"),
            };
            if component.is_none() && self.is_named_in_values(name) {
                continue;
            }
            out.add(self.draft("dead-configuration", None, Place::start_of(&entry.path), file, message));
        }
    }

    fn is_named_in_values(&self, name: &str) -> bool {
        let path = self.cluster.values_path.as_deref().unwrap_or_default();
        self.look.text(path).is_some_and(|text| text.contains(name))
    }

    /// `enable: true` of a component that has no `enabled`.
    fn misspelled(&self, out: &mut Out) {
        let Kind::Map(map) = &self.values.kind else { return };
        for (name, entry) in map.iter() {
            let Kind::Map(component) = &entry.node.kind else { continue };
            if component.contains_key("enabled") {
                continue;
            }
            for (key, inner) in
                component.iter().filter(|(key, inner)| super::depth::is_misspelled_enabled(key, &inner.node))
            {
                let message = format!("{name}.{key} is no setting; {name}.enabled is");
                let place = self.look.place(inner.key_mark);
                out.add(self.draft("misspelled-enabled", None, place, &format!("{name}.{key}"), message));
            }
        }
    }
}
