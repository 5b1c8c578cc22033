//! csoc-api
