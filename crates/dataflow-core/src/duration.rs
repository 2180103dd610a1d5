//! A duration as settings and flags write it.

use std::time::Duration;

/// What a text has to be, for the message to whoever wrote another.
pub const FORM: &str = "a duration such as 5s, 250ms, 2m or 30d";

/// A whole number and its unit; seconds when there is none.
///
/// ```
/// use std::time::Duration;
///
/// use dataflow_core::duration;
///
/// assert_eq!(duration::parse("250ms"), Some(Duration::from_millis(250)));
/// assert_eq!(duration::parse("1.5s"), None);
/// ```
pub fn parse(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: u64 = digits.parse().ok()?;
    match &text[digits.len()..] {
        "ms" => Some(Duration::from_millis(number)),
        "s" | "" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_secs(number.checked_mul(60)?)),
        "h" => Some(Duration::from_secs(number.checked_mul(3_600)?)),
        "d" => Some(Duration::from_secs(number.checked_mul(86_400)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        let cases = [
            ("5", Some(Duration::from_secs(5))),
            ("5s", Some(Duration::from_secs(5))),
            ("250ms", Some(Duration::from_millis(250))),
            ("2m", Some(Duration::from_secs(120))),
            ("", None),
            ("s", None),
            ("-1s", None),
            ("1.5s", None),
            ("5 s", None),
            ("5h", Some(Duration::from_secs(18_000))),
            ("30d", Some(Duration::from_secs(2_592_000))),
            ("5w", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }
}
