//! What a client prefers of several ways in which a request can be answered (RFC 7240).

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

/// The header of a request.
pub(super) const PREFER: &str = "prefer";

const APPLIED: &str = "preference-applied";

/// The value of a preference: the first that is sent.
pub(super) fn preference<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let values = headers.get_all(PREFER).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let mut preferences = values.flat_map(|value| value.split([',', ';']));
    preferences.find_map(|preference| {
        let (found, value) = preference.split_once('=')?;
        let is_it = found.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"'))
    })
}

/// Says that a preference was kept, beside others that were.
pub(super) fn applied(mut response: Response, preference: HeaderValue) -> Response {
    response.headers_mut().append(APPLIED, preference);
    response
}
