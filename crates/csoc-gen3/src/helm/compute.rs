//! The values a chart's templates see: defaults, subcharts, conditions, tags, imported values, globals.
//!
//! Helm first decides which dependencies are on (with the defaults and the user's values), then moves
//! `import-values` up, then coalesces once more; each step sees what the step before left. This does the same
//! steps in the same order, for a chart whose `fence.enabled` is false must not bring fence's defaults.

use std::sync::Arc;

use super::chart::{AppVersion, Chart, Dependency, ImportValues};
use super::table::{self, Frozen, Nulls, Slot, Table, Value};
use crate::yaml::{Kind, Mark, Node};

mod changed;
mod defaults;
mod enabled;
mod imported;

pub use changed::compute_changed;
pub use defaults::{defaults_of, without_copies};
pub(in crate::helm) use imported::Imported;

/// What templates see, and which subcharts there are.
#[derive(Clone, Debug)]
pub struct Computed {
    /// `.Values` of the chart; what a subchart sees as its own is under its key.
    pub values: Node,
    /// Every dependency of every chart that is on, in the order of the Chart.yaml files.
    pub dependencies: Vec<DependencyState>,
}

#[derive(Clone, Debug)]
pub struct DependencyState {
    /// Keys from the root: `["fence"]`, `["fence", "common"]`.
    pub path: Vec<Arc<str>>,
    pub name: Arc<str>,
    pub alias: Option<Arc<str>>,
    /// Where its values stand in its parent's: the alias, or else the name.
    pub key: Arc<str>,
    pub enabled: bool,
    pub why: Why,
    pub app_version: Option<AppVersion>,
    /// Where it is declared; for a chart that nobody declared, its own Chart.yaml.
    pub at: Mark,
    /// `None` when the chart is not at hand (it would have to be fetched).
    pub chart: Option<Arc<Chart>>,
}

/// What decided that a dependency is on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The boolean at this path of the root's values, which stands at the mark.
    Condition { path: String, at: Mark },
    /// A tag under `tags`.
    Tag { tag: Arc<str>, at: Mark },
    /// No condition or tag says anything: on.
    Default,
    /// In `charts/` and not declared with a fitting version: always on.
    Undeclared,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComputeError {
    #[error("line {}, column {}: {key} is a subchart, so its values are a map", at.line, at.column)]
    NotAMap { key: Arc<str>, at: Mark },
}

/// Computes what the chart's templates see for user-supplied values.
pub fn compute(chart: &Arc<Chart>, user_values: &Node) -> Result<Computed, ComputeError> {
    let (values, dependencies) = coalesce(chart, user_values)?;
    Ok(Computed { values: values.to_node(), dependencies })
}

/// As [`compute`], but of what a subchart sees only the settings that are called `setting`: for a question
/// that concerns one of them, which is asked of every commons after every landing.
pub fn compute_setting(chart: &Arc<Chart>, user_values: &Node, setting: &str) -> Result<Computed, ComputeError> {
    let (values, dependencies) = coalesce(chart, user_values)?;
    Ok(Computed { values: values.to_node_of(setting), dependencies })
}

fn coalesce(chart: &Arc<Chart>, user_values: &Node) -> Result<(Table, Vec<DependencyState>), ComputeError> {
    let mut work = Work::default();
    let root = work.adopt(chart);
    let user = match &user_values.kind {
        Kind::Map(map) => Table::frozen(Frozen::from_map(map, user_values.mark)),
        _ => Table::new(user_values.mark),
    };
    work.decide(root, &user, "", &[])?;
    work.import_once(root)?;
    let values = work.coalesced(root, &user, Nulls::Delete)?;
    Ok((values, work.states))
}

/// Charts and requirements as Helm changes them on the way. Two aliases of one chart share what they share
/// in Helm: the requirements, and the subcharts that no requirement names.
#[derive(Default)]
struct Work {
    charts: Vec<Live>,
    requirements: Vec<Requirement>,
    states: Vec<DependencyState>,
}

#[derive(Clone)]
struct Live {
    chart: Arc<Chart>,
    /// The alias once it is known.
    name: Arc<str>,
    values: Table,
    subcharts: Vec<usize>,
    requirements: Option<Vec<usize>>,
}

struct Requirement {
    declared: Dependency,
    /// The name, then the alias.
    name: Arc<str>,
    enabled: bool,
    why: Why,
    imported: bool,
}

impl Work {
    fn adopt(&mut self, chart: &Arc<Chart>) -> usize {
        let subcharts = chart.subcharts.iter().map(|subchart| self.adopt(subchart)).collect();
        let requirements = chart.dependencies.as_ref().map(|declared| {
            let first = self.requirements.len();
            self.requirements.extend(declared.iter().map(|dependency| Requirement {
                declared: dependency.clone(),
                name: dependency.name.clone(),
                enabled: true,
                why: Why::Default,
                imported: false,
            }));
            (first..self.requirements.len()).collect()
        });
        let values = Table::frozen(chart.frozen().clone());
        self.charts.push(Live { chart: chart.clone(), name: chart.name.clone(), values, subcharts, requirements });
        self.charts.len() - 1
    }

    fn coalesced(&self, chart: usize, values: &Table, nulls: Nulls) -> Result<Table, ComputeError> {
        let values = values.deep_copy();
        self.coalesce(chart, &values, nulls)?;
        Ok(values)
    }

    fn coalesce(&self, chart: usize, values: &Table, nulls: Nulls) -> Result<(), ComputeError> {
        let live = &self.charts[chart];
        let is_subchart = |key: &str| live.subcharts.iter().any(|at| *self.charts[*at].name == *key);
        table::fill_defaults(values, &live.values, nulls, is_subchart);
        for &at in &live.subcharts {
            let subchart = &self.charts[at];
            let own = match values.get(&subchart.name) {
                Some(Slot { value: Value::Table(own), .. }) => own,
                Some(Slot { key_mark, .. }) => {
                    return Err(ComputeError::NotAMap { key: subchart.name.clone(), at: key_mark });
                }
                None => {
                    let own = Table::new(subchart.values.mark);
                    let slot = Slot { key_mark: subchart.chart.at, value: Value::Table(own.clone()) };
                    values.insert(subchart.name.clone(), slot);
                    own
                }
            };
            table::pass_globals(&own, values);
            self.coalesce(at, &own, nulls)?;
        }
        Ok(())
    }

    /// Values that a subchart exports become defaults of its parent, weaker than the parent's own.
    fn import(&mut self, chart: usize) -> Result<(), ComputeError> {
        for subchart in self.charts[chart].subcharts.clone() {
            self.import(subchart)?;
        }
        let Some(requirements) = self.charts[chart].requirements.clone() else { return Ok(()) };
        let mark = self.charts[chart].values.mark;
        let values = self.coalesced(chart, &Table::new(mark), Nulls::Keep)?;
        let imported = Table::new(mark);
        for at in requirements {
            let requirement = &mut self.requirements[at];
            // Helm rewrites the list on the way, and does not understand what it wrote a second time.
            if std::mem::replace(&mut requirement.imported, true) {
                continue;
            }
            for import in &requirement.declared.import_values {
                let (child, parent) = match import {
                    ImportValues::Export(name) => (format!("exports.{name}"), "."),
                    ImportValues::Table { child, parent } => (child.to_string(), &**parent),
                };
                if let Some(found) = values.table_at(&format!("{}.{child}", requirement.name)) {
                    table::fill(&imported, &nested(parent, found), Nulls::Keep);
                }
            }
        }
        let own = values.deep_copy();
        table::fill(&own, &imported, Nulls::Keep);
        self.charts[chart].values = own;
        Ok(())
    }
}

/// A table under a path of keys; `.` is the table itself. An empty table is not shared, but a new one.
fn nested(path: &str, table: Table) -> Table {
    let table = if table.is_empty() { Table::new(table.mark) } else { table };
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, key| {
        let outer = Table::new(inner.mark);
        outer.insert(key.into(), Slot { key_mark: inner.mark, value: Value::Table(inner) });
        outer
    })
}
