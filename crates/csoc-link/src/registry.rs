//! Which cluster is reached through which connections, in this process.
//!
//! Story: a handler asks for the link of a cluster and gets it or "not connected"; an administrator revokes an agent
//! and its connections are gone before the answer is written. Nothing here waits for the network while it holds
//! the lock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::{Request, Response};
use uuid::Uuid;

use crate::Body;
use crate::body::LinkBody;
use crate::connection::{Connection, Sending};
use crate::error::LinkError;
use crate::hello::{self, Drain, FromAgent, Refusal};
use crate::identity::Fingerprint;
use crate::settings::Class;
use crate::supersede::{Claim, Decision, Holder, decide};
use crate::upgrade::{self, Upgraded};

/// A cluster's link at one moment: its connections that are up.
#[derive(Debug, Clone)]
pub struct Link {
    pub cluster: Uuid,
    pub agent: FromAgent,
    pub epoch: u64,
    control: Option<Connection>,
    bulk: Option<Connection>,
}

impl Link {
    /// The connection for this class; what is large waits for nobody when its own connection is not up.
    fn connection(&self, class: Class) -> Result<&Connection, LinkError> {
        let up = |connection: &&Connection| !connection.is_over();
        let chosen = match class {
            Class::Control => self.control.as_ref(),
            Class::Bulk => self.bulk.as_ref().filter(up).or(self.control.as_ref()),
        };
        chosen.filter(up).ok_or(LinkError::NotConnected)
    }

    /// Send a request and wait for the head of its answer.
    ///
    /// # Errors
    /// [`LinkError::never_sent`] tells whether the cluster may have seen it.
    pub async fn send(
        &self,
        class: Class,
        request: Request<Body>,
        how: Sending<'_>,
    ) -> Result<Response<LinkBody>, LinkError> {
        self.connection(class)?.send(request, how).await
    }

    /// Send a request that asks to switch protocols (exec, attach, port-forward).
    ///
    /// # Errors
    /// As [`Link::send`].
    pub async fn upgrade(&self, class: Class, request: Request<()>, how: Sending<'_>) -> Result<Upgraded, LinkError> {
        upgrade::send(self.connection(class)?, request, how).await
    }

    /// Whether both connections are up.
    #[must_use]
    pub fn complete(&self) -> bool {
        [&self.control, &self.bulk].into_iter().all(|c| c.as_ref().is_some_and(|c| !c.is_over()))
    }

    /// How many streams people have open.
    #[must_use]
    pub fn open_streams(&self) -> u32 {
        [&self.control, &self.bulk].into_iter().flatten().map(Connection::open_streams).sum()
    }

    fn alive(&self) -> bool {
        [&self.control, &self.bulk].into_iter().flatten().any(|c| !c.is_over())
    }

    fn cut(&self) {
        [&self.control, &self.bulk].into_iter().flatten().for_each(Connection::cut);
    }
}

/// All links of this process.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    links: Arc<Mutex<HashMap<Uuid, Link>>>,
}

impl Registry {
    /// # Errors
    /// [`LinkError::NotConnected`].
    pub fn link(&self, cluster: Uuid) -> Result<Link, LinkError> {
        let links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.get(&cluster).filter(|link| link.alive()).cloned().ok_or(LinkError::NotConnected)
    }

    /// The clusters whose link is up.
    #[must_use]
    pub fn connected(&self) -> Vec<Link> {
        let links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.values().filter(|link| link.alive()).cloned().collect()
    }

    /// Let an agent in, or say why not. Whom it replaces is cut.
    pub(crate) fn admit(
        &self,
        cluster: Uuid,
        registered: Option<&Fingerprint>,
        key: &Fingerprint,
        agent: &FromAgent,
        connection: &Connection,
    ) -> Result<u64, Refusal> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let holder = links.get(&cluster).map(|link| Holder {
            incarnation: link.agent.incarnation,
            epoch: link.epoch,
            alive: link.alive(),
        });
        let claim = Claim { key: key.clone(), incarnation: agent.incarnation, epoch: agent.epoch };
        let epoch = match decide(registered, holder.as_ref(), &claim) {
            Decision::Refused(reason) => return Err(reason),
            Decision::Joins { epoch } => epoch,
            Decision::TakesOver { epoch } => {
                if let Some(old) = links.remove(&cluster) {
                    old.cut();
                }
                epoch
            }
        };
        let link = links.entry(cluster).or_insert_with(|| Link {
            cluster,
            agent: agent.clone(),
            epoch,
            control: None,
            bulk: None,
        });
        let place = match connection.class() {
            Class::Control => &mut link.control,
            Class::Bulk => &mut link.bulk,
        };
        // The same process dialed again: what is in flight on the old connection may finish, unless it is dead, and
        // then its keepalive ends it. A new request takes the new one.
        *place = Some(connection.clone());
        Ok(epoch)
    }

    /// End the cluster's connections at once. True when there were any.
    pub fn revoke(&self, cluster: Uuid) -> bool {
        let link = self.links.lock().unwrap_or_else(PoisonError::into_inner).remove(&cluster);
        link.as_ref().inspect(|link| link.cut()).is_some()
    }

    /// Ask every agent to dial anew, spread over `within`: what a server does before it stops. Requests in flight
    /// finish. Answers how many agents were asked.
    pub async fn drain(&self, within: std::time::Duration) -> usize {
        let message = Drain { within_ms: u64::try_from(within.as_millis()).unwrap_or(u64::MAX) };
        let asked =
            self.connected().into_iter().flat_map(|link| [link.control, link.bulk]).flatten().map(|connection| {
                let message = message.clone();
                async move { hello::tell::<_, serde_json::Value>(&connection, hello::DRAIN, &message).await.is_ok() }
            });
        futures_util::future::join_all(asked).await.into_iter().filter(|told| *told).count()
    }
}
