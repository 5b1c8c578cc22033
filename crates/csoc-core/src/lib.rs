//! Values of the operations center, and the rules about them: who may do what, whose commons is whose,
//! how a finding lives and ends.
//!
//! Story: a source is read again; `commons::match_claims` says which of the commons we know each folder
//! is, `finding::advance` says which findings are new and which are gone. Both take what is known and
//! give what follows.
//!
//! No input or output, no clock, no randomness here: time and fresh ids come in as arguments, so that
//! every rule can be tested with plain values.

pub mod access;
pub mod audit;
pub mod commons;
pub mod finding;
pub mod ids;
pub mod secret;

pub use ids::*;
