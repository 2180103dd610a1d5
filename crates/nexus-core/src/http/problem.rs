//! Errors as RFC 9457 problem documents.

mod kind;

use std::borrow::Cow;

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Response as HttpResponse, StatusCode};
use axum::response::{IntoResponse, Response};
use dataflow_core::error::{Code, Error, Fault, Kind};
use serde::Serialize;

use super::RequestId;

/// Why a request has no answer, as `application/problem+json`.
///
/// `type` is `urn:nexus:problem:` and a word that never changes its meaning; `title` is the same
/// for every problem of one type; `detail` names the thing at fault; `code`, where an operation
/// failed, is the number under which the catalogue of errors explains it. None of them holds SQL, a
/// value of a row, or what is wrong inside this process.
///
/// | status | words |
/// |---|---|
/// | 400 | `malformed`, `unsupported` |
/// | 403 | `forbidden`, `foreign-host` |
/// | 404 | `not-found` (a row), `no-such-route` |
/// | 405, 406 | `method-not-allowed`, `not-acceptable` |
/// | 408 | `body-too-slow` |
/// | 409 | `unique-conflict`, `reference-conflict` |
/// | 410 | `gone` |
/// | 412 | `precondition-failed` |
/// | 413, 414, 415 | `body-too-large`, `url-too-long`, `unsupported-media-type` |
/// | 422 | `invalid` |
/// | 431 | `headers-too-large` |
/// | 500 | `internal` |
/// | 503 | `unavailable`, `contention`, `schema-not-ready` |
/// | 504 | `timeout` |
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    word: &'static str,
    code: Option<Code>,
    title: &'static str,
    detail: Cow<'static, str>,
    help: Option<Cow<'static, str>>,
    faults: Vec<Fault>,
    headers: HeaderMap,
}

/// The wire form.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Fault],
}

impl Problem {
    /// A problem that is not an [`Error`] of an operation.
    pub fn new(
        status: StatusCode,
        word: &'static str,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            status,
            word,
            code: None,
            title,
            detail: detail.into(),
            help: None,
            faults: Vec::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// The request cannot be read.
    pub fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Error::new(Kind::Malformed, detail).into()
    }

    /// There is nothing under this path.
    pub fn no_such_route() -> Self {
        let title = "Nothing is served under this path";
        Self::new(
            StatusCode::NOT_FOUND,
            "no-such-route",
            title,
            "no route matches the path",
        )
        .with_help("GET /openapi.json lists every route, and /docs shows them")
    }

    /// The path exists, the method does not.
    pub fn method_not_allowed() -> Self {
        let title = "The path does not take this method";
        let detail = "the Allow header names the methods that this path takes";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            title,
            detail,
        )
    }

    /// The client takes no type that this route answers with.
    pub fn not_acceptable(offered: &'static str) -> Self {
        let title = "The answer has no form that the client accepts";
        let detail = format!("this path answers with {offered}, which the Accept header excludes");
        Self::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", title, detail)
    }

    /// The body comes in a form that is not read.
    pub fn unsupported_media_type(detail: impl Into<Cow<'static, str>>) -> Self {
        let title = "The body has a form that is not read";
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            title,
            detail,
        )
    }

    /// The body has more bytes than the limit.
    pub fn body_too_large(limit: usize) -> Self {
        let title = "The body is too large";
        let detail = format!("a body has at most {limit} bytes");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            title,
            detail,
        )
    }

    /// The body did not arrive in time.
    pub fn body_too_slow() -> Self {
        let title = "The body did not arrive in time";
        let detail = "the body was not complete when its deadline passed";
        Self::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", title, detail).closing()
    }

    /// The request target has more bytes than the limit.
    pub fn url_too_long(limit: usize) -> Self {
        let title = "The URL is too long";
        let detail = format!("path and query have at most {limit} bytes");
        Self::new(StatusCode::URI_TOO_LONG, "url-too-long", title, detail)
    }

    /// There are more headers, or more bytes of them, than the limit.
    pub fn headers_too_large(limit: usize) -> Self {
        let title = "The headers are too large";
        let detail = format!("there are at most 100 headers and {limit} bytes of them");
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        Self::new(status, "headers-too-large", title, detail).closing()
    }

    /// The request is addressed to a host that this server is not.
    pub fn foreign_host() -> Self {
        let title = "The request is addressed to another host";
        let detail = "a server on loopback without credentials answers only to localhost, 127.0.0.1 and [::1]";
        Self::new(StatusCode::FORBIDDEN, "foreign-host", title, detail)
            .with_help("use http://localhost, or bind another address with credentials")
    }

    fn with_code(mut self, code: Code) -> Self {
        self.0.code = Some(code);
        self
    }

    /// What the reader should do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Closes the connection after the answer: what follows on it cannot be trusted.
    #[must_use]
    pub fn closing(self) -> Self {
        self.with_header(header::CONNECTION, HeaderValue::from_static("close"))
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The document, naming the request where it is known.
    pub(super) fn to_json(&self, request_id: Option<&RequestId>) -> Vec<u8> {
        let document = Document {
            r#type: format!("urn:nexus:problem:{}", self.0.word),
            title: self.0.title,
            status: self.0.status.as_u16(),
            code: self.0.code.map(|code| code.to_string()),
            detail: &self.0.detail,
            help: self.0.help.as_deref(),
            request_id: request_id.map(RequestId::as_str),
            errors: &self.0.faults,
        };
        serde_json::to_vec(&document).expect("a document of strings is JSON")
    }

    /// The answer, naming the request.
    pub(super) fn into_response_to(self, request_id: RequestId) -> Response {
        let body = self.to_json(Some(&request_id));
        let name = request_id.into_header_value();
        self.with_header(RequestId::HEADER, name).respond(body)
    }

    fn respond(self, body: Vec<u8>) -> Response {
        let mut response = HttpResponse::new(body.into());
        *response.status_mut() = self.0.status;
        *response.headers_mut() = self.0.headers;
        let media_type = HeaderValue::from_static("application/problem+json");
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
        response
    }
}

/// The problem stays with the response, so that the middleware can add the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = self.to_json(None);
        let mut response = self.clone().respond(body);
        response.extensions_mut().insert(self);
        response
    }
}
