//! Why a request did not go through the link, in words for the one who asked.

use std::time::Duration;

use http::StatusCode;

#[derive(Debug, Clone, thiserror::Error)]
pub enum LinkError {
    #[error("the cluster is not connected")]
    NotConnected,
    #[error("the link to the cluster is closing; try again in a moment")]
    Draining,
    #[error("all {limit} streams to the cluster are taken; try again in a moment")]
    Busy { limit: u32 },
    #[error("you have {limit} requests open to this cluster already; end one of them first")]
    TooMany { limit: u32 },
    #[error("the server holds as much as it may for requests in flight; try again in a moment")]
    Full,
    #[error("the cluster did not answer within {0:?}")]
    Late(Duration),
    #[error("the link to the cluster broke: {0}")]
    Lost(String),
    #[error("nothing was read for {0:?}, so the transfer was ended")]
    Stalled(Duration),
    #[error("the agent answered what the link does not allow: {0}")]
    Malformed(String),
}

impl LinkError {
    /// What an HTTP client is told.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotConnected | Self::Draining | Self::Full => StatusCode::SERVICE_UNAVAILABLE,
            Self::Busy { .. } | Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Late(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Lost(_) | Self::Stalled(_) | Self::Malformed(_) => StatusCode::BAD_GATEWAY,
        }
    }

    /// Whether the same request may be sent again: nothing of it has reached the cluster.
    #[must_use]
    pub fn never_sent(&self) -> bool {
        matches!(self, Self::NotConnected | Self::Draining | Self::Busy { .. } | Self::TooMany { .. } | Self::Full)
    }
}

/// The whole chain of causes; hyper's own text says only the outermost.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        next = cause.source();
    }
    text
}
