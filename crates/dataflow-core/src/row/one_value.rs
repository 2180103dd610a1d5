//! One value, as the row that a database would give back for it.

use std::borrow::Cow;

use super::RowSource;
use crate::error::{Error, Kind, Result};
use crate::schema::FieldType;
use crate::value::{Date, LocalDateTime, LocalTime, Timestamp, Value};

/// A row of one column, whatever the ordinal.
pub(crate) struct OneValue<'v>(pub(crate) &'v Value);

fn refused<T>() -> Result<T> {
    Err(Error::new(
        Kind::Internal,
        "a value has another type than its field",
    ))
}

/// Methods that take a value out of the one variant that holds it.
macro_rules! reads {
    ($($name:ident -> $result:ty: $variant:ident($value:ident) => $expression:expr;)*) => {$(
        fn $name(&self, _: usize) -> Result<$result> {
            match self.0 {
                Value::$variant($value) => $expression,
                _ => refused(),
            }
        }
    )*};
}

impl RowSource for OneValue<'_> {
    fn column_name(&self, _: usize) -> Option<&str> {
        None
    }

    fn check_type(&self, _: usize, _: &FieldType) -> Result<()> {
        Ok(())
    }

    fn is_null(&self, _: usize) -> Result<bool> {
        Ok(self.0.is_null())
    }

    reads! {
        bool -> bool: Bool(value) => Ok(*value);
        i16 -> i16: Integer(value) => i16::try_from(*value).or_else(|_| refused());
        i32 -> i32: Integer(value) => i32::try_from(*value).or_else(|_| refused());
        i64 -> i64: Integer(value) => Ok(*value);
        f32 -> f32: Float(value) => Ok(*value as f32);
        f64 -> f64: Float(value) => Ok(*value);
        text -> &str: Text(value) => Ok(value);
        bytes -> &[u8]: Bytes(value) => Ok(value);
        uuid -> [u8; 16]: Uuid(value) => Ok(*value);
        timestamp -> Timestamp: Timestamp(value) => Ok(*value);
        local_date_time -> LocalDateTime: LocalDateTime(value) => Ok(*value);
        date -> Date: Date(value) => Ok(*value);
        local_time -> LocalTime: LocalTime(value) => Ok(*value);
        decimal -> Cow<'_, str>: Decimal(value) => Ok(value.into());
        json -> Cow<'_, str>: Json(value) => Ok(value.into());
    }
}
