//! Chart.yaml (and requirements.yaml) into a chart's description, with Helm's conversions and checks.

use std::sync::Arc;

use super::{AppVersion, Dependency, ImportValues};
use crate::helm::version::is_version;
use crate::yaml::{Entry, Kind, Map, Mark, Node};

/// What Chart.yaml says, before it is checked.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub name: Arc<str>,
    pub version: Arc<str>,
    pub app_version: Option<AppVersion>,
    pub kind: Arc<str>,
    pub dependencies: Option<Vec<Dependency>>,
}

/// Why a description is not one, with the place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    pub at: Mark,
    pub reason: String,
}

fn problem<T>(at: Mark, reason: impl Into<String>) -> Result<T, Problem> {
    Err(Problem { at, reason: reason.into() })
}

impl Metadata {
    /// Lays one file over what was read before: requirements.yaml may say what Chart.yaml says.
    pub(super) fn read(&mut self, root: &Node) -> Result<(), Problem> {
        let map = match &root.kind {
            Kind::Map(map) => map,
            Kind::Null => return Ok(()),
            _ => return problem(root.mark, "a chart's description is a map"),
        };
        if let Some(name) = text(map, "name")? {
            self.name = printable(&name);
        }
        if let Some(version) = text(map, "version")? {
            self.version = version.into();
        }
        if let Some(kind) = text(map, "type")? {
            self.kind = kind.into();
        }
        if let (Some(version), Some(entry)) = (text(map, "appVersion")?, field(map, "appVersion")) {
            let text = printable(&version);
            self.app_version = (!text.is_empty()).then_some(AppVersion { text, at: entry.node.mark });
        }
        for name in ["home", "description", "icon", "apiVersion", "condition", "tags", "kubeVersion"] {
            text(map, name)?;
        }
        for name in ["sources", "keywords"] {
            texts(map, name)?;
        }
        if let Some(entry) = field(map, "dependencies") {
            self.dependencies = match &entry.node.kind {
                Kind::Null => None,
                Kind::Seq(items) => Some(items.iter().map(dependency).collect::<Result<_, _>>()?),
                _ => return problem(entry.node.mark, "dependencies is a list"),
            };
        }
        Ok(())
    }

    pub(super) fn check(&self, at: Mark) -> Result<(), Problem> {
        let name = &*self.name;
        if name.is_empty() || name == "." || name == ".." || name.contains('/') {
            return problem(at, format!("\"{name}\" cannot be a chart's name"));
        }
        if !is_version(&self.version) {
            return problem(at, format!("\"{}\" is not a version", self.version));
        }
        if !matches!(&*self.kind, "" | "application" | "library") {
            return problem(at, "a chart's type is application or library");
        }
        let mut keys: Vec<&str> = Vec::new();
        for dependency in self.dependencies.iter().flatten() {
            let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            if dependency.alias.as_ref().is_some_and(|alias| !alias.chars().all(word)) {
                return problem(dependency.at, "an alias has letters, digits, '-' and '_' only");
            }
            if keys.contains(&&**dependency.key()) {
                return problem(dependency.at, format!("more than one dependency is called {}", dependency.key()));
            }
            keys.push(dependency.key());
        }
        Ok(())
    }
}

fn dependency(node: &Node) -> Result<Dependency, Problem> {
    let Kind::Map(map) = &node.kind else {
        return problem(node.mark, "a dependency is a map");
    };
    let string = |name: &str| Ok(printable(&text(map, name)?.unwrap_or_default()));
    let import_values = match field(map, "import-values").map(|entry| &entry.node) {
        None => Vec::new(),
        Some(node) => match &node.kind {
            Kind::Null => Vec::new(),
            Kind::Seq(items) => items.iter().filter_map(import).collect(),
            _ => return problem(node.mark, "import-values is a list"),
        },
    };
    Ok(Dependency {
        name: string("name")?,
        alias: text(map, "alias")?.filter(|alias| !alias.is_empty()).map(Arc::from),
        version: string("version")?,
        repository: string("repository")?,
        condition: string("condition")?,
        tags: texts(map, "tags")?.iter().map(|tag| printable(tag)).collect(),
        import_values,
        at: node.mark,
    })
}

/// Other forms than these two are ignored by Helm.
fn import(node: &Node) -> Option<ImportValues> {
    let said = |map: &Map, key: &str| -> Arc<str> {
        match map.get(key).map(|entry| &entry.node) {
            None => "<nil>".into(),
            Some(node) if node.is_null() => "<nil>".into(),
            Some(node) => node.render().into(),
        }
    };
    match &node.kind {
        Kind::Str(name) => Some(ImportValues::Export(name.clone())),
        Kind::Map(map) => Some(ImportValues::Table { child: said(map, "child"), parent: said(map, "parent") }),
        _ => None,
    }
}

/// JSON's rule: a field's name may differ in case, and the last in byte order counts.
fn field<'m>(map: &'m Map, name: &str) -> Option<&'m Entry> {
    if let Some(entry) = map.get(name)
        && name.chars().all(|c| !c.is_ascii_uppercase())
    {
        return Some(entry);
    }
    let alike = map.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
    alike.max_by_key(|(key, _)| (*key).clone()).map(|(_, entry)| entry)
}

/// A field that wants a string takes numbers and booleans too.
fn text(map: &Map, name: &str) -> Result<Option<String>, Problem> {
    let Some(node) = field(map, name).map(|entry| &entry.node) else { return Ok(None) };
    if node.is_null() {
        return Ok(None);
    }
    match node.as_text() {
        Some(text) => Ok(Some(text)),
        None => problem(node.mark, format!("{name} is a string")),
    }
}

fn texts(map: &Map, name: &str) -> Result<Vec<String>, Problem> {
    let Some(node) = field(map, name).map(|entry| &entry.node) else { return Ok(Vec::new()) };
    match &node.kind {
        Kind::Null => Ok(Vec::new()),
        Kind::Seq(items) => items
            .iter()
            .map(|item| match item.as_text() {
                Some(text) => Ok(text),
                None if item.is_null() => Ok(String::new()),
                None => problem(item.mark, format!("{name} is a list of strings")),
            })
            .collect(),
        _ => problem(node.mark, format!("{name} is a list")),
    }
}

/// Blanks become spaces and what cannot be printed disappears.
fn printable(text: &str) -> Arc<str> {
    let kept = text.chars().filter(|c| c.is_whitespace() || !c.is_control());
    kept.map(|c| if c.is_whitespace() { ' ' } else { c }).collect::<String>().into()
}
