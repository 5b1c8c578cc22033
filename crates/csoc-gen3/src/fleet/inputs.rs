//! What a result was computed from, compared to know whether it still holds.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::Cache;
use crate::tree::{BlobId, Entry};
use crate::yaml::FileId;

/// Equal inputs, equal result. Order counts: value files are merged in order.
#[derive(Clone, Default)]
pub struct Inputs {
    items: Vec<Input>,
    chart: Option<Arc<dyn Identity>>,
}

/// Something that is the same thing only when it is the same `Arc`.
pub trait Identity: Send + Sync {}
impl<T: Send + Sync> Identity for T {}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Input {
    File(FileId, Option<BlobId>),
    Text(u64),
}

impl Inputs {
    pub fn file(&mut self, cache: &mut Cache, entry: &Entry) {
        let file = cache.file(&entry.path);
        self.items.push(Input::File(file, Some(entry.id)));
    }

    /// Anything else that matters, by its text.
    pub fn text(&mut self, text: &str) {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        self.items.push(Input::Text(hasher.finish()));
    }

    /// Kept alive with the inputs, so that its address cannot be given to another.
    pub fn chart(&mut self, chart: Arc<dyn Identity>) {
        self.chart = Some(chart);
    }
}

impl PartialEq for Inputs {
    fn eq(&self, other: &Self) -> bool {
        let same_chart = match (&self.chart, &other.chart) {
            (None, None) => true,
            (Some(a), Some(b)) => std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b)),
            _ => false,
        };
        same_chart && self.items == other.items
    }
}

impl std::fmt::Debug for Inputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}, chart: {}", self.items, self.chart.is_some())
    }
}
