//! Settings whose names stand nowhere in the chart.

use super::chart_files::Umbrella;
use super::look::{Draft, Look, Out, has_chart_values, subject};
use crate::fleet::CommonsReading;
use crate::yaml::{Entry, Kind, Map};

const RULE: &str = "unread-key";

pub fn check(look: &Look<'_>, out: &mut Out) {
    let Some(chart) = &look.context.chart else {
        out.not_evaluated(RULE, None, "no chart at hand");
        return;
    };
    let umbrella = match chart.umbrella() {
        Ok(umbrella) => umbrella,
        Err(reason) => {
            out.not_evaluated(RULE, None, reason);
            return;
        }
    };
    for (commons, values) in look.with_values().filter(|(commons, _)| has_chart_values(commons)) {
        if let Kind::Map(root) = &values.kind {
            of_commons(look, commons, root, &umbrella, out);
        }
    }
}

fn of_commons(look: &Look<'_>, commons: &CommonsReading, root: &Map, umbrella: &Umbrella, out: &mut Out) {
    for (key, entry) in root {
        let dependency = umbrella.dependencies.iter().find(|dependency| dependency.key == *key);
        match dependency {
            // A setting of one service at the top level is told by its own rule.
            None if &**key == "global" || umbrella.own.has(key) || super::depth::belongs_elsewhere(key) => {}
            None => add(
                look,
                commons,
                entry,
                key.to_string(),
                format!("No chart is called {key} and no template reads it"),
                out,
            ),
            Some(dependency) => {
                let (Some(names), Kind::Map(map)) = (&dependency.names, &entry.node.kind) else { continue };
                let unread = map.iter().filter(|(name, _)| {
                    !names.has(name) && !umbrella.own.has(name) && !matches!(&***name, "enabled" | "global")
                });
                for (name, inner) in unread {
                    let message = format!("The chart {key} reads no {name}");
                    add(look, commons, inner, format!("{key}.{name}"), message, out);
                }
            }
        }
    }
}

fn add(look: &Look<'_>, commons: &CommonsReading, entry: &Entry, about: String, message: String, out: &mut Out) {
    out.add(Draft {
        rule: RULE,
        severity: None,
        subject: subject(commons),
        place: look.place(entry.key_mark),
        about,
        message,
        help: None,
        holder: None,
    });
}
