//! Where a value stands: `fence.FENCE_CONFIG.S3_BUCKETS[3]`, `hatchery.hatchery.json.containers[name=R]`.

use std::fmt;
use std::sync::Arc;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    Key(Arc<str>),
    Item(ItemAt),
    /// Into the JSON that the string holds. Not shown: what follows reads on as one path.
    Json,
}

/// A list item: where it stood, where it stands, and what it is called when items have names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemAt {
    pub before: Option<usize>,
    pub after: Option<usize>,
    pub name: Option<(Arc<str>, Arc<str>)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ValuePath(pub Vec<Segment>);

impl ValuePath {
    /// The keys alone: list positions and JSON borders left out.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Key(key) => Some(&**key),
            Segment::Item(_) | Segment::Json => None,
        })
    }

    /// The first key: the chart's name for the service, or `global`.
    pub fn first(&self) -> Option<&str> {
        self.keys().next()
    }

    pub fn last(&self) -> Option<&str> {
        self.keys().next_back()
    }
}

impl fmt::Display for ValuePath {
    /// Keys joined by dots; a dot inside a key is escaped as `helm --set` wants it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for segment in &self.0 {
            match segment {
                Segment::Key(key) => {
                    if !first {
                        f.write_str(".")?;
                    }
                    f.write_str(&key.replace('.', "\\."))?;
                }
                Segment::Item(ItemAt { name: Some((key, name)), .. }) => write!(f, "[{key}={name}]")?,
                Segment::Item(ItemAt { before, after, .. }) => {
                    write!(f, "[{}]", after.or(*before).unwrap_or_default())?;
                }
                Segment::Json => continue,
            }
            first = false;
        }
        Ok(())
    }
}
