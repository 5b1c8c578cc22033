//! Who owns commons and has people.

use csoc_core::OrganizationId;
use csoc_core::access::Visible;
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    pub created_at: Timestamp,
}

fn read(row: &Row) -> Result<Organization, StoreError> {
    Ok(Organization { id: row.word("id")?, name: row.text("name")?, created_at: row.time("created_at")? })
}

impl Store {
    /// By name.
    pub async fn organization_list(&self, visible: &Visible) -> Result<Vec<Organization>, StoreError> {
        let mut query = sql("SELECT * FROM organizations WHERE 1 = 1");
        query.and_visible("id", visible).push(" ORDER BY name");
        self.list("organization_list", query, read).await
    }

    pub async fn organization_fetch(
        &self,
        visible: &Visible,
        id: OrganizationId,
    ) -> Result<Option<Organization>, StoreError> {
        let mut query = sql("SELECT * FROM organizations WHERE id = $1").bind(id);
        query.and_visible("id", visible);
        self.maybe("organization_fetch", query).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    pub async fn organization_insert(&mut self, name: &str, now: Timestamp) -> Result<Organization, StoreError> {
        let made = Organization { id: OrganizationId(Uuid::now_v7()), name: name.to_owned(), created_at: now };
        let query = sql("INSERT INTO organizations (id, name, created_at) VALUES ($1, $2, $3)")
            .bind(made.id)
            .bind(&made.name)
            .bind(now);
        self.run("organization_insert", query).await?;
        Ok(made)
    }

    pub async fn organization_rename(&mut self, id: OrganizationId, name: &str) -> Result<(), StoreError> {
        let query = sql("UPDATE organizations SET name = $1 WHERE id = $2").bind(name).bind(id);
        self.run_on("organization_rename", query).await
    }

    /// Refused ([`StoreError::Reference`]) while it has sources or commons.
    pub async fn organization_delete(&mut self, id: OrganizationId) -> Result<(), StoreError> {
        self.run_on("organization_delete", sql("DELETE FROM organizations WHERE id = $1").bind(id)).await
    }
}
