//! People who sign in. Who they are is the installation's matter; what they may do is in `bindings.rs`.

use csoc_core::PersonId;
use csoc_core::access::Visible;
use csoc_core::secret::Secret;
use jiff::Timestamp;
use uuid::Uuid;

use crate::page::Order;
use crate::sql::{Row, Sql, sql};
use crate::{Page, PageRequest, Store, StoreError, Write};

#[derive(Clone, Debug)]
pub struct Person {
    pub id: PersonId,
    /// As it was given; unique without regard to case.
    pub name: String,
    pub display_name: String,
    /// A PHC string. `None`: cannot sign in with a password.
    pub password_hash: Option<Secret>,
    pub disabled: bool,
    /// Must choose a new password at the next sign-in.
    pub must_change: bool,
    pub created_at: Timestamp,
    pub last_sign_in_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct NewPerson {
    pub name: String,
    pub display_name: String,
    pub password_hash: Option<Secret>,
    pub must_change: bool,
}

#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    /// Contained in the name or the display name.
    pub text: Option<String>,
    pub disabled: Option<bool>,
}

const BY_NAME: Order = Order {
    name: "name",
    column: "name_key",
    id: "id",
    column_name: "name_key",
    id_name: "id",
    descending: false,
    numeric: false,
    numeric_id: false,
};

pub(crate) fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

pub(crate) fn read(row: &Row) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.word("id")?,
        name: row.text("name")?,
        display_name: row.text("display_name")?,
        password_hash: row.maybe_text("password_hash")?.map(Secret::new),
        disabled: row.bool("disabled")?,
        must_change: row.bool("must_change")?,
        created_at: row.time("created_at")?,
        last_sign_in_at: row.maybe_time("last_sign_in_at")?,
    })
}

/// Those who hold a role in one of the organizations; all of them for who may see all.
fn visible_people(start: &'static str, visible: &Visible, filter: &PeopleFilter) -> Sql {
    let mut query = sql(start);
    if *visible != Visible::All {
        query.push(" AND id IN (SELECT person FROM bindings WHERE 1 = 1");
        query.and_visible("organization", visible).push(")");
    }
    query.and_contains(&["name", "display_name"], filter.text.as_deref());
    query.and("disabled =", filter.disabled);
    query
}

impl Store {
    pub async fn person_fetch(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let query = sql("SELECT * FROM people WHERE id = $1").bind(id);
        self.maybe("person_fetch", query).await?.as_ref().map(read).transpose()
    }

    pub async fn person_fetch_by_name(&self, name: &str) -> Result<Option<Person>, StoreError> {
        let query = sql("SELECT * FROM people WHERE name_key = $1").bind(name_key(name));
        self.maybe("person_fetch_by_name", query).await?.as_ref().map(read).transpose()
    }

    /// By name.
    pub async fn person_page(
        &self,
        visible: &Visible,
        filter: &PeopleFilter,
        page: &PageRequest,
    ) -> Result<Page<Person>, StoreError> {
        let query = visible_people("SELECT * FROM people WHERE 1 = 1", visible, filter);
        self.page("person_page", query, BY_NAME, page, read).await
    }

    pub async fn person_count(&self, visible: &Visible, filter: &PeopleFilter) -> Result<i64, StoreError> {
        let query = visible_people("SELECT COUNT(*) AS n FROM people WHERE 1 = 1", visible, filter);
        self.one("person_count", query).await?.int("n")
    }
}

impl Write {
    /// [`StoreError::Exists`] when the name is taken, in whatever case.
    pub async fn person_insert(&mut self, new: &NewPerson, now: Timestamp) -> Result<PersonId, StoreError> {
        let id = PersonId(Uuid::now_v7());
        let query = sql("INSERT INTO people \
            (id, name, name_key, display_name, password_hash, disabled, must_change, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(id)
        .bind(new.name.trim())
        .bind(name_key(&new.name))
        .bind(&new.display_name)
        .bind(new.password_hash.as_ref().map(Secret::expose))
        .bind(false)
        .bind(new.must_change)
        .bind(now);
        self.run("person_insert", query).await?;
        Ok(id)
    }

    pub async fn person_set_display_name(&mut self, id: PersonId, display_name: &str) -> Result<(), StoreError> {
        let query = sql("UPDATE people SET display_name = $1 WHERE id = $2").bind(display_name).bind(id);
        self.run_on("person_set_display_name", query).await
    }

    pub async fn person_set_password(
        &mut self,
        id: PersonId,
        password_hash: &Secret,
        must_change: bool,
    ) -> Result<(), StoreError> {
        let query = sql("UPDATE people SET password_hash = $1, must_change = $2 WHERE id = $3")
            .bind(password_hash.expose())
            .bind(must_change)
            .bind(id);
        self.run_on("person_set_password", query).await
    }

    /// Revoking their sessions and tokens is a second call, in the same change.
    pub async fn person_set_disabled(&mut self, id: PersonId, disabled: bool) -> Result<(), StoreError> {
        let query = sql("UPDATE people SET disabled = $1 WHERE id = $2").bind(disabled).bind(id);
        self.run_on("person_set_disabled", query).await
    }

    pub async fn person_signed_in(&mut self, id: PersonId, now: Timestamp) -> Result<(), StoreError> {
        let query = sql("UPDATE people SET last_sign_in_at = $1 WHERE id = $2").bind(now).bind(id);
        self.run_on("person_signed_in", query).await
    }

    /// With roles, sessions, tokens and saved views. What they did stays in the audit, with their name.
    pub async fn person_delete(&mut self, id: PersonId) -> Result<(), StoreError> {
        self.run_on("person_delete", sql("DELETE FROM people WHERE id = $1").bind(id)).await
    }

    /// Enabled people who hold `admin` for the whole installation. Asked inside the change that would
    /// remove one, so that two such changes cannot both leave one behind.
    pub async fn person_count_administrators(&mut self) -> Result<i64, StoreError> {
        if self.kind() == crate::EngineKind::Postgres {
            // SQLite has one writer anyway.
            self.run("person_count_administrators", sql("LOCK TABLE bindings IN SHARE ROW EXCLUSIVE MODE")).await?;
        }
        let query = sql("SELECT COUNT(DISTINCT people.id) AS n FROM people \
            JOIN bindings ON bindings.person = people.id \
            WHERE people.disabled = $1 AND bindings.role = $2 AND bindings.organization IS NULL")
        .bind(false)
        .bind("admin");
        self.maybe("person_count_administrators", query).await?.map_or(Ok(0), |row| row.int("n"))
    }
}
