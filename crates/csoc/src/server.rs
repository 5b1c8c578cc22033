//! The server, asked over its REST API.

pub mod rows;

use csoc_api::page::Page;
use csoc_api::problem::Problem;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;
use url::Url;

use crate::account::Account;
use crate::failure::Failure;

/// Largest page the API gives.
const PAGE: &str = "500";

/// One conversation. Requests go one after the other: a command asks little.
pub struct Client {
    http: reqwest::Client,
    runtime: Runtime,
    account: Account,
    /// Of a session; a token needs none.
    csrf: Option<String>,
}

pub type Query<'a> = &'a [(&'a str, String)];

impl Client {
    /// With the server and token that were kept or set.
    pub fn signed_in() -> Result<Self, Failure> {
        match Account::load()? {
            Some(account) if account.token.is_some() => Self::new(account),
            Some(_) => Err(Failure::new("there is a server and no token: set CSOC_TOKEN or run csoc login")),
            None => Err(Failure::new(
                "no server is configured: run csoc login, or read files with --path (a work tree, a bare \
                 repository or a bundle)",
            )),
        }
    }

    pub fn new(account: Account) -> Result<Self, Failure> {
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("csoc/", env!("CARGO_PKG_VERSION")))
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(std::time::Duration::from_secs(10))
            .timeout(std::time::Duration::from_secs(120));
        if let Some(path) = &account.ca {
            let read = |error: &dyn std::fmt::Display| Failure::new(format!("reading {}: {error}", path.display()));
            let pem = std::fs::read(path).map_err(|error| read(&error))?;
            let certificate = reqwest::Certificate::from_pem(&pem).map_err(|error| read(&error))?;
            http = http.add_root_certificate(certificate);
        }
        let broken = |error: &dyn std::fmt::Display| Failure::new(format!("starting the HTTP client: {error}"));
        Ok(Self {
            http: http.build().map_err(|error| broken(&error))?,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| broken(&error))?,
            account,
            csrf: None,
        })
    }

    /// The same server, for signing in anew.
    pub fn account_without_token(&self) -> Account {
        Account { server: self.account.server.clone(), token: None, ca: self.account.ca.clone() }
    }

    pub fn server(&self) -> &Url {
        &self.account.server
    }

    /// Requests from here on are a session's, which must prove that they are no other site's.
    pub fn set_csrf(&mut self, csrf: Option<String>) {
        self.csrf = csrf;
    }

    pub fn get<T: DeserializeOwned>(&self, path: &str, query: Query<'_>) -> Result<T, Failure> {
        self.parsed(self.request(Method::GET, path)?.query(query))
    }

    pub fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        self.parsed(self.request(Method::POST, path)?.json(body))
    }

    /// For what answers with nothing of interest.
    pub fn send(&self, method: Method, path: &str) -> Result<(), Failure> {
        self.answer(self.request(method, path)?).map(drop)
    }

    /// The answer's text as it comes.
    pub fn text(&self, path: &str, query: Query<'_>) -> Result<String, Failure> {
        let answer = self.answer(self.request(Method::GET, path)?.query(query))?;
        self.runtime.block_on(answer.text()).map_err(|error| self.unreachable(&error))
    }

    /// Every row of a list, page by page, at most `limit`.
    pub fn all<T: DeserializeOwned>(&self, path: &str, query: Query<'_>, limit: usize) -> Result<Vec<T>, Failure> {
        let mut rows: Vec<T> = Vec::new();
        let mut cursor = None;
        loop {
            let mut query = query.to_vec();
            query.push(("limit", PAGE.to_owned()));
            query.extend(cursor.map(|cursor| ("cursor", cursor)));
            let page: Page<T> = self.get(path, &query)?;
            rows.extend(page.items);
            cursor = page.next;
            if cursor.is_none() || rows.len() >= limit {
                rows.truncate(limit);
                return Ok(rows);
            }
        }
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, Failure> {
        let url = self
            .server()
            .join(&format!("api/v1/{path}"))
            .map_err(|error| Failure::new(format!("{path} is no path of the API: {error}")))?;
        let mut request = self.http.request(method, url);
        if let Some(token) = &self.account.token {
            request = request.bearer_auth(token.expose());
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-csrf-token", csrf);
        }
        Ok(request)
    }

    fn parsed<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failure> {
        let answer = self.answer(request)?;
        let body = self.runtime.block_on(async { answer.bytes().await }).map_err(|error| self.unreachable(&error))?;
        serde_json::from_slice(&body).map_err(|error| {
            Failure::new(format!(
                "the answer of {} is not understood ({error}); server and csoc may be of different versions",
                self.server()
            ))
        })
    }

    fn answer(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let answer = self.runtime.block_on(async { request.send().await }).map_err(|error| self.unreachable(&error))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status();
        let body = self.runtime.block_on(async { answer.bytes().await }).unwrap_or_default();
        Err(refused(status, serde_json::from_slice(&body).ok()))
    }

    /// The innermost cause tells most ("connection refused", "certificate has expired").
    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        let server = self.server();
        Failure::new(format!("{server} cannot be reached: {cause}; is it running, and is the address right?"))
    }
}

fn refused(status: StatusCode, problem: Option<Problem>) -> Failure {
    let Some(problem) = problem else {
        return Failure::new(format!("the server answered {status}; is the address that of a csoc server?"));
    };
    if status == StatusCode::UNAUTHORIZED && problem.code != "wrong_credentials" {
        return Failure::new("the token was refused: it has ended or was revoked; run csoc login");
    }
    let mut sentence = problem.detail.unwrap_or(problem.title);
    for error in &problem.errors {
        sentence.push_str(&format!("; {}: {}", error.field, error.message));
    }
    Failure::new(format!("{sentence} (request {})", problem.request_id))
}
