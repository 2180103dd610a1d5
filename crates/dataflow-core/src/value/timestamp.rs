//! An instant in UTC, and its RFC 3339 text.

use std::fmt;
use std::str::FromStr;

use super::Date;

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// An instant: microseconds since 1970-01-01T00:00:00Z, the resolution of PostgreSQL.
///
/// Its text is RFC 3339 in UTC with six decimals, which sorts as the instants do.
///
/// ```
/// use dataflow_core::value::Timestamp;
///
/// let instant: Timestamp = "2026-11-23T09:30:00.5+02:00".parse()?;
/// assert_eq!(instant.to_string(), "2026-11-23T07:30:00.500000Z");
/// # Ok::<(), dataflow_core::value::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not an RFC 3339 date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 date and time, such as 2026-11-23T07:30:00Z")]
pub struct TimestampError;

impl Timestamp {
    /// The instant so many microseconds after the Unix epoch.
    pub const fn from_unix_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the Unix epoch.
    pub const fn unix_micros(self) -> i64 {
        self.0
    }

    /// Whether its year has the four digits, 0001 to 9999, that its text can be read back with.
    pub const fn is_in_calendar(self) -> bool {
        let day = self.0.div_euclid(MICROS_PER_SECOND * SECONDS_PER_DAY);
        // An i64 holds no more than 107 million days.
        Date::from_unix_days(day as i32).is_in_calendar()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(MICROS_PER_SECOND);
        let micros = self.0.rem_euclid(MICROS_PER_SECOND);
        let day = Date::from_unix_days(seconds.div_euclid(SECONDS_PER_DAY) as i32);
        let second = seconds.rem_euclid(SECONDS_PER_DAY);
        write!(
            formatter,
            "{day}T{:02}:{:02}:{:02}.{micros:06}Z",
            second / 3_600,
            second / 60 % 60,
            second % 60
        )
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (day, rest) = text.split_at_checked(10).ok_or(TimestampError)?;
        let day: Date = day.parse().map_err(|_| TimestampError)?;
        let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(TimestampError)?;
        let (clock, rest) = rest.split_at_checked(8).ok_or(TimestampError)?;
        let second_of_day = clock_seconds(clock).ok_or(TimestampError)?;
        let (micros, offset) = fraction_micros(rest).ok_or(TimestampError)?;
        let offset_seconds = offset_seconds(offset).ok_or(TimestampError)?;
        let seconds = i64::from(day.unix_days()) * SECONDS_PER_DAY + second_of_day - offset_seconds;
        let instant = Self(seconds * MICROS_PER_SECOND + micros);
        if instant.is_in_calendar() {
            Ok(instant)
        } else {
            Err(TimestampError)
        }
    }
}

/// Seconds since midnight of `hh:mm:ss`. A leap second counts as the second before it.
fn clock_seconds(clock: &str) -> Option<i64> {
    let bytes = clock.as_bytes();
    if bytes[2] != b':' || bytes[5] != b':' {
        return None;
    }
    let hour = two_digits(&bytes[0..2])?;
    let minute = two_digits(&bytes[3..5])?;
    let second = two_digits(&bytes[6..8])?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(hour * 3_600 + minute * 60 + second.min(59))
}

/// The microseconds of an optional `.fraction`, and what follows it. Further digits are cut off.
fn fraction_micros(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return None;
    }
    let (digits, offset) = rest.split_at(length);
    let micros = digits
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(6)
        .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    Some((micros, offset))
}

/// The seconds east of UTC of `Z` or `±hh:mm`.
fn offset_seconds(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let bytes = text.as_bytes();
    let [sign, hour_tens, hour_ones, b':', minute_tens, minute_ones] = *bytes else {
        return None;
    };
    let hours = two_digits(&[hour_tens, hour_ones])?;
    let minutes = two_digits(&[minute_tens, minute_ones])?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3_600 + minutes * 60;
    match sign {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

fn two_digits(digits: &[u8]) -> Option<i64> {
    match digits {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some(i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
        }
        _ => None,
    }
}
