//! Bodies, paths and queries, with mistakes told as problems.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::service::Fault;

/// A JSON body. Its mistakes name the field, never the value: it may be a password.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Result<axum::http::Response<axum::body::Body>, Fault>;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        match axum::Json::<T>::from_request(request, app).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => Err(Err(described(&error.body_text()))),
            Err(JsonRejection::JsonSyntaxError(_)) => Err(Err(Fault::invalid("", "the body is not JSON"))),
            Err(other) => Err(Ok(axum::response::IntoResponse::into_response(other))),
        }
    }
}

/// `... roles[0]: missing field `role` at line 1 column 30` → field `/roles/0`, message without values.
fn described(text: &str) -> Fault {
    let text = text.strip_prefix("Failed to deserialize the JSON body into the target type: ").unwrap_or(text);
    let (place, message) = match text.split_once(": ") {
        Some((place, message)) if !place.contains(' ') => (place, message),
        _ => ("", text),
    };
    let message = message.split(" at line ").next().unwrap_or(message);
    // serde quotes what was sent: `invalid type: string "hunter2", expected ...`.
    let message = match (message.find("invalid type"), message.split_once(", expected ")) {
        (Some(_), Some((_, expected))) => format!("expected {expected}"),
        _ if message.starts_with("invalid value") || message.contains('"') => "this value is not possible".to_owned(),
        _ => message.to_owned(),
    };
    let pointer: String =
        place.split(['.', '[']).filter(|p| !p.is_empty()).map(|p| format!("/{}", p.trim_end_matches(']'))).collect();
    Fault::invalid(pointer, message)
}

/// A path's parameters. One that cannot be an id names nothing.
pub(super) struct Id<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Id<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let found: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, app).await;
        found.map(|Path(id)| Self(id)).map_err(|_| Fault::NotFound { what: "object" })
    }
}

/// The query's parameters.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let found: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, app).await;
        found.map(|Query(asked)| Self(asked)).map_err(|error| {
            let text = error.body_text();
            let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text).to_owned();
            Fault::invalid(text.split(':').next().unwrap_or_default().to_owned(), text)
        })
    }
}
