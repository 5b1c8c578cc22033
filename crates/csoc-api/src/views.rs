//! Saved views: a page's whole state is in its URL, so a view is a name for a URL.

use jiff::Timestamp;
use uuid::Uuid;

use crate::shape;

shape! {
    pub struct SavedView {
        pub id: Uuid,
        pub name: String,
        /// `/commons?filter=tier:production`.
        pub url: String,
        pub shared: bool,
        pub person: String,
        pub mine: bool,
        pub created_at: Timestamp,
    }

    pub struct SavedViewCreate {
        pub name: String,
        pub url: String,
        #[serde(default)]
        pub shared: bool,
        /// With whom, when it is shared; may be absent when there is only one organization.
        #[serde(default)]
        pub organization: Option<Uuid>,
    }
}
