//! API tokens: shown once, here only as a hash. A token can narrow what its person may do, never widen it.

use std::collections::BTreeSet;

use csoc_core::access::{Permission, Role, Scope};
use csoc_core::{OrganizationId, PersonId, TokenId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Person, Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub person: PersonId,
    pub name: String,
    /// First characters, to recognize it by.
    pub prefix: String,
    /// `None`: all that its person may.
    pub permissions: Option<BTreeSet<Permission>>,
    pub organization: Option<OrganizationId>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct NewToken {
    pub person: PersonId,
    pub name: String,
    /// SHA-256 of the secret.
    pub secret_hash: Vec<u8>,
    pub prefix: String,
    pub permissions: Option<BTreeSet<Permission>>,
    pub organization: Option<OrganizationId>,
    pub expires_at: Option<Timestamp>,
}

/// Somebody recognized by a token.
#[derive(Clone, Debug)]
pub struct TokenBearer {
    pub token: Token,
    pub person: Person,
    pub roles: Vec<(Role, Scope)>,
}

fn read(row: &Row) -> Result<Token, StoreError> {
    Ok(Token {
        id: row.word("id")?,
        person: row.word("person")?,
        name: row.text("name")?,
        prefix: row.text("prefix")?,
        permissions: row.maybe_json("permissions")?,
        organization: row.maybe_word("organization")?,
        created_at: row.time("created_at")?,
        expires_at: row.maybe_time("expires_at")?,
        last_used_at: row.maybe_time("last_used_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}

impl Store {
    /// `None` when unknown, expired or revoked, or when its person is disabled or gone.
    pub async fn token_recognize(&self, secret_hash: &[u8], now: Timestamp) -> Result<Option<TokenBearer>, StoreError> {
        let query = sql("SELECT * FROM tokens WHERE secret_hash = $1 AND revoked_at IS NULL \
            AND (expires_at IS NULL OR expires_at > $2)")
        .bind(secret_hash)
        .bind(now);
        let Some(row) = self.maybe("token_recognize", query).await? else { return Ok(None) };
        let token = read(&row)?;
        match self.person_fetch(token.person).await? {
            Some(person) if !person.disabled => {
                let roles = self.roles_of(person.id).await?;
                Ok(Some(TokenBearer { token, person, roles }))
            }
            _ => Ok(None),
        }
    }

    /// Not the revoked ones, but those that expired, so that it can be seen why a script stopped; newest first.
    pub async fn token_list(&self, person: Option<PersonId>) -> Result<Vec<Token>, StoreError> {
        let mut query = sql("SELECT * FROM tokens WHERE revoked_at IS NULL");
        query.and("person =", person).push(" ORDER BY created_at DESC, id DESC");
        self.list("token_list", query, read).await
    }

    pub async fn token_fetch(&self, id: TokenId) -> Result<Option<Token>, StoreError> {
        let query = sql("SELECT * FROM tokens WHERE id = $1").bind(id);
        self.maybe("token_fetch", query).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    pub async fn token_insert(&mut self, new: &NewToken, now: Timestamp) -> Result<TokenId, StoreError> {
        let id = TokenId(Uuid::now_v7());
        let permissions = new.permissions.as_ref().map(|set| serde_json::json!(set).to_string());
        let query = sql("INSERT INTO tokens \
            (id, person, name, secret_hash, prefix, permissions, organization, created_at, expires_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(id)
        .bind(new.person)
        .bind(&new.name)
        .bind(new.secret_hash.as_slice())
        .bind(&new.prefix)
        .bind(permissions)
        .bind(new.organization)
        .bind(now)
        .bind(new.expires_at);
        self.run("token_insert", query).await?;
        Ok(id)
    }

    /// Every write reaches the disk: call it once a minute or so, not at every request.
    pub async fn token_touch(&mut self, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
        let query = sql("UPDATE tokens SET last_used_at = $1 WHERE id = $2").bind(now).bind(id);
        self.run_on("token_touch", query).await
    }

    /// `false` when it was revoked before.
    pub async fn token_revoke(&mut self, id: TokenId, now: Timestamp) -> Result<bool, StoreError> {
        let query = sql("UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL").bind(now).bind(id);
        Ok(self.run("token_revoke", query).await? > 0)
    }

    pub async fn token_revoke_all(&mut self, person: PersonId, now: Timestamp) -> Result<u64, StoreError> {
        let query =
            sql("UPDATE tokens SET revoked_at = $1 WHERE person = $2 AND revoked_at IS NULL").bind(now).bind(person);
        self.run("token_revoke_all", query).await
    }
}
