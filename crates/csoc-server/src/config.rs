//! How the server is set up: read once, from a file, the environment and flags, in that order; the later wins.
//!
//! Story: `csoc check-config` says "the environment variable CSOC_LISTEN is not an address and port; the
//! file csoc.toml has no setting `listne` (did you mean `listen`?)", both at once, and does not repeat what
//! was set, because the next value might be a password.
//!
//! A setting has one name everywhere: `listen` in the file, `CSOC_LISTEN`, `--listen`. To add one: a row in
//! [`SETTINGS`], a field, a line in [`parse::build`].

mod parse;
mod raw;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use csoc_core::secret::Secret;
use url::Url;

pub use raw::{Given, Origin};

/// What can be set: name, and what it is.
pub const SETTINGS: &[(&str, &str)] = &[
    ("data", "folder of the database, keys and clones"),
    ("listen", "address and port, 127.0.0.1:8080"),
    ("public_url", "how browsers reach it, https://csoc.example.org"),
    ("store", "postgres://... ; without it, SQLite in the data folder"),
    ("tls_cert", "PEM file with the certificate chain"),
    ("tls_key", "PEM file with the private key"),
    ("behind_proxy", "true: a proxy in front terminates TLS and sets X-Forwarded-For"),
    ("trusted_proxies", "addresses or networks of such proxies, 10.0.0.0/8"),
    ("insecure_no_sign_in", "true: everybody is administrator; on loopback only"),
    ("log", "what is logged: info, or csoc_server=debug,info"),
    ("log_format", "text or json"),
    ("fetches_at_once", "sources that are fetched and read at the same time"),
    ("audit_key", "file of the key that signs the audit's checkpoints, in the data folder unless set"),
    ("shutdown_seconds", "how long running requests may take at shutdown"),
];

#[derive(Clone, Debug)]
pub struct Config {
    pub data: PathBuf,
    pub listen: SocketAddr,
    pub public_url: Option<Url>,
    /// Holds a password, perhaps.
    pub store: Secret,
    pub tls: Option<TlsFiles>,
    pub proxies: Proxies,
    pub no_sign_in: bool,
    pub log: Log,
    pub fetches_at_once: usize,
    pub audit_key: Option<PathBuf>,
    pub shutdown: Duration,
    /// Found while reading: not wrong, but worth a word.
    pub warnings: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// Whose `X-Forwarded-*` is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    pub in_front: bool,
    /// Empty: whoever connects is the proxy.
    pub networks: Vec<Network>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    pub address: std::net::IpAddr,
    pub bits: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    pub filter: String,
    pub json: bool,
}

/// Every mistake, each a sentence that names where it was set.
#[derive(Debug, thiserror::Error)]
#[error("the configuration is wrong:\n  {}", .0.join("\n  "))]
pub struct ConfigErrors(pub Vec<String>);

impl Config {
    /// `flags` are settings by name, as given on the command line. `file` is looked for where it is named.
    pub fn load(
        file: Option<&std::path::Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let mut given = Given::default();
        if let Some(file) = file {
            given.add_file(file);
        }
        given.add_environment(environment);
        given.add_flags(flags);
        parse::build(given)
    }

    /// For tests: SQLite in `data`, a free port, plain HTTP on loopback.
    pub fn local(data: PathBuf) -> Self {
        Self {
            store: Secret::new(format!("sqlite://{}", data.join("csoc.db").display())),
            data,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            tls: None,
            proxies: Proxies::default(),
            no_sign_in: false,
            log: Log { filter: "info".to_owned(), json: false },
            fetches_at_once: 2,
            audit_key: None,
            shutdown: Duration::from_secs(10),
            warnings: Vec::new(),
        }
    }

    /// Browsers reach it over HTTPS: cookies are `Secure`.
    pub fn is_secure(&self) -> bool {
        self.tls.is_some() || self.proxies.in_front || self.public_url.as_ref().is_some_and(|u| u.scheme() == "https")
    }

    pub fn audit_files(&self) -> csoc_store::AuditFiles {
        let mut files = csoc_store::AuditFiles::in_folder(&self.data);
        if let Some(key) = &self.audit_key {
            files.anchors = key.with_extension("anchors");
            files.key.clone_from(key);
        }
        files
    }
}

impl Network {
    pub fn contains(&self, address: std::net::IpAddr) -> bool {
        use std::net::IpAddr::{V4, V6};
        match (self.address, address.to_canonical()) {
            (V4(net), V4(ip)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                net.to_bits() & mask == ip.to_bits() & mask
            }
            (V6(net), V6(ip)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                net.to_bits() & mask == ip.to_bits() & mask
            }
            _ => false,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: std::net::IpAddr = address.trim().parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(longest), |bits| bits.trim().parse().ok().filter(|bits| *bits <= longest))?;
        Some(Self { address, bits })
    }
}

#[cfg(test)]
mod tests;
