//! A walk over values that goes into the JSON inside strings and knows, for every leaf, its path and place.

use std::fmt;
use std::sync::Arc;

use super::look::{Look, Place};
use crate::embedded;
use crate::yaml::{Entry, Kind, Mark, Node, Style};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Key(Arc<str>),
    /// A list item, by its `name` where it has one, so that a path stays the same when the list grows.
    Item {
        index: usize,
        name: Option<Arc<str>>,
    },
}

/// Where the walk is.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    pub steps: Vec<Step>,
    /// The string that holds the JSON we are in.
    pub holder: Option<(Mark, Style)>,
    /// The mark of the last map key, when the last step is a key.
    pub key_mark: Option<Mark>,
}

impl Trail {
    /// The last map key, `value` of `env[HOSTNAME].value`.
    pub fn key(&self) -> &str {
        self.keys().last().unwrap_or_default()
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Key(key) => Some(&**key),
            Step::Item { .. } => None,
        })
    }

    pub fn first(&self) -> &str {
        self.keys().next().unwrap_or_default()
    }

    /// The name of a setting: the key, or the `name` of `{name: X, value: ...}`.
    pub fn setting(&self) -> &str {
        if let [.., Step::Item { name: Some(name), .. }, Step::Key(key)] = self.steps.as_slice()
            && &**key == "value"
        {
            return name;
        }
        self.key()
    }

    pub fn has(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.keys().any(wanted)
    }
}

impl fmt::Display for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(key) if key.contains(['.', ' ']) => write!(f, "[\"{key}\"]")?,
                Step::Key(key) if index == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item { name: Some(name), .. } => write!(f, "[{name}]")?,
                Step::Item { index, .. } => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Visits every node, collections before what is in them, JSON in strings included (after the string).
pub fn walk(root: &Node, visit: &mut dyn FnMut(&Trail, &Node)) {
    step(root, &mut Trail::default(), visit);
}

fn step(node: &Node, trail: &mut Trail, visit: &mut dyn FnMut(&Trail, &Node)) {
    visit(trail, node);
    match &node.kind {
        Kind::Map(map) => {
            for (key, Entry { key_mark, node }) in map.iter() {
                trail.steps.push(Step::Key(key.clone()));
                let before = trail.key_mark.replace(*key_mark);
                step(node, trail, visit);
                trail.key_mark = before;
                trail.steps.pop();
            }
        }
        Kind::Seq(items) => {
            let before = trail.key_mark.take();
            for (index, item) in items.iter().enumerate() {
                let name = item.get(&["name"]).and_then(|name| match &name.kind {
                    Kind::Str(text) if text.len() <= 80 => Some(text.clone()),
                    _ => None,
                });
                trail.steps.push(Step::Item { index, name });
                step(item, trail, visit);
                trail.steps.pop();
            }
            trail.key_mark = before;
        }
        Kind::Str(_) if trail.holder.is_none() => {
            if let Some(inner) = embedded::json(node) {
                trail.holder = Some((node.mark, node.style));
                let before = trail.key_mark.take();
                match &inner.kind {
                    Kind::Map(_) | Kind::Seq(_) => inside(&inner, trail, visit),
                    _ => {}
                }
                trail.key_mark = before;
                trail.holder = None;
            }
        }
        _ => {}
    }
}

/// The holder itself was visited as a string; what it holds is visited without it.
fn inside(inner: &Node, trail: &mut Trail, visit: &mut dyn FnMut(&Trail, &Node)) {
    let mut first = true;
    step(inner, trail, &mut |trail, node| {
        if !std::mem::take(&mut first) {
            visit(trail, node);
        }
    });
}

impl Look<'_> {
    /// The place of a node. Inside a string only the line is known (block text) or not even that (quoted
    /// text); then the text is searched for `needle`.
    pub fn place_in(&self, trail: &Trail, mark: Mark, needle: &str) -> Place {
        let mut place = self.place(mark);
        let Some((start, style)) = trail.holder else { return place };
        let Some(text) = self.text(&place.path) else { return place };
        let needle = needle.lines().next().unwrap_or_default();
        let reach = if style == Style::Block { 1 } else { 4000 };
        let from = if style == Style::Block { place.line } else { start.line };
        let lines = text.lines().enumerate().skip(from as usize - 1).take(reach);
        for (index, line) in lines {
            if let Some(at) = line.find(needle).filter(|_| !needle.is_empty()) {
                place.line = index as u32 + 1;
                place.column = line[..at].chars().count() as u32 + 1;
                return place;
            }
        }
        place
    }
}

/// The line that a comment about this place can stand on.
pub fn holder_line(trail: &Trail) -> Option<u32> {
    trail.holder.map(|(mark, _)| mark.line)
}
