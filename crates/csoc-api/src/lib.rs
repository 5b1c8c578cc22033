//! What travels between the server and its clients: the shapes of `/api/v1`.
//!
//! Story: `GET /api/v1/commons?tier=production&behind=>2` answers a [`page::Page`] of
//! [`commons::CommonsRow`]. The UI's types are generated from these, and the CLI prints them.
//!
//! Rows of the store and values of the domain are never sent as they are: what stands here is a promise.
//! Field names are the product's words. Every list has a total and a cursor; every datum that was observed
//! says when. Times are RFC 3339 in UTC.

pub mod audit;
pub mod changes;
pub mod clusters;
pub mod commons;
pub mod events;
pub mod findings;
pub mod now;
pub mod organizations;
pub mod page;
pub mod people;
pub mod problem;
pub mod releases;
pub mod search;
pub mod session;
pub mod settings;
pub mod sources;
pub mod tokens;
pub mod values;
pub mod views;

/// The derives every shape has.
macro_rules! shape {
    ($($item:item)+) => {$(
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $item
    )+};
}
pub(crate) use shape;
