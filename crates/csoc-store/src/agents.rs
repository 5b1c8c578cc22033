//! Agents: the key that belongs to each cluster, and the tokens that let a new key in.
//!
//! Story: two pods start with the same token; one of them uses it up and its key is the cluster's, in one step. When
//! the Helm command is run in the wrong cluster the join is refused, the change undone, and the token still good.

use csoc_core::ClusterId;
use csoc_core::access::Visible;
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    pub cluster: ClusterId,
    /// `sha256:` and hex.
    pub key_fingerprint: String,
    /// The uid of the `kube-system` namespace.
    pub cluster_uid: String,
    pub version: String,
    pub mode: String,
    pub joined_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct NewJoinToken {
    pub id: Uuid,
    pub cluster: ClusterId,
    /// SHA-256 of the secret.
    pub secret_hash: [u8; 32],
    /// Another Kubernetes cluster may take the place of the one that joined before.
    pub replaces: bool,
    pub expires_at: Timestamp,
}

/// An agent at the door.
#[derive(Clone, Debug)]
pub struct AgentJoin {
    pub token: Uuid,
    pub secret_hash: [u8; 32],
    pub key_fingerprint: String,
    pub cluster_uid: String,
    pub version: String,
    pub mode: String,
}

/// What came of a join. After anything but `Joined` the change is to be rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    Joined(ClusterId),
    /// No such token, or not its secret.
    Unknown,
    Used,
    Expired,
    /// The token is good, but another Kubernetes cluster had joined under this name.
    OtherCluster(ClusterId),
}

fn read(row: &Row) -> Result<Agent, StoreError> {
    Ok(Agent {
        cluster: row.word("cluster")?,
        key_fingerprint: row.text("key_fingerprint")?,
        cluster_uid: row.text("cluster_uid")?,
        version: row.text("version")?,
        mode: row.text("mode")?,
        joined_at: row.time("joined_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}

impl Store {
    /// The key that opens the link for this cluster; `None` when none has joined, or it was revoked.
    pub async fn agent_key(&self, cluster: ClusterId) -> Result<Option<String>, StoreError> {
        let query = sql("SELECT key_fingerprint FROM agents WHERE cluster = $1 AND revoked_at IS NULL").bind(cluster);
        self.maybe("agent_key", query).await?.map(|row| row.text("key_fingerprint")).transpose()
    }

    /// With the revoked ones.
    pub async fn agent_list(&self, visible: &Visible) -> Result<Vec<Agent>, StoreError> {
        let mut query = sql("SELECT agents.* FROM agents JOIN clusters ON clusters.id = agents.cluster WHERE 1 = 1");
        query.and_visible("clusters.organization", visible).push(" ORDER BY agents.cluster");
        self.list("agent_list", query, read).await
    }
}

impl Write {
    pub async fn join_token_insert(&mut self, new: &NewJoinToken, now: Timestamp) -> Result<(), StoreError> {
        let query = sql("INSERT INTO join_tokens (id, cluster, secret_hash, replaces, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(new.id.to_string())
        .bind(new.cluster)
        .bind(new.secret_hash.as_slice())
        .bind(new.replaces)
        .bind(now)
        .bind(new.expires_at);
        self.run("join_token_insert", query).await.map(drop)
    }

    /// Uses up the token and makes the key its cluster's.
    pub async fn agent_join(&mut self, join: &AgentJoin, now: Timestamp) -> Result<Joined, StoreError> {
        const STEP: &str = "agent_join";
        // The condition and the change are one statement: of two that come at once the second finds it used.
        let query = sql("UPDATE join_tokens SET used_at = $1 WHERE id = $2 AND secret_hash = $3 \
            AND used_at IS NULL AND expires_at > $4 RETURNING cluster, replaces")
        .bind(now)
        .bind(join.token.to_string())
        .bind(join.secret_hash.as_slice())
        .bind(now);
        let Some(token) = self.maybe(STEP, query).await? else { return self.why_not(join).await };
        let (cluster, replaces): (ClusterId, bool) = (token.word("cluster")?, token.bool("replaces")?);
        let before = sql("SELECT cluster_uid FROM agents WHERE cluster = $1").bind(cluster);
        let before = self.maybe(STEP, before).await?.map(|row| row.text("cluster_uid")).transpose()?;
        if !replaces && before.is_some_and(|uid| uid != join.cluster_uid) {
            return Ok(Joined::OtherCluster(cluster));
        }
        let query = sql("INSERT INTO agents (cluster, key_fingerprint, cluster_uid, version, mode, joined_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (cluster) DO UPDATE SET \
            key_fingerprint = excluded.key_fingerprint, cluster_uid = excluded.cluster_uid, \
            version = excluded.version, mode = excluded.mode, joined_at = excluded.joined_at, revoked_at = NULL")
        .bind(cluster)
        .bind(&join.key_fingerprint)
        .bind(&join.cluster_uid)
        .bind(&join.version)
        .bind(&join.mode)
        .bind(now);
        self.run(STEP, query).await?;
        Ok(Joined::Joined(cluster))
    }

    async fn why_not(&mut self, join: &AgentJoin) -> Result<Joined, StoreError> {
        let query = sql("SELECT used_at FROM join_tokens WHERE id = $1 AND secret_hash = $2")
            .bind(join.token.to_string())
            .bind(join.secret_hash.as_slice());
        let Some(row) = self.maybe("agent_join", query).await? else { return Ok(Joined::Unknown) };
        Ok(if row.maybe_time("used_at")?.is_some() { Joined::Used } else { Joined::Expired })
    }

    /// `false` when there was none to revoke. Tokens that are still open for this cluster end too: whoever revokes
    /// does not expect the same command to work a minute later.
    pub async fn agent_revoke(&mut self, cluster: ClusterId, now: Timestamp) -> Result<bool, StoreError> {
        const STEP: &str = "agent_revoke";
        let query = sql("DELETE FROM join_tokens WHERE cluster = $1 AND used_at IS NULL").bind(cluster);
        self.run(STEP, query).await?;
        let query =
            sql("UPDATE agents SET revoked_at = $1 WHERE cluster = $2 AND revoked_at IS NULL").bind(now).bind(cluster);
        Ok(self.run(STEP, query).await? > 0)
    }
}
