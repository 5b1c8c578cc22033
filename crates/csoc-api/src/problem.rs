//! Errors as RFC 9457 problem details (`application/problem+json`).

use crate::shape;

shape! {
    /// What went wrong, for a person and for a program. Holds nothing private.
    pub struct Problem {
        /// `about:blank#<code>`.
        #[serde(rename = "type")]
        pub kind: String,
        /// Stable: `not_found`, `forbidden`, `invalid`, `conflict`, `throttled` ...
        pub code: String,
        pub title: String,
        pub status: u16,
        /// One sentence to act on.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub detail: Option<String>,
        /// Every mistake in the input at once.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub errors: Vec<FieldError>,
        pub request_id: String,
    }

    pub struct FieldError {
        /// JSON pointer or query parameter name.
        pub field: String,
        pub message: String,
    }
}
