//! Rows kept as values, to be read again.

use std::borrow::Cow;
use std::sync::Arc;

use dataflow_core::error::Kind;
use dataflow_core::row::{RowSource, read_value};
use dataflow_core::schema::FieldType;
use dataflow_core::value::{Date, LocalDateTime, LocalTime, Timestamp};
use dataflow_core::{Error, Result, Value};

use crate::pool::Rows;

/// A row kept as values. Nobody can change it, and it is read like one that a driver has just read.
#[derive(Debug)]
pub(crate) struct StoredRow(Box<[Value]>);

/// Keeps rows whose columns have the given types.
pub(crate) struct StoredRows {
    columns: Arc<[FieldType]>,
    rows: Vec<StoredRow>,
}

impl StoredRows {
    pub(crate) fn new(columns: Arc<[FieldType]>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }
}

impl Rows for StoredRows {
    type Output = Vec<StoredRow>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        let values: Result<Box<[Value]>> = self
            .columns
            .iter()
            .enumerate()
            .map(|(ordinal, field_type)| read_value(field_type, row, ordinal))
            .collect();
        self.rows.push(StoredRow(values?));
        Ok(())
    }

    fn restart(&mut self) {
        self.rows.clear();
    }

    fn finish(self, _: u64) -> Vec<StoredRow> {
        self.rows
    }
}

impl StoredRow {
    /// A row of these values.
    pub(crate) fn of(values: Vec<Value>) -> Self {
        Self(values.into())
    }

    /// The value of a column that it has.
    pub(crate) fn value(&self, ordinal: usize) -> &Value {
        &self.0[ordinal]
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let heap = |value: &Value| match value {
            Value::Text(text) | Value::Decimal(text) | Value::Json(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            _ => 0,
        };
        self.0
            .iter()
            .map(|value| size_of::<Value>() + heap(value))
            .sum()
    }

    fn at(&self, ordinal: usize) -> Result<&Value> {
        self.0.get(ordinal).ok_or_else(|| other_type(ordinal))
    }
}

fn other_type(ordinal: usize) -> Error {
    let message = format!("column {ordinal} of a cached row does not hold the wanted type");
    Error::new(Kind::Internal, message)
}

/// Reads one variant of [`Value`].
macro_rules! read {
    ($($method:ident -> $rust:ty: $pattern:pat => $read:expr;)*) => {$(
        fn $method(&self, ordinal: usize) -> Result<$rust> {
            match self.at(ordinal)? {
                $pattern => Ok($read),
                _ => Err(other_type(ordinal)),
            }
        }
    )*};
}

/// Integers and floats are kept in their widest form; the column's type says that they fit.
impl RowSource for StoredRow {
    fn column_name(&self, _: usize) -> Option<&str> {
        None
    }

    /// Each value says what it is.
    fn check_type(&self, ordinal: usize, _: &FieldType) -> Result<()> {
        self.at(ordinal).map(drop)
    }

    fn is_null(&self, ordinal: usize) -> Result<bool> {
        self.at(ordinal).map(Value::is_null)
    }

    read! {
        bool -> bool: Value::Bool(value) => *value;
        i16 -> i16: Value::Integer(value) => *value as i16;
        i32 -> i32: Value::Integer(value) => *value as i32;
        i64 -> i64: Value::Integer(value) => *value;
        f32 -> f32: Value::Float(value) => *value as f32;
        f64 -> f64: Value::Float(value) => *value;
        text -> &str: Value::Text(text) => text;
        bytes -> &[u8]: Value::Bytes(bytes) => bytes;
        uuid -> [u8; 16]: Value::Uuid(uuid) => *uuid;
        timestamp -> Timestamp: Value::Timestamp(timestamp) => *timestamp;
        local_date_time -> LocalDateTime: Value::LocalDateTime(time) => *time;
        date -> Date: Value::Date(date) => *date;
        local_time -> LocalTime: Value::LocalTime(time) => *time;
        decimal -> Cow<'_, str>: Value::Decimal(text) => text.into();
        json -> Cow<'_, str>: Value::Json(text) => text.into();
    }
}
