use std::borrow::Cow;

use dataflow_core::error::Kind;
use dataflow_core::row::RowSource;
use dataflow_core::schema::FieldType;
use dataflow_core::value::{Date, LocalDateTime, LocalTime, Timestamp};
use dataflow_core::{Error, Model, Result, Value};

/// The values of a model, as the row that a database would give back for them.
pub(crate) struct MemoryRow(Vec<Value>);

impl MemoryRow {
    pub(crate) fn of(model: &impl Model) -> Self {
        Self(model.values())
    }

    pub(crate) fn from_values(values: impl Into<Vec<Value>>) -> Self {
        Self(values.into())
    }

    fn value(&self, ordinal: usize) -> Result<&Value> {
        self.0.get(ordinal).ok_or_else(|| refuse(ordinal))
    }
}

fn refuse(ordinal: usize) -> Error {
    Error::new(
        Kind::Internal,
        format!("column {ordinal} holds another type"),
    )
}

/// Methods that copy a value out of the one variant that holds it.
macro_rules! reads {
    ($($name:ident -> $result:ty: $variant:ident($value:ident) => $expression:expr;)*) => {$(
        fn $name(&self, ordinal: usize) -> Result<$result> {
            match self.value(ordinal)? {
                Value::$variant($value) => $expression.map_err(|_| refuse(ordinal)),
                _ => Err(refuse(ordinal)),
            }
        }
    )*};
}

impl RowSource for MemoryRow {
    fn column_name(&self, _: usize) -> Option<&str> {
        None
    }

    fn check_type(&self, _: usize, _: &FieldType) -> Result<()> {
        Ok(())
    }

    fn is_null(&self, ordinal: usize) -> Result<bool> {
        self.value(ordinal).map(Value::is_null)
    }

    reads! {
        bool -> bool: Bool(value) => infallible(*value);
        i16 -> i16: Integer(value) => i16::try_from(*value);
        i32 -> i32: Integer(value) => i32::try_from(*value);
        i64 -> i64: Integer(value) => infallible(*value);
        f32 -> f32: Float(value) => infallible(*value as f32);
        f64 -> f64: Float(value) => infallible(*value);
        text -> &str: Text(value) => infallible(value.as_str());
        bytes -> &[u8]: Bytes(value) => infallible(value.as_slice());
        uuid -> [u8; 16]: Uuid(value) => infallible(*value);
        timestamp -> Timestamp: Timestamp(value) => infallible(*value);
        local_date_time -> LocalDateTime: LocalDateTime(value) => infallible(*value);
        date -> Date: Date(value) => infallible(*value);
        local_time -> LocalTime: LocalTime(value) => infallible(*value);
        decimal -> Cow<'_, str>: Decimal(value) => infallible(value.into());
        json -> Cow<'_, str>: Json(value) => infallible(value.into());
    }
}

fn infallible<T>(value: T) -> std::result::Result<T, std::convert::Infallible> {
    Ok(value)
}
