//! `csoc lint`: what is wrong in a fleet's files, in a shell or in someone's CI.
//!
//! Story: a pull request changes one commons. `csoc lint . --changed-since origin/main --format github` says
//! only what it made worse, as annotations on its lines, and fails the check when something is high.
//!
//! Exit codes: 0 nothing at or above `--fail-on`, 1 something is, 2 it could not run.

mod github;
mod listing;
mod sarif;
mod text;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use csoc_core::finding::Severity;
use csoc_gen3::fleet::FleetReading;
use csoc_gen3::lint::{Context, Finding, LintReport, NotEvaluated, Selection, rule, rules, run_selected};
use serde::Serialize;

use crate::Outcome;
use crate::cache::CacheArgs;
use crate::chart::ChartFolder;
use crate::failure::Failure;
use crate::files::{Files, Snapshot};
use crate::{naming, output};

/// Check the files of a fleet
///
/// Work trees are read as they stand on disk, saved and not committed. A comment on the line or the line before
/// waives a finding there: # csoc:ignore RULE reason
///
/// Exit codes: 0 nothing at or above --fail-on, 1 something is, 2 it could not run.
///
/// Examples:
///   csoc lint ~/gitops
///   csoc lint . --changed-since origin/main --format github
///   csoc lint fleet.bundle --format sarif --fail-on critical > lint.sarif
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// A work tree (or a folder in one), a bare repository or a bundle
    #[arg(default_value = ".")]
    path: PathBuf,
    /// How to print it
    #[arg(long, short = 'o', value_enum, default_value_t)]
    format: Format,
    /// The mildest severity that fails: critical, high, medium, low, info or never
    #[arg(long, value_name = "SEVERITY", default_value = "high", value_parser = parse_fail_on)]
    fail_on: FailOn,
    /// Show only what is new since a commit, branch, tag or time
    #[arg(long, value_name = "REV")]
    changed_since: Option<String>,
    /// Check a commit, branch, tag or time instead of the files on disk
    #[arg(long, value_name = "REV")]
    at: Option<String>,
    /// Run only this rule; can be repeated
    #[arg(long, value_name = "ID", value_parser = parse_rule)]
    rule: Vec<String>,
    /// Leave this rule out; can be repeated
    #[arg(long, value_name = "ID", value_parser = parse_rule)]
    skip: Vec<String>,
    /// The umbrella chart (gen3-helm, or its helm/gen3), for the rules that need one
    #[arg(long, value_name = "DIR")]
    chart: Option<PathBuf>,
    #[command(flatten)]
    cache: CacheArgs,
    /// List the rules and stop
    #[arg(long)]
    rules: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
    /// With --rules: a page of documentation
    Markdown,
}

/// `None`: never.
#[derive(Clone, Copy, Debug)]
struct FailOn(Option<Severity>);

fn parse_fail_on(text: &str) -> Result<FailOn, String> {
    match (text, Severity::parse(text)) {
        ("never", _) => Ok(FailOn(None)),
        (_, Some(severity)) => Ok(FailOn(Some(severity))),
        _ => Err("say critical, high, medium, low, info or never".into()),
    }
}

fn parse_rule(id: &str) -> Result<String, String> {
    match rule(id) {
        Some(rule) => Ok(rule.id.into()),
        None => Err(naming::unknown("rule", id, rules().iter().map(|rule| rule.id))),
    }
}

pub fn run(args: &Args) -> Outcome {
    if args.rules {
        listing::print(args.format)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.format == Format::Markdown {
        return Err(Failure::new("--format markdown prints the rules: add --rules").into());
    }
    let selection = Selection { only: args.rule.clone(), skip: args.skip.clone() };
    let chart = args.chart.as_deref().map(ChartFolder::open).transpose()?;
    let mut files = Files::open(&args.path, &args.cache)?;
    let snapshot = files.snapshot(args.at.as_deref())?;
    let mut report = lint(&snapshot, chart.as_ref(), &selection);
    if let Some(since) = &args.changed_since {
        let before = files.snapshot(Some(since))?;
        report.retain_new(&lint(&before, chart.as_ref(), &selection));
    }
    if let Some(folder) = below_the_root(&files, &args.path) {
        let inside = |finding: &Finding| finding.path.starts_with(&folder);
        report.findings.retain(inside);
        report.ignored.retain(inside);
    }
    print(args, &snapshot.reading, &report)?;
    let fails = |severity: Severity| report.findings.iter().any(|finding| finding.severity >= severity);
    Ok(ExitCode::from(u8::from(args.fail_on.0.is_some_and(fails))))
}

fn lint(snapshot: &Snapshot, chart: Option<&ChartFolder>, selection: &Selection) -> LintReport {
    let context = Context { tree: &*snapshot.tree, chart: chart.map(ChartFolder::files) };
    run_selected(&snapshot.reading, &context, selection)
}

fn print(args: &Args, reading: &FleetReading, report: &LintReport) -> Result<(), Failure> {
    match args.format {
        Format::Text => text::print(reading, report, args.changed_since.as_deref()),
        Format::Json => output::document(output::Format::Json, &Document::new(reading, report)),
        Format::Sarif => output::document(output::Format::Json, &sarif::document(report)),
        Format::Github => github::print(report),
        Format::Markdown => Ok(()),
    }
}

/// `csoc lint prod/data.example.org` in a checkout: the whole fleet is read, because rules compare, and what
/// lies below the folder is shown. `None` for the root and for what has no checkout.
fn below_the_root(files: &Files, path: &Path) -> Option<String> {
    let root = files.repository().ok()?.work_dir()?.canonicalize().ok()?;
    let inside = path.canonicalize().ok()?;
    let folder = inside.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
    (!folder.is_empty()).then(|| format!("{folder}/"))
}

/// The JSON form; its schema is schemas/lint.json.
#[derive(Serialize)]
struct Document<'a> {
    findings: Vec<Row<'a>>,
    ignored: Vec<Row<'a>>,
    not_evaluated: &'a [NotEvaluated],
}

#[derive(Serialize)]
struct Row<'a> {
    rule: &'a str,
    severity: Severity,
    organization: Option<&'a str>,
    /// What people call it, as in every other command.
    commons: Option<&'a str>,
    cluster: Option<&'a str>,
    path: &'a str,
    line: u32,
    column: u32,
    message: &'a str,
    help: &'a str,
    fingerprint: &'a str,
}

impl<'a> Document<'a> {
    fn new(reading: &'a FleetReading, report: &'a LintReport) -> Self {
        let rows = |findings: &'a [Finding]| findings.iter().map(|finding| Row::new(reading, finding)).collect();
        Self { findings: rows(&report.findings), ignored: rows(&report.ignored), not_evaluated: &report.not_evaluated }
    }
}

impl<'a> Row<'a> {
    fn new(reading: &'a FleetReading, finding: &'a Finding) -> Self {
        Self {
            rule: finding.rule,
            severity: finding.severity,
            organization: finding.organization.as_deref(),
            commons: finding.commons.as_deref().map(|folder| name_of(reading, folder)),
            cluster: finding.cluster.as_deref(),
            path: &finding.path,
            line: finding.line,
            column: finding.column,
            message: &finding.message,
            help: &finding.help,
            fingerprint: &finding.fingerprint,
        }
    }
}

fn name_of<'a>(reading: &'a FleetReading, folder: &'a str) -> &'a str {
    reading.commons.iter().find(|commons| *commons.folder == *folder).map_or(folder, |commons| naming::name(commons))
}
