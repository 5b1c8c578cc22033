//! Waiting for a named condition, with a limit. Tests never sleep for a guessed time.

use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Look until `condition` gives something.
///
/// # Panics
/// After `limit`, with the name of what did not happen.
pub fn until<T>(name: &str, limit: Duration, mut condition: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(begin.elapsed() < limit, "waited {limit:?} in vain for: {name}");
        std::thread::sleep(PAUSE);
    }
}

/// The same inside an async runtime.
///
/// # Panics
/// After `limit`, with the name of what did not happen.
pub async fn until_async<T, F: Future<Output = Option<T>>>(
    name: &str,
    limit: Duration,
    mut condition: impl FnMut() -> F,
) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = condition().await {
            return found;
        }
        assert!(begin.elapsed() < limit, "waited {limit:?} in vain for: {name}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// A port on loopback that is free now.
///
/// # Panics
/// When loopback has none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}
