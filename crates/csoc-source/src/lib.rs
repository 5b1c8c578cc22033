//! csoc-source
