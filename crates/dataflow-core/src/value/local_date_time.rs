//! A day and a time on the wall clock, and its ISO 8601 text.

use std::fmt;
use std::str::FromStr;

use super::{Date, LocalTime};

pub(super) const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
const MICROS_PER_DAY: i64 = SECONDS_PER_DAY * MICROS_PER_SECOND;

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
        let day = self.0.div_euclid(MICROS_PER_DAY);
        // An i64 holds no more than 107 million days.
        Date::from_unix_days(day as i32).is_in_calendar()
    }

    /// The text that SQL knows, as `CURRENT_TIMESTAMP` writes it: `2026-11-23 09:30:00`.
    pub fn to_sql(self) -> String {
        self.to_string().replacen('T', " ", 1)
    }

    /// What a calendar and a clock show.
    pub(super) fn parts(self) -> (Date, LocalTime) {
        let day = Date::from_unix_days(self.0.div_euclid(MICROS_PER_DAY) as i32);
        let time = LocalTime::from_micros(self.0.rem_euclid(MICROS_PER_DAY));
        (day, time.expect("the rest is less than a day"))
    }

    /// The time at the beginning of a text, as [`LocalTime::at_start_of`] reads that of day, and what
    /// follows it.
    pub(super) fn at_start_of(text: &str) -> Option<(Self, &str)> {
        let (day, rest) = text.split_at_checked(10)?;
        let day: Date = day.parse().ok()?;
        let (time, rest) = LocalTime::at_start_of(rest.strip_prefix(['T', 't', ' '])?)?;
        let midnight = i64::from(day.unix_days()) * MICROS_PER_DAY;
        Some((Self(midnight + time.micros()), rest))
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, time) = self.parts();
        write!(formatter, "{day}T{time}")
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
