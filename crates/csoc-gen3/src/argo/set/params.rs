//! The parameters of one generated Application: flat names (`path.basename`, `values.region`) to text.

use std::collections::BTreeMap;

use crate::yaml::{Kind, Node};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    pub fn get(&self, name: &str) -> Option<&String> {
        self.0.get(name)
    }

    pub fn extend(&mut self, other: Params) {
        self.0.extend(other.0);
    }

    /// A mapping, flattened: `{a: {b: 1}, c: [x]}` gives `a.b` and `c[0]`.
    pub fn of_node(node: &Node) -> Self {
        let mut params = Self::default();
        params.flatten("", node);
        params
    }

    pub fn insert_below(&mut self, name: &str, node: &Node) {
        self.flatten(name, node);
    }

    fn flatten(&mut self, name: &str, node: &Node) {
        match &node.kind {
            Kind::Map(map) => {
                for (key, entry) in map.iter() {
                    let below = if name.is_empty() { key.to_string() } else { format!("{name}.{key}") };
                    self.flatten(&below, &entry.node);
                }
            }
            Kind::Seq(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.flatten(&format!("{name}[{index}]"), item);
                }
            }
            _ => {
                if let Some(text) = text(node) {
                    self.0.insert(name.to_owned(), text);
                }
            }
        }
    }

    /// What a Git generator says about a folder (or a file in it), under both of its spellings.
    pub fn of_path(folder: &str, file: Option<&str>, prefix: Option<&str>) -> Self {
        let mut params = Self::default();
        let start = prefix.map_or_else(|| "path".to_owned(), |prefix| format!("{prefix}.path"));
        let basename = folder.rsplit('/').next().unwrap_or(folder);
        let mut set = |name: &str, value: String| params.0.insert(format!("{start}{name}"), value);
        set("", folder.to_owned());
        set(".path", folder.to_owned());
        set(".basename", basename.to_owned());
        set(".basenameNormalized", normalized(basename));
        for (index, part) in folder.split('/').enumerate() {
            set(&format!("[{index}]"), part.to_owned());
            set(&format!(".segments[{index}]"), part.to_owned());
        }
        if let Some(file) = file {
            set(".filename", file.to_owned());
            set(".filenameNormalized", normalized(file));
        }
        params
    }
}

/// As Argo CD makes a name fit for Kubernetes: lower case, anything else than letters, digits, `-` and `.`
/// becomes `-`, at most 253 characters, trimmed.
fn normalized(name: &str) -> String {
    let mapped: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '-' })
        .take(253)
        .collect();
    mapped.trim_matches(['-', '.']).to_owned()
}

/// A scalar as text.
pub fn text(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Int(value) => Some(value.to_string()),
        Kind::Float(value) => Some(node.written.as_deref().map_or_else(|| value.to_string(), str::to_owned)),
        Kind::Null => Some(String::new()),
        Kind::Seq(_) | Kind::Map(_) => None,
    }
}
