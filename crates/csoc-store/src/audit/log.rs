//! One task that appends what everybody hands in, many at a time, and signs checkpoints.
//!
//! Story: sixty requests are refused at once. Each awaits [`AuditLog::append`]; the writer takes all that
//! wait, makes one chain of them in one commit, and tells each its number after the commit is on the disk.
//! When the disk is full all sixty get the error, and not one of them was told otherwise.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use csoc_core::audit::{Entry, Hash, Mark, MarkKind, Outcome, SigningKey};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::key::AuditFiles;
use crate::{Store, StoreError};

#[derive(Clone)]
pub struct AuditOptions {
    /// A checkpoint after so many rows ...
    pub checkpoint_rows: i64,
    /// ... and when there is anything new after so long.
    pub checkpoint_every: Duration,
    /// Where the time of checkpoints comes from.
    pub clock: fn() -> Timestamp,
    /// A store that has signed marks and no key file: begin a new key, rather than refuse. The old marks
    /// then need the old public key to be believed.
    pub allow_new_key: bool,
}

impl Default for AuditOptions {
    fn default() -> Self {
        Self {
            checkpoint_rows: 1000,
            checkpoint_every: Duration::from_secs(600),
            clock: Timestamp::now,
            allow_new_key: false,
        }
    }
}

/// How the record of what was done is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditStatus {
    pub last_checkpoint: Option<Mark>,
    /// Why the last checkpoint could not be made. Rows are recorded nevertheless.
    pub checkpoint_error: Option<String>,
    /// Why the last batch could not be recorded; `None` since one was.
    pub append_error: Option<String>,
}

/// An act that has begun; to be ended with [`AuditLog::finish`].
#[derive(Clone, Debug)]
#[must_use = "an act that was begun and is never finished shows as interrupted"]
pub struct Intent {
    pub seq: i64,
    entry: Entry,
}

enum Job {
    Append(Box<Entry>, oneshot::Sender<Result<i64, StoreError>>),
    Checkpoint(oneshot::Sender<Result<Option<Mark>, StoreError>>),
    Close,
}

/// Hands entries to the writer. Cheap to clone.
#[derive(Clone)]
pub struct AuditLog {
    jobs: mpsc::Sender<Job>,
    status: Arc<Mutex<AuditStatus>>,
}

/// The writer itself: somebody has to [`AuditWriter::run`] it.
pub struct AuditWriter {
    store: Store,
    files: AuditFiles,
    key: SigningKey,
    options: AuditOptions,
    jobs: mpsc::Receiver<Job>,
    status: Arc<Mutex<AuditStatus>>,
    /// The newest row that this process appended here: nobody may have changed it since.
    own: Option<(i64, Hash)>,
    checkpoint: i64,
}

const QUEUE: usize = 4096;
const BATCH: usize = 512;

fn gone() -> StoreError {
    StoreError::Audit("the writer has ended; the server is shutting down".to_owned())
}

impl AuditLog {
    /// Reads the key, or makes one where there is neither key nor mark yet.
    pub async fn open(
        store: &Store,
        files: AuditFiles,
        options: AuditOptions,
    ) -> Result<(Self, AuditWriter), StoreError> {
        let key = if files.key_exists() {
            files.load_key()?
        } else if options.allow_new_key || store.audit_mark_count().await? == 0 {
            files.create_key()?
        } else {
            return Err(StoreError::Audit(format!(
                "the record has signed checkpoints, but their key {} is not there; put it back, or begin a new one",
                files.key.display()
            )));
        };
        let (sender, jobs) = mpsc::channel(QUEUE);
        let last = store.audit_last_checkpoint().await?;
        let checkpoint = last.as_ref().map_or(-1, |mark| mark.seq);
        let status = Arc::new(Mutex::new(AuditStatus { last_checkpoint: last, ..AuditStatus::default() }));
        let writer = AuditWriter {
            store: store.clone(),
            files,
            key,
            options,
            jobs,
            status: status.clone(),
            own: None,
            checkpoint,
        };
        Ok((Self { jobs: sender, status }, writer))
    }

    /// On the disk, at the number it gives, when it returns `Ok`. Not to be awaited while holding a
    /// [`Write`](crate::Write): the writer would wait for it.
    pub async fn append(&self, entry: Entry) -> Result<i64, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::Append(Box::new(entry), answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Records that an act begins. The act begins after this has returned.
    pub async fn begin(&self, mut entry: Entry) -> Result<Intent, StoreError> {
        entry.result = Outcome::Started;
        Ok(Intent { seq: self.append(entry.clone()).await?, entry })
    }

    /// Records how it ended.
    pub async fn finish(
        &self,
        intent: Intent,
        result: Outcome,
        detail: Option<serde_json::Value>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let entry = Entry { time: now, result, intent: Some(intent.seq), detail, ..intent.entry };
        self.append(entry).await
    }

    /// Signs the newest row now. `None`: it was signed before.
    pub async fn checkpoint(&self) -> Result<Option<Mark>, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::Checkpoint(answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// The writer records what was handed in before, signs it, and ends.
    pub async fn close(&self) {
        // It may have ended already, which is what was asked for.
        let _ = self.jobs.send(Job::Close).await;
    }

    pub fn status(&self) -> AuditStatus {
        self.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl AuditWriter {
    /// Until [`AuditLog::close`], or until the last [`AuditLog`] is gone.
    pub async fn run(mut self) {
        // The first mark says that there was nothing before: without it an emptied table would look new.
        self.checkpoint_or_report().await;
        let mut timer = tokio::time::interval(self.options.checkpoint_every);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        timer.reset();
        let audited = self.store.audited.clone();
        let mut jobs = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                taken = self.jobs.recv_many(&mut jobs, BATCH) => {
                    if taken == 0 {
                        break;
                    }
                    self.work(jobs.drain(..)).await;
                }
                () = audited.notified() => self.checkpoint_if_due().await,
                _ = timer.tick() => self.checkpoint_or_report().await,
            }
        }
        self.checkpoint_or_report().await;
    }

    async fn work(&mut self, jobs: impl Iterator<Item = Job>) {
        let (mut entries, mut answers, mut checkpoints) = (Vec::new(), Vec::new(), Vec::new());
        for job in jobs {
            match job {
                Job::Append(entry, answer) => {
                    entries.push(*entry);
                    answers.push(answer);
                }
                Job::Checkpoint(answer) => checkpoints.push(answer),
                // What is in the queue is still taken; nothing more gets in.
                Job::Close => self.jobs.close(),
            }
        }
        if !entries.is_empty() {
            let appended = self.append(&entries).await.map_err(Arc::new);
            self.set_status(|status| status.append_error = appended.as_ref().err().map(ToString::to_string));
            let first = appended.as_ref().map(|last| last - entries.len() as i64 + 1);
            for (n, answer) in (0_i64..).zip(answers) {
                // Whoever no longer waits has their row nevertheless.
                let _ = answer.send(match &first {
                    Ok(first) => Ok(first + n),
                    Err(error) => Err(StoreError::Shared(Arc::clone(error))),
                });
            }
        }
        for answer in checkpoints {
            let _ = answer.send(self.sign().await);
        }
        if self.own.is_some_and(|(seq, _)| seq - self.checkpoint >= self.options.checkpoint_rows) {
            self.checkpoint_or_report().await;
        }
    }

    async fn append(&mut self, entries: &[Entry]) -> Result<i64, StoreError> {
        let mut write = self.store.write().await?;
        let last = write.audit_append_all(entries).await?;
        // Taken out, so that the commit does not ring for what we know.
        let head = write.audit_head.take();
        write.commit().await?;
        self.own = head;
        Ok(last)
    }

    async fn checkpoint_if_due(&mut self) {
        match self.store.audit_head().await {
            Ok(Some((seq, _))) if seq - self.checkpoint < self.options.checkpoint_rows => {}
            // An error shows when it tries.
            _ => self.checkpoint_or_report().await,
        }
    }

    async fn checkpoint_or_report(&mut self) {
        if let Err(error) = self.sign().await {
            tracing::error!(%error, "the audit checkpoint could not be made");
        }
    }

    async fn sign(&mut self) -> Result<Option<Mark>, StoreError> {
        let signed = self.try_sign().await;
        self.set_status(|status| {
            status.checkpoint_error = signed.as_ref().err().map(ToString::to_string);
            if let Ok(Some(mark)) = &signed {
                status.last_checkpoint = Some(mark.clone());
            }
        });
        signed
    }

    async fn try_sign(&mut self) -> Result<Option<Mark>, StoreError> {
        if let Some((seq, hash)) = self.own
            && self.store.audit_hash_of(seq).await?.is_some_and(|found| found != hash)
        {
            // Signing would vouch for what somebody put in the place of what we recorded.
            return Err(StoreError::Audit(format!("row {seq} was changed after it was recorded; nothing is signed")));
        }
        let mut write = self.store.write().await?;
        let (seq, hash) = write.audit_lock_head().await?;
        if seq <= self.checkpoint {
            write.rollback().await?;
            return Ok(None);
        }
        let mark = self.key.sign(MarkKind::Checkpoint, seq, hash, (self.options.clock)());
        write.audit_mark_insert(&mark).await?;
        write.commit().await?;
        self.checkpoint = seq;
        self.files.append_anchor(&mark)?;
        // A copy of the log that is kept elsewhere is one more witness.
        tracing::info!(seq, signature = %mark.signature, key = %mark.key, "audit checkpoint");
        Ok(Some(mark))
    }

    fn set_status(&self, change: impl FnOnce(&mut AuditStatus)) {
        change(&mut self.status.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
