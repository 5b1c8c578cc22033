//! The server's settings as flags, for every command that works on its data.

use std::path::{Path, PathBuf};

use clap::Args;
use csoc_server::Config;
use csoc_server::config::ConfigErrors;

/// A file that is read without being named, when it is there.
const USUAL_FILE: &str = "csoc.toml";

#[derive(Args)]
pub struct ServerConfig {
    /// File with settings; csoc.toml in this folder is read when it is there
    #[arg(long, value_name = "FILE", env = "CSOC_CONFIG", help_heading = "Settings")]
    config: Option<PathBuf>,
    /// Folder of the database, keys and clones [default: csoc-data]
    #[arg(long, value_name = "FOLDER", help_heading = "Settings")]
    data: Option<String>,
    /// postgres://… in place of SQLite in the data folder (better set as CSOC_STORE: it holds a password)
    #[arg(long, value_name = "URL", help_heading = "Settings")]
    store: Option<String>,
    /// File of the key that signs audit checkpoints, when it is not in the data folder
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    audit_key: Option<String>,
    #[command(flatten)]
    http: HttpConfig,
}

#[derive(Args)]
struct HttpConfig {
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", help_heading = "Settings")]
    listen: Option<String>,
    /// How browsers reach it: https://csoc.example.org
    #[arg(long, value_name = "URL", help_heading = "Settings")]
    public_url: Option<String>,
    /// PEM file with the certificate chain, for HTTPS
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    tls_cert: Option<String>,
    /// PEM file with the private key, for HTTPS
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    tls_key: Option<String>,
    /// A proxy in front terminates TLS and sets X-Forwarded-For
    #[arg(long, help_heading = "Settings")]
    behind_proxy: bool,
    /// Addresses or networks of such proxies: 10.0.0.0/8,192.168.1.7
    #[arg(long, value_name = "LIST", help_heading = "Settings")]
    trusted_proxies: Option<String>,
    /// Everybody is administrator; on a loopback address only
    #[arg(long, help_heading = "Settings")]
    insecure_no_sign_in: bool,
    /// What is logged [default: info]
    #[arg(long, value_name = "FILTER", help_heading = "Settings")]
    log: Option<String>,
    /// text or json [default: text]
    #[arg(long, value_name = "FORMAT", help_heading = "Settings")]
    log_format: Option<String>,
    /// Sources fetched and read at the same time [default: 2]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    fetches_at_once: Option<String>,
    /// How long running requests may take at shutdown [default: 10]
    #[arg(long, value_name = "SECONDS", help_heading = "Settings")]
    shutdown_seconds: Option<String>,
}

impl ServerConfig {
    /// The file that is read.
    pub fn file(&self) -> Option<PathBuf> {
        let usual = || Path::new(USUAL_FILE).exists().then(|| PathBuf::from(USUAL_FILE));
        self.config.clone().or_else(usual)
    }

    pub fn load(&self) -> Result<Config, ConfigErrors> {
        let file = self.file();
        // What is not UTF-8 cannot be one of our settings.
        let environment = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Config::load(file.as_deref(), environment, self.flags())
    }

    fn flags(&self) -> Vec<(String, String)> {
        let http = &self.http;
        let texts = [
            ("data", &self.data),
            ("store", &self.store),
            ("audit_key", &self.audit_key),
            ("listen", &http.listen),
            ("public_url", &http.public_url),
            ("tls_cert", &http.tls_cert),
            ("tls_key", &http.tls_key),
            ("trusted_proxies", &http.trusted_proxies),
            ("log", &http.log),
            ("log_format", &http.log_format),
            ("fetches_at_once", &http.fetches_at_once),
            ("shutdown_seconds", &http.shutdown_seconds),
        ];
        let switches = [("behind_proxy", http.behind_proxy), ("insecure_no_sign_in", http.insecure_no_sign_in)];
        let texts = texts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
        let switches = switches.into_iter().filter(|(_, on)| *on).map(|(name, _)| (name.to_owned(), "true".to_owned()));
        texts.chain(switches).collect()
    }
}
