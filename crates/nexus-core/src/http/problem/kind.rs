//! From the kind of an error to the status and the words of a problem: the one table.

use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use dataflow_core::error::{Error, Kind};

use super::Problem;

/// The one translation of the HTTP door. Faults of this process are in the log of the dispatch, and
/// are not described to clients.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, word, title) = words_of(error.kind());
        if error.kind().is_of_this_process() {
            let detail = "the log of the server says more under this request id";
            return Self::new(status, word, title, detail).with_code(error.code());
        }
        let message = error.message().to_owned();
        let mut problem = Self::new(status, word, title, message).with_code(error.code());
        problem.0.help = error.help().map(|help| help.to_owned().into());
        problem.0.faults = error.faults().to_vec();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            problem = problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        problem
    }
}

fn words_of(kind: Kind) -> (StatusCode, &'static str, &'static str) {
    use StatusCode as Status;
    match kind {
        Kind::Malformed => (
            Status::BAD_REQUEST,
            "malformed",
            "The request cannot be read",
        ),
        Kind::Unsupported => (
            Status::BAD_REQUEST,
            "unsupported",
            "This cannot be done here",
        ),
        Kind::Forbidden => (Status::FORBIDDEN, "forbidden", "The caller may not do this"),
        Kind::NotFound => (Status::NOT_FOUND, "not-found", "It does not exist"),
        Kind::Unique => (
            Status::CONFLICT,
            "unique-conflict",
            "Another row has this value",
        ),
        Kind::ForeignKey => (
            Status::CONFLICT,
            "reference-conflict",
            "A reference between rows forbids it",
        ),
        Kind::Precondition => (
            Status::PRECONDITION_FAILED,
            "precondition-failed",
            "The row has changed meanwhile",
        ),
        Kind::Gone => (Status::GONE, "gone", "Changes are no longer kept"),
        Kind::Invalid => (
            Status::UNPROCESSABLE_ENTITY,
            "invalid",
            "A field refuses its value",
        ),
        Kind::Unavailable => (
            Status::SERVICE_UNAVAILABLE,
            "unavailable",
            "The server is not ready to answer",
        ),
        Kind::Contention => (
            Status::SERVICE_UNAVAILABLE,
            "contention",
            "Another change was in the way",
        ),
        Kind::Schema => (
            Status::SERVICE_UNAVAILABLE,
            "schema-not-ready",
            "The tables are not what the models need",
        ),
        Kind::Timeout => (Status::GATEWAY_TIMEOUT, "timeout", "It took too long"),
        _ => (
            Status::INTERNAL_SERVER_ERROR,
            "internal",
            "The server is at fault",
        ),
    }
}
