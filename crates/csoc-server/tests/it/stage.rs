//! The stage of a story: a server on a free port, and people who talk to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use csoc_core::secret::Secret;
use csoc_server::{App, Config, Server};
use csoc_store::FolderLock;
use csoc_testkit::postgres::Postgres;
use csoc_testkit::wait::until_async;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const PASSWORD: &str = "correct horse battery";

pub struct Stage {
    pub app: App,
    pub url: String,
    pub data: PathBuf,
    setup_url: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
    _folder: TempDir,
}

/// A client with its own cookies, and the CSRF token of its session.
#[derive(Clone)]
pub struct Person {
    client: Client,
    url: String,
    csrf: Option<String>,
    bearer: Option<String>,
}

pub async fn stage() -> Stage {
    staged(|_| {}).await
}

/// With PostgreSQL as its store; `None` when tests were asked to go without.
pub async fn postgres() -> Option<Stage> {
    let url = Postgres::shared()?.database();
    Some(staged(|config| config.store = Secret::new(url)).await)
}

pub async fn staged(change: impl FnOnce(&mut Config)) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::local(folder.path().join("data"));
    config.shutdown = Duration::from_secs(2);
    change(&mut config);
    start(folder, config).await
}

async fn start(folder: TempDir, config: Config) -> Stage {
    let data = config.data.clone();
    let server = Server::build(config).await.unwrap();
    let (app, url, setup_url) = (server.app(), server.url(), server.setup_url());
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move { drop(stopped.await) }));
    Stage { app, url, data, setup_url, stop: Some(stop), running: Some(running), _folder: folder }
}

impl Stage {
    pub fn setup_code(&self) -> String {
        self.setup_url.as_ref().unwrap().split_once("#code=").unwrap().1.to_owned()
    }

    pub fn nobody(&self) -> Person {
        let client = Client::builder().cookie_store(true).build().unwrap();
        Person { client, url: self.url.clone(), csrf: None, bearer: None }
    }

    /// The first administrator, signed in.
    pub async fn administrator(&self) -> Person {
        let mut person = self.nobody();
        let body = json!({ "code": self.setup_code(), "name": "root", "password": PASSWORD });
        let me = person.post("/setup", body).await.ok().await;
        person.csrf = Some(me["csrf"].as_str().unwrap().to_owned());
        person
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Person {
        let mut person = self.nobody();
        let me = person.post("/session", json!({ "name": name, "password": password })).await.ok().await;
        person.csrf = me["csrf"].as_str().map(str::to_owned);
        person
    }

    pub fn bearer(&self, token: &str) -> Person {
        Person { bearer: Some(token.to_owned()), ..self.nobody() }
    }

    /// Somebody with one role, made by `admin` and signed in with a password of their own.
    pub async fn person(&self, admin: &Person, name: &str, role: &str, organization: Option<&str>) -> Person {
        let roles = json!([{ "role": role, "organization": organization }]);
        self.person_with(admin, name, roles).await
    }

    pub async fn person_with(&self, admin: &Person, name: &str, roles: Value) -> Person {
        let made = admin.post("/people", json!({ "name": name, "roles": roles })).await.is(201).await;
        let once = made["one_time_password"].as_str().unwrap();
        let person = self.sign_in(name, once).await;
        person.post("/me/password", json!({ "current": once, "new": PASSWORD })).await.is(204).await;
        person
    }

    /// Stops it as SIGTERM does.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(running) = self.running.take() {
            running.await.unwrap();
        }
    }

    /// The same data folder, another process as it were.
    pub async fn restarted(mut self, change: impl FnOnce(&mut Config)) -> Stage {
        self.stop().await;
        let mut config = Config::local(self.data.clone());
        config.store = self.app.config.store.clone();
        change(&mut config);
        let Stage { _folder, app, .. } = self;
        drop(app);
        // Connections that were cut let go of the store a moment later.
        until_async("the data folder is free", Duration::from_secs(10), async || FolderLock::take(&config.data).ok())
            .await;
        start(_folder, config).await
    }
}

pub async fn organization(admin: &Person, name: &str) -> String {
    let made = admin.post("/organizations", json!({ "name": name })).await.is(201).await;
    made["id"].as_str().unwrap().to_owned()
}

/// Registers what is at `path` and waits until it was read.
pub async fn source(admin: &Person, organization: &str, name: &str, path: &Path) -> String {
    let body = json!({ "name": name, "kind": "fleet", "location": path });
    registered(admin, organization, body).await
}

/// A chart source that Applications call `https://git.example.org/charts`.
pub async fn chart_source(admin: &Person, organization: &str, path: &Path) -> String {
    let aliases = ["https://git.example.org/charts.git"];
    let body = json!({ "name": "charts", "kind": "chart", "location": path, "branch": "main", "aliases": aliases });
    registered(admin, organization, body).await
}

pub async fn registered(admin: &Person, organization: &str, mut body: Value) -> String {
    let name = body["name"].as_str().unwrap().to_owned();
    body["organization"] = json!(organization);
    body["interval_seconds"] = json!(0);
    let made = admin.post("/sources", body).await.is(201).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let ready = format!("{name} is ready");
    until_async(&ready, Duration::from_secs(60), || async {
        let row = admin.get(&format!("/sources/{id}")).await.ok().await;
        (row["state"]["phase"] == "ready").then_some(())
    })
    .await;
    id
}

impl Person {
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let base = if path.starts_with("/api/") || !self.url_is_api(path) { "" } else { "/api/v1" };
        let mut request = self.client.request(method, format!("{}{base}{path}", self.url));
        if let Some(csrf) = &self.csrf {
            request = request.header("x-csrf-token", csrf);
        }
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        request
    }

    fn url_is_api(&self, path: &str) -> bool {
        !["/healthz", "/readyz", "/metrics", "/openapi.json", "/assets", "/ui"].iter().any(|own| path.starts_with(own))
            && path != "/"
    }

    pub fn without_csrf(&self) -> Person {
        Person { csrf: None, ..self.clone() }
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method.clone(), path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer { what: format!("{method} {path}"), response: request.send().await.unwrap() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }
}

pub struct Answer {
    what: String,
    pub response: Response,
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub fn header(&self, name: &str) -> String {
        self.response.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    pub async fn text(self) -> String {
        self.response.text().await.unwrap()
    }

    pub async fn ok(self) -> Value {
        self.is(StatusCode::OK.as_u16()).await
    }

    /// The body of an answer with this status.
    pub async fn is(self, status: u16) -> Value {
        let (got, what) = (self.status(), self.what.clone());
        let text = self.text().await;
        assert_eq!(got, status, "{what}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }

    /// The stable code of a problem, after its form was checked.
    pub async fn problem(self) -> String {
        let (status, what, id) = (self.status(), self.what.clone(), self.header("x-request-id"));
        assert_eq!(self.header("content-type"), "application/problem+json", "{what} {status}");
        let problem = self.is(status).await;
        assert_eq!(problem["status"], status, "{what}");
        assert_eq!(problem["request_id"], id, "{what}");
        problem["code"].as_str().unwrap().to_owned()
    }
}

/// The same story on both engines.
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* async fn $name:ident($stage:ident: Stage) $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($stage: $crate::stage::Stage) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story($crate::stage::stage().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(stage) = $crate::stage::postgres().await {
                    story(stage).await;
                }
            }
        }
    };
}
