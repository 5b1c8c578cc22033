//! What tests need from the outside world: fleets, Git servers, databases, free ports, and a way to wait.
//!
//! Story: a test of the server takes [`fleets::sample`] as its repository, [`git_server::GitServer`] as the
//! host it is fetched from (real HTTPS, real `git http-backend`), a database from [`postgres`], and waits
//! with [`wait::until`] for a named condition. Only the outside is made up; nothing of ours is faked here.
//!
//! Modules that need `csoc_source` stand behind the feature `fleet` (on by default), a real Kubernetes on loopback
//! behind `rig`.

#[cfg(feature = "fleet")]
pub mod fleets;
#[cfg(feature = "fleet")]
pub mod git_server;
#[cfg(feature = "fleet")]
pub mod multiply;
pub mod ports;
pub mod postgres;
pub mod process;
#[cfg(feature = "rig")]
pub mod rig;
#[cfg(feature = "fleet")]
pub mod ssh_server;
pub mod wait;
pub mod wire;

#[cfg(feature = "fleet")]
pub use csoc_source::sample;
