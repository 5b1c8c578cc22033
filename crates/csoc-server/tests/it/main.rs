//! Stories about the server: each starts one on a real socket with a store of its own.
//!
//! `sqlite` is what most of them use; what is said of identity is said on both engines.

mod stage;

mod access;
mod audit;
mod contract;
mod events;
mod http;
mod identity;
mod people;
mod running;
mod sources;
