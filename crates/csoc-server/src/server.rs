//! From configuration to a running server, and to its end.

use std::net::SocketAddr;
use std::time::Duration;

use csoc_core::secret::Secret;
use csoc_store::{AuditLog, AuditOptions, AuditWriter, Options, Store, StoreError};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{App, Inner};
use crate::clock::Clock;
use crate::config::Config;
use crate::events::Events;
use crate::identity::Passwords;
use crate::keys::{KeyError, Keys, hash_secret, random_secret};
use crate::service::{self, Fault};
use crate::{http, ingest, tls};

/// How often what has expired is swept.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// Ended sessions are kept so long, forgotten failures too.
const KEEP_ENDED: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    #[error("cannot use the data folder {folder}: {source}")]
    Folder { folder: String, source: std::io::Error },
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error(
        "the key in the data folder is not the one this store was set up with: the sources' credentials in it \
         cannot be read. Put the right installation.key back"
    )]
    OtherKey,
    #[error("{0}")]
    Inner(#[from] Fault),
}

pub struct Server {
    app: App,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    audit: AuditWriter,
    address: SocketAddr,
    setup_code: Option<Secret>,
}

impl Server {
    /// Opens everything, starts nothing.
    pub async fn build(config: Config) -> Result<Self, BuildError> {
        let clock = Clock::default();
        let folder = config.data.display().to_string();
        make_folder(&config.data).map_err(|source| BuildError::Folder { folder, source })?;
        let store = Store::open(config.store.expose(), Options::serve()).await?;
        // Left by a server that was killed while it looked at a repository.
        let _ = std::fs::remove_dir_all(config.data.join(service::sources::PROBES));
        let keys = Keys::open_or_make(&config.data)?;
        let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
        let address = config.listen;
        let listen = |source| BuildError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let now = clock.now();
        remember_key(&store, &keys, now).await?;
        let setup_code = renew_setup_code(&store, now).await?;
        let (log, audit) = AuditLog::open(&store, config.audit_files(), AuditOptions::default()).await?;
        let app = App::new(Inner {
            store,
            keys,
            passwords: Passwords::new()?,
            sign_in_turn: tokio::sync::Mutex::default(),
            audit: log,
            events: Events::new(u64::try_from(now.as_millisecond()).unwrap_or(0)),
            metrics: Default::default(),
            fleet: Default::default(),
            ingest: Default::default(),
            values: Default::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            started_at: now,
            clock,
            config,
        });
        Ok(Self { app, listener, tls, audit, address, setup_code })
    }

    pub fn app(&self) -> App {
        self.app.clone()
    }

    /// Where it listens, with the port that was really taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:8080`, or what the configuration says browsers use.
    pub fn url(&self) -> String {
        if let Some(url) = &self.app.config.public_url {
            return url.as_str().trim_end_matches('/').to_owned();
        }
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip([127, 0, 0, 1].into());
        }
        format!("{scheme}://{address}")
    }

    /// The one URL that makes the first administrator; `None` when there are people already.
    pub fn setup_url(&self) -> Option<String> {
        self.setup_code.as_ref().map(|code| format!("{}/setup#code={}", self.url(), code.expose()))
    }

    /// Serves until `stop` is done; then drains, ends the background work, signs the audit, closes the store.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { app, listener, tls, audit, .. } = self;
        let audit = tokio::spawn(audit.run());
        mark_interrupted(&app).await;
        app.tasks.spawn(ingest::run(app.clone()));
        app.tasks.spawn(sweep(app.clone()));
        let router = http::router(&app);
        let patience = app.config.shutdown;
        // Streams of events have no end of their own: they end with this, before the draining.
        let stop = async {
            stop.await;
            app.stop.cancel();
        };
        http::listen::serve(listener, tls, router, stop, patience).await;
        app.tasks.close();
        if tokio::time::timeout(patience.max(Duration::from_secs(5)), app.tasks.wait()).await.is_err() {
            tracing::warn!("background work did not end in time and is cut off; it continues at the next start");
        }
        app.audit.close().await;
        if let Err(error) = audit.await {
            tracing::error!(%error, "the audit's writer ended badly");
        }
        app.store.close().await;
    }
}

fn make_folder(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A store that lives elsewhere (PostgreSQL) can meet a data folder that is not its own.
async fn remember_key(store: &Store, keys: &Keys, now: Timestamp) -> Result<(), BuildError> {
    const NAME: &str = "installation_key_id";
    match store.setting_fetch::<String>(NAME).await? {
        Some(known) if known == keys.id() => Ok(()),
        Some(_) => Err(BuildError::OtherKey),
        None => {
            let mut write = store.write().await?;
            write.setting_put(NAME, &keys.id(), now).await?;
            Ok(write.commit().await?)
        }
    }
}

/// Only its hash is kept, so every start makes a new one, as long as it is needed.
async fn renew_setup_code(store: &Store, now: Timestamp) -> Result<Option<Secret>, BuildError> {
    if !store.setup_is_needed().await? {
        return Ok(None);
    }
    let code = random_secret()?;
    let mut write = store.write().await?;
    write.setup_code_replace(&hash_secret(code.expose()), now).await?;
    write.commit().await?;
    Ok(Some(code))
}

/// What was begun and never ended, before this start, was interrupted.
async fn mark_interrupted(app: &App) {
    // With PostgreSQL another replica may be in the middle of it.
    let grace = match app.store.kind() {
        csoc_store::EngineKind::Sqlite => jiff::SignedDuration::ZERO,
        csoc_store::EngineKind::Postgres => jiff::SignedDuration::from_hours(1),
    };
    let before = app.started_at.checked_sub(grace).unwrap_or(app.started_at);
    let marked = async {
        let mut write = app.store.write().await?;
        let count = write.audit_mark_interrupted(before, app.now()).await?;
        write.commit().await?;
        Ok::<_, StoreError>(count)
    };
    match marked.await {
        Ok(0) => {}
        Ok(count) => tracing::warn!(count, "acts of the last run were interrupted"),
        Err(error) => tracing::error!(%error, "interrupted acts could not be marked"),
    }
}

/// Forgets what has ended long ago.
async fn sweep(app: App) {
    let mut timer = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            _ = timer.tick() => {}
            () = app.stop.cancelled() => return,
        }
        let before = app.now().checked_sub(KEEP_ENDED).unwrap_or(Timestamp::UNIX_EPOCH);
        let swept = async {
            let mut write = app.store.write().await?;
            write.session_sweep(before).await?;
            write.throttle_sweep(before).await?;
            write.commit().await
        };
        if let Err(error) = swept.await {
            tracing::warn!(%error, "what has ended could not be swept");
        }
        if let Err(error) = service::audit::prune(&app).await {
            tracing::error!(%error, "old audit rows could not be removed");
        }
    }
}
