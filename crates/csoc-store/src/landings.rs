//! Changes: what each commit that landed did to which commons.
//!
//! The row holds what lists show and filter; the whole (every changed value) is one compressed JSON text
//! that is read only when somebody opens that change.
//!
//! A landing on a chart's branch belongs to the fleet whose commons follow the branch, beside the fleet's own:
//! it goes with either of the two sources. Its numbers count down from -1, so that the fleet's own stay a
//! line without gaps.

use csoc_core::access::Visible;
use csoc_core::{LandingId, SourceId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::page::Order;
use crate::sql::{Row, Sql, counts, sql};
use crate::{Page, PageRequest, Store, StoreError, Write, packed};

#[derive(Clone, Debug, PartialEq)]
pub struct Landing {
    pub id: LandingId,
    pub source: SourceId,
    pub commit: String,
    /// The source where it landed, when that is a chart's and not `source` itself.
    pub chart: Option<SourceId>,
    /// Counts from the source's first landing; below 0 in a chart's.
    pub seq: i64,
    pub time: Timestamp,
    pub author: String,
    pub title: String,
    pub pull_request: Option<i64>,
    pub class: String,
    /// What a list shows of it, in a form of the server's own.
    pub summary: serde_json::Value,
    pub undoes: Option<LandingId>,
    pub undone_by: Option<LandingId>,
}

/// A new landing's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seq {
    /// In the source's own line, from 1.
    Own(i64),
    /// Landed in this chart source; the next free number below 0, or the one it has.
    Chart(SourceId),
}

#[derive(Clone, Debug)]
pub struct NewLanding {
    pub source: SourceId,
    pub commit: String,
    pub seq: Seq,
    pub time: Timestamp,
    pub author: String,
    pub title: String,
    pub pull_request: Option<i64>,
    pub class: String,
    pub summary: serde_json::Value,
    /// JSON of everything.
    pub detail: Vec<u8>,
    /// What it is found by: `("commons", id)`, `("cluster", id)`, `("service", "fence")`, `("tag", "2026.07")`.
    pub words: Vec<(&'static str, String)>,
}

/// All that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct LandingFilter {
    /// Landed in one of these, or concerns one of these.
    pub sources: Vec<SourceId>,
    pub without_sources: Vec<SourceId>,
    /// Landed on a chart's branch, or not.
    pub chart: Option<bool>,
    /// Kind and alternatives: `("service", ["fence", "indexd"])`.
    pub words: Vec<(String, Vec<String>)>,
    pub without_words: Vec<(String, Vec<String>)>,
    pub classes: Vec<String>,
    pub without_classes: Vec<String>,
    /// Contained in the author's name.
    pub author: Option<String>,
    /// Contained in title, author or commit id.
    pub text: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Undone by a later landing, or not.
    pub undone: Option<bool>,
}

/// Words written with one statement.
const WORDS: usize = 100;

const NEWEST_FIRST: Order = Order {
    name: "-time",
    column: "landings.time",
    id: "landings.id",
    column_name: "time",
    id_name: "id",
    descending: true,
    numeric: true,
    numeric_id: false,
};

fn read(row: &Row) -> Result<Landing, StoreError> {
    Ok(Landing {
        id: row.word("id")?,
        source: row.word("source")?,
        commit: row.text("commit_id")?,
        chart: row.maybe_word("chart")?,
        seq: row.int("seq")?,
        time: row.time("time")?,
        author: row.text("author")?,
        title: row.text("title")?,
        pull_request: row.maybe_int("pull_request")?,
        class: row.text("class")?,
        summary: row.json("summary")?,
        undoes: row.maybe_word("undoes")?,
        undone_by: row.maybe_word("undone_by")?,
    })
}

/// All columns but the large one.
const LIST: &str = "SELECT landings.id, landings.source, landings.commit_id, landings.chart, landings.seq, landings.time, \
    landings.author, landings.title, landings.pull_request, landings.class, landings.summary, landings.undoes, \
    landings.undone_by FROM landings JOIN sources ON sources.id = landings.source WHERE 1 = 1";

fn filtered(start: &'static str, visible: &Visible, filter: &LandingFilter) -> Sql {
    let mut query = sql(start);
    query.and_visible("sources.organization", visible);
    if !filter.sources.is_empty() {
        query.push(" AND (1 = 1");
        query.and_in("landings.source", filter.sources.iter().copied()).push(" OR 1 = 1");
        query.and_in("landings.chart", filter.sources.iter().copied()).push(")");
    }
    for source in &filter.without_sources {
        query.and("landings.source <>", Some(*source));
        query.push(" AND (landings.chart IS NULL OR 1 = 1");
        query.and("landings.chart <>", Some(*source)).push(")");
    }
    match filter.chart {
        Some(true) => query.push(" AND landings.chart IS NOT NULL"),
        Some(false) => query.push(" AND landings.chart IS NULL"),
        None => &mut query,
    };
    query.and_in("landings.class", filter.classes.iter());
    for class in &filter.without_classes {
        query.and("landings.class <>", Some(class));
    }
    let words = filter.words.iter().map(|word| (true, word));
    for (with, (kind, any)) in words.chain(filter.without_words.iter().map(|word| (false, word))) {
        query.push(if with { " AND EXISTS" } else { " AND NOT EXISTS" });
        query.push(" (SELECT 1 FROM landing_words w WHERE w.landing = landings.id");
        query.and("w.kind =", Some(kind)).and_in("w.word", any.iter()).push(")");
    }
    query.and_contains(&["landings.author"], filter.author.as_deref());
    query.and_contains(&["landings.title", "landings.author", "landings.commit_id"], filter.text.as_deref());
    query.and("landings.time >=", filter.since).and("landings.time <", filter.until);
    match filter.undone {
        Some(true) => query.push(" AND landings.undone_by IS NOT NULL"),
        Some(false) => query.push(" AND landings.undone_by IS NULL"),
        None => &mut query,
    };
    query
}

impl Store {
    /// Newest first.
    pub async fn landing_page(
        &self,
        visible: &Visible,
        filter: &LandingFilter,
        page: &PageRequest,
    ) -> Result<Page<Landing>, StoreError> {
        self.page("landing_page", filtered(LIST, visible, filter), NEWEST_FIRST, page, read).await
    }

    pub async fn landing_count(&self, visible: &Visible, filter: &LandingFilter) -> Result<i64, StoreError> {
        const COUNT: &str =
            "SELECT COUNT(*) AS n FROM landings JOIN sources ON sources.id = landings.source WHERE 1 = 1";
        self.one("landing_count", filtered(COUNT, visible, filter)).await?.int("n")
    }

    /// How many of each class.
    pub async fn landing_count_by_class(
        &self,
        visible: &Visible,
        filter: &LandingFilter,
    ) -> Result<std::collections::BTreeMap<String, i64>, StoreError> {
        const COUNT: &str = "SELECT landings.class AS word, COUNT(*) AS n FROM landings \
            JOIN sources ON sources.id = landings.source WHERE 1 = 1";
        let mut query = filtered(COUNT, visible, filter);
        query.push(" GROUP BY landings.class");
        counts(&self.rows("landing_count_by_class", query).await?)
    }

    /// With its detail.
    pub async fn landing_fetch(
        &self,
        visible: &Visible,
        id: LandingId,
    ) -> Result<Option<(Landing, Vec<u8>)>, StoreError> {
        let mut query = sql("SELECT landings.* FROM landings JOIN sources ON sources.id = landings.source \
            WHERE landings.id = $1")
        .bind(id);
        query.and_visible("sources.organization", visible);
        let Some(row) = self.maybe("landing_fetch", query).await? else { return Ok(None) };
        Ok(Some((read(&row)?, packed::unpack(row.bytes("detail")?).await?)))
    }

    pub async fn landing_fetch_by_commit(
        &self,
        visible: &Visible,
        source: SourceId,
        commit: &str,
    ) -> Result<Option<Landing>, StoreError> {
        let mut query = sql(LIST);
        query.and_visible("sources.organization", visible);
        query.and("landings.source =", Some(source)).and("landings.commit_id =", Some(commit));
        self.maybe("landing_fetch_by_commit", query).await?.as_ref().map(read).transpose()
    }

    /// The newest of a source's own: where to read on. For the server's own use.
    pub async fn landing_last(&self, source: SourceId) -> Result<Option<Landing>, StoreError> {
        let mut query = sql(LIST);
        query.and("landings.source =", Some(source)).push(" AND landings.seq > 0 ORDER BY landings.seq DESC LIMIT 1");
        self.maybe("landing_last", query).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// One that is there already (same source and commit) keeps its id and gets the new content.
    pub async fn landing_put(&mut self, new: NewLanding) -> Result<LandingId, StoreError> {
        const STEP: &str = "landing_put";
        let (seq, chart) = match new.seq {
            Seq::Own(seq) => (seq, None),
            Seq::Chart(chart) => (self.chart_seq(new.source, &new.commit).await?, Some(chart)),
        };
        let query = sql("INSERT INTO landings \
            (id, source, commit_id, seq, time, author, title, pull_request, class, summary, detail, chart) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
            ON CONFLICT (source, commit_id) DO UPDATE SET seq = excluded.seq, time = excluded.time, \
            author = excluded.author, title = excluded.title, pull_request = excluded.pull_request, \
            class = excluded.class, summary = excluded.summary, detail = excluded.detail, \
            chart = excluded.chart RETURNING id")
        .bind(LandingId(Uuid::now_v7()))
        .bind(new.source)
        .bind(&new.commit)
        .bind(seq)
        .bind(new.time)
        .bind(&new.author)
        .bind(&new.title)
        .bind(new.pull_request)
        .bind(&new.class)
        .bind(&new.summary)
        .bind(packed::pack(new.detail).await?)
        .bind(chart);
        let id: LandingId = self.maybe(STEP, query).await?.ok_or(StoreError::NotFound { step: STEP })?.word("id")?;
        self.run("landing_put: words", sql("DELETE FROM landing_words WHERE landing = $1").bind(id)).await?;
        for words in new.words.chunks(WORDS) {
            let mut query = sql("INSERT INTO landing_words (landing, kind, word) VALUES ");
            for (at, (kind, word)) in words.iter().enumerate() {
                query.push(if at == 0 { "(" } else { ", (" }).push_bind(id);
                query.push(", ").push_bind(*kind).push(", ").push_bind(word).push(")");
            }
            query.push(" ON CONFLICT DO NOTHING");
            self.run("landing_put: words", query).await?;
        }
        Ok(id)
    }

    async fn chart_seq(&mut self, source: SourceId, commit: &str) -> Result<i64, StoreError> {
        const STEP: &str = "landing_put: number";
        let query =
            sql("SELECT COALESCE((SELECT seq FROM landings WHERE source = $1 AND commit_id = $2 AND seq < 0), \
            (SELECT MIN(seq) - 1 FROM landings WHERE source = $1 AND seq < 0), -1) AS seq")
            .bind(source)
            .bind(commit);
        self.maybe(STEP, query).await?.ok_or(StoreError::NotFound { step: STEP })?.int("seq")
    }

    /// Landings on charts' branches that are not among these commits: what once was followed and, seen from
    /// what is known now, was not.
    pub async fn landing_keep_charts(&mut self, source: SourceId, commits: &[String]) -> Result<u64, StoreError> {
        const STEP: &str = "landing_keep_charts";
        let query = sql("SELECT commit_id FROM landings WHERE source = $1 AND seq < 0").bind(source);
        let mut removed = 0;
        for row in self.rows(STEP, query).await? {
            let commit = row.text("commit_id")?;
            if !commits.contains(&commit) {
                let query = sql("DELETE FROM landings WHERE source = $1 AND commit_id = $2").bind(source).bind(&commit);
                removed += self.run(STEP, query).await?;
            }
        }
        Ok(removed)
    }

    /// `later` undoes `earlier`.
    pub async fn landing_set_undone(&mut self, earlier: LandingId, later: LandingId) -> Result<(), StoreError> {
        let query = sql("UPDATE landings SET undone_by = $1 WHERE id = $2").bind(later).bind(earlier);
        self.run_on("landing_set_undone: earlier", query).await?;
        let query = sql("UPDATE landings SET undoes = $1 WHERE id = $2").bind(earlier).bind(later);
        self.run_on("landing_set_undone: later", query).await
    }

    /// History was rewritten: those after `seq` (all with 0) are no longer on the branch.
    pub async fn landing_delete_after(&mut self, source: SourceId, seq: i64) -> Result<u64, StoreError> {
        let query = sql("DELETE FROM landings WHERE source = $1 AND seq > $2").bind(source).bind(seq);
        self.run("landing_delete_after", query).await
    }
}
