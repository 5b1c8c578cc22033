//! csoc-testkit
//!
//! Modules that need `csoc_source` stand behind the feature `fleet` (on by default).

pub mod postgres;
