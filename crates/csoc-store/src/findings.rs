//! Findings and their life. Which are new, gone or back is decided by `csoc_core::finding`, purely.

use std::collections::BTreeMap;

use csoc_core::access::Visible;
use csoc_core::finding::Severity;
use csoc_core::{ClusterId, CommonsId, FindingId, OrganizationId, SourceId, WaiverId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::page::Order;
use crate::sql::{Row, Sql, counts, sql};
use crate::waivers::push_active_waiver;
use crate::{Page, PageRequest, Store, StoreError, Write};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingState {
    Open,
    /// Under a waiver that has not run out.
    Waived,
    Resolved,
}

impl FindingState {
    pub fn as_str(self) -> &'static str {
        match self {
            FindingState::Open => "open",
            FindingState::Waived => "waived",
            FindingState::Resolved => "resolved",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Waived, Self::Resolved].into_iter().find(|s| s.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub id: FindingId,
    pub organization: OrganizationId,
    pub found: Found,
    pub first_seen_at: Timestamp,
    pub first_commit: String,
    pub last_seen_at: Timestamp,
    pub resolved_at: Option<Timestamp>,
    pub reopened: u32,
    /// Which landing wrote its line; `None` while that was not found out.
    pub since: Option<Since>,
    /// The waiver that holds at the moment asked for.
    pub waiver: Option<WaiverId>,
}

impl Finding {
    pub fn state(&self) -> FindingState {
        match (self.resolved_at, self.waiver) {
            (Some(_), _) => FindingState::Resolved,
            (None, Some(_)) => FindingState::Waived,
            (None, None) => FindingState::Open,
        }
    }
}

/// The landing that wrote a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    pub at: Timestamp,
    pub commit: String,
    /// Its author.
    pub by: String,
    /// The content of the file that it holds for.
    pub blob: String,
}

/// What the check said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub source: SourceId,
    pub commons: Option<CommonsId>,
    pub cluster: Option<ClusterId>,
    pub rule: String,
    pub severity: Severity,
    /// What makes it the same finding tomorrow; unique in its source.
    pub fingerprint: String,
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
    pub help: String,
}

/// All that is given must hold. Lists are alternatives; empty ones do not filter.
#[derive(Clone, Debug, Default)]
pub struct FindingFilter {
    pub states: Vec<FindingState>,
    pub severities: Vec<Severity>,
    pub rules: Vec<String>,
    pub without_rules: Vec<String>,
    /// `Some` of an empty list matches nothing: no commons has that name.
    pub commons: Option<Vec<CommonsId>>,
    pub clusters: Option<Vec<ClusterId>>,
    pub sources: Vec<SourceId>,
    /// Contained in message or path.
    pub text: Option<String>,
    pub since: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingSort {
    /// Worst first, and among equals the oldest first.
    Severity,
    NewestFirst,
    OldestFirst,
    Rule,
    /// By the commons' name; those of no commons first.
    Commons,
    Path,
}

impl FindingSort {
    fn order(self) -> Order {
        let by = |name, column, column_name, descending, numeric| Order {
            name,
            column,
            id: "findings.id",
            column_name,
            id_name: "id",
            descending,
            numeric,
            numeric_id: false,
        };
        match self {
            // Ids grow with time: descending by rank, ascending by id, in one direction of one pair.
            FindingSort::Severity => by("severity", "(4 - findings.severity)", "mildness", false, true),
            FindingSort::NewestFirst => by("-first_seen", "findings.first_seen_at", "first_seen_at", true, true),
            FindingSort::OldestFirst => by("first_seen", "findings.first_seen_at", "first_seen_at", false, true),
            FindingSort::Rule => by("rule", "findings.rule", "rule", false, false),
            FindingSort::Commons => by("commons", "COALESCE(commons.name, '')", "commons_name", false, false),
            FindingSort::Path => by("path", "findings.path", "path", false, false),
        }
    }
}

fn read_found(row: &Row) -> Result<Found, StoreError> {
    Ok(Found {
        source: row.word("source")?,
        commons: row.maybe_word("commons")?,
        cluster: row.maybe_word("cluster")?,
        rule: row.text("rule")?,
        severity: severity(row.int("severity")?)?,
        fingerprint: row.text("fingerprint")?,
        path: row.text("path")?,
        line: row.count("line")?,
        column: row.count("col")?,
        message: row.text("message")?,
        help: row.text("help")?,
    })
}

fn read(row: &Row) -> Result<Finding, StoreError> {
    Ok(Finding {
        id: row.word("id")?,
        organization: row.word("organization")?,
        found: read_found(row)?,
        first_seen_at: row.time("first_seen_at")?,
        first_commit: row.text("first_commit")?,
        last_seen_at: row.time("last_seen_at")?,
        resolved_at: row.maybe_time("resolved_at")?,
        reopened: row.count("reopened")?,
        since: read_since(row)?,
        waiver: row.maybe_word("waiver")?,
    })
}

fn read_since(row: &Row) -> Result<Option<Since>, StoreError> {
    let Some(at) = row.maybe_time("since_at")? else { return Ok(None) };
    Ok(Some(Since { at, commit: row.text("since_commit")?, by: row.text("since_by")?, blob: row.text("since_blob")? }))
}

fn severity(rank: i64) -> Result<Severity, StoreError> {
    let odd = || StoreError::Row { column: "severity".to_owned(), reason: "not a known rank".to_owned() };
    Severity::ALL.iter().copied().find(|s| *s as i64 == rank).ok_or_else(odd)
}

/// `SELECT findings, waiver FROM ... WHERE ...`, or what else is selected.
fn filtered(select: &'static str, visible: &Visible, filter: &FindingFilter, now: Timestamp) -> Sql {
    let mut query = sql(select);
    query.push(", ");
    push_active_waiver(&mut query, now);
    query.push(" AS waiver FROM findings LEFT JOIN commons ON commons.id = findings.commons WHERE 1 = 1");
    query.and_visible("findings.organization", visible);
    push_states(&mut query, &filter.states, now);
    query.and_in("findings.severity", filter.severities.iter().copied());
    query.and_in("findings.rule", filter.rules.iter());
    for rule in &filter.without_rules {
        query.and("findings.rule <>", Some(rule));
    }
    match &filter.commons {
        Some(none) if none.is_empty() => query.push(" AND 1 = 0"),
        some => query.and_in("findings.commons", some.iter().flatten().copied()),
    };
    match &filter.clusters {
        Some(none) if none.is_empty() => query.push(" AND 1 = 0"),
        some => query.and_in("findings.cluster", some.iter().flatten().copied()),
    };
    query.and_in("findings.source", filter.sources.iter().copied());
    query.and_contains(&["findings.message", "findings.path"], filter.text.as_deref());
    query.and("findings.first_seen_at >=", filter.since);
    query
}

fn push_states(query: &mut Sql, states: &[FindingState], now: Timestamp) {
    if states.is_empty() {
        return;
    }
    query.push(" AND (1 = 0");
    for state in states {
        match state {
            FindingState::Resolved => {
                query.push(" OR findings.resolved_at IS NOT NULL");
                continue;
            }
            FindingState::Open => query.push(" OR (findings.resolved_at IS NULL AND "),
            FindingState::Waived => query.push(" OR (findings.resolved_at IS NULL AND NOT "),
        };
        push_active_waiver(query, now);
        query.push(" IS NULL)");
    }
    query.push(")");
}

const ROW: &str = "SELECT findings.*, (4 - findings.severity) AS mildness, COALESCE(commons.name, '') AS commons_name";

impl Store {
    /// States are those at `now`: a waiver that has run out no longer counts.
    pub async fn finding_page(
        &self,
        visible: &Visible,
        filter: &FindingFilter,
        sort: FindingSort,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Finding>, StoreError> {
        self.page("finding_page", filtered(ROW, visible, filter, now), sort.order(), page, read).await
    }

    pub async fn finding_count(
        &self,
        visible: &Visible,
        filter: &FindingFilter,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut query = sql("SELECT COUNT(*) AS n FROM (");
        query.append(filtered("SELECT findings.id", visible, filter, now)).push(") AS found");
        self.one("finding_count", query).await?.int("n")
    }

    /// Of each rule, as many as match.
    pub async fn finding_count_by_rule(
        &self,
        visible: &Visible,
        filter: &FindingFilter,
        now: Timestamp,
    ) -> Result<BTreeMap<String, i64>, StoreError> {
        let mut query = sql("SELECT rule AS word, COUNT(*) AS n FROM (");
        query.append(filtered("SELECT findings.rule", visible, filter, now)).push(") AS found GROUP BY rule");
        counts(&self.rows("finding_count_by_rule", query).await?)
    }

    pub async fn finding_fetch(
        &self,
        visible: &Visible,
        id: FindingId,
        now: Timestamp,
    ) -> Result<Option<Finding>, StoreError> {
        let mut query = filtered(ROW, visible, &FindingFilter::default(), now);
        query.and("findings.id =", Some(id));
        self.maybe("finding_fetch", query).await?.as_ref().map(read).transpose()
    }

    /// All of a source, resolved ones too: what `csoc_core::finding` begins with.
    pub async fn finding_list_of_source(&self, source: SourceId, now: Timestamp) -> Result<Vec<Finding>, StoreError> {
        let filter = FindingFilter { sources: vec![source], ..FindingFilter::default() };
        let mut query = filtered(ROW, &Visible::All, &filter, now);
        query.push(" ORDER BY findings.id");
        self.list("finding_list_of_source", query, read).await
    }
}

impl Write {
    /// Of the source's organization.
    pub async fn finding_insert(
        &mut self,
        found: &Found,
        commit: &str,
        first_seen_at: Timestamp,
        now: Timestamp,
    ) -> Result<FindingId, StoreError> {
        let id = FindingId(Uuid::now_v7());
        let query = sql("INSERT INTO findings (id, organization, source, commons, cluster, rule, severity, \
            fingerprint, path, line, col, message, help, first_seen_at, first_commit, last_seen_at, reopened) \
            SELECT $1, sources.organization, sources.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0 \
            FROM sources WHERE sources.id = $15")
        .bind(id)
        .bind(found.commons)
        .bind(found.cluster)
        .bind(&found.rule)
        .bind(found.severity)
        .bind(&found.fingerprint)
        .bind(&found.path)
        .bind(found.line)
        .bind(found.column)
        .bind(&found.message)
        .bind(&found.help)
        .bind(first_seen_at)
        .bind(commit)
        .bind(now)
        .bind(found.source);
        self.run_on("finding_insert", query).await?;
        Ok(id)
    }

    /// It is still there, and what is said of it (its line, its message) has changed.
    pub async fn finding_update(&mut self, id: FindingId, found: &Found, now: Timestamp) -> Result<(), StoreError> {
        let query = sql("UPDATE findings SET commons = $1, cluster = $2, severity = $3, path = $4, line = $5, \
            col = $6, message = $7, help = $8, last_seen_at = $9 WHERE id = $10")
        .bind(found.commons)
        .bind(found.cluster)
        .bind(found.severity)
        .bind(&found.path)
        .bind(found.line)
        .bind(found.column)
        .bind(&found.message)
        .bind(&found.help)
        .bind(now)
        .bind(id);
        self.run_on("finding_update", query).await
    }

    /// Which landing wrote its line.
    pub async fn finding_set_since(&mut self, id: FindingId, since: &Since) -> Result<(), StoreError> {
        let query = sql("UPDATE findings SET since_at = $1, since_commit = $2, since_by = $3, since_blob = $4 \
            WHERE id = $5")
        .bind(since.at)
        .bind(&since.commit)
        .bind(&since.by)
        .bind(&since.blob)
        .bind(id);
        self.run_on("finding_set_since", query).await
    }

    /// The same finding under another name: its commons has moved, or has an id now. No other finding of the source
    /// may have the name.
    pub async fn finding_rename(&mut self, id: FindingId, fingerprint: &str) -> Result<(), StoreError> {
        let query = sql("UPDATE findings SET fingerprint = $1 WHERE id = $2").bind(fingerprint).bind(id);
        self.run_on("finding_rename", query).await
    }

    /// Everything of the source that is not resolved was seen again.
    pub async fn finding_seen_all(&mut self, source: SourceId, now: Timestamp) -> Result<u64, StoreError> {
        let query = sql("UPDATE findings SET last_seen_at = $1 WHERE source = $2 AND resolved_at IS NULL")
            .bind(now)
            .bind(source);
        self.run("finding_seen_all", query).await
    }

    pub async fn finding_resolve(&mut self, id: FindingId, now: Timestamp) -> Result<(), StoreError> {
        let query =
            sql("UPDATE findings SET resolved_at = $1 WHERE id = $2 AND resolved_at IS NULL").bind(now).bind(id);
        self.run_on("finding_resolve", query).await
    }

    pub async fn finding_reopen(&mut self, id: FindingId, now: Timestamp) -> Result<(), StoreError> {
        let query = sql("UPDATE findings SET resolved_at = NULL, reopened = reopened + 1, last_seen_at = $1 \
            WHERE id = $2 AND resolved_at IS NOT NULL")
        .bind(now)
        .bind(id);
        self.run_on("finding_reopen", query).await
    }
}
