//! What was read of a chart's files before, so that the next commit of its repository costs what it changed.
//!
//! Story: 250 landings on `master` in a year, of which most touch one of fifty subcharts. The other forty-nine
//! are the same `Arc`s as before: nobody parses them again, and whoever compares the two charts sees at once
//! what is different. Marks in them keep naming the commit at which the file was first read with these bytes.

use std::collections::HashMap;
use std::sync::Arc;

use super::Chart;
use super::metadata::Metadata;
use crate::tree::BlobId;
use crate::yaml::{Mark, Node};

/// Loads that something may go unused before it is forgotten: a few branches are read in turns.
const KEPT_LOADS: u64 = 16;

type Key = (String, Option<BlobId>, Option<BlobId>);

/// What its Chart.yaml says, and the chart.
type KeptChart = Kept<(Arc<Described>, Arc<Chart>)>;

/// Of one repository.
#[derive(Debug, Default)]
pub struct Known {
    load: u64,
    descriptions: HashMap<Key, Kept<Arc<Described>>>,
    values: HashMap<(String, BlobId), Kept<Arc<Node>>>,
    packed: HashMap<(String, BlobId), Kept<Option<Arc<Chart>>>>,
    charts: HashMap<String, Vec<KeptChart>>,
}

/// Chart.yaml and requirements.yaml, read and checked.
#[derive(Debug)]
pub(super) struct Described {
    pub metadata: Metadata,
    pub at: Mark,
}

#[derive(Debug)]
struct Kept<T> {
    item: T,
    used: u64,
}

impl<T: Clone> Kept<T> {
    fn take(&mut self, load: u64) -> T {
        self.used = load;
        self.item.clone()
    }
}

impl Known {
    pub(super) fn begin(&mut self) {
        self.load += 1;
    }

    pub(super) fn end(&mut self) {
        let horizon = self.load.saturating_sub(KEPT_LOADS);
        self.descriptions.retain(|_, kept| kept.used > horizon);
        self.values.retain(|_, kept| kept.used > horizon);
        self.packed.retain(|_, kept| kept.used > horizon);
        self.charts.retain(|_, charts| {
            charts.retain(|kept| kept.used > horizon);
            !charts.is_empty()
        });
    }

    pub(super) fn description(
        &mut self,
        key: Key,
        read: impl FnOnce() -> Result<Described, super::ChartError>,
    ) -> Result<Arc<Described>, super::ChartError> {
        let load = self.load;
        if let Some(kept) = self.descriptions.get_mut(&key) {
            return Ok(kept.take(load));
        }
        let item = Arc::new(read()?);
        self.descriptions.insert(key, Kept { item: item.clone(), used: load });
        Ok(item)
    }

    pub(super) fn values(
        &mut self,
        key: (String, BlobId),
        read: impl FnOnce() -> Result<Node, super::ChartError>,
    ) -> Result<Arc<Node>, super::ChartError> {
        let load = self.load;
        if let Some(kept) = self.values.get_mut(&key) {
            return Ok(kept.take(load));
        }
        let item = Arc::new(read()?);
        self.values.insert(key, Kept { item: item.clone(), used: load });
        Ok(item)
    }

    pub(super) fn packed(&mut self, key: &(String, BlobId)) -> Option<Option<Arc<Chart>>> {
        let load = self.load;
        self.packed.get_mut(key).map(|kept| kept.take(load))
    }

    pub(super) fn keep_packed(&mut self, key: (String, BlobId), item: Option<Arc<Chart>>) {
        self.packed.insert(key, Kept { item, used: self.load });
    }

    /// The chart made of just these parts, if there was one.
    pub(super) fn chart(
        &mut self,
        folder: &str,
        described: &Arc<Described>,
        values: Option<&Arc<Node>>,
        subcharts: &[Arc<Chart>],
    ) -> Option<Arc<Chart>> {
        let load = self.load;
        let same = |kept: &&mut Kept<(Arc<Described>, Arc<Chart>)>| {
            let (known, chart) = &kept.item;
            let same_values = values.map_or(chart.has_no_values(), |values| Arc::ptr_eq(values, &chart.values));
            let pairs = || chart.subcharts.iter().zip(subcharts);
            Arc::ptr_eq(known, described)
                && same_values
                && chart.subcharts.len() == subcharts.len()
                && pairs().all(|(a, b)| Arc::ptr_eq(a, b))
        };
        let kept = self.charts.get_mut(folder)?.iter_mut().find(same)?;
        Some(kept.take(load).1)
    }

    pub(super) fn keep_chart(&mut self, folder: &str, described: Arc<Described>, chart: Arc<Chart>) {
        let kept = Kept { item: (described, chart), used: self.load };
        self.charts.entry(folder.to_owned()).or_default().push(kept);
    }
}
