//! A real `sshd` on loopback that lets one key read repositories.
//!
//! Where `sshd` is not installed, [`SshServer::start`] says so in one line and the test returns.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::wait::{free_port, until};

pub struct SshServer {
    folder: TempDir,
    port: u16,
    user: String,
    process: Child,
}

impl SshServer {
    /// # Panics
    /// When `sshd` is there and does not start.
    pub fn start() -> Option<Self> {
        let Some(program) = find("sshd") else {
            println!("skipped: sshd is not installed (Debian: apt-get install openssh-server)");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["host-key", "client-key", "other-key"] {
            make_key(&folder.path().join(name));
        }
        fs::copy(folder.path().join("client-key.pub"), folder.path().join("authorized")).expect("authorized keys");
        // As root, sshd wants its own empty folder.
        let _ = fs::create_dir_all("/run/sshd");
        let port = free_port();
        let process = run(&program, folder.path(), port);
        let user =
            String::from_utf8_lossy(&Command::new("id").arg("-un").output().expect("id").stdout).trim().to_owned();
        let server = Self { folder, port, user, process };
        until("sshd listens", Duration::from_secs(10), || TcpStream::connect(("127.0.0.1", port)).ok());
        Some(server)
    }

    pub fn url(&self, repository: &Path) -> String {
        format!("ssh://{}@127.0.0.1:{}{}", self.user, self.port, repository.display())
    }

    /// The private key that is let in.
    ///
    /// # Panics
    /// When the file is gone.
    pub fn key(&self) -> String {
        fs::read_to_string(self.folder.path().join("client-key")).expect("the client's key")
    }

    /// A private key that is not.
    ///
    /// # Panics
    /// When the file is gone.
    pub fn other_key(&self) -> String {
        fs::read_to_string(self.folder.path().join("other-key")).expect("the other key")
    }

    /// Go on under a new host key, as after a man in the middle came in.
    ///
    /// # Panics
    /// When `sshd` does not start again.
    pub fn change_host_key(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let place = self.folder.path().join("host-key");
        fs::remove_file(&place).expect("the old key goes");
        make_key(&place);
        let program = find("sshd").expect("it was there");
        self.process = run(&program, self.folder.path(), self.port);
        until("sshd listens again", Duration::from_secs(10), || TcpStream::connect(("127.0.0.1", self.port)).ok());
    }
}

impl Drop for SshServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(program: &Path, folder: &Path, port: u16) -> Child {
    let at = |name: &str| folder.join(name).display().to_string();
    let config = format!(
        "ListenAddress 127.0.0.1\nPort {port}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
         UsePAM no\nPasswordAuthentication no\nAcceptEnv GIT_PROTOCOL\nPermitRootLogin prohibit-password\n",
        at("host-key"),
        at("authorized")
    );
    fs::write(folder.join("config"), config).expect("sshd's configuration");
    let log = fs::File::create(folder.join("log")).expect("sshd's log");
    Command::new(program)
        .args(["-D", "-e", "-f", &at("config")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("sshd starts")
}

fn make_key(place: &Path) {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"])
        .arg(place)
        .stdin(Stdio::null())
        .status()
        .expect("ssh-keygen");
    assert!(made.success(), "ssh-keygen made no key");
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    path.split(':')
        .chain(["/usr/sbin", "/usr/local/sbin"])
        .map(|folder| Path::new(folder).join(program))
        .find(|p| p.exists())
}
