//! From texts to the typed configuration, gathering every mistake.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use csoc_core::secret::Secret;
use url::Url;

use super::raw::Place;
use super::{Config, ConfigErrors, Given, Log, Network, Proxies, TlsFiles};

impl Given {
    fn text(&self, name: &str) -> Option<String> {
        self.values.get(name).map(|(value, _)| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn wrong(&mut self, name: &'static str, what: &str) {
        if let Some((_, origin)) = self.values.get(name) {
            self.mistakes.push(format!("{} {what}", Place(name, origin)));
        }
    }

    fn parsed<T: FromStr>(&mut self, name: &'static str, what: &str) -> Option<T> {
        let parsed = self.text(name)?.parse().ok();
        if parsed.is_none() {
            self.wrong(name, what);
        }
        parsed
    }

    fn flag(&mut self, name: &'static str) -> bool {
        match self.text(name).as_deref() {
            None | Some("false" | "no" | "0") => false,
            Some("true" | "yes" | "1") => true,
            Some(_) => {
                self.wrong(name, "must be true or false");
                false
            }
        }
    }

    fn number(&mut self, name: &'static str, default: u64, least: u64, most: u64) -> u64 {
        let Some(number) = self.parsed::<u64>(name, "must be a whole number") else { return default };
        if !(least..=most).contains(&number) {
            self.wrong(name, &format!("must be between {least} and {most}"));
        }
        number
    }
}

pub(super) fn build(mut given: Given) -> Result<Config, ConfigErrors> {
    let data = given.text("data").map_or_else(|| PathBuf::from("csoc-data"), PathBuf::from);
    let listen = given
        .parsed("listen", "must be an address and a port, as in 127.0.0.1:8080")
        .unwrap_or_else(|| std::net::SocketAddr::from(([127, 0, 0, 1], 8080)));
    let public_url = public_url(&mut given);
    let store = store(&mut given, &data);
    let tls = tls(&mut given);
    let proxies = proxies(&mut given);
    let no_sign_in = given.flag("insecure_no_sign_in");
    let json = match given.text("log_format").as_deref() {
        None | Some("text") => false,
        Some("json") => true,
        Some(_) => {
            given.wrong("log_format", "must be text or json");
            false
        }
    };
    let filter = given.text("log").unwrap_or_else(|| "info".to_owned());
    if tracing_subscriber::EnvFilter::try_new(&filter).is_err() {
        given.wrong("log", "is not a filter, as in `info` or `csoc_server=debug,info`");
    }
    let fetches_at_once = given.number("fetches_at_once", 2, 1, 64);
    let shutdown = given.number("shutdown_seconds", 10, 0, 600);
    if !listen.ip().is_loopback() {
        refuse_open_door(&mut given, tls.is_some() || proxies.in_front, no_sign_in);
    }
    if !given.mistakes.is_empty() {
        return Err(ConfigErrors(given.mistakes));
    }
    Ok(Config {
        data,
        listen,
        public_url,
        store,
        tls,
        proxies,
        no_sign_in,
        log: Log { filter, json },
        fetches_at_once: usize::try_from(fetches_at_once).unwrap_or(2),
        audit_key: given.text("audit_key").map(PathBuf::from),
        shutdown: Duration::from_secs(shutdown),
        warnings: given.warnings,
    })
}

/// Passwords and sessions do not travel in clear over a network.
fn refuse_open_door(given: &mut Given, covered: bool, no_sign_in: bool) {
    if !covered {
        given.mistakes.push(
            "listening on an address that is not loopback needs `tls_cert` and `tls_key`, or `behind_proxy` when \
             something in front of it speaks HTTPS"
                .to_owned(),
        );
    }
    if no_sign_in {
        given.wrong("insecure_no_sign_in", "is only possible on a loopback address");
    }
}

fn public_url(given: &mut Given) -> Option<Url> {
    let url: Url = given.parsed("public_url", "must be a URL, as in https://csoc.example.org")?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    if !plain || url.host().is_none() || url.query().is_some() || url.fragment().is_some() || url.path() != "/" {
        given.wrong("public_url", "must be only https:// and a host");
        return None;
    }
    Some(url)
}

fn store(given: &mut Given, data: &std::path::Path) -> Secret {
    let Some(text) = given.text("store") else {
        return Secret::new(format!("sqlite://{}", data.join("csoc.db").display()));
    };
    if !["sqlite:", "postgres://", "postgresql://"].iter().any(|start| text.starts_with(start)) {
        given.wrong("store", "must begin with postgres:// or sqlite://");
    }
    Secret::new(text)
}

fn tls(given: &mut Given) -> Option<TlsFiles> {
    match (given.text("tls_cert"), given.text("tls_key")) {
        (Some(cert), Some(key)) => Some(TlsFiles { cert: cert.into(), key: key.into() }),
        (None, None) => None,
        (Some(_), None) => {
            given.wrong("tls_cert", "needs `tls_key` beside it");
            None
        }
        (None, Some(_)) => {
            given.wrong("tls_key", "needs `tls_cert` beside it");
            None
        }
    }
}

fn proxies(given: &mut Given) -> Proxies {
    let listed = given.text("trusted_proxies").unwrap_or_default();
    let parts: Vec<&str> = listed.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let networks: Option<Vec<Network>> = parts.iter().map(|part| Network::parse(part)).collect();
    if networks.is_none() {
        given.wrong("trusted_proxies", "must be addresses or networks, as in 10.0.0.0/8");
    }
    let networks = networks.unwrap_or_default();
    Proxies { in_front: given.flag("behind_proxy") || !networks.is_empty(), networks }
}
