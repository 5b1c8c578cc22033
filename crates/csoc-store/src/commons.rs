//! Commons, what is claimed about them, and claims that contradict each other.
//!
//! Who is whom is decided by `csoc_core::commons`, purely; here it is only kept. Claims of one source never
//! touch commons of another organization: a foreign source is refused by [`Write::claim_insert`] as well.

use csoc_core::access::Visible;
use csoc_core::commons::claims::Strength;
use csoc_core::{ClaimId, CommonsId, ConflictId, OrganizationId, SourceId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq)]
pub struct Commons {
    pub id: CommonsId,
    pub organization: OrganizationId,
    pub hostname: Option<String>,
    /// What people call it: the hostname, else the folder.
    pub name: String,
    /// What a person said over what the files say, in a form of the server's own.
    pub corrections: serde_json::Value,
    pub first_seen_at: Timestamp,
    pub gone_at: Option<Timestamp>,
    /// The commons that this one turned out to be.
    pub merged_into: Option<CommonsId>,
}

#[derive(Clone, Debug)]
pub struct NewCommons {
    pub organization: OrganizationId,
    pub hostname: Option<String>,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub id: ClaimId,
    pub commons: CommonsId,
    pub source: SourceId,
    pub folder: String,
    pub application: Option<String>,
    pub cluster: Option<String>,
    pub hostname: Option<String>,
    /// `None` in rows of before it was kept.
    pub strength: Option<Strength>,
    /// Made while its hostname was contested.
    pub contested: bool,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub gone_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct NewClaim {
    pub commons: CommonsId,
    pub source: SourceId,
    pub folder: String,
    pub application: Option<String>,
    pub cluster: Option<String>,
    pub hostname: Option<String>,
    pub strength: Strength,
    pub contested: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    pub id: ConflictId,
    pub organization: OrganizationId,
    pub hostname: String,
    pub detail: serde_json::Value,
    pub since_at: Timestamp,
    /// When the files stopped contradicting each other, or a person decided.
    pub ended_at: Option<Timestamp>,
    pub decision: Option<serde_json::Value>,
    pub decided_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<Commons, StoreError> {
    Ok(Commons {
        id: row.word("id")?,
        organization: row.word("organization")?,
        hostname: row.maybe_text("hostname")?,
        name: row.text("name")?,
        corrections: row.json("corrections")?,
        first_seen_at: row.time("first_seen_at")?,
        gone_at: row.maybe_time("gone_at")?,
        merged_into: row.maybe_word("merged_into")?,
    })
}

fn read_claim(row: &Row) -> Result<Claim, StoreError> {
    Ok(Claim {
        id: row.word("id")?,
        commons: row.word("commons")?,
        source: row.word("source")?,
        folder: row.text("folder")?,
        application: row.maybe_text("application")?,
        cluster: row.maybe_text("cluster")?,
        hostname: row.maybe_text("hostname")?,
        strength: row.maybe_word("strength")?,
        contested: row.bool("contested")?,
        first_seen_at: row.time("first_seen_at")?,
        last_seen_at: row.time("last_seen_at")?,
        gone_at: row.maybe_time("gone_at")?,
    })
}

fn read_conflict(row: &Row) -> Result<Conflict, StoreError> {
    Ok(Conflict {
        id: row.word("id")?,
        organization: row.word("organization")?,
        hostname: row.text("hostname")?,
        detail: row.json("detail")?,
        since_at: row.time("since_at")?,
        ended_at: row.maybe_time("ended_at")?,
        decision: row.maybe_json("decision")?,
        decided_at: row.maybe_time("decided_at")?,
    })
}

impl Store {
    /// With those that are gone; by name.
    pub async fn commons_list(&self, visible: &Visible) -> Result<Vec<Commons>, StoreError> {
        let mut query = sql("SELECT * FROM commons WHERE 1 = 1");
        query.and_visible("organization", visible).push(" ORDER BY name, id");
        self.list("commons_list", query, read).await
    }

    pub async fn commons_fetch(&self, visible: &Visible, id: CommonsId) -> Result<Option<Commons>, StoreError> {
        let mut query = sql("SELECT * FROM commons WHERE id = $1").bind(id);
        query.and_visible("organization", visible);
        self.maybe("commons_fetch", query).await?.as_ref().map(read).transpose()
    }

    /// Past and present, of one commons or of all, oldest first.
    pub async fn claim_list(&self, visible: &Visible, commons: Option<CommonsId>) -> Result<Vec<Claim>, StoreError> {
        let mut query = sql("SELECT commons_claims.* FROM commons_claims \
            JOIN commons ON commons.id = commons_claims.commons WHERE 1 = 1");
        query.and("commons_claims.commons =", commons).and_visible("commons.organization", visible);
        query.push(" ORDER BY commons_claims.first_seen_at, commons_claims.id");
        self.list("claim_list", query, read_claim).await
    }

    /// Newest first.
    pub async fn conflict_list(&self, visible: &Visible) -> Result<Vec<Conflict>, StoreError> {
        let mut query = sql("SELECT * FROM commons_conflicts WHERE 1 = 1");
        query.and_visible("organization", visible).push(" ORDER BY since_at DESC, id DESC");
        self.list("conflict_list", query, read_conflict).await
    }

    pub async fn conflict_fetch(&self, visible: &Visible, id: ConflictId) -> Result<Option<Conflict>, StoreError> {
        let mut query = sql("SELECT * FROM commons_conflicts WHERE id = $1").bind(id);
        query.and_visible("organization", visible);
        self.maybe("conflict_fetch", query).await?.as_ref().map(read_conflict).transpose()
    }
}

impl Write {
    pub async fn commons_insert(&mut self, new: &NewCommons, now: Timestamp) -> Result<CommonsId, StoreError> {
        let id = CommonsId(Uuid::now_v7());
        let query = sql("INSERT INTO commons (id, organization, hostname, name, corrections, first_seen_at) \
            VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(new.organization)
        .bind(&new.hostname)
        .bind(&new.name)
        .bind("{}")
        .bind(now);
        self.run("commons_insert", query).await?;
        Ok(id)
    }

    /// What the files call it now.
    pub async fn commons_set_names(
        &mut self,
        id: CommonsId,
        hostname: Option<&str>,
        name: &str,
    ) -> Result<(), StoreError> {
        let query = sql("UPDATE commons SET hostname = $1, name = $2 WHERE id = $3").bind(hostname).bind(name).bind(id);
        self.run_on("commons_set_names", query).await
    }

    /// `None`: it is there (again).
    pub async fn commons_set_gone(&mut self, id: CommonsId, gone_at: Option<Timestamp>) -> Result<(), StoreError> {
        let query = sql("UPDATE commons SET gone_at = $1 WHERE id = $2").bind(gone_at).bind(id);
        self.run_on("commons_set_gone", query).await
    }

    /// History tells that it was there before it was first read.
    pub async fn commons_set_first_seen(&mut self, id: CommonsId, at: Timestamp) -> Result<(), StoreError> {
        let query = sql("UPDATE commons SET first_seen_at = $1 WHERE id = $2").bind(at).bind(id);
        self.run_on("commons_set_first_seen", query).await
    }

    pub async fn commons_set_corrections(
        &mut self,
        id: CommonsId,
        corrections: &serde_json::Value,
    ) -> Result<(), StoreError> {
        let query = sql("UPDATE commons SET corrections = $1 WHERE id = $2").bind(corrections).bind(id);
        self.run_on("commons_set_corrections", query).await
    }

    /// A person decided that `id` is `into`: its claims, findings and history become those of `into`.
    pub async fn commons_merge(&mut self, id: CommonsId, into: CommonsId, now: Timestamp) -> Result<(), StoreError> {
        let same = sql("SELECT a.id FROM commons a JOIN commons b ON a.organization = b.organization \
            WHERE a.id = $1 AND b.id = $2 AND a.id <> b.id")
        .bind(id)
        .bind(into);
        if self.maybe("commons_merge: both", same).await?.is_none() {
            return Err(StoreError::NotFound { step: "commons_merge" });
        }
        let claims = sql("UPDATE commons_claims SET commons = $1 WHERE commons = $2").bind(into).bind(id);
        self.run("commons_merge: claims", claims).await?;
        let findings = sql("UPDATE findings SET commons = $1 WHERE commons = $2").bind(into).bind(id);
        self.run("commons_merge: findings", findings).await?;
        let waivers = sql("UPDATE waivers SET commons = $1 WHERE commons = $2").bind(into).bind(id);
        self.run("commons_merge: waivers", waivers).await?;
        let words = sql("INSERT INTO landing_words (landing, kind, word) \
            SELECT landing, kind, $1 FROM landing_words WHERE kind = 'commons' AND word = $2 ON CONFLICT DO NOTHING")
        .bind(into.to_string())
        .bind(id.to_string());
        self.run("commons_merge: landings", words).await?;
        let merged = sql("UPDATE commons SET merged_into = $1, gone_at = COALESCE(gone_at, $2) WHERE id = $3")
            .bind(into)
            .bind(now)
            .bind(id);
        self.run_on("commons_merge", merged).await
    }

    /// [`StoreError::NotFound`] when the source and the commons are not of one organization.
    pub async fn claim_insert(&mut self, new: &NewClaim, now: Timestamp) -> Result<ClaimId, StoreError> {
        let id = ClaimId(Uuid::now_v7());
        let query = sql("INSERT INTO commons_claims \
            (id, commons, source, folder, application, cluster, hostname, first_seen_at, last_seen_at, strength, contested) \
            SELECT $1, commons.id, sources.id, $2, $3, $4, $5, $6, $6, $7, $8 FROM commons \
            JOIN sources ON sources.organization = commons.organization WHERE commons.id = $9 AND sources.id = $10")
        .bind(id)
        .bind(&new.folder)
        .bind(&new.application)
        .bind(&new.cluster)
        .bind(&new.hostname)
        .bind(now)
        .bind(new.strength.as_str())
        .bind(new.contested)
        .bind(new.commons)
        .bind(new.source);
        self.run_on("claim_insert", query).await?;
        Ok(id)
    }

    /// The same claim, now worth more or less.
    pub async fn claim_set_strength(&mut self, id: ClaimId, strength: Strength) -> Result<(), StoreError> {
        let query = sql("UPDATE commons_claims SET strength = $1 WHERE id = $2").bind(strength.as_str()).bind(id);
        self.run_on("claim_set_strength", query).await
    }

    /// History tells that it was made before it was first read.
    pub async fn claim_set_first_seen(&mut self, id: ClaimId, at: Timestamp) -> Result<(), StoreError> {
        let query = sql("UPDATE commons_claims SET first_seen_at = $1 WHERE id = $2").bind(at).bind(id);
        self.run_on("claim_set_first_seen", query).await
    }

    /// All live claims of the source were seen again.
    pub async fn claim_seen_all(&mut self, source: SourceId, now: Timestamp) -> Result<u64, StoreError> {
        let query = sql("UPDATE commons_claims SET last_seen_at = $1 WHERE source = $2 AND gone_at IS NULL")
            .bind(now)
            .bind(source);
        self.run("claim_seen_all", query).await
    }

    /// `None`: it is made again.
    pub async fn claim_set_gone(&mut self, id: ClaimId, gone_at: Option<Timestamp>) -> Result<(), StoreError> {
        let query = sql("UPDATE commons_claims SET gone_at = $1 WHERE id = $2").bind(gone_at).bind(id);
        self.run_on("claim_set_gone", query).await
    }

    pub async fn conflict_insert(
        &mut self,
        organization: OrganizationId,
        hostname: &str,
        detail: &serde_json::Value,
        now: Timestamp,
    ) -> Result<ConflictId, StoreError> {
        let id = ConflictId(Uuid::now_v7());
        let query = sql("INSERT INTO commons_conflicts (id, organization, hostname, detail, since_at) \
            VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(organization)
        .bind(hostname)
        .bind(detail)
        .bind(now);
        self.run("conflict_insert", query).await?;
        Ok(id)
    }

    pub async fn conflict_set_detail(&mut self, id: ConflictId, detail: &serde_json::Value) -> Result<(), StoreError> {
        let query = sql("UPDATE commons_conflicts SET detail = $1 WHERE id = $2").bind(detail).bind(id);
        self.run_on("conflict_set_detail", query).await
    }

    /// The files no longer contradict each other. `None`: they do again.
    pub async fn conflict_set_ended(&mut self, id: ConflictId, ended_at: Option<Timestamp>) -> Result<(), StoreError> {
        let query = sql("UPDATE commons_conflicts SET ended_at = $1 WHERE id = $2").bind(ended_at).bind(id);
        self.run_on("conflict_set_ended", query).await
    }

    pub async fn conflict_decide(
        &mut self,
        id: ConflictId,
        decision: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sql("UPDATE commons_conflicts SET decision = $1, decided_at = $2, \
            ended_at = COALESCE(ended_at, $2) WHERE id = $3")
        .bind(decision)
        .bind(now)
        .bind(id);
        self.run_on("conflict_decide", query).await
    }
}
