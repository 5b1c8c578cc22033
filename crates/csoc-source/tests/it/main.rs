//! Real repositories, real servers on loopback.

#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test, with its place")]

mod bundles;
mod damage;
mod history;
mod https;
mod lines;
mod open;
mod real_fleet;
mod sample;
mod ssh;
mod stage;
mod trees;
mod work_tree;
