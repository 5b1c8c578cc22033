//! A bad network between two ends of a TCP connection, and the proxies that people have in the middle.
//!
//! Story: a test puts a [`Wire`] between agent and server, adds forty milliseconds and loses one packet in a hundred,
//! then freezes it, as a firewall does that forgets a connection: both ends still believe in it, nothing arrives.
//! Loss is what TCP makes of it: the stream stops for a retransmission and goes on, nothing is missing.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

const CHUNK: usize = 16 * 1024;
/// Chunks on the way: more than any delay times any rate a test reaches.
const FLYING: usize = 4096;

#[derive(Debug, Clone, Copy, Default)]
struct Weather {
    delay: Duration,
    /// One in so many chunks waits for a retransmission; 0: none.
    lost_one_in: u64,
    retransmission: Duration,
    frozen: bool,
}

/// A TCP proxy whose weather can be changed.
pub struct Wire {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    connections: Arc<Mutex<Vec<AbortHandle>>>,
    accepted: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Wire {
    /// Between whoever connects to [`Wire::address`] and `target`.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (weather, seen) = watch::channel(Weather::default());
        let connections: Arc<Mutex<Vec<AbortHandle>>> = Arc::default();
        let accepted = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        let (kept, counted) = (Arc::clone(&connections), Arc::clone(&accepted));
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let seen = seen.clone();
                let handle = open.spawn(async move {
                    if let Ok(far) = TcpStream::connect(target).await {
                        let _ = (near.set_nodelay(true), far.set_nodelay(true));
                        let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
                        tokio::join!(pass(near_read, far_write, seen.clone()), pass(far_read, near_write, seen));
                    }
                });
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
            }
        });
        Self { address, weather, connections, accepted, _tasks: tasks }
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections were opened through it.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Each way.
    pub fn delay(&self, delay: Duration) {
        self.weather.send_modify(|weather| weather.delay = delay);
    }

    /// One in `one_in` chunks arrives only after `retransmission`, and everything behind it too.
    pub fn lose(&self, one_in: u64, retransmission: Duration) {
        self.weather.send_modify(|weather| (weather.lost_one_in, weather.retransmission) = (one_in, retransmission));
    }

    /// Nothing passes any more, nobody is told.
    pub fn freeze(&self) {
        self.weather.send_modify(|weather| weather.frozen = true);
    }

    pub fn thaw(&self) {
        self.weather.send_modify(|weather| weather.frozen = false);
    }

    /// Every connection breaks at once.
    pub fn cut(&self) {
        for handle in self.connections.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            handle.abort();
        }
    }
}

/// One direction.
async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut weather: watch::Receiver<Weather>,
) {
    static CHUNKS: AtomicU64 = AtomicU64::new(0);
    let (flying, mut landing) = mpsc::channel::<(Instant, Vec<u8>)>(FLYING);
    let now = weather.clone();
    let read = async move {
        let mut buffer = vec![0; CHUNK];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let Weather { delay, lost_one_in, retransmission, .. } = *now.borrow();
            let number = CHUNKS.fetch_add(1, Ordering::Relaxed);
            let lost = lost_one_in > 0 && number.is_multiple_of(lost_one_in);
            let at = Instant::now() + delay + if lost { retransmission } else { Duration::ZERO };
            if flying.send((at, buffer[..count].to_vec())).await.is_err() {
                break;
            }
        }
        drop(flying);
    };
    let write = async move {
        while let Some((at, bytes)) = landing.recv().await {
            tokio::time::sleep_until(at).await;
            if weather.wait_for(|weather| !weather.frozen).await.is_err() || to.write_all(&bytes).await.is_err() {
                break;
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}

/// An HTTP proxy that knows CONNECT and nothing else.
pub struct ConnectProxy {
    address: SocketAddr,
    opened: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl ConnectProxy {
    /// With `authorization`, whoever does not send this `Proxy-Authorization` gets 407.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub async fn start(authorization: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let opened = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&opened);
        let wanted = authorization.map(|value| format!("proxy-authorization: {value}").to_lowercase());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (counted, wanted) = (Arc::clone(&counted), wanted.clone());
                open.spawn(async move {
                    let _ = tunnel(stream, wanted.as_deref(), &counted).await;
                });
            }
        });
        Self { address, opened, _tasks: tasks }
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many ways it opened.
    #[must_use]
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::Relaxed)
    }
}

async fn tunnel(stream: TcpStream, wanted: Option<&str>, opened: &AtomicUsize) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == "\r\n" {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let target = lines.first().and_then(|line| line.strip_prefix("CONNECT ")).and_then(|line| line.split(' ').next());
    let allowed = wanted.is_none_or(|wanted| lines.iter().any(|line| line.to_lowercase() == wanted));
    let answer = match target {
        None => "HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n",
        Some(_) if !allowed => "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
        Some(target) => {
            let mut far = TcpStream::connect(target).await?;
            opened.fetch_add(1, Ordering::Relaxed);
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
            tokio::io::copy_bidirectional(&mut stream, &mut far).await?;
            return Ok(());
        }
    };
    stream.write_all(answer.as_bytes()).await
}
