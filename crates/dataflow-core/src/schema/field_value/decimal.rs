//! The type of `rust_decimal` as a field.

use rust_decimal::Decimal;

use super::{FieldType, FieldValue};
use crate::error::{Error, Kind, Result};
use crate::row::RowSource;
use crate::value::Value;

impl FieldValue for Decimal {
    const TYPE: FieldType = FieldType::Decimal;

    fn to_value(&self) -> Value {
        Value::Decimal(self.to_string())
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        row.decimal(ordinal)?.parse().map_err(|_| {
            Error::new(
                Kind::Internal,
                "a decimal has more digits than rust_decimal holds (28)",
            )
        })
    }
}
