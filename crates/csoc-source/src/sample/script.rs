//! The sample's history, written down.
//!
//! ```text
//! landing 2026-01-13 10:02 +0100 tomas merge 4 bramble-staging-2026-01     or: squash 4      or: push
//! title bramble staging: release 2026.01
//! tag bramble/staging.bramble.sample-commons.org 2025.12 2026.01           images of a folder, old to new
//! edit bramble/cluster-values/cluster-values.yaml                          lines that stay, go and come;
//!  karpenter:                                                              they stand in the file once
//! -  enabled: true
//! +  enabled: false
//! replace FOLDER OLD NEW      in every file of the folder
//! put PATH                    the file that stands below `later/`
//! move FOLDER FOLDER
//! label NAME                  a name for what this landing changed ...
//! undo NAME                   ... which a later one takes back
//! tag NAME                    in a history without folders to bump: a tag on the landing
//! ```
//!
//! Every word must do something: an edit that finds nothing is an error, not a surprise on a page.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

const PEOPLE: &[(&str, &str, &str)] = &[
    ("ada", "Ada Lindqvist", "ada.lindqvist@fernhollow.example.org"),
    ("tomas", "Tomas Okafor", "tomas.okafor@fernhollow.example.org"),
    ("priya", "Priya Venkatesan", "priya.venkatesan@fernhollow.example.org"),
    ("marek", "Marek Dubois", "marek.dubois@fernhollow.example.org"),
    ("ines", "Inês Carvalho", "ines.carvalho@fernhollow.example.org"),
    ("noor", "Noor Haddad", "noor.haddad@fernhollow.example.org"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Push,
    Squash(u32),
    Merge(u32, &'a str),
}

#[derive(Debug)]
pub(super) struct Landing<'a> {
    pub(super) time: Timestamp,
    pub(super) offset_seconds: i32,
    /// Name and address.
    pub(super) author: (&'a str, &'a str),
    pub(super) kind: Kind<'a>,
    pub(super) title: &'a str,
    pub(super) tags: Vec<&'a str>,
    label: Option<&'a str>,
    steps: Vec<Step<'a>>,
}

#[derive(Debug)]
enum Step<'a> {
    Bump { folder: &'a str, old: &'a str, new: &'a str },
    Replace { folder: &'a str, old: &'a str, new: &'a str },
    Edit { path: &'a str, lines: Vec<&'a str> },
    Put(&'a str),
    Move(&'a str, &'a str),
    Undo(&'a str),
}

pub(super) fn parse(text: &str) -> Result<Vec<Landing<'_>>, String> {
    let mut landings: Vec<Landing<'_>> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let wrong = |why: &str| format!("line {}: {why}: {line}", number + 1);
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if let Some(rest) = line.strip_prefix("landing ") {
            landings.push(header(rest).ok_or_else(|| wrong("not a landing"))?);
            continue;
        }
        let landing = landings.last_mut().ok_or_else(|| wrong("no landing yet"))?;
        if line.starts_with([' ', '-', '+']) {
            let Some(Step::Edit { lines, .. }) = landing.steps.last_mut() else { return Err(wrong("no edit")) };
            lines.push(line);
            continue;
        }
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["title", ..] => landing.title = &line["title ".len()..],
            ["label", name] => landing.label = Some(name),
            ["tag", name] => landing.tags.push(name),
            ["tag", folder, old, new] => landing.steps.push(Step::Bump { folder, old, new }),
            ["replace", folder, old, new] => landing.steps.push(Step::Replace { folder, old, new }),
            ["edit", path] => landing.steps.push(Step::Edit { path, lines: Vec::new() }),
            ["put", path] => landing.steps.push(Step::Put(path)),
            ["move", from, to] => landing.steps.push(Step::Move(from, to)),
            ["undo", name] => landing.steps.push(Step::Undo(name)),
            _ => return Err(wrong("not understood")),
        }
    }
    Ok(landings)
}

fn header(rest: &str) -> Option<Landing<'_>> {
    let words: Vec<&str> = rest.split(' ').collect();
    let [date, clock, offset, who, ref how @ ..] = words[..] else { return None };
    let kind = match how {
        ["push"] => Kind::Push,
        ["squash", number] => Kind::Squash(number.parse().ok()?),
        ["merge", number, branch] => Kind::Merge(number.parse().ok()?, branch),
        _ => return None,
    };
    let hours: i8 = offset.strip_suffix("00")?.parse().ok()?;
    let offset = Offset::from_hours(hours).ok()?;
    let local: DateTime = format!("{date}T{clock}:00").parse().ok()?;
    let (_, name, email) = PEOPLE.iter().find(|(short, ..)| *short == who)?;
    Some(Landing {
        time: offset.to_timestamp(local).ok()?,
        offset_seconds: offset.seconds(),
        author: (name, email),
        kind,
        title: "",
        tags: Vec::new(),
        label: None,
        steps: Vec::new(),
    })
}

/// The files as the history unfolds.
pub(super) struct State {
    files: BTreeMap<String, String>,
    later: BTreeMap<String, String>,
    /// What stood in each file that a labelled landing changed.
    labelled: BTreeMap<String, BTreeMap<String, Option<String>>>,
}

impl State {
    /// `text` is the content of a `*.files`.
    pub(super) fn new(text: &str) -> Self {
        let mut state = Self { files: BTreeMap::new(), later: BTreeMap::new(), labelled: BTreeMap::new() };
        for part in text.split("== ").filter(|part| !part.is_empty()) {
            let (path, content) = part.split_once('\n').unwrap_or((part, ""));
            match path.strip_prefix("later/") {
                Some(path) => state.later.insert(path.to_owned(), content.to_owned()),
                None => state.files.insert(path.to_owned(), content.to_owned()),
            };
        }
        state
    }

    pub(super) fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    pub(super) fn apply(&mut self, landing: &Landing<'_>) -> Result<(), String> {
        let before = landing.label.map(|_| self.files.clone());
        for step in &landing.steps {
            self.step(step).map_err(|why| format!("{:?}: {why}", landing.title))?;
        }
        if let (Some(label), Some(before)) = (landing.label, before) {
            let changed =
                before.keys().chain(self.files.keys()).filter(|path| before.get(*path) != self.files.get(*path));
            let old = changed.map(|path| (path.clone(), before.get(path).cloned())).collect();
            self.labelled.insert(label.to_owned(), old);
        }
        Ok(())
    }

    fn step(&mut self, step: &Step<'_>) -> Result<(), String> {
        match step {
            Step::Bump { folder, old, new } => self.replace(folder, |text| {
                text.replace(&format!("tag: '{old}'"), &format!("tag: '{new}'"))
                    .replace(&format!(":{old}\""), &format!(":{new}\""))
            }),
            Step::Replace { folder, old, new } => self.replace(folder, |text| text.replace(old, new)),
            Step::Edit { path, lines } => self.edit(path, lines),
            Step::Put(path) => {
                let text = self.later.get(*path).ok_or(format!("later/{path} is not there"))?;
                self.files.insert((*path).to_owned(), text.clone());
                Ok(())
            }
            Step::Move(from, to) => self.move_folder(from, to),
            Step::Undo(label) => {
                for (path, old) in self.labelled.remove(*label).ok_or(format!("nothing is labelled {label}"))? {
                    match old {
                        Some(text) => self.files.insert(path, text),
                        None => self.files.remove(&path),
                    };
                }
                Ok(())
            }
        }
    }

    fn replace(&mut self, folder: &str, with: impl Fn(&str) -> String) -> Result<(), String> {
        let mut found = false;
        for (_, text) in self.files.iter_mut().filter(|(path, _)| path.starts_with(&format!("{folder}/"))) {
            let new = with(text);
            found |= new != *text;
            *text = new;
        }
        if found { Ok(()) } else { Err(format!("nothing to replace in {folder}")) }
    }

    fn edit(&mut self, path: &str, lines: &[&str]) -> Result<(), String> {
        let block = |signs: &[char]| -> String {
            lines.iter().filter(|line| line.starts_with(signs)).map(|line| format!("{}\n", &line[1..])).collect()
        };
        let (old, new) = (block(&[' ', '-']), block(&[' ', '+']));
        let text = self.files.get_mut(path).ok_or(format!("{path} is not there"))?;
        let searched = format!("\n{text}");
        let old = format!("\n{old}");
        if searched.matches(&old).count() != 1 {
            return Err(format!("these lines stand in {path} {} times:{old}", searched.matches(&old).count()));
        }
        *text = searched.replacen(&old, &format!("\n{new}"), 1)[1..].to_owned();
        Ok(())
    }

    fn move_folder(&mut self, from: &str, to: &str) -> Result<(), String> {
        let prefix = format!("{from}/");
        let moved: Vec<String> = self.files.keys().filter(|path| path.starts_with(&prefix)).cloned().collect();
        for path in &moved {
            if let Some(text) = self.files.remove(path) {
                self.files.insert(format!("{to}/{}", &path[prefix.len()..]), text);
            }
        }
        if moved.is_empty() { Err(format!("{from} is not there")) } else { Ok(()) }
    }
}
