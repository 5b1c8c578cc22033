//! The server's end of an agent that dialed in: shake hands, ask who it is, let it in or say why not.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use uuid::Uuid;

use crate::Io;
use crate::connection::{Connection, Options};
use crate::error::{LinkError, causes};
use crate::hello::{self, Admitted, FromAgent, FromServer, Refusal, Refused};
use crate::identity::{AgentIdentity, Fingerprint};
use crate::registry::Registry;
use crate::settings::{self, Class};

/// Knows which key belongs to which cluster: the recorded state. Asked at every connection.
pub trait Doorkeeper: Send + Sync + 'static {
    /// The key that joined this cluster; `None` when the cluster was removed or its agent revoked.
    fn registered(&self, cluster: Uuid) -> impl Future<Output = Option<Fingerprint>> + Send;

    /// An agent was refused: for the audit and, with [`Refusal::OtherKey`], for the people who own the cluster.
    fn refused(&self, cluster: Uuid, key: &Fingerprint, reason: Refusal) -> impl Future<Output = ()> + Send;
}

#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    #[error("no TLS handshake: {0}")]
    Handshake(String),
    #[error("asked for the protocol {0:?}, which is none of the link's")]
    Protocol(String),
    #[error("shows no certificate of an agent: {0}")]
    Stranger(String),
    #[error("its certificate ended; it has to renew it first")]
    Expired,
    #[error("did not answer the hello: {0}")]
    Hello(#[source] LinkError),
    #[error("refused: {0}")]
    Refused(Refusal),
}

/// What a connection turned out to be.
#[derive(Debug)]
pub enum Accepted<IO> {
    /// An agent's, now in the registry.
    Link { cluster: Uuid, epoch: u64, connection: Connection, agent: FromAgent },
    /// Somebody who wants to join or renew: HTTP with the usual roles.
    Enrolment { stream: Box<TlsStream<IO>>, identity: Option<AgentIdentity> },
}

/// Lets agents in.
pub struct Door<D> {
    pub doorkeeper: D,
    pub registry: Registry,
    pub hello: FromServer,
    pub options: Options,
}

impl<D: Doorkeeper> Door<D> {
    /// From the first byte to an admitted agent.
    ///
    /// # Errors
    /// Why it was not let in.
    pub async fn accept<IO: Io>(
        &self,
        io: IO,
        tls: Arc<rustls::ServerConfig>,
        now: jiff::Timestamp,
    ) -> Result<Accepted<IO>, AcceptError> {
        let shaking = tokio::time::timeout(settings::DIAL, TlsAcceptor::from(tls).accept(io));
        let stream = match shaking.await {
            Err(_) => return Err(AcceptError::Handshake(format!("not within {:?}", settings::DIAL))),
            Ok(Err(e)) => return Err(AcceptError::Handshake(causes(&e))),
            Ok(Ok(stream)) => stream,
        };
        let (_, session) = stream.get_ref();
        let protocol = session.alpn_protocol().unwrap_or_default().to_vec();
        let leaf = session.peer_certificates().and_then(<[_]>::first);
        let identity = leaf.map(AgentIdentity::read).transpose().map_err(|e| AcceptError::Stranger(e.to_string()))?;
        if protocol == crate::tls::ENROLMENT {
            return Ok(Accepted::Enrolment { stream: Box::new(stream), identity });
        }
        let name = || String::from_utf8_lossy(&protocol).into_owned();
        let class = Class::of_protocol(&protocol).ok_or_else(|| AcceptError::Protocol(name()))?;
        let identity = identity.ok_or_else(|| AcceptError::Stranger("none at all".into()))?;
        // Within the days of grace a certificate that ended still renews; it opens nothing else.
        if identity.not_after <= now {
            return Err(AcceptError::Expired);
        }
        self.greet(stream, class, &identity).await
    }

    async fn greet<IO: Io>(
        &self,
        stream: TlsStream<IO>,
        class: Class,
        identity: &AgentIdentity,
    ) -> Result<Accepted<IO>, AcceptError> {
        let connection = Connection::open(stream, class, self.options.clone()).await.map_err(AcceptError::Hello)?;
        let admitted = self.admit(&connection, identity).await;
        if admitted.is_err() {
            // Its clones may be in the registry already, and an agent that says nothing holds its end open.
            connection.cut();
        }
        let (epoch, agent) = admitted?;
        Ok(Accepted::Link { cluster: identity.cluster, epoch, connection, agent })
    }

    async fn admit(&self, connection: &Connection, identity: &AgentIdentity) -> Result<(u64, FromAgent), AcceptError> {
        let AgentIdentity { cluster, key, .. } = identity;
        let agent: FromAgent = hello::tell(connection, hello::HELLO, &self.hello).await.map_err(AcceptError::Hello)?;
        let registered = self.doorkeeper.registered(*cluster).await;
        let mut decided = self.registry.admit(*cluster, registered.as_ref(), key, &agent, connection);
        // Revoked between the question and the admission: whoever revoked found nothing to cut.
        if decided.is_ok() && self.doorkeeper.registered(*cluster).await.as_ref() != Some(key) {
            self.registry.revoke(*cluster);
            decided = Err(Refusal::Revoked);
        }
        match decided {
            Ok(epoch) => {
                let told = hello::tell::<_, serde_json::Value>(connection, hello::ADMITTED, &Admitted { epoch }).await;
                told.map_err(AcceptError::Hello)?;
                Ok((epoch, agent))
            }
            Err(reason) => {
                // Told in words before it is cut; an agent that does not listen is cut all the same.
                let _ = hello::tell::<_, serde_json::Value>(connection, hello::REFUSED, &Refused { reason }).await;
                self.doorkeeper.refused(*cluster, key, reason).await;
                Err(AcceptError::Refused(reason))
            }
        }
    }
}
