//! What is particular to Gen3: how its repositories are laid out, how Helm computes values, what its
//! services, tags and releases mean, what a landing changed, and what is wrong in the files.
//!
//! Story: [`fleet::read`] takes a [`tree::Tree`] (the files of one commit) and gives a
//! [`fleet::FleetReading`]: every commons with its effective values and services, every cluster, and
//! what could not be read. [`lint`] judges a reading; [`changes`] compares two.
//!
//! Everything here is a function of bytes: no Git, no network, no clock.

pub mod argo;
pub mod catalogue;
pub mod changes;
pub mod diff;
pub mod embedded;
pub mod fleet;
pub mod helm;
pub mod layout;
pub mod lint;
pub mod redact;
pub mod releases;
pub mod rollouts;
pub mod tag;
pub mod tree;
pub mod yaml;
