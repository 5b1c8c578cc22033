//! API tokens: shown once, stored hashed, scoped, expiring.

use jiff::Timestamp;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::shape;

shape! {
    pub struct TokenRow {
        pub id: Uuid,
        pub name: String,
        pub person: Uuid,
        pub person_name: String,
        /// First characters, to recognize it by.
        pub prefix: String,
        /// Absent: everything its owner may do.
        pub permissions: Option<Vec<String>>,
        pub organization: Option<Uuid>,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub last_used_at: Option<Timestamp>,
        pub revoked_at: Option<Timestamp>,
    }

    pub struct TokenCreate {
        pub name: String,
        pub permissions: Option<Vec<String>>,
        pub organization: Option<Uuid>,
        /// 1 to 366.
        pub days: u32,
    }

    pub struct TokenCreated {
        pub token: TokenRow,
        /// Shown this once.
        pub secret: String,
    }
}

#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TokensQuery {
    /// Everybody's, for who may read people everywhere.
    pub all: Option<bool>,
}
