//! Registered Git repositories. Credentials come and go encrypted; their clear text is never here.

use csoc_core::access::Visible;
use csoc_core::{OrganizationId, SourceId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(
    /// What it declares.
    SourceKind { Fleet = "fleet", Chart = "chart", Releases = "releases" }
);
words!(
    /// How it is reached.
    SourceAuth { None = "none", Token = "token", Ssh = "ssh" }
);

#[derive(Clone, Debug)]
pub struct Source {
    pub id: SourceId,
    pub organization: OrganizationId,
    pub kind: SourceKind,
    /// Unique in its organization.
    pub name: String,
    pub location: String,
    pub branch: String,
    /// Other URLs under which Applications name it.
    pub aliases: Vec<String>,
    pub auth: SourceAuth,
    pub auth_user: Option<String>,
    /// Encrypted.
    pub credential: Option<Vec<u8>>,
    /// Seconds between fetches; 0: only when asked.
    pub interval_s: u32,
    /// Encrypted.
    pub webhook_secret: Option<Vec<u8>>,
    pub created_at: Timestamp,
    pub disabled: bool,
    /// What the server knows of the last fetch, in a form of its own.
    pub state: serde_json::Value,
    pub state_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct NewSource {
    pub organization: OrganizationId,
    pub kind: SourceKind,
    pub name: String,
    pub location: String,
    pub branch: String,
    pub aliases: Vec<String>,
    pub auth: SourceAuth,
    pub auth_user: Option<String>,
    pub credential: Option<Vec<u8>>,
    pub interval_s: u32,
    pub webhook_secret: Option<Vec<u8>>,
}

/// What is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct SourceUpdate {
    pub name: Option<String>,
    pub location: Option<String>,
    pub branch: Option<String>,
    pub aliases: Option<Vec<String>>,
    /// The three belong together.
    pub auth: Option<(SourceAuth, Option<String>, Option<Vec<u8>>)>,
    pub interval_s: Option<u32>,
    pub webhook_secret: Option<Option<Vec<u8>>>,
    pub disabled: Option<bool>,
}

fn read(row: &Row) -> Result<Source, StoreError> {
    Ok(Source {
        id: row.word("id")?,
        organization: row.word("organization")?,
        kind: row.parsed("kind", SourceKind::parse)?,
        name: row.text("name")?,
        location: row.text("location")?,
        branch: row.text("branch")?,
        aliases: row.json("aliases")?,
        auth: row.parsed("auth", SourceAuth::parse)?,
        auth_user: row.maybe_text("auth_user")?,
        credential: row.maybe_bytes("credential")?,
        interval_s: row.count("interval_s")?,
        webhook_secret: row.maybe_bytes("webhook_secret")?,
        created_at: row.time("created_at")?,
        disabled: row.bool("disabled")?,
        state: row.json("state")?,
        state_at: row.maybe_time("state_at")?,
    })
}

impl Store {
    /// By name.
    pub async fn source_list(&self, visible: &Visible) -> Result<Vec<Source>, StoreError> {
        let mut query = sql("SELECT * FROM sources WHERE 1 = 1");
        query.and_visible("organization", visible).push(" ORDER BY name, id");
        self.list("source_list", query, read).await
    }

    pub async fn source_fetch(&self, visible: &Visible, id: SourceId) -> Result<Option<Source>, StoreError> {
        let mut query = sql("SELECT * FROM sources WHERE id = $1").bind(id);
        query.and_visible("organization", visible);
        self.maybe("source_fetch", query).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    pub async fn source_insert(&mut self, new: &NewSource, now: Timestamp) -> Result<SourceId, StoreError> {
        let id = SourceId(Uuid::now_v7());
        let query = sql("INSERT INTO sources (id, organization, kind, name, location, branch, aliases, auth, \
            auth_user, credential, interval_s, webhook_secret, created_at, disabled, state) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
        .bind(id)
        .bind(new.organization)
        .bind(new.kind.as_str())
        .bind(&new.name)
        .bind(&new.location)
        .bind(&new.branch)
        .bind(serde_json::json!(new.aliases).to_string())
        .bind(new.auth.as_str())
        .bind(&new.auth_user)
        .bind(new.credential.as_deref())
        .bind(new.interval_s)
        .bind(new.webhook_secret.as_deref())
        .bind(now)
        .bind(false)
        .bind("{}");
        self.run("source_insert", query).await?;
        Ok(id)
    }

    pub async fn source_update(&mut self, id: SourceId, update: &SourceUpdate) -> Result<(), StoreError> {
        let mut query = sql("UPDATE sources SET id = id");
        if let Some(name) = &update.name {
            query.push(", name = ").push_bind(name);
        }
        if let Some(location) = &update.location {
            query.push(", location = ").push_bind(location);
        }
        if let Some(branch) = &update.branch {
            query.push(", branch = ").push_bind(branch);
        }
        if let Some(aliases) = &update.aliases {
            query.push(", aliases = ").push_bind(serde_json::json!(aliases).to_string());
        }
        if let Some((auth, user, credential)) = &update.auth {
            query.push(", auth = ").push_bind(auth.as_str()).push(", auth_user = ").push_bind(user);
            query.push(", credential = ").push_bind(credential.as_deref());
        }
        if let Some(interval_s) = update.interval_s {
            query.push(", interval_s = ").push_bind(interval_s);
        }
        if let Some(secret) = &update.webhook_secret {
            query.push(", webhook_secret = ").push_bind(secret.as_deref());
        }
        if let Some(disabled) = update.disabled {
            query.push(", disabled = ").push_bind(disabled);
        }
        query.push(" WHERE id = ").push_bind(id);
        self.run_on("source_update", query).await
    }

    pub async fn source_set_state(
        &mut self,
        id: SourceId,
        state: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sql("UPDATE sources SET state = $1, state_at = $2 WHERE id = $3").bind(state).bind(now).bind(id);
        self.run_on("source_set_state", query).await
    }

    /// With its landings, claims, findings and snapshots. Commons that it declared stay, as gone.
    pub async fn source_delete(&mut self, id: SourceId) -> Result<(), StoreError> {
        self.run_on("source_delete", sql("DELETE FROM sources WHERE id = $1").bind(id)).await
    }
}
