//! Charts that were read, by their names.
//!
//! Story: three branches of one chart repository are followed, and `master` moves 250 times. The two others
//! are not read again because of that; and a landing that touches only templates gives the very chart that
//! was there before, so that no commons is computed anew.

use std::collections::HashMap;
use std::sync::Arc;

use super::LoadedChart;
use super::plan::ChartAtHand;
use crate::helm::chart::{Known, Reading, load_knowing};
use crate::tree::Tree;
use crate::yaml::{Files, Limits};

/// Charts kept: every revision that a fleet follows at one time, and some of the time before.
const CHARTS: usize = 16;

#[derive(Debug, Default)]
pub struct ChartCache {
    /// By name and folder, the most recently used last.
    loaded: Vec<(Arc<str>, ChartAtHand)>,
    /// By repository: the part of the name before the commit.
    known: HashMap<Box<str>, Known>,
}

impl ChartCache {
    pub fn chart(&mut self, tree: &dyn Tree, folder: &str, name: &str, files: &mut Arc<Files>) -> ChartAtHand {
        let key: Arc<str> = format!("{name}:{folder}").into();
        if let Some(at) = self.loaded.iter().position(|(known, _)| *known == key) {
            let kept = self.loaded.remove(at);
            let chart = kept.1.clone();
            self.loaded.push(kept);
            return chart;
        }
        let repository = name.split_once('@').map_or("", |(repository, _)| repository);
        let known = self.known.entry(repository.into()).or_default();
        let prefix = format!("{name}:");
        let mut reading = Reading { files: Arc::make_mut(files), prefix: &prefix, limits: Limits::default() };
        let chart = load_knowing(tree, folder, &mut reading, known).map_err(|error| error.to_string());
        let chart = chart.map(|chart| {
            let same = self.loaded.iter().filter_map(|(_, loaded)| loaded.as_ref().ok());
            let same = same.into_iter().find(|loaded| Arc::ptr_eq(&loaded.chart, &chart));
            same.cloned().unwrap_or_else(|| Arc::new(LoadedChart::new(chart)))
        });
        if self.loaded.len() >= CHARTS {
            drop(self.loaded.remove(0));
        }
        self.loaded.push((key, chart.clone()));
        chart
    }
}
