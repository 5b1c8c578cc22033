//! Everything that went wrong, in one shape (RFC 9457).
//!
//! A [`Fault`] becomes a response without a body that carries [`Pending`]; `scope::around`, which knows the
//! request id, writes the body, logs what is ours to mend, and records what was refused.

use std::any::Any;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use csoc_api::problem::{FieldError, Problem};

use crate::service::{Fault, Mistake};

/// A problem that has no request id yet.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub code: &'static str,
    pub title: &'static str,
    pub detail: Option<String>,
    pub errors: Vec<FieldError>,
    /// For the log only.
    pub cause: Option<String>,
    pub refused: Option<Arc<str>>,
}

impl Pending {
    pub(super) fn into_problem(self, status: StatusCode, request_id: &str) -> Problem {
        Problem {
            kind: format!("about:blank#{}", self.code),
            code: self.code.to_owned(),
            title: self.title.to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            errors: self.errors,
            request_id: request_id.to_owned(),
        }
    }

    /// For answers that something else than a [`Fault`] made: a body that is no JSON, a method that is not there.
    pub(super) fn of_status(status: StatusCode, text: String) -> Self {
        let (code, title) = match status {
            StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "This path does not take this method"),
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The body is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("media_type", "The body must be application/json"),
            StatusCode::GATEWAY_TIMEOUT => ("deadline", "The server took too long"),
            StatusCode::NOT_FOUND => ("not_found", "Not found"),
            status if status.is_server_error() => ("failed", "The server failed"),
            _ => ("invalid", "The request cannot be understood"),
        };
        let detail = match code {
            "deadline" => Some("It was given up after 30 seconds; try again, and tell us when it stays so.".to_owned()),
            _ => (!text.is_empty()).then_some(text),
        };
        Self { code, title, detail, errors: Vec::new(), cause: None, refused: None }
    }
}

fn field(mistake: &Mistake) -> FieldError {
    FieldError { field: mistake.field.clone(), message: mistake.message.clone() }
}

/// Status, code, title.
fn face(fault: &Fault) -> (StatusCode, &'static str, &'static str) {
    match fault {
        Fault::NotFound { .. } => (StatusCode::NOT_FOUND, "not_found", "Not found"),
        Fault::NotSignedIn => (StatusCode::UNAUTHORIZED, "not_signed_in", "Not signed in"),
        Fault::WrongCredentials => (StatusCode::UNAUTHORIZED, "wrong_credentials", "Name or password is wrong"),
        Fault::Forbidden { .. } | Fault::NotAllowed(_) => (StatusCode::FORBIDDEN, "forbidden", "Not allowed"),
        Fault::MustChangePassword => (StatusCode::FORBIDDEN, "must_change_password", "A new password is wanted"),
        Fault::CrossSite(_) => (StatusCode::FORBIDDEN, "cross_site", "Not from a page of this server"),
        Fault::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Not accepted as it is"),
        Fault::Conflict(_) => (StatusCode::CONFLICT, "conflict", "It conflicts with what is there"),
        Fault::Throttled { .. } => (StatusCode::TOO_MANY_REQUESTS, "throttled", "Too many attempts"),
        Fault::NotReady(_) => (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "Not ready yet"),
        Fault::Outside(_) => (StatusCode::UNPROCESSABLE_ENTITY, "outside", "The other side cannot be used"),
        Fault::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy", "The store is not reachable"),
        Fault::Full(_) => (StatusCode::INSUFFICIENT_STORAGE, "full", "The disk is full"),
        Fault::Inner { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "failed", "The server failed"),
    }
}

/// All causes, for the log.
fn causes(fault: &Fault) -> String {
    let mut text = fault.to_string();
    let mut next = std::error::Error::source(fault);
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response<Body> {
        let (status, code, title) = face(&self);
        let ours = status.is_server_error();
        let detail = match &self {
            // What failed inside is nobody's business outside.
            Fault::Inner { .. } => "It was written to the server's log; give the request id when you report it.".into(),
            other => sentence(&other.to_string()),
        };
        let errors = if let Fault::Invalid(mistakes) = &self { mistakes.iter().map(field).collect() } else { vec![] };
        let refused = match &self {
            Fault::Forbidden { permission } => Some(Arc::from(permission.as_str())),
            Fault::NotAllowed(why) | Fault::CrossSite(why) => Some(Arc::from(*why)),
            _ => None,
        };
        let cause = ours.then(|| causes(&self));
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        if let Fault::Throttled { wait } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Pending { code, title, detail: Some(detail), errors, cause, refused });
        response
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// A handler panicked: that is a fault of ours, told as such, and the server lives on.
pub(super) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    let cause = format!("panic: {}", text.unwrap_or_else(|| "without a text".to_owned()));
    Fault::Inner { step: "handling a request", source: cause.into() }.into_response()
}
