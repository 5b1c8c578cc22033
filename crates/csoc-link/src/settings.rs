//! The numbers of the link, and why each is what it is.
//!
//! Story: with the defaults of the HTTP library one person's stalled download stops everybody on that cluster, and
//! fifteen hundred cancelled ones end the connection. Each number here was measured; each has a test in
//! `tests/it/traps.rs` that fails with the default. Do not use a window that adapts: it lets one stalled reader
//! take the whole connection.

use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioTimer};

/// Which of a link's two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// What a person waits for, and the link's own work. Small windows: what is in flight is the queue that every
    /// small request waits behind.
    Control,
    /// What is large: log downloads, copies, big lists. Wider windows: throughput is window divided by round trip.
    Bulk,
}

/// Flow control of one connection, the receiving side being the server.
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    /// Bytes one stream may have in flight: also what one stalled reader costs.
    pub stream: u32,
    pub connection: u32,
    pub streams: u32,
    /// One frame is the smallest turn a stream takes on the wire.
    pub frame: u32,
    /// The same for what the server sends to the agent.
    pub upload_stream: u32,
    pub upload_connection: u32,
}

const KIB: u32 = 1024;
const MIB: u32 = 1024 * KIB;

/// Streams that people's requests never get: heartbeat, state and revocation go on when all others are taken.
pub const KEPT_FOR_CONTROL: u32 = 16;
/// How long a request waits for a stream before it is told that there is none (429).
pub const QUEUE: Duration = Duration::from_millis(500);
/// Until the head of an answer is there, unless the request says otherwise.
pub const HEAD: Duration = Duration::from_secs(30);
/// A reader that took nothing for this long loses its stream, and only its stream.
pub const STALL: Duration = Duration::from_secs(30);
/// Requests in flight are let finish for this long when a connection is drained.
pub const DRAIN: Duration = Duration::from_secs(30);
/// A peer that answers no ping for interval and limit together is gone.
pub const PING: Duration = Duration::from_secs(15);
pub const PING_LIMIT: Duration = Duration::from_secs(20);
/// Each step of dialing, and the exchange of hellos.
pub const DIAL: Duration = Duration::from_secs(10);
/// Headers of one request, decoded.
const HEADERS: u32 = 64 * KIB;
/// What one stream may wait to be sent, at either end.
const SEND_BUFFER: usize = 256 * 1024;

impl Class {
    pub const ALL: [Self; 2] = [Self::Control, Self::Bulk];

    #[must_use]
    pub fn windows(self) -> Windows {
        match self {
            Self::Control => Windows {
                stream: 256 * KIB,
                connection: 64 * MIB,
                streams: 256,
                frame: 32 * KIB,
                upload_stream: 64 * KIB,
                upload_connection: 16 * MIB,
            },
            Self::Bulk => Windows {
                stream: MIB,
                connection: 80 * MIB,
                streams: 80,
                frame: 64 * KIB,
                upload_stream: 512 * KIB,
                upload_connection: 40 * MIB,
            },
        }
    }

    /// The name it is asked for in the TLS handshake; a new version of the link gets a new name beside the old one.
    #[must_use]
    pub fn protocol(self) -> &'static [u8] {
        match self {
            Self::Control => b"csoc-control/1",
            Self::Bulk => b"csoc-bulk/1",
        }
    }

    #[must_use]
    pub fn of_protocol(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.protocol() == name)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Bulk => "bulk",
        }
    }
}

impl Windows {
    /// Stalled streams, all of them, still leave the connection's window open. If this does not hold, a few readers
    /// that stop reading stop everybody.
    #[must_use]
    pub const fn hold(&self) -> bool {
        let down = self.streams as u64 * self.stream as u64 <= self.connection as u64;
        let up = self.streams as u64 * self.upload_stream as u64 <= self.upload_connection as u64;
        down && up
    }
}

/// How often a live peer is asked whether it is alive.
#[derive(Debug, Clone, Copy)]
pub struct Pulse {
    pub interval: Duration,
    pub limit: Duration,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { interval: PING, limit: PING_LIMIT }
    }
}

/// The server's end: it sends the requests.
pub(crate) fn client(class: Class, pulse: Pulse) -> hyper::client::conn::http2::Builder<TokioExecutor> {
    let windows = class.windows();
    debug_assert!(windows.hold());
    let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .initial_stream_window_size(windows.stream)
        .initial_connection_window_size(windows.connection)
        .adaptive_window(false)
        .max_frame_size(windows.frame)
        .max_header_list_size(HEADERS)
        .initial_max_send_streams(windows.streams as usize)
        .max_send_buf_size(SEND_BUFFER)
        // By default 1,024 frames that arrive for cancelled streams, over the connection's whole life, end it.
        .max_local_error_reset_streams(None)
        .max_concurrent_reset_streams(4096)
        .keep_alive_interval(pulse.interval)
        .keep_alive_timeout(pulse.limit)
        .keep_alive_while_idle(true);
    builder
}

/// The agent's end: it answers them.
pub(crate) fn server(class: Class, pulse: Pulse) -> hyper::server::conn::http2::Builder<TokioExecutor> {
    let windows = class.windows();
    let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .initial_stream_window_size(windows.upload_stream)
        .initial_connection_window_size(windows.upload_connection)
        .adaptive_window(false)
        .max_frame_size(windows.frame)
        .max_header_list_size(HEADERS)
        .max_concurrent_streams(windows.streams)
        .max_send_buf_size(SEND_BUFFER)
        // By default twenty requests that are cancelled before they were looked at end the connection; the one who
        // asks here is our own server, and a busy person's browser does exactly that.
        .max_pending_accept_reset_streams(4096)
        .max_local_error_reset_streams(None)
        .enable_connect_protocol()
        .keep_alive_interval(pulse.interval)
        .keep_alive_timeout(pulse.limit);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_streams_stalled_leave_the_connection_open() {
        for class in Class::ALL {
            assert!(class.windows().hold(), "{class:?}");
        }
    }

    #[test]
    fn sixty_four_stalled_readers_on_each_connection_stay_below_96_mib() {
        let most: u64 = Class::ALL.iter().map(|c| 64 * u64::from(c.windows().stream)).sum();
        assert!(most <= 96 << 20, "{most}");
    }

    #[test]
    fn a_class_is_known_by_its_protocol_only() {
        assert_eq!(Class::of_protocol(b"csoc-bulk/1"), Some(Class::Bulk));
        assert_eq!(Class::of_protocol(b"h2"), None);
    }
}
