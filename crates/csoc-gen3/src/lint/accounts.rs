//! Roles, certificates and firewalls of another cloud account, and maintenance mode.

use std::sync::{Arc, LazyLock};

use csoc_core::finding::Severity;
use regex::Regex;

use super::look::{Draft, Look, Out, has_chart_values, is_production, name, subject};
use super::trail::{Trail, walk};
use crate::fleet::CommonsReading;
use crate::yaml::{Kind, Node};

pub fn check(look: &Look<'_>, out: &mut Out) {
    for (commons, values) in look.with_text() {
        maintenance(look, commons, values, out);
        if !has_chart_values(commons) {
            continue;
        }
        let stated = values.get(&["global", "aws", "account"]).and_then(digits);
        let cluster = look.cluster_of(commons).and_then(|cluster| cluster.account.as_ref());
        let of_cluster = cluster.map(|said| said.value.clone()).filter(|account| is_account(account));
        if let (Some(stated), Some(own)) = (&stated, &of_cluster)
            && stated != own
            && let Some(node) = values.get(&["global", "aws", "account"])
        {
            let cluster = commons.cluster.as_deref().unwrap_or_default();
            let message = format!("{} states account {stated}, its cluster {cluster} is in {own}", name(commons));
            out.add(draft(look, commons, node, "global.aws.account", message));
        }
        if let Some(own) = of_cluster.or(stated) {
            walk(values, &mut |trail, node| resource(look, commons, &own, trail, node, out));
        }
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The account as written, also where the missing quotes make it a number.
fn digits(node: &Node) -> Option<Arc<str>> {
    let text = match &node.kind {
        Kind::Str(text) => text.trim().into(),
        Kind::Int(_) | Kind::Float(_) => node.written.clone().unwrap_or_else(|| node.render().into()),
        _ => return None,
    };
    is_account(&text).then_some(text)
}

static ARN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^arn:aws[a-z-]*:([a-z0-9-]+):[a-z0-9-]*:(\d{12}):").expect("the pattern is constant")
});

/// Resources that work only in the account of the cluster that uses them.
fn resource(look: &Look<'_>, commons: &CommonsReading, own: &str, trail: &Trail, node: &Node, out: &mut Out) {
    let Kind::Str(text) = &node.kind else { return };
    let (what, fits) = match trail.key() {
        "eks.amazonaws.com/role-arn" => ("The service account's role", true),
        "revproxyArn" => ("The load balancer's certificate", trail.first() == "global"),
        "wafAclArn" => ("The load balancer's firewall", true),
        "roleArn" => ("The secret store's role", trail.has(|key| key == "secretStoreServiceAccount")),
        "hatchery_role" => ("Hatchery's role", true),
        "awsEsProxyRoleArn" => ("The Elasticsearch proxy's role", true),
        _ => return,
    };
    let Some(account) = ARN.captures(text.trim()).map(|found| found[2].to_owned()) else { return };
    if !fits || account == own || is_placeholder(&account) {
        return;
    }
    let service = if trail.first() == "global" { String::new() } else { format!(" of {}", trail.first()) };
    let message = format!("{what}{service} is in account {account}; {} runs in {own}", name(commons));
    let mut draft = draft(look, commons, node, &trail.to_string(), message);
    draft.severity = is_off(commons, trail.first()).then_some(Severity::Low);
    out.add(draft);
}

fn is_placeholder(account: &str) -> bool {
    account == "123456789012" || account.bytes().all(|byte| byte == account.as_bytes()[0])
}

fn is_off(commons: &CommonsReading, service: &str) -> bool {
    commons.services.iter().any(|one| *one.service == *service && !one.enabled)
}

fn draft(look: &Look<'_>, commons: &CommonsReading, node: &Node, about: &str, message: String) -> Draft {
    Draft {
        rule: "account-mismatch",
        severity: None,
        subject: subject(commons),
        place: look.place(node.mark),
        about: about.into(),
        message,
        help: None,
        holder: None,
    }
}

fn maintenance(look: &Look<'_>, commons: &CommonsReading, values: &Node, out: &mut Out) {
    let chart = values.get(&["global", "maintenanceMode"]);
    let Some(node) = chart.or_else(|| values.get(&["global", "maintenance_mode"])) else { return };
    if !matches!(&node.kind, Kind::Str(text) if text.trim().eq_ignore_ascii_case("on")) {
        return;
    }
    out.add(Draft {
        rule: "maintenance-mode",
        severity: (!is_production(commons)).then_some(Severity::Low),
        subject: subject(commons),
        place: look.place(node.mark),
        about: "global.maintenanceMode".into(),
        message: format!("{} is in maintenance mode", name(commons)),
        help: None,
        holder: None,
    });
}
