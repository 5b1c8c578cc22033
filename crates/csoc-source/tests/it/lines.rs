//! Which landing wrote a line.

use csoc_source::{CommitId, Line, Origin, Repository};
use csoc_testkit::fleets::Story;

use crate::stage::git;

/// Only who wrote them: at which line, the places that go on tell.
fn lines(story: &Story, tip: CommitId, until: Option<CommitId>, places: &[(&str, u32)]) -> Vec<Origin> {
    let repository = Repository::open(story.path()).unwrap();
    let lines: Vec<Line> = places.iter().map(|(path, line)| Line { path: (*path).into(), line: *line }).collect();
    let bare = |origin| match origin {
        Origin::Written { landing, .. } => written(landing),
        other => other,
    };
    repository.origins(tip, until, &lines).unwrap().into_iter().map(bare).collect()
}

fn written(landing: CommitId) -> Origin {
    Origin::Written { landing, at: Line { path: "".into(), line: 0 } }
}

#[test]
fn a_line_is_followed_through_every_edit_above_it() {
    let mut story = Story::new();
    let first = story.land("Import", &[("a.yaml", Some("x: 1\ny: 2\nz: 3\n")), ("b.yaml", Some("x: 1\n"))]);
    let second = story.land("Above", &[("a.yaml", Some("# note\n# more\nx: 1\ny: 2\nz: 4\n"))]);
    let third = story.land("Between", &[("a.yaml", Some("# note\nx: 1\ny: 2\nnew: 1\nz: 4\n"))]);
    let asked = [("a.yaml", 1), ("a.yaml", 2), ("a.yaml", 4), ("a.yaml", 5), ("b.yaml", 1)];
    assert_eq!(
        lines(&story, third, None, &asked),
        [written(second), written(first), written(third), written(second), written(first)]
    );
    let before = |path: &str, line| Origin::Before(Line { path: path.into(), line });
    assert_eq!(
        lines(&story, third, Some(second), &asked),
        [before("a.yaml", 1), before("a.yaml", 3), written(third), before("a.yaml", 5), before("b.yaml", 1)]
    );
    assert_eq!(lines(&story, third, None, &[("gone.yaml", 1), ("a.yaml", 99)])[1], written(third));
}

#[test]
fn a_file_that_moves_with_its_folder_is_followed_and_an_empty_one_has_an_author() {
    let mut story = Story::new();
    let first = story.land("Import", &[("old/a.yaml", Some("x: 1\n")), ("old/empty.yaml", Some("y: 1\n"))]);
    let emptied = story.land("Emptied", &[("old/empty.yaml", Some(""))]);
    let moved = story.land(
        "Moved",
        &[("old/a.yaml", None), ("new/a.yaml", Some("x: 1\n")), ("old/empty.yaml", None), ("new/empty.yaml", Some(""))],
    );
    let asked = [("new/a.yaml", 1), ("new/empty.yaml", 1)];
    assert_eq!(lines(&story, moved, None, &asked), [written(first), written(emptied)]);
}

#[test]
fn what_is_before_a_shallow_clone_is_not_known() {
    let mut story = Story::new();
    story.land("Import", &[("a.yaml", Some("x: 1\n"))]);
    story.land("More", &[("a.yaml", Some("x: 1\ny: 1\n"))]);
    let third = story.land("Last", &[("a.yaml", Some("x: 1\ny: 1\nz: 1\n"))]);
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", story.path().display());
    git(clone.path(), &["clone", "-q", "--bare", "--depth", "2", &from, "."]);
    let repository = Repository::open(clone.path()).unwrap();
    let line = |line| Line { path: "a.yaml".into(), line };
    let found = repository.origins(third, None, &[line(1), line(3)]).unwrap();
    assert_eq!(found, [Origin::Unknown, Origin::Written { landing: third, at: line(3) }]);
}

#[test]
fn what_a_merge_brought_was_written_by_who_wrote_it_on_the_branch() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let commit = |who: &str, text: &str| {
        std::fs::write(at.join("a.yaml"), text).unwrap();
        git(at, &["add", "-A"]);
        git(at, &["-c", &format!("user.name={who}"), "commit", "-q", "-m", who]);
    };
    git(at, &["init", "-q", "-b", "main"]);
    commit("Ana", "x: 1\ny: 1\n");
    git(at, &["checkout", "-q", "-b", "branch"]);
    commit("Ben", "x: 1\nnew: 1\ny: 1\n");
    commit("Cleo", "# more\nx: 1\nnew: 1\ny: 1\n");
    git(at, &["checkout", "-q", "main"]);
    commit("Ana", "x: 1\ny: 1\nz: 1\n");
    git(at, &["merge", "-q", "--no-ff", "-m", "Merge", "branch"]);
    let repository = Repository::open(at).unwrap();
    let tip = repository.default_branch().unwrap().tip;
    let lines: Vec<Line> = (1..=5).map(|line| Line { path: "a.yaml".into(), line }).collect();
    let who = |origin| match origin {
        Origin::Written { landing, at } => repository.writer(landing, &at).unwrap().author.name,
        other => panic!("{other:?}"),
    };
    let origins = repository.origins(tip, None, &lines).unwrap();
    assert!(matches!(&origins[2], Origin::Written { landing, .. } if *landing == tip), "it landed with the merge");
    let names: Vec<String> = origins.into_iter().map(who).collect();
    assert_eq!(names, ["Cleo", "Ana", "Ben", "Ana", "Ana"]);
}
