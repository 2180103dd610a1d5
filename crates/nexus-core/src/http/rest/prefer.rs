//! What a client prefers of several ways in which a request can be answered (RFC 7240).

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use dataflow_core::error::{Error, Kind};

use crate::http::Problem;

const PREFER: &str = "prefer";
const APPLIED: &str = "preference-applied";

/// What becomes of a new row whose key, or whose unique value, another row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resolution {
    /// It is refused.
    Refuse,
    /// That row is given its values.
    Merge,
}

/// What `resolution=…` says. Another than these is refused: whoever sends one counts on it.
pub(super) fn resolution(headers: &HeaderMap) -> Result<Resolution, Problem> {
    match preference(headers, "resolution") {
        None => Ok(Resolution::Refuse),
        Some("merge-duplicates") => Ok(Resolution::Merge),
        Some(_) => {
            let message = "a preference \"resolution\" other than merge-duplicates cannot be kept";
            Err(Error::new(Kind::Malformed, message)
                .with_help("send Prefer: resolution=merge-duplicates, or no such preference")
                .into())
        }
    }
}

/// Whether all rows are to be counted beside those of a page.
pub(super) fn wants_count(headers: &HeaderMap) -> bool {
    preference(headers, "count") == Some("exact")
}

/// Says that a preference was kept.
pub(super) fn applied(mut response: Response, preference: &'static str) -> Response {
    let value = HeaderValue::from_static(preference);
    response.headers_mut().insert(APPLIED, value);
    response
}

/// The value of a preference: the first that is sent.
fn preference<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let values = headers.get_all(PREFER).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let mut preferences = values.flat_map(|value| value.split([',', ';']));
    preferences.find_map(|preference| {
        let (found, value) = preference.split_once('=')?;
        let is_it = found.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(PREFER, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn preferences_stand_side_by_side_and_in_several_headers() {
        let cases = [
            (&[][..], Some(Resolution::Refuse), false),
            (
                &["resolution=merge-duplicates"],
                Some(Resolution::Merge),
                false,
            ),
            (
                &[
                    "return=minimal, Resolution=\"merge-duplicates\"",
                    "count=exact",
                ],
                Some(Resolution::Merge),
                true,
            ),
            (&["resolution=ignore-duplicates"], None, false),
            (&["count=planned"], Some(Resolution::Refuse), false),
            (&["count"], Some(Resolution::Refuse), false),
        ];
        for (values, expected, is_counted) in cases {
            let headers = headers(values);
            assert_eq!(resolution(&headers).ok(), expected, "{values:?}");
            assert_eq!(wants_count(&headers), is_counted, "{values:?}");
        }
    }
}
