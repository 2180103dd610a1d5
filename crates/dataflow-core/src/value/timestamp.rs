//! An instant in UTC, and its RFC 3339 text.

use std::fmt;
use std::str::FromStr;

use super::local_date_time::{LocalDateTime, MICROS_PER_SECOND};
use super::local_time::minutes;

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
        self.in_utc().is_in_calendar()
    }

    /// What a wall clock in UTC shows at this instant.
    pub const fn in_utc(self) -> LocalDateTime {
        LocalDateTime::from_micros(self.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.in_utc();
        // A time of day has decimals where it is no whole second.
        match self.0.rem_euclid(MICROS_PER_SECOND) {
            0 => write!(formatter, "{local}.000000Z"),
            _ => write!(formatter, "{local}Z"),
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = LocalDateTime::at_start_of(text).and_then(|(local, offset)| {
            let offset = offset_seconds(offset)? * MICROS_PER_SECOND;
            Some(Self(local.micros() - offset))
        });
        // RFC 3339 has seconds, always.
        let has_seconds = text.as_bytes().get(16) == Some(&b':');
        let instant = parsed.filter(|instant| has_seconds && instant.is_in_calendar());
        instant.ok_or(TimestampError)
    }
}

/// The seconds east of UTC of `Z` or `±hh:mm`.
fn offset_seconds(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    match minutes(rest)? {
        (minutes, "") => Some(sign * minutes * 60),
        _ => None,
    }
}
