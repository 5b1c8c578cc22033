//! The real Helm and this crate are asked the same; types, rendered text and errors must agree.

mod oracle;

use csoc_gen3::helm::values;
use csoc_gen3::yaml::{FileId, Limits, Node};
use oracle::Case;

fn ours(case: &Case) -> Result<Node, String> {
    let limits = Limits::default();
    let mut files = Vec::new();
    for bytes in &case.value_files {
        files.push(values::read(bytes, FileId(0), &limits).map_err(|e| e.to_string())?.root);
    }
    Ok(values::merge_all(&files))
}

/// Why the two disagree, if they do.
fn disagreement(case: &Case, answer: &serde_json::Value) -> Option<String> {
    let refused = answer["error"].as_str().filter(|_| answer["stage"] == "values");
    match (ours(case), refused) {
        (Err(_), Some(_)) => None,
        (Err(ours), None) => Some(format!("we refuse: {ours}")),
        (Ok(_), Some(helm)) => Some(format!("Helm refuses: {helm}")),
        (Ok(values), None) => oracle::difference(&oracle::typed(&values), &answer["user"], "")
            .or_else(|| oracle::text_difference(&values, answer)),
    }
}

#[test]
fn scalars_written_by_hand() {
    let Some(program) = oracle::build() else { return };
    let corpus = include_str!("oracle/scalars.txt");
    let cases: Vec<Case> = corpus
        .lines()
        .filter(|line| !line.is_empty())
        .flat_map(|scalar| {
            let scalar = scalar.replace("\\n", "\n").replace("\\t", "\t");
            [format!("k: {scalar}\n"), format!("- {scalar}\n"), format!("k: [{scalar}]\n"), format!("{scalar}: v\n")]
        })
        .map(|text| Case::files([text]))
        .collect();
    check(&program, &cases);
}

fn check(program: &std::path::Path, cases: &[Case]) {
    let answers = oracle::ask(program, cases);
    let mut wrong: Vec<(&Case, String)> =
        cases.iter().zip(&answers).filter_map(|(case, answer)| Some((case, disagreement(case, answer)?))).collect();
    wrong.sort_by_key(|(case, _)| case.show().len());
    let shown: Vec<String> = wrong.iter().take(12).map(|(case, why)| format!("{}=> {why}\n", case.show())).collect();
    assert!(wrong.is_empty(), "{} of {} cases differ; the smallest:\n{}", wrong.len(), cases.len(), shown.join("\n"));
}
