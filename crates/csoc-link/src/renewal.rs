//! The agent's certificate renews itself.
//!
//! Story: two thirds into the day the agent asks for the next certificate. The server is being upgraded, so it tries
//! again some minutes later; there are eight hours left for that. What it gets is written down in the cluster before it
//! is used, so that a restart in between loses nothing. When the server says that the agent was revoked, trying
//! again would not help: the program is told, and joins again if it has a token.
//!
//! The time is looked at again and again instead of slept until, since clocks are set.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::backoff::{random, spread};
use crate::dial::Route;
use crate::enrolment::{Credentials, EnrolmentError, NotGiven};
use crate::error::causes;
use crate::tls::Clock;

/// Between two looks at the clock, and the least pause after a failure.
pub const LOOK: Duration = Duration::from_secs(60);
/// Tries after a failure are spread over this long, so that a fleet does not ask as one.
pub const AGAIN: Duration = Duration::from_secs(600);

/// How certificates are renewed.
pub struct Renewal<S> {
    pub route: Route,
    /// The agent's version, told with every request.
    pub version: String,
    pub clock: Clock,
    /// Writes the credentials down; a failure is an error in words.
    pub save: S,
    /// What new connections are dialed with.
    pub tls: watch::Sender<Arc<rustls::ClientConfig>>,
    /// [`LOOK`] and [`AGAIN`], which a test shortens.
    pub look: Duration,
    pub again: Duration,
}

impl<S: AsyncFn(&Credentials) -> Result<(), String>> Renewal<S> {
    /// Keep `credentials` fresh. Returns only when they are of no use any more.
    pub async fn run(self, mut credentials: Credentials) -> NotGiven {
        loop {
            if self.now() < credentials.renew_at() {
                tokio::time::sleep(self.look).await;
                continue;
            }
            match credentials.renew(&self.route, &self.version, Arc::clone(&self.clock)).await {
                Ok(renewed) => {
                    credentials = renewed;
                    self.take(&credentials).await;
                }
                Err((_, EnrolmentError::Refused(why @ (NotGiven::Revoked | NotGiven::OtherKey)))) => return why,
                Err((kept, error)) => {
                    credentials = kept;
                    tracing::warn!(error = causes(&error), until = %credentials.not_after, "the certificate was not renewed");
                    tokio::time::sleep(self.look + spread(self.again, random())).await;
                }
            }
        }
    }

    /// Write them down and dial with them from now on.
    async fn take(&self, credentials: &Credentials) {
        if let Err(error) = (self.save)(credentials).await {
            // They are good all the same; without a restart nobody notices.
            tracing::error!(error, "the renewed certificate could not be written down");
        }
        match credentials.tls(Arc::clone(&self.clock)) {
            Ok(tls) => drop(self.tls.send_replace(Arc::new(tls))),
            Err(error) => tracing::error!(error = causes(&error), "the renewed certificate cannot be used"),
        }
    }

    fn now(&self) -> Timestamp {
        let seconds = self.clock.current_time().map_or(0, |time| time.as_secs());
        i64::try_from(seconds).ok().and_then(|s| Timestamp::from_second(s).ok()).unwrap_or(Timestamp::MAX)
    }
}
