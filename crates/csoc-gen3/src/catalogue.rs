//! What is known about Gen3's services without a chart at hand: which values switch them on, which image
//! they run, whether they follow the monthly release.
//!
//! Story: no file of a commons mentions `etl`, and yet it runs: the umbrella chart turns it on. When the
//! chart cannot be read, this table says so, and whoever uses it marks the answer as assumed.
//!
//! The defaults are those of the umbrella chart gen3-helm in August 2026. A chart at its own revision
//! always knows better; nothing here overrides one.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How much of a commons is gone when the service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceTier {
    /// Without it the commons is down.
    Core,
    /// On by default, or in more than half of the commons that are known.
    Standard,
    /// Signing proxies and the like: seen only through what needs them.
    Infrastructure,
    Optional,
    /// Made for one programme.
    ProjectSpecific,
}

/// One container image of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    /// `None` for the service's only image.
    pub component: Option<&'static str>,
    /// Below the service's values: the map that holds `repository` and `tag`.
    pub path: &'static [&'static str],
    pub repository: &'static str,
    /// The chart's own tag, or its appVersion.
    pub tag: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// Also the chart dependency's name and the key in the values.
    pub name: &'static str,
    /// The values path that switches it.
    pub condition: &'static [&'static str],
    pub on_by_default: bool,
    pub images: &'static [Image],
    pub tier: ServiceTier,
    /// Commons of a mesh call it on each other.
    pub framework: bool,
    /// Its repository gets the tag of every monthly release.
    pub monthly: bool,
    /// Keys of `versions` in a manifest.json; the first is the service itself, others are components.
    pub manifest_keys: &'static [&'static str],
    /// GitHub repository of its source, where it is public.
    pub source: Option<&'static str>,
}

const fn image(repository: &'static str, tag: &'static str) -> Image {
    Image { component: None, path: &["image"], repository, tag }
}

macro_rules! services {
    ($($name:literal $tier:ident $default:ident $monthly:ident $framework:ident
       [$($condition:literal).+] [$($image:expr),* $(,)?] [$($manifest:literal),*] $source:expr;)+) => {
        &[$(Service {
            name: $name,
            condition: &[$($condition),+],
            on_by_default: services!(@ $default),
            images: &[$($image),*],
            tier: ServiceTier::$tier,
            framework: services!(@ $framework),
            monthly: services!(@ $monthly),
            manifest_keys: &[$($manifest),*],
            source: $source,
        }),+]
    };
    (@ on) => { true };
    (@ off) => { false };
    (@ monthly) => { true };
    (@ own) => { false };
    (@ mesh) => { true };
    (@ local) => { false };
}

const TUBE: Image =
    Image { component: Some("tube"), path: &["image", "tube"], repository: "quay.io/cdis/tube", tag: "master" };
const SPARK: Image =
    Image { component: Some("spark"), path: &["image", "spark"], repository: "quay.io/cdis/gen3-spark", tag: "master" };

/// Core first, then by how many commons run them.
#[rustfmt::skip]
pub const SERVICES: &[Service] = services! {
    // name, tier, default, tag, mesh, [condition], [images], [manifest keys], source
    "revproxy" Core on monthly local ["revproxy"."enabled"] [image("quay.io/cdis/nginx", "master")] ["revproxy"] Some("uc-cdis/docker-nginx");
    "fence" Core on monthly mesh ["fence"."enabled"] [image("quay.io/cdis/fence", "master")] ["fence", "presigned-url-fence", "fenceshib"] Some("uc-cdis/fence");
    "arborist" Core on monthly mesh ["arborist"."enabled"] [image("quay.io/cdis/arborist", "master")] ["arborist"] Some("uc-cdis/arborist");
    "indexd" Core on monthly mesh ["indexd"."enabled"] [image("quay.io/cdis/indexd", "master")] ["indexd"] Some("uc-cdis/indexd");
    "peregrine" Core on monthly local ["peregrine"."enabled"] [image("quay.io/cdis/peregrine", "master")] ["peregrine"] Some("uc-cdis/peregrine");
    "sheepdog" Core on monthly local ["sheepdog"."enabled"] [image("quay.io/cdis/sheepdog", "master")] ["sheepdog"] Some("uc-cdis/sheepdog");
    "portal" Core on monthly local ["portal"."enabled"] [image("quay.io/cdis/data-portal", "master")] ["portal"] Some("uc-cdis/data-portal");
    "frontend-framework" Standard off own local ["frontend-framework"."enabled"] [image("quay.io/cdis/commons-frontend-app", "main")] ["frontend-framework"] Some("uc-cdis/gen3-frontend-framework");
    "guppy" Standard off monthly local ["guppy"."enabled"] [image("quay.io/cdis/guppy", "master")] ["guppy"] Some("uc-cdis/guppy");
    "etl" Standard on monthly local ["etl"."enabled"] [TUBE, SPARK] ["tube", "spark"] Some("uc-cdis/tube");
    "metadata" Standard on monthly mesh ["metadata"."enabled"] [image("quay.io/cdis/metadata-service", "feat_es-7")] ["metadata"] Some("uc-cdis/metadata-service");
    "manifestservice" Standard on monthly local ["manifestservice"."enabled"] [image("quay.io/cdis/manifestservice", "master")] ["manifestservice"] Some("uc-cdis/manifestservice");
    "wts" Standard on monthly mesh ["wts"."enabled"] [image("quay.io/cdis/workspace-token-service", "master")] ["wts"] Some("uc-cdis/workspace-token-service");
    "hatchery" Standard on monthly local ["hatchery"."enabled"] [image("quay.io/cdis/hatchery", "master")] ["hatchery"] Some("uc-cdis/hatchery");
    "ambassador" Standard on own local ["ambassador"."enabled"] [image("quay.io/datawire/ambassador", "1.4.2")] ["ambassador"] Some("datawire/ambassador");
    "audit" Standard on monthly local ["audit"."enabled"] [image("quay.io/cdis/audit-service", "master")] ["audit-service"] Some("uc-cdis/audit-service");
    "requestor" Optional off monthly local ["requestor"."enabled"] [image("quay.io/cdis/requestor", "master")] ["requestor"] Some("uc-cdis/requestor");
    "sower" Optional off monthly local ["sower"."enabled"] [image("quay.io/cdis/sower", "master")] ["sower"] Some("uc-cdis/sower");
    "ssjdispatcher" Optional off monthly local ["ssjdispatcher"."enabled"] [image("quay.io/cdis/ssjdispatcher", "2022.08")] ["ssjdispatcher"] Some("uc-cdis/ssjdispatcher");
    "dashboard" Optional off monthly local ["dashboard"."enabled"] [image("quay.io/cdis/gen3-statics", "2025.04")] ["dashboard"] Some("uc-cdis/gen3-statics");
    "aws-sigv4-proxy" Infrastructure off own local ["aws-sigv4-proxy"."enabled"] [image("quay.io/cdis/aws-sigv4-proxy", "master")] [] Some("uc-cdis/aws-sigv4-proxy");
    "aws-es-proxy" Infrastructure off own local ["aws-es-proxy"."enabled"] [image("quay.io/cdis/aws-es-proxy", "master")] ["aws-es-proxy"] Some("uc-cdis/aws-es-proxy");
    "gen3-user-data-library" Optional off monthly local ["gen3-user-data-library"."enabled"] [image("quay.io/cdis/gen3-user-data-library", "main")] ["gen3-user-data-library"] Some("uc-cdis/gen3-user-data-library");
    "gen3-workflow" Optional off own local ["gen3-workflow"."enabled"] [image("quay.io/cdis/gen3-workflow", "master")] [] Some("uc-cdis/gen3-workflow");
    "funnel" Optional off own local ["gen3-workflow"."enabled"] [image("quay.io/ohsu-comp-bio/funnel", "develop-2026-07-09-19-49-55Z-97d1df55")] [] Some("ohsu-comp-bio/funnel");
    "gen3-embeddings" Optional off own local ["gen3-embeddings"."enabled"] [image("quay.io/cdis/gen3_embeddings", "main")] [] Some("uc-cdis/gen3-ai");
    "embedding-management-service" Optional off own local ["embedding-management-service"."enabled"] [image("quay.io/cdis/embedding-management-service", "feat_service")] [] Some("uc-cdis/gen3-ai");
    "gen3-analysis" Optional off own local ["gen3-analysis"."enabled"] [image("quay.io/cdis/gen3-analysis", "main")] [] Some("uc-cdis/gen3-analysis");
    "cedar" ProjectSpecific off own local ["cedar"."enabled"] [image("quay.io/cdis/cedar", "master")] ["cedar-wrapper"] Some("uc-cdis/cedar-wrapper-service");
    "zendesk-wrapper" ProjectSpecific off own local ["zendesk-wrapper"."enabled"] [image("quay.io/cdis/zendesk-wrapper-service", "master")] ["zendesk-wrapper", "kayako-wrapper"] Some("uc-cdis/zendesk-wrapper-service");
    "access-backend" ProjectSpecific off monthly local ["access-backend"."enabled"] [image("quay.io/cdis/access-backend", "latest")] ["access-backend"] Some("uc-cdis/ACCESS-backend");
    "argo-wrapper" ProjectSpecific off own local ["argo-wrapper"."enabled"] [image("quay.io/cdis/argo-wrapper", "master")] ["argo-wrapper"] Some("uc-cdis/argo-wrapper");
    "cohort-middleware" ProjectSpecific off own local ["cohort-middleware"."enabled"] [image("quay.io/cdis/cohort-middleware", "master")] ["cohort-middleware"] Some("uc-cdis/cohort-middleware");
    "ohdsi-atlas" ProjectSpecific off own local ["ohdsi-atlas"."enabled"] [image("quay.io/cdis/ohdsi-atlas", "2.15.0-DEV")] ["ohdsi-atlas"] Some("OHDSI/Atlas");
    "ohdsi-webapi" ProjectSpecific off own local ["ohdsi-webapi"."enabled"] [image("quay.io/cdis/ohdsi-webapi", "2.15.0-DEV")] ["ohdsi-webapi"] Some("OHDSI/WebAPI");
    "dicom-server" ProjectSpecific off own local ["dicom-server"."enabled"] [image("quay.io/cdis/gen3-orthanc", "gen3-0.1.2")] ["dicom-server"] None;
    "orthanc" ProjectSpecific off own local ["orthanc"."enabled"] [image("quay.io/cdis/gen3-orthanc", "orthancteam-master-gen3-24.3.5")] ["orthanc"] None;
    "ohif-viewer" ProjectSpecific off own local ["ohif-viewer"."enabled"] [image("quay.io/cdis/ohif-viewer", "gen3-v3.8.0")] ["ohif-viewer", "dicom-viewer"] Some("OHIF/Viewers");
    "datareplicate" ProjectSpecific off own local ["datareplicate"."enabled"] [image("quay.io/cdis/dcf-dataservice", "master")] ["datareplicate"] Some("uc-cdis/dcf-dataservice");
    "data-upload-cron" ProjectSpecific off own local ["data-upload-cron"."enabled"] [image("quay.io/cdis/data-upload-cron", "master")] [] Some("uc-cdis/data-upload-cron");
    "jeg" ProjectSpecific off own local ["jeg"."enabled"] [image("quay.io/cdis/gen3-vectis", "qa-jeg")] [] Some("uc-cdis/gen3-vectis");
    "workspace-proxy" ProjectSpecific off own local ["workspace-proxy"."enabled"] [image("quay.io/cdis/gen3-vectis", "qa-goproxy")] [] Some("uc-cdis/multihead-workspace-proxy");
    "vectis-overlays" ProjectSpecific off own local ["vectis-overlays"."enabled"] [] [] Some("uc-cdis/gen3-vectis");
};

/// Dependencies of the umbrella chart that are no Gen3 service: libraries, databases for laptops, policies.
pub const NOT_SERVICES: &[&str] = &["common", "elasticsearch", "postgresql", "gen3-network-policies", "neuvector"];

/// Manifest keys that the old setup used and no chart has; kept under their own name.
pub const RETIRED: &[&str] = &["fluentd", "pidgin", "jupyterhub", "spark", "tube", "awshelper", "coremetadata"];

/// Repositories whose image has another name, beside those of a service in the table (`docker-nginx` makes
/// `nginx`). One repository can make several.
pub const IMAGES_OF_REPOSITORY: &[(&str, &[&str])] = &[
    ("pelican", &["pelican-export"]),
    ("docker-nginx", &["nginx"]),
    ("gen3-fuse", &["gen3fuse-sidecar"]),
    ("cloud-automation", &["awshelper"]),
    ("cdis-data-client", &["gen3-client"]),
    ("ACCESS-backend", &["access-backend"]),
    (
        "sower-jobs",
        &[
            "metadata-manifest-ingestion",
            "get-dbgap-metadata",
            "manifest-indexing",
            "download-indexd-manifest",
            "batch-export",
        ],
    ),
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Service>> =
    LazyLock::new(|| SERVICES.iter().map(|service| (service.name, service)).collect());

static BY_MANIFEST_KEY: LazyLock<HashMap<&'static str, (&'static Service, Option<&'static str>)>> =
    LazyLock::new(|| {
        let mut keys = HashMap::new();
        for service in SERVICES {
            for (index, key) in service.manifest_keys.iter().enumerate() {
                let own_image =
                    service.images.iter().find(|image| image.component == Some(key)).and_then(|i| i.component);
                let component = own_image.or((index > 0).then_some(*key));
                keys.insert(*key, (service, component));
            }
        }
        keys
    });

/// The service of this name, which is also its key in the values.
pub fn service(name: &str) -> Option<&'static Service> {
    BY_NAME.get(name).copied()
}

/// What a key of `versions` in a manifest.json means: the service, and the component where the key names
/// only a part of it (`tube` of etl, `presigned-url-fence` of fence).
pub fn manifest_key(key: &str) -> Option<(&'static Service, Option<&'static str>)> {
    BY_MANIFEST_KEY.get(key).copied()
}

/// Does this service get the tag of every monthly release? Unknown services do not count.
pub fn is_monthly(name: &str) -> bool {
    service(name).is_some_and(|service| service.monthly)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_by_default_is_what_the_umbrella_turns_on() {
        let on: Vec<_> = SERVICES.iter().filter(|s| s.on_by_default).map(|s| s.name).collect();
        let expected = "revproxy fence arborist indexd peregrine sheepdog portal etl metadata manifestservice wts \
                        hatchery ambassador audit";
        assert_eq!(on.join(" "), expected);
    }

    #[test]
    fn funnel_follows_the_workflow_service() {
        assert_eq!(service("funnel").map(|s| s.condition), Some(&["gen3-workflow", "enabled"][..]));
    }

    #[test]
    fn manifest_keys_name_services_and_their_parts() {
        let of = |key| manifest_key(key).map(|(service, component)| (service.name, component));
        assert_eq!(of("audit-service"), Some(("audit", None)));
        assert_eq!(of("tube"), Some(("etl", Some("tube"))));
        assert_eq!(of("presigned-url-fence"), Some(("fence", Some("presigned-url-fence"))));
        assert_eq!(of("fluentd"), None);
    }

    #[test]
    fn names_are_unique() {
        assert_eq!(BY_NAME.len(), SERVICES.len());
    }
}
