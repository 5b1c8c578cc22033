//! Gen3's monthly releases: which there are, which is the newest, how far behind a commons is.
//!
//! Story: 2026.09 is a Git tag of fence since the 20th of August, but nobody runs it and no notes say what
//! is in it: it is upcoming. 2026.08 runs on five commons: it is the newest. `strings.example.org` runs
//! 2026.04 in most services and 1.0.4 in one: it is four releases behind (a month without a release does not
//! count), with one pin. `2062.07` on one development commons is a slip of the hand, not a release.
//!
//! No source of releases is complete, so the [`Book`] is the union of three, and each entry says which of
//! them said so and since when.

mod book;
mod lag;
#[cfg(test)]
mod tests;

pub use book::{Book, Deployment, Entry, Seen, Standing};
pub use lag::{CommonsRelease, Lag, Pin, Unknown, of_commons};
