//! `csoc values`: what Helm would be given for a commons.

use std::path::PathBuf;
use std::process::ExitCode;

use csoc_gen3::helm::compute;
use csoc_gen3::redact::{Redactor, to_json};
use csoc_gen3::yaml::{Kind, Node};
use serde_json::Value;

use crate::Outcome;
use crate::chart::ChartFolder;
use crate::failure::Failure;
use crate::fleet::SourceArgs;
use crate::naming;
use crate::output::{self, Format};

/// Print the user-supplied values of a commons, as Helm merges them
///
/// Secrets are hidden unless --reveal is given. With --all --chart DIR the chart's defaults are there, too.
///
/// Example: csoc values data.example.org --path ~/gitops --key fence.image
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Hostname, folder or Argo CD application
    commons: String,
    #[command(flatten)]
    source: SourceArgs,
    /// How to print it: yaml or json
    #[arg(long, short = 'o', value_parser = ["yaml", "json"], default_value = "yaml")]
    format: String,
    /// Only what is below this path (fence.image)
    #[arg(long, value_name = "PATH")]
    key: Option<String>,
    /// With the chart's defaults: all that the templates see (needs --chart)
    #[arg(long, requires = "chart")]
    all: bool,
    /// Folder of the umbrella chart, or a checkout of gen3-helm
    #[arg(long, value_name = "DIR", requires = "all")]
    chart: Option<PathBuf>,
    /// Show secrets
    #[arg(long)]
    reveal: bool,
}

pub fn run(args: &Args) -> Outcome {
    let mut files = args.source.files()?;
    let snapshot = files.snapshot(args.source.at.as_deref())?;
    let commons = naming::find(&snapshot.reading, &args.commons)?;
    let redactor = if args.reveal { Redactor::reveal() } else { Redactor::default() };
    let values = commons.values.as_deref().ok_or_else(|| cannot(commons))?;
    let computed;
    let values = match &args.chart {
        None => values,
        Some(folder) => {
            let chart = ChartFolder::open(folder)?.load()?;
            computed = compute(&chart, values)
                .map_err(|error| Failure::new(format!("computing the values of {}: {error}", args.commons)))?;
            &computed.values
        }
    };
    let clean = redactor.tree(values);
    let shown = match &args.key {
        Some(key) => clean.at(key).ok_or_else(|| Failure::new(format!("{} sets nothing at {key}", args.commons)))?,
        None => &clean,
    };
    let format = if args.format == "json" { Format::Json } else { Format::Yaml };
    output::document(format, &sorted(to_json(&as_go_prints(shown))))?;
    Ok(ExitCode::SUCCESS)
}

fn cannot(commons: &csoc_gen3::fleet::CommonsReading) -> Failure {
    use csoc_gen3::fleet::ReadingState;
    match &commons.state {
        ReadingState::Broken(why) | ReadingState::Unknown(why) => {
            Failure::new(format!("the values of {} are not known: {why}", naming::name(commons)))
        }
        _ => Failure::new(format!("{} has no values: it is not deployed by Helm", naming::name(commons))),
    }
}

/// Go prints a whole float without a fraction; so does what Helm shows.
fn as_go_prints(node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => Kind::Int(*float as i64),
        Kind::Seq(items) => Kind::Seq(items.iter().map(as_go_prints).collect()),
        Kind::Map(map) => Kind::map(
            map.iter()
                .map(|(key, entry)| {
                    let mut entry = entry.clone();
                    entry.node = as_go_prints(&entry.node);
                    (key.clone(), entry)
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Node { kind, ..node.clone() }
}

/// Keys in the order of the alphabet, as Helm prints them.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
