//! The palette's search.

use crate::shape;

shape! {
    pub struct SearchResult {
        /// `commons`, `cluster`, `service`, `change`, `finding`, `rule`, `source`, `release`.
        pub kind: String,
        pub id: String,
        pub title: String,
        pub detail: String,
        /// Path in the UI.
        pub href: String,
    }
}
