//! Which role a person holds where.

use csoc_core::access::{Role, Scope, Visible};
use csoc_core::{BindingId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, sql};
use crate::{Store, StoreError, Write};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub id: BindingId,
    pub person: PersonId,
    pub role: Role,
    pub scope: Scope,
    pub created_at: Timestamp,
}

fn read(row: &Row) -> Result<Binding, StoreError> {
    Ok(Binding {
        id: row.word("id")?,
        person: row.word("person")?,
        role: row.parsed("role", Role::parse)?,
        scope: row.maybe_word("organization")?.map_or(Scope::Installation, Scope::Organization),
        created_at: row.time("created_at")?,
    })
}

impl Store {
    /// Roles of one person, or of all. Who sees only some organizations does not see roles that hold for
    /// the whole installation.
    pub async fn binding_list(&self, visible: &Visible, person: Option<PersonId>) -> Result<Vec<Binding>, StoreError> {
        let mut query = sql("SELECT * FROM bindings WHERE 1 = 1");
        query.and("person =", person).and_visible("organization", visible).push(" ORDER BY person, created_at, id");
        self.list("binding_list", query, read).await
    }

    pub async fn binding_fetch(&self, visible: &Visible, id: BindingId) -> Result<Option<Binding>, StoreError> {
        let mut query = sql("SELECT * FROM bindings WHERE id = $1").bind(id);
        query.and_visible("organization", visible);
        self.maybe("binding_fetch", query).await?.as_ref().map(read).transpose()
    }

    /// For recognizing somebody, not for showing.
    pub(crate) async fn roles_of(&self, person: PersonId) -> Result<Vec<(Role, Scope)>, StoreError> {
        let query = sql("SELECT * FROM bindings WHERE person = $1 ORDER BY id").bind(person);
        Ok(self.list("roles_of", query, read).await?.into_iter().map(|b| (b.role, b.scope)).collect())
    }
}

impl Write {
    pub async fn binding_insert(
        &mut self,
        person: PersonId,
        role: Role,
        scope: Scope,
        now: Timestamp,
    ) -> Result<BindingId, StoreError> {
        let id = BindingId(Uuid::now_v7());
        let organization = match scope {
            Scope::Installation => None,
            Scope::Organization(id) => Some(id),
        };
        let query =
            sql("INSERT INTO bindings (id, person, role, organization, created_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(person)
                .bind(role.as_str())
                .bind(organization)
                .bind(now);
        self.run("binding_insert", query).await?;
        Ok(id)
    }

    pub async fn binding_delete(&mut self, id: BindingId) -> Result<(), StoreError> {
        self.run_on("binding_delete", sql("DELETE FROM bindings WHERE id = $1").bind(id)).await
    }
}
