//! Bytes inside a WebSocket, for networks where nothing else passes.
//!
//! Our TLS runs inside it, so whoever ends the outer TLS (a load balancer, an inspecting proxy) sees only what any
//! stranger on the network sees. What each side may buffer is bounded; a message is never larger than one read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::Io;

/// One message carries at most this much.
const MESSAGE: usize = 64 * 1024;

/// A WebSocket seen as a stream of bytes.
#[derive(Debug)]
pub struct MessageStream<S> {
    socket: WebSocketStream<S>,
    rest: Bytes,
}

/// Small buffers and small messages: the windows of HTTP/2 inside bound the rest.
#[must_use]
pub fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(MESSAGE)
        .write_buffer_size(MESSAGE)
        .max_write_buffer_size(4 * MESSAGE)
        .max_message_size(Some(4 * MESSAGE))
        .max_frame_size(Some(4 * MESSAGE))
}

impl<S: Io> MessageStream<S> {
    #[must_use]
    pub fn new(socket: WebSocketStream<S>) -> Self {
        Self { socket, rest: Bytes::new() }
    }

    /// The server's end of a connection that was switched already.
    pub async fn of_server(io: S) -> Self {
        Self::new(WebSocketStream::from_raw_socket(io, Role::Server, Some(config())).await)
    }
}

fn broken(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        Error::ConnectionClosed | Error::AlreadyClosed => io::ErrorKind::BrokenPipe.into(),
        other => io::Error::other(other),
    }
}

impl<S: Io> AsyncRead for MessageStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            if !self.rest.is_empty() {
                let count = buf.remaining().min(self.rest.len());
                buf.put_slice(&self.rest.split_to(count));
                return Poll::Ready(Ok(()));
            }
            match ready!(Pin::new(&mut self.socket).poll_next(cx)) {
                Some(Ok(Message::Binary(bytes))) => self.rest = bytes,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_) | Message::Frame(_))) => {
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "text inside the link")));
                }
                Some(Ok(Message::Close(_)) | Err(Error::ConnectionClosed | Error::AlreadyClosed)) | None => {
                    return Poll::Ready(Ok(()));
                }
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
            }
        }
    }
}

impl<S: Io> AsyncWrite for MessageStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        ready!(Pin::new(&mut self.socket).poll_ready(cx)).map_err(broken)?;
        let part = &buf[..buf.len().min(MESSAGE)];
        let message = Message::Binary(Bytes::copy_from_slice(part));
        Pin::new(&mut self.socket).start_send(message).map_err(broken)?;
        Poll::Ready(Ok(part.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx).map_err(broken)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.socket).poll_close(cx)) {
            Ok(()) | Err(Error::ConnectionClosed | Error::AlreadyClosed) => Poll::Ready(Ok(())),
            Err(error) => Poll::Ready(Err(broken(error))),
        }
    }
}
