//! A day and a time on the wall clock, and its ISO 8601 text.

use std::fmt;
use std::str::FromStr;

use super::Date;

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// A day and a time of day that a wall clock shows, without a word on where the clock hangs:
/// microseconds since it showed 1970-01-01T00:00:00.
///
/// Its text is ISO 8601 without an offset, and with six decimals where it has any, which sorts as the
/// times do.
///
/// ```
/// use dataflow_core::value::LocalDateTime;
///
/// let opening: LocalDateTime = "2026-11-23T09:30".parse()?;
/// assert_eq!(opening.to_string(), "2026-11-23T09:30:00");
/// assert!("2026-11-23T09:30:00Z".parse::<LocalDateTime>().is_err());
/// # Ok::<(), dataflow_core::value::LocalDateTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime(i64);

/// The text is not a date and time without an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time without an offset, such as 2026-11-23T07:30:00")]
pub struct LocalDateTimeError;

impl LocalDateTime {
    /// The time so many microseconds after 1970-01-01T00:00:00 on the same clock.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00 on the same clock.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whether its year has the four digits, 0001 to 9999, that its text can be read back with.
    pub const fn is_in_calendar(self) -> bool {
        let day = self.0.div_euclid(MICROS_PER_SECOND * SECONDS_PER_DAY);
        // An i64 holds no more than 107 million days.
        Date::from_unix_days(day as i32).is_in_calendar()
    }

    /// The text that SQL knows, as `CURRENT_TIMESTAMP` writes it: `2026-11-23 09:30:00`.
    pub fn to_sql(self) -> String {
        self.to_string().replacen('T', " ", 1)
    }

    /// Day, hours, minutes and seconds of its text, and the microseconds that are left.
    pub(super) fn parts(self) -> (impl fmt::Display, i64) {
        let seconds = self.0.div_euclid(MICROS_PER_SECOND);
        (WholeSeconds(seconds), self.0.rem_euclid(MICROS_PER_SECOND))
    }

    /// The time at the beginning of a text, and what follows it. Decimals beyond the sixth are cut
    /// off, and a leap second counts as the second before it.
    pub(super) fn at_start_of(text: &str) -> Option<(Self, &str)> {
        let (day, rest) = text.split_at_checked(10)?;
        let day: Date = day.parse().ok()?;
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let (minute_of_day, rest) = minutes(rest)?;
        let (second, rest) = match rest.strip_prefix(':') {
            Some(rest) => two_digits(rest)?,
            None => (0, rest),
        };
        if second > 60 {
            return None;
        }
        let (micros, rest) = fraction_micros(rest)?;
        let second_of_day = minute_of_day * 60 + second.min(59);
        let seconds = i64::from(day.unix_days()) * SECONDS_PER_DAY + second_of_day;
        Some((Self(seconds * MICROS_PER_SECOND + micros), rest))
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (seconds, 0) => seconds.fmt(formatter),
            (seconds, micros) => write!(formatter, "{seconds}.{micros:06}"),
        }
    }
}

impl FromStr for LocalDateTime {
    type Err = LocalDateTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::at_start_of(text) {
            Some((time, "")) => Ok(time),
            _ => Err(LocalDateTimeError),
        }
    }
}

/// Seconds since 1970-01-01T00:00:00 on some clock.
struct WholeSeconds(i64);

impl fmt::Display for WholeSeconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = Date::from_unix_days(self.0.div_euclid(SECONDS_PER_DAY) as i32);
        let second = self.0.rem_euclid(SECONDS_PER_DAY);
        write!(
            formatter,
            "{day}T{:02}:{:02}:{:02}",
            second / 3_600,
            second / 60 % 60,
            second % 60
        )
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
