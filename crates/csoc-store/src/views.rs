//! Saved views: a name for an address of the UI with its filters.

use csoc_core::access::Visible;
use csoc_core::{OrganizationId, PersonId, SavedViewId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: SavedViewId,
    pub person: PersonId,
    pub name: String,
    pub url: String,
    /// The organization whose people see it too.
    pub shared_with: Option<OrganizationId>,
    pub created_at: Timestamp,
}

fn read(row: &Row) -> Result<SavedView, StoreError> {
    Ok(SavedView {
        id: row.word("id")?,
        person: row.word("person")?,
        name: row.text("name")?,
        url: row.text("url")?,
        shared_with: row.maybe_word("shared_with")?,
        created_at: row.time("created_at")?,
    })
}

impl Store {
    /// The person's own, and those shared with an organization they can see; by name.
    pub async fn view_list(&self, person: PersonId, visible: &Visible) -> Result<Vec<SavedView>, StoreError> {
        let mut query = sql("SELECT * FROM saved_views WHERE (person = $1 OR (shared_with IS NOT NULL").bind(person);
        query.and_visible("shared_with", visible).push(")) ORDER BY name, id");
        self.list("view_list", query, read).await
    }
}

impl Write {
    /// Makes it, or replaces the person's view of that name.
    pub async fn view_put(
        &mut self,
        person: PersonId,
        name: &str,
        url: &str,
        shared_with: Option<OrganizationId>,
        now: Timestamp,
    ) -> Result<SavedView, StoreError> {
        let query = sql("INSERT INTO saved_views (id, person, name, url, shared_with, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (person, name) DO UPDATE SET url = excluded.url, shared_with = excluded.shared_with \
            RETURNING *")
        .bind(SavedViewId(Uuid::now_v7()))
        .bind(person)
        .bind(name)
        .bind(url)
        .bind(shared_with)
        .bind(now);
        let row = self.maybe("view_put", query).await?;
        row.as_ref().map_or(Err(StoreError::NotFound { step: "view_put" }), read)
    }

    /// Only the person who made it can remove it.
    pub async fn view_delete(&mut self, person: PersonId, id: SavedViewId) -> Result<(), StoreError> {
        let query = sql("DELETE FROM saved_views WHERE id = $1 AND person = $2").bind(id).bind(person);
        self.run_on("view_delete", query).await
    }
}
