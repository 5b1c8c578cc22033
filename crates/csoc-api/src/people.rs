//! People and their roles.

use jiff::Timestamp;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::shape;

shape! {
    pub struct PersonRow {
        pub id: Uuid,
        pub name: String,
        pub display_name: String,
        pub disabled: bool,
        pub created_at: Timestamp,
        pub last_seen_at: Option<Timestamp>,
        pub roles: Vec<PersonRole>,
        pub sessions: u32,
        pub tokens: u32,
    }

    pub struct PersonRole {
        pub id: Uuid,
        pub role: String,
        pub organization: Option<Uuid>,
        pub organization_name: Option<String>,
    }

    pub struct PersonCreate {
        pub name: String,
        pub display_name: Option<String>,
        pub roles: Vec<RoleGrant>,
    }

    /// The one-time password is shown once; the person must change it at first sign-in.
    pub struct PersonCreated {
        pub person: PersonRow,
        pub one_time_password: String,
    }

    pub struct RoleGrant {
        pub role: String,
        pub organization: Option<Uuid>,
    }

    /// Absent fields stay as they are.
    pub struct PersonPatch {
        pub display_name: Option<String>,
        pub disabled: Option<bool>,
        /// Replaces all roles.
        pub roles: Option<Vec<RoleGrant>>,
    }
}

#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Contained in the name.
    pub filter: Option<String>,
    /// Only who has a role in this organization.
    pub organization: Option<Uuid>,
    /// 1 to 500; 100 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}
