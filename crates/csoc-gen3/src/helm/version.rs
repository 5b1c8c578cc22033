//! Versions and constraints as far as they decide which subchart a dependency means.
//!
//! A dependency `version: "~1.2"` finds the subchart of its name only when the subchart's version fits; a
//! subchart that no dependency fits is always on, whatever its condition says. So this has to be right in
//! the odd cases too, and the rules are those of Helm's own library: `1.2` is `~1.2`, a prerelease matches
//! only where the constraint names one, an empty constraint matches nothing.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;

/// A version, possibly written with fewer than three numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    numbers: [u64; 3],
    prerelease: String,
}

const LONGEST_VERSION: usize = 256;
const LONGEST_CONSTRAINT: usize = 512;
const MOST_ALTERNATIVES: usize = 32;

static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = r"(0|[1-9][0-9]*)";
    let word = r"(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    let build = r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?";
    Regex::new(&format!(r"^v?{number}(?:\.{number})?(?:\.{number})?(?:-({word}(?:\.{word})*))?{build}$")).ok()
});

/// A version in which a number may be missing or a wildcard; six groups.
const LOOSE: &str = r"v?([0-9|xX*]+)(?:\.([0-9|xX*]+))?(?:\.([0-9|xX*]+))?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?";
const OPERATOR: &str = r"(=|!=|>=|=>|<=|=<|~>|>|<|~|\^|)";

static ONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"{OPERATOR}\s*{LOOSE}")).ok());
static ALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let one = format!(r"{OPERATOR}\s*{LOOSE}");
    Regex::new(&format!(r"^\s*{one}\s*(?:(?:\s+|,\s*){one}\s*)*$")).ok()
});
static RANGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"\s*({LOOSE})\s+-\s+({LOOSE})\s*")).ok());

impl Version {
    fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_VERSION {
            return None;
        }
        let found = VERSION.as_ref()?.captures(text)?;
        let number = |group: usize| found.get(group).map_or(Some(0), |m| m.as_str().parse().ok());
        let prerelease = found.get(4).map_or_else(String::new, |m| m.as_str().to_owned());
        Some(Self { numbers: [number(1)?, number(2)?, number(3)?], prerelease })
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }
}

fn compare_prereleases(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let ordering = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => match (x.parse::<u64>(), y.parse::<u64>()) {
                (Ok(x), Ok(y)) => x.cmp(&y),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => x.cmp(y),
            },
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

/// Whether Helm takes the text for a version at all.
pub fn is_version(text: &str) -> bool {
    Version::parse(text).is_some()
}

/// Whether a subchart's version fits a dependency's constraint.
pub fn fits(constraint: &str, version: &str) -> bool {
    let Some(version) = Version::parse(version) else { return false };
    alternatives(constraint).is_some_and(|any| {
        any.iter().any(|all| {
            let prereleases = all.iter().any(|one| !one.version.prerelease.is_empty());
            all.iter().all(|one| one.allows(&version, prereleases))
        })
    })
}

/// One comparison. How many numbers were written decides how much of a version has to agree.
struct Comparison {
    operator: String,
    version: Version,
    /// 0 for `*`, 1 for `1`, 2 for `1.2`, 3 for all.
    written: usize,
}

fn alternatives(constraint: &str) -> Option<Vec<Vec<Comparison>>> {
    if constraint.len() > LONGEST_CONSTRAINT {
        return None;
    }
    let ranges = RANGE
        .as_ref()?
        .replace_all(constraint, |found: &regex::Captures<'_>| format!(">= {}, <= {} ", &found[1], &found[6]));
    let parts: Vec<&str> = ranges.split("||").collect();
    if parts.len() > MOST_ALTERNATIVES {
        return None;
    }
    parts.into_iter().map(comparisons).collect()
}

fn comparisons(all: &str) -> Option<Vec<Comparison>> {
    if !ALL.as_ref()?.is_match(all) {
        return None;
    }
    ONE.as_ref()?.captures_iter(all).map(|found| comparison(&found)).collect()
}

fn comparison(found: &regex::Captures<'_>) -> Option<Comparison> {
    let part = |group: usize| found.get(group).map_or("", |m| m.as_str());
    let wild = |text: &str| matches!(text, "" | "x" | "X" | "*");
    let prerelease = part(5);
    let (text, written) = if wild(part(2)) {
        (format!("0.0.0{prerelease}"), 0)
    } else if wild(part(3)) {
        (format!("{}.0.0{prerelease}", part(2)), 1)
    } else if wild(part(4)) {
        (format!("{}.{}.0{prerelease}", part(2), part(3)), 2)
    } else {
        (format!("{}.{}.{}{prerelease}", part(2), part(3), part(4)), 3)
    };
    Some(Comparison { operator: part(1).to_owned(), version: Version::parse(&text)?, written })
}

impl Comparison {
    fn allows(&self, version: &Version, prereleases: bool) -> bool {
        if !version.prerelease.is_empty() && !prereleases {
            return false;
        }
        let own = &self.version;
        let order = version.compare(own);
        match self.operator.as_str() {
            "" | "=" if self.written == 3 => order == Ordering::Equal,
            "" | "=" | "~" | "~>" => self.allows_tilde(version),
            "!=" => self.differs(version),
            ">" => self.is_above(version),
            "<" => order == Ordering::Less,
            ">=" | "=>" => order != Ordering::Less,
            "<=" | "=<" => self.is_at_most(version),
            _ => self.allows_caret(version),
        }
    }

    fn allows_tilde(&self, version: &Version) -> bool {
        let own = &self.version;
        if version.compare(own) == Ordering::Less {
            return false;
        }
        // `*`, and by the same road `~0.0.0`.
        if own.numbers == [0, 0, 0] && !matches!(self.written, 1 | 2) {
            return true;
        }
        version.numbers[0] == own.numbers[0] && (self.written == 1 || version.numbers[1] == own.numbers[1])
    }

    fn differs(&self, version: &Version) -> bool {
        let (own, its) = (&self.version.numbers, &version.numbers);
        match self.written {
            1 => own[0] != its[0],
            2 => {
                own[..2] != its[..2]
                    || compare_prereleases(&version.prerelease, &self.version.prerelease) != Ordering::Equal
            }
            _ => version.compare(&self.version) != Ordering::Equal,
        }
    }

    /// `>`: all numbers that were written count, so that 11.1.0 is not above 11.
    fn is_above(&self, version: &Version) -> bool {
        let (own, its) = (&self.version.numbers, &version.numbers);
        match self.written {
            1 => its[0] > own[0],
            2 => its[..2] > own[..2],
            _ => version.compare(&self.version) == Ordering::Greater,
        }
    }

    /// `<=`
    fn is_at_most(&self, version: &Version) -> bool {
        let (own, its) = (&self.version.numbers, &version.numbers);
        match self.written {
            3 => version.compare(&self.version) != Ordering::Greater,
            1 => its[0] <= own[0],
            _ => its[..2] <= own[..2],
        }
    }

    fn allows_caret(&self, version: &Version) -> bool {
        let (own, its) = (&self.version.numbers, &version.numbers);
        if version.compare(&self.version) == Ordering::Less {
            return false;
        }
        if own[0] > 0 || self.written == 1 {
            return its[0] == own[0];
        }
        if its[0] > 0 {
            return false;
        }
        if own[1] > 0 || self.written == 2 {
            return its[1] == own[1];
        }
        its[1] == 0 && its[2] == own[2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_mean_what_helm_makes_of_them() {
        let yes = [("~1.2", "1.2.9"), ("1.x", "1.9.0"), ("^0.2.3", "0.2.9"), (">=1, <2", "1.5.0"), ("*", "0.0.0")];
        let no = [("~1.2", "1.3.0"), ("", "1.0.0"), ("^0.2.3", "0.3.0"), (">11", "11.1.0"), (">=1", "2.0.0-rc1")];
        assert!(yes.iter().all(|(constraint, version)| fits(constraint, version)));
        assert!(no.iter().all(|(constraint, version)| !fits(constraint, version)));
        assert!(fits("1.0 - 2.0 || 5.x", "5.1.0") && fits(">=1.0.0-0", "1.0.0-rc1"));
    }
}
