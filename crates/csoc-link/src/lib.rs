//! The link: how the server reaches a cluster that nobody can dial into.
//!
//! Story: an agent behind a hospital's firewall dials out, shows its certificate, and then the roles swap: the agent
//! *serves* HTTP/2 on the connection it opened, and the server sends it requests as it would to any web server. A
//! person's download that nobody reads, a thousand cancelled requests or a half-open connection are felt by nobody
//! else: each stream has its own window and its own end, and some streams are kept for the link's own work.
//!
//! Two connections make one link: [`Class::Control`] for what a person waits for, [`Class::Bulk`] for what is large.
//! The windows and limits are in [`settings`], each with the trap it avoids.
//!
//! Nothing here knows Kubernetes, SQL or the product's routes: the agent hands in a service, the server gets a
//! [`Link`] to send requests on, and who may connect is asked through [`accept::Doorkeeper`].

pub mod accept;
pub mod agent;
pub mod backoff;
pub mod body;
pub mod budget;
pub mod connection;
pub mod dial;
pub mod enrolment;
pub mod error;
pub mod hello;
pub mod identity;
pub mod registry;
pub mod renewal;
pub mod settings;
mod severed;
pub mod supersede;
pub mod tls;
pub mod upgrade;
pub mod websocket;

pub use connection::{Connection, Sending};
pub use error::LinkError;
pub use registry::{Link, Registry};
pub use settings::Class;

/// What a request or an answer carries, whoever made it.
pub type Body = http_body_util::combinators::UnsyncBoxBody<bytes::Bytes, BoxError>;
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A body with nothing in it.
#[must_use]
pub fn empty() -> Body {
    full(bytes::Bytes::new())
}

/// A body that is at hand whole.
#[must_use]
pub fn full(bytes: impl Into<bytes::Bytes>) -> Body {
    use http_body_util::BodyExt as _;
    http_body_util::Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// Any stream of bytes that can carry the link.
pub trait Io: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static {}
impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static> Io for T {}
pub type BoxIo = Box<dyn Io>;
