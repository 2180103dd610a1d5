//! The types of `chrono` as fields.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::{FieldType, FieldValue};
use crate::error::{Error, Kind, Result};
use crate::row::RowSource;
use crate::value::{Date, LocalDateTime, LocalTime, Timestamp, Value};

/// 1970-01-01, as chrono counts days.
const UNIX_EPOCH_FROM_CE: i32 = 719_163;

impl FieldValue for DateTime<Utc> {
    const TYPE: FieldType = FieldType::Timestamp;

    fn to_value(&self) -> Value {
        Value::Timestamp(Timestamp::from_unix_micros(self.timestamp_micros()))
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        Self::from_timestamp_micros(row.timestamp(ordinal)?.unix_micros())
            .ok_or_else(|| Error::new(Kind::Internal, "a timestamp is outside chrono's range"))
    }
}

impl FieldValue for NaiveDateTime {
    const TYPE: FieldType = FieldType::LocalDateTime;

    fn to_value(&self) -> Value {
        Value::LocalDateTime(LocalDateTime::from_micros(
            self.and_utc().timestamp_micros(),
        ))
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        DateTime::from_timestamp_micros(row.local_date_time(ordinal)?.micros())
            .map(|time| time.naive_utc())
            .ok_or_else(|| Error::new(Kind::Internal, "a date and time is outside chrono's range"))
    }
}

impl FieldValue for NaiveDate {
    const TYPE: FieldType = FieldType::Date;

    fn to_value(&self) -> Value {
        use ::chrono::Datelike;
        Value::Date(Date::from_unix_days(
            self.num_days_from_ce() - UNIX_EPOCH_FROM_CE,
        ))
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        let days = row.date(ordinal)?.unix_days();
        days.checked_add(UNIX_EPOCH_FROM_CE)
            .and_then(Self::from_num_days_from_ce_opt)
            .ok_or_else(|| Error::new(Kind::Internal, "a date is outside chrono's range"))
    }
}

impl FieldValue for NaiveTime {
    const TYPE: FieldType = FieldType::LocalTime;

    /// A leap second counts as the second before it.
    fn to_value(&self) -> Value {
        let seconds = i64::from(self.num_seconds_from_midnight());
        let micros = i64::from(self.nanosecond() % 1_000_000_000 / 1_000);
        let time = LocalTime::from_micros(seconds * 1_000_000 + micros);
        Value::LocalTime(time.expect("a day has no more seconds"))
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        let micros = row.local_time(ordinal)?.micros();
        let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
        let time = Self::from_num_seconds_from_midnight_opt(seconds as u32, micros as u32 * 1_000);
        Ok(time.expect("a time of day is one of chrono's"))
    }
}
