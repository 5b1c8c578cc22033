//! Builds the Go program in `oracle/` once, keeps it running, and compares its answers with ours.

pub mod charts;
pub mod fleet;
pub mod random;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use csoc_gen3::yaml::{Kind, Node};
use serde_json::{Value, json};

/// What both Helms are asked.
#[derive(Clone, Debug, Default)]
pub struct Case {
    pub value_files: Vec<Vec<u8>>,
    pub set: Vec<String>,
    pub set_string: Vec<String>,
    pub chart: Option<BTreeMap<String, Vec<u8>>>,
    /// Also compare what templates print.
    pub text: bool,
}

impl Case {
    pub fn files<B: AsRef<[u8]>>(files: impl IntoIterator<Item = B>) -> Self {
        let value_files = files.into_iter().map(|b| b.as_ref().to_vec()).collect();
        Self { value_files, text: true, ..Self::default() }
    }

    fn request(&self) -> Value {
        let b64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        let mut request = json!({
            "valueFiles": self.value_files.iter().map(|f| b64(f)).collect::<Vec<_>>(),
            "set": self.set,
            "setString": self.set_string,
            "text": self.text,
        });
        if let Some(chart) = &self.chart {
            request["chart"] = chart.iter().map(|(name, data)| (name.clone(), json!(b64(data)))).collect();
        }
        request
    }

    /// The same case with one file or line less.
    pub fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for at in 0..self.value_files.len() {
            let mut case = self.clone();
            case.value_files.remove(at);
            all.push(case);
            for file in fewer_lines(&self.value_files[at]) {
                let mut case = self.clone();
                case.value_files[at] = file;
                all.push(case);
            }
        }
        for at in 0..self.set.len() {
            let mut case = self.clone();
            case.set.remove(at);
            all.push(case);
        }
        for (name, data) in self.chart.iter().flatten() {
            let with = |file: Option<Vec<u8>>| {
                let mut case = self.clone();
                let chart = case.chart.get_or_insert_default();
                match file {
                    Some(file) => chart.insert(name.clone(), file),
                    None => chart.remove(name),
                };
                case
            };
            let folder = name.strip_suffix("Chart.yaml").filter(|folder| !folder.is_empty());
            match folder {
                Some(folder) => {
                    let mut case = self.clone();
                    case.chart.get_or_insert_default().retain(|other, _| !other.starts_with(folder));
                    all.push(case);
                }
                None => all.push(with(None)),
            }
            all.extend(fewer_lines(data).into_iter().map(|file| with(Some(file))));
        }
        all
    }

    /// For the message when both differ.
    pub fn show(&self) -> String {
        let mut out = String::new();
        for (at, file) in self.value_files.iter().enumerate() {
            _ = writeln!(out, "--- value file {at}\n{}", String::from_utf8_lossy(file));
        }
        for set in self.set.iter().chain(&self.set_string) {
            _ = writeln!(out, "--- set {set}");
        }
        for (name, data) in self.chart.iter().flatten() {
            _ = writeln!(out, "--- chart {name}\n{}", String::from_utf8_lossy(data));
        }
        out
    }
}

/// The file without each half, quarter ... of its lines; line by line only when few are left.
fn fewer_lines(file: &[u8]) -> Vec<Vec<u8>> {
    let lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let mut all = Vec::new();
    let mut size = lines.len().div_ceil(2);
    while size > 0 && lines.len() / size <= 40 {
        for skip in (0..lines.len()).step_by(size) {
            let after = (skip + size).min(lines.len());
            all.push([&lines[..skip], &lines[after..]].concat().concat());
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    all
}

/// The program's path; `None`, with a line that says so, when there is no Go.
pub fn build() -> Option<PathBuf> {
    if Command::new("go").arg("version").output().is_err() {
        println!("skipped: `go` is not installed, so the real Helm cannot be asked");
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle");
    let mut text = Vec::new();
    for name in ["go.mod", "go.sum", "main.go"] {
        text.extend(std::fs::read(source.join(name)).expect("the oracle's sources"));
    }
    let home = std::env::var_os("HOME").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = home.join(".cache/csoc/oracle").join(format!("{:016x}", fnv(&text)));
    let program = folder.join("oracle");
    if program.exists() {
        return Some(program);
    }
    std::fs::create_dir_all(&folder).expect("a cache folder");
    let fresh = folder.join(format!("oracle.{}", std::process::id()));
    let status = Command::new("go").args(["build", "-o"]).arg(&fresh).arg(".").current_dir(&source).status();
    assert!(status.is_ok_and(|s| s.success()), "go build of the oracle failed");
    std::fs::rename(&fresh, &program).expect("the built oracle");
    Some(program)
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Asks all cases, in order.
pub fn ask(program: &Path, cases: &[Case]) -> Vec<Value> {
    let mut child =
        Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the oracle runs");
    let mut stdin = child.stdin.take().expect("piped");
    let lines: Vec<String> = cases.iter().map(|case| case.request().to_string()).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            stdin.write_all(line.as_bytes()).and_then(|()| stdin.write_all(b"\n")).expect("the oracle reads");
        }
    });
    let stdout = BufReader::new(child.stdout.take().expect("piped"));
    let answers: Vec<Value> =
        stdout.lines().map(|line| serde_json::from_str(&line.expect("the oracle writes")).expect("JSON")).collect();
    writer.join().expect("the writer ends");
    child.wait().expect("the oracle ends");
    assert_eq!(answers.len(), cases.len(), "one answer for each case");
    answers
}

/// A tree in the oracle's typed form.
pub fn typed(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Str(text) => json!(**text),
        Kind::Int(value) => json!({ "i": value.to_string() }),
        Kind::Float(value) => json!({ "f": csoc_gen3::yaml::go_float(*value) }),
        Kind::Seq(items) => items.iter().map(typed).collect(),
        Kind::Map(map) => {
            let entries: serde_json::Map<String, Value> =
                map.iter().map(|(key, entry)| (key.to_string(), typed(&entry.node))).collect();
            json!({ "m": entries })
        }
    }
}

/// The first difference between two trees of the typed form, as a sentence.
pub fn difference(ours: &Value, helm: &Value, at: &str) -> Option<String> {
    match (ours, helm) {
        (Value::Object(a), Value::Object(b)) => a
            .iter()
            .find_map(|(key, value)| match b.get(key) {
                Some(other) => difference(value, other, &format!("{at}/{key}")),
                None => Some(format!("{at}/{key}: Helm has nothing, we have {value}")),
            })
            .or_else(|| {
                let key = b.keys().find(|key| !a.contains_key(*key))?;
                Some(format!("{at}/{key}: we have nothing, Helm has {}", b[key]))
            }),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| difference(a, b, &format!("{at}/{n}")))
        }
        _ if ours == helm => None,
        _ => Some(format!("{at}: we have {ours}, Helm has {helm}")),
    }
}

fn same_lines(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    sorted(a) == sorted(b)
}

/// Compares what templates print with what we say they print.
pub fn text_difference(values: &Node, answer: &Value) -> Option<String> {
    for (name, ours) in [("yaml", values.to_yaml()), ("json", values.to_json())] {
        let ours = ours.replace("<no value>", "");
        // The order of `toYaml`'s keys is not always determined: see `yaml/emit.rs`.
        let same = |helm: &str| helm == ours || (name == "yaml" && same_lines(helm, &ours));
        if let Some(helm) = answer[name].as_str().filter(|helm| !same(helm)) {
            return Some(format!("to{name}: we write\n{ours:?}, Helm writes\n{helm:?}"));
        }
    }
    for leaf in answer["leaves"].as_array().into_iter().flatten() {
        let path = leaf["path"].as_array().expect("a path");
        let node = path.iter().try_fold(values, |node, segment| match segment {
            Value::String(key) => Some(&node.as_map()?.get(key.as_str())?.node),
            other => node.as_seq()?.get(other.as_u64()? as usize),
        });
        let ours = node.map(Node::render).unwrap_or_default();
        let helm = leaf["text"].as_str().expect("text");
        // `{{ index }}` prints a nil as <nil>; a field prints nothing.
        let nil = node.is_some_and(Node::is_null) && helm == "<nil>";
        if ours.replace("<no value>", "") != helm && !nil {
            return Some(format!("{}: we print {ours:?}, Helm prints {helm:?}", leaf["path"]));
        }
    }
    None
}
