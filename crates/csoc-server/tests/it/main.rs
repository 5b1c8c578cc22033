//! Stories about the server: each starts one on a real socket with a store of its own.
//!
//! `sqlite` is what most of them use; what is said of identity is said on both engines.

#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking, like the test itself")]

mod stage;

mod access;
mod audit;
mod chart_landings;
mod charts;
mod conflicts;
mod contract;
mod events;
mod findings;
mod http;
mod identity;
mod people;
mod releases;
mod running;
mod small;
mod sources;
mod values;
mod webhooks;
