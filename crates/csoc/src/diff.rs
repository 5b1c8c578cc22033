//! `csoc diff`: two commons, or two revisions of the fleet, by effective values.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use csoc_api::values::{DiffResult, OriginRow};
use csoc_gen3::changes::{self, ChangeItem, Place};
use csoc_gen3::diff::environment::{DEFAULT_LIST, EnvironmentParameters, OwnNames};
use csoc_gen3::diff::{Change, Difference, optional};
use csoc_gen3::fleet::CommonsReading;
use csoc_gen3::redact::Redactor;
use csoc_gen3::yaml::{Files as FileTable, Node};
use csoc_source::touched;
use serde::Serialize;
use serde_json::Value;

use crate::Outcome;
use crate::changes::item_row;
use crate::failure::Failure;
use crate::files::{Files, Snapshot};
use crate::fleet::{Fleet, SourceArgs};
use crate::naming::{self, Names};
use crate::output::{self, Columns, Format, FormatArgs};
use crate::server::{Client, rows as server_rows};

/// Show what differs between two commons, or between two revisions
///
/// Each side is a commons (hostname or folder), a commons at a revision (NAME@REV), or a revision of the
/// whole fleet. Between two commons, what belongs to an environment (hostnames, accounts, buckets) is left
/// out unless --all is given.
///
/// Examples: csoc diff --path . staging.example.org data.example.org
///           csoc diff --path . HEAD~20 HEAD
///           csoc diff --path . data.example.org@2026-05-01 data.example.org
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The earlier side
    #[arg(required_unless_present = "print_environment_list")]
    left: Option<String>,
    /// The later side
    #[arg(required_unless_present = "print_environment_list")]
    right: Option<String>,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Between two revisions: only this commons
    #[arg(long, value_name = "NAME")]
    commons: Option<String>,
    /// Also what belongs to an environment
    #[arg(long)]
    all: bool,
    /// File with the paths that belong to an environment, in place of the built-in list
    #[arg(long, value_name = "FILE")]
    environment_list: Option<PathBuf>,
    /// Print the built-in list, to begin one's own with
    #[arg(long)]
    print_environment_list: bool,
    /// End with 1 when there are differences
    #[arg(long)]
    exit_code: bool,
}

/// One place where two commons differ.
#[derive(Clone, Debug, Serialize)]
struct DifferenceRow {
    path: String,
    /// `added`, `removed`, `changed`, `reordered`, `reformatted`.
    change: &'static str,
    before: Option<Value>,
    after: Option<Value>,
    before_at: Option<Place>,
    after_at: Option<Place>,
    /// Belongs to the environment; shown with --all only.
    environment: bool,
}

#[derive(Clone, Debug, Serialize)]
struct CommonsDiff {
    left: String,
    right: String,
    /// How many differences belong to the environment and are left out.
    environment: usize,
    differences: Vec<DifferenceRow>,
}

#[derive(Clone, Debug, Serialize)]
struct FleetDiff {
    left: String,
    right: String,
    items: Vec<Value>,
}

pub fn run(args: &Args) -> Outcome {
    let (Some(left), Some(right), false) = (&args.left, &args.right, args.print_environment_list) else {
        output::print(DEFAULT_LIST)?;
        return Ok(ExitCode::SUCCESS);
    };
    let mut files = match args.source.fleet()? {
        Fleet::Files { files, .. } => files,
        Fleet::Server { client, .. } => return online(&client, args, left, right),
    };
    let now = files.snapshot(args.source.at.as_deref())?;
    let empty = match (side(&mut files, &now, left)?, side(&mut files, &now, right)?) {
        (Side::Commons(a), Side::Commons(b)) => commons(args, &a, &b)?,
        (Side::Fleet(a), Side::Fleet(b)) => match &args.commons {
            Some(wanted) => commons(args, &pick(&a, wanted)?, &pick(&b, wanted)?)?,
            None => fleet(args, &files, &a, &b)?,
        },
        _ => {
            let sentence = format!("{left:?} and {right:?} are not alike: name two commons or two revisions");
            return Err(Failure::new(sentence).into());
        }
    };
    Ok(if args.exit_code && !empty { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Two commons, each as it is or as it was; JSON and YAML are the server's own document (openapi.json).
fn online(client: &Client, args: &Args, left: &str, right: &str) -> Outcome {
    let side = |text: &str| -> Result<String, Failure> {
        let (name, revision) = match text.rsplit_once('@') {
            Some((name, revision)) if !name.is_empty() => (name, format!("@{revision}")),
            _ => (text, String::new()),
        };
        Ok(format!("commons:{}{revision}", server_rows::find(client, name, None)?.id))
    };
    let query = [("left", side(left)?), ("right", side(right)?), ("all", args.all.to_string())];
    let result: DiffResult = client.get("diff", &query)?;
    let empty = result.rows.is_empty();
    if args.format.format == Format::Table {
        let mut table = Columns::new(&["path", &result.left.name, &result.right.name, "at", "at"]);
        let at = |origin: &Option<OriginRow>| {
            origin.as_ref().map_or_else(String::new, |origin| format!("{}:{}", origin.path, origin.line))
        };
        for row in &result.rows {
            table.row([
                row.path.clone(),
                output::or_dash(row.left.as_deref()),
                output::or_dash(row.right.as_deref()),
                at(&row.left_at),
                at(&row.right_at),
            ]);
        }
        table.print()?;
    } else {
        output::document(args.format.format, &result)?;
    }
    Ok(if args.exit_code && !empty { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

enum Side {
    Commons(OneCommons),
    Fleet(Snapshot),
}

struct OneCommons {
    commons: Arc<CommonsReading>,
    files: Arc<FileTable>,
}

/// A commons' name wins over a revision's; `NAME@REV` is both.
fn side(files: &mut Files, now: &Snapshot, text: &str) -> Result<Side, Failure> {
    if let Some((name, revision)) = text.rsplit_once('@')
        && !name.is_empty()
        && !revision.is_empty()
        && !revision.starts_with('{')
    {
        let snapshot = files.snapshot(Some(revision))?;
        return Ok(Side::Commons(pick(&snapshot, name)?));
    }
    match naming::find(&now.reading, text) {
        Ok(_) => Ok(Side::Commons(pick(now, text)?)),
        Err(unknown) => match files.snapshot(Some(text)) {
            Ok(snapshot) => Ok(Side::Fleet(snapshot)),
            // A hostname misspelt is likelier than a revision with a dot in it.
            Err(_) if text.contains('.') && !text.contains("..") => Err(unknown),
            Err(failure) => Err(failure),
        },
    }
}

fn pick(snapshot: &Snapshot, wanted: &str) -> Result<OneCommons, Failure> {
    let commons = naming::find(&snapshot.reading, wanted)?.clone();
    Ok(OneCommons { commons, files: snapshot.reading.files.clone() })
}

fn commons(args: &Args, left: &OneCommons, right: &OneCommons) -> Result<bool, Failure> {
    let values = |side: &OneCommons| {
        side.commons.values.clone().ok_or_else(|| {
            Failure::new(format!("the values of {} are not known; see csoc describe", naming::name(&side.commons)))
        })
    };
    let (before, after) = (values(left)?, values(right)?);
    let list = match &args.environment_list {
        None => EnvironmentParameters::default(),
        Some(path) => EnvironmentParameters::parse(
            &std::fs::read_to_string(path)
                .map_err(|error| Failure::new(format!("reading {}: {error}", path.display())))?,
        ),
    };
    let same_commons = left.commons.folder == right.commons.folder;
    let names = (own_names(left, &before), own_names(right, &after));
    let mut diff = CommonsDiff {
        left: naming::name(&left.commons).to_owned(),
        right: naming::name(&right.commons).to_owned(),
        environment: 0,
        differences: Vec::new(),
    };
    for difference in optional(Some(&before), Some(&after)) {
        let environment = !same_commons && list.explains(&difference, &names);
        if environment && !args.all {
            diff.environment += 1;
            continue;
        }
        diff.differences.push(row(&difference, environment, left, right));
    }
    print_commons(args.format.format, &diff)?;
    Ok(diff.differences.is_empty())
}

fn own_names(side: &OneCommons, values: &Node) -> OwnNames {
    let commons = &side.commons;
    OwnNames::of(
        values,
        commons.shown_hostname().map(|hostname| &**hostname),
        commons.namespace.as_deref(),
        commons.cluster.as_deref(),
    )
}

fn row(difference: &Difference, environment: bool, left: &OneCommons, right: &OneCommons) -> DifferenceRow {
    let (before, after) = Redactor::default().show_change(difference);
    let place = |side: &OneCommons, node: Option<&Node>| {
        let mark = node?.mark;
        (mark.line > 0).then(|| Place { path: side.files.path(mark.file).clone(), line: mark.line })
    };
    DifferenceRow {
        path: difference.path.to_string(),
        change: match difference.change {
            Change::Added(_) => "added",
            Change::Removed(_) => "removed",
            Change::Changed { .. } => "changed",
            Change::Reordered { .. } => "reordered",
            Change::Reformatted => "reformatted",
        },
        before,
        after,
        before_at: place(left, difference.before()),
        after_at: place(right, difference.after()),
        environment,
    }
}

const FIELDS: &[&str] = &["path", "change", "before", "after", "before_at", "after_at", "environment"];

fn print_commons(format: Format, diff: &CommonsDiff) -> Result<(), Failure> {
    match format {
        Format::Csv => output::csv(
            FIELDS,
            diff.differences.iter().map(|row| {
                let mut value = output::as_json(row);
                value["before_at"] = at(row.before_at.as_ref()).into();
                value["after_at"] = at(row.after_at.as_ref()).into();
                value
            }),
        ),
        Format::Table => {
            let mut table = Columns::new(&["path", &diff.left, &diff.right, "at", "at"]);
            for row in &diff.differences {
                let show = |value: &Option<Value>| value.as_ref().map_or_else(|| "-".into(), text);
                table.row([
                    row.path.clone(),
                    show(&row.before),
                    show(&row.after),
                    at(row.before_at.as_ref()),
                    at(row.after_at.as_ref()),
                ]);
            }
            table.print()?;
            let left_out = match diff.environment {
                0 => String::new(),
                n => format!("; {n} that belong to the environment are left out (--all shows them)"),
            };
            eprintln!("{} differences{left_out}", diff.differences.len());
            Ok(())
        }
        _ => output::document(format, diff),
    }
}

fn fleet(args: &Args, files: &Files, left: &Snapshot, right: &Snapshot) -> Result<bool, Failure> {
    let touched = match (left.commit, right.commit) {
        (Some(a), Some(b)) => touched(files.repository()?, Some(a), b)?,
        _ => Vec::new(),
    };
    let items = changes::compare(&left.reading, &right.reading, &touched, &Redactor::default());
    let name = |snapshot: &Snapshot| snapshot.commit.map_or_else(|| "files".into(), |commit| commit.to_string());
    let names = Names::of(&right.reading);
    let rows = items.iter().map(|item| item_row(item, &names)).collect();
    let diff = FleetDiff { left: name(left), right: name(right), items: rows };
    let fields = &["commons", "cluster", "service", "kind", "area", "path", "before", "after"];
    match args.format.format {
        Format::Csv => output::csv(fields, diff.items.iter().cloned())?,
        Format::Table => fleet_table(&items).print()?,
        format => output::document(format, &diff)?,
    }
    Ok(items.is_empty())
}

fn fleet_table(items: &[ChangeItem]) -> Columns {
    let mut table = Columns::new(&["where", "about", "path", "before", "after", "at"]);
    for item in items {
        let place = item.commons.as_deref().or(item.cluster.as_deref()).unwrap_or("-");
        let show = |value: &Option<Value>| value.as_ref().map_or_else(|| "-".into(), text);
        table.row([
            place.to_owned(),
            item.area.label().to_owned(),
            item.path.to_string(),
            show(&item.before),
            show(&item.after),
            at(item.after_at.as_ref().or(item.before_at.as_ref())),
        ]);
    }
    table
}

fn at(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| format!("{}:{}", place.path, place.line))
}

/// A scalar as people write it: text without quotes.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
