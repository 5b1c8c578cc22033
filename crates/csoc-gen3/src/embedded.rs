//! JSON inside YAML strings, read with places.
//!
//! Story: `hatchery.hatchery.json` is one 400-line string. A landing raises one container's memory limit in
//! it; read as text "the string changed", read as JSON `containers[name=JupyterLab].memory-limit` went from
//! `8Gi` to `16Gi`, at line 512 of values.yaml.
//!
//! Only objects and arrays count as JSON: `"12"` is a string that happens to be a number. What is not
//! strict JSON stays a string. A later equal key wins, as in every reader the services use.

use std::sync::Arc;

use crate::yaml::{Entry, Kind, Map, Mark, Node, Style};

/// Deeper than any real file; keeps the reader's own stack small.
const MAX_DEPTH: u32 = 128;

/// The JSON object or array that a string node holds, or `None`.
///
/// Marks are exact for block scalars (`|`), where each line of the text is a line of the file; otherwise
/// everything carries the string's own mark.
pub fn json(node: &Node) -> Option<Node> {
    Reader::of(node)?.read()
}

/// A key that stands twice in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeated {
    /// The keys and list indices that lead to it, and itself.
    pub path: Vec<Arc<str>>,
    /// Where the two stand: bytes from the beginning of the text.
    pub first: usize,
    pub later: usize,
    /// Do both have the same value?
    pub same: bool,
}

/// Every repetition in the JSON that a string node holds; nothing when it holds none.
pub fn repeated_keys(node: &Node) -> Vec<Repeated> {
    let Some(mut reader) = Reader::of(node) else { return Vec::new() };
    reader.repeated = Some(Vec::new());
    match reader.read() {
        Some(_) => reader.repeated.unwrap_or_default(),
        None => Vec::new(),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
    /// Line breaks passed so far.
    line: u32,
    start: Mark,
    block: bool,
    /// Filled only for who asks: most texts are read for their values alone.
    repeated: Option<Vec<Repeated>>,
}

impl<'a> Reader<'a> {
    /// `None` for what cannot be an object or an array.
    fn of(node: &'a Node) -> Option<Self> {
        let Kind::Str(text) = &node.kind else { return None };
        let trimmed = text.trim();
        let wrapped = |open, close| trimmed.starts_with(open) && trimmed.ends_with(close);
        let block = node.style == Style::Block;
        (wrapped('{', '}') || wrapped('[', ']')).then(|| Self {
            bytes: text.as_bytes(),
            text,
            at: 0,
            line: 0,
            start: node.mark,
            block,
            repeated: None,
        })
    }

    fn read(&mut self) -> Option<Node> {
        self.space();
        let root = self.value(0)?;
        self.space();
        (self.at == self.bytes.len()).then_some(root)
    }

    fn mark(&self) -> Mark {
        match self.block {
            // The indicator `|` stands on the key's line; the text begins on the next.
            true => Mark { line: self.start.line + 1 + self.line, column: 1, ..self.start },
            false => self.start,
        }
    }

    fn space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\r' | b'\n')) = self.bytes.get(self.at) {
            self.line += u32::from(*byte == b'\n');
            self.at += 1;
        }
    }

    fn eat(&mut self, expected: &str) -> Option<()> {
        let found = self.bytes[self.at..].starts_with(expected.as_bytes());
        self.at += expected.len();
        found.then_some(())
    }

    fn value(&mut self, depth: u32) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mark = self.mark();
        let kind = match self.bytes.get(self.at)? {
            b'{' => Kind::map(self.object(depth)?),
            b'[' => Kind::Seq(self.array(depth)?),
            b'"' => Kind::Str(self.string()?),
            b't' => self.eat("true").map(|()| Kind::Bool(true))?,
            b'f' => self.eat("false").map(|()| Kind::Bool(false))?,
            b'n' => self.eat("null").map(|()| Kind::Null)?,
            _ => self.number()?,
        };
        Some(Node { kind, mark, written: None, style: Style::DoubleQuoted })
    }

    fn object(&mut self, depth: u32) -> Option<Map> {
        let mut map = Map::new();
        self.at += 1;
        self.space();
        if self.bytes.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Some(map);
        }
        let mut places = Vec::new();
        loop {
            self.space();
            let (key_mark, place) = (self.mark(), self.at);
            if self.bytes.get(self.at) != Some(&b'"') {
                return None;
            }
            let key = self.string()?;
            self.space();
            self.eat(":")?;
            self.space();
            let before = self.found();
            let node = self.value(depth + 1)?;
            self.lies_below(before, &key);
            let (index, old) = map.insert_full(key.clone(), Entry { key_mark, node });
            if let Some(repeated) = &mut self.repeated {
                places.resize(map.len(), place);
                if let Some(old) = old {
                    let same = crate::diff::same(&old.node, &map[index].node);
                    repeated.push(Repeated { path: vec![key], first: places[index], later: place, same });
                }
            }
            self.space();
            self.at += 1;
            match self.bytes.get(self.at - 1)? {
                b',' => {}
                b'}' => return Some(map),
                _ => return None,
            }
        }
    }

    fn array(&mut self, depth: u32) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.bytes.get(self.at) == Some(&b']') {
            self.at += 1;
            return Some(items);
        }
        loop {
            self.space();
            let before = self.found();
            items.push(self.value(depth + 1)?);
            if self.found() > before {
                self.lies_below(before, &(items.len() - 1).to_string().into());
            }
            self.space();
            self.at += 1;
            match self.bytes.get(self.at - 1)? {
                b',' => {}
                b']' => return Some(items),
                _ => return None,
            }
        }
    }

    fn found(&self) -> usize {
        self.repeated.as_ref().map_or(0, Vec::len)
    }

    /// What was found since `before` lies below this key.
    fn lies_below(&mut self, before: usize, key: &Arc<str>) {
        for one in self.repeated.iter_mut().flat_map(|repeated| &mut repeated[before..]) {
            one.path.insert(0, key.clone());
        }
    }

    /// A JSON string. serde_json undoes the escapes; strings without any are taken as they are.
    fn string(&mut self) -> Option<Arc<str>> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        let written = self.text.get(start..self.at)?;
        match escaped {
            false => Some(written[1..written.len() - 1].into()),
            true => serde_json::from_str::<String>(written).ok().map(Arc::from),
        }
    }

    fn number(&mut self) -> Option<Kind> {
        let start = self.at;
        while let Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
        }
        let number: serde_json::Number = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
        Some(match number.as_i64() {
            Some(int) => Kind::Int(int),
            None => Kind::Float(number.as_f64()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(style: Style, text: &str) -> Node {
        let mark = Mark { line: 10, column: 11, ..Mark::default() };
        Node { kind: Kind::Str(text.into()), mark, written: None, style }
    }

    fn get<'a>(node: &'a Node, key: &str) -> &'a Node {
        let Kind::Map(map) = &node.kind else { panic!("not a mapping: {node:?}") };
        &map[key].node
    }

    #[test]
    fn a_block_scalar_keeps_its_lines() {
        let node = json(&text(Style::Block, "{\n  \"a\": 1,\n  \"b\": {\"c\": \"x\\ty\"}\n}\n")).unwrap();
        assert_eq!(get(&node, "a").mark.line, 12);
        let c = get(get(&node, "b"), "c");
        assert_eq!((c.mark.line, &c.kind), (13, &Kind::Str("x\ty".into())));
    }

    #[test]
    fn what_is_not_strict_json_stays_a_string() {
        for bad in
            ["12", "{a: 1}", "{\"a\": 1,}", "[1] [2]", "{{ .Values.x }}", "{\"a\" 1}", "[1", "[01]", "{\"a\":\"\n\"}"]
        {
            assert_eq!(json(&text(Style::Plain, bad)), None, "{bad}");
        }
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(json(&text(Style::Plain, &deep)), None);
    }

    #[test]
    fn the_last_of_two_equal_keys_wins() {
        let node = json(&text(Style::Plain, r#"{"a": 1, "a": 2.5, "é\u00e9": []}"#)).unwrap();
        assert_eq!(get(&node, "a").kind, Kind::Float(2.5));
        assert_eq!(get(&node, "éé").kind, Kind::Seq(vec![]));
    }

    #[test]
    fn repeated_keys_are_told_with_their_places() {
        let json = r#"[{"a": {"b": 1, "c": 2, "b": 3}}, {"x": [1], "y": 0, "x": [1]}]"#;
        let found = repeated_keys(&text(Style::Plain, json));
        let told: Vec<_> = found.iter().map(|one| (one.path.join("."), one.same, &json[one.later..][..3])).collect();
        assert_eq!(told, [("0.a.b".to_owned(), false, "\"b\""), ("1.x".to_owned(), true, "\"x\"")]);
        assert!(
            found.iter().all(|one| one.first < one.later && json[one.first..].starts_with(&json[one.later..][..3]))
        );
        assert_eq!(repeated_keys(&text(Style::Plain, r#"{"a": 1, "b": {"a": 1}}"#)), []);
        assert_eq!(repeated_keys(&text(Style::Plain, r#"{"a": 1, "a": 2"#)), []);
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_serde_json(text_in in r#"[\[\]{},:"a0\\ .eutrl\n-]{0,24}"#) {
            let ours = json(&text(Style::Block, &text_in));
            let theirs: Option<serde_json::Value> = serde_json::from_str(&text_in).ok()
                .filter(|v: &serde_json::Value| v.is_object() || v.is_array());
            proptest::prop_assert_eq!(ours.is_some(), theirs.is_some(), "{}", text_in);
        }
    }
}
