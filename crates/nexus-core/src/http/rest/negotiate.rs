//! What a request may ask for beside its path: JSON in, JSON out, and no condition.

use axum::http::{HeaderMap, header};
use dataflow_core::error::{Error, Kind};

use crate::http::Problem;

/// Refuses a client that takes no JSON.
pub(super) fn check_accept(headers: &HeaderMap) -> Result<(), Problem> {
    check_accept_of(headers, "application/json")
}

/// Refuses a client that does not take a media type.
pub(super) fn check_accept_of(
    headers: &HeaderMap,
    media_type: &'static str,
) -> Result<(), Problem> {
    let mut ranges = headers.get_all(header::ACCEPT).iter().peekable();
    if ranges.peek().is_none() {
        return Ok(());
    }
    let is_taken = ranges.any(|value| {
        let text = value.to_str().unwrap_or_default();
        text.split(',').any(|range| is_range_of(range, media_type))
    });
    if is_taken {
        Ok(())
    } else {
        Err(Problem::not_acceptable(media_type))
    }
}

fn is_range_of(range: &str, media_type: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let media_range = parts.next().unwrap_or_default();
    let kind = media_type.split('/').next().unwrap_or_default();
    let is_it = ["*/*", &format!("{kind}/*"), media_type]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_range));
    let is_excluded = parts.any(|part| {
        let quality = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
        quality.is_some_and(|quality| quality.parse::<f32>() == Ok(0.0))
    });
    is_it && !is_excluded
}

/// Refuses a body that is not plain JSON.
pub(super) fn check_content(headers: &HeaderMap) -> Result<(), Problem> {
    if let Some(encoding) = headers.get(header::CONTENT_ENCODING)
        && !encoding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        let detail = "a body is sent without Content-Encoding";
        return Err(Problem::unsupported_media_type(detail));
    }
    let content_type = headers.get(header::CONTENT_TYPE);
    let text = content_type.and_then(|value| value.to_str().ok());
    if text.is_some_and(is_json) {
        return Ok(());
    }
    let problem = Problem::unsupported_media_type("a body has the Content-Type application/json");
    Err(problem.with_help("send that header; curl does with --json in the place of -d"))
}

/// What a write may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conditions {
    /// Nothing.
    None,
    /// The version of the row, which `If-Match` names.
    Version,
}

/// Refuses a write on a condition that is not kept here: whoever sends one counts on it.
pub(super) fn check_conditions(headers: &HeaderMap, kept: Conditions) -> Result<(), Problem> {
    const CONDITIONS: [&str; 3] = ["if-match", "if-unmodified-since", "idempotency-key"];
    let not_kept = match kept {
        Conditions::None => &CONDITIONS[..],
        Conditions::Version => &CONDITIONS[1..],
    };
    let condition = not_kept.iter().find(|name| headers.contains_key(**name));
    match condition {
        None => Ok(()),
        Some(name) => Err(Error::new(
            Kind::Unsupported,
            format!("the condition of header {name:?} cannot be kept here"),
        )
        .with_help("send the request without this header")
        .into()),
    }
}

/// `application/json`, or the type of a merge patch, which an update is; in UTF-8.
fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let is_json = ["application/json", "application/merge-patch+json"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type));
    let is_utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    is_json && is_utf8
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_client_that_excludes_json_is_refused() {
        let cases = [
            ("*/*", true),
            ("text/html, application/json;q=0.5", true),
            ("application/*", true),
            ("text/xml", false),
            ("application/json;q=0", false),
            ("", false),
        ];
        for (accept, expected) in cases {
            let accept_header = (header::ACCEPT, HeaderValue::from_static(accept));
            let headers = HeaderMap::from_iter([accept_header]);
            assert_eq!(check_accept(&headers).is_ok(), expected, "{accept}");
        }
        assert!(check_accept(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn only_plain_json_in_utf8_is_read() {
        let cases = [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/merge-patch+json", true),
            ("application/json; charset=latin1", false),
            ("text/plain", false),
            ("application/jsonx", false),
        ];
        for (content_type, expected) in cases {
            assert_eq!(is_json(content_type), expected, "{content_type}");
        }
    }
}
