//! The contract to look at: `/openapi.json`, and `/api/docs` as a page without scripts.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

/// What holds for every operation: the version, and how one proves who one is.
pub(super) fn finish(mut document: OpenApi) -> OpenApi {
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    let components = document.components.get_or_insert_default();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("csoc_…").build();
    components.add_security_scheme("token", SecurityScheme::Http(token));
    let cookie = ApiKeyValue::with_description("__Host-csoc", "Changes also need the header X-CSRF-Token.");
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    for (path, item) in &mut document.paths.paths {
        let methods = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("put", &mut item.put),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
            }
        }
    }
    document
}

/// `get_commons_id` for `GET /api/v1/commons/{id}`: generators of clients want one name per operation.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1").split(['/', '{', '}', '-', '.']).filter(|word| !word.is_empty());
    [method].into_iter().chain(words).collect::<Vec<_>>().join("_")
}

static JSON: LazyLock<String> = LazyLock::new(super::openapi_json);
static PAGE: LazyLock<String> = LazyLock::new(|| render(&serde_json::from_str(&JSON).unwrap_or_default()));

pub(super) async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], JSON.as_str())
}

pub(super) async fn page() -> impl IntoResponse {
    let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'";
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    (headers, PAGE.as_str())
}

pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("docs.css"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `#/components/schemas/CommonsRow` → a link to it; anything else in words.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", escaped(name));
    }
    for many in ["oneOf", "anyOf", "allOf"] {
        if let Some(kinds) = schema[many].as_array() {
            return kinds.iter().map(type_of).collect::<Vec<_>>().join(" or ");
        }
    }
    if schema["items"].is_object() {
        return format!("list of {}", type_of(&schema["items"]));
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        Value::String(kind) => kind.clone(),
        _ => "anything".to_owned(),
    };
    schema["format"].as_str().map_or_else(|| escaped(&kind), |format| escaped(&format!("{kind} ({format})")))
}

fn row(out: &mut String, name: &str, kind: &str, needed: bool, about: &str) {
    let star = if needed { "" } else { " <i>optional</i>" };
    // Writing to a String does not fail.
    let _ = write!(out, "<tr><td><code>{}</code>{star}<td>{kind}<td>{}", escaped(name), escaped(about));
}

fn operation(out: &mut String, method: &str, path: &str, operation: &Value) {
    let permission = operation["x-permission"].as_str().unwrap_or_default();
    let about = operation["description"].as_str().or(operation["summary"].as_str()).unwrap_or_default();
    let summary = operation["summary"].as_str().unwrap_or_default();
    let _ = write!(
        out,
        "<details><summary><b>{}</b> <code>{}</code> <span>{}</span> <em>{}</em></summary><p>{}</p><table>",
        method.to_uppercase(),
        escaped(path),
        escaped(summary),
        escaped(permission),
        escaped(about)
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let needed = parameter["required"].as_bool() == Some(true);
        row(out, name, &type_of(&parameter["schema"]), needed, parameter["description"].as_str().unwrap_or_default());
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if body.is_object() {
        row(out, "body", &type_of(body), true, "");
    }
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let schema = answer["content"].as_object().and_then(|kinds| kinds.values().next()).map(|kind| &kind["schema"]);
        let kind = schema.map(type_of).unwrap_or_default();
        row(out, &format!("→ {status}"), &kind, true, answer["description"].as_str().unwrap_or_default());
    }
    out.push_str("</table></details>");
}

fn render(document: &Value) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>csoc API</title><link rel=\"stylesheet\" href=\"/api/docs.css\"><main><h1>csoc API</h1>\
         <p>The same as a document: <a href=\"/openapi.json\">openapi.json</a>. The word in italics is the permission \
         that an operation needs. Errors are <a href=\"#Problem\">problems</a>.</p>",
    );
    let mut tag = String::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, told) in methods.as_object().into_iter().flatten() {
            let this = told["tags"][0].as_str().unwrap_or("other");
            if this != tag {
                this.clone_into(&mut tag);
                let _ = write!(out, "<h2>{}</h2>", escaped(this));
            }
            operation(&mut out, method, path, told);
        }
    }
    out.push_str("<h2>Shapes</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let _ = write!(
            out,
            "<h3 id=\"{0}\">{0}</h3><p>{1}</p><table>",
            escaped(name),
            escaped(schema["description"].as_str().unwrap_or_default())
        );
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (field, kind) in schema["properties"].as_object().into_iter().flatten() {
            let about = kind["description"].as_str().unwrap_or_default();
            row(&mut out, field, &type_of(kind), required.contains(&field.as_str()), about);
        }
        out.push_str("</table>");
    }
    out.push_str("</main></html>");
    out
}
