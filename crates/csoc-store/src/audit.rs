//! The audit's table. What the chain is and what it proves is told in `csoc_core::audit`.
//!
//! Two ways in. A change appends its entry through its own [`Write`], so that both are there or neither.
//! What has no change to go with (a refusal, a sign-in that failed) goes through [`log::AuditLog`], which
//! gathers what arrives at the same time into one commit.
//!
//! The head of the chain is always read from the table, inside the transaction that appends and under a
//! lock, never kept in memory: two replicas cannot fork the chain.

pub(crate) mod export;
pub(crate) mod key;
pub(crate) mod log;
pub(crate) mod marks;
pub(crate) mod prune;
pub(crate) mod verify;

use csoc_core::access::Visible;
use csoc_core::audit::{Entry, GENESIS, Hash, Outcome, Record, RowFields, TEXT_COLUMNS, hash_row};
use csoc_core::{OrganizationId, PersonId};
use jiff::Timestamp;

use crate::engine::EngineKind;
use crate::page::Order;
use crate::sql::{Row, Sql, sql};
use crate::{Page, PageRequest, Store, StoreError, Write};

/// Any number that nothing else in the database uses: the lock under which the chain grows.
const CHAIN_LOCK: i64 = 0x6373_6f63_6175_6469;
/// Rows in one INSERT. Few shapes, so that each stays prepared; and not larger, because SQLite finds a
/// parameter's name by walking the list of all of them.
const ROWS_AT_ONCE: [usize; 3] = [16, 4, 1];

const INSERT: &str = "INSERT INTO audit (seq, time, actor_id, actor_name, credential_kind, credential_id, address, \
    request_id, action, object_kind, object_id, object_name, organization, result, detail, intent, hash) VALUES ";

/// All that is given must hold. Lists are alternatives.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Contained in the actor's name.
    pub actor: Option<String>,
    pub actor_id: Option<PersonId>,
    /// `source.create`, or with a star at the end: `source.*`.
    pub actions: Vec<String>,
    pub results: Vec<Outcome>,
    pub object_kinds: Vec<String>,
    pub object_id: Option<String>,
    pub organization: Option<OrganizationId>,
    /// Contained in actor, action, object's name, address or request id.
    pub text: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

const fn by_seq(name: &'static str, descending: bool) -> Order {
    Order {
        name,
        column: "seq",
        id: "seq",
        column_name: "seq",
        id_name: "seq",
        descending,
        numeric: true,
        numeric_id: true,
    }
}

const NEWEST_FIRST: Order = by_seq("-seq", true);
const OLDEST_FIRST: Order = by_seq("seq", false);

/// As stored, with nothing parsed; the hash whatever it is.
fn read_fields(row: &Row) -> Result<(RowFields, Vec<u8>), StoreError> {
    let mut texts: [Option<String>; TEXT_COLUMNS.len()] = Default::default();
    for (text, column) in texts.iter_mut().zip(TEXT_COLUMNS) {
        *text = row.maybe_text(column)?;
    }
    let fields = RowFields { seq: row.int("seq")?, time: row.int("time")?, intent: row.maybe_int("intent")?, texts };
    Ok((fields, row.bytes("hash")?))
}

fn read(row: &Row) -> Result<Record, StoreError> {
    let (fields, hash) = read_fields(row)?;
    let odd = |column: &str| StoreError::Row { column: column.to_owned(), reason: "not as written".to_owned() };
    Ok(Record {
        seq: fields.seq,
        entry: Entry::from_fields(&fields).map_err(odd)?,
        hash: hash.try_into().map_err(|_| odd("hash"))?,
    })
}

fn filtered(start: &'static str, visible: &Visible, filter: &AuditFilter) -> Sql {
    let mut query = sql(start);
    query.and_visible("organization", visible);
    query.and_contains(&["actor_name"], filter.actor.as_deref());
    query.and("actor_id =", filter.actor_id);
    if !filter.actions.is_empty() {
        query.push(" AND (1 = 0");
        for action in &filter.actions {
            match action.strip_suffix('*') {
                // Comparing the beginning, rather than LIKE, needs no escaping.
                Some(start) => {
                    let length = i64::try_from(start.chars().count()).unwrap_or(i64::MAX);
                    query.push(" OR SUBSTR(action, 1, CAST(").push_bind(length).push(" AS INTEGER)) = ");
                    query.push_bind(start)
                }
                None => query.push(" OR action = ").push_bind(action),
            };
        }
        query.push(")");
    }
    query.and_in("result", filter.results.iter().map(|r| r.as_str()));
    query.and_in("object_kind", filter.object_kinds.iter());
    query.and("object_id =", filter.object_id.as_ref()).and("organization =", filter.organization);
    let columns = ["actor_name", "action", "object_name", "address", "request_id"];
    query.and_contains(&columns, filter.text.as_deref());
    query.and("time >=", filter.since).and("time <", filter.until);
    query
}

impl Store {
    /// Newest first. Rows that belong to no organization are seen by who may see all.
    pub async fn audit_page(
        &self,
        visible: &Visible,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<Record>, StoreError> {
        let query = filtered("SELECT * FROM audit WHERE 1 = 1", visible, filter);
        self.page("audit_page", query, NEWEST_FIRST, page, read).await
    }

    pub async fn audit_count(&self, visible: &Visible, filter: &AuditFilter) -> Result<i64, StoreError> {
        let query = filtered("SELECT COUNT(*) AS n FROM audit WHERE 1 = 1", visible, filter);
        self.one("audit_count", query).await?.int("n")
    }

    pub async fn audit_fetch(&self, visible: &Visible, seq: i64) -> Result<Option<Record>, StoreError> {
        let mut query = sql("SELECT * FROM audit WHERE seq = $1").bind(seq);
        query.and_visible("organization", visible);
        self.maybe("audit_fetch", query).await?.as_ref().map(read).transpose()
    }

    /// The newest row's number and hash; `None` when there is none.
    pub(crate) async fn audit_head(&self) -> Result<Option<(i64, Hash)>, StoreError> {
        let query = sql("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
        self.maybe("audit_head", query).await?.as_ref().map(read_head).transpose()
    }

    pub(crate) async fn audit_hash_of(&self, seq: i64) -> Result<Option<Hash>, StoreError> {
        let query = sql("SELECT seq, hash FROM audit WHERE seq = $1").bind(seq);
        Ok(self.maybe("audit_hash_of", query).await?.as_ref().map(read_head).transpose()?.map(|(_, hash)| hash))
    }
}

fn read_head(row: &Row) -> Result<(i64, Hash), StoreError> {
    let hash = row.bytes("hash")?.try_into();
    let hash = hash.map_err(|_| StoreError::Row { column: "hash".to_owned(), reason: "not 32 bytes".to_owned() })?;
    Ok((row.int("seq")?, hash))
}

impl Write {
    /// Appends one entry; it counts when the change is committed. Gives its number.
    pub async fn audit_append(&mut self, entry: &Entry) -> Result<i64, StoreError> {
        self.audit_append_all(std::slice::from_ref(entry)).await
    }

    /// Appends all of them, in order, and gives the number of the last.
    pub async fn audit_append_all(&mut self, entries: &[Entry]) -> Result<i64, StoreError> {
        let (mut seq, mut hash) = self.audit_lock_head().await?;
        let mut rest = entries;
        while !rest.is_empty() {
            let size = ROWS_AT_ONCE.into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
            let (batch, after) = rest.split_at(size);
            rest = after;
            let mut query = sql(INSERT);
            for (n, entry) in batch.iter().enumerate() {
                seq += 1;
                let row = entry.fields(seq);
                hash = hash_row(&hash, &row);
                query.push(if n == 0 { "(" } else { ", (" }).push_bind(row.seq);
                query.push(", ").push_bind(row.time);
                for text in row.texts {
                    query.push(", ").push_bind(text);
                }
                query.push(", ").push_bind(row.intent).push(", ").push_bind(hash.as_slice()).push(")");
            }
            self.run("audit_append", query).await?;
        }
        self.audit_head = Some((seq, hash));
        Ok(seq)
    }

    /// Nobody else appends until this change ends.
    pub(crate) async fn audit_lock_head(&mut self) -> Result<(i64, Hash), StoreError> {
        if let Some(head) = self.audit_head {
            return Ok(head);
        }
        if self.kind() == EngineKind::Postgres {
            // SQLite's BEGIN IMMEDIATE has done it already.
            let lock = sql("SELECT pg_advisory_xact_lock($1)").bind(CHAIN_LOCK);
            self.run("audit_append: lock", lock).await?;
        }
        let newest = sql("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
        if let Some(row) = self.maybe("audit_append: head", newest).await? {
            return read_head(&row);
        }
        let cut = sql("SELECT seq, hash FROM audit_marks WHERE kind = 'prune' ORDER BY seq DESC LIMIT 1");
        let cut = self.maybe("audit_append: cut", cut).await?;
        cut.as_ref().map_or(Ok((0, GENESIS)), read_head)
    }

    /// Acts that were begun before `before` and never ended get a row that says so. At the start of the
    /// only server that is "now"; where there are replicas, long enough ago that none can still be running.
    pub async fn audit_mark_interrupted(&mut self, before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        self.audit_lock_head().await?;
        let open = sql("SELECT * FROM audit begun WHERE begun.result = 'started' AND begun.time < $1 \
            AND NOT EXISTS (SELECT 1 FROM audit ended WHERE ended.intent = begun.seq) ORDER BY begun.seq")
        .bind(before);
        let open = self.rows("audit_mark_interrupted", open).await?;
        let mut ends = Vec::with_capacity(open.len());
        for row in &open {
            let begun = read(row)?;
            ends.push(Entry {
                time: now,
                result: Outcome::Interrupted,
                intent: Some(begun.seq),
                detail: None,
                ..begun.entry
            });
        }
        if !ends.is_empty() {
            self.audit_append_all(&ends).await?;
        }
        Ok(ends.len() as u64)
    }
}
