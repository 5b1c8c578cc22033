//! Whatever the bytes are: the reader answers, within its limits, and what it writes reads back.

use std::time::{Duration, Instant};

use csoc_gen3::yaml::{self, FileId, Kind, Limits, Node, ParseErrorKind};
use proptest::prelude::*;

fn parse(bytes: &[u8]) -> Result<Node, yaml::ParseError> {
    yaml::parse(bytes, FileId(0), &Limits::default()).map(|document| document.root)
}

/// Everything that can be done with what was read.
fn use_all(bytes: &[u8]) {
    let all = yaml::parse_all(bytes, FileId(0), &Limits::default());
    let lines = bytes.len() as u32 + 2;
    for document in &all.documents {
        let root = &document.root;
        _ = (root.render(), root.to_json(), root.to_yaml());
        for (path, node) in root.leaves() {
            assert_eq!(root.at(&path.to_string()), Some(node), "{path}");
            assert!(node.mark.line >= 1 && node.mark.line <= lines && node.mark.column >= 1);
        }
    }
    if let Some(error) = all.error {
        assert!(error.mark.line >= 1 && !error.message.is_empty());
    }
}

/// The value without places and spelling.
fn bare(node: &Node) -> String {
    node.to_json()
}

const BASE: &str = "\
# values
global: &g
  hostname: data.example.org
  aws: {account: 084375550014, enabled: true}
fence:
  enabled: on
  image: {tag: 2026.07, 'pull': \"Always\\t\"}
  config: |-
    BASE_URL: x
      more
  <<: *g
list:
- 1
- [a, {b: c}]
- >
  folded
  text

last: ~
";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        use_all(&bytes);
    }

    #[test]
    fn any_yaml_like_text(text in "[ a0:#\\-'\"\\[\\]{},&*!|>%?@\\\\\n\t\u{85}~.]{0,120}") {
        use_all(text.as_bytes());
    }

    #[test]
    fn a_damaged_file(at in 0..BASE.len(), cut in 0..20usize, piece in prop::collection::vec(any::<u8>(), 0..6)) {
        let mut bytes = BASE.as_bytes().to_vec();
        let to = (at + cut).min(bytes.len());
        bytes.splice(at..to, piece);
        use_all(&bytes);
    }

    #[test]
    fn what_is_written_reads_back(text in "[ -~\n\u{a0}-\u{24f}\u{2028}😀]{0,200}", key in "[ -~]{0,140}") {
        let mut root = parse(b"k: {}\nl: [x, [], [[y]], {z: {}}]\nnum: 1.5\nb: true\ne: ~\n").expect("the base");
        let Kind::Map(map) = &mut root.kind else { unreachable!("a map") };
        let mut entry = map["num"].clone();
        entry.node.kind = Kind::Str(text.as_str().into());
        map.insert(key.as_str().into(), entry.clone());
        map["k"].node.kind = Kind::Seq(vec![entry.node.clone(), entry.node]);
        // `toYaml` cuts off the last line break.
        let written = root.to_yaml() + "\n";
        prop_assert_eq!(bare(&parse(written.as_bytes()).expect("what we wrote")), bare(&root), "{}", written);
    }
}

fn kind_of(bytes: &[u8]) -> Option<ParseErrorKind> {
    parse(bytes).err().map(|error| error.kind)
}

#[test]
fn ten_thousand_levels_are_refused_with_the_place() {
    let flow = "[".repeat(10_000) + &"]".repeat(10_000);
    // Ten thousand would be 50 MB of blanks, which is refused for its size.
    let block: String = (0..4_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let dashes = "- ".repeat(10_000);
    for text in [flow, block, dashes] {
        let error = parse(text.as_bytes()).expect_err("too deep");
        assert_eq!((error.kind, error.mark.line > 0), (ParseErrorKind::TooDeep, true));
        assert!(error.message.contains("levels deep"), "{error}");
    }
}

#[test]
fn an_alias_bomb_costs_nothing() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{items}]\n");
    }
    assert_eq!(kind_of(bomb.as_bytes()), Some(ParseErrorKind::AliasBomb));
    assert_eq!(kind_of(b"a: &a [*a]\n"), Some(ParseErrorKind::Syntax));
}

#[test]
fn limits_are_kept() {
    let limits = Limits { bytes: 100, depth: 3, nodes: 10, ..Limits::default() };
    let kind = |text: &str| yaml::parse(text.as_bytes(), FileId(0), &limits).err().map(|error| error.kind);
    assert_eq!(kind(&"a".repeat(101)), Some(ParseErrorKind::TooLarge));
    assert_eq!(kind("{a: {b: {c: {d: 1}}}}"), Some(ParseErrorKind::TooDeep));
    assert_eq!(kind("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"), Some(ParseErrorKind::TooLarge));
    assert_eq!(kind("{a: {b: {c: 1}}}"), None);
}

#[test]
fn what_is_not_utf8_is_named_by_its_line() {
    let error = parse(b"a: 1\nb: \xff\n").expect_err("not UTF-8");
    assert_eq!((error.kind, error.mark.line, error.mark.column), (ParseErrorKind::NotUtf8, 2, 4));
    let utf16: Vec<u8> = "\u{feff}a: é\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(parse(&utf16).expect("UTF-16").to_json(), r#"{"a":"é"}"#);
}

/// A megabyte of each; time must grow with the length, not with its square.
#[test]
fn nothing_takes_long() {
    let patterns = [
        "a: 1\n",
        "- a\n",
        "? a\n: b\n",
        "[",
        "{a: ",
        "&a ",
        "*a ",
        "!t ",
        "\"",
        "'",
        "'a' ",
        "|\n",
        ">\n a\n",
        "# c\n",
        "\n",
        "---\n",
        ":",
        "a\n",
        "- - ",
        "{},",
        "a: &a b\n",
        "<<: {a: 1}\n",
        "x y ",
        "\\",
        "%",
        "~: 1\n",
        ".inf: 1\n",
        "\u{85}",
        "a: .inf\n",
        "{[]: ",
    ];
    for pattern in patterns {
        let mut text = pattern.repeat(1_000_000 / pattern.len());
        for prefix in ["", "k: ", "k: \"", "["] {
            let started = Instant::now();
            _ = parse((prefix.to_owned() + &text).as_bytes());
            assert!(
                started.elapsed() < Duration::from_secs(4),
                "{prefix:?} and {pattern:?} take {:?}",
                started.elapsed()
            );
        }
        text.clear();
    }
    let keys: String = (0..60_000).map(|n| format!("k{n}: .inf\n")).collect();
    let started = Instant::now();
    assert_eq!(kind_of(keys.as_bytes()), Some(ParseErrorKind::NotJson));
    assert!(started.elapsed() < Duration::from_secs(4));
}
