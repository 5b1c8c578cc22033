//! Filling `{{ ... }}` in a template from parameters: plain names, nothing that has to be run.

use std::sync::Arc;

use super::params::Params;
use crate::yaml::{Entry, Kind, Map, Mark, Node};

/// An expression that is more than a known name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub mark: Mark,
    pub expression: String,
}

/// The node with every text filled. `go` is Argo CD's `goTemplate: true` (names begin with a dot).
pub fn render(node: &Node, params: &Params, go: bool) -> Result<Node, Unknown> {
    let kind = match &node.kind {
        Kind::Str(text) if text.contains("{{") => {
            let fill = fill(text, params, go);
            Kind::Str(Arc::from(fill.map_err(|expression| Unknown { mark: node.mark, expression })?))
        }
        Kind::Seq(items) => Kind::Seq(items.iter().map(|item| render(item, params, go)).collect::<Result<_, _>>()?),
        Kind::Map(map) => {
            let mut rendered = Map::with_capacity(map.len());
            for (key, entry) in map.iter() {
                let node = render(&entry.node, params, go)?;
                rendered.insert(key.clone(), Entry { node, ..entry.clone() });
            }
            Kind::map(rendered)
        }
        other => other.clone(),
    };
    Ok(Node { kind, ..node.clone() })
}

/// The text, or the expression that could not be filled.
fn fill(text: &str, params: &Params, go: bool) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (expression, after) = after.split_once("}}").ok_or_else(|| format!("{{{{{after}"))?;
        let value = lookup(expression.trim().trim_matches('-').trim(), params, go);
        filled.push_str(before);
        filled.push_str(value.ok_or_else(|| format!("{{{{{expression}}}}}"))?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn lookup<'a>(expression: &str, params: &'a Params, go: bool) -> Option<&'a str> {
    if !go {
        return params.get(expression).map(String::as_str);
    }
    if let Some(rest) = expression.strip_prefix("index ") {
        let (name, index) = rest.trim().rsplit_once(' ')?;
        let name = name.trim().strip_prefix('.')?;
        let index: usize = index.parse().ok()?;
        return params.get(&format!("{name}[{index}]")).map(String::as_str);
    }
    params.get(expression.strip_prefix('.')?).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_and_functions_are_not_guessed() {
        let params = Params::of_path("envs/alpha", None, None);
        assert_eq!(fill("gen3-{{path.basename}}", &params, false), Ok("gen3-alpha".into()));
        assert_eq!(fill("{{ .path.path }}/x", &params, true), Ok("envs/alpha/x".into()));
        assert_eq!(fill("{{ index .path.segments 0 }}", &params, true), Ok("envs".into()));
        assert_eq!(fill("{{ .path.basename | upper }}", &params, true), Err("{{ .path.basename | upper }}".into()));
        assert_eq!(fill("{{name", &params, false), Err("{{name".into()));
    }
}
