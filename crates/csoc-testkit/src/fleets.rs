//! Fleets for tests: the sample, the real one when it is at hand, and small ones made on the spot.

use std::path::{Path, PathBuf};

use csoc_source::{CommitId, Files, NewCommit, Signature, SourceError, Writer, sample};
use jiff::Timestamp;
use tempfile::TempDir;

/// The sample fleet in a folder of its own, dated as it was written: commit ids are always the same.
pub struct SampleFleet {
    pub folder: TempDir,
    pub repositories: sample::Sample,
}

/// # Panics
/// When it cannot be written.
pub fn sample() -> SampleFleet {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let repositories = sample::build(folder.path(), sample::written_at()).expect("the sample fleet is built");
    SampleFleet { folder, repositories }
}

/// A year of a real fleet, as a bundle beside the repository or named by `CSOC_REAL_FLEET`. Without it, one
/// line says so and the test returns.
pub fn real() -> Option<PathBuf> {
    let path = std::env::var_os("CSOC_REAL_FLEET").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fleet/gitops-fleet.bundle"),
        PathBuf::from,
    );
    if path.exists() {
        return Some(path);
    }
    println!("skipped: there is no real fleet at {}", path.display());
    None
}

/// A bare repository that grows landing by landing on `main`.
///
/// ```no_run
/// # use csoc_testkit::fleets::Story;
/// let mut story = Story::new();
/// let first = story.land("Import", &[("a/values.yaml", Some("x: 1"))]);
/// let second = story.land("Remove", &[("a/values.yaml", None)]);
/// ```
pub struct Story {
    folder: TempDir,
    files: Files,
    tip: Option<CommitId>,
    landings: i64,
}

impl Default for Story {
    fn default() -> Self {
        Self::new()
    }
}

impl Story {
    /// # Panics
    /// When no temporary folder can be made.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Writer::create(folder.path().join("story.git")).expect("an empty repository").finish("main").expect("HEAD");
        Self { folder, files: Files::default(), tip: None, landings: 0 }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("story.git")
    }

    /// What the next landing follows; `None` starts a history anew, as a force push does.
    pub fn go_on_from(&mut self, tip: Option<CommitId>) {
        self.tip = tip;
    }

    /// Let hours go by before the next landing.
    pub fn wait(&mut self, hours: i64) {
        self.landings += hours;
    }

    /// Set a branch or tag (`refs/heads/x`, `refs/tags/v1`) to a commit.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn set(&self, reference: &str, commit: CommitId) {
        let mut writer = Writer::append(self.path()).expect("the repository");
        writer.reference(reference, commit);
        writer.finish("main").expect("the reference is written");
    }

    /// Commit these files (`None` removes one) an hour after the landing before.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn land(&mut self, title: &str, files: &[(&str, Option<&str>)]) -> CommitId {
        self.land_bytes(title, &files.iter().map(|(path, text)| (*path, text.map(str::as_bytes))).collect::<Vec<_>>())
    }

    /// # Panics
    /// When it cannot be written.
    pub fn land_bytes(&mut self, title: &str, files: &[(&str, Option<&[u8]>)]) -> CommitId {
        self.write(title, files).expect("the landing is written")
    }

    fn write(&mut self, title: &str, files: &[(&str, Option<&[u8]>)]) -> Result<CommitId, SourceError> {
        let mut writer = Writer::append(self.path())?;
        for (path, bytes) in files {
            match bytes {
                Some(bytes) => writer.put(&mut self.files, path, bytes)?,
                None => self.files.remove(path),
            }
        }
        let next = self.next(title);
        let commit = writer.commit(&mut self.files, &next)?;
        writer.reference("refs/heads/main", commit);
        writer.finish("main")?;
        self.tip = Some(commit);
        self.landings += 1;
        Ok(commit)
    }

    fn next(&self, title: &str) -> NewCommit {
        let author = Signature {
            name: "Ada Lindqvist".to_owned(),
            email: "ada.lindqvist@fernhollow.example.org".to_owned(),
            time: Timestamp::from_second(1_767_225_600 + self.landings * 3600).unwrap_or_default(),
            offset_seconds: 3600,
        };
        let parents = self.tip.into_iter().collect();
        NewCommit { parents, committer: author.clone(), author, message: title.to_owned() }
    }
}
