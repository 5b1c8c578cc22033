//! A throw-away PostgreSQL: real, on loopback, its own folder and port, started once per test program.
//!
//! Story: two hundred tests ask for a database; the first one starts the server, each gets a database of
//! its own, and when the test program ends, be it by a panic or by kill -9, the server stops and its folder
//! is gone. That works because the server's keeper reads from a pipe whose other end we hold.
//!
//! `CSOC_TEST_POSTGRES_URL` names a running server instead (its user must be able to make databases; `psql`
//! must be at hand). `CSOC_TEST_WITHOUT_POSTGRES=1` skips what needs one; otherwise a missing PostgreSQL is
//! a failure, since a test that silently did not run proves nothing.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const MISSING: &str = "PostgreSQL is needed for this test and was not found. Install it (Debian: apt-get install \
    postgresql; macOS: brew install postgresql), or name a server in CSOC_TEST_POSTGRES_URL, or set \
    CSOC_TEST_WITHOUT_POSTGRES=1 to leave these tests out.";
const START_LIMIT: Duration = Duration::from_secs(60);

/// Runs until the pipe on its input closes.
const KEEPER: &str = r#""$1" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c fsync=off \
    -c max_connections=300 -c shared_buffers=32MB >"$2/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT $server
wait $server
rm -rf "$2""#;

pub struct Postgres {
    /// Without a database's name, with a slash at its end.
    base: String,
    /// Where to be when making databases.
    maintenance: String,
    psql: PathBuf,
    made: AtomicU32,
    /// Holds the pipe; never waited for.
    _keeper: Option<Child>,
}

impl Postgres {
    /// The server of this test program. `None` only when the tests were asked to go without.
    ///
    /// # Panics
    /// When there is none and it was not said to go without.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Postgres>> = OnceLock::new();
        SHARED
            .get_or_init(|| {
                if std::env::var("CSOC_TEST_WITHOUT_POSTGRES").is_ok_and(|v| v == "1") {
                    println!("left out: PostgreSQL (CSOC_TEST_WITHOUT_POSTGRES=1)");
                    return None;
                }
                Some(Self::find().unwrap_or_else(|why| panic!("{why}")))
            })
            .as_ref()
    }

    /// The URL of a new, empty database.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn database(&self) -> String {
        let n = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("csoc_{}_{n}", std::process::id());
        let made = Command::new(&self.psql)
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.maintenance, "-c"])
            .arg(format!("CREATE DATABASE {name}"))
            .output()
            .unwrap_or_else(|e| panic!("psql does not run: {e}"));
        assert!(made.status.success(), "cannot make a database: {}", String::from_utf8_lossy(&made.stderr));
        format!("{}{name}", self.base)
    }

    fn find() -> Result<Self, String> {
        if let Ok(url) = std::env::var("CSOC_TEST_POSTGRES_URL") {
            let psql = binaries().map_or_else(|| PathBuf::from("psql"), |bin| bin.join("psql"));
            let authority = url.find("://").map_or(0, |at| at + 3);
            let slash = url[authority..].find('/').map_or(url.len(), |at| authority + at);
            let base = format!("{}/", &url[..slash]);
            return Ok(Self { base, maintenance: url, psql, made: AtomicU32::new(0), _keeper: None });
        }
        let bin = binaries().ok_or(MISSING)?;
        // The port may be taken between finding and using it.
        let mut last = String::new();
        for _ in 0..3 {
            match Self::start(&bin) {
                Ok(started) => return Ok(started),
                Err(why) => last = why,
            }
        }
        Err(last)
    }

    fn start(bin: &Path) -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("csoc-postgres-").tempdir_in("/tmp").map_err(|e| e.to_string())?;
        let user = Unprivileged::if_root(folder.path())?;
        let init = user
            .run(&bin.join("initdb"))
            .args(["-U", "csoc", "-A", "trust", "-E", "UTF8", "--no-sync", "-D"])
            .arg(folder.path().join("data"))
            .output()
            .map_err(|e| format!("initdb does not run: {e}"))?;
        if !init.status.success() {
            return Err(format!("initdb failed: {}", String::from_utf8_lossy(&init.stderr)));
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(|e| e.to_string())?.port();
        // From here on the keeper removes the folder.
        let folder = folder.keep();
        let keeper = user
            .run(Path::new("/bin/sh"))
            .args(["-c", KEEPER, "keeper"])
            .args([bin.join("postgres").as_os_str(), folder.as_os_str(), port.to_string().as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C is for the tests; the keeper follows when they end.
            .process_group(0)
            .spawn()
            .map_err(|e| format!("cannot start PostgreSQL: {e}"))?;
        let psql = bin.join("psql");
        let base = format!("postgres://csoc@127.0.0.1:{port}/");
        let maintenance = format!("{base}postgres");
        let deadline = Instant::now() + START_LIMIT;
        while !answers(&psql, &maintenance, port) {
            if Instant::now() > deadline {
                let mut log = String::new();
                let _ = std::fs::File::open(folder.join("log")).and_then(|mut file| file.read_to_string(&mut log));
                return Err(format!("PostgreSQL did not answer within {START_LIMIT:?}: {log}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { base, maintenance, psql, made: AtomicU32::new(0), _keeper: Some(keeper) })
    }
}

fn answers(psql: &Path, url: &str, port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
        && Command::new(psql).args(["-X", "-d", url, "-c", "SELECT 1"]).output().is_ok_and(|done| done.status.success())
}

/// The folder with `initdb`, `postgres` and `psql`; the newest where there are several.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let candidates = found.into_iter().rev().map(|(_, bin)| bin).chain(std::env::split_paths(&path));
    candidates.into_iter().find(|bin| ["initdb", "postgres", "psql"].iter().all(|name| bin.join(name).is_file()))
}

/// PostgreSQL refuses to run as root, so root runs it as somebody else.
struct Unprivileged(Option<(u32, u32)>);

impl Unprivileged {
    fn if_root(folder: &Path) -> Result<Self, String> {
        // What we have just made is ours, so its owner is who we are.
        if std::fs::metadata(folder).map_err(|e| e.to_string())?.uid() != 0 {
            return Ok(Self(None));
        }
        let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let ids = |name: &str| {
            let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        };
        let (uid, gid) = ids("postgres").or_else(|| ids("nobody")).unwrap_or((65534, 65534));
        chown(folder, Some(uid), Some(gid)).map_err(|e| e.to_string())?;
        Ok(Self(Some((uid, gid))))
    }

    fn run(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid);
        }
        command
    }
}
