//! Keys that stand twice inside a string that holds JSON or YAML, and where that is in the file.
//!
//! Story: the portal's `gitops.json` is one string of 900 lines. Two people add `"requiredCerts"`, 300 lines apart;
//! the portal takes the last. The reader of the file sees one string and is content; this rule reads on.

use super::files::{Twice, twice_in};
use super::look::{Draft, Look, Out, Place, Subject, has_chart_values, subject};
use super::trail::{Trail, walk};
use crate::embedded;
use crate::yaml::{Kind, Node, Style};
use csoc_core::finding::Severity;

pub fn check(look: &Look<'_>, out: &mut Out) {
    for (commons, values) in look.with_text().filter(|(commons, _)| has_chart_values(commons)) {
        let subject = subject(commons);
        walk(values, &mut |trail, node| visit(look, &subject, trail, node, out));
    }
    for cluster in &look.reading.clusters {
        let Some(values) = &cluster.values else { continue };
        let subject = Subject::Cluster(cluster.folder.clone());
        walk(values, &mut |trail, node| visit(look, &subject, trail, node, out));
    }
}

fn visit(look: &Look<'_>, subject: &Subject, trail: &Trail, node: &Node, out: &mut Out) {
    let Kind::Str(text) = &node.kind else { return };
    if trail.holder.is_some() {
        return;
    }
    let mut found = Repeats { look, subject, trail, node, out };
    let repeated = embedded::repeated_keys(node);
    for one in &repeated {
        let key = one.path.join(".");
        found.add(&key, one.first, one.later, Some(one.same), "whatever reads the JSON takes");
    }
    if repeated.is_empty() && node.style == Style::Block && holds_yaml(trail.key()) {
        for Twice { key, first, later, same, .. } in twice_in(text) {
            if let (Some(first), Some(later)) = (offset(text, first), offset(text, later)) {
                found.add(&key, first, later, same, "whatever reads the YAML takes");
            }
        }
    }
}

/// `USER_YAML`, `etlMapping`: settings whose text a service reads as YAML.
fn holds_yaml(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["yaml", "yml", "mapping", "mappings"].iter().any(|end| key.ends_with(end))
}

struct Repeats<'l, 'o> {
    look: &'l Look<'l>,
    subject: &'l Subject,
    trail: &'l Trail,
    node: &'l Node,
    out: &'o mut Out,
}

impl Repeats<'_, '_> {
    fn add(&mut self, key: &str, first: usize, later: usize, same: Option<bool>, who: &str) {
        let (trail, node) = (self.trail, self.node);
        let before = match place(self.look, node, first) {
            Some(place) => format!("on line {}", place.line),
            None => "earlier in the text".to_owned(),
        };
        let (severity, message) = match same {
            Some(true) => (Severity::Low, format!("{trail}: {key} stands here and {before} with the same value")),
            Some(false) => {
                (Severity::High, format!("{trail}: {key} stands {before} with another value; {who} this one"))
            }
            None => (Severity::Medium, format!("{trail}: {key} stands {before}, too; {who} this one")),
        };
        self.out.add(Draft {
            rule: "duplicate-key",
            severity: Some(severity),
            subject: self.subject.clone(),
            place: place(self.look, node, later).unwrap_or_else(|| self.look.place(node.mark)),
            about: format!("{trail}:{key}"),
            message,
            help: None,
            holder: Some(node.mark.line),
        });
    }
}

/// Bytes before a mark of a text that was read on its own.
fn offset(text: &str, mark: crate::yaml::Mark) -> Option<usize> {
    let before: usize = text.split_inclusive('\n').take(mark.line as usize - 1).map(str::len).sum();
    let line = text.get(before..)?;
    let (at, _) = line.char_indices().nth(mark.column as usize - 1)?;
    Some(before + at)
}

/// Where a byte of a string's text stands in its file. `None` where the file's text is not at hand, or where
/// what stands there is not plainly this text (folded blocks).
pub fn place(look: &Look<'_>, node: &Node, offset: usize) -> Option<Place> {
    let Kind::Str(text) = &node.kind else { return None };
    let mut place = look.place(node.mark);
    let file = look.text(&place.path)?;
    (place.line, place.column) = match node.style {
        Style::Block => in_block(&file, node.mark.line, text, offset)?,
        Style::SingleQuoted | Style::DoubleQuoted => Quoted::of(&file, node)?.find(text, offset)?,
        Style::Plain => return None,
    };
    Some(place)
}

/// The header `|` stands on `header`, each line of the text on a line of its own below it.
fn in_block(file: &str, header: u32, text: &str, offset: usize) -> Option<(u32, u32)> {
    let before = text.get(..offset)?;
    let row = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let said = text[start..].lines().next()?;
    let indent = file.lines().nth(header as usize + row)?.strip_suffix(said)?;
    let plain = indent.bytes().all(|byte| byte == b' ');
    plain.then(|| (header + 1 + row as u32, (indent.len() + text[start..offset].chars().count()) as u32 + 1))
}

/// A walk over a quoted string as it was written, which tells where each byte of what it means comes from.
struct Quoted<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    single: bool,
    line: u32,
    column: u32,
}

impl<'t> Quoted<'t> {
    fn of(file: &'t str, node: &Node) -> Option<Self> {
        let start: usize = file.split_inclusive('\n').take(node.mark.line as usize - 1).map(str::len).sum();
        let mut rest = file.get(start..)?.chars().peekable();
        for _ in 1..node.mark.column {
            rest.next()?;
        }
        let single = node.style == Style::SingleQuoted;
        (rest.next()? == if single { '\'' } else { '"' }).then_some(Self {
            rest,
            single,
            line: node.mark.line,
            column: node.mark.column + 1,
        })
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        (self.line, self.column) = if next == '\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        Some(next)
    }

    /// The place of a byte, if what is written here means `text` up to there.
    fn find(mut self, text: &str, offset: usize) -> Option<(u32, u32)> {
        let mut said = String::new();
        // An escaped line break means nothing; what is looked for stands behind it.
        while said.len() < offset || self.at_escaped_break() {
            match self.next()? {
                '\'' if self.single => said.push((self.next()? == '\'').then_some('\'')?),
                '"' if !self.single => return None,
                '\\' if !self.single => self.escape(&mut said)?,
                '\r' if self.rest.peek() == Some(&'\n') => {}
                '\n' => self.fold(&mut said),
                other => said.push(other),
            }
        }
        (Some(&*said) == text.get(..offset)).then_some((self.line, self.column))
    }

    fn at_escaped_break(&self) -> bool {
        let mut ahead = self.rest.clone();
        !self.single && ahead.next() == Some('\\') && matches!(ahead.next(), Some('\n' | '\r'))
    }

    fn escape(&mut self, said: &mut String) -> Option<()> {
        let plain = match self.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            same @ ('"' | '\\' | '/' | ' ' | '\'') => same,
            'x' => self.code(2)?,
            'u' => self.code(4)?,
            'U' => self.code(8)?,
            // An escaped line break is nothing, and neither is what the next line begins with.
            '\r' if self.rest.peek() == Some(&'\n') => {
                self.next()?;
                self.indentation();
                return Some(());
            }
            '\n' => {
                self.indentation();
                return Some(());
            }
            _ => return None,
        };
        said.push(plain);
        Some(())
    }

    fn code(&mut self, digits: u32) -> Option<char> {
        let mut value = 0;
        for _ in 0..digits {
            value = (value << 4) | self.next()?.to_digit(16)?;
        }
        char::from_u32(value)
    }

    /// One line break is a space, more are one break less.
    fn fold(&mut self, said: &mut String) {
        said.truncate(said.trim_end_matches([' ', '\t']).len());
        let mut breaks = 1;
        loop {
            self.indentation();
            if self.rest.next_if_eq(&'\n').is_none() {
                break;
            }
            breaks += 1;
            (self.line, self.column) = (self.line + 1, 1);
        }
        match breaks {
            1 => said.push(' '),
            more => said.extend(std::iter::repeat_n('\n', more - 1)),
        }
    }

    fn indentation(&mut self) {
        while self.rest.next_if(|next| matches!(next, ' ' | '\t' | '\r')).is_some() {
            self.column += 1;
        }
    }
}
