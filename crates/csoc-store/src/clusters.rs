//! Clusters that the sources declare.

use csoc_core::access::Visible;
use csoc_core::{ClusterId, OrganizationId, SourceId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    pub id: ClusterId,
    pub organization: OrganizationId,
    /// `None` after its source was removed.
    pub source: Option<SourceId>,
    /// Where it stands in its source; unique there.
    pub folder: String,
    pub name: String,
    pub corrections: serde_json::Value,
    pub first_seen_at: Timestamp,
    pub gone_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<Cluster, StoreError> {
    Ok(Cluster {
        id: row.word("id")?,
        organization: row.word("organization")?,
        source: row.maybe_word("source")?,
        folder: row.text("folder")?,
        name: row.text("name")?,
        corrections: row.json("corrections")?,
        first_seen_at: row.time("first_seen_at")?,
        gone_at: row.maybe_time("gone_at")?,
    })
}

impl Store {
    /// With those that are gone; by name.
    pub async fn cluster_list(&self, visible: &Visible) -> Result<Vec<Cluster>, StoreError> {
        let mut query = sql("SELECT * FROM clusters WHERE 1 = 1");
        query.and_visible("organization", visible).push(" ORDER BY name, id");
        self.list("cluster_list", query, read).await
    }

    pub async fn cluster_fetch(&self, visible: &Visible, id: ClusterId) -> Result<Option<Cluster>, StoreError> {
        let mut query = sql("SELECT * FROM clusters WHERE id = $1").bind(id);
        query.and_visible("organization", visible);
        self.maybe("cluster_fetch", query).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Of the source's organization. One that was gone comes back with its id.
    pub async fn cluster_put(
        &mut self,
        source: SourceId,
        folder: &str,
        name: &str,
        now: Timestamp,
    ) -> Result<ClusterId, StoreError> {
        const STEP: &str = "cluster_put";
        let query = sql("INSERT INTO clusters (id, organization, source, folder, name, corrections, first_seen_at) \
            SELECT $1, sources.organization, sources.id, $2, $3, '{}', $4 FROM sources WHERE sources.id = $5 \
            ON CONFLICT (source, folder) DO UPDATE SET name = excluded.name, gone_at = NULL RETURNING id")
        .bind(ClusterId(Uuid::now_v7()))
        .bind(folder)
        .bind(name)
        .bind(now)
        .bind(source);
        self.maybe(STEP, query).await?.ok_or(StoreError::NotFound { step: STEP })?.word("id")
    }

    pub async fn cluster_set_gone(&mut self, id: ClusterId, gone_at: Option<Timestamp>) -> Result<(), StoreError> {
        let query = sql("UPDATE clusters SET gone_at = $1 WHERE id = $2").bind(gone_at).bind(id);
        self.run_on("cluster_set_gone", query).await
    }

    pub async fn cluster_set_corrections(
        &mut self,
        id: ClusterId,
        corrections: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let query = sql("UPDATE clusters SET corrections = $1 WHERE id = $2").bind(corrections).bind(id);
        self.run_on("cluster_set_corrections", query).await
    }
}
