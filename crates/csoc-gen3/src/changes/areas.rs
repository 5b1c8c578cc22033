//! What a value is about, by where it stands.
//!
//! Story: `fence.FENCE_CONFIG_PUBLIC.S3_BUCKETS.x.role-arn` is about buckets, so fence's configuration;
//! `fence.serviceAccount.annotations.eks…/role-arn` is about IAM. The nearer rule wins: how a service is
//! scaled or which secrets it mounts is the same kind of work for every service.

use std::sync::Arc;

use super::{ChangeKind, Class};
use crate::catalogue;

/// Kind and area of a leaf of a commons' values. Paths are those of the umbrella chart's values or of a
/// manifest.json (whose keys are the same words in snake case).
pub(super) fn of_value(keys: &[&str]) -> (ChangeKind, Class) {
    if is_image(keys) {
        return (ChangeKind::Version, Class::Version);
    }
    let area = match keys {
        ["global", rest @ ..] => global(rest),
        ["scaling", ..] => Class::Scaling,
        [service, first, ..] => of_any_service(first).unwrap_or_else(|| of_service(service, first)),
        [service] => of_service(service, ""),
        [] => Class::Service,
    };
    (ChangeKind::Setting, area)
}

/// The catalogue's name of the service that a leaf belongs to.
pub(super) fn service(keys: &[&str]) -> Option<Arc<str>> {
    match keys {
        ["global" | "notes" | "jenkins" | "canary", ..] | [] => None,
        ["versions" | "scaling", key, ..] => {
            Some(catalogue::manifest_key(key).map_or(*key, |(service, _)| service.name).into())
        }
        [key, ..] => Some((*key).into()),
    }
}

/// Where images of services stand. Images inside a service's own settings (workspaces, jobs) are its
/// settings.
fn is_image(keys: &[&str]) -> bool {
    match keys {
        [_, "image", "tag" | "repository"] | ["versions", _] => true,
        ["etl", a, b, "tag" | "repository"] => {
            matches!((*a, *b), ("image", "tube" | "spark") | ("tube" | "spark", "image"))
        }
        [_, "image"] => true,
        _ => false,
    }
}

fn squeezed(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn global(keys: &[&str]) -> Class {
    let first = squeezed(keys.first().unwrap_or(&""));
    let second = squeezed(keys.get(1).unwrap_or(&""));
    match first.as_str() {
        "dictionaryurl" => Class::Dictionary,
        "aws" if second.contains("waf") || second == "scheme" => Class::Network,
        "wafenabled" | "netpolicy" | "netpolicies" | "revproxyarn" | "tls" | "ingress" => Class::Network,
        "originsallowcredentials" | "kubeapiendpoints" | "workspacenamespace" => Class::Network,
        "aws" | "externalsecrets" | "crossplane" | "postgres" | "gcp" => Class::Secrets,
        "frontendroot" | "portalapp" => Class::Portal,
        "pdb" | "topologyspread" | "autoscaling" | "karpenter" => Class::Scaling,
        "useryamls3path" | "syncfromdbgap" => Class::Users,
        "dispatcherjobnum" | "argo" => Class::Jobs,
        _ => Class::Global,
    }
}

/// By the key below a service, whatever the service is.
fn of_any_service(key: &str) -> Option<Class> {
    Some(match squeezed(key).as_str() {
        "replicacount" | "replicas" | "resources" | "initresources" | "autoscaling" | "strategy" => Class::Scaling,
        "affinity" | "nodeselector" | "tolerations" | "topologyspread" | "scaling" => Class::Scaling,
        "externalsecrets" | "serviceaccount" | "jobserviceaccount" | "batchserviceaccount" => Class::Secrets,
        "secrets" | "serviceaccountname" | "postgres" => Class::Secrets,
        "ingress" | "netpolicy" => Class::Network,
        "usersync" | "useryaml" => Class::Users,
        _ => return None,
    })
}

fn of_service(service: &str, key: &str) -> Class {
    match service {
        "fence" | "fenceshib" => Class::Fence,
        "hatchery" | "ambassador" | "jupyterhub" | "jeg" | "workspace-proxy" => Class::Workspaces,
        "portal" | "frontend-framework" | "dashboard" => Class::Portal,
        "funnel" | "gen3-workflow" => Class::Workflow,
        "etl" | "guppy" | "tube" | "spark" | "mappings" => Class::Etl,
        "revproxy" | "modsec" => Class::Network,
        "metadata" if squeezed(key).contains("cronjob") => Class::Jobs,
        "metadata" => Class::Metadata,
        "indexd" => Class::Indexd,
        "sower" | "ssjdispatcher" | "argo-wrapper" | "argo" | "datareplicate" | "data-upload-cron" => Class::Jobs,
        _ => Class::Service,
    }
}

/// What a file is about when no reading covers it. `within` is its path below the commons' folder.
pub(super) fn of_commons_file(within: &str) -> Class {
    let name = within.rsplit('/').next().unwrap_or(within);
    const PORTAL: [&str; 4] = ["values/portal", "values/frontend", "portal/", "dashboard/"];
    if PORTAL.iter().any(|start| within.starts_with(start)) {
        Class::Portal
    } else if within.starts_with("templates/") || matches!(name, "app.yaml" | "Chart.yaml") || within == "values.yaml" {
        Class::Application
    } else if let Some(class) = name.strip_suffix(".yaml").and_then(by_file_name) {
        class
    } else if let Some(rest) = within.strip_prefix("manifests/") {
        of_service(rest.split('/').next().unwrap_or(rest), "")
    } else {
        Class::Housekeeping
    }
}

fn by_file_name(stem: &str) -> Option<Class> {
    match stem {
        "etlMapping" => Some(Class::Etl),
        _ => catalogue::service(stem).map(|service| of_service(service.name, "")),
    }
}

/// A file outside every commons and cluster.
pub(super) fn of_repository_file(path: &str) -> Class {
    match path.split('/').next().unwrap_or(path) {
        "ci" => Class::Ci,
        "cluster-level-resources" => Class::Cluster,
        "releases" => Class::Housekeeping,
        _ => Class::Housekeeping,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_rule_wins() {
        let area = |path: &str| of_value(&path.split('.').collect::<Vec<_>>());
        assert_eq!(area("fence.image.tag"), (ChangeKind::Version, Class::Version));
        assert_eq!(area("etl.image.spark.tag"), (ChangeKind::Version, Class::Version));
        assert_eq!(area("versions.fence").1, Class::Version);
        assert_eq!(area("fence.FENCE_CONFIG_PUBLIC.S3_BUCKETS.x.role-arn").1, Class::Fence);
        assert_eq!(area("fence.serviceAccount.annotations.arn").1, Class::Secrets);
        assert_eq!(area("fence.usersync.userYamlS3Path").1, Class::Users);
        assert_eq!(area("guppy.resources.requests.memory").1, Class::Scaling);
        assert_eq!(area("hatchery.hatchery.sidecarContainer.image").1, Class::Workspaces);
        assert_eq!(area("global.aws.wafv2.enabled").1, Class::Network);
        assert_eq!(area("global.dictionary_url").1, Class::Dictionary);
        assert_eq!(area("wts.something").1, Class::Service);
    }

    #[test]
    fn files_that_nobody_parses_have_an_area_too() {
        assert_eq!(of_commons_file("values/portal/gitops.json"), Class::Portal);
        assert_eq!(of_commons_file("templates/app.yaml"), Class::Application);
        assert_eq!(of_commons_file("values/guppy.yaml"), Class::Etl);
        assert_eq!(of_repository_file("ci/default/values/fence.yaml"), Class::Ci);
        assert_eq!(of_repository_file("CODEOWNERS"), Class::Housekeeping);
    }
}
