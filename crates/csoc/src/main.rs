//! csoc
fn main() {}
