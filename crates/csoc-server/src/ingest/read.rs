//! One round over one source: is there something new, what is it, and what does the fleet look like now.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use csoc_core::access::Visible;
use csoc_core::commons::claims::{Claim, Known, KnownClaim, Outcome, match_claims};
use csoc_core::{ClusterId, CommonsId, LandingId};
use csoc_gen3::argo::location::Place;
use csoc_gen3::changes::{History, Landing};
use csoc_gen3::fleet::{self, Cache, FleetReading, ReadContext};
use csoc_gen3::redact::Redactor;
use csoc_gen3::releases::Book;
use csoc_gen3::rollouts;
use csoc_source::{CommitId, Repository, Start, commit, touched};
use csoc_store::{NewClaim, NewCommons, Seq, Snapshot, Source, SourceKind};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::charts::{ChartSources, ChartsThen};
use super::follow::{self, Seen};
use super::identify::{Identities, claims, last_decision, name_of};
use super::landings::{self, Named, Who};
use super::locate::{blocking, fetch, source_repository};
use super::{Slot, findings, locked, progress, publish};
use crate::app::App;
use crate::fleet_view::SourceFleet;
use crate::fleet_view::entry::{self, LastChange};
use crate::service::Fault;

/// Landings that may still be taken back: a little more than what counts as a slip.
const RECENT: SignedDuration = SignedDuration::from_hours(72);
/// Landings written in one transaction.
const BATCH: usize = 50;
/// Progress is told every so many landings.
const TELL_EVERY: usize = 20;

/// What makes the next landing cheap.
#[derive(Default)]
pub(super) struct Work {
    pub(super) cache: Cache,
    pub(super) tip: Option<CommitId>,
    pub(super) history: History,
    /// What was seen of charts.
    pub(super) charts: Seen,
    book: Book,
    pub(super) last_change: BTreeMap<CommonsId, LastChange>,
    /// Landings that are written, and the newest ones' ids.
    seq: i64,
    ids: HashMap<String, LandingId>,
    /// The snapshots were looked at.
    resumed: bool,
    /// The newest decision about a contested hostname that the fleet shows.
    decided_at: Option<Timestamp>,
}

/// What a round did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Round {
    pub landings: usize,
    /// The fleet was read anew.
    pub read: bool,
}

/// What the source's row remembers between starts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct StoredState {
    pub head: Option<String>,
    pub head_time: Option<Timestamp>,
    pub head_title: Option<String>,
    pub fetched_at: Option<Timestamp>,
    pub attempted_at: Option<Timestamp>,
    pub error: Option<String>,
    pub failing_since: Option<Timestamp>,
    pub landings: u64,
    /// Every landing up to `walked` is written.
    pub walked: Option<String>,
    /// And every landing of charts up to where this says.
    pub charts: Option<Seen>,
}

impl Work {
    /// To read everything anew; the snapshots are not looked at again.
    pub(super) fn begun() -> Self {
        Self { resumed: true, ..Self::default() }
    }

    /// Links a landing to those it takes back.
    pub(super) async fn link(
        &mut self,
        app: &App,
        source: &Source,
        write: &mut csoc_store::Write,
        step: &Step,
        id: LandingId,
    ) -> Result<(), Fault> {
        self.ids.insert(self.history.landings[step.index].commit.to_string(), id);
        for undone in &step.undone {
            let commit = self.history.landings[*undone].commit.to_string();
            let earlier = match self.ids.get(&commit) {
                Some(earlier) => Some(*earlier),
                None => {
                    let found = app.store.landing_fetch_by_commit(&Visible::All, source.id, &commit).await?;
                    found.map(|landing| landing.id)
                }
            };
            if let Some(earlier) = earlier {
                write.landing_set_undone(earlier, id).await?;
            }
        }
        Ok(())
    }
}

pub(super) async fn round(app: &App, source: &Source, slot: &Arc<Slot>) -> Result<Round, Fault> {
    if locked(&slot.reading).state.head.is_none() {
        progress(app, source, slot, "cloning", "Opening the repository", 0, None);
    }
    let fetched = fetch(app, source, slot).await?;
    let (repository, tip) = (fetched.repository.clone(), fetched.branch.tip);
    let at = repository.clone();
    let head = blocking(move || at.landing(tip).map_err(outside)).await?;
    note_head(slot, &head);
    match source.kind {
        SourceKind::Fleet => {}
        SourceKind::Chart => {
            return follow::chart_fetched(app, source, slot, repository).await.map(|()| Round::default());
        }
        SourceKind::Releases => return super::releases::read(app, source, slot, repository, &head).await,
    }
    let mut work = slot.work.lock().await;
    let sources = ChartSources::load(app, source.organization).await?;
    resume(app, source, &repository, &sources, &mut work).await?;
    if work.tip == Some(head.id) {
        return Ok(Round::default());
    }
    let charts = work.charts.charts(&sources)?;
    let job = Job { app, source, slot, repository, charts };
    match work.tip {
        None => job.begin(&mut work, &head).await,
        Some(_) => job.go_on(&mut work, &head).await,
    }
}

/// Shows the fleet as it was read last with what people have decided since about contested hostnames. Needs no
/// fetch: a decision holds at once, also while a source fails or is switched off.
pub(super) async fn take_decisions(app: &App, source: &Source, slot: &Arc<Slot>) -> Result<bool, Fault> {
    let mut work = slot.work.lock().await;
    if last_decision(&app.store, source.organization).await? == work.decided_at || source.kind != SourceKind::Fleet {
        return Ok(false);
    }
    // Not fetched yet: the first reading will know.
    let Ok(repository) = source_repository(app, &Visible::All, source.id).await else { return Ok(false) };
    let sources = ChartSources::load(app, source.organization).await?;
    resume(app, source, &repository, &sources, &mut work).await?;
    let (Some(tip), Some(reading)) = (work.tip, work.history.last().cloned()) else { return Ok(false) };
    let at = repository.clone();
    let head = blocking(move || at.landing(tip).map_err(outside)).await?;
    work.book.deployed(&reading, Some(head.committer.time));
    let mut identities = Identities::load(&app.store, source.id, source.organization).await?;
    let charts = work.charts.charts(&sources)?;
    Job { app, source, slot, repository, charts }.settle(&mut work, &mut identities, &head).await?;
    Ok(true)
}

#[expect(clippy::needless_pass_by_value, reason = "used as the function that maps errors")]
pub(super) fn outside(error: csoc_source::SourceError) -> Fault {
    Fault::Outside(error.to_string())
}

fn note_head(slot: &Slot, head: &csoc_source::Landing) {
    let state = &mut locked(&slot.reading).state;
    state.head = Some(head.id.to_string());
    state.head_time = Some(head.committer.time);
    state.head_title = Some(head.title.clone());
}

/// After a restart: the landings' course from its snapshot, so that only what is new is walked.
pub(super) async fn resume(
    app: &App,
    source: &Source,
    repository: &Repository,
    sources: &Arc<ChartSources>,
    work: &mut Work,
) -> Result<(), Fault> {
    if work.resumed {
        return Ok(());
    }
    let state: StoredState = serde_json::from_value(source.state.clone()).unwrap_or_default();
    let seen = state.charts.unwrap_or_default();
    let charts = seen.charts(sources)?;
    work.resumed = true;
    let Some(walked) = state.walked.as_deref().and_then(|id| id.parse::<CommitId>().ok()) else { return Ok(()) };
    let Some(snapshot) = app.store.snapshot_fetch(source.id, "course").await? else { return Ok(()) };
    let Ok(course) = serde_json::from_slice::<Vec<Landing>>(&snapshot.content) else { return Ok(()) };
    let Some(last) = app.store.landing_last(source.id).await? else { return Ok(()) };
    if last.commit != walked.to_string() {
        return Ok(());
    }
    let (at, place) = (repository.clone(), place(source));
    let read = blocking(move || {
        let mut cache = Cache::default();
        let tree = at.tree(walked).map_err(outside)?;
        let reading = fleet::read(&tree, &ReadContext { place, charts: Some(&*charts) }, &mut cache);
        Ok((cache, Arc::new(reading)))
    })
    .await;
    // History may have been rewritten and the old commits swept away: then everything is read anew.
    let Ok((cache, reading)) = read else { return Ok(()) };
    let view = app.fleet.view();
    if let Some(fleet) = view.fleets.get(&source.id) {
        work.last_change = fleet.commons.iter().filter_map(|one| Some((one.id, one.last_change.clone()?))).collect();
    }
    work.cache = cache;
    work.history = History::resume(course, Some(reading));
    work.seq = last.seq;
    work.charts = seen;
    work.tip = Some(walked);
    Ok(())
}

pub(super) fn place(source: &Source) -> Place {
    let mut repository_urls = vec![source.location.clone()];
    repository_urls.extend(source.aliases.iter().cloned());
    let branch = Some(source.branch.clone()).filter(|branch| !branch.is_empty());
    Place { repository_urls, branch, ..Place::default() }
}

pub(super) struct Job<'a> {
    pub app: &'a App,
    pub source: &'a Source,
    pub slot: &'a Arc<Slot>,
    pub repository: Repository,
    /// As the fleet shows them.
    pub charts: Arc<ChartsThen>,
}

/// One landing with the fleet after it.
pub(super) struct Step {
    pub reading: Arc<FleetReading>,
    /// Index in the history's landings.
    pub index: usize,
    pub undone: Vec<usize>,
}

impl Job<'_> {
    /// The first time: the fleet as it is, then how it came to be.
    pub(super) async fn begin(&self, work: &mut Work, head: &csoc_source::Landing) -> Result<Round, Fault> {
        progress(self.app, self.source, self.slot, "reading", "Reading the fleet", 0, None);
        let (repository, place, tip) = (self.repository.clone(), place(self.source), head.id);
        let charts = self.charts.clone();
        let (mut cache, reading) = blocking(move || {
            let mut cache = Cache::default();
            let tree = repository.tree(tip).map_err(outside)?;
            let reading = fleet::read(&tree, &ReadContext { place, charts: Some(&*charts) }, &mut cache);
            Ok((cache, Arc::new(reading)))
        })
        .await?;
        let mut identities = Identities::load(&self.app.store, self.source.id, self.source.organization).await?;
        let mut book = Book::default();
        book.deployed(&reading, Some(head.committer.time));
        let (rollouts, last, landings) = self.shown_before();
        self.publish(&mut identities, &reading, &book, head, &rollouts, &last, landings).await?;
        publish::republish(self.app).await?;
        self.announce();
        // The walk begins with other readings; two large fleets need not be in memory together.
        drop(reading);
        let steps = self.walk_all(head.id, &mut cache).await?;
        let new = steps.history.landings.len();
        work.cache = cache;
        self.write_history(work, steps, &mut identities).await?;
        work.tip = Some(head.id);
        self.settle(work, &mut identities, head).await?;
        Ok(Round { landings: new, read: true })
    }

    /// What is shown of the past stays until it was walked.
    fn shown_before(&self) -> (Vec<rollouts::Rollout>, BTreeMap<CommonsId, LastChange>, u64) {
        let view = self.app.fleet.view();
        let Some(fleet) = view.fleets.get(&self.source.id) else { return Default::default() };
        let last = fleet.commons.iter().filter_map(|one| Some((one.id, one.last_change.clone()?))).collect();
        (fleet.rollouts.clone(), last, fleet.landings)
    }

    /// Only what is new.
    async fn go_on(&self, work: &mut Work, head: &csoc_source::Landing) -> Result<Round, Fault> {
        let known = work.tip;
        let (repository, tip) = (self.repository.clone(), head.id);
        let found = blocking(move || repository.history(tip, known).map_err(outside)).await?;
        if let Start::Rewritten { lost, common } = &found.start {
            tracing::warn!(source = self.source.name, %lost, common = ?common.map(|id| id.to_string()), "history was rewritten; reading it anew");
            let mut write = self.app.store.write().await?;
            write.landing_delete_after(self.source.id, 0).await?;
            write.commit().await?;
            *work = Work::begun();
            return Box::pin(self.begin(work, head)).await;
        }
        let mut identities = Identities::load(&self.app.store, self.source.id, self.source.organization).await?;
        let total = found.landings.len();
        for (done, landing) in found.landings.into_iter().enumerate() {
            if done % TELL_EVERY == 0 && total > 1 {
                progress(
                    self.app,
                    self.source,
                    self.slot,
                    "reading",
                    "Reading landings",
                    done as u64,
                    Some(total as u64),
                );
            }
            self.take(work, &mut identities, landing).await?;
        }
        work.tip = Some(head.id);
        work.charts.went_on(&self.charts, work.history.last().map(|last| &**last));
        self.settle(work, &mut identities, head).await?;
        Ok(Round { landings: total, read: true })
    }

    /// One new landing: read, compared, written.
    async fn take(
        &self,
        work: &mut Work,
        identities: &mut Identities,
        landing: csoc_source::Landing,
    ) -> Result<(), Fault> {
        let (repository, place, app) = (self.repository.clone(), place(self.source), self.app.clone());
        let (mut cache, mut history) = (std::mem::take(&mut work.cache), std::mem::take(&mut work.history));
        let charts = self.charts.clone();
        let (back_cache, back_history, step) = blocking(move || {
            let step = step(&repository, &landing, (&place, &charts), &mut cache, &mut history, &app);
            Ok((cache, history, step))
        })
        .await?;
        (work.cache, work.history) = (back_cache, back_history);
        let step = step?;
        let at = work.history.landings[step.index].time;
        work.book.deployed(&step.reading, Some(at));
        let mut write = self.app.store.write().await?;
        let before = who(identities, &step.reading);
        identities.apply(&mut write, &step.reading, at).await?;
        let mut commons = before;
        commons.extend(who(identities, &step.reading));
        let clusters = self.clusters(&mut write, &step.reading, at).await?;
        work.seq += 1;
        let landing = &work.history.landings[step.index];
        let id = landings::put(
            &mut write,
            self.source.id,
            Seq::Own(work.seq),
            landing,
            &Who { commons: &commons, clusters: &clusters },
        )
        .await?;
        work.link(self.app, self.source, &mut write, &step, id).await?;
        let landing = &work.history.landings[step.index];
        landings::remember_last(&mut work.last_change, landing, &commons);
        write.commit().await?;
        Ok(())
    }

    async fn clusters(
        &self,
        write: &mut csoc_store::Write,
        reading: &FleetReading,
        at: Timestamp,
    ) -> Result<BTreeMap<String, ClusterId>, Fault> {
        let view = self.app.fleet.view();
        let known: BTreeMap<&str, ClusterId> = view
            .fleets
            .get(&self.source.id)
            .map(|fleet| fleet.clusters.iter().map(|cluster| (cluster.folder.as_str(), cluster.id)).collect())
            .unwrap_or_default();
        let mut clusters = BTreeMap::new();
        for cluster in &reading.clusters {
            let id = match known.get(&*cluster.folder) {
                Some(id) => *id,
                None => write.cluster_put(self.source.id, &cluster.folder, &cluster.folder, at).await?,
            };
            clusters.insert(cluster.folder.to_string(), id);
        }
        Ok(clusters)
    }

    /// Every landing of the branch, each compared with the one before.
    async fn walk_all(&self, tip: CommitId, cache: &mut Cache) -> Result<Walk, Fault> {
        let (repository, place, app) = (self.repository.clone(), place(self.source), self.app.clone());
        let (source, slot, sources) = (self.source.clone(), self.slot.clone(), self.charts.sources.clone());
        let mut cache_in = std::mem::take(cache);
        let (back, walk) = blocking(move || {
            let mut walk = Walk::default();
            let found = repository.history(tip, None).map_err(outside)?;
            let total = found.landings.len();
            let mut past = follow::Past::new(&sources, &place, &app, &repository);
            for (done, landing) in found.landings.iter().enumerate() {
                if slot.stop.is_cancelled() {
                    return Err(Fault::NotReady("the server is stopping".to_owned()));
                }
                if done % TELL_EVERY == 0 {
                    progress(&app, &source, &slot, "reading", "Reading history", done as u64, Some(total as u64));
                }
                past.until(Some(landing), &mut cache_in, &mut walk, &source)?;
                let charts = (&place, &*past.charts);
                let step = step(&repository, landing, charts, &mut cache_in, &mut walk.history, &app)?;
                walk.take(step, &source)?;
            }
            past.until(None, &mut cache_in, &mut walk, &source)?;
            walk.charts = Seen::after(&past.charts, walk.history.last().map(|last| &**last));
            Ok((cache_in, walk))
        })
        .await?;
        *cache = back;
        Ok(walk)
    }

    /// The whole history at once: who was who, then every landing, in batches that can be cut off.
    async fn write_history(&self, work: &mut Work, walk: Walk, identities: &mut Identities) -> Result<(), Fault> {
        let real = self.write_past(&walk, identities).await?;
        let (total, mut of_charts) = (walk.written.len(), Vec::new());
        let mut written = walk.written.into_iter().enumerate().peekable();
        let mut ids: HashMap<usize, LandingId> = HashMap::new();
        while written.peek().is_some() {
            progress(
                self.app,
                self.source,
                self.slot,
                "reading",
                "Writing history",
                ids.len() as u64,
                Some(total as u64),
            );
            let mut write = self.app.store.write().await?;
            for (at, kept) in written.by_ref().take(BATCH) {
                let landing = unpacked(&kept.landing)?;
                let named = |(folder, named): (String, Named)| {
                    real.get(&CommonsId(named.id)).map(|id| (folder, Named { id: id.0, ..named }))
                };
                let commons: BTreeMap<String, Named> = kept.commons.into_iter().filter_map(named).collect();
                let mut clusters = BTreeMap::new();
                for folder in &landing.clusters {
                    let id = write.cluster_put(self.source.id, folder, folder, landing.time).await?;
                    clusters.insert(folder.to_string(), id);
                }
                let seq = match follow::chart_of(&landing) {
                    Some(chart) => {
                        of_charts.push(landing.commit.to_string());
                        Seq::Chart(chart)
                    }
                    None => {
                        work.seq += 1;
                        Seq::Own(work.seq)
                    }
                };
                let who = Who { commons: &commons, clusters: &clusters };
                let id = landings::put(&mut write, self.source.id, seq, &landing, &who).await?;
                ids.insert(at, id);
                for undone in kept.undone {
                    if let Some(earlier) = ids.get(&undone) {
                        write.landing_set_undone(*earlier, id).await?;
                    }
                }
                landings::remember_last(&mut work.last_change, &landing, &commons);
            }
            write.commit().await?;
        }
        let mut write = self.app.store.write().await?;
        write.landing_keep_charts(self.source.id, &of_charts).await?;
        write.commit().await?;
        work.history = walk.history;
        work.charts = walk.charts;
        work.book = walk.book;
        Ok(())
    }

    /// Folder, from, until of the claims that are written down: the same past may have been walked before, by a
    /// walk that was cut off, or with other charts.
    async fn known_spans(&self) -> Result<HashSet<(String, Timestamp, Option<Timestamp>)>, Fault> {
        let claims = self.app.store.claim_list(&Visible::All, None).await?;
        let own = claims.into_iter().filter(|claim| claim.source == self.source.id);
        Ok(own.map(|claim| (claim.folder, claim.first_seen_at, claim.gone_at)).collect())
    }

    /// Which commons of ours those of the past are; those that are gone, and past claims, are written down.
    async fn write_past(
        &self,
        walk: &Walk,
        identities: &mut Identities,
    ) -> Result<HashMap<CommonsId, CommonsId>, Fault> {
        let mut real: HashMap<CommonsId, CommonsId> = HashMap::new();
        for (folder, (id, _)) in &walk.live {
            if let Some(known) = identities.folders.get(folder) {
                real.insert(*id, *known);
            }
        }
        let known = self.known_spans().await?;
        let mut write = self.app.store.write().await?;
        let mut first: BTreeMap<CommonsId, Timestamp> = BTreeMap::new();
        for (folder, (id, since)) in &walk.live {
            if let (Some(claim), Some(commons)) = (identities.live_claim(folder), real.get(id)) {
                write.claim_set_first_seen(claim, *since).await?;
                let earliest = first.entry(*commons).or_insert(*since);
                *earliest = (*earliest).min(*since);
            }
        }
        for past in &walk.past {
            if let Some(commons) = real.get(&past.commons) {
                let earliest = first.entry(*commons).or_insert(past.from);
                *earliest = (*earliest).min(past.from);
            }
        }
        for (commons, at) in first {
            write.commons_set_first_seen(commons, at).await?;
        }
        let (waiting, past): (Vec<_>, Vec<_>) = walk.past.iter().partition(|past| walk.is_provisional(past.commons));
        for past in past {
            let commons = match real.get(&past.commons) {
                Some(id) => *id,
                None => {
                    let known = identities.folders.get(&past.claim.folder).copied();
                    let id = match known {
                        Some(id) => id,
                        None => {
                            let name = past.claim.hostname.clone().unwrap_or_else(|| past.claim.folder.clone());
                            let new = NewCommons {
                                organization: self.source.organization,
                                hostname: past.claim.hostname.clone(),
                                name,
                            };
                            let id = write.commons_insert(&new, past.from).await?;
                            write.commons_set_gone(id, Some(past.until)).await?;
                            id
                        }
                    };
                    real.insert(past.commons, id);
                    id
                }
            };
            let is_known = known.contains(&(past.claim.folder.clone(), past.from, Some(past.until)));
            let elsewhere =
                identities.folders.contains_key(&past.claim.folder) && !walk.live.contains_key(&past.claim.folder);
            if is_known || elsewhere {
                continue;
            }
            let new = NewClaim {
                commons,
                source: self.source.id,
                folder: past.claim.folder.clone(),
                application: past.claim.application.clone(),
                cluster: past.claim.cluster.clone(),
                hostname: past.claim.hostname.clone(),
                strength: past.claim.strength,
                contested: false,
            };
            let id = write.claim_insert(&new, past.from).await?;
            write.claim_set_gone(id, Some(past.until)).await?;
            identities.folders.entry(past.claim.folder.clone()).or_insert(commons);
        }
        for past in waiting {
            if let Some(id) = walk.turned_out(past).and_then(|id| real.get(&id).copied()) {
                real.insert(past.commons, id);
            }
        }
        write.commit().await?;
        Ok(real)
    }

    /// The fleet after the last landing: judged, kept, shown.
    pub(super) async fn settle(
        &self,
        work: &mut Work,
        identities: &mut Identities,
        head: &csoc_source::Landing,
    ) -> Result<(), Fault> {
        let Some(reading) = work.history.last().cloned() else { return Ok(()) };
        let newest = head.committer.time;
        for landing in &mut work.history.landings {
            if landing.time < newest - RECENT {
                landings::slimmed(landing);
            }
        }
        let rollouts = rollouts::rollouts(&work.history.landings, &reading);
        let (book, last, seq) = (std::mem::take(&mut work.book), work.last_change.clone(), work.seq);
        let charts = self.charts.sources.pinned(&work.charts.positions);
        let job = Job { repository: self.repository.clone(), charts, ..*self };
        job.publish(identities, &reading, &book, head, &rollouts, &last, u64::try_from(seq).unwrap_or(0)).await?;
        work.book = book;
        let course = serde_json::to_vec(&work.history.landings)
            .map_err(|error| Fault::inner("keeping the course")(error.into()))?;
        let mut write = self.app.store.write().await?;
        write
            .snapshot_put(Snapshot {
                source: self.source.id,
                kind: "course".to_owned(),
                taken_at: self.app.now(),
                commit: head.id.to_string(),
                content: course,
            })
            .await?;
        write.commit().await?;
        work.decided_at = identities.decided_at;
        locked(&self.slot.reading).state.landings = u64::try_from(seq).unwrap_or(0);
        publish::store_walked(self.app, self.source, self.slot, &head.id.to_string(), &work.charts).await
    }

    /// Gives every folder its id, judges the files, and puts the fleet where it is shown and where a restart
    /// finds it.
    #[expect(clippy::too_many_arguments, reason = "what a fleet is made of")]
    async fn publish(
        &self,
        identities: &mut Identities,
        reading: &Arc<FleetReading>,
        book: &Book,
        head: &csoc_source::Landing,
        rollouts: &[rollouts::Rollout],
        last: &BTreeMap<CommonsId, LastChange>,
        landings: u64,
    ) -> Result<(), Fault> {
        let now = self.app.now();
        let mut write = self.app.store.write().await?;
        identities.apply(&mut write, reading, head.committer.time).await?;
        publish::conflicts(self.app, &mut write, self.source, identities, now).await?;
        let clusters = self.clusters(&mut write, reading, head.committer.time).await?;
        write.commit().await?;
        let identified = entry::Identities { commons: &identities.folders, clusters: &clusters };
        let (mut commons, clusters_read) = entry::entries(reading, book, &identified);
        for one in &mut commons {
            one.last_change = last.get(&one.id).cloned();
        }
        self.charts.describe(reading, &mut commons);
        let not_evaluated =
            findings::judge(self.app, self.source, &self.repository, head, reading, identities, &clusters).await?;
        let mut releases = entry::release_entries(book);
        if let Some(before) = self.app.fleet.view().fleets.get(&self.source.id) {
            releases = entry::merged(before.releases.iter().chain(&releases));
        }
        let fleet = SourceFleet {
            source: self.source.id,
            organization: self.source.organization,
            commit: head.id.to_string(),
            commit_time: head.committer.time,
            commit_title: head.title.clone(),
            read_at: now,
            layouts: entry::layout_rows(reading),
            unread: entry::unread_rows(reading),
            commons,
            clusters: clusters_read,
            not_evaluated,
            rollouts: rollouts.to_vec(),
            folders: identities.folders.clone(),
            landings,
            releases,
            charts: self.charts.positions(),
        };
        publish::keep(self.app, self.slot, fleet).await
    }

    fn announce(&self) {
        use crate::events::{Audience, Topic};
        let topics = [Topic::Now, Topic::Commons, Topic::Clusters, Topic::Releases, Topic::Findings, Topic::Sources];
        self.app.events.publish(
            Audience::Organization(self.source.organization),
            topics,
            Vec::new(),
            Some(self.source.id),
        );
    }
}

/// Reads the fleet after a landing and compares it with the one before. Blocks.
fn step(
    repository: &Repository,
    landing: &csoc_source::Landing,
    (place, charts): (&Place, &ChartsThen),
    cache: &mut Cache,
    history: &mut History,
    app: &App,
) -> Result<Step, Fault> {
    let tree = repository.tree(landing.id).map_err(outside)?;
    let context = ReadContext { place: place.clone(), charts: Some(charts) };
    let reading = Arc::new(fleet::read(&tree, &context, cache));
    let parent = if history.last().is_some() { landing.parents.first().copied() } else { None };
    let files = touched(repository, parent, landing.id).map_err(outside)?;
    let commit = commit(repository, landing).map_err(outside)?;
    let digest = |secret: &str| app.keys.digest(secret.as_bytes());
    let pushed = history.push(commit, files, reading.clone(), &Redactor::with_digest(&digest));
    Ok(Step { reading, index: pushed.index, undone: pushed.undone })
}

/// Who the folders of a reading are.
pub(super) fn who(identities: &Identities, reading: &FleetReading) -> BTreeMap<String, Named> {
    let named = |one: &Arc<fleet::CommonsReading>| {
        let id = identities.folders.get(&*one.folder)?;
        let tier = one.tier.value.as_str().to_owned();
        Some((one.folder.to_string(), Named { id: id.0, name: name_of(one), tier }))
    };
    reading.commons.iter().filter_map(named).collect()
}

/// A whole history in memory, small enough: landings as bytes, commons under ids of its own.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) history: History,
    charts: Seen,
    book: Book,
    written: Vec<Kept>,
    known: Vec<Known>,
    said: Vec<Claim>,
    /// The live claims: folder, commons, since when.
    live: BTreeMap<String, (CommonsId, Timestamp)>,
    names: BTreeMap<String, Named>,
    past: Vec<Past>,
    /// What was contested for a while, and which commons it turned out to be.
    absorbed: HashMap<CommonsId, CommonsId>,
    read: Option<Arc<FleetReading>>,
}

struct Kept {
    /// See [`packed`].
    landing: Vec<u8>,
    commons: BTreeMap<String, Named>,
    undone: Vec<usize>,
}

/// What the fleet runs after a landing. Time goes on, so a commons that did not change says nothing new.
fn deployed(book: &mut Book, before: Option<&FleetReading>, after: &FleetReading, at: Timestamp) {
    let known: HashSet<*const fleet::CommonsReading> =
        before.into_iter().flat_map(|before| &before.commons).map(Arc::as_ptr).collect();
    for commons in after.commons.iter().filter(|commons| !known.contains(&Arc::as_ptr(commons))) {
        book.commons(commons, Some(at));
    }
}

/// The commons that a landing speaks of.
fn named_in(names: &BTreeMap<String, Named>, landing: &Landing) -> BTreeMap<String, Named> {
    let named =
        |folder: &Arc<str>| names.get_key_value(&**folder).map(|(folder, named)| (folder.clone(), named.clone()));
    landing.commons.iter().filter_map(named).collect()
}

/// A landing as it waits to be written: thousands of them with every value before and after are hundreds of
/// megabytes of mostly the same words.
fn packed(landing: &Landing) -> Result<Vec<u8>, Fault> {
    let packed =
        serde_json::to_vec(landing).map_err(std::io::Error::from).and_then(|bytes| zstd::encode_all(&*bytes, 1));
    packed.map_err(|error| Fault::inner("keeping a landing")(error.into()))
}

fn unpacked(packed: &[u8]) -> Result<Landing, Fault> {
    let landing = zstd::decode_all(packed).and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
    landing.map_err(|error| Fault::inner("reading a landing back")(error.into()))
}

/// A claim that ended.
struct Past {
    commons: CommonsId,
    claim: Claim,
    from: Timestamp,
    until: Timestamp,
}

impl Walk {
    pub(super) fn take(&mut self, step: Step, source: &Source) -> Result<(), Fault> {
        let at = self.history.landings[step.index].time;
        deployed(&mut self.book, self.read.as_deref(), &step.reading, at);
        let mut commons = named_in(&self.names, &self.history.landings[step.index]);
        if !self.says_the_same(&step.reading) {
            self.identify(&step.reading, source, at);
        }
        self.read = Some(step.reading);
        let landing = &self.history.landings[step.index];
        commons.extend(named_in(&self.names, landing));
        self.written.push(Kept { landing: packed(landing)?, commons, undone: step.undone });
        self.slim(at);
        Ok(())
    }

    fn slim(&mut self, now: Timestamp) {
        let from = self.history.landings.len().saturating_sub(400);
        for landing in &mut self.history.landings[from..] {
            if landing.time < now - RECENT && !landing.files.is_empty() {
                landings::slimmed(landing);
            }
        }
    }

    fn says_the_same(&self, reading: &FleetReading) -> bool {
        let Some(before) = &self.read else { return false };
        let same = |a: &fleet::CommonsReading, b: &fleet::CommonsReading| {
            a.folder == b.folder
                && a.application == b.application
                && a.cluster == b.cluster
                && a.shown_hostname() == b.shown_hostname()
                && a.tier == b.tier
        };
        before.commons.len() == reading.commons.len()
            && before.commons.iter().zip(&reading.commons).all(|(a, b)| Arc::ptr_eq(a, b) || same(a, b))
    }

    fn identify(&mut self, reading: &FleetReading, source: &Source, at: Timestamp) {
        let said = claims(reading, source.id, source.organization);
        let matching =
            match_claims(source.id, source.organization, &said, &self.known, &[], || CommonsId(Uuid::now_v7()));
        let old: HashMap<String, Claim> = self.said.drain(..).map(|claim| (claim.folder.clone(), claim)).collect();
        let mut live = BTreeMap::new();
        for (claim, outcome) in said.iter().zip(&matching.outcomes) {
            let commons = outcome.commons();
            let since = match (self.live.get(&claim.folder), old.get(&claim.folder)) {
                (Some((before, since)), Some(same))
                    if (*before == commons || matching.absorbed.contains(&(*before, commons))) && same == claim =>
                {
                    *since
                }
                _ => at,
            };
            live.insert(claim.folder.clone(), (commons, since));
        }
        for (folder, (commons, from)) in &self.live {
            let kept = live.get(folder).is_some_and(|(now, since)| now == commons && since == from);
            if let (false, Some(claim)) = (kept, old.get(folder)) {
                self.past.push(Past { commons: *commons, claim: claim.clone(), from: *from, until: at });
            }
        }
        self.live = live;
        self.learn(&said, &matching.outcomes);
        for (was, is) in &matching.absorbed {
            self.absorbed.insert(*was, *is);
        }
        self.names = reading
            .commons
            .iter()
            .filter_map(|one| {
                let (id, _) = self.live.get(&*one.folder)?;
                let tier = one.tier.value.as_str().to_owned();
                Some((one.folder.to_string(), Named { id: id.0, name: name_of(one), tier }))
            })
            .collect();
        self.said = said;
    }

    /// Was it only there until somebody could know which commons it was?
    fn is_provisional(&self, commons: CommonsId) -> bool {
        self.known.iter().any(|known| known.id == commons && known.is_provisional())
    }

    /// Which commons what was contested turned out to be: the one it became, else the one that has the hostname.
    fn turned_out(&self, past: &Past) -> Option<CommonsId> {
        let has = |known: &&Known| {
            !known.is_provisional() && known.claims.iter().any(|known| known.claim.hostname == past.claim.hostname)
        };
        let holder = || self.known.iter().find(has).map(|known| known.id);
        self.absorbed.get(&past.commons).copied().or_else(holder)
    }

    fn learn(&mut self, said: &[Claim], outcomes: &[Outcome]) {
        for claim in self.known.iter_mut().flat_map(|known| &mut known.claims) {
            claim.live = false;
        }
        for (claim, outcome) in said.iter().zip(outcomes) {
            let (commons, contested) = (&outcome.commons(), outcome.is_contested());
            let at = match self.known.iter().position(|known| known.id == *commons) {
                Some(at) => at,
                None => {
                    self.known.push(Known { id: *commons, organization: claim.organization, claims: Vec::new() });
                    self.known.len() - 1
                }
            };
            let claims = &mut self.known[at].claims;
            match claims.iter_mut().find(|known| known.claim == *claim && known.contested == contested) {
                Some(known) => known.live = true,
                None => claims.push(KnownClaim { claim: claim.clone(), live: true, contested }),
            }
        }
    }
}
