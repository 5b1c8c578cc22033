//! How far a fetch is, and when it has to end.
//!
//! The library counts in its own threads. A watcher thread samples the counters ten times a second, tells
//! the caller, and sets the library's interrupt when the caller or the clock says stop.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gix::progress::{Id, MessageLevel, Step, StepShared, Unit};
use gix::{Count, NestedProgress};

use super::Watch;

/// What the fetch is doing. In this order; phases may be skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Connecting, agreeing on what is needed.
    Connecting,
    /// `done` objects of `total` arrived.
    Receiving,
    /// `done` objects of `total` are in place.
    Resolving,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub phase: Phase,
    pub done: u64,
    pub total: Option<u64>,
}

/// Why the interrupt was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    ByCaller,
    ByClock,
}

/// Run `work` under watch. It is given the counters and the interrupt to hand to the library.
pub(super) fn watched<R>(
    watch: &Watch,
    limit: Duration,
    work: impl FnOnce(Counters, &AtomicBool) -> R,
) -> (R, Option<Ended>) {
    let counters = Counters::default();
    let (interrupt, ended) = (AtomicBool::new(false), Mutex::new(None));
    let deadline = Instant::now() + limit;
    let (finished, wait) = channel::<()>();
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            let wait = wait;
            let mut told = None;
            while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(Duration::from_millis(100)) {
                let why = if watch.stop.load(Ordering::Relaxed) {
                    Some(Ended::ByCaller)
                } else {
                    (Instant::now() > deadline).then_some(Ended::ByClock)
                };
                if why.is_some() {
                    ended.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
                    interrupt.store(true, Ordering::Relaxed);
                }
                tell(watch, &counters, &mut told);
            }
            tell(watch, &counters, &mut told);
        });
        let result = work(counters.clone(), &interrupt);
        drop(finished);
        result
    });
    (result, ended.into_inner().unwrap_or_else(PoisonError::into_inner).flatten())
}

fn tell(watch: &Watch, counters: &Counters, told: &mut Option<Progress>) {
    let now = counters.now();
    if let (Some(progress), true) = (&watch.progress, *told != Some(now)) {
        progress(now);
        *told = Some(now);
    }
}

/// The counters the library asked for, by its ids.
#[derive(Clone, Default)]
pub(super) struct Counters(Arc<Mutex<Vec<Counter>>>);

/// Id, value, and where it ends when that is known.
type Counter = (Id, StepShared, Option<Step>);

impl Counters {
    pub(super) fn root(&self) -> Bar {
        Bar { counters: self.clone(), id: *b"ROOT", step: StepShared::default(), max: None, name: String::new() }
    }

    fn now(&self) -> Progress {
        let bars = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |id: Id, phase| {
            let (_, step, max) = bars.iter().rfind(|bar| bar.0 == id)?;
            let done = step.load(Ordering::Relaxed) as u64;
            (done > 0).then_some(Progress { phase, done, total: max.map(|max| max as u64) })
        };
        // The ids of the pack index writer: objects resolved, objects read.
        of(*b"IWRO", Phase::Resolving).or_else(|| of(*b"IWIO", Phase::Receiving)).unwrap_or(Progress {
            phase: Phase::Connecting,
            done: 0,
            total: None,
        })
    }
}

/// One counter, in the form that the library wants.
pub(super) struct Bar {
    counters: Counters,
    id: Id,
    step: StepShared,
    max: Option<Step>,
    name: String,
}

impl Bar {
    fn register(&self) {
        let mut bars = self.counters.0.lock().unwrap_or_else(PoisonError::into_inner);
        bars.retain(|bar| bar.0 != self.id);
        bars.push((self.id, Arc::clone(&self.step), self.max));
    }
}

impl Count for Bar {
    fn set(&self, step: Step) {
        self.step.store(step, Ordering::Relaxed);
    }

    fn step(&self) -> Step {
        self.step.load(Ordering::Relaxed)
    }

    fn inc_by(&self, step: Step) {
        self.step.fetch_add(step, Ordering::Relaxed);
    }

    fn counter(&self) -> StepShared {
        Arc::clone(&self.step)
    }
}

impl gix::Progress for Bar {
    fn init(&mut self, max: Option<Step>, _unit: Option<Unit>) {
        self.max = max;
        self.register();
    }

    fn max(&self) -> Option<Step> {
        self.max
    }

    fn set_max(&mut self, max: Option<Step>) -> Option<Step> {
        let before = std::mem::replace(&mut self.max, max);
        self.register();
        before
    }

    fn set_name(&mut self, name: String) {
        self.name = name;
    }

    fn name(&self) -> Option<String> {
        Some(self.name.clone())
    }

    fn id(&self) -> Id {
        self.id
    }

    fn message(&self, _level: MessageLevel, _message: String) {}
}

impl NestedProgress for Bar {
    type SubProgress = Bar;

    fn add_child(&mut self, name: impl Into<String>) -> Bar {
        self.add_child_with_id(name, *b"ANON")
    }

    fn add_child_with_id(&mut self, name: impl Into<String>, id: Id) -> Bar {
        let step = Arc::new(AtomicUsize::new(0));
        Bar { counters: self.counters.clone(), id, step, max: None, name: name.into() }
    }
}
