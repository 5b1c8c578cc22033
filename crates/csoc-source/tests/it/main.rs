//! Real repositories, real servers on loopback.

mod bundles;
mod damage;
mod history;
mod https;
mod open;
mod real_fleet;
mod sample;
mod ssh;
mod stage;
mod trees;
mod work_tree;
