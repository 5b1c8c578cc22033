//! Files as people really leave them: every one is survived, said, and hides nothing else.

use super::*;

const APP: &str = "p/a.org/templates/app.yaml";
const VALUES: &str = "p/a.org/values/values.yaml";

/// A healthy neighbour beside `p/a.org`, whose files are given.
fn beside(files: &[(&str, &str)]) -> MemoryTree {
    let neighbour = app("gen3-b", &["$values/p/b.org/values/values.yaml"]);
    let text = values("b.org", "");
    let mut tree = MemoryTree::new(files.iter().copied());
    tree.insert("p/b.org/templates/app.yaml", neighbour.as_bytes());
    tree.insert("p/b.org/values/values.yaml", text.as_bytes());
    tree
}

fn neighbour_is_well(reading: &FleetReading) {
    assert_eq!(commons(reading, "p/b.org").state, ReadingState::Readable);
}

fn own_app() -> String {
    app("gen3-a", &["$values/p/a.org/values/values.yaml"])
}

#[test]
fn a_broken_file_breaks_its_own_commons_only() {
    for (text, code) in [
        ("a: [1", IrregularityCode::BrokenYaml),
        ("a: b: c\n", IrregularityCode::BrokenYaml),
        ("just text\n", IrregularityCode::NotAMapping),
    ] {
        let reading = read_tree(&beside(&[(APP, &own_app()), (VALUES, text)]));
        neighbour_is_well(&reading);
        let a = commons(&reading, "p/a.org");
        assert!(matches!(&a.state, ReadingState::Broken(why) if why.contains(VALUES)), "{text:?}: {:?}", a.state);
        let irregularity = &reading.irregularities[0];
        assert_eq!((irregularity.code, &*irregularity.path), (code, VALUES));
        assert_eq!(irregularity.commons.as_deref(), Some("p/a.org"));
        assert!(irregularity.line >= 1 && irregularity.column >= 1);
    }
}

#[test]
fn bytes_that_are_no_text_break_their_own_commons_only() {
    let mut tree = beside(&[(APP, &own_app())]);
    tree.insert(VALUES, b"global:\n  hostname: a\xff.org\n");
    let reading = read_tree(&tree);
    neighbour_is_well(&reading);
    assert_eq!(codes(&reading), [IrregularityCode::NotUtf8]);
    assert_eq!(reading.irregularities[0].line, 2);
}

#[test]
fn depth_and_aliases_have_limits() {
    let deep = format!("a: {}", "[".repeat(10_000));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &('b'..='j')
            .map(|c| {
                let before = char::from(c as u8 - 1);
                let items = vec![format!("*{before}"); 10].join(",");
                format!("{c}: &{c} [{items}]\n")
            })
            .collect::<String>();
    for (text, code) in [(deep, IrregularityCode::TooDeep), (bomb, IrregularityCode::AliasBomb)] {
        let reading = read_tree(&beside(&[(APP, &own_app()), (VALUES, &text)]));
        neighbour_is_well(&reading);
        assert_eq!(codes(&reading), [code]);
    }
}

#[test]
fn empty_values_are_declared_and_nothing_more() {
    for text in ["", "\n", "# nothing yet\n", "---\n", "{}\n"] {
        let reading = read_tree(&beside(&[(APP, &own_app()), (VALUES, text)]));
        let a = commons(&reading, "p/a.org");
        assert_eq!(a.state, ReadingState::Empty, "{text:?}");
        assert_eq!(a.value_files[0].state, ValueFileState::Empty);
        assert!(a.services.is_empty());
        assert_eq!(codes(&reading), [IrregularityCode::EmptyValues]);
    }
}

#[test]
fn a_missing_value_file_is_said_and_the_others_still_count() {
    let app = app("gen3-a", &["$values/p/a.org/values/values.yaml", "$values/p/a.org/values/fence.yaml"]);
    let text = values("a.org", "");
    let reading = read_tree(&beside(&[(APP, &app), (VALUES, &text)]));
    let a = commons(&reading, "p/a.org");
    assert_eq!((&a.state, &a.value_files[1].state), (&ReadingState::Readable, &ValueFileState::Missing));
    let irregularity = &reading.irregularities[0];
    assert_eq!(
        (irregularity.code, &*irregularity.path, irregularity.line),
        (IrregularityCode::MissingValueFile, APP, 14)
    );

    let ignored = app.replace("        valueFiles:", "        ignoreMissingValueFiles: true\n        valueFiles:");
    let reading = read_tree(&beside(&[(APP, &ignored), (VALUES, &text)]));
    assert_eq!(commons(&reading, "p/a.org").value_files[1].state, ValueFileState::MissingIgnored);
    assert!(codes(&reading).is_empty());
}

#[test]
fn anothers_values_do_not_make_a_commons_the_other() {
    let app = app("gen3-a", &["$values/p/b.org/values/values.yaml"]);
    let reading = read_tree(&beside(&[(APP, &app)]));
    let a = commons(&reading, "p/a.org");
    assert_eq!(a.value_files[0].state, ValueFileState::Foreign { owner: "p/b.org".into() });
    assert_eq!(a.hostname.as_ref().map(|said| &*said.value), Some("b.org"), "that is what would be deployed");
    assert_eq!(a.claimed_hostname().map(|hostname| &**hostname), Some("a.org"), "and no claim on it");
}

#[test]
fn paths_and_links_never_leave_the_repository() {
    let app = app("gen3-a", &["$values/../../etc/passwd"]);
    let reading = read_tree(&beside(&[(APP, &app)]));
    neighbour_is_well(&reading);
    assert_eq!(codes(&reading), [IrregularityCode::PathOutside]);
    assert!(matches!(commons(&reading, "p/a.org").state, ReadingState::Broken(_)));

    for target in ["/etc/passwd", "../../../../etc/passwd"] {
        let mut tree = beside(&[(APP, &own_app())]);
        link(&mut tree, VALUES, target);
        let reading = read_tree(&tree);
        neighbour_is_well(&reading);
        assert_eq!(codes(&reading), [IrregularityCode::SymlinkOutside], "{target}");
    }
}

#[test]
fn links_within_the_repository_are_followed_and_said() {
    let text = values("a.org", "");
    let mut by_file = beside(&[(APP, &own_app()), ("shared/a.yaml", &text)]);
    link(&mut by_file, VALUES, "../../../shared/a.yaml");
    let mut by_folder = beside(&[(APP, &own_app()), ("shared/values.yaml", &text)]);
    link(&mut by_folder, "p/a.org/values", "../../shared");
    let mut round = beside(&[(APP, &own_app())]);
    link(&mut round, VALUES, "values.yaml");
    for tree in [by_file, by_folder] {
        let reading = read_tree(&tree);
        assert_eq!(commons(&reading, "p/a.org").state, ReadingState::Readable);
        assert_eq!(codes(&reading), [IrregularityCode::SymlinkFollowed]);
    }
    assert_eq!(codes(&read_tree(&round)), [IrregularityCode::MissingValueFile], "a link to itself leads nowhere");
}

#[test]
fn duplicate_keys_and_further_documents_are_said_where_they_stand() {
    let text = values("a.org", "x: 1\nx: 2\n---\nglobal: {hostname: other.org}\n");
    let reading = read_tree(&beside(&[(APP, &own_app()), (VALUES, &text)]));
    assert_eq!(codes(&reading), [IrregularityCode::DuplicateKey, IrregularityCode::ExtraDocuments]);
    assert_eq!((reading.irregularities[0].line, reading.irregularities[1].line), (4, 5));
    let a = commons(&reading, "p/a.org");
    assert_eq!(a.hostname.as_ref().map(|said| &*said.value), Some("a.org"), "only the first document counts");
}

#[test]
fn a_file_that_nothing_uses_is_still_looked_at() {
    let text = values("a.org", "");
    let files = [(APP, &*own_app()), (VALUES, &*text), ("p/a.org/values/old.yaml", "a: [1")];
    let reading = read_tree(&beside(&files));
    assert_eq!(commons(&reading, "p/a.org").state, ReadingState::Readable);
    assert_eq!(&*reading.irregularities[0].path, "p/a.org/values/old.yaml");
}

#[test]
fn content_for_browsers_is_not_even_opened() {
    let text = values("a.org", "");
    let files = [(APP, &*own_app()), (VALUES, &*text), ("p/a.org/values/portal/gitops.yaml", "a: [1")];
    assert!(codes(&read_tree(&beside(&files))).is_empty());
}

#[test]
fn an_application_that_is_not_yaml_is_unread() {
    let text = values("a.org", "");
    let broken = own_app().replace("spec:", "spec: {");
    let reading = read_tree(&beside(&[(APP, &broken), (VALUES, &text)]));
    neighbour_is_well(&reading);
    assert_eq!(&*reading.unread[0].path, APP);
    assert!(codes(&reading).contains(&IrregularityCode::BrokenYaml));
}
