//! A staging and the production it is promoted to, image by image.

use std::cmp::Ordering;

use csoc_core::commons::Tier;

use super::look::{Draft, Look, Out, list, name, subject};
use crate::fleet::{CommonsReading, ImageReading, Origin, ServiceReading};
use crate::tag::{Monthly, compare};
use crate::yaml::Mark;

/// Months that a release may wait in staging before it is worth a word.
const MONTHS: i32 = 3;

pub fn check(look: &Look<'_>, out: &mut Out) {
    for lower in look.all().filter(|commons| commons.tier.value == Tier::Staging) {
        let upper = lower.twin.as_ref().and_then(|twin| look.commons(&twin.value));
        let Some(upper) = upper.filter(|upper| upper.tier.value == Tier::Production) else { continue };
        compare_pair(look, lower, upper, out);
    }
}

struct Gap<'a> {
    text: String,
    lower: &'a ImageReading,
    upper: &'a ImageReading,
}

fn compare_pair(look: &Look<'_>, lower: &CommonsReading, upper: &CommonsReading, out: &mut Out) {
    let (mut behind, mut ahead) = (Vec::new(), Vec::new());
    for (service, low, high) in pairs(lower, upper) {
        let gap =
            || Gap { text: format!("{} {} < {}", label(service, low), low.tag, high.tag), lower: low, upper: high };
        match compare(&low.tag, &high.tag) {
            Some(Ordering::Less) => behind.push(gap()),
            Some(Ordering::Greater) if months(low, high) >= MONTHS => {
                let text = format!("{} {} > {}", label(service, low), low.tag, high.tag);
                ahead.push(Gap { text, ..gap() });
            }
            _ => {}
        }
    }
    let said = |image: &ImageReading| mark(image);
    if let Some(at) = behind.iter().find_map(|gap| said(gap.lower)) {
        let texts: Vec<_> = behind.iter().map(|gap| gap.text.clone()).collect();
        let message = format!("{} runs older images than {}: {}", name(lower), name(upper), list(&texts));
        out.add(draft(look, "tag-behind-twin", lower, at, &upper.folder, message));
    }
    if let Some(at) = ahead.iter().find_map(|gap| said(gap.upper)) {
        let texts: Vec<_> = ahead.iter().map(|gap| gap.text.clone()).collect();
        let message = format!("{} is {MONTHS} months or more ahead of {}: {}", name(lower), name(upper), list(&texts));
        out.add(draft(look, "tag-ahead-of-twin", upper, at, &lower.folder, message));
    }
}

/// Every image that both run.
fn pairs<'a>(
    lower: &'a CommonsReading,
    upper: &'a CommonsReading,
) -> impl Iterator<Item = (&'a ServiceReading, &'a ImageReading, &'a ImageReading)> {
    let known = |image: &&ImageReading| image.tag_origin != Origin::Assumed;
    lower.services.iter().filter(|service| service.enabled).flat_map(move |service| {
        let other = upper.services.iter().find(|other| other.enabled && other.service == service.service);
        service.images.iter().filter(known).filter_map(move |low| {
            let high = other?.images.iter().filter(known).find(|high| high.component == low.component)?;
            Some((service, low, high))
        })
    })
}

fn label(service: &ServiceReading, image: &ImageReading) -> String {
    match &image.component {
        Some(component) => format!("{} ({component})", service.service),
        None => service.service.to_string(),
    }
}

fn months(low: &ImageReading, high: &ImageReading) -> i32 {
    match (Monthly::parse(&low.tag), Monthly::parse(&high.tag)) {
        (Some(low), Some(high)) => low.release.months_after(high.release),
        _ => 0,
    }
}

fn mark(image: &ImageReading) -> Option<Mark> {
    match image.tag_origin {
        Origin::Said(mark) => Some(mark),
        Origin::ChartDefault | Origin::Assumed => None,
    }
}

fn draft(
    look: &Look<'_>,
    rule: &'static str,
    commons: &CommonsReading,
    at: Mark,
    twin: &str,
    message: String,
) -> Draft {
    Draft {
        rule,
        severity: None,
        subject: subject(commons),
        place: look.place(at),
        about: twin.to_owned(),
        message,
        help: None,
        holder: None,
    }
}
