//! What was set, and where, before it is understood.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::SETTINGS;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The file's name.
    File(String),
    Environment,
    Flag,
}

/// Names the place of one setting, never its value.
pub(super) struct Place<'a>(pub &'a str, pub &'a Origin);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Origin::File(file) => write!(f, "`{}` in {file}", self.0),
            Origin::Environment => write!(f, "the environment variable CSOC_{}", self.0.to_uppercase()),
            Origin::Flag => write!(f, "--{}", self.0.replace('_', "-")),
        }
    }
}

/// Environment variables that are read elsewhere: by the command line, the tests, the build.
const ELSEWHERE: &[&str] = &["SERVER", "TOKEN", "CONFIG", "BIN", "REAL_FLEET", "CA_FILE"];

#[derive(Debug, Default)]
pub struct Given {
    pub(super) values: BTreeMap<&'static str, (String, Origin)>,
    pub(super) mistakes: Vec<String>,
    pub(super) warnings: Vec<String>,
}

impl Given {
    pub(super) fn add_file(&mut self, file: &Path) {
        let shown = file.display().to_string();
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) => return self.mistakes.push(format!("cannot read {shown}: {error}")),
        };
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            // The error's own text quotes the line, which may hold a password.
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
                return self.mistakes.push(format!("{shown} is not TOML: {} (line {line})", error.message()));
            }
        };
        for (name, value) in table {
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => {
                    items.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
                }
                toml::Value::Integer(n) => n.to_string(),
                toml::Value::Boolean(b) => b.to_string(),
                _ => {
                    self.mistakes.push(format!("`{name}` in {shown} must be a text, a number, true or false"));
                    continue;
                }
            };
            match known(&name) {
                Some(name) => drop(self.values.insert(name, (text, Origin::File(shown.clone())))),
                None => self.mistakes.push(format!("{shown} has no setting `{name}`{}", nearest(&name))),
            }
        }
    }

    pub(super) fn add_environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (variable, value) in variables {
            let Some(name) = variable.strip_prefix("CSOC_") else { continue };
            if name.starts_with("TEST_") || ELSEWHERE.contains(&name) {
                continue;
            }
            let lower = name.to_lowercase();
            match known(&lower) {
                Some(_) if value.is_empty() => {}
                Some(name) => drop(self.values.insert(name, (value, Origin::Environment))),
                None => self.warnings.push(format!(
                    "the environment variable {variable} is not a setting of the server{}",
                    nearest(&lower)
                )),
            }
        }
    }

    pub(super) fn add_flags(&mut self, flags: impl IntoIterator<Item = (String, String)>) {
        for (name, value) in flags {
            match known(&name) {
                Some(name) => drop(self.values.insert(name, (value, Origin::Flag))),
                None => self.mistakes.push(format!("there is no setting --{name}")),
            }
        }
    }
}

fn known(name: &str) -> Option<&'static str> {
    SETTINGS.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// The setting that shares most of its letters, when it is most of them.
fn nearest(name: &str) -> String {
    let shared = |known: &str| {
        let mut left: Vec<char> = known.chars().collect();
        name.chars().filter(|c| left.iter().position(|l| l == c).map(|at| left.swap_remove(at)).is_some()).count()
    };
    let best = SETTINGS
        .iter()
        .map(|(known, _)| (shared(known) * 2, known.len() + name.len(), *known))
        .max_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)));
    match best {
        Some((same, all, known)) if same * 4 >= all * 3 => format!(" (did you mean `{known}`?)"),
        _ => String::new(),
    }
}
