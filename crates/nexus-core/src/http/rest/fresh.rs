//! A reader who may have the row already: its tag, and `If-None-Match`.
//!
//! A row that counts its changes has its version for a tag. Any other, and whatever is selected of
//! one or stands beside it, is told by a digest of the answer.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use dataflow_core::ddl::Fingerprint;
use dataflow_core::node::Answer;

use super::response;

/// The row with its tag, or the word that the reader has it.
pub(super) fn row(headers: &HeaderMap, answer: Answer) -> Response {
    let version = answer.version;
    let body = answer.body.into_bytes();
    let tag = match version {
        Some(version) => format!("\"{version}\""),
        None => format!("\"{}\"", Fingerprint::of(&body)),
    };
    let mut response = match has(headers, &tag) {
        true => response::empty(StatusCode::NOT_MODIFIED),
        false => response::json(StatusCode::OK, body),
    };
    let tag = HeaderValue::from_str(&tag).expect("digits in quotes fit a header");
    response.headers_mut().insert(header::ETAG, tag);
    response
}

/// Whether the reader names this tag among those of what it has. What is no tag matches none.
fn has(headers: &HeaderMap, tag: &str) -> bool {
    let named = headers.get_all(header::IF_NONE_MATCH).iter();
    let named = named.filter_map(|value| value.to_str().ok());
    let mut named = named.flat_map(|value| value.split(',')).map(str::trim);
    named.any(|named| named == "*" || named.strip_prefix("W/").unwrap_or(named) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_has_what_it_names() {
        let cases = [
            ("\"3\"", true),
            ("W/\"3\"", true),
            ("\"2\", \"3\"", true),
            ("*", true),
            ("3", false),
            ("\"33\"", false),
            ("\"2\"", false),
            ("", false),
        ];
        for (text, expected) in cases {
            let value = HeaderValue::from_str(text).unwrap();
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, value)]);
            assert_eq!(has(&headers, "\"3\""), expected, "{text}");
        }
        assert!(!has(&HeaderMap::new(), "\"3\""));
    }
}
