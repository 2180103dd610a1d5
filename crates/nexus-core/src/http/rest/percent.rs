//! Percent-encoding, read strictly and written narrowly.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::http::Problem;

/// All that RFC 3986 does not call unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Text as one segment of a path or one value of a query.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The text that a segment or a value stands for. `what` names it in the problem.
pub(super) fn decode(encoded: &str, what: &str) -> Result<String, Problem> {
    if !escapes_are_whole(encoded.as_bytes()) {
        return Err(Problem::malformed(format!(
            "{what} has a % that is not followed by two hexadecimal digits"
        )));
    }
    let decoded = percent_decode_str(encoded)
        .decode_utf8()
        .map_err(|_| Problem::malformed(format!("{what} is not UTF-8")))?;
    if decoded.contains('\0') {
        return Err(Problem::malformed(format!(
            "{what} contains U+0000, which no value holds"
        )));
    }
    Ok(decoded.into_owned())
}

fn escapes_are_whole(encoded: &[u8]) -> bool {
    let is_whole =
        |rest: &[u8]| rest.len() >= 3 && rest[1].is_ascii_hexdigit() && rest[2].is_ascii_hexdigit();
    encoded
        .iter()
        .enumerate()
        .all(|(position, &byte)| byte != b'%' || is_whole(&encoded[position..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_again() {
        for text in [
            "",
            "plain-1.2_3~",
            "a b/c?d&e=f%g",
            "größe 🦀",
            "..",
            "{id}",
        ] {
            assert_eq!(decode(&encode(text), "it").unwrap(), text);
        }
    }

    #[test]
    fn a_broken_escape_is_refused() {
        for encoded in ["%", "%a", "a%zz", "%00", "%ff", "%c3%28"] {
            assert!(decode(encoded, "it").is_err(), "{encoded}");
        }
    }
}
