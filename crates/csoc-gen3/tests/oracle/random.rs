//! Cases nobody would write: made from a seed, so that a failure can be repeated.

use std::fmt::Write as _;

/// xorshift64*: small, and the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Keys that collide on purpose, but never a number with the text of that number: Helm's answer to those
/// depends on the order of a Go map.
const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "e",
    "a",
    "b",
    "c",
    "global",
    "\"q\"",
    "'s t'",
    "a b",
    "on",
    "7",
    "1.5",
    "0x10",
    "x.y",
    "a-b",
    "\"a\\tb\"",
    "é",
    "2001-01-01",
    "!!str k",
    "&k k",
    "a#b",
    "\"\"",
    "-x",
];
const RARE_KEYS: &[&str] =
    &["~", "<<", "? x\n: y\n?", "[a]", "{a: b}", "*a1", "!!int \"5\"", ".inf", "18446744073709551615", "", "? - a"];

/// Scalars to choose from.
pub struct Pool {
    pub all: Vec<String>,
    /// Those that are fine as a value.
    pub tame: Vec<String>,
}

pub struct Writer<'r> {
    random: &'r mut Random,
    pool: &'r Pool,
    out: String,
    anchors: usize,
    /// Whether the file may hold what Helm refuses; otherwise it mostly does not.
    wild: bool,
}

impl<'r> Writer<'r> {
    pub fn new(random: &'r mut Random, pool: &'r Pool) -> Self {
        let wild = random.chance(25);
        Self { random, pool, out: String::new(), anchors: 0, wild }
    }

    /// A value file.
    pub fn document(mut self) -> String {
        if self.random.chance(4) {
            self.out.push_str(self.random.pick(&[
                "---\n",
                "%YAML 1.1\n---\n",
                "%TAG !e! tag:e,1:\n---\n",
                "# c\n\n",
                "\u{feff}",
                "%YAML 1.2\n---\n",
                "--- # x\n",
                "---\n---\n",
            ]));
        }
        let entries = self.random.below(6);
        self.map(0, entries, 0);
        if self.random.chance(4) {
            self.out.push_str(self.random.pick(&[
                "---\nz: 1\n",
                "...\n",
                "...\nz\n",
                "---\n[\n",
                "# end",
                "--- x",
                "\t",
                "...\n---\n...",
            ]));
        }
        if self.random.chance(5) {
            self.out = self.out.replace('\n', "\r\n");
        }
        self.out
    }

    fn key(&mut self) -> &'static str {
        if self.wild && self.random.chance(6) { self.random.pick(RARE_KEYS) } else { self.random.pick(KEYS) }
    }

    fn map(&mut self, indent: usize, entries: usize, depth: usize) {
        for _ in 0..entries {
            self.noise(indent);
            if self.anchors > 0 && self.random.chance(6) {
                let alias = 1 + self.random.below(self.anchors);
                let merge = match self.random.below(4) {
                    0 => format!("<<: [*a{alias}, {{m: 1}}]"),
                    1 => "<<: {m: 2, a: 3}".to_owned(),
                    _ => format!("<<: *a{alias}"),
                };
                _ = writeln!(self.out, "{}{merge}", " ".repeat(indent));
                continue;
            }
            let key = self.key();
            _ = write!(self.out, "{}{key}:", " ".repeat(indent));
            self.value(indent, depth, true);
        }
    }

    fn noise(&mut self, indent: usize) {
        if self.random.chance(8) {
            let noise = ["\n", "# comment\n", "   # c\n", "  \n", "\t\n", "\t# c\n"];
            let line = self.random.pick(if self.wild { &noise } else { &noise[..4] });
            self.out.push_str(line);
        }
        if self.wild && self.random.chance(2) {
            self.out.push_str(&" ".repeat(indent));
        }
    }

    fn anchor(&mut self) {
        if self.random.chance(8) {
            self.anchors += 1;
            _ = write!(self.out, " &a{}", self.anchors);
        }
        if self.random.chance(1) {
            let tag = self.random.pick(&["!!map", "!!seq", "!x", "!", "!!str"]);
            _ = write!(self.out, " {tag}");
        }
    }

    fn value(&mut self, indent: usize, depth: usize, in_map: bool) {
        match self.random.below(if depth > 3 { 62 } else { 100 }) {
            0..46 => {
                self.anchor();
                let scalar = self.scalar();
                _ = writeln!(self.out, " {scalar}");
            }
            46..50 if self.anchors > 0 || self.wild => {
                let alias = 1 + self.random.below(self.anchors + usize::from(self.wild));
                _ = writeln!(self.out, " *a{alias}");
            }
            50..56 => {
                self.anchor();
                self.out.push(' ');
                self.flow(3);
                let ends = ["\n", " # c\n", "\n\n"];
                let end = self.random.pick(&ends);
                self.out.push_str(end);
            }
            56..62 => self.block_scalar(indent),
            62..84 => {
                self.anchor();
                self.out.push('\n');
                let deeper = indent + 1 + self.random.below(3);
                let entries = 1 + self.random.below(4);
                self.map(deeper, entries, depth + 1);
            }
            84..98 => {
                self.anchor();
                self.out.push('\n');
                let deeper = indent + if in_map { self.random.below(3) } else { 1 + self.random.below(2) };
                for _ in 0..=self.random.below(3) {
                    self.noise(deeper);
                    _ = write!(self.out, "{}-", " ".repeat(deeper));
                    if self.random.chance(25) && depth < 4 {
                        let key = self.key();
                        _ = write!(self.out, " {key}:");
                        self.value(deeper + 2, depth + 1, true);
                    } else {
                        self.value(deeper, depth + 1, false);
                    }
                }
            }
            _ => self.out.push('\n'),
        }
    }

    fn scalar(&mut self) -> String {
        if self.random.chance(4) {
            return self.long_text();
        }
        let from = if self.wild { &self.pool.all } else { &self.pool.tame };
        if !self.wild || self.random.chance(70) {
            return from[self.random.below(from.len())].clone();
        }
        self.soup()
    }

    /// Long enough to be folded when it is written.
    fn long_text(&mut self) -> String {
        let words = [
            "word",
            "a",
            "longer-word",
            "it's",
            "x: y",
            "#1",
            "  ",
            "\\\"",
            "\\n",
            "\\t",
            "é",
            "\\n ",
            " \\n",
            "\\u00a0",
            "\\L",
            "-",
            "0",
            "😀",
        ];
        let text: Vec<&str> = (0..self.random.below(40)).map(|_| self.random.pick(&words)).collect();
        format!("\"{}\"", text.join(" "))
    }

    /// Characters that mean something, in any order.
    fn soup(&mut self) -> String {
        let pieces = [
            "a", "b", "0", "1", "9", ".", "-", "+", "_", "e", "x", "o", "y", "n", " ", "  ", ":", ": ", "#", " #", "'",
            "\"", "\\", "{", "}", "[", "]", ",", "?", "!", "&", "*", "|", ">", "%", "@", "`", "~", "=", "<", "\t", "é",
            "\u{85}", "\u{2028}", "\u{a0}", "😀", "\u{feff}", "on", "null", "true", "/", "$", "(", ")",
        ];
        let length = self.random.below(7);
        (0..length).map(|_| self.random.pick(&pieces)).collect()
    }

    fn flow(&mut self, depth: usize) {
        let map = self.random.chance(50);
        self.out.push(if map { '{' } else { '[' });
        for at in 0..self.random.below(4) {
            if at > 0 {
                let separators = [",", ", ", " ,", ",\n   ", ", # c\n   "];
                let separator = self.random.pick(&separators);
                self.out.push_str(separator);
            }
            if map || self.random.chance(15) {
                let key = self.key();
                let colons = [": ", ":", " : ", ":\n   ", ""];
                let colon = if !self.wild || self.random.chance(80) { ": " } else { self.random.pick(&colons) };
                _ = write!(self.out, "{key}{colon}");
            }
            match self.random.below(if depth > 0 { 10 } else { 7 }) {
                0..6 => {
                    let scalar = self.scalar();
                    if self.wild || !scalar.contains(['#', '\n', '[', ']', '{', '}', ',']) {
                        self.out.push_str(&scalar);
                    }
                }
                6 => {}
                7 if self.anchors > 0 => {
                    let alias = 1 + self.random.below(self.anchors);
                    _ = write!(self.out, "*a{alias}");
                }
                _ => self.flow(depth - 1),
            }
        }
        if self.random.chance(10) {
            self.out.push(',');
        }
        self.out.push(if map { '}' } else { ']' });
    }

    fn block_scalar(&mut self, indent: usize) {
        let headers = ["|", ">", "|-", ">-", "|+", ">+", "| # c", "|1", ">1", "|-1", ">+2", "|2", "|2-", "|x"];
        let header = self.random.pick(if self.wild { &headers } else { &headers[..7] });
        _ = writeln!(self.out, " {header}");
        let deeper = indent + 1 + self.random.below(3);
        for _ in 0..self.random.below(5) {
            let lines = [
                "text",
                "more text",
                "  indented",
                "",
                "",
                "# no comment",
                "a: b",
                "- x",
                " ",
                "trailing  ",
                "é",
                "..",
                "---",
                "\ttab",
            ];
            let line = self.random.pick(if self.wild { &lines } else { &lines[..lines.len() - 1] });
            let blank = line.is_empty() && self.random.chance(70);
            _ = writeln!(self.out, "{}{line}", if blank { String::new() } else { " ".repeat(deeper) });
        }
    }
}

/// A small damage: what people and tools do to files.
pub fn damage(random: &mut Random, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(2) {
        let at = random.below(bytes.len() + 1);
        match random.below(6) {
            0 if at < bytes.len() => _ = bytes.remove(at),
            1 => {
                let wild: [&[u8]; 24] = [
                    b" ",
                    b"\n",
                    b"\t",
                    b":",
                    b"-",
                    b"#",
                    b"'",
                    b"\"",
                    b"[",
                    b"]",
                    b"{",
                    b"}",
                    b",",
                    b"&a1 ",
                    b"*a1",
                    b"!",
                    b"|",
                    b">",
                    b"\r",
                    b"\\",
                    b"? ",
                    b"- ",
                    b"%",
                    b"\xc2\x85",
                ];
                let piece = random.pick(&wild);
                bytes.splice(at..at, piece.iter().copied());
            }
            2 => bytes.truncate(at),
            3 => {
                let to = (at + random.below(12)).min(bytes.len());
                let piece = bytes[at..to].to_vec();
                let into = random.below(bytes.len() + 1);
                bytes.splice(into..into, piece);
            }
            4 => {
                let to = (at + random.below(6)).min(bytes.len());
                bytes.drain(at..to);
            }
            _ => {
                let rare: [&[u8]; 6] = [b"\xff", b"\0", b"\x7f", b"\xef\xbb\xbf", b"\xc3", b"\xe2\x80\xa9"];
                if random.chance(15) {
                    let piece = random.pick(&rare);
                    bytes.splice(at..at, piece.iter().copied());
                }
            }
        }
    }
    bytes
}

/// `--set` texts.
pub fn set_text(random: &mut Random) -> String {
    let pieces = [
        "a",
        "b",
        "c",
        "d",
        "global",
        ".",
        ".",
        "=",
        "=",
        "=",
        "[0]",
        "[1]",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\\",
        "\\.",
        "\\,",
        "1",
        "0",
        "07",
        "true",
        "null",
        "x y",
        "-5",
        "",
        "é",
        "99999999999999999999",
        "1.5",
        "TRUE",
    ];
    if random.chance(88) {
        let key = random.pick(&[
            "p", "p.q", "r[0]", "r[1].s", "t.u.v", "w[1][0]", "a", "b.c", "a.b", "c[0]", "d[1].x", "a\\.b", "d[0][1]",
            "e.f.g", "global.x", "b[2]",
        ]);
        let value = random.pick(&[
            "1", "0", "07", "x", "true", "null", "{a,1}", "{}", "", "-3", "1.5", "a\\,b", "1,a=2", "x,b.d=3", "{a",
            "8e3",
        ]);
        return format!("{key}={value}");
    }
    (0..1 + random.below(9)).map(|_| random.pick(&pieces)).collect()
}
