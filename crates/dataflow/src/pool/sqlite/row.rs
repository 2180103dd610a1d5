//! Rows as SQLite gives them.

use std::borrow::Cow;

use dataflow_core::row::RowSource;
use dataflow_core::schema::FieldType;
use dataflow_core::value::{Date, LocalDateTime, LocalTime, Timestamp, parse_uuid};
use dataflow_core::{Error, Result};
use rusqlite::types::ValueRef;
use serde::de::IgnoredAny;

use crate::pool::refusal;

/// The row that a statement stands on.
pub(super) struct SqliteRow<'a>(pub(super) &'a rusqlite::Row<'a>);

impl SqliteRow<'_> {
    fn value(&self, ordinal: usize) -> Result<ValueRef<'_>> {
        self.0
            .get_ref(ordinal)
            .map_err(|_| refusal::missing_column(ordinal))
    }

    /// The column does not hold what is read.
    fn mismatch(&self, ordinal: usize, what: &str) -> Error {
        let name = self.column_name(ordinal);
        match self.value(ordinal) {
            Ok(ValueRef::Null) => refusal::null(ordinal, name, what),
            _ => refusal::mismatch(ordinal, name, what),
        }
    }

    fn integer(&self, ordinal: usize) -> Result<i64> {
        match self.value(ordinal)? {
            ValueRef::Integer(value) => Ok(value),
            _ => Err(self.mismatch(ordinal, "an integer")),
        }
    }

    fn narrow<T: TryFrom<i64>>(&self, ordinal: usize, what: &str) -> Result<T> {
        T::try_from(self.integer(ordinal)?).map_err(|_| self.mismatch(ordinal, what))
    }

    /// The text of a number, which a column that was not declared as ours are makes of one. Rust writes
    /// the shortest digits that are this number, and no exponent.
    fn number(&self, ordinal: usize) -> Result<Option<String>> {
        Ok(match self.value(ordinal)? {
            ValueRef::Integer(value) => Some(value.to_string()),
            ValueRef::Real(value) if value.is_finite() => Some(value.to_string()),
            _ => None,
        })
    }

    fn parsed<T>(
        &self,
        ordinal: usize,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T> {
        parse(self.text(ordinal)?).ok_or_else(|| self.mismatch(ordinal, what))
    }
}

impl RowSource for SqliteRow<'_> {
    fn column_name(&self, ordinal: usize) -> Option<&str> {
        self.0.as_ref().column_name(ordinal).ok()
    }

    /// Columns have no type here, and each value says what it is.
    fn check_type(&self, ordinal: usize, _: &FieldType) -> Result<()> {
        self.value(ordinal).map(drop)
    }

    fn is_null(&self, ordinal: usize) -> Result<bool> {
        Ok(matches!(self.value(ordinal)?, ValueRef::Null))
    }

    fn bool(&self, ordinal: usize) -> Result<bool> {
        match self.integer(ordinal)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.mismatch(ordinal, "a boolean")),
        }
    }

    fn i16(&self, ordinal: usize) -> Result<i16> {
        self.narrow(ordinal, "an integer of 16 bits")
    }

    fn i32(&self, ordinal: usize) -> Result<i32> {
        self.narrow(ordinal, "an integer of 32 bits")
    }

    fn i64(&self, ordinal: usize) -> Result<i64> {
        self.integer(ordinal)
    }

    fn f32(&self, ordinal: usize) -> Result<f32> {
        Ok(self.f64(ordinal)? as f32)
    }

    fn f64(&self, ordinal: usize) -> Result<f64> {
        match self.value(ordinal)? {
            ValueRef::Real(value) => Ok(value),
            // A column that was not declared as ours are keeps whole numbers so.
            ValueRef::Integer(value) => Ok(value as f64),
            _ => Err(self.mismatch(ordinal, "a number")),
        }
    }

    fn text(&self, ordinal: usize) -> Result<&str> {
        match self.value(ordinal)? {
            ValueRef::Text(bytes) => {
                std::str::from_utf8(bytes).map_err(|_| self.mismatch(ordinal, "text in UTF-8"))
            }
            _ => Err(self.mismatch(ordinal, "text")),
        }
    }

    fn bytes(&self, ordinal: usize) -> Result<&[u8]> {
        match self.value(ordinal)? {
            ValueRef::Blob(bytes) => Ok(bytes),
            _ => Err(self.mismatch(ordinal, "bytes")),
        }
    }

    fn uuid(&self, ordinal: usize) -> Result<[u8; 16]> {
        self.parsed(ordinal, "a UUID", parse_uuid)
    }

    fn timestamp(&self, ordinal: usize) -> Result<Timestamp> {
        self.parsed(ordinal, "a timestamp", |text| text.parse().ok())
    }

    fn local_date_time(&self, ordinal: usize) -> Result<LocalDateTime> {
        let what = "a date and time without time zone";
        self.parsed(ordinal, what, |text| text.parse().ok())
    }

    fn date(&self, ordinal: usize) -> Result<Date> {
        self.parsed(ordinal, "a date", |text| text.parse().ok())
    }

    fn local_time(&self, ordinal: usize) -> Result<LocalTime> {
        self.parsed(ordinal, "a time of day", |text| text.parse().ok())
    }

    /// What a statement has computed may be a number, and so is what another tool keeps. A float that
    /// takes more than 15 digits to tell has lost others already.
    fn decimal(&self, ordinal: usize) -> Result<Cow<'_, str>> {
        match self.value(ordinal)? {
            ValueRef::Text(_) => self.text(ordinal).map(Cow::Borrowed),
            ValueRef::Real(value) if !is_exact(value) => {
                Err(self.mismatch(ordinal, "a decimal number"))
            }
            _ => {
                let number = self.number(ordinal)?.map(Cow::Owned);
                number.ok_or_else(|| self.mismatch(ordinal, "a decimal number"))
            }
        }
    }

    /// Whoever else writes to the file may have put any text here, and what is no document would
    /// break the answer it is copied into.
    fn json(&self, ordinal: usize) -> Result<Cow<'_, str>> {
        if let Some(number) = self.number(ordinal)? {
            return Ok(number.into());
        }
        let text = self.text(ordinal)?;
        match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => Ok(text.into()),
            Err(_) => Err(self.mismatch(ordinal, "a JSON document")),
        }
    }
}

/// Whether a float is told by no more digits than every float keeps.
fn is_exact(value: f64) -> bool {
    const DIGITS: usize = 15;
    let text = value.to_string();
    let significant = text.trim_start_matches(['-', '0', '.']);
    let digits = significant.bytes().filter(u8::is_ascii_digit);
    digits.count() <= DIGITS
}
