//! The one stream of changes: `GET /api/v1/events` (SSE). An event says what to read again, not what it is
//! now, so that nothing a reader may not see can travel in it.

use uuid::Uuid;

use crate::shape;

shape! {
    /// `event: change` with this as data; `id:` is `revision`.
    pub struct Event {
        pub revision: u64,
        /// `now`, `commons`, `clusters`, `releases`, `changes`, `findings`, `sources`, `people`, `settings`.
        pub topics: Vec<String>,
        pub commons: Vec<Uuid>,
        pub source: Option<Uuid>,
    }
}
