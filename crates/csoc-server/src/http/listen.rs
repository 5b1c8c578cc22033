//! Accepting connections, with or without TLS, and letting go of them.
//!
//! Each connection has limits: how long its handshake and its headers may take, how many there are. At
//! shutdown nothing new is accepted, what runs may finish within the limit, and then the rest is cut.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::scope::Peer;

const CONNECTIONS: usize = 2048;
const HANDSHAKE: Duration = Duration::from_secs(10);
const HEADERS: Duration = Duration::from_secs(15);
/// After this, `accept` is tried again: out of file descriptors is not the end.
const BREATH: Duration = Duration::from_millis(200);

/// Serves until `stop` is done, then drains for at most `patience`.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: impl Future<Output = ()>,
    patience: Duration,
) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let accepted = tokio::select! {
            accepted = async { (place.await, listener.accept().await) } => accepted,
            () = &mut stop => break,
        };
        let (Ok(place), Ok((stream, peer))) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        // Small answers leave at once.
        let _ = stream.set_nodelay(true);
        let (tls, router, watcher) = (tls.clone(), router.clone(), graceful.watcher());
        tokio::spawn(async move {
            let _place = place;
            match tls {
                None => connection(stream, peer, router, watcher).await,
                Some(tls) => {
                    if let Some(stream) = handshake(&tls, stream).await {
                        connection(stream, peer, router, watcher).await;
                    }
                }
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(patience, graceful.shutdown()).await.is_err() {
        tracing::warn!(seconds = patience.as_secs(), "requests that were still running at shutdown are cut off");
    }
}

async fn handshake(tls: &TlsAcceptor, stream: TcpStream) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            tracing::debug!(%error, "TLS handshake");
            None
        }
        Err(_) => None,
    }
}

async fn connection<S>(stream: S, peer: SocketAddr, router: Router, watcher: hyper_util::server::graceful::Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.map(axum::body::Body::new)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_secs(30)))
        .max_concurrent_streams(128);
    let connection =
        builder.serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(error, "connection");
    }
}
