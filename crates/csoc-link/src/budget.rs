//! How many requests may be open, for whom, and how much they may hold.
//!
//! Story: a script opens three hundred log streams to one cluster. It gets its share and then "429, end one of
//! them first"; its colleagues still get theirs; the heartbeat, which has streams of its own, notices nothing. And
//! over all clusters together no more is promised than the server has memory for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::LinkError;
use crate::settings::{Class, KEPT_FOR_CONTROL, QUEUE};

/// What all links of this process together may hold in flight.
#[derive(Debug, Clone)]
pub struct Total {
    kibibytes: Arc<Semaphore>,
}

impl Total {
    /// `bytes` of answers in flight; a stream reserves its window.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let kibibytes = usize::try_from(bytes / 1024).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self { kibibytes: Arc::new(Semaphore::new(kibibytes)) }
    }
}

impl Default for Total {
    /// 1 GiB: 4,096 stalled streams of the control class.
    fn default() -> Self {
        Self::new(1 << 30)
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller<'a> {
    /// The link's own work: never waits behind people, counts for nobody.
    Own,
    /// A person or a program with a token, by its id.
    Named(&'a str),
}

/// The streams of one connection.
#[derive(Debug)]
pub(crate) struct Streams {
    own: Arc<Semaphore>,
    people: Arc<Semaphore>,
    people_limit: u32,
    /// What one caller may have open.
    each: u32,
    window_kibibytes: u32,
    callers: Arc<Mutex<HashMap<String, u32>>>,
    total: Total,
}

impl Streams {
    pub(crate) fn new(class: Class, total: Total) -> Self {
        let windows = class.windows();
        let people_limit = windows.streams - KEPT_FOR_CONTROL;
        Self {
            own: Arc::new(Semaphore::new(KEPT_FOR_CONTROL as usize)),
            people: Arc::new(Semaphore::new(people_limit as usize)),
            people_limit,
            // One caller never has more than half of what there is.
            each: people_limit / 2,
            window_kibibytes: windows.stream / 1024,
            callers: Arc::default(),
            total,
        }
    }

    /// A stream for `caller`, at the latest after [`QUEUE`].
    pub(crate) async fn take(&self, caller: Caller<'_>) -> Result<Permit, LinkError> {
        let (stream, share, limit) = match caller {
            Caller::Own => (within(QUEUE, &self.own, 1).await, None, KEPT_FOR_CONTROL),
            Caller::Named(name) => {
                let share = Share::take(&self.callers, name, self.each)?;
                (within(QUEUE, &self.people, 1).await, Some(share), self.people_limit)
            }
        };
        let stream = stream.ok_or(LinkError::Busy { limit })?;
        let memory = match caller {
            Caller::Own => None,
            Caller::Named(_) => {
                let memory = Arc::clone(&self.total.kibibytes).try_acquire_many_owned(self.window_kibibytes);
                Some(memory.map_err(|_| LinkError::Full)?)
            }
        };
        Ok(Permit { _stream: stream, _memory: memory, _share: share })
    }

    /// How many streams people have open.
    pub(crate) fn open(&self) -> u32 {
        self.people_limit - u32::try_from(self.people.available_permits()).unwrap_or(self.people_limit)
    }
}

async fn within(limit: Duration, semaphore: &Arc<Semaphore>, count: u32) -> Option<OwnedSemaphorePermit> {
    let waiting = Arc::clone(semaphore).acquire_many_owned(count);
    tokio::time::timeout(limit, waiting).await.ok().and_then(Result::ok)
}

/// Held as long as the stream is open.
#[derive(Debug)]
pub(crate) struct Permit {
    _stream: OwnedSemaphorePermit,
    _memory: Option<OwnedSemaphorePermit>,
    _share: Option<Share>,
}

#[derive(Debug)]
struct Share {
    callers: Arc<Mutex<HashMap<String, u32>>>,
    name: String,
}

impl Share {
    fn take(callers: &Arc<Mutex<HashMap<String, u32>>>, name: &str, limit: u32) -> Result<Self, LinkError> {
        let mut counts = callers.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(name.to_owned()).or_default();
        if *count >= limit {
            return Err(LinkError::TooMany { limit });
        }
        *count += 1;
        Ok(Self { callers: Arc::clone(callers), name: name.to_owned() })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut counts = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.name) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_caller_gets_half_and_leaves_nothing_behind() {
        let streams = Streams::new(Class::Bulk, Total::default());
        let mut held = Vec::new();
        while let Ok(permit) = streams.take(Caller::Named("script")).await {
            held.push(permit);
        }
        assert_eq!(held.len(), 32);
        assert!(streams.take(Caller::Named("colleague")).await.is_ok());
        drop(held);
        assert!(streams.callers.lock().unwrap().is_empty());
        assert_eq!(streams.open(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_links_own_work_goes_on_when_people_have_taken_everything() {
        let streams = Streams::new(Class::Bulk, Total::default());
        let mut held = Vec::new();
        for caller in 0..64 {
            held.push(streams.take(Caller::Named(&caller.to_string())).await.unwrap());
        }
        let begin = tokio::time::Instant::now();
        let refused = streams.take(Caller::Named("late")).await.unwrap_err();
        assert_eq!(refused.status(), http::StatusCode::TOO_MANY_REQUESTS);
        assert!(begin.elapsed() < Duration::from_secs(1));
        assert!(streams.take(Caller::Own).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn all_links_together_hold_what_they_may() {
        let total = Total::new(3 << 20);
        let (one, two) = (Streams::new(Class::Bulk, total.clone()), Streams::new(Class::Bulk, total));
        let held = (
            one.take(Caller::Named("a")).await,
            two.take(Caller::Named("a")).await,
            two.take(Caller::Named("b")).await,
        );
        assert!(held.0.is_ok() && held.1.is_ok() && held.2.is_ok());
        assert!(matches!(one.take(Caller::Named("c")).await, Err(LinkError::Full)));
    }
}
