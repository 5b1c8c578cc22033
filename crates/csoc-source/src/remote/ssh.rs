//! Git over SSH, by the `ssh` program with a closed configuration.
//!
//! No user's or system's configuration, no agent, no password prompt, no forwarding: only the key that was
//! entered and the host keys remembered for this one source. The key lies in the source's folder (0600) only
//! while a fetch runs.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use csoc_core::secret::Secret;

use super::{Credential, FetchOptions};
use crate::error::SourceError;

/// The files of one connection; the key goes when this does.
pub(super) struct Connection {
    folder: PathBuf,
    key: Option<PathBuf>,
}

impl Connection {
    pub(super) fn prepare(folder: &Path, credential: &Credential) -> Result<Self, SourceError> {
        fs::create_dir_all(folder).map_err(SourceError::io("making the folder of the copy", folder))?;
        let folder = std::path::absolute(folder).map_err(SourceError::io("finding the folder", folder))?;
        let mut connection = Self { folder, key: None };
        let _ = fs::remove_file(connection.log());
        if let Credential::Key { private_key, known_hosts } = credential {
            let place = connection.folder.join("ssh-key");
            write_private(&place, private_key)?;
            connection.key = Some(place);
            if let Some(lines) = known_hosts {
                let place = connection.known_hosts();
                fs::write(&place, format!("{}\n", lines.trim()))
                    .map_err(SourceError::io("writing known_hosts", place))?;
            }
        }
        Ok(connection)
    }

    /// A command for a POSIX shell, to which the library appends port, host and remote command.
    pub(super) fn command(&self, options: &FetchOptions, pinned: bool) -> String {
        let mut words = vec!["ssh".to_owned(), "-F".to_owned(), "none".to_owned(), "-T".to_owned(), "-x".to_owned()];
        let mut option = |text: String| words.extend(["-o".to_owned(), text]);
        option("BatchMode=yes".to_owned());
        option("IdentitiesOnly=yes".to_owned());
        option("IdentityAgent=none".to_owned());
        option("PreferredAuthentications=publickey".to_owned());
        option("ClearAllForwardings=yes".to_owned());
        option(format!("ConnectTimeout={}", options.connect_timeout.as_secs().max(1)));
        option(format!("ServerAliveInterval={}", (options.idle_timeout.as_secs() / 3).max(1)));
        option("ServerAliveCountMax=3".to_owned());
        option(format!("StrictHostKeyChecking={}", if pinned { "yes" } else { "accept-new" }));
        option("GlobalKnownHostsFile=none".to_owned());
        option(format!("UserKnownHostsFile={}", quoted_for_ssh(&self.known_hosts())));
        let identity = self.key.as_ref().map_or("none".to_owned(), |key| quoted_for_ssh(key));
        option(format!("IdentityFile={identity}"));
        let words: Vec<String> = words.iter().map(|word| quoted_for_shell(word)).collect();
        // What ssh and the host write is for our error, not for the server's own output.
        format!("{} 2>>{}", words.join(" "), quoted_for_shell(&self.log().to_string_lossy()))
    }

    /// What `ssh` wrote since [`Connection::prepare`].
    pub(super) fn messages(&self) -> Option<String> {
        fs::read(self.log()).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    fn log(&self) -> PathBuf {
        self.folder.join("ssh.log")
    }

    fn known_hosts(&self) -> PathBuf {
        self.folder.join("known_hosts")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            let _ = fs::remove_file(key);
        }
        let _ = fs::remove_file(self.log());
    }
}

fn write_private(place: &Path, key: &Secret) -> Result<(), SourceError> {
    const STEP: &str = "writing the SSH key";
    // Whatever stands there was written with rights we do not know.
    let _ = fs::remove_file(place);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(place)
        .map_err(SourceError::io(STEP, place))?;
    // Pasted keys lose their last line end, without which ssh does not read them.
    let text = key.expose().replace("\r\n", "\n");
    file.write_all(text.trim().as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(SourceError::io(STEP, place))
}

fn quoted_for_ssh(path: &Path) -> String {
    format!("\"{}\"", path.display())
}

fn quoted_for_shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
