//! The layer in front of rmcp: is the body one JSON-RPC message at all?
//!
//! rmcp answers a broken body with 415 and plain text, and refuses `Accept: application/json`.
//! Clients expect a JSON-RPC error of code -32700 or -32600, and what is answered here is always
//! JSON.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dataflow_core::value::parse_object;
use rmcp::ErrorData;
use rmcp::model::{JsonObject, JsonRpcError};
use serde_json::Value as Json;

/// Passes a message on, or answers what it lacks.
pub(crate) async fn check(
    State(body_limit): State<usize>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, body_limit).await else {
        let message = format!("the request could not be read, or exceeds {body_limit} bytes");
        let error = ErrorData::invalid_request(message, None);
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, error);
    };
    if let Err(error) = check_message(&body) {
        return refusal(StatusCode::BAD_REQUEST, error);
    }
    widen_accept(&mut parts.headers);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn check_message(body: &[u8]) -> Result<(), ErrorData> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') {
        return Err(invalid("batches are not supported: post one message"));
    }
    let message = parse_object(body)
        .map_err(|error| ErrorData::parse_error(error.message().to_owned(), None))?;
    if message.get("jsonrpc") != Some(&Json::from("2.0")) {
        return Err(invalid("member \"jsonrpc\" is not \"2.0\""));
    }
    match message.get("method") {
        Some(Json::String(_)) => check_request(&message),
        Some(_) => Err(invalid("member \"method\" is not a string")),
        None if message.contains_key("result") || message.contains_key("error") => Ok(()),
        None => Err(invalid("member \"method\" is missing")),
    }
}

/// A request or a notification: the latter has no id.
fn check_request(message: &JsonObject) -> Result<(), ErrorData> {
    match message.get("id") {
        None | Some(Json::String(_)) => {}
        Some(Json::Number(number)) if number.is_i64() => {}
        Some(_) => return Err(invalid("member \"id\" is neither a string nor an integer")),
    }
    match message.get("params") {
        None | Some(Json::Object(_)) => Ok(()),
        Some(_) => Err(invalid("member \"params\" is not an object")),
    }
}

fn invalid(message: &'static str) -> ErrorData {
    ErrorData::invalid_request(message, None)
}

fn refusal(status: StatusCode, error: ErrorData) -> Response {
    let body =
        serde_json::to_string(&JsonRpcError::new(None, error)).expect("a JSON-RPC error is JSON");
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// rmcp wants both media types named. A client that takes JSON gets what it can read.
fn widen_accept(headers: &mut HeaderMap) {
    if accepts_json(headers) {
        let both = HeaderValue::from_static("application/json, text/event-stream");
        headers.insert(ACCEPT, both);
    }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut ranges = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .map(|range| range.trim().to_ascii_lowercase())
        .peekable();
    ranges.peek().is_none()
        || ranges.any(|range| ["application/json", "application/*", "*/*"].contains(&&*range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_well_formed_message_passes() {
        let cases = [
            (r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, None),
            (
                r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
                None,
            ),
            (r#"{"jsonrpc":"2.0","id":"a","result":{}}"#, None),
            ("", Some(-32700)),
            ("{", Some(-32700)),
            ("\u{feff}{}", Some(-32700)),
            (
                r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#,
                Some(-32700),
            ),
            (
                r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
                Some(-32600),
            ),
            (r#"{"id":1,"method":"ping"}"#, Some(-32600)),
            (r#"{"jsonrpc":"2.0","id":1}"#, Some(-32600)),
            (
                r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
                Some(-32600),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
                Some(-32600),
            ),
            (r#"{"jsonrpc":"2.0","id":1,"method":7}"#, Some(-32600)),
            (
                r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#,
                Some(-32600),
            ),
        ];
        for (body, code) in cases {
            let found = check_message(body.as_bytes())
                .err()
                .map(|error| error.code.0);
            assert_eq!(found, code, "{body}");
        }
    }

    #[test]
    fn a_client_that_takes_json_is_served() {
        let cases = [
            (None, true),
            (Some("application/json"), true),
            (Some("*/*"), true),
            (Some("text/html, application/*;q=0.5"), true),
            (Some("text/event-stream"), false),
            (Some("text/html"), false),
        ];
        for (accept, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, HeaderValue::from_static(accept));
            }
            assert_eq!(accepts_json(&headers), expected, "{accept:?}");
        }
    }
}
