//! The name of one request in answers and logs.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

const LONGEST: usize = 128;

/// The name of one request: what the client gave in `X-Request-Id`, or one made here.
#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The header that carries it in both directions.
    pub(in crate::http) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

    /// The client's own, if it is 1 to 128 letters, digits and `-_.:/+=@`; else a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get(Self::HEADER) {
            Some(given) if is_plain(given.as_bytes()) => Self(given.clone()),
            _ => Self::next(),
        }
    }

    /// One that no other request of this process has, nor, but for a chance of one in 2⁶⁴, of another.
    pub fn next() -> Self {
        static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let text = format!("{:016x}-{count:x}", *PROCESS);
        Self(HeaderValue::try_from(text).expect("hexadecimal digits fit a header"))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0
            .to_str()
            .expect("only printable characters were let in")
    }

    pub(in crate::http) fn into_header_value(self) -> HeaderValue {
        self.0
    }
}

fn is_plain(text: &[u8]) -> bool {
    let is_plain_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(byte);
    (1..=LONGEST).contains(&text.len()) && text.iter().all(is_plain_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_id_is_passed_on() {
        let long = "a".repeat(129);
        let cases = [
            ("abc-1.2:3", true),
            ("", false),
            ("a b", false),
            ("<script>", false),
            (&long, false),
        ];
        for (given, is_kept) in cases {
            let headers =
                HeaderMap::from_iter([(RequestId::HEADER, HeaderValue::from_str(given).unwrap())]);
            assert_eq!(
                RequestId::of(&headers).as_str() == given,
                is_kept,
                "{given}"
            );
        }
    }

    #[test]
    fn two_requests_have_two_ids() {
        assert_ne!(RequestId::next().as_str(), RequestId::next().as_str());
    }
}
