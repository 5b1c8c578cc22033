//! The real Helm and this crate are asked the same; types, rendered text and errors must agree.

mod oracle;

use std::path::Path;

use csoc_gen3::helm::set::{self, Mode};
use csoc_gen3::helm::{self, Computed, Reading, chart, values};
use csoc_gen3::tree::MemoryTree;
use csoc_gen3::yaml::{FileId, Files, Kind, Limits, Mark, Node};
use oracle::Case;
use oracle::random::{self, Pool, Random, Writer};
use serde_json::{Value, json};

/// What this crate makes of a case.
struct Ours {
    user: Node,
    /// With a chart, what its templates see; else the same.
    computed: Node,
    /// The subcharts that are on, as `keys/from/the/root`, sorted.
    enabled: Vec<String>,
}

fn ours(case: &Case) -> Result<Ours, String> {
    let mut files = Vec::new();
    for bytes in &case.value_files {
        files.push(values::read(bytes, FileId(0), &Limits::default()).map_err(|e| e.to_string())?.root);
    }
    let mut user = values::merge_all(&files);
    if let Kind::Map(map) = &mut user.kind {
        for text in &case.set {
            set::apply(map, text, Mode::Typed, Mark::default()).map_err(|e| e.to_string())?;
        }
        for text in &case.set_string {
            set::apply(map, text, Mode::Text, Mark::default()).map_err(|e| e.to_string())?;
        }
    }
    let Some(files) = &case.chart else { return Ok(Ours { computed: user.clone(), user, enabled: Vec::new() }) };
    let tree = MemoryTree::new(files.iter());
    let mut table = Files::default();
    let mut reading = Reading { files: &mut table, prefix: "", limits: Limits::default() };
    let chart = chart::load(&tree, "", &mut reading).map_err(|e| e.to_string())?;
    let computed = helm::compute(&chart, &user).map_err(|e| e.to_string())?;
    let enabled = enabled(&computed);
    Ok(Ours { user, computed: computed.values, enabled })
}

fn enabled(computed: &Computed) -> Vec<String> {
    let on = computed.dependencies.iter().filter(|d| d.enabled && d.chart.is_some());
    let mut paths: Vec<String> = on.map(|d| d.path.join("/")).collect();
    paths.sort();
    paths
}

fn helm_enabled(answer: &Value) -> Value {
    if answer["enabled"].is_null() { json!([]) } else { answer["enabled"].clone() }
}

/// Why the two disagree, if they do.
fn disagreement(case: &Case, answer: &Value) -> Option<String> {
    match (ours(case), answer["error"].as_str()) {
        (Err(_), Some(_)) => None,
        (Err(ours), None) => Some(format!("we refuse: {ours}")),
        (Ok(_), Some(helm)) => Some(format!("Helm refuses ({}): {helm}", answer["stage"])),
        (Ok(ours), None) => oracle::difference(&oracle::typed(&ours.user), &answer["user"], "user")
            .or_else(|| oracle::difference(&oracle::typed(&ours.computed), &answer["computed"], "computed"))
            .or_else(|| oracle::difference(&json!(ours.enabled), &helm_enabled(answer), "enabled"))
            .or_else(|| oracle::text_difference(&ours.computed, answer)),
    }
}

fn check(program: &Path, cases: &[Case]) {
    let answers = oracle::ask(program, cases);
    let mut wrong: Vec<(&Case, String)> =
        cases.iter().zip(&answers).filter_map(|(case, answer)| Some((case, disagreement(case, answer)?))).collect();
    wrong.sort_by_key(|(case, _)| case.show().len());
    if let Some((case, _)) = wrong.first() {
        let (smallest, why) = smallest(program, case);
        panic!("{} of {} cases differ; the smallest:\n{}=> {why}", wrong.len(), cases.len(), smallest.show());
    }
    let refused = answers.iter().filter(|answer| answer["error"].is_string()).count();
    println!("{} cases agree, {refused} of them refused by both", cases.len());
}

/// Takes away lines and files as long as the two still disagree.
fn smallest(program: &Path, case: &Case) -> (Case, String) {
    let mut best = case.clone();
    loop {
        let smaller = best.smaller();
        let answers = oracle::ask(program, &smaller);
        match smaller.into_iter().zip(&answers).find(|(case, answer)| disagreement(case, answer).is_some()) {
            Some((case, _)) => best = case,
            None => {
                let answer = &oracle::ask(program, std::slice::from_ref(&best))[0];
                let why = disagreement(&best, answer).unwrap_or_else(|| "not every time".into());
                return (best, why);
            }
        }
    }
}

fn scalars() -> Vec<String> {
    let lines = include_str!("oracle/scalars.txt").lines().filter(|line| !line.is_empty());
    lines.map(|line| line.replace("\\n", "\n").replace("\\t", "\t")).collect()
}

/// `CSOC_ORACLE_SEED` makes other cases, `CSOC_ORACLE_FACTOR` more of them.
fn seeds(count: u64) -> std::ops::Range<u64> {
    let from = |name: &str, default: u64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let first = from("CSOC_ORACLE_SEED", 0) << 32;
    first..first + count * from("CSOC_ORACLE_FACTOR", 1)
}

fn pool() -> Pool {
    let all = scalars();
    let fine = |scalar: &&String| {
        let text = format!("k: {scalar}\n");
        let parsed = csoc_gen3::yaml::parse(text.as_bytes(), FileId(0), &Limits::default());
        !scalar.contains('\n')
            && !scalar.starts_with('&')
            && parsed.is_ok_and(|document| document.root.get(&["k"]).is_some())
    };
    let tame = all.iter().filter(fine).cloned().collect();
    Pool { all, tame }
}

#[test]
fn scalars_written_by_hand() {
    let Some(program) = oracle::build() else { return };
    let forms = |scalar: &String| {
        [format!("k: {scalar}\n"), format!("- {scalar}\n"), format!("k: [{scalar}]\n"), format!("{scalar}: v\n")]
    };
    let cases: Vec<Case> = scalars().iter().flat_map(forms).map(|text| Case::files([text])).collect();
    check(&program, &cases);
}

#[test]
fn generated_value_files() {
    let Some(program) = oracle::build() else { return };
    let pool = pool();
    let case = |seed| {
        let random = &mut Random::new(seed);
        let mut file = || {
            let text = Writer::new(random, &pool).document();
            if random.chance(25) { random::damage(random, &text) } else { text.into_bytes() }
        };
        Case::files([file()])
    };
    check(&program, &seeds(8_000).map(case).collect::<Vec<_>>());
}

#[test]
fn generated_files_with_parameters() {
    let Some(program) = oracle::build() else { return };
    let pool = pool();
    let case = |seed| {
        let random = &mut Random::new(seed ^ 0xf11e5);
        let count = 1 + random.below(3);
        let files: Vec<String> = (0..count).map(|_| Writer::new(random, &pool).document()).collect();
        let mut case = Case::files(files);
        for _ in 0..random.below(3) {
            case.set.push(random::set_text(random));
        }
        if random.chance(30) {
            case.set_string.push(random::set_text(random));
        }
        case
    };
    check(&program, &seeds(3_000).map(case).collect::<Vec<_>>());
}

#[test]
fn generated_charts() {
    let Some(program) = oracle::build() else { return };
    let case = |seed| {
        let random = &mut Random::new(seed ^ 0xc4a7);
        let chart = oracle::charts::chart(random);
        let files: Vec<String> = (0..random.below(3)).map(|_| oracle::charts::values(random, 0)).collect();
        Case { chart: Some(chart), ..Case::files(files) }
    };
    check(&program, &seeds(4_000).map(case).collect::<Vec<_>>());
}

#[test]
fn every_commons_of_the_real_fleet() {
    let Some(program) = oracle::build() else { return };
    let Some(files) = oracle::fleet::real() else { return };
    let commons = oracle::fleet::value_files(&files);
    assert!(commons.len() >= 30, "{} Applications with value files", commons.len());
    check(&program, &commons.into_iter().map(|(_, files)| Case::files(files)).collect::<Vec<_>>());
    let every_file = files.iter().filter(|(path, _)| path.ends_with(".yaml") || path.ends_with(".yml"));
    check(&program, &every_file.map(|(_, bytes)| Case::files([bytes])).collect::<Vec<_>>());
}

/// The chart is read from its repository here, with `file://` dependencies, and packed for Helm.
#[test]
fn the_sample_fleet_with_its_chart() {
    let Some(program) = oracle::build() else { return };
    let charts = oracle::fleet::sample("charts.files");
    let packed = oracle::fleet::vendored(&charts, "helm/gen3");
    let mut cases: Vec<Case> = oracle::fleet::value_files(&oracle::fleet::sample("fleet.files"))
        .into_iter()
        .map(|(_, files)| Case { chart: Some(packed.clone()), ..Case::files(files) })
        .collect();
    assert!(cases.len() >= 7, "{} Applications with value files", cases.len());
    cases.push(Case { chart: Some(packed), ..Case::files([""]) });
    check(&program, &cases);
    let tree = MemoryTree::new(charts.iter());
    for (case, answer) in cases.iter().zip(oracle::ask(&program, &cases)) {
        let mut table = Files::default();
        let mut reading = Reading { files: &mut table, prefix: "charts:", limits: Limits::default() };
        let chart = chart::load(&tree, "helm/gen3", &mut reading).expect("the sample chart");
        let user = ours(case).expect("values").user;
        let computed = helm::compute(&chart, &user).expect("computed");
        assert_eq!(oracle::difference(&oracle::typed(&computed.values), &answer["computed"], ""), None);
        assert_eq!(json!(enabled(&computed)), helm_enabled(&answer));
    }
}
