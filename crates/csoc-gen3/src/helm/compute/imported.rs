//! What charts' defaults come to after `import-values`, computed once for each set of parts that are on.
//!
//! Story: forty commons run the same umbrella chart, and most have the same services on. Which values its
//! fifty parts then share does not depend on what a commons says, so the second commons finds it done.

use std::sync::{Arc, Mutex, PoisonError};

use super::{ComputeError, Work};
use crate::helm::table::{Frozen, Table};
use crate::yaml::Mark;

/// Sets of parts that are kept; a fleet has about a dozen.
const KEPT: usize = 48;

/// One chart's, the most recently used last.
#[derive(Default)]
pub struct Imported(Mutex<Vec<(Shape, Defaults)>>);

/// The defaults of every chart, in the order of the walk.
type Defaults = Arc<[Arc<Frozen>]>;

/// The charts that are on, as a walk meets them: which chart, under which name, with which requirements left.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shape(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    /// The chart lives as long as the root that holds it, so its address tells it from every other.
    chart: usize,
    name: Arc<str>,
    subcharts: usize,
    /// Names and where they are declared.
    requirements: Option<Vec<(Arc<str>, Mark)>>,
}

impl Clone for Imported {
    /// For a chart that will be changed: nothing of this holds for it.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl std::fmt::Debug for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Imported")
    }
}

impl Imported {
    fn get(&self, shape: &Shape) -> Option<Defaults> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == shape)?;
        let found = kept.remove(at);
        let defaults = found.1.clone();
        kept.push(found);
        Some(defaults)
    }

    fn put(&self, shape: Shape, defaults: Defaults) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((shape, defaults));
    }
}

impl Work {
    /// As [`Work::import`], or what came of it the last time.
    pub(super) fn import_once(&mut self, root: usize) -> Result<(), ComputeError> {
        let mut walk = Vec::new();
        self.walk(root, &mut walk);
        let shape = self.shape(&walk);
        let chart = self.charts[root].chart.clone();
        if let Some(defaults) = chart.imported.get(&shape) {
            for (at, frozen) in walk.iter().zip(defaults.iter()) {
                self.charts[*at].values = Table::frozen(frozen.clone());
            }
            return Ok(());
        }
        self.import(root)?;
        let defaults: Defaults = walk.iter().map(|at| self.charts[*at].values.freeze()).collect();
        // From here on as the next one will find it.
        for (at, frozen) in walk.iter().zip(defaults.iter()) {
            self.charts[*at].values = Table::frozen(frozen.clone());
        }
        chart.imported.put(shape, defaults);
        Ok(())
    }

    fn walk(&self, chart: usize, walk: &mut Vec<usize>) {
        if walk.contains(&chart) {
            return;
        }
        walk.push(chart);
        for subchart in &self.charts[chart].subcharts {
            self.walk(*subchart, walk);
        }
    }

    fn shape(&self, walk: &[usize]) -> Shape {
        let part = |at: &usize| {
            let live = &self.charts[*at];
            let requirement = |at: &usize| {
                let requirement = &self.requirements[*at];
                (requirement.name.clone(), requirement.declared.at)
            };
            Part {
                chart: Arc::as_ptr(&live.chart) as usize,
                name: live.name.clone(),
                subcharts: live.subcharts.len(),
                requirements: live.requirements.as_ref().map(|all| all.iter().map(requirement).collect()),
            }
        };
        Shape(walk.iter().map(part).collect())
    }
}
