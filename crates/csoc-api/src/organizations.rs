//! Organizations: who owns commons; the border of isolation.

use jiff::Timestamp;
use uuid::Uuid;

use crate::shape;

shape! {
    pub struct OrganizationRow {
        pub id: Uuid,
        pub name: String,
        pub created_at: Timestamp,
        pub commons: u32,
        pub clusters: u32,
        pub sources: u32,
        pub people: u32,
    }

    pub struct OrganizationWrite {
        pub name: String,
    }
}
