//! Which server the command line talks to, and as whom: `csoc/cli.toml` in the person's configuration
//! folder, readable by them alone. `CSOC_SERVER` and `CSOC_TOKEN` go before it.

use std::io::Write;
use std::path::{Path, PathBuf};

use csoc_core::secret::Secret;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::failure::Failure;

/// What is kept. The token is written to this file and nowhere else.
#[derive(Serialize, Deserialize)]
struct Kept {
    server: Url,
    token: String,
    /// PEM file with the certificate authority of a server that the system does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    ca: Option<PathBuf>,
}

pub struct Account {
    pub server: Url,
    pub token: Option<Secret>,
    pub ca: Option<PathBuf>,
}

impl Account {
    /// `None` when no server was ever named.
    pub fn load() -> Result<Option<Self>, Failure> {
        let token = std::env::var("CSOC_TOKEN").ok().filter(|token| !token.is_empty()).map(Secret::new);
        if let Some(text) = std::env::var("CSOC_SERVER").ok().filter(|text| !text.is_empty()) {
            return Ok(Some(Self { server: server_url(&text)?, token, ca: None }));
        }
        let path = file()?;
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::new(format!("reading {}: {error}", path.display()))),
        };
        // The parser's own message would show the line, which may hold the token.
        let kept: Kept = toml::from_str(&text)
            .map_err(|_| Failure::new(format!("{} is not as csoc login writes it; sign in anew", path.display())))?;
        Ok(Some(Self { server: kept.server, token: token.or(Some(Secret::new(kept.token))), ca: kept.ca }))
    }

    /// Keeps it for later commands.
    pub fn save(&self) -> Result<PathBuf, Failure> {
        let path = file()?;
        let token = self.token.as_ref().map(|token| token.expose().to_owned()).unwrap_or_default();
        let kept = Kept { server: self.server.clone(), token, ca: self.ca.clone() };
        let text = toml::to_string(&kept).map_err(|error| Failure::new(format!("keeping the token: {error}")))?;
        write_private(&path, &text).map_err(|error| Failure::new(format!("writing {}: {error}", path.display())))?;
        Ok(path)
    }
}

/// A server's address. A secret goes over HTTPS, or stays on this machine.
pub fn server_url(text: &str) -> Result<Url, Failure> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let mut url = Url::parse(&with_scheme).map_err(|_| Failure::new(format!("{text:?} is no address of a server")))?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => {}
        "http" if local => {}
        "http" => return Err(Failure::new("a token is not sent over plain HTTP: write https://")),
        other => return Err(Failure::new(format!("a server is reached over https, not {other}"))),
    }
    if !url.path().ends_with('/') {
        let folder = format!("{}/", url.path());
        url.set_path(&folder);
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn file() -> Result<PathBuf, Failure> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = set("CSOC_CLI_CONFIG") {
        return Ok(path);
    }
    let folder = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")));
    let folder = folder.ok_or_else(|| Failure::new("there is no home folder: set CSOC_SERVER and CSOC_TOKEN"))?;
    Ok(folder.join("csoc/cli.toml"))
}

/// Beside the old file, then in its place: it is never half written, and never readable by others.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let new = path.with_extension("toml.new");
    let _ = std::fs::remove_file(&new);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_over_https_or_stays_here() {
        let url = |text: &str| server_url(text).map(|url| url.to_string()).ok();
        assert_eq!(url("csoc.example.org").as_deref(), Some("https://csoc.example.org/"));
        assert_eq!(url("http://127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080/"));
        assert_eq!(url("https://x.org/csoc?a=b#c").as_deref(), Some("https://x.org/csoc/"));
        assert_eq!(url("http://csoc.example.org"), None);
        assert_eq!(url("ftp://x.org"), None);
    }
}
