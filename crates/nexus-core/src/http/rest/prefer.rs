//! What a client prefers of the rows that it asks for and writes.

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use dataflow_core::error::{Error, Kind};

use crate::http::Problem;
use crate::http::preference::{self, preference};

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
pub(super) fn applied(response: Response, preference: &'static str) -> Response {
    preference::applied(response, HeaderValue::from_static(preference))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::preference::PREFER;

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
