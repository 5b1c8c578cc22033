//! Image tags: which kind they are and how two of them compare.
//!
//! Story: fence runs `2026.04`, the newest release is `2026.07`: both are monthly, so one is older. Its
//! neighbour runs `13.3.0`: semver, not comparable with a month without the repository's own tags, so
//! [`compare`] gives no answer instead of a wrong one. A third says `tag: 2026.10` without quotes, and
//! Helm deploys `2026.1`: [`mangled_month`] recognizes what was meant.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What a tag promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TagClass {
    /// `2026.07`, `2026.07.1`: one of the monthly releases.
    Monthly,
    /// `13.3.0`, `v1.2`, `0.25`.
    Semver,
    /// `master`, `main`, `latest`, `develop`: changes under us.
    Moving,
    /// A branch build or anything else.
    Feature,
    /// A digest: cannot change.
    Digest,
}

/// Names of branches and channels that are rebuilt under the same tag.
const MOVING: &[&str] = &[
    "master",
    "main",
    "latest",
    "develop",
    "development",
    "dev",
    "trunk",
    "head",
    "nightly",
    "edge",
    "stable",
    "staging",
    "qa",
    "test",
    "production",
    "prod",
    "release",
    "current",
    "default",
    "integration",
];

impl TagClass {
    /// The class of a tag as it stands in an image reference (`sha256:...` for a digest).
    pub fn of(tag: &str) -> Self {
        if Monthly::parse(tag).is_some() {
            TagClass::Monthly
        } else if is_digest(tag) {
            TagClass::Digest
        } else if looks_like_a_year(tag) {
            TagClass::Feature
        } else if Semver::parse(tag).is_some() {
            TagClass::Semver
        } else if tag.is_empty() || MOVING.contains(&tag.to_ascii_lowercase().as_str()) {
            // No tag at all is `latest` to every registry.
            TagClass::Moving
        } else {
            TagClass::Feature
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            TagClass::Monthly => "monthly",
            TagClass::Semver => "semver",
            TagClass::Moving => "moving",
            TagClass::Feature => "feature",
            TagClass::Digest => "digest",
        }
    }
}

/// `2026.1`, `2026.13`, `2026.07-rc`: a month that went wrong, never version 2026 of a service.
fn looks_like_a_year(tag: &str) -> bool {
    tag.split_once('.').is_some_and(|(year, _)| year.len() == 4 && year.starts_with("20") && digits(year).is_some())
}

fn is_digest(tag: &str) -> bool {
    let digits = tag.strip_prefix("sha256:").or_else(|| tag.strip_prefix("sha512:"));
    digits.is_some_and(|hex| hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// A monthly tag: `2026.07` or, corrected after the fact, `2026.07.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monthly {
    pub release: Release,
    /// 0 for the tag without a third part.
    pub patch: u32,
}

impl Monthly {
    pub fn parse(tag: &str) -> Option<Self> {
        let (release, patch) = match tag.get(7..) {
            Some("") => (tag, 0),
            Some(rest) => (&tag[..7], number(rest.strip_prefix('.')?)?),
            None => return None,
        };
        Some(Self { release: Release::parse(release)?, patch })
    }
}

/// A monthly release of the whole of Gen3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
}

impl Release {
    /// `2026.07`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('.')?;
        if year.len() != 4 || !year.starts_with("20") || month.len() != 2 {
            return None;
        }
        let (year, month) = (number(year)?, number(month)?);
        ((1..=12).contains(&month)).then_some(Self { year: year as u16, month: month as u8 })
    }

    /// Months from `other` to `self`; negative when `self` is earlier.
    pub fn months_after(self, other: Release) -> i32 {
        (i32::from(self.year) - i32::from(other.year)) * 12 + i32::from(self.month) - i32::from(other.month)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}.{:02}", self.year, self.month)
    }
}

/// `v1.2.3-rc.1`: two or three numbers, then what semver allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Semver {
    numbers: [u64; 3],
    /// Empty for a final version, which is newer than any of its candidates.
    pre: Vec<String>,
}

impl Semver {
    pub fn parse(tag: &str) -> Option<Self> {
        let text = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
        let text = text.split_once('+').map_or(text, |(before, _)| before);
        let (core, pre) = match text.split_once('-') {
            Some((_, "")) => return None,
            Some((core, pre)) => (core, pre.split('.').map(str::to_owned).collect()),
            None => (text, Vec::new()),
        };
        let parts = core.split('.').map(number64).collect::<Option<Vec<_>>>()?;
        match parts[..] {
            [major, minor] => Some(Self { numbers: [major, minor, 0], pre }),
            [major, minor, patch] => Some(Self { numbers: [major, minor, patch], pre }),
            _ => None,
        }
    }
}

impl PartialOrd for Semver {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Semver {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_pre(&self.pre, &other.pre),
        })
    }
}

/// Numbers by size, text by text, numbers before text, the shorter first.
fn compare_pre(a: &[String], b: &[String]) -> Ordering {
    for (left, right) in a.iter().zip(b) {
        let order = match (number64(left), number64(right)) {
            (Some(left), Some(right)) => left.cmp(&right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => left.cmp(right),
        };
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// Older, equal or newer, where the two tags can be compared at all: two monthly, or two semver.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    match (TagClass::of(a), TagClass::of(b)) {
        (TagClass::Monthly, TagClass::Monthly) => Some(Monthly::parse(a)?.cmp(&Monthly::parse(b)?)),
        (TagClass::Semver, TagClass::Semver) => Some(Semver::parse(a)?.cmp(&Semver::parse(b)?)),
        _ => None,
    }
}

/// `2026.1` is what Helm makes of an unquoted `2026.10`: the tag that was meant. A January is always
/// written `2026.01`, so no monthly release has one digit there.
pub fn mangled_month(tag: &str) -> Option<String> {
    let (year, month) = tag.split_once('.')?;
    let meant = format!("{year}.{month}0");
    (month.len() == 1 && Release::parse(&meant).is_some()).then_some(meant)
}

/// An image reference taken apart: `registry:5000/cdis/fence:2026.07@sha256:...`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageRef<'a> {
    /// Registry and repository, without tag and digest.
    pub repository: &'a str,
    pub tag: Option<&'a str>,
    pub digest: Option<&'a str>,
}

impl<'a> ImageRef<'a> {
    /// Split from the right: a colon before the last slash is the registry's port.
    pub fn parse(text: &'a str) -> Self {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (text, None),
        };
        match name.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => Self { repository, tag: Some(tag), digest },
            _ => Self { repository: name, tag: None, digest },
        }
    }

    /// What pins the image: the digest where there is one, else the tag.
    pub fn pin(&self) -> Option<&'a str> {
        self.digest.or(self.tag)
    }
}

/// The image's own name, without registry and folders: `nginx` of `quay.io/cdis/nginx`.
pub fn image_name(repository: &str) -> &str {
    repository.rsplit('/').next().unwrap_or(repository)
}

fn number(text: &str) -> Option<u32> {
    digits(text)?.parse().ok()
}

fn number64(text: &str) -> Option<u64> {
    digits(text)?.parse().ok()
}

/// `parse` alone would accept a leading plus.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_of_the_field_has_its_class() {
        let cases = [
            ("2026.07", TagClass::Monthly),
            ("2026.07.1", TagClass::Monthly),
            ("2062.07", TagClass::Monthly),
            ("2026.13", TagClass::Feature),
            ("13.3.0", TagClass::Semver),
            ("v1.3.1", TagClass::Semver),
            ("0.25", TagClass::Semver),
            ("2.15.0-DEV", TagClass::Semver),
            ("1.4.2", TagClass::Semver),
            ("master", TagClass::Moving),
            ("latest", TagClass::Moving),
            ("", TagClass::Moving),
            ("2026.1", TagClass::Feature),
            ("feat_gpu-support", TagClass::Feature),
            ("VA-2026.02.24", TagClass::Feature),
            ("va.data-commons.org-2025.03", TagClass::Feature),
            ("gen3-v3.8.0", TagClass::Feature),
            ("2026.07-rc", TagClass::Feature),
            ("sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945", TagClass::Digest),
        ];
        for (tag, class) in cases {
            assert_eq!(TagClass::of(tag), class, "{tag}");
        }
    }

    #[test]
    fn tags_compare_only_with_their_own_kind() {
        assert_eq!(compare("2026.07", "2026.10"), Some(Ordering::Less));
        assert_eq!(compare("2025.12", "2026.01"), Some(Ordering::Less));
        assert_eq!(compare("2026.07.1", "2026.07"), Some(Ordering::Greater));
        assert_eq!(compare("v13.3.0", "9.10.0"), Some(Ordering::Greater));
        assert_eq!(compare("1.0.0-rc.2", "1.0.0-rc.10"), Some(Ordering::Less));
        assert_eq!(compare("1.0.0", "1.0.0-rc.1"), Some(Ordering::Greater));
        assert_eq!(compare("13.3.0", "2026.07"), None);
        assert_eq!(compare("master", "2026.07"), None);
        assert_eq!(compare("master", "master"), Some(Ordering::Equal));
    }

    #[test]
    fn an_unquoted_october_is_recognized() {
        assert_eq!(mangled_month("2026.1").as_deref(), Some("2026.10"));
        assert_eq!(mangled_month("2026.7"), None, "there is no month 70");
        assert_eq!(mangled_month("13.3"), None);
    }

    #[test]
    fn images_are_split_from_the_right() {
        let image = ImageRef::parse("registry.example.org:5000/cdis/fence:2026.07");
        assert_eq!((image.repository, image.tag), ("registry.example.org:5000/cdis/fence", Some("2026.07")));
        assert_eq!(ImageRef::parse("registry.example.org:5000/cdis/fence").tag, None);
        let pinned = ImageRef::parse("quay.io/cdis/fence:2026.07@sha256:aa");
        assert_eq!((pinned.tag, pinned.pin()), (Some("2026.07"), Some("sha256:aa")));
        assert_eq!(image_name("quay.io/cdis/nginx"), "nginx");
    }
}
