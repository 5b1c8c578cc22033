//! What the two ends tell each other before anything else goes over a connection.
//!
//! Story: the server asks "who are you", the agent answers with its incarnation and its version, and the server says
//! "admitted, you are number 7" or "refused: a newer one is here". The number is the server's own, so that no clock
//! decides which of two agents is the newer one.
//!
//! These messages are a promise between versions: fields are added, never removed or given another meaning.

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::connection::{Connection, Sending};
use crate::error::LinkError;

/// Requests below this path are the link's own and never reach the agent's service.
pub const OWN: &str = "/.csoc/v1/";
pub(crate) const HELLO: &str = "/.csoc/v1/hello";
pub(crate) const ADMITTED: &str = "/.csoc/v1/admitted";
pub(crate) const REFUSED: &str = "/.csoc/v1/refused";
pub(crate) const DRAIN: &str = "/.csoc/v1/drain";
/// A hello is a few hundred bytes.
const LARGEST: usize = 64 * 1024;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FromServer {
    /// The server's version, for the agent's log.
    pub version: String,
    /// Which replica of the server this is.
    pub replica: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FromAgent {
    /// One per process: both connections of a process carry the same.
    pub incarnation: Uuid,
    /// The number the server gave this process when it was first admitted.
    #[serde(default)]
    pub epoch: Option<u64>,
    /// The agent's version, to be shown against the server's.
    pub version: String,
    /// `observe`, `operate` or `admin`.
    pub mode: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Admitted {
    pub epoch: u64,
}

/// Why an agent is not let in. Each has its own next step for the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// A newer process with the same key is connected: stand by, it may go.
    Superseded,
    /// Another key belongs to this cluster: join again.
    OtherKey,
    /// The cluster was removed or the key revoked: join again.
    Revoked,
    /// A reason of a newer server.
    #[serde(other)]
    Unknown,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Superseded => "a newer agent with the same key is connected",
            Self::OtherKey => "the cluster was joined again with another key",
            Self::Revoked => "the agent was revoked; it must join again",
            Self::Unknown => "the server refused it for a reason this version does not know",
        })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refused {
    pub reason: Refusal,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Drain {
    /// Dial anew at some moment within this time.
    pub within_ms: u64,
}

/// Say one thing to the agent and read what it answers.
pub(crate) async fn tell<Q: Serialize, A: DeserializeOwned>(
    connection: &Connection,
    path: &str,
    message: &Q,
) -> Result<A, LinkError> {
    let malformed = |e: &dyn std::fmt::Display| LinkError::Malformed(format!("{path}: {e}"));
    let text = serde_json::to_vec(message).map_err(|e| malformed(&e))?;
    let request = Request::builder().method(Method::POST).uri(format!("http://agent{path}"));
    let request = request.body(crate::full(text)).map_err(|e| malformed(&e))?;
    let response = connection.send(request, Sending::own()).await?;
    if response.status() != StatusCode::OK {
        return Err(malformed(&response.status()));
    }
    let body = tokio::time::timeout(crate::settings::DIAL, read(response.into_body())).await;
    let body = body.map_err(|_| LinkError::Late(crate::settings::DIAL))?.map_err(|e| malformed(&e))?;
    serde_json::from_slice(&body).map_err(|e| malformed(&e))
}

/// A whole small body.
pub(crate) async fn read<B>(body: B) -> Result<Bytes, crate::BoxError>
where
    B: hyper::body::Body<Data = Bytes>,
    B::Error: Into<crate::BoxError>,
{
    Ok(Limited::new(body, LARGEST).collect().await?.to_bytes())
}
