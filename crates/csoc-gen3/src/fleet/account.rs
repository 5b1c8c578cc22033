//! The cloud account of a commons, told from wherever it stands.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::Said;
use crate::yaml::{Kind, Node};

static ARN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\barn:aws[a-z-]*:(?:iam|acm|wafv2|sqs|secretsmanager|eks):[a-z0-9-]*:(\d{12}):").ok()
});

/// `global.aws.account` as written: `084375550014` without quotes is a number to Helm and still names the
/// account that was meant.
pub fn stated(values: &Node) -> Option<Said<Arc<str>>> {
    values.get(&["global", "aws", "account"]).and_then(written)
}

pub fn written(node: &Node) -> Option<Said<Arc<str>>> {
    let value: Arc<str> = match (&node.kind, &node.written) {
        (Kind::Str(text), _) => text.trim().into(),
        (Kind::Int(_) | Kind::Float(_), Some(text)) => text.clone(),
        (Kind::Int(number), None) => number.to_string().into(),
        (Kind::Float(number), None) => format!("{number:.0}").into(),
        _ => return None,
    };
    (!value.is_empty()).then_some(Said { value, at: Some(node.mark) })
}

/// The account of the first resource name that lies in an account of one's own: the load balancer's
/// certificate and firewall first (they are never another's), then the rest of `global`.
pub fn by_arn(values: &Node) -> Option<Said<Arc<str>>> {
    let places: [&[&str]; 4] = [&["global", "revproxyArn"], &["global", "revproxy_arn"], &["revproxy"], &["global"]];
    places.iter().find_map(|path| first_arn(values.get(path)?))
}

fn first_arn(node: &Node) -> Option<Said<Arc<str>>> {
    match &node.kind {
        Kind::Str(text) => {
            let account = ARN.as_ref()?.captures(text)?.get(1)?.as_str();
            Some(Said { value: account.into(), at: Some(node.mark) })
        }
        Kind::Map(map) => map.values().find_map(|entry| first_arn(&entry.node)),
        Kind::Seq(items) => items.iter().find_map(first_arn),
        _ => None,
    }
}
