//! Stories of the link, with both ends and a network between them.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking, like the test itself")]

mod enrolment;
mod faults;
mod memory;
mod routes;
mod stage;
mod traps;
mod upgrades;
