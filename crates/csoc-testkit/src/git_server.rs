//! A Git host on loopback: real HTTPS, real `git http-backend`, and the ways in which hosts fail.
//!
//! Story: a test serves the sample fleet to whoever has the token, then revokes it with
//! [`GitServer::behave`] and looks at what the operator is told. The certificate is signed by an authority
//! made for the test ([`GitServer::authority`]), as with a private Git host.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What the host does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Everybody may read.
    Open,
    /// Basic authentication with this user and token.
    Token { user: String, token: String },
    /// This status and nothing else.
    Status(u16),
    /// A web page, as a mistyped address gives.
    WebPage,
    /// No answer until the server goes.
    Silent,
    /// The pack ends after so many bytes.
    Cut(usize),
}

pub struct GitServer {
    port: u16,
    tls: bool,
    authority: String,
    behaviour: Arc<Mutex<Behaviour>>,
    gone: Arc<AtomicBool>,
}

struct Host {
    root: PathBuf,
    tls: Option<Arc<ServerConfig>>,
    behaviour: Arc<Mutex<Behaviour>>,
    gone: Arc<AtomicBool>,
}

impl GitServer {
    /// Serve the repositories in `root` over HTTPS.
    ///
    /// # Panics
    /// When loopback or the certificate fails.
    pub fn https(root: &Path, behaviour: Behaviour) -> Self {
        let (config, authority) = certificate();
        Self::start(root, behaviour, Some(config), authority)
    }

    /// Serve them over plain HTTP.
    ///
    /// # Panics
    /// When loopback fails.
    pub fn http(root: &Path, behaviour: Behaviour) -> Self {
        Self::start(root, behaviour, None, String::new())
    }

    /// `https://localhost:PORT/NAME`
    pub fn url(&self, name: &str) -> String {
        format!("{}://localhost:{}/{name}", if self.tls { "https" } else { "http" }, self.port)
    }

    /// The certificate (PEM) of the authority that signed the host's.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// From now on.
    pub fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap_or_else(PoisonError::into_inner) = behaviour;
    }

    fn start(root: &Path, behaviour: Behaviour, tls: Option<Arc<ServerConfig>>, authority: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let (behaviour, gone) = (Arc::new(Mutex::new(behaviour)), Arc::new(AtomicBool::new(false)));
        let host = Arc::new(Host {
            root: root.to_owned(),
            tls: tls.clone(),
            behaviour: Arc::clone(&behaviour),
            gone: Arc::clone(&gone),
        });
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if host.gone.load(Ordering::Relaxed) {
                    return;
                }
                let host = Arc::clone(&host);
                // A client that hangs up is no failure of the test.
                std::thread::spawn(move || host.serve(stream).ok());
            }
        });
        Self { port, tls: tls.is_some(), authority, behaviour, gone }
    }
}

impl Drop for GitServer {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Host {
    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        match &self.tls {
            None => self.answer(stream),
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
                self.answer(StreamOwned::new(connection, stream))
            }
        }
    }

    /// One request for each connection.
    fn answer(&self, stream: impl Read + Write) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let request = Request::read(&mut stream)?;
        let behaviour = self.behaviour.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut limit = usize::MAX;
        match behaviour {
            Behaviour::Open => {}
            Behaviour::Token { user, token } => {
                let wanted = format!("Basic {}", base64(format!("{user}:{token}").as_bytes()));
                if request.header("authorization") != Some(&wanted) {
                    return simple(
                        stream.get_mut(),
                        "401 Unauthorized",
                        "WWW-Authenticate: Basic realm=\"git\"\r\n",
                        "",
                    );
                }
            }
            Behaviour::Status(status) => return simple(stream.get_mut(), &format!("{status} As told"), "", ""),
            Behaviour::WebPage => {
                return simple(stream.get_mut(), "200 OK", "Content-Type: text/html\r\n", "<h1>Welcome</h1>");
            }
            Behaviour::Silent => {
                while !self.gone.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(20));
                }
                return Ok(());
            }
            Behaviour::Cut(bytes) => {
                limit = if request.method == "POST" && request.asks_for_pack() { bytes } else { limit }
            }
        }
        let answer = self.backend(&request)?;
        let stream = stream.get_mut();
        stream.write_all(&answer[..answer.len().min(limit)])?;
        stream.flush()
    }

    /// Git's own CGI program does the work.
    fn backend(&self, request: &Request) -> std::io::Result<Vec<u8>> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut child = Command::new("git")
            .args(["-c", "safe.directory=*", "http-backend"])
            .env("GIT_PROJECT_ROOT", &self.root)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("PATH_INFO", path)
            .env("QUERY_STRING", query)
            .env("REQUEST_METHOD", &request.method)
            .env("CONTENT_TYPE", request.header("content-type").unwrap_or_default())
            .env("CONTENT_LENGTH", request.body.len().to_string())
            .env("HTTP_CONTENT_ENCODING", request.header("content-encoding").unwrap_or_default())
            .env("GIT_PROTOCOL", request.header("git-protocol").unwrap_or_default())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(&request.body)?;
        }
        let output = child.wait_with_output()?.stdout;
        let end = output.windows(4).position(|w| w == b"\r\n\r\n").map_or(0, |at| at + 4);
        let headers = String::from_utf8_lossy(&output[..end]).into_owned();
        let status = headers.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
        let others: String = headers
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with("Status: "))
            .map(|line| format!("{line}\r\n"))
            .collect();
        let body = &output[end..];
        let mut answer =
            format!("HTTP/1.1 {status}\r\n{others}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())
                .into_bytes();
        answer.extend_from_slice(body);
        Ok(answer)
    }
}

fn simple(stream: &mut impl Write, status: &str, headers: &str, body: &str) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())?;
    stream.flush()
}

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &mut impl BufRead) -> std::io::Result<Self> {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':') {
                headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
            }
        }
        let mut request = Self { method, target, headers, body: Vec::new() };
        request.body = request.read_body(stream)?;
        Ok(request)
    }

    fn read_body(&self, stream: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if self.header("transfer-encoding") == Some("chunked") {
            loop {
                let mut size = String::new();
                stream.read_line(&mut size)?;
                let size = u64::from_str_radix(size.trim(), 16).map_err(std::io::Error::other)?;
                stream.take(size).read_to_end(&mut body)?;
                stream.read_line(&mut String::new())?;
                if size == 0 {
                    return Ok(body);
                }
            }
        }
        let length = self.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        stream.take(length).read_to_end(&mut body)?;
        Ok(body)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn asks_for_pack(&self) -> bool {
        self.body.windows(13).any(|window| window == b"command=fetch")
    }
}

fn certificate() -> (Arc<ServerConfig>, String) {
    let authority_key = rcgen::KeyPair::generate().expect("a key");
    let mut authority = rcgen::CertificateParams::default();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    authority.distinguished_name.push(rcgen::DnType::CommonName, "Test authority");
    let pem = authority.self_signed(&authority_key).expect("a certificate").pem();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().expect("a key");
    let host = rcgen::CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("names");
    let host = host.signed_by(&key, &issuer).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_no_client_auth()
        .with_single_cert(vec![host.der().clone()], key)
        .expect("the key fits the certificate");
    (Arc::new(config), pem)
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = [0; 3];
        word[..chunk.len()].copy_from_slice(chunk);
        let bits = (u32::from(word[0]) << 16) | (u32::from(word[1]) << 8) | u32::from(word[2]);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63] as char;
            text.push(if place > chunk.len() { '=' } else { letter });
        }
    }
    text
}
