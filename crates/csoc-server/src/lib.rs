//! The server: HTTP on the outside, services and the fleet's view inside, the store and Git below.
//!
//! Story: `csoc serve` reads the configuration, calls [`Server::build`], prints where it listens and runs
//! [`Server::run`] until it is told to stop. Building opens the store, the keys and the socket and starts
//! nothing; running starts the background work, serves, and at the end drains, stops, and signs the audit.

mod app;
mod clock;
pub mod config;
pub mod doctor;
pub mod events;
pub mod filter;
pub mod fleet_view;
pub mod http;
pub mod identity;
pub mod ingest;
pub mod keys;
pub mod logging;
pub mod maintenance;
pub mod metrics;
mod server;
pub mod service;
pub mod tls;

/// Below the data folder: where the sample fleet is made.
pub const SAMPLE_FOLDER: &str = "sample";

pub use app::{App, Inner};
pub use clock::Clock;
pub use config::Config;
pub use http::openapi_json;
pub use server::{BuildError, Server};
