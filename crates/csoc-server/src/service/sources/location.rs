//! Where a repository is: `https://…`, `git@host:path`, `ssh://…`, or a path on the server.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use csoc_core::access::Permission;
use url::Url;

use crate::app::App;
use crate::service::{By, Fault, Mistake};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    Web(Url),
    /// As it was written: `git@host:path` or `ssh://user@host/path`.
    Ssh(String),
    /// A repository or a bundle on the server.
    Path(PathBuf),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Web(url) => f.write_str(url.as_str()),
            Location::Ssh(text) => f.write_str(text),
            Location::Path(path) => path.display().fmt(f),
        }
    }
}

fn wrong(message: &str) -> Mistake {
    Mistake::new("/location", message)
}

/// Understands a location; the mistake never repeats it, for it may hold a credential.
pub fn parse_location(text: &str) -> Result<Location, Mistake> {
    let text = text.trim();
    if text.is_empty() || text.len() > 2000 || text.chars().any(char::is_control) {
        return Err(wrong("an https:// or ssh:// URL, git@host:path, or an absolute path on the server"));
    }
    if text.starts_with('/') {
        return path(Path::new(text));
    }
    if let Some((scheme, _)) = text.split_once("://") {
        let url = Url::parse(text).map_err(|_| wrong("this URL cannot be read"))?;
        return match scheme.to_ascii_lowercase().as_str() {
            "https" | "http" => web(url),
            "ssh" => ssh_url(&url, text),
            "file" => path(&url.to_file_path().map_err(|()| wrong("a file:// URL with an absolute path"))?),
            _ => Err(wrong("only https://, ssh:// and file:// can be read")),
        };
    }
    scp(text)
}

fn web(url: Url) -> Result<Location, Mistake> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "this URL holds a credential, which would show up in lists; take it out and put it into the token field",
        ));
    }
    if url.host_str().is_none_or(str::is_empty) || url.path().len() < 2 {
        return Err(wrong("the URL needs a host and a path"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("the URL of a repository has no ? and no #"));
    }
    Ok(Location::Web(url))
}

/// Host and path are arguments of a program: they must not look like options.
fn ssh_url(url: &Url, text: &str) -> Result<Location, Mistake> {
    if url.password().is_some() {
        return Err(wrong("this URL holds a password; SSH is used with a key"));
    }
    let host = url.host_str().unwrap_or_default();
    if host.is_empty() || host.starts_with('-') || url.username().starts_with('-') || url.path().len() < 2 {
        return Err(wrong("the URL needs a host and a path"));
    }
    Ok(Location::Ssh(text.to_owned()))
}

/// `git@github.com:o/fleet.git`.
fn scp(text: &str) -> Result<Location, Mistake> {
    let hint = "an https:// or ssh:// URL, git@host:path, or an absolute path on the server";
    let (place, path) = text.split_once(':').ok_or_else(|| wrong(hint))?;
    let (user, host) = place.split_once('@').ok_or_else(|| wrong(hint))?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
    };
    if !plain(user) || !plain(host) || path.is_empty() || path.starts_with('-') || path.contains(char::is_whitespace) {
        return Err(wrong(hint));
    }
    Ok(Location::Ssh(text.to_owned()))
}

fn path(path: &Path) -> Result<Location, Mistake> {
    if !path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
        return Err(wrong("an absolute path without .."));
    }
    Ok(Location::Path(path.components().collect()))
}

impl Location {
    /// A path lets the reader see files of the server: only who administers all of it may name one, and
    /// never one in the data folder, where other organizations' clones are.
    pub fn permit(&self, app: &App, by: &By) -> Result<(), Fault> {
        let Location::Path(path) = self else { return Ok(()) };
        if !by.actor.may_everywhere(Permission::SourceEdit) {
            return Err(Fault::NotAllowed(
                "a path on the server can only be registered by an administrator of the installation",
            ));
        }
        // A link may lead where the text does not say.
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        let data = app.config.data.canonicalize().unwrap_or_else(|_| app.config.data.clone());
        let samples = data.join(crate::SAMPLE_FOLDER);
        if real.starts_with(&data) && !real.starts_with(samples) {
            return Err(Fault::invalid("/location", "the data folder of the server is not a source"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse_location(text).unwrap_err().message
    }

    #[test]
    fn every_way_to_name_a_repository() {
        assert_eq!(
            parse_location(" https://github.com/o/fleet.git ").unwrap().to_string(),
            "https://github.com/o/fleet.git"
        );
        assert!(matches!(parse_location("git@github.com:o/fleet.git").unwrap(), Location::Ssh(_)));
        assert!(matches!(parse_location("ssh://git@host:2222/o/fleet").unwrap(), Location::Ssh(_)));
        assert_eq!(parse_location("file:///srv/fleet.git").unwrap(), parse_location("/srv/fleet.git/").unwrap());
    }

    #[test]
    fn a_credential_in_a_url_is_sent_to_its_field_and_not_repeated() {
        let told = refused("https://ghp_hunter2@github.com/o/fleet");
        assert!(told.contains("token field") && !told.contains("hunter2"));
        assert!(refused("https://a:hunter2@github.com/o/fleet").contains("token field"));
        assert!(!refused("ssh://git:hunter2@host/o").contains("hunter2"));
    }

    #[test]
    fn what_could_be_an_option_or_leave_its_place_is_refused() {
        for bad in [
            "-oProxyCommand=x@h:p",
            "git@-oProxyCommand=x:p",
            "ssh://-oProxyCommand=x/p",
            "git@h:-p",
            "/a/../b",
            "fleet",
            "ext::sh -c id",
            "http:///x",
            "git://host/x",
            "",
            "https://host",
        ] {
            assert!(parse_location(bad).is_err(), "{bad:?}");
        }
    }
}
