//! csoc-testkit
