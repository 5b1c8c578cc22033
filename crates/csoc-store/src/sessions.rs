//! Signed-in browsers. Only a hash of the cookie's secret is here.

use csoc_core::access::{Role, Scope};
use csoc_core::{PersonId, SessionId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Person, Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub person: PersonId,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub user_agent: String,
    pub address: String,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct NewSession {
    pub person: PersonId,
    /// SHA-256 of the secret.
    pub secret_hash: Vec<u8>,
    pub expires_at: Timestamp,
    pub user_agent: String,
    pub address: String,
}

/// Somebody recognized by their session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: Session,
    pub person: Person,
    pub roles: Vec<(Role, Scope)>,
}

fn read(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.word("id")?,
        person: row.word("person")?,
        created_at: row.time("created_at")?,
        last_seen_at: row.time("last_seen_at")?,
        expires_at: row.time("expires_at")?,
        user_agent: row.text("user_agent")?,
        address: row.text("address")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}

impl Store {
    /// `None` when unknown, expired or revoked, or when its person is disabled or gone.
    pub async fn session_recognize(&self, secret_hash: &[u8], now: Timestamp) -> Result<Option<SignedIn>, StoreError> {
        let query = sql("SELECT * FROM sessions WHERE secret_hash = $1 AND revoked_at IS NULL AND expires_at > $2")
            .bind(secret_hash)
            .bind(now);
        let Some(row) = self.maybe("session_recognize", query).await? else { return Ok(None) };
        let session = read(&row)?;
        match self.person_fetch(session.person).await? {
            Some(person) if !person.disabled => {
                let roles = self.roles_of(person.id).await?;
                Ok(Some(SignedIn { session, person, roles }))
            }
            _ => Ok(None),
        }
    }

    /// Those that still count, newest use first; of one person or of all.
    pub async fn session_list(&self, person: Option<PersonId>, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let mut query = sql("SELECT * FROM sessions WHERE revoked_at IS NULL AND expires_at > $1").bind(now);
        query.and("person =", person).push(" ORDER BY last_seen_at DESC, id DESC");
        self.list("session_list", query, read).await
    }

    pub async fn session_fetch(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let query = sql("SELECT * FROM sessions WHERE id = $1").bind(id);
        self.maybe("session_fetch", query).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    pub async fn session_insert(&mut self, new: &NewSession, now: Timestamp) -> Result<SessionId, StoreError> {
        let id = SessionId(Uuid::now_v7());
        let query = sql("INSERT INTO sessions \
            (id, person, secret_hash, created_at, last_seen_at, expires_at, user_agent, address) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(id)
        .bind(new.person)
        .bind(new.secret_hash.as_slice())
        .bind(now)
        .bind(now)
        .bind(new.expires_at)
        .bind(&new.user_agent)
        .bind(&new.address);
        self.run("session_insert", query).await?;
        Ok(id)
    }

    /// Every write reaches the disk: call it once a minute or so, not at every request.
    pub async fn session_touch(&mut self, id: SessionId, address: &str, now: Timestamp) -> Result<(), StoreError> {
        let query =
            sql("UPDATE sessions SET last_seen_at = $1, address = $2 WHERE id = $3").bind(now).bind(address).bind(id);
        self.run_on("session_touch", query).await
    }

    /// `false` when it was revoked before.
    pub async fn session_revoke(&mut self, id: SessionId, now: Timestamp) -> Result<bool, StoreError> {
        let query = sql("UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL").bind(now).bind(id);
        Ok(self.run("session_revoke", query).await? > 0)
    }

    /// All of a person's, except perhaps the one that asks.
    pub async fn session_revoke_all(
        &mut self,
        person: PersonId,
        except: Option<SessionId>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut query =
            sql("UPDATE sessions SET revoked_at = $1 WHERE person = $2 AND revoked_at IS NULL").bind(now).bind(person);
        query.and("id <>", except);
        self.run("session_revoke_all", query).await
    }

    /// Removes those that ended before `before`.
    pub async fn session_sweep(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let query = sql("DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1").bind(before);
        self.run("session_sweep", query).await
    }
}
