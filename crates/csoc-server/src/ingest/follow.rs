//! Landings on the branches of charts, as landings of the fleets that follow them.
//!
//! Story: 26 commons follow `master` of the umbrella chart. A merge there lands tonight; nothing lands in the
//! fleet's own repository, and yet every one of the 26 is deployed anew. So it is a landing of the fleet: the
//! same commit of the fleet is read with the chart before and after, and what differs is written down.
//!
//! Where each branch stood is kept with the fleet's state, so that a restart goes on from there; writing a
//! landing twice changes nothing. When a chart source comes, goes or gets another address, what the past looks
//! like is another thing, and the fleet's history is walked anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use csoc_core::SourceId;
use csoc_core::access::Visible;
use csoc_gen3::argo::location::Place;
use csoc_gen3::changes::{Follower, History, Landing, chart_items};
use csoc_gen3::fleet::{self, Cache, CommonsReading, FleetReading, ReadContext};
use csoc_gen3::helm::compute_changed;
use csoc_gen3::redact::Redactor;
use csoc_gen3::yaml::Node;
use csoc_source::{CommitId, Repository, commit, touched};
use csoc_store::{Seq, Source};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::charts::{ChartSources, ChartsThen, Followed, Line, Position};
use super::identify::Identities;
use super::landings::{self, Who};
use super::locate::{blocking, source_repository};
use super::read::{self, Job, Step, Work, outside};
use super::{Slot, locked};
use crate::app::App;
use crate::service::Fault;

/// What a fleet has seen of charts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// The chart sources that were at hand when its history was walked, and how they were found.
    sources: BTreeMap<SourceId, String>,
    /// Those in which a chart of the fleet was found.
    used: Vec<SourceId>,
    /// Every landing up to these is written.
    pub positions: Vec<Position>,
}

impl Seen {
    /// After a walk over everything.
    pub fn after(charts: &ChartsThen, reading: Option<&FleetReading>) -> Self {
        let mut seen = Self { sources: charts.sources.identities(), used: charts.used(), positions: Vec::new() };
        seen.stand_at(charts, reading);
        seen
    }

    fn stand_at(&mut self, charts: &ChartsThen, reading: Option<&FleetReading>) {
        let followed = reading.map(|reading| followed(charts, reading)).unwrap_or_default();
        self.positions = charts.positions();
        self.positions.retain(|position| followed.contains(&position.followed));
    }

    /// Landings of the fleet were read: other branches may be followed now.
    pub fn went_on(&mut self, charts: &ChartsThen, reading: Option<&FleetReading>) {
        let used = charts.used().into_iter().filter(|id| !self.used.contains(id)).collect::<Vec<_>>();
        self.used.extend(used);
        self.stand_at(charts, reading);
    }

    /// The charts as the fleet shows them. What it was read with and cannot be opened now must not look as if
    /// it had never been there.
    pub fn charts(&self, sources: &Arc<ChartSources>) -> Result<Arc<ChartsThen>, Fault> {
        match self.used.iter().find_map(|id| sources.missing(*id)) {
            Some((name, why)) => Err(Fault::Outside(format!(
                "the charts of {name} cannot be read: {why}. The fleet is shown as it was read last"
            ))),
            None => Ok(sources.pinned(&self.positions)),
        }
    }

    /// Would the fleet's history be another one with the chart sources of now?
    fn is_outdated(&self, sources: &ChartSources, reading: &FleetReading) -> bool {
        let now = sources.identities();
        let ids: BTreeSet<SourceId> = now.keys().chain(self.sources.keys()).copied().collect();
        let names = |id: SourceId| {
            let mut charts = reading.commons.iter().filter_map(|commons| commons.chart.as_ref());
            charts.any(|chart| sources.is_named(id, &chart.repository))
        };
        let changed = ids.into_iter().filter(|id| now.get(id) != self.sources.get(id));
        changed.filter(|id| sources.missing(*id).is_none()).any(|id| self.used.contains(&id) || names(id))
    }
}

fn followed(charts: &ChartsThen, reading: &FleetReading) -> BTreeSet<Followed> {
    let charts_named = reading.commons.iter().filter_map(|commons| commons.chart.as_ref());
    charts_named.filter_map(|chart| charts.followed(chart)).collect()
}

/// A landing of a chart's repository, and the branches that came to it.
pub(super) struct Moved {
    pub commit: CommitId,
    time: Timestamp,
    by: Vec<Followed>,
}

/// The next landing on any branch that the fleet follows, until a time. Moves nothing yet.
pub(super) fn next(charts: &ChartsThen, reading: &FleetReading, until: Option<Timestamp>) -> Option<Moved> {
    let mut next: Option<Moved> = None;
    for followed in followed(charts, reading) {
        let Some((commit, time)) = next_on(charts, &followed) else { continue };
        if until.is_some_and(|until| time > until) {
            continue;
        }
        match &mut next {
            Some(found) if found.commit == commit => found.by.push(followed),
            Some(found) if found.time <= time => {}
            _ => next = Some(Moved { commit, time, by: vec![followed] }),
        }
    }
    next
}

fn next_on(charts: &ChartsThen, followed: &Followed) -> Option<(CommitId, Timestamp)> {
    let (position, tip) = (charts.position(followed)?, charts.sources.tip(followed)?);
    if position == tip {
        return None;
    }
    let line = charts.sources.line(followed.chart, tip)?;
    if let Some(mut after) = line.after(position) {
        return after.next();
    }
    // Rewritten: what both have in common was there before, the rest landed now.
    let old = charts.sources.line(followed.chart, position);
    let common = old.and_then(|old| meeting(&line, &old));
    match common.and_then(|common| line.after(common)?.next()) {
        Some(next) => Some(next),
        None => line.landings.first().copied(),
    }
}

fn meeting(line: &Line, old: &Line) -> Option<CommitId> {
    line.landings.iter().map(|(id, _)| *id).find(|id| old.holds(*id))
}

/// What the reading of a fleet at one commit needs.
pub(super) struct Fleet<'a> {
    pub repository: &'a Repository,
    pub tip: CommitId,
    pub place: &'a Place,
    pub app: &'a App,
}

/// Reads the fleet's commit with the chart after the landing and compares. Blocks.
pub(super) fn step(
    fleet: &Fleet<'_>,
    charts: &ChartsThen,
    moved: &Moved,
    cache: &mut Cache,
    history: &mut History,
) -> Result<Step, Fault> {
    let Some(first) = moved.by.first() else { return Err(Fault::NotReady("no branch moved".to_owned())) };
    let before = charts.position(first);
    for followed in &moved.by {
        charts.move_to(followed, moved.commit);
    }
    let repository = charts.sources.repository(first.chart).ok_or(Fault::NotFound { what: "chart source" })?;
    let landing = repository.landing(moved.commit).map_err(outside)?;
    let tree = fleet.repository.tree(fleet.tip).map_err(outside)?;
    let context = ReadContext { place: fleet.place.clone(), charts: Some(charts) };
    let reading = Arc::new(fleet::read(&tree, &context, cache));
    let files = touched(repository, landing.parents.first().copied(), moved.commit).map_err(outside)?;
    let digest = |secret: &str| fleet.app.keys.digest(secret.as_bytes());
    let items = {
        let pairs = pairs(charts, moved, history.last().map(|last| &**last), &reading);
        let followers: Vec<Follower<'_>> = pairs.iter().map(Pair::follower).collect();
        let id = |commit: CommitId| commit.to_string();
        let revisions = (before.map(id).unwrap_or_default(), moved.commit.to_string());
        chart_items(&followers, (&revisions.0, &revisions.1), &files, &Redactor::with_digest(&digest))
    };
    let commit = commit(repository, &landing).map_err(outside)?;
    let pushed = history.push_chart(commit, files, items, reading.clone(), first.chart.to_string().into());
    Ok(Step { reading, index: pushed.index, undone: pushed.undone })
}

/// The charts while a fleet's whole history is walked.
pub(super) struct Past<'a> {
    /// As of the landing that is read.
    pub charts: Arc<ChartsThen>,
    place: &'a Place,
    app: &'a App,
    repository: &'a Repository,
    /// The fleet's landing before, and the latest time so far: clocks go back now and then.
    before: Option<(CommitId, Timestamp)>,
}

impl<'a> Past<'a> {
    pub fn new(sources: &Arc<ChartSources>, place: &'a Place, app: &'a App, repository: &'a Repository) -> Self {
        Self { charts: sources.at(Timestamp::MIN), place, app, repository, before: None }
    }

    /// Takes every landing of the charts between the fleet's landing before and this one; without one, all.
    pub fn until(
        &mut self,
        landing: Option<&csoc_source::Landing>,
        cache: &mut Cache,
        walk: &mut read::Walk,
        source: &Source,
    ) -> Result<(), Fault> {
        let time = landing.map(|landing| landing.committer.time);
        let time = time.map(|time| self.before.map_or(time, |(_, latest)| time.max(latest)));
        if let Some((tip, _)) = self.before {
            let fleet = Fleet { repository: self.repository, tip, place: self.place, app: self.app };
            while let Some(moved) = walk.history.last().cloned().and_then(|reading| next(&self.charts, &reading, time))
            {
                let step = step(&fleet, &self.charts, &moved, cache, &mut walk.history)?;
                walk.take(step, source)?;
            }
        }
        self.charts.set_time(time);
        if let (Some(landing), Some(time)) = (landing, time) {
            self.before = Some((landing.id, time));
        }
        Ok(())
    }
}

struct Pair {
    before: Arc<CommonsReading>,
    after: Arc<CommonsReading>,
    computed: Option<(Node, Node)>,
}

impl Pair {
    fn follower(&self) -> Follower<'_> {
        Follower {
            before: &self.before,
            commons: &self.after,
            computed: self.computed.as_ref().map(|(was, is)| (was, is)),
        }
    }
}

/// The commons that follow a branch that moved, before and after.
fn pairs(charts: &ChartsThen, moved: &Moved, before: Option<&FleetReading>, after: &FleetReading) -> Vec<Pair> {
    let follows = |commons: &CommonsReading| {
        let followed = commons.chart.as_ref().and_then(|chart| charts.followed(chart));
        followed.is_some_and(|followed| moved.by.contains(&followed))
    };
    let same = |a: &CommonsReading, b: &CommonsReading| a.folder == b.folder && a.application == b.application;
    let pair = |after: &Arc<CommonsReading>| {
        let before = before?.commons.iter().find(|before| same(before, after))?.clone();
        let computed = computed(&before, after);
        Some(Pair { before, after: after.clone(), computed })
    };
    after.commons.iter().filter(|commons| follows(commons)).filter_map(pair).collect()
}

fn computed(before: &CommonsReading, after: &CommonsReading) -> Option<(Node, Node)> {
    let (was, is) = (before.charted.as_ref()?, after.charted.as_ref()?);
    if Arc::ptr_eq(was, is) {
        return None;
    }
    compute_changed(&was.chart, &is.chart, after.values.as_deref()?).ok()
}

/// Shows what landed in charts since the fleet was read. Needs no fetch: it happens also while the fleet's own
/// source fails or is switched off.
pub(super) async fn follow_charts(app: &App, source: &Source, slot: &Arc<Slot>) -> Result<bool, Fault> {
    if source.kind != csoc_store::SourceKind::Fleet {
        return Ok(false);
    }
    let mut work = slot.work.lock().await;
    // Not fetched yet: the first reading will know.
    let Ok(repository) = source_repository(app, &Visible::All, source.id).await else { return Ok(false) };
    let sources = ChartSources::load(app, source.organization).await?;
    read::resume(app, source, &repository, &sources, &mut work).await?;
    let (Some(tip), Some(reading)) = (work.tip, work.history.last().cloned()) else { return Ok(false) };
    let charts = work.charts.charts(&sources)?;
    let at = repository.clone();
    let head = blocking(move || at.landing(tip).map_err(outside)).await?;
    if work.charts.is_outdated(&sources, &reading) {
        tracing::info!(source = source.name, "the chart sources are others; the history is read with them");
        let phase = locked(&slot.reading).state.phase.clone();
        *work = Work::begun();
        let charts = sources.now();
        let begun = Job { app, source, slot, repository, charts }.begin(&mut work, &head).await;
        let state = &mut locked(&slot.reading).state;
        (state.phase, state.progress) = (phase, None);
        return begun.map(|_| true);
    }
    let job = Job { app, source, slot, repository, charts };
    let landed = job.take_charts(&mut work, &reading).await?;
    let again = landed || job.look_again(&mut work).await?;
    if again {
        let mut identities = Identities::load(&app.store, source.id, source.organization).await?;
        job.settle(&mut work, &mut identities, &head).await?;
    }
    Ok(again)
}

impl Job<'_> {
    /// Every landing on the branches since they were looked at last.
    async fn take_charts(&self, work: &mut Work, reading: &Arc<FleetReading>) -> Result<bool, Fault> {
        if next(&self.charts, reading, None).is_none() {
            return Ok(false);
        }
        let identities = Identities::load(&self.app.store, self.source.id, self.source.organization).await?;
        let mut reading = reading.clone();
        while let Some(moved) = next(&self.charts, &reading, None) {
            if self.slot.stop.is_cancelled() {
                return Err(Fault::NotReady("the server is stopping".to_owned()));
            }
            reading = self.take_chart(work, &identities, moved).await?;
            work.charts.stand_at(&self.charts, Some(&reading));
        }
        Ok(true)
    }

    async fn take_chart(
        &self,
        work: &mut Work,
        identities: &Identities,
        moved: Moved,
    ) -> Result<Arc<FleetReading>, Fault> {
        let (repository, app, place) = (self.repository.clone(), self.app.clone(), read::place(self.source));
        let Some(tip) = work.tip else { return Err(Fault::NotReady("the fleet was not read yet".to_owned())) };
        let (mut cache, mut history) = (std::mem::take(&mut work.cache), std::mem::take(&mut work.history));
        let charts = self.charts.clone();
        let (cache, history, step) = blocking(move || {
            let fleet = Fleet { repository: &repository, tip, place: &place, app: &app };
            let step = step(&fleet, &charts, &moved, &mut cache, &mut history);
            Ok((cache, history, step))
        })
        .await?;
        (work.cache, work.history) = (cache, history);
        let step = step?;
        let commons = read::who(identities, &step.reading);
        let clusters = BTreeMap::new();
        let who = Who { commons: &commons, clusters: &clusters };
        let landing = self.with_others(&work.history.landings[step.index], &step.reading).await?;
        let mut write = self.app.store.write().await?;
        let id = landings::put(&mut write, self.source.id, seq(&landing), &landing, &who).await?;
        work.link(self.app, self.source, &mut write, &step, id).await?;
        landings::remember_last(&mut work.last_change, &landing, &commons);
        write.commit().await?;
        Ok(step.reading)
    }

    /// A commit may come to a second branch later (a branch is set to where another is): what it did to those
    /// that follow the first stays in its row.
    async fn with_others(&self, landing: &Landing, reading: &FleetReading) -> Result<Landing, Fault> {
        let (store, all) = (&self.app.store, &Visible::All);
        let mut landing = landing.clone();
        let Some(known) = store.landing_fetch_by_commit(all, self.source.id, &landing.commit).await? else {
            return Ok(landing);
        };
        let Some((_, detail)) = store.landing_fetch(all, known.id).await? else { return Ok(landing) };
        let Ok(earlier) = serde_json::from_slice::<Landing>(&detail) else { return Ok(landing) };
        let is_new = |folder: &Arc<str>| landing.commons.contains(folder);
        let kept: Vec<_> = earlier.items.into_iter().filter(|i| !i.commons.as_ref().is_some_and(is_new)).collect();
        landing.items.extend(kept);
        let here = |folder: &Arc<str>| reading.commons.iter().any(|commons| commons.folder == *folder);
        landing.commons.extend(earlier.commons.into_iter().filter(here));
        landing.commons.sort();
        landing.commons.dedup();
        Ok(landing)
    }

    /// A branch is at hand that was not, or is gone: nothing landed, and yet the fleet looks different.
    async fn look_again(&self, work: &mut Work) -> Result<bool, Fault> {
        let (Some(tip), Some(reading)) = (work.tip, work.history.last().cloned()) else { return Ok(false) };
        let differs = |commons: &Arc<CommonsReading>| {
            let Some(chart) = commons.chart.as_ref() else { return false };
            let named = self.charts.sources.is_any_named(&chart.repository);
            named && commons.charted.is_some() != self.charts.commit_of(chart).is_some()
        };
        if !reading.commons.iter().any(differs) {
            return Ok(false);
        }
        let (repository, place, charts) = (self.repository.clone(), read::place(self.source), self.charts.clone());
        let mut cache = std::mem::take(&mut work.cache);
        let (cache, reading) = blocking(move || {
            let tree = repository.tree(tip).map_err(outside)?;
            let reading = fleet::read(&tree, &ReadContext { place, charts: Some(&*charts) }, &mut cache);
            Ok((cache, Arc::new(reading)))
        })
        .await?;
        work.cache = cache;
        let same = |(a, b): (&Arc<CommonsReading>, &Arc<CommonsReading>)| Arc::ptr_eq(a, b);
        let before = work.history.last().cloned().unwrap_or_default();
        if before.commons.len() == reading.commons.len() && before.commons.iter().zip(&reading.commons).all(same) {
            return Ok(false);
        }
        work.charts.stand_at(&self.charts, Some(&reading));
        work.history.look_again(reading);
        Ok(true)
    }
}

/// The number a landing is written with, when it is a chart's.
pub(super) fn chart_of(landing: &Landing) -> Option<SourceId> {
    landing.chart.as_deref().and_then(|id| id.parse().ok())
}

fn seq(landing: &Landing) -> Seq {
    chart_of(landing).map_or(Seq::Own(0), Seq::Chart)
}

/// The fleets of an organization shall look at their charts.
pub(crate) async fn nudge_fleets(app: &App, organization: csoc_core::OrganizationId) -> Result<(), Fault> {
    for source in app.store.source_list(&Visible::Only([organization].into())).await? {
        if source.kind == csoc_store::SourceKind::Fleet {
            app.ingest.nudge(source.id, None);
        }
    }
    Ok(())
}

/// A chart source was fetched: whoever follows it looks again when anything in it moved.
pub(super) async fn chart_fetched(
    app: &App,
    source: &Source,
    slot: &Slot,
    repository: Repository,
) -> Result<(), Fault> {
    let branches = blocking(move || repository.branches().map_err(outside)).await?;
    let tips: Vec<String> = branches.into_iter().map(|branch| format!("{} {}", branch.name, branch.tip)).collect();
    let now = format!("{:?} {} {tips:?}", source.aliases, source.branch);
    let before = locked(&slot.refs).replace(now.clone());
    if before.as_ref() != Some(&now) {
        nudge_fleets(app, source.organization).await?;
    }
    Ok(())
}
