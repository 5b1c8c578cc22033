//! `csoc changes`: what landed, as what it did.

use std::process::ExitCode;

use csoc_api::changes::{ChangeDetail, ChangeRow};
use csoc_gen3::changes::{ChangeItem, Class, Landing};
use csoc_gen3::fleet::ReadContext;
use csoc_gen3::redact::Redactor;
use csoc_source::FleetHistory;
use jiff::Timestamp;
use serde_json::Value;

use crate::Outcome;
use crate::failure::Failure;
use crate::files::{Files, resolve};
use crate::fleet::{Fleet, SourceArgs};
use crate::naming::{self, Names};
use crate::output::{self, Columns, Format, FormatArgs};
use crate::server::{Client, rows as server_rows};
use crate::time;

/// List what landed, as what it did to the fleet, the newest first
///
/// A table shows the newest 40 unless --limit says otherwise; JSON, YAML and CSV show all.
///
/// Example: csoc changes --path ~/gitops --service fence --since 2026-05-01
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    format: FormatArgs,
    /// Only what changed this commons (hostname or folder)
    #[arg(long, value_name = "NAME")]
    commons: Option<String>,
    /// Only what changed this service
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// From this time on (2026-05-01, 7d)
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Only landings of this class (version_bump, infrastructure, ...; a wrong one lists all)
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// At most so many; 0 is all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// In a table: every changed value below its landing
    #[arg(long)]
    items: bool,
}

const TABLE_LIMIT: usize = 40;

const FIELDS: &[&str] = &[
    "commit",
    "time",
    "class",
    "title",
    "summary",
    "author",
    "merged_authors",
    "pull_request",
    "commons",
    "clusters",
    "undone_by",
];

pub fn run(args: &Args) -> Outcome {
    let filter = Filter::new(args)?;
    let mut files = match args.source.fleet()? {
        Fleet::Files { files, .. } => files,
        Fleet::Server { client, .. } => return online(&client, args, &filter),
    };
    let history = walk(&mut files, args.source.at.as_deref(), filter.since)?;
    let filter = filter.with_commons(args.commons.as_deref(), &history)?;
    let names = history.fleet().map(|reading| Names::of(reading)).unwrap_or_default();
    let format = args.format.format;
    let limit = match args.limit {
        Some(0) => usize::MAX,
        Some(limit) => limit,
        None if format == Format::Table => TABLE_LIMIT,
        None => usize::MAX,
    };
    let found: Vec<&Landing> = history.history.landings.iter().rev().filter(|l| filter.matches(l)).collect();
    let shown = &found[..found.len().min(limit)];
    match format {
        Format::Table => table(shown, args.items).print()?,
        Format::Csv => output::csv(FIELDS, shown.iter().map(|landing| csv_row(landing, &names)))?,
        _ => output::document(format, &shown.iter().map(|landing| row(landing, &names)).collect::<Vec<_>>())?,
    }
    if shown.len() < found.len() {
        eprintln!("{} older landings are not shown (--limit 0 shows all)", found.len() - shown.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// The landings up to `at`. With `since`, only those from a few days before it (an undoing needs them).
pub fn walk(files: &mut Files, at: Option<&str>, since: Option<Timestamp>) -> Result<FleetHistory, Failure> {
    let repository = files.repository()?.clone();
    let tip = match at {
        Some(at) => resolve(&repository, at)?,
        None => repository.head()?,
    };
    let context = ReadContext::default();
    let start = since.and_then(|since| {
        let before = since.checked_sub(jiff::SignedDuration::from_hours(4 * 24)).ok()?;
        repository.resolve_at(tip, before).ok()
    });
    let mut history = match start {
        Some(start) => FleetHistory::resume(&repository, start, Vec::new(), &context)?,
        None => FleetHistory::default(),
    };
    history.walk(&repository, tip, &context, &Redactor::default(), &mut |_, _| true)?;
    Ok(history)
}

/// The server filters; JSON and YAML are its own rows (openapi.json), with --items each landing's items.
fn online(client: &Client, args: &Args, filter: &Filter) -> Outcome {
    let mut query: Vec<(&str, String)> = Vec::new();
    let mut words = Vec::new();
    words.extend(args.service.as_ref().map(|service| format!("service:\"{service}\"")));
    words.extend(filter.class.map(|class| format!("class:{}", class.as_str())));
    if !words.is_empty() {
        query.push(("filter", words.join(" ")));
    }
    if let Some(wanted) = &args.commons {
        query.push(("commons", server_rows::find(client, wanted, None)?.id.to_string()));
    }
    query.extend(filter.since.map(|time| ("since", time.to_string())));
    query.extend(filter.until.map(|time| ("until", time.to_string())));
    let format = args.format.format;
    let limit = match args.limit {
        Some(0) => usize::MAX,
        Some(limit) => limit,
        None if format == Format::Table => TABLE_LIMIT,
        None => usize::MAX,
    };
    let rows: Vec<ChangeRow> = client.all("changes", &query, limit)?;
    match format {
        Format::Table => server_table(&rows).print()?,
        Format::Csv => output::csv(FIELDS, rows.iter().map(server_csv))?,
        _ if args.items => {
            let detail = |row: &ChangeRow| client.get::<ChangeDetail>(&format!("changes/{}", row.id), &[]);
            output::document(format, &rows.iter().map(detail).collect::<Result<Vec<_>, _>>()?)?;
        }
        _ => output::document(format, &rows)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn server_csv(row: &ChangeRow) -> Value {
    let mut value = output::as_json(row);
    value["merged_authors"] = row.authors.clone().into();
    value["commons"] = row.commons.iter().map(|commons| commons.name.clone()).collect();
    value["clusters"] = row.clusters.iter().map(|cluster| cluster.name.clone()).collect();
    value
}

pub fn server_table(rows: &[ChangeRow]) -> Columns {
    let mut table = Columns::new(&["time", "commit", "class", "what", "commons", "author", "pr", "undone"]);
    for row in rows {
        let place = match (row.commons.as_slice(), row.clusters.as_slice()) {
            ([], []) => "-".into(),
            ([], [one]) => format!("cluster {}", one.name),
            ([], many) => format!("{} clusters", many.len()),
            ([one], _) => one.name.clone(),
            (many, _) => format!("{} commons", many.len()),
        };
        table.row([
            row.time.strftime("%Y-%m-%d %H:%M").to_string(),
            short(&row.commit),
            Class::parse(&row.class).map_or_else(|| row.class.clone(), |class| class.label().to_owned()),
            row.summary.clone(),
            place,
            row.author.clone(),
            row.pull_request.map_or_else(String::new, |number| format!("#{number}")),
            if row.undone_by.is_some() { "yes".into() } else { String::new() },
        ]);
    }
    table
}

struct Filter {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    class: Option<Class>,
    service: Option<String>,
    /// Every folder the commons has stood in.
    folders: Option<Vec<String>>,
}

impl Filter {
    fn new(args: &Args) -> Result<Self, Failure> {
        let now = Timestamp::now();
        let moment = |text: &Option<String>, flag: &str| match text {
            None => Ok(None),
            Some(text) => match time::parse(text, now) {
                Some(time) => Ok(Some(time)),
                None => Err(Failure::new(format!("--{flag} {text:?} is no time; write 2026-05-01 or 7d"))),
            },
        };
        let class = match &args.class {
            None => None,
            Some(text) => Some(Class::parse(text).ok_or_else(|| {
                let words: Vec<&str> = Class::ALL.iter().map(|class| class.as_str()).collect();
                Failure::new(format!("there is no class {text:?}; the classes are {}", words.join(", ")))
            })?),
        };
        Ok(Self {
            since: moment(&args.since, "since")?,
            until: moment(&args.until, "until")?,
            class,
            service: args.service.clone(),
            folders: None,
        })
    }

    fn with_commons(mut self, wanted: Option<&str>, history: &FleetHistory) -> Result<Self, Failure> {
        let Some(wanted) = wanted else { return Ok(self) };
        // A commons that is gone is known from its landings.
        let mentioned = |folder: &str| folder == wanted || folder.rsplit('/').next() == Some(wanted);
        let mut folders: Vec<String> = history
            .history
            .landings
            .iter()
            .flat_map(|landing| &landing.commons)
            .filter(|folder| mentioned(folder))
            .map(|folder| folder.to_string())
            .collect();
        if let Some(reading) = history.fleet() {
            match naming::find(reading, wanted) {
                Ok(commons) => folders.push(commons.folder.to_string()),
                Err(failure) if folders.is_empty() => return Err(failure),
                Err(_) => {}
            }
        }
        self.folders = Some(folders);
        Ok(self)
    }

    fn matches(&self, landing: &Landing) -> bool {
        let of_commons = |folder: &str| self.folders.as_ref().is_none_or(|all| all.iter().any(|f| f == folder));
        self.since.is_none_or(|since| landing.time >= since)
            && self.until.is_none_or(|until| landing.time < until)
            && self.class.is_none_or(|class| landing.class == class)
            && (self.folders.is_none() || landing.commons.iter().any(|folder| of_commons(folder)))
            && self.service.as_deref().is_none_or(|service| {
                landing.items.iter().any(|item| {
                    item.service.as_deref() == Some(service) && item.commons.as_deref().is_none_or(of_commons)
                })
            })
    }
}

/// A landing as JSON: commons by the names people use, their folders beside them.
pub fn row(landing: &Landing, names: &Names) -> Value {
    let mut value = output::as_json(landing);
    value["summary"] = landing.summary().into();
    value["folders"] = value["commons"].take();
    value["commons"] = landing.commons.iter().map(|folder| names.name(folder)).collect();
    value["items"] = landing.items.iter().map(|item| item_row(item, names)).collect();
    value
}

/// An item as JSON, named in the same way.
pub fn item_row(item: &ChangeItem, names: &Names) -> Value {
    let mut value = output::as_json(item);
    value["folder"] = value["commons"].take();
    value["commons"] = item.commons.as_deref().map(|folder| names.name(folder)).into();
    value
}

fn csv_row(landing: &Landing, names: &Names) -> Value {
    let mut value = row(landing, names);
    value["undone_by"] = landing.undone_by.as_ref().map(|undo| undo.commit.to_string()).into();
    value
}

fn table(landings: &[&Landing], with_items: bool) -> Columns {
    let mut table = Columns::new(&["time", "commit", "class", "what", "commons", "author", "pr", "undone"]);
    for landing in landings {
        let cells = vec![
            landing.time.strftime("%Y-%m-%d %H:%M").to_string(),
            short(&landing.commit),
            landing.class.label().to_owned(),
            landing.summary(),
            where_to(landing),
            landing.author.to_string(),
            landing.pull_request.map_or_else(String::new, |number| format!("#{number}")),
            landing.undone_by.as_ref().map_or_else(String::new, |undo| format!("by {}", short(&undo.commit))),
        ];
        match landing.undone_by {
            Some(_) => table.marked_row(cells, 7),
            None => table.row(cells),
        }
        if with_items {
            for item in &landing.items {
                let place = item.commons.as_deref().or(item.cluster.as_deref()).unwrap_or("-");
                let said = |value: &Option<Value>| value.as_ref().map_or_else(|| "-".into(), crate::diff::text);
                let what = format!("  {}: {} → {}", item.path, said(&item.before), said(&item.after));
                table.row([String::new(), String::new(), item.area.label().to_owned(), what, place.to_owned()]);
            }
        }
    }
    table
}

fn short(commit: &str) -> String {
    commit.get(..8).unwrap_or(commit).to_owned()
}

fn where_to(landing: &Landing) -> String {
    match (landing.commons.as_slice(), landing.clusters.as_slice()) {
        ([], []) => "-".into(),
        ([], [one]) => format!("cluster {one}"),
        ([], many) => format!("{} clusters", many.len()),
        ([one], _) => one.rsplit('/').next().unwrap_or(one).to_owned(),
        (many, _) => format!("{} commons", many.len()),
    }
}
