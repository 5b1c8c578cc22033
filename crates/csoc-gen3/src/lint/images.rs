//! Images of production that can change under their tag.

use std::sync::LazyLock;

use csoc_core::finding::Severity;
use regex::Regex;

use super::look::{Draft, Look, Out, Place, has_chart_values, is_production, subject};
use super::trail::{Trail, holder_line, walk};
use crate::fleet::{CommonsReading, EnabledReason, ImageReading, Origin, ServiceReading};
use crate::tag::{ImageRef, TagClass, image_name, mangled_month};
use crate::yaml::{Kind, Node};

pub fn check(look: &Look<'_>, out: &mut Out) {
    for commons in look.all().filter(|commons| is_production(commons)) {
        let mut assumed = false;
        for service in commons.services.iter().filter(|service| service.enabled) {
            for image in &service.images {
                assumed |= image.tag_origin == Origin::Assumed;
                service_image(look, commons, service, image, out);
            }
        }
        if assumed {
            let reason = "images without a tag in the values, whose default the chart knows, and no chart at hand";
            out.not_evaluated("moving-tag", Some(&commons.folder), reason);
        }
        if let Some(values) = commons.values.as_deref().filter(|_| has_chart_values(commons)) {
            walk(values, &mut |trail, node| job_image(look, commons, trail, node, out));
        }
    }
}

/// Moves, or is one person's build: says neither a version nor a date.
pub fn is_unsettled(tag: &str) -> bool {
    match TagClass::of(tag) {
        TagClass::Moving => true,
        TagClass::Feature => mangled_month(tag).is_none() && (BRANCH.is_match(tag) || !VERSION.is_match(tag)),
        TagClass::Monthly | TagClass::Semver | TagClass::Digest => false,
    }
}

static BRANCH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(feat|fix|chore|test|debug|hotfix|bug|wip|dev|poc|pxd|ppx|gpe|hp|mid|pxp)[-_/.]")
        .expect("the pattern is constant")
});

/// A version, a date, or a commit somewhere in the tag.
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\d+\.\d+|20\d\d[-._]?\d\d|\bv?\d+$|(^|[-_.])[0-9a-f]{7,40}$").expect("the pattern is constant")
});

fn service_image(
    look: &Look<'_>,
    commons: &CommonsReading,
    service: &ServiceReading,
    image: &ImageReading,
    out: &mut Out,
) {
    if !is_unsettled(&image.tag) {
        return;
    }
    let (place, whence, severity) = match image.tag_origin {
        Origin::Said(mark) => (look.place(mark), "", None),
        Origin::ChartDefault => (switch(look, commons, service), " (the chart's default)", Some(Severity::Low)),
        Origin::Assumed => return,
    };
    let what = match &image.component {
        Some(component) => format!("{} ({component})", service.service),
        None => service.service.to_string(),
    };
    let kind = if image.tag_class == TagClass::Moving { "a moving tag" } else { "a branch build" };
    let tag = if image.tag.is_empty() { "no tag" } else { &image.tag };
    out.add(Draft {
        rule: "moving-tag",
        severity,
        subject: subject(commons),
        place,
        about: what.clone(),
        message: format!("{what} runs {}:{tag}{whence}, {kind}, in production", image_name(&image.repository)),
        help: None,
        holder: None,
    });
}

/// Where the service is switched on; else where the commons is declared.
fn switch(look: &Look<'_>, commons: &CommonsReading, service: &ServiceReading) -> Place {
    match &service.reason {
        EnabledReason::Values { at, .. } | EnabledReason::Manifest { at } => look.place(*at),
        EnabledReason::ChartDefault { .. } | EnabledReason::Assumed { .. } => look.declaration(commons),
    }
}

/// Images that a service starts for its users: sower's jobs, workspace sidecars, the indexing job.
fn job_image(look: &Look<'_>, commons: &CommonsReading, trail: &Trail, node: &Node, out: &mut Out) {
    let Kind::Str(text) = &node.kind else { return };
    let service = trail.first();
    let job = match service {
        "sower" => trail.key() == "image" && trail.has(|key| key == "sowerConfig"),
        "hatchery" => trail.key() == "image" && trail.has(|key| key == "sidecar" || key == "sidecarContainer"),
        "ssjdispatcher" => trail.key() == "indexing",
        _ => false,
    };
    let on = || commons.services.iter().any(|one| one.enabled && *one.service == *service);
    if !job || !on() {
        return;
    }
    let image = ImageRef::parse(text.trim());
    if image.digest.is_some() || !is_unsettled(image.tag.unwrap_or_default()) || text.contains("{{") {
        return;
    }
    let tag = image.tag.unwrap_or("no tag");
    out.add(Draft {
        rule: "moving-tag",
        severity: Some(Severity::Low),
        subject: subject(commons),
        place: look.place_in(trail, node.mark, text),
        about: trail.to_string(),
        message: format!("{service} starts {}:{tag} in production", image_name(image.repository)),
        help: None,
        holder: holder_line(trail),
    });
}

#[cfg(test)]
mod tests {
    use super::is_unsettled;

    #[test]
    fn a_tag_with_a_version_or_a_date_is_settled() {
        for tag in [
            "2026.07",
            "13.3.0",
            "VA-2026.02.24",
            "va.data-commons.org-2025.03",
            "gen3-v3.8.0",
            "release-4f53cda",
            "2026.1",
        ] {
            assert!(!is_unsettled(tag), "{tag}");
        }
        for tag in [
            "",
            "master",
            "feat_gpu-support",
            "jawad-debug",
            "fix_2026.05",
            "use-mounted-bucket",
            "feature_data_library",
        ] {
            assert!(is_unsettled(tag), "{tag}");
        }
    }
}
