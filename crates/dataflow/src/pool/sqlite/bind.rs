//! Values as SQLite stores them.

use dataflow_core::Value;
use dataflow_core::value::{shortest_decimal, uuid_to_text};
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};

/// A value in the form of its column: what has no type of its own is text in its canonical form.
pub(super) struct Bound<'a>(pub(super) &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => borrowed(ValueRef::Null),
            Value::Bool(value) => borrowed(ValueRef::Integer((*value).into())),
            Value::Integer(value) => borrowed(ValueRef::Integer(*value)),
            Value::Float(value) => borrowed(ValueRef::Real(*value)),
            Value::Text(text) | Value::Json(text) => borrowed(ValueRef::Text(text.as_bytes())),
            Value::Decimal(text) => owned(shortest_decimal(text)),
            Value::Bytes(bytes) => borrowed(ValueRef::Blob(bytes)),
            Value::Uuid(uuid) => owned(uuid_to_text(uuid)),
            Value::Timestamp(timestamp) => owned(timestamp.to_string()),
            Value::LocalDateTime(time) => owned(time.to_sql()),
            Value::Date(date) => owned(date.to_string()),
            Value::LocalTime(time) => owned(time.to_string()),
        })
    }
}

fn borrowed(value: ValueRef<'_>) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(value)
}

fn owned(text: String) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(Owned::Text(text))
}
