//! csoc-server
