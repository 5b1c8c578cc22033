//! csoc-store
