//! Which services a commons runs, why, and which image of each.
//!
//! Story: `fence.enabled: true` stands in the values, `fence.image.tag: "2026.04"` too: both with their
//! line. Nothing says `etl`, and the umbrella chart turns it on: it runs, and what is known of it is the
//! chart's default or, without a chart, the catalogue's assumption. `guppy.enabled: false` is listed as
//! off, since somebody wrote it down.

use std::sync::Arc;

use super::{EnabledReason, ImageReading, Origin, ServiceReading};
use crate::catalogue::{self, Image, SERVICES, Service};
use crate::tag::{ImageRef, TagClass};
use crate::yaml::{Kind, Node};

/// The services by the values alone: what they do not say is the catalogue's default, and marked so.
pub fn by_catalogue(values: &Node) -> Vec<ServiceReading> {
    SERVICES.iter().filter_map(|service| read(service, values)).collect()
}

fn read(service: &Service, values: &Node) -> Option<ServiceReading> {
    let (enabled, reason) = switch(service, values);
    let mentioned = values.get(&[service.name]).is_some();
    if !enabled && !mentioned {
        return None;
    }
    let assumed = |image: &Image| Fallback {
        repository: image.repository,
        repository_origin: Origin::Assumed,
        tag: image.tag,
        tag_origin: Origin::Assumed,
    };
    let images = service.images.iter().map(|image| read_image(service.name, image, values, &assumed(image)));
    Some(ServiceReading { service: service.name.into(), enabled, reason, images: images.collect() })
}

/// Helm asks the condition's path; when the path is not there, or is no boolean, the dependency stays on
/// (`null` removes the chart's own default, and with it the `false` that kept the service off).
fn switch(service: &Service, values: &Node) -> (bool, EnabledReason) {
    let path = service.condition.join(".");
    match find(values, service.condition) {
        Found::Node(node) => {
            let enabled = !matches!(node.kind, Kind::Bool(false));
            (enabled, EnabledReason::Values { path, at: node.mark })
        }
        Found::Removed(node) => (true, EnabledReason::Values { path, at: node.mark }),
        Found::Nothing => (service.on_by_default, EnabledReason::Assumed { path }),
    }
}

enum Found<'a> {
    Node(&'a Node),
    /// A null on the way: the chart's default is taken away.
    Removed(&'a Node),
    Nothing,
}

fn find<'a>(values: &'a Node, path: &[&str]) -> Found<'a> {
    let mut node = values;
    for key in path {
        let Kind::Map(map) = &node.kind else { return Found::Nothing };
        let Some(entry) = map.get(*key) else { return Found::Nothing };
        if matches!(entry.node.kind, Kind::Null) {
            return Found::Removed(&entry.node);
        }
        node = &entry.node;
    }
    Found::Node(node)
}

/// What is used where the values say nothing.
#[derive(Clone, Copy, Debug)]
pub struct Fallback<'a> {
    pub repository: &'a str,
    pub repository_origin: Origin,
    pub tag: &'a str,
    pub tag_origin: Origin,
}

/// One image from `<service>.image`, a map in most charts, one text in some.
pub fn read_image(service: &str, image: &Image, values: &Node, default: &Fallback<'_>) -> ImageReading {
    let mut path = vec![service];
    path.extend(image.path);
    let node = values.get(&path);
    let said = |key: &str| node.and_then(|node| node.get(&[key])).and_then(as_text);
    let whole = node.filter(|node| matches!(node.kind, Kind::Str(_))).and_then(as_text);
    let (mut repository, mut tag) = (said("repository"), said("tag"));
    let written = node.and_then(|node| node.get(&["tag"])).and_then(|node| node.written.clone());
    if let Some((text, origin)) = whole.or_else(|| repository.clone()) {
        let parsed = ImageRef::parse(&text);
        if let Some(pin) = parsed.pin() {
            // `repository: quay.io/cdis/fence:2026.07` and no tag: the chart would append its own; what is
            // written is the best that can be told.
            tag = tag.or_else(|| Some((pin.into(), origin)));
        }
        repository = Some((parsed.repository.into(), origin));
    }
    let repository = match (repository, said("registry")) {
        (Some((path, origin)), Some((registry, _))) if !path.contains('.') => {
            Some((format!("{}/{path}", registry.trim_end_matches('/')).into(), origin))
        }
        (repository, _) => repository,
    };
    let (repository, repository_origin) =
        repository.unwrap_or_else(|| (default.repository.into(), default.repository_origin));
    let (tag, tag_origin) = said("digest").or(tag).unwrap_or_else(|| (default.tag.into(), default.tag_origin));
    ImageReading {
        component: image.component.map(Arc::from),
        tag_class: TagClass::of(&tag),
        tag_written: written.filter(|written| **written != *tag && matches!(tag_origin, Origin::Said(_))),
        repository,
        tag,
        repository_origin,
        tag_origin,
    }
}

/// A scalar as the chart's template prints it; empty and null are as good as absent.
fn as_text(node: &Node) -> Option<(Arc<str>, Origin)> {
    if matches!(node.kind, Kind::Null | Kind::Seq(_) | Kind::Map(_)) {
        return None;
    }
    let text: Arc<str> = match &node.kind {
        Kind::Str(text) => text.clone(),
        _ => node.render().into(),
    };
    (!text.is_empty()).then_some((text, Origin::Said(node.mark)))
}

/// The services of a manifest.json: whatever `versions` names is meant to run.
pub fn by_manifest(manifest: &Node) -> Vec<ServiceReading> {
    let Some(Kind::Map(versions)) = manifest.get(&["versions"]).map(|node| &node.kind) else { return Vec::new() };
    let mut services: Vec<ServiceReading> = Vec::new();
    for (key, entry) in versions.iter() {
        let Kind::Str(text) = &entry.node.kind else { continue };
        let (name, component) = match catalogue::manifest_key(key) {
            Some((service, component)) => (service.name, component),
            None => (&**key, None),
        };
        let parsed = ImageRef::parse(text);
        let tag = parsed.pin().unwrap_or_default();
        let image = ImageReading {
            component: component.map(Arc::from),
            repository: parsed.repository.into(),
            tag: tag.into(),
            tag_class: TagClass::of(tag),
            tag_written: None,
            repository_origin: Origin::Said(entry.node.mark),
            tag_origin: Origin::Said(entry.node.mark),
        };
        match services.iter_mut().find(|known| *known.service == *name) {
            // The service's own image stands first, its parts after it.
            Some(known) if image.component.is_none() => known.images.insert(0, image),
            Some(known) => known.images.push(image),
            None => services.push(ServiceReading {
                service: name.into(),
                enabled: true,
                reason: EnabledReason::Manifest { at: entry.key_mark },
                images: vec![image],
            }),
        }
    }
    sort(&mut services);
    services
}

/// In the catalogue's order, unknown ones after it by name.
pub fn sort(services: &mut [ServiceReading]) {
    let position = |name: &str| SERVICES.iter().position(|s| s.name == name).unwrap_or(SERVICES.len());
    services.sort_by(|a, b| position(&a.service).cmp(&position(&b.service)).then_with(|| a.service.cmp(&b.service)));
}
