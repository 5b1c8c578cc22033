//! Effective values of one commons with their origins, and two commons held against each other.
//!
//! The value files are read again from the local copy: nothing of them is kept in memory for all commons, only
//! the few sides that were looked at last.

mod side;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use csoc_api::values::{DiffResult, DiffRow, DiffSide, Layer, OriginRow, OverriddenRow, ValueRow, ValuesTree};
use csoc_core::CommonsId;
use csoc_core::access::Visible;
use csoc_gen3::diff::environment::{EnvironmentParameters, OwnNames};
use csoc_gen3::diff::{self, Change};
use csoc_gen3::redact::{HIDDEN, Redactor, is_secret};
use csoc_gen3::yaml::{Kind, Node, Path, Segment};
use serde::Deserialize;

use super::{Fault, settings};
use crate::app::App;
use crate::fleet_view::view::FindingRecord;
pub use side::Recent;
use side::{Side, SideLayer, side};

/// Characters of a value that are shown.
const SHOWN: usize = 400;
const ROWS: usize = 20_000;
const NOTE: &str = "These are the values that the files give to Helm; the chart's own defaults are not among them.";
const COMPLETE: &str = "These are the values that the chart's templates see; the globals stand once.";
const EMPTY: &str = "The value files are there and say nothing.";

/// What `/commons/{id}/values` is asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Ask {
    pub q: Option<String>,
    pub prefix: Option<String>,
    pub path: Option<String>,
    pub against: Option<String>,
    pub only: Option<String>,
    pub at: Option<String>,
}

/// The leaves; a file that says nothing has none.
fn leaves(values: &Node) -> impl Iterator<Item = (Path, &Node)> {
    values.leaves().filter(|(path, _)| !path.0.is_empty())
}

struct Leaf {
    text: String,
    secret: bool,
    digest: Option<String>,
}

fn leaf(app: &App, path: &Path, node: &Node) -> Leaf {
    let keys: Vec<&str> = path
        .0
        .iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) => Some(&**key),
            Segment::Index(_) => None,
        })
        .collect();
    let secret = is_secret(&keys, node);
    let text = match &node.kind {
        Kind::Map(_) => "{}".to_owned(),
        Kind::Seq(_) => "[]".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Str(text) => match csoc_gen3::redact::to_json(&Redactor::default().tree(node)) {
            serde_json::Value::String(clean) => clean,
            _ => text.to_string(),
        },
        _ => node.render(),
    };
    let digest = secret.then(|| app.keys.digest(node.render().as_bytes()));
    Leaf { text: if secret { HIDDEN.to_owned() } else { text }, secret, digest }
}

fn kind(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "boolean",
        Kind::Int(_) | Kind::Float(_) => "number",
        Kind::Str(text) if text.trim_start().starts_with(['{', '[']) => "json",
        Kind::Str(_) => "string",
        Kind::Seq(_) => "list",
        Kind::Map(_) => "map",
    }
}

fn shown(text: &str, whole: bool) -> (String, bool) {
    if whole || text.chars().count() <= SHOWN {
        (text.to_owned(), false)
    } else {
        (text.chars().take(SHOWN).chain(['…']).collect(), true)
    }
}

pub async fn tree(app: &App, visible: &Visible, id: CommonsId, ask: Ask) -> Result<ValuesTree, Fault> {
    let this = side(app, visible, id, ask.at.as_deref()).await?;
    let other = against(app, visible, id, &ask, &this).await?;
    let with_chart = this.chart().is_some() && other.as_ref().is_none_or(|other| other.side.chart().is_some());
    let theirs: Option<Theirs> = match &other {
        Some(other) => {
            let values = other.values(with_chart).map_err(|why| Fault::invalid("against", why))?;
            let row = |(path, node): (Path, &Node)| {
                (path.to_string(), (leaf(app, &path, node), other.side.origin(node.mark)))
            };
            Some(leaves(values).map(row).collect())
        }
        None => None,
    };
    let lens = app.fleet.view().lens(visible);
    let findings = lens
        .findings()
        .filter(|finding| finding.commons == Some(id) && finding.state(lens.taken_at) == "open")
        .collect();
    let table = Table { app, this: &this, theirs: theirs.as_ref(), findings };
    let (mut rows, note) = match this.values(with_chart) {
        Ok(values) => (table.rows(values, &ask), note(&this, with_chart)),
        Err(why) => (Vec::new(), why),
    };
    let total = rows.len() as u64;
    rows.truncate(ROWS);
    let layer = |(at, layer): (usize, &SideLayer)| Layer {
        index: u32::try_from(at).unwrap_or(u32::MAX),
        kind: layer.kind.to_owned(),
        path: layer.path.clone(),
    };
    Ok(ValuesTree {
        commons: id.0,
        commit: this.commit.clone(),
        against: other.as_ref().map(Other::name),
        layers: this.layers.iter().enumerate().map(layer).collect(),
        rows,
        total,
        complete: with_chart && this.said().is_ok(),
        note: Some(note),
    })
}

fn note(this: &Side, with_chart: bool) -> String {
    if with_chart {
        return COMPLETE.to_owned();
    }
    if let Some(Err(why)) = &this.charted {
        return format!("{why} {NOTE}");
    }
    let says_nothing = this.said().is_ok_and(|values| leaves(values).next().is_none());
    if says_nothing { EMPTY.to_owned() } else { NOTE.to_owned() }
}

/// What stands on the other side.
struct Other {
    side: Arc<Side>,
    /// Not its values, but what the chart says before the commons says anything.
    defaults: bool,
}

impl Other {
    fn values(&self, with_chart: bool) -> Result<&Node, String> {
        match self.side.chart().filter(|_| self.defaults) {
            Some(charted) => Ok(&charted.defaults),
            None => self.side.values(with_chart),
        }
    }

    fn name(&self) -> String {
        match self.side.chart().filter(|_| self.defaults) {
            Some(charted) => format!("the defaults of {}", charted.name),
            None => format!("{} at {}", self.side.name, &self.side.commit[..7.min(self.side.commit.len())]),
        }
    }
}

/// The other side's leaves by path.
type Theirs = BTreeMap<String, (Leaf, Option<OriginRow>)>;

/// One side's leaves, each beside the other side's where there is one.
struct Table<'t> {
    app: &'t App,
    this: &'t Side,
    theirs: Option<&'t Theirs>,
    /// Open ones of this commons.
    findings: Vec<&'t FindingRecord>,
}

impl Table<'_> {
    fn rows(&self, values: &Node, ask: &Ask) -> Vec<ValueRow> {
        let q = ask.q.as_deref().map(str::to_lowercase).filter(|q| !q.is_empty());
        // A secret's text is never searched: it is hidden before.
        let wanted = |path: &str, text: &str| {
            ask.path.as_deref().is_none_or(|one| one == path)
                && ask.prefix.as_deref().is_none_or(|prefix| path.starts_with(prefix))
                && q.as_deref().is_none_or(|q| path.to_lowercase().contains(q) || text.to_lowercase().contains(q))
        };
        let only_different = ask.only.as_deref() == Some("different");
        let only_said = ask.only.as_deref() == Some("said");
        let (mut rows, mut mine) = (Vec::new(), BTreeSet::new());
        for (path, node) in leaves(values) {
            if only_said && self.this.is_default(node.mark) {
                continue;
            }
            let (key, own) = (path.to_string(), leaf(self.app, &path, node));
            mine.insert(key.clone());
            let difference = self.difference(&key, &own);
            if wanted(&key, &own.text) && !(only_different && difference == Some("same")) {
                rows.push(self.row((&path, key), node, own, difference, ask.path.is_some()));
            }
        }
        for (path, (their, origin)) in self.theirs.iter().flat_map(|theirs| theirs.iter()).filter(|_| !only_said) {
            if !mine.contains(path) && wanted(path, &their.text) {
                rows.push(only_there(path, their, origin.clone()));
            }
        }
        rows
    }

    fn difference(&self, path: &str, own: &Leaf) -> Option<&'static str> {
        Some(match self.theirs?.get(path) {
            None => "added",
            Some((their, _)) if their.text == own.text && their.digest == own.digest => "same",
            Some(_) => "changed",
        })
    }

    fn row(
        &self,
        (path, key): (&Path, String),
        node: &Node,
        own: Leaf,
        difference: Option<&'static str>,
        whole: bool,
    ) -> ValueRow {
        let origin = self.this.origin(node.mark);
        let (text, cut) = shown(&own.text, whole);
        let counterpart = self.theirs.and_then(|theirs| theirs.get(&key));
        let here = |finding: &&&FindingRecord| {
            origin.as_ref().is_some_and(|at| at.path == finding.path && at.line == finding.line)
        };
        ValueRow {
            overrode: overrode(self.app, self.this, path, origin.as_ref()),
            findings: self.findings.iter().filter(here).map(|finding| finding.id.0).collect(),
            path: key,
            value: (!own.secret).then_some(text),
            kind: kind(node).to_owned(),
            written: node.written.as_deref().map(ToOwned::to_owned).filter(|_| !own.secret),
            secret: own.secret,
            digest: own.digest,
            other: counterpart.filter(|_| difference == Some("changed")).map(|(their, _)| shown(&their.text, false).0),
            other_origin: counterpart.and_then(|(_, origin)| origin.clone()),
            difference: difference.map(ToOwned::to_owned),
            origin,
            cut,
        }
    }
}

fn only_there(path: &str, their: &Leaf, origin: Option<OriginRow>) -> ValueRow {
    ValueRow {
        path: path.to_owned(),
        value: None,
        kind: "string".to_owned(),
        written: None,
        secret: their.secret,
        digest: None,
        origin: None,
        overrode: Vec::new(),
        other: Some(shown(&their.text, false).0),
        other_origin: origin,
        difference: Some("removed".to_owned()),
        findings: Vec::new(),
        cut: false,
    }
}

/// What earlier files said at the same path, the latest first.
fn overrode(app: &App, side: &Side, path: &Path, origin: Option<&OriginRow>) -> Vec<OverriddenRow> {
    let Some(origin) = origin else { return Vec::new() };
    let earlier = side.layers.iter().enumerate().take(origin.layer as usize);
    let mut rows: Vec<OverriddenRow> = earlier
        .filter_map(|(at, layer)| {
            let node = layer.root.follow(path)?;
            let leaf = leaf(app, path, node);
            Some(OverriddenRow {
                layer: u32::try_from(at).unwrap_or(u32::MAX),
                path: if layer.kind == "chart" { side.path(node.mark) } else { layer.path.clone() },
                line: node.mark.line,
                value: Some(shown(&leaf.text, false).0),
            })
        })
        .collect();
    rows.reverse();
    rows
}

async fn against(
    app: &App,
    visible: &Visible,
    id: CommonsId,
    ask: &Ask,
    this: &Arc<Side>,
) -> Result<Option<Other>, Fault> {
    let of = |side: Arc<Side>| Some(Other { side, defaults: false });
    let Some(text) = ask.against.as_deref().filter(|text| !text.is_empty() && *text != "none") else { return Ok(None) };
    if text == "twin" {
        let lens = app.fleet.view().lens(visible);
        let twin = lens.commons(id).and_then(|seen| seen.twin);
        let twin = twin.ok_or_else(|| Fault::invalid("against", "this commons has no twin; set one on its page"))?;
        return side(app, visible, twin, ask.at.as_deref()).await.map(of);
    }
    if let Some(other) = text.strip_prefix("commons:") {
        let other: CommonsId =
            other.parse().map_err(|_| Fault::invalid("against", "commons: wants the id of a commons"))?;
        return side(app, visible, other, ask.at.as_deref()).await.map(of);
    }
    if let Some(at) = text.strip_prefix("at:") {
        return side(app, visible, id, Some(at)).await.map(of);
    }
    if text == "default" {
        return match &this.charted {
            Some(Ok(_)) => Ok(Some(Other { side: this.clone(), defaults: true })),
            Some(Err(why)) => Err(Fault::NotReady(why.clone())),
            None => Err(Fault::NotReady(not_at_hand(this))),
        };
    }
    Err(Fault::invalid("against", "twin, default, commons:ID, at:COMMIT-OR-TIME or none"))
}

/// What to register.
fn not_at_hand(side: &Side) -> String {
    match &side.reading.chart {
        Some(chart) => format!(
            "the chart of this commons is not at hand: register {} as a chart source of its organization, and see that \
             it has {}",
            chart.repository, chart.revision
        ),
        None => "no chart is known for this commons".to_owned(),
    }
}

/// `commons:ID` or `commons:ID@COMMIT-OR-TIME`.
fn parse_side(field: &str, text: &str) -> Result<(CommonsId, Option<String>), Fault> {
    let wrong = || Fault::invalid(field, "commons:ID, or commons:ID@COMMIT-OR-TIME");
    let rest = text.strip_prefix("commons:").ok_or_else(wrong)?;
    let (id, at) = rest.split_once('@').map_or((rest, None), |(id, at)| (id, Some(at.to_owned())));
    Ok((id.parse().map_err(|_| wrong())?, at))
}

pub async fn diff(app: &App, visible: &Visible, left: &str, right: &str, all: bool) -> Result<DiffResult, Fault> {
    let ((left_id, left_at), (right_id, right_at)) = (parse_side("left", left)?, parse_side("right", right)?);
    let left = side(app, visible, left_id, left_at.as_deref()).await?;
    let right = side(app, visible, right_id, right_at.as_deref()).await?;
    let patterns = settings::environment_paths(app).await?;
    let environment = EnvironmentParameters::parse(&patterns.join("\n"));
    let names = |side: &Side, values: &Node| {
        OwnNames::of(
            values,
            side.reading.shown_hostname().map(|name| &**name),
            side.reading.namespace.as_deref(),
            side.reading.cluster.as_deref(),
        )
    };
    let with_chart = left.chart().is_some() && right.chart().is_some();
    let before = left.values(with_chart).map_err(|why| Fault::invalid("left", why))?;
    let after = right.values(with_chart).map_err(|why| Fault::invalid("right", why))?;
    let both = (names(&left, before), names(&right, after));
    let digest = |secret: &str| app.keys.digest(secret.as_bytes());
    let redactor = Redactor::with_digest(&digest);
    let (mut rows, mut ignored) = (Vec::new(), 0);
    for difference in diff::nodes(before, after) {
        if !all && left_id != right_id && environment.explains(&difference, &both) {
            ignored += 1;
            continue;
        }
        let text = |value: Option<serde_json::Value>| {
            value.map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
        };
        let (left_value, right_value) = redactor.show_change(&difference);
        let (left_value, right_value) = (text(left_value), text(right_value));
        let hidden = |value: &Option<String>| value.as_deref().is_some_and(|value| value.starts_with(HIDDEN));
        rows.push(DiffRow {
            service: difference.path.first().filter(|first| *first != "global").map(ToOwned::to_owned),
            path: difference.path.to_string(),
            secret: hidden(&left_value) || hidden(&right_value),
            left: left_value,
            right: right_value,
            difference: word(&difference.change).to_owned(),
            left_at: difference.before().and_then(|node| left.origin(node.mark)),
            right_at: difference.after().and_then(|node| right.origin(node.mark)),
        });
    }
    let side = |id: CommonsId, side: &Side| DiffSide {
        commons: id.0,
        name: side.name.clone(),
        commit: side.commit.clone(),
        time: Some(side.time),
    };
    Ok(DiffResult {
        left: side(left_id, &left),
        right: side(right_id, &right),
        rows,
        ignored,
        ignored_patterns: patterns,
    })
}

fn word(change: &Change) -> &'static str {
    match change {
        Change::Added(_) => "added",
        Change::Removed(_) => "removed",
        Change::Changed { .. } => "changed",
        Change::Reordered { .. } => "reordered",
        Change::Reformatted => "reformatted",
    }
}
