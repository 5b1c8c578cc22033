//! Scalars that mean one thing to the person who wrote them and another to Helm or Kubernetes.

use std::sync::Arc;

use csoc_core::commons::Tier;
use csoc_core::finding::Severity;

use super::look::{Draft, Look, Out, Subject, has_chart_values, subject};
use super::trail::{Trail, walk};
use crate::fleet::CommonsReading;
use crate::yaml::{Kind, Node, Style};

pub fn check(look: &Look<'_>, out: &mut Out) {
    for (commons, values) in look.with_text().filter(|(commons, _)| has_chart_values(commons)) {
        let of = Scalars { look, subject: subject(commons), commons: Some(commons) };
        walk(values, &mut |trail, node| of.visit(trail, node, out));
    }
    for cluster in &look.reading.clusters {
        let Some(values) = &cluster.values else { continue };
        let of = Scalars { look, subject: Subject::Cluster(cluster.folder.clone()), commons: None };
        walk(values, &mut |trail, node| of.visit(trail, node, out));
    }
}

struct Scalars<'l> {
    look: &'l Look<'l>,
    subject: Subject,
    commons: Option<&'l CommonsReading>,
}

impl Scalars<'_> {
    fn visit(&self, trail: &Trail, node: &Node, out: &mut Out) {
        match &node.kind {
            Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) if must_be_text(trail) => {
                self.add(out, "not-a-string", None, trail, node, self.not_text(trail, node));
            }
            Kind::Int(_) | Kind::Float(_) if trail.holder.is_none() => self.number(trail, node, out),
            Kind::Bool(value) if trail.holder.is_none() => self.boolean(trail, node, *value, out),
            Kind::Seq(items) if trail.holder.is_none() => self.words(trail, items, out),
            Kind::Str(text) if trail.holder.is_none() => self.json(trail, node, text, out),
            _ => {}
        }
    }

    fn add(
        &self,
        out: &mut Out,
        rule: &'static str,
        severity: Option<Severity>,
        trail: &Trail,
        node: &Node,
        what: Told,
    ) {
        out.add(Draft {
            rule,
            severity,
            subject: self.subject.clone(),
            place: self.look.place_in(trail, node.mark, trail.setting()),
            about: trail.to_string(),
            message: what.message,
            help: what.help,
            holder: super::trail::holder_line(trail),
        });
    }

    fn number(&self, trail: &Trail, node: &Node, out: &mut Out) {
        if node.style != Style::Plain {
            return;
        }
        match &node.written {
            Some(written) if wants_text(trail, written) => {
                let printed = node.render();
                let message = format!("{trail}: {written} is a number to Helm, which prints {printed}");
                let help = format!("Write \"{written}\", with the quotes.");
                let severity = self.severity_of_mangled(trail);
                self.add(out, "mangled-number", severity, trail, node, Told { message, help: Some(help) });
            }
            None if trail.key() == "tag" && matches!(node.kind, Kind::Float(_)) => {
                let printed = node.render();
                let message = format!("{trail}: {printed} is a number to Helm; a tag that ends in 0 would lose it");
                let help = format!("Write \"{printed}\", with the quotes.");
                self.add(out, "unquoted-tag", None, trail, node, Told { message, help: Some(help) });
            }
            _ => {}
        }
    }

    /// Milder where nothing that runs uses the value today.
    fn severity_of_mangled(&self, trail: &Trail) -> Option<Severity> {
        let commons = self.commons.filter(|commons| !commons.services.is_empty())?;
        let on = |service: &str| commons.services.iter().any(|one| one.enabled && *one.service == *service);
        let path = trail.to_string();
        let used = match path.as_str() {
            "global.aws.account" => ["hatchery", "aws-sigv4-proxy", "aws-es-proxy"].iter().any(|service| on(service)),
            _ if trail.first() == "global" => true,
            _ => on(trail.first()),
        };
        (!used).then_some(Severity::Medium)
    }

    fn boolean(&self, trail: &Trail, node: &Node, value: bool, out: &mut Out) {
        let key = trail.key();
        if squeezed(key) == "maintenancemode" && value {
            let written = node.written.as_deref().unwrap_or("true");
            let message = format!("{trail}: {written} is the boolean true; only the text 'on' switches maintenance on");
            let help = Some("Write 'on' with quotes to switch it on, 'off' otherwise.".to_owned());
            self.add(out, "yaml-boolean", None, trail, node, Told { message, help });
            return;
        }
        let Some(written) = node.written.as_deref().filter(|_| node.style == Style::Plain) else { return };
        if trail.has(|key| key == "manifestGlobalExtraValues") || squeezed(key) == "maintenancemode" && written != "off"
        {
            let message = format!("{trail}: {written} becomes \"{value}\" in the manifest");
            let help = Some(format!("Write '{written}', with the quotes."));
            self.add(out, "yaml-boolean", None, trail, node, Told { message, help });
        }
    }

    /// `[NO, SE, DK]`: one of the words is not like the others.
    fn words(&self, trail: &Trail, items: &[Node], out: &mut Out) {
        if !items.iter().any(|item| matches!(item.kind, Kind::Str(_))) {
            return;
        }
        for (index, item) in items.iter().enumerate() {
            let (Kind::Bool(value), Some(written), Style::Plain) = (&item.kind, &item.written, item.style) else {
                continue;
            };
            let mut at = trail.clone();
            at.steps.push(super::trail::Step::Item { index, name: None });
            let message = format!("{at}: {written} in a list of words is the boolean {value}");
            let help = Some(format!("Write '{written}', with the quotes."));
            self.add(out, "yaml-boolean", None, &at, item, Told { message, help });
        }
    }

    fn not_text(&self, trail: &Trail, node: &Node) -> Told {
        let what = if matches!(node.kind, Kind::Bool(_)) { "a boolean" } else { "a number" };
        let written: Arc<str> = node.written.clone().unwrap_or_else(|| node.render().into());
        Told {
            message: format!("{trail}: {written} is {what}; only text is accepted here"),
            help: Some(format!("Write \"{written}\", with the quotes.")),
        }
    }

    fn json(&self, trail: &Trail, node: &Node, text: &str, out: &mut Out) {
        let trimmed = text.trim_start();
        let is_json = squeezed(trail.key()).ends_with("json") || trail.key() == "aggMdsConfig";
        if !is_json || !trimmed.starts_with(['{', '[']) || text.contains("{{") {
            return;
        }
        let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) else { return };
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or(&reason).to_owned();
        let mut place = self.look.place(node.mark);
        let mut message = format!("{trail} is not JSON: {reason}");
        match node.style {
            Style::Block => {
                // A text that ends too early is broken at its last line.
                place.line += error.line().min(text.trim_end().lines().count()) as u32;
                place.column = 1;
            }
            _ => message = format!("{message} (line {} of the text)", error.line()),
        }
        let trying = self.commons.is_some_and(|commons| commons.tier.value == Tier::Dev);
        out.add(Draft {
            rule: "broken-embedded-json",
            severity: trying.then_some(Severity::Medium),
            subject: self.subject.clone(),
            place,
            about: trail.to_string(),
            message,
            help: None,
            holder: Some(node.mark.line),
        });
    }
}

struct Told {
    message: String,
    help: Option<String>,
}

fn squeezed(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Settings that templates print into text: an account into a role's name, a tag into an image reference.
fn wants_text(trail: &Trail, written: &str) -> bool {
    const NAMES: &[&str] = &[
        "account",
        "accountid",
        "accountnumber",
        "awsaccount",
        "awsaccountid",
        "tag",
        "version",
        "targetrevision",
        "revision",
        "release",
        "projectid",
        "projectnumber",
        "subscriptionid",
        "tenantid",
    ];
    let key = squeezed(trail.key());
    let digits = written.bytes().all(|byte| byte.is_ascii_digit());
    let account = digits && written.len() == 12 && !counts_something(&key);
    NAMES.contains(&key.as_str())
        || ["account", "accountid", "accountnumber", "tag", "imagetag"].iter().any(|end| key.ends_with(end))
        || account
        || digits && written.len() > 4 && written.starts_with('0')
}

/// Names of quantities: a large number is meant as one.
fn counts_something(key: &str) -> bool {
    ["size", "bytes", "limit", "max", "min", "time", "ttl", "seconds", "expires", "length", "interval", "ms"]
        .iter()
        .any(|word| key.contains(word))
}

/// Places whose type is a map of text in the Kubernetes API, or in hatchery's own configuration.
fn must_be_text(trail: &Trail) -> bool {
    use super::trail::Step;
    const MAPS: &[&str] = &[
        "annotations",
        "podAnnotations",
        "serviceAnnotations",
        "podLabels",
        "commonLabels",
        "nodeSelector",
        "matchLabels",
        "additionalTags",
    ];
    match trail.steps.as_slice() {
        [.., Step::Key(list), Step::Item { name: Some(_), .. }, Step::Key(key)] => {
            trail.holder.is_none() && &**key == "value" && matches!(&**list, "env" | "extraEnv" | "extraEnvVars")
        }
        [.., Step::Key(map), Step::Key(_)] if trail.holder.is_none() => MAPS.contains(&&**map),
        [.., Step::Key(map), Step::Key(_)] => &**map == "env" && trail.first() == "hatchery",
        _ => false,
    }
}
