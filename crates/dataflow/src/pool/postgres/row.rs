//! Rows of PostgreSQL's binary protocol.

use std::borrow::Cow;

use dataflow_core::dialect::{Postgres, SchemaDialect as _, ValueDialect as _};
use dataflow_core::row::RowSource;
use dataflow_core::schema::FieldType;
use dataflow_core::value::{Date, LocalDateTime, LocalTime, Timestamp};
use dataflow_core::{Error, Result};
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{Column, Row, ValueRef};

use super::bind::{NUMERIC, oid};
use super::numeric;
use crate::pool::refusal;

/// PostgreSQL counts from 2000-01-01: so many days after 1970-01-01.
pub(super) const UNIX_DAYS: i32 = 10_957;

/// The same in microseconds.
pub(super) const UNIX_MICROS: i64 = UNIX_DAYS as i64 * 86_400 * 1_000_000;

/// The first byte of a `jsonb`.
pub(super) const JSONB_VERSION: u8 = 1;

/// A row as it came from the wire. The type of a column is known from the statement, so only the
/// length of its bytes is looked at.
pub(super) struct PostgresRow<'a>(pub(super) &'a PgRow);

impl PostgresRow<'_> {
    /// The column does not hold what is read.
    fn mismatch(&self, ordinal: usize, what: &str) -> Error {
        let name = self.column_name(ordinal);
        match self.is_null(ordinal) {
            Ok(true) => refusal::null(ordinal, name, what),
            _ => refusal::mismatch(ordinal, name, what),
        }
    }

    /// The number of a column's type in the server.
    fn type_of(&self, ordinal: usize) -> Option<Oid> {
        self.0.columns().get(ordinal)?.type_info().oid()
    }

    fn bytes_of(&self, ordinal: usize, what: &str) -> Result<&[u8]> {
        let value = self
            .0
            .try_get_raw(ordinal)
            .map_err(|_| refusal::missing_column(ordinal))?;
        value.as_bytes().map_err(|_| self.mismatch(ordinal, what))
    }

    fn exactly<const LENGTH: usize>(&self, ordinal: usize, what: &str) -> Result<[u8; LENGTH]> {
        let bytes = self.bytes_of(ordinal, what)?;
        bytes.try_into().map_err(|_| self.mismatch(ordinal, what))
    }

    /// Microseconds since 1970. What is infinite has none.
    fn micros_of(&self, ordinal: usize, what: &str) -> Result<i64> {
        let micros = i64::from_be_bytes(self.exactly(ordinal, what)?);
        let since_1970 = micros.checked_add(UNIX_MICROS);
        let since_1970 = since_1970.filter(|_| micros != i64::MIN);
        since_1970.ok_or_else(|| self.mismatch(ordinal, what))
    }

    fn text_of(&self, ordinal: usize, what: &str) -> Result<&str> {
        let bytes = self.bytes_of(ordinal, what)?;
        std::str::from_utf8(bytes).map_err(|_| self.mismatch(ordinal, what))
    }
}

impl RowSource for PostgresRow<'_> {
    fn column_name(&self, ordinal: usize) -> Option<&str> {
        self.0.columns().get(ordinal).map(Column::name)
    }

    fn check_type(&self, ordinal: usize, field_type: &FieldType) -> Result<()> {
        let column = self.0.columns().get(ordinal);
        let column = column.ok_or_else(|| refusal::missing_column(ordinal))?;
        let found = column.type_info().oid();
        if found.is_some_and(|found| holds(found, field_type)) {
            return Ok(());
        }
        let (name, what) = (column.name(), field_type.describe());
        Err(refusal::mismatch(ordinal, Some(name), what).with_help(remedy(name, field_type)))
    }

    fn is_null(&self, ordinal: usize) -> Result<bool> {
        let value = self
            .0
            .try_get_raw(ordinal)
            .map_err(|_| refusal::missing_column(ordinal))?;
        Ok(value.is_null())
    }

    fn bool(&self, ordinal: usize) -> Result<bool> {
        let [byte] = self.exactly(ordinal, "a boolean")?;
        Ok(byte != 0)
    }

    fn i16(&self, ordinal: usize) -> Result<i16> {
        let bytes = self.exactly(ordinal, "an integer of 16 bits")?;
        Ok(i16::from_be_bytes(bytes))
    }

    fn i32(&self, ordinal: usize) -> Result<i32> {
        let bytes = self.exactly(ordinal, "an integer of 32 bits")?;
        Ok(i32::from_be_bytes(bytes))
    }

    fn i64(&self, ordinal: usize) -> Result<i64> {
        let bytes = self.exactly(ordinal, "an integer of 64 bits")?;
        Ok(i64::from_be_bytes(bytes))
    }

    fn f32(&self, ordinal: usize) -> Result<f32> {
        let bytes = self.exactly(ordinal, "a number of 32 bits")?;
        Ok(f32::from_be_bytes(bytes))
    }

    fn f64(&self, ordinal: usize) -> Result<f64> {
        let bytes = self.exactly(ordinal, "a number of 64 bits")?;
        Ok(f64::from_be_bytes(bytes))
    }

    fn text(&self, ordinal: usize) -> Result<&str> {
        self.text_of(ordinal, "text")
    }

    fn bytes(&self, ordinal: usize) -> Result<&[u8]> {
        self.bytes_of(ordinal, "bytes")
    }

    fn uuid(&self, ordinal: usize) -> Result<[u8; 16]> {
        self.exactly(ordinal, "a UUID")
    }

    /// `infinity` has no place in a calendar and is refused.
    fn timestamp(&self, ordinal: usize) -> Result<Timestamp> {
        let micros = self.micros_of(ordinal, "a timestamp")?;
        Ok(Timestamp::from_unix_micros(micros))
    }

    /// As [`timestamp`](Self::timestamp).
    fn local_date_time(&self, ordinal: usize) -> Result<LocalDateTime> {
        let micros = self.micros_of(ordinal, "a date and time without time zone")?;
        Ok(LocalDateTime::from_micros(micros))
    }

    fn date(&self, ordinal: usize) -> Result<Date> {
        let what = "a date";
        let days = i32::from_be_bytes(self.exactly(ordinal, what)?);
        let days = days.checked_add(UNIX_DAYS).filter(|_| days != i32::MIN);
        Ok(Date::from_unix_days(
            days.ok_or_else(|| self.mismatch(ordinal, what))?,
        ))
    }

    /// `24:00:00` is shown by no clock and is refused.
    fn local_time(&self, ordinal: usize) -> Result<LocalTime> {
        let what = "a time of day";
        let micros = i64::from_be_bytes(self.exactly(ordinal, what)?);
        LocalTime::from_micros(micros).ok_or_else(|| self.mismatch(ordinal, what))
    }

    fn decimal(&self, ordinal: usize) -> Result<Cow<'_, str>> {
        let what = "a decimal number";
        if self.type_of(ordinal) != Some(NUMERIC) {
            return self.text_of(ordinal, what).map(Cow::Borrowed);
        }
        let text = numeric::text_of(self.bytes_of(ordinal, what)?);
        text.map(Cow::Owned)
            .ok_or_else(|| self.mismatch(ordinal, what))
    }

    fn json(&self, ordinal: usize) -> Result<Cow<'_, str>> {
        let text = self.text_of(ordinal, "a JSON document")?;
        // Its version is a character that no document begins with.
        let document = text.strip_prefix(char::from(JSONB_VERSION));
        Ok(document.unwrap_or(text).into())
    }
}

/// Whether a column of a type of the server's is read as a field's type. Text, decimals and documents
/// have more than one form there, and each type of named values has a number of its own.
fn holds(found: Oid, field_type: &FieldType) -> bool {
    const TEXTS: [Oid; 3] = [Oid(19), Oid(1042), Oid(1043)];
    const TEXT: Oid = Oid(25);
    const JSON: Oid = Oid(114);
    const FIRST_OF_OTHERS: u32 = 16_384;
    match field_type {
        FieldType::String if TEXTS.contains(&found) => true,
        FieldType::Enum(_) if TEXTS.contains(&found) || found.0 >= FIRST_OF_OTHERS => true,
        FieldType::Decimal if found == TEXT => true,
        FieldType::Json | FieldType::Array(_) if found == JSON => true,
        other => found == oid(other),
    }
}

/// How a column of another type comes to hold a field's type.
fn remedy(name: &str, field_type: &FieldType) -> String {
    let expression = match field_type {
        FieldType::Array(_) => Postgres.readable(name, field_type),
        _ => format!("{name}::{}", Postgres.column_type(field_type)),
    };
    format!("convert it in the statement, as in {expression} AS {name}")
}
