//! A time of day, and its ISO 8601 text.

use std::fmt;
use std::str::FromStr;

use super::local_date_time::MICROS_PER_SECOND;

const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// A time of day that a wall clock shows, from 00:00:00 up to but not including 24:00:00: microseconds
/// since midnight.
///
/// Its text is the `partial-time` of RFC 3339, with six decimals where it has any, which sorts as the
/// times do.
///
/// ```
/// use dataflow_core::value::LocalTime;
///
/// let opening: LocalTime = "09:30".parse()?;
/// assert_eq!(opening.to_string(), "09:30:00");
/// assert!("09:30:00Z".parse::<LocalTime>().is_err());
/// assert!("24:00:00".parse::<LocalTime>().is_err());
/// # Ok::<(), dataflow_core::value::LocalTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(i64);

/// The text is not a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time of day, such as 09:30:00")]
pub struct LocalTimeError;

impl LocalTime {
    /// The time so many microseconds after midnight; none where a day has no such time.
    pub const fn from_micros(micros: i64) -> Option<Self> {
        if 0 <= micros && micros < MICROS_PER_DAY {
            Some(Self(micros))
        } else {
            None
        }
    }

    /// Microseconds since midnight.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The time at the beginning of a text, and what follows it. Decimals beyond the sixth are cut
    /// off, and a leap second counts as the second before it.
    pub(super) fn at_start_of(text: &str) -> Option<(Self, &str)> {
        let (minute_of_day, rest) = minutes(text)?;
        let (second, rest) = match rest.strip_prefix(':') {
            Some(rest) => two_digits(rest)?,
            None => (0, rest),
        };
        if second > 60 {
            return None;
        }
        let (micros, rest) = fraction_micros(rest)?;
        let second_of_day = minute_of_day * 60 + second.min(59);
        Some((Self(second_of_day * MICROS_PER_SECOND + micros), rest))
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0 / MICROS_PER_SECOND;
        write!(
            formatter,
            "{:02}:{:02}:{:02}",
            second / 3_600,
            second / 60 % 60,
            second % 60
        )?;
        match self.0 % MICROS_PER_SECOND {
            0 => Ok(()),
            micros => write!(formatter, ".{micros:06}"),
        }
    }
}

impl FromStr for LocalTime {
    type Err = LocalTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::at_start_of(text) {
            Some((time, "")) => Ok(time),
            _ => Err(LocalTimeError),
        }
    }
}

/// The minutes of `hh:mm`, and what follows it.
pub(super) fn minutes(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = two_digits(text)?;
    let (minute, rest) = two_digits(rest.strip_prefix(':')?)?;
    (hour <= 23 && minute <= 59).then_some((hour * 60 + minute, rest))
}

fn two_digits(text: &str) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
    Some((digits.parse().ok().filter(|_| is_number)?, rest))
}

/// The microseconds of an optional `.fraction`, and what follows it.
fn fraction_micros(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return None;
    }
    let (digits, rest) = rest.split_at(length);
    let micros = digits
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(6)
        .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    Some((micros, rest))
}
