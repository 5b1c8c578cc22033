//! What commons are called, and which one is meant.

use std::collections::HashMap;
use std::sync::Arc;

use csoc_gen3::fleet::{CommonsReading, FleetReading};

use crate::failure::Failure;

/// What people call a commons: its hostname, else its folder's name.
pub fn name(commons: &CommonsReading) -> &str {
    commons.shown_hostname().map_or(last(&commons.folder), AsRef::as_ref)
}

fn last(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// What the commons of a fleet are called, by folder. Of one that is gone only its folder's name is known.
#[derive(Default)]
pub struct Names(HashMap<Arc<str>, String>);

impl Names {
    pub fn of(reading: &FleetReading) -> Self {
        Self(reading.commons.iter().map(|c| (c.folder.clone(), name(c).to_owned())).collect())
    }

    pub fn name<'a>(&'a self, folder: &'a str) -> &'a str {
        self.0.get(folder).map_or_else(|| last(folder), String::as_str)
    }
}

/// The commons that a person names by folder, hostname, folder's name or Argo CD application. A folder
/// settles what two commons share.
pub fn find<'a>(reading: &'a FleetReading, wanted: &str) -> Result<&'a Arc<CommonsReading>, Failure> {
    let wanted = wanted.trim_end_matches('/');
    let ways: [&dyn Fn(&CommonsReading) -> bool; 4] = [
        &|c| *c.folder == *wanted,
        &|c| name(c).eq_ignore_ascii_case(wanted),
        &|c| last(&c.folder).eq_ignore_ascii_case(wanted),
        &|c| c.application.as_deref() == Some(wanted),
    ];
    for way in ways {
        let found: Vec<_> = reading.commons.iter().filter(|c| way(c)).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one),
            several => {
                let folders: Vec<&str> = several.iter().map(|c| &*c.folder).collect();
                return Err(Failure::new(format!(
                    "{wanted:?} names {} commons; say which by its folder: {}",
                    several.len(),
                    folders.join(", ")
                )));
            }
        }
    }
    Err(Failure::new(unknown("commons", wanted, reading.commons.iter().map(|c| name(c)))))
}

/// "there is no commons X; the nearest names are Y, Z".
pub fn unknown<'a>(what: &str, wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    let near = nearest(wanted, names);
    match near.is_empty() {
        true => format!("there is no {what} {wanted:?}"),
        false => format!("there is no {what} {wanted:?}; the nearest names are {}", near.join(", ")),
    }
}

/// Up to three names a person may have meant, the likeliest first.
pub fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let lower = name.to_lowercase();
            let inside = !wanted.is_empty() && lower.contains(&wanted);
            let distance = distance(&wanted, &lower);
            let limit = wanted.chars().count().max(lower.chars().count()) / 2;
            (inside || distance <= limit).then_some((if inside { distance.min(1) } else { distance }, name))
        })
        .collect();
    ranked.sort();
    ranked.dedup();
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Levenshtein's: how many letters to change, add or take away.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_names_are_what_was_meant() {
        let names = ["data.midrc.org", "staging.midrc.org", "healdata.org", "preprod.healdata.org"];
        assert_eq!(nearest("data.mdirc.org", names.into_iter())[0], "data.midrc.org");
        assert_eq!(nearest("healdata", names.into_iter()), ["healdata.org", "preprod.healdata.org"]);
        assert_eq!(nearest("zzzzzzzzzzzzzz", names.into_iter()), Vec::<&str>::new());
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
