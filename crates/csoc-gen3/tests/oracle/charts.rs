//! Charts with subcharts, conditions, tags, aliases, imported values and globals, made from a seed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::random::Random;

type Files = BTreeMap<String, Vec<u8>>;

pub fn chart(random: &mut Random) -> Files {
    let mut files = Files::new();
    add(random, &mut files, "", "root", 0);
    files
}

const NAMES: &[&str] = &["sub", "aux", "lib"];

fn add(random: &mut Random, files: &mut Files, folder: &str, name: &str, depth: usize) {
    let versions = ["1.2.3", "0.1.0", "1.0.0-rc1", "2.0", "v1.5.0", "0.0.3"];
    let version = if random.chance(80) { "1.2.3" } else { random.pick(&versions) };
    let mut description = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    if random.chance(30) {
        let app = random.pick(&["2026.07", "master", "1.10", "\"1.10\"", "on", "1000000"]);
        _ = writeln!(description, "appVersion: {app}");
    }
    let children: Vec<&str> = NAMES.iter().copied().filter(|_| depth < 2 && random.chance(60 - 20 * depth)).collect();
    for child in &children {
        add(random, files, &format!("{folder}charts/{child}/"), child, depth + 1);
    }
    let mut requirements = String::new();
    for child in children.iter().chain(&["absent"]) {
        if random.chance(if *child == "absent" { 10 } else { 85 }) {
            requirement(random, &mut requirements, child);
        }
        if *child != "absent" && random.chance(12) {
            _ = writeln!(requirements, "- name: {child}\n  version: '*'\n  alias: second{}", random.below(2));
            conditions(random, &mut requirements, child);
        }
    }
    let key = if requirements.is_empty() && random.chance(50) { "" } else { "dependencies:\n" };
    if random.chance(10) && !requirements.is_empty() {
        description = description.replace("v2", "v1");
        files.insert(format!("{folder}requirements.yaml"), format!("{key}{requirements}").into_bytes());
    } else {
        description.push_str(key);
        description.push_str(&requirements);
    }
    files.insert(format!("{folder}Chart.yaml"), description.into_bytes());
    if random.chance(90) {
        files.insert(format!("{folder}values.yaml"), values(random, depth).into_bytes());
    }
}

fn requirement(random: &mut Random, out: &mut String, name: &str) {
    let constraints = [
        "1.2.3",
        "^1.0",
        "~1.2",
        "1.x",
        ">=1.0.0",
        ">= 1.0, < 2",
        "1.0 - 2.0",
        "*",
        "",
        "2.x || 1.2.3",
        "!=1.2.3",
        "<=1.2",
        ">1",
        "~0.1",
        ">=1.0.0-0",
        "^0.0.3",
        "bad",
    ];
    let constraint = if random.chance(60) { "*" } else { random.pick(&constraints) };
    _ = writeln!(out, "- name: {name}\n  version: {constraint:?}");
    if random.chance(15) {
        let alias = random.pick(&["other", "sub", "aux2"]);
        _ = writeln!(out, "  alias: {alias}");
    }
    conditions(random, out, name);
}

fn conditions(random: &mut Random, out: &mut String, name: &str) {
    if random.chance(50) {
        let condition = match random.below(6) {
            0 => "flag".to_owned(),
            1 => format!("{name}.missing,{name}.enabled"),
            2 => "global.on".to_owned(),
            3 => "a.b, flag".to_owned(),
            _ => format!("{name}.enabled"),
        };
        _ = writeln!(out, "  condition: {condition}");
    }
    if random.chance(25) {
        let tags = random.pick(&["[front]", "[back, front]", "[on]", "[]"]);
        _ = writeln!(out, "  tags: {tags}");
    }
    if random.chance(35) {
        let imports = [
            "[data]",
            "[data, more]",
            "[{child: a, parent: b}]",
            "[{child: a.b, parent: .}]",
            "[{child: exports.data, parent: a.x}]",
            "[{child: global, parent: a}]",
            "[data, {child: c, parent: c}]",
            "[1]",
            "[{child: a}]",
        ];
        let imports = random.pick(&imports);
        _ = writeln!(out, "  import-values: {imports}");
    }
}

/// A chart's defaults, or the user's values for it: the keys meet on purpose.
pub fn values(random: &mut Random, depth: usize) -> String {
    let mut out = String::new();
    map(random, &mut out, 0, depth);
    out
}

fn map(random: &mut Random, out: &mut String, indent: usize, depth: usize) {
    let pad = " ".repeat(indent);
    let mut any = false;
    for key in ["enabled", "flag", "a", "b", "c"] {
        if random.chance(40) {
            any = true;
            let value = if indent < 6 && random.chance(35) && matches!(key, "a" | "b" | "c") {
                "{b: {x: 1, y: ~}, x: [1, 2], c: {}}"
            } else {
                random.pick(&["true", "false", "~", "1", "text", "{}", "[1, ~]", "{x: ~}", "084375550014"])
            };
            _ = writeln!(out, "{pad}{key}: {value}");
        }
    }
    if indent == 0 && random.chance(30) {
        let tags = random.pick(&[
            "{front: true}",
            "{front: false}",
            "{back: false}",
            "{front: 1}",
            "~",
            "{back: true, front: false}",
        ]);
        _ = writeln!(out, "tags: {tags}");
    }
    if random.chance(if indent == 0 { 50 } else { 25 }) {
        any = true;
        let globals = [
            "{on: true, g: {x: 1}}",
            "{g: {x: ~, y: {z: 2}}}",
            "{on: false}",
            "~",
            "text",
            "{g: 5}",
            "{g: {y: {w: ~}}, h: {}}",
            "{h: ~}",
            "{}",
        ];
        let global = random.pick(&globals);
        _ = writeln!(out, "{pad}global: {global}");
    }
    if random.chance(35) {
        any = true;
        let exports =
            random.pick(&["{data: {a: {n: 1}, e: 2}, more: {a: {m: ~}}}", "{data: ~}", "{data: {c: {k: 1}}}", "[]"]);
        _ = writeln!(out, "{pad}exports: {exports}");
    }
    if depth < 2 && indent < 6 {
        for child in ["sub", "aux", "lib", "other", "second0", "second1"] {
            if random.chance(30) {
                any = true;
                if random.chance(7) {
                    let odd = random.pick(&["~", "text", "{}"]);
                    _ = writeln!(out, "{pad}{child}: {odd}");
                } else {
                    _ = writeln!(out, "{pad}{child}:");
                    map(random, out, indent + 2, depth + 1);
                }
            }
        }
    }
    if !any {
        _ = writeln!(out, "{pad}z: 0");
    }
}
