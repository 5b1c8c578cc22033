//! The store on both engines. Each test is one story told twice: on a SQLite file in a folder of its own,
//! and in a PostgreSQL database of its own.

#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking, like the test itself")]

mod agents;
mod audit;
mod backup;
mod damage;
mod fleet;
mod open;
mod people;
mod sources;
mod stage;
mod tamper;
