//! How long the client of a request waits.

use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use dataflow_core::error::{Error, Kind};

use crate::http::Problem;
use crate::http::preference::{self, preference};

/// Beyond what any server lets a call take; [`Dispatch`](crate::Dispatch) has its own bound.
const LONGEST: u64 = 24 * 60 * 60;

/// What `Prefer: wait=SECONDS` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    seconds: u64,
    pub(super) until: Instant,
}

impl Wait {
    /// That of a request which has just come; none where it says nothing. What is no number of
    /// seconds is refused: whoever sends it counts on it.
    pub(super) fn of(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let Some(text) = preference(headers, "wait") else {
            return Ok(None);
        };
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = is_number.then(|| text.parse().unwrap_or(u64::MAX));
        let Some(seconds) = seconds.filter(|seconds| *seconds > 0) else {
            let message = "a preference \"wait\" is a whole number of seconds, from 1";
            return Err(Error::new(Kind::Malformed, message)
                .with_help("send Prefer: wait=5, or no such preference")
                .into());
        };
        let seconds = seconds.min(LONGEST);
        let until = Instant::now() + Duration::from_secs(seconds);
        Ok(Some(Self { seconds, until }))
    }

    /// Says that it was kept.
    pub(super) fn applied(self, response: Response) -> Response {
        let text = format!("wait={}", self.seconds);
        let value = HeaderValue::from_str(&text).expect("digits may stand in a header");
        preference::applied(response, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::preference::PREFER;

    #[test]
    fn a_wait_is_a_whole_number_of_seconds() {
        let cases = [
            ("wait=5", Ok(Some(5))),
            ("count=exact, Wait=\"1\"", Ok(Some(1))),
            ("wait=99999999999999999999999", Ok(Some(LONGEST))),
            ("return=minimal", Ok(None)),
            ("wait", Ok(None)),
            ("wait=", Err(())),
            ("wait=0", Err(())),
            ("wait=-1", Err(())),
            ("wait=+1", Err(())),
            ("wait=1.5", Err(())),
            ("wait=soon", Err(())),
        ];
        for (text, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(PREFER, HeaderValue::from_static(text));
            let found = Wait::of(&headers).map(|wait| wait.map(|wait| wait.seconds));
            assert_eq!(found.map_err(drop), expected, "{text}");
        }
    }
}
