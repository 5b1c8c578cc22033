//! Prefixes under which commons mint identifiers.

use std::collections::BTreeMap;

use csoc_core::commons::Tier;

use super::look::{Draft, Look, Out, name, subject};
use crate::fleet::{CommonsReading, ReadingState};
use crate::yaml::{Kind, Node};

/// What charts and examples carry: nobody's prefix.
const PLACEHOLDERS: &[&str] = &["PREFIX", "dg.XXXX", "dg.1234", "TEST", "testprefix"];

pub fn check(look: &Look<'_>, out: &mut Out) {
    let mut by_prefix: BTreeMap<String, Vec<(&CommonsReading, &Node)>> = BTreeMap::new();
    for (commons, values) in look.with_values().filter(|(commons, _)| commons.state == ReadingState::Readable) {
        let Some(node) = prefix(values) else { continue };
        let Kind::Str(text) = &node.kind else { continue };
        let bare = text.trim().trim_end_matches('/');
        if bare.is_empty() || PLACEHOLDERS.contains(&bare) || text.contains("{{") {
            continue;
        }
        by_prefix.entry(bare.to_owned()).or_default().push((commons, node));
    }
    for (prefix, all) in by_prefix {
        let Some((first, _)) = all.first() else { continue };
        for (commons, node) in &all[1..] {
            if all.iter().any(|(other, _)| other.folder != commons.folder && related(other, commons)) {
                continue;
            }
            out.add(Draft {
                rule: "duplicate-guid-prefix",
                severity: None,
                subject: subject(commons),
                place: look.place(node.mark),
                about: prefix.clone(),
                message: format!("{} mints GUIDs under {prefix}/, and so does {}", name(commons), name(first)),
                help: None,
                holder: None,
            });
        }
    }
}

fn prefix(values: &Node) -> Option<&Node> {
    values.get(&["indexd", "defaultPrefix"]).or_else(|| values.get(&["indexd", "indexd_settings", "DEFAULT_PREFIX"]))
}

/// Environments of one programme share its prefix on purpose.
fn related(a: &CommonsReading, b: &CommonsReading) -> bool {
    let twin =
        |one: &CommonsReading, other: &CommonsReading| one.twin.as_ref().is_some_and(|twin| twin.value == other.folder);
    let one_is_below = a.tier.value != Tier::Production || b.tier.value != Tier::Production;
    let programme = |commons: &CommonsReading| commons.organization.as_ref().map(|proposed| proposed.value.clone());
    let same_domain = match (domain(a), domain(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    };
    twin(a, b)
        || twin(b, a)
        || programme(a).is_some() && programme(a) == programme(b)
        || one_is_below && same_domain
        || a.hostname.as_ref().map(|said| &said.value) == b.hostname.as_ref().map(|said| &said.value)
}

/// The last two labels.
fn domain(commons: &CommonsReading) -> Option<String> {
    let hostname = commons.shown_hostname()?;
    let mut labels = hostname.rsplit('.');
    let (last, before) = (labels.next()?, labels.next()?);
    Some(format!("{before}.{last}"))
}
