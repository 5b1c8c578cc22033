//! The sample fleet: a fictional organization's year, as two real Git repositories.
//!
//! Story: someone tries csoc without a fleet at hand. `make run` builds `fleet.git` and `charts.git` from the
//! text in `crates/csoc-source/sample/`, moved in time so that the newest landing is less than a day old, and
//! every page has something to show: production and staging twins, a mesh with a hub and two nodes, a
//! commons eight releases behind, a rollout in several landings, a hotfix undone the next morning, a commons
//! that moved between clusters, and one (lichen) with most of the faults that the linter knows.
//!
//! Everything in it is invented. The same base time gives the same commit ids on every machine: tests may
//! rely on that. It lives here, and not with the tests, because the program itself builds it and only this
//! crate writes Git objects.
//!
//! The text: `*.files` holds files, each after a line `== PATH`; what stands below `later/` is not in the
//! first landing. `*.landings` holds the history in words that [`script`] explains.

mod script;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use crate::error::SourceError;
use crate::history::Signature;
use crate::ids::CommitId;
use crate::writer::{Files, NewCommit, Writer};
use script::{Kind, Landing, State};

const FLEET: (&str, &str) = (include_str!("../sample/fleet.files"), include_str!("../sample/fleet.landings"));
const CHARTS: (&str, &str) = (include_str!("../sample/charts.files"), include_str!("../sample/charts.landings"));

/// The URLs by which the sample's Applications name the two repositories.
pub const FLEET_URL: &str = "https://git.example.org/fernhollow/gen3-gitops";
pub const CHARTS_URL: &str = "https://git.example.org/fernhollow/gen3-charts";

/// When the fleet's newest landing is dated in the text.
pub fn written_at() -> Timestamp {
    Timestamp::constant(1_795_507_800, 0)
}

/// Where the repositories are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// `fleet.git`: bare, branch `main`.
    pub fleet: PathBuf,
    /// `charts.git`: bare, branch `main`, the umbrella chart in `helm/gen3`, tags `gen3-0.3.0`, `gen3-0.4.0`.
    pub charts: PathBuf,
}

/// Make both repositories in `folder`, or find them there. `base` is "now": all dates move by whole days,
/// so that the newest landing is less than a day before it.
pub fn build(folder: &Path, base: Timestamp) -> Result<Sample, SourceError> {
    let sample = Sample { fleet: folder.join("fleet.git"), charts: folder.join("charts.git") };
    std::fs::create_dir_all(folder).map_err(SourceError::io("making the folder of the sample", folder))?;
    let days = base.duration_since(written_at()).as_secs().div_euclid(86_400);
    let shift = SignedDuration::from_hours(days * 24);
    for (place, text) in [(&sample.charts, CHARTS), (&sample.fleet, FLEET)] {
        if !place.exists() {
            build_one(folder, place, text, shift)?;
        }
    }
    Ok(sample)
}

/// Written beside its place and moved there whole, so that an interrupted start leaves nothing half made.
fn build_one(folder: &Path, place: &Path, text: (&str, &str), shift: SignedDuration) -> Result<(), SourceError> {
    let making = tempfile::Builder::new().prefix("making-").tempdir_in(folder);
    let making = making.map_err(SourceError::io("making the sample", folder))?;
    write(making.path(), text, shift)?;
    std::fs::rename(making.path(), place).map_err(SourceError::io("making the sample", place))?;
    let _moved = making.keep();
    Ok(())
}

fn write(folder: &Path, (files, landings): (&str, &str), shift: SignedDuration) -> Result<(), SourceError> {
    let landings = script::parse(landings).map_err(wrong)?;
    let mut state = State::new(files);
    let mut made = Made { writer: Writer::create(folder)?, files: Files::default(), tip: None };
    let mut written: BTreeMap<String, String> = BTreeMap::new();
    for landing in &landings {
        state.apply(landing).map_err(wrong)?;
        made.put_differences(&written, state.files())?;
        written.clone_from(state.files());
        made.land(landing, shift)?;
    }
    if let Some(tip) = made.tip {
        made.writer.reference("refs/heads/main", tip);
    }
    made.writer.finish("main")
}

fn wrong(reason: String) -> SourceError {
    SourceError::Git { step: "making the sample", detail: reason }
}

struct Made {
    writer: Writer,
    files: Files,
    tip: Option<CommitId>,
}

impl Made {
    fn put_differences(
        &mut self,
        before: &BTreeMap<String, String>,
        after: &BTreeMap<String, String>,
    ) -> Result<(), SourceError> {
        for path in before.keys().filter(|path| !after.contains_key(*path)) {
            self.files.remove(path);
        }
        for (path, text) in after.iter().filter(|(path, text)| before.get(*path) != Some(text)) {
            self.writer.put(&mut self.files, path, text.as_bytes())?;
        }
        Ok(())
    }

    /// As a Git host would have made it: a push, a squashed pull request, or a merge of a branch.
    fn land(&mut self, landing: &Landing, shift: SignedDuration) -> Result<(), SourceError> {
        let author = signature(landing.author, landing, shift);
        let host = Signature {
            name: "Fernhollow Git".to_owned(),
            email: "noreply@git.example.org".to_owned(),
            ..author.clone()
        };
        let mut new = NewCommit {
            parents: self.tip.into_iter().collect(),
            author: author.clone(),
            committer: author.clone(),
            message: landing.title.to_owned(),
        };
        match landing.kind {
            Kind::Push => {}
            Kind::Squash(number) => {
                new.committer = host;
                new.message = format!("{} (#{number})", landing.title);
            }
            Kind::Merge(number, branch) => {
                let earlier = author.time - SignedDuration::from_mins(95);
                new.author.time = earlier;
                new.committer.time = earlier;
                let merged = self.writer.commit(&mut self.files, &new)?;
                new.parents.push(merged);
                (new.author, new.committer) = (author, host);
                new.message = format!("Merge pull request #{number} from fernhollow/{branch}\n\n{}", landing.title);
            }
        }
        let commit = self.writer.commit(&mut self.files, &new)?;
        for tag in &landing.tags {
            self.writer.reference(&format!("refs/tags/{tag}"), commit);
        }
        self.tip = Some(commit);
        Ok(())
    }
}

fn signature((name, email): (&str, &str), landing: &Landing, shift: SignedDuration) -> Signature {
    Signature {
        name: name.to_owned(),
        email: email.to_owned(),
        time: landing.time + shift,
        offset_seconds: landing.offset_seconds,
    }
}
