//! The background work that keeps the fleet current: fetch, read, match, lint, publish.
//!
//! Story: a webhook nudges a source. Its task fetches, reads what is new, and puts a new view in place of the
//! old one; [`Ingest::reading`] tells meanwhile how far it is. A nudge while it works is remembered: it will
//! look once more afterwards.
//!
//! The head comes first: at first start the fleet is there after a second, its history while one looks at
//! it. A source that fails keeps what was read last, with its age and the reason. Everything can be cut off
//! at any moment: what is stored is enough to go on, and doing a step again changes nothing.

mod charts;
mod findings;
mod follow;
mod identify;
mod landings;
mod locate;
mod past;
mod publish;
mod read;
mod releases;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use csoc_api::sources::{LayoutRow, Progress, SourceState};
use csoc_core::access::Visible;
use csoc_core::audit::Outcome;
use csoc_core::{OrganizationId, SourceId};
use csoc_store::{Intent, Source};
use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

pub(crate) use charts::{ChartSources, ChartsThen};
pub use charts::{Followed, Position};
pub(crate) use follow::nudge_fleets;
pub use landings::LandingSummary;
pub(crate) use locate::blocking;
pub use locate::source_repository;
pub use past::lens_at;
pub(crate) use past::{At, When, charts_at, moment};
pub use publish::republish;

use crate::app::App;
use crate::events::{Audience, Topic};
use crate::service::Fault;

/// How a source is doing, for its row.
#[derive(Clone, Debug)]
pub struct SourceReading {
    pub state: SourceState,
    pub layouts: Vec<LayoutRow>,
    pub commons: u32,
    pub clusters: u32,
}

#[derive(Default)]
pub struct Ingest {
    sources: Mutex<HashMap<SourceId, Arc<Slot>>>,
    /// A source was registered, changed or removed.
    woken: Notify,
    /// One view is made at a time.
    publishing: tokio::sync::Mutex<()>,
    past: past::Past,
}

/// One source's place in the ingest.
struct Slot {
    nudge: Notify,
    stop: CancellationToken,
    asked: Mutex<Vec<Intent>>,
    reading: Mutex<SourceReading>,
    failing_since: Mutex<Option<Timestamp>>,
    /// Where the branches of a chart source were when they were fetched last.
    refs: Mutex<Option<String>>,
    /// What makes the next landing cheap; only the task uses it.
    work: tokio::sync::Mutex<read::Work>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn never() -> SourceReading {
    SourceReading {
        state: SourceState {
            phase: "never".to_owned(),
            progress: None,
            head: None,
            head_time: None,
            head_title: None,
            fetched_at: None,
            attempted_at: None,
            error: None,
            landings: 0,
            unread: Vec::new(),
        },
        layouts: Vec::new(),
        commons: 0,
        clusters: 0,
    }
}

impl Ingest {
    /// Fetch soon. `asked` is the audit's intent of the person who asked; it is finished with the result.
    pub fn nudge(&self, source: SourceId, asked: Option<Intent>) {
        if let Some(slot) = locked(&self.sources).get(&source) {
            locked(&slot.asked).extend(asked);
            slot.nudge.notify_one();
        } else {
            self.woken.notify_one();
        }
    }

    /// The source was registered or changed: look at its row again, and fetch.
    pub fn changed(&self, source: SourceId) {
        self.nudge(source, None);
    }

    /// The source was removed: stop its task; the task drops its fleet and its clone.
    pub fn removed(&self, source: SourceId) {
        if let Some(slot) = locked(&self.sources).remove(&source) {
            slot.stop.cancel();
        }
        self.past.forget();
        self.woken.notify_one();
    }

    /// What is known of it; a source that was never read is `never`.
    pub fn reading(&self, source: SourceId) -> SourceReading {
        locked(&self.sources).get(&source).map_or_else(never, |slot| locked(&slot.reading).clone())
    }

    fn failing_since(&self, source: SourceId) -> Option<Timestamp> {
        locked(&self.sources).get(&source).and_then(|slot| *locked(&slot.failing_since))
    }
}

/// Until `app.stop`: shows the last snapshots, then keeps every source current.
pub async fn run(app: App) {
    if let Err(error) = publish::restore(&app).await {
        tracing::error!(%error, "the last snapshots could not be shown");
    }
    let turns = Arc::new(Semaphore::new(app.config.fetches_at_once.max(1)));
    loop {
        if let Err(error) = adopt(&app, &turns).await {
            tracing::error!(%error, "the list of sources could not be read");
        }
        let later = tokio::time::sleep(Duration::from_secs(30));
        tokio::pin!(later);
        loop {
            tokio::select! {
                () = app.stop.cancelled() => return,
                () = app.ingest.woken.notified() => break,
                () = &mut later => break,
                () = tokio::time::sleep(Duration::from_secs(2)) => end_waivers(&app).await,
            }
        }
    }
}

/// A waiver ends by itself; the view, which was made before, has to be made anew.
async fn end_waivers(app: &App) {
    let (view, now) = (app.fleet.view(), app.now());
    let ended = |waiver: &crate::fleet_view::view::WaiverRecord| view.taken_at < waiver.until && waiver.until <= now;
    let waived = view.findings.iter().filter(|finding| finding.waiver.as_ref().is_some_and(ended));
    let organizations: BTreeSet<OrganizationId> = waived.map(|finding| finding.organization).collect();
    if organizations.is_empty() {
        return;
    }
    if let Err(error) = publish::republish(app).await {
        tracing::warn!(%error, "waivers have ended, and the findings could not be shown again");
        return;
    }
    for organization in organizations {
        let topics = [Topic::Findings, Topic::Now, Topic::Commons];
        app.events.publish(Audience::Organization(organization), topics, Vec::new(), None);
    }
}

/// A task for every source that has none; those of other replicas are found here too.
async fn adopt(app: &App, turns: &Arc<Semaphore>) -> Result<(), Fault> {
    for source in app.store.source_list(&Visible::All).await? {
        let slot = {
            let mut sources = locked(&app.ingest.sources);
            if sources.contains_key(&source.id) {
                continue;
            }
            let slot = Arc::new(Slot {
                nudge: Notify::new(),
                stop: app.stop.child_token(),
                asked: Mutex::default(),
                reading: Mutex::new(publish::remembered(app, &source)),
                failing_since: Mutex::default(),
                refs: Mutex::default(),
                work: tokio::sync::Mutex::default(),
            });
            sources.insert(source.id, slot.clone());
            slot
        };
        app.tasks.spawn(keep_current(app.clone(), source.id, slot, turns.clone()));
    }
    let gone: Vec<SourceId> = app.fleet.view().sources.keys().copied().collect();
    let known: Vec<SourceId> = locked(&app.ingest.sources).keys().copied().collect();
    if gone.iter().any(|id| !known.contains(id)) {
        publish::republish(app).await?;
    }
    Ok(())
}

/// One source's task: now, then on its interval or when nudged, until it is removed.
async fn keep_current(app: App, id: SourceId, slot: Arc<Slot>, turns: Arc<Semaphore>) {
    loop {
        let source = match app.store.source_fetch(&Visible::All, id).await {
            Ok(Some(source)) => source,
            Ok(None) => break,
            Err(error) => {
                tracing::warn!(%error, source = %id, "the source's row could not be read");
                if pause(&slot, Duration::from_secs(10)).await { continue } else { break }
            }
        };
        match read::take_decisions(&app, &source, &slot).await {
            Ok(true) => announce(&app, &source, true),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, source = source.name, "what was decided is not shown yet"),
        }
        match follow::follow_charts(&app, &source, &slot).await {
            Ok(true) if publish::republish(&app).await.is_ok() => announce(&app, &source, true),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, source = source.name, "what landed in charts is not shown yet"),
        }
        let interval = Duration::from_secs(u64::from(source.interval_s.max(1)));
        if !source.disabled || !locked(&slot.asked).is_empty() {
            let turn = tokio::select! {
                () = slot.stop.cancelled() => break,
                turn = turns.acquire() => turn,
            };
            let Ok(_turn) = turn else { break };
            one_round(&app, &source, &slot).await;
        }
        // A fleet of servers or sources that were started together shall not fetch together.
        let jitter = interval.mul_f64(0.1 * (u64::from(id.0.as_bytes()[15]) as f64) / 255.0);
        if !pause(&slot, interval + jitter).await {
            break;
        }
    }
    locate::forget(&app, id).await;
}

/// Waits for a nudge or for `time`; `false` when the source is to end.
async fn pause(slot: &Slot, time: Duration) -> bool {
    tokio::select! {
        () = slot.stop.cancelled() => false,
        () = slot.nudge.notified() => true,
        () = tokio::time::sleep(time) => true,
    }
}

async fn one_round(app: &App, source: &Source, slot: &Arc<Slot>) {
    let asked: Vec<Intent> = std::mem::take(&mut *locked(&slot.asked));
    locked(&slot.reading).state.attempted_at = Some(app.now());
    let started = std::time::Instant::now();
    let result = read::round(app, source, slot).await;
    app.metrics.ingest_round(result.is_ok(), started.elapsed());
    let now = app.now();
    let outcome = match &result {
        Ok(round) => {
            tracing::info!(
                source = source.name,
                new = round.landings,
                ms = started.elapsed().as_millis() as u64,
                "source is current"
            );
            *locked(&slot.failing_since) = None;
            Outcome::Ok
        }
        Err(error) => {
            tracing::warn!(source = source.name, %error, "source could not be read");
            locked(&slot.failing_since).get_or_insert(now);
            Outcome::Failed
        }
    };
    let changed = {
        let mut reading = locked(&slot.reading);
        reading.state.progress = None;
        let error = result.as_ref().err().map(ToString::to_string);
        let changed = reading.state.error != error || reading.state.phase != phase(error.is_some());
        reading.state.phase = phase(error.is_some()).to_owned();
        reading.state.error = error;
        if result.is_ok() {
            reading.state.fetched_at = Some(now);
        }
        changed
    };
    publish::store_state(app, source, slot).await;
    for intent in asked {
        let detail = result.as_ref().err().map(|error| serde_json::json!({ "error": error.to_string() }));
        if let Err(error) = app.audit.finish(intent, outcome, detail, now).await {
            tracing::error!(%error, "the result of a fetch could not be recorded");
        }
    }
    let read = result.as_ref().is_ok_and(|round| round.landings > 0 || round.read);
    if (changed || read) && publish::republish(app).await.is_ok() {
        announce(app, source, read);
    }
}

/// Tells who looks at it: how the source is doing, and after a reading everything that comes from it.
fn announce(app: &App, source: &Source, read: bool) {
    let mut topics = vec![Topic::Now, Topic::Sources];
    if read {
        topics.extend([Topic::Commons, Topic::Clusters, Topic::Releases, Topic::Changes, Topic::Findings]);
    }
    app.events.publish(Audience::Organization(source.organization), topics, Vec::new(), Some(source.id));
}

fn phase(failed: bool) -> &'static str {
    if failed { "failing" } else { "ready" }
}

/// Says how far it is, and tells those who look at the sources.
fn progress(app: &App, source: &Source, slot: &Slot, phase: &str, step: &str, done: u64, total: Option<u64>) {
    {
        let mut reading = locked(&slot.reading);
        phase.clone_into(&mut reading.state.phase);
        reading.state.progress = Some(Progress { step: step.to_owned(), done, total });
    }
    app.events.publish(Audience::Organization(source.organization), [Topic::Sources], Vec::new(), Some(source.id));
}
