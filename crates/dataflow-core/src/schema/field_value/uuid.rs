//! The type of `uuid` as a field.

use uuid::Uuid;

use super::{FieldType, FieldValue};
use crate::error::Result;
use crate::row::RowSource;
use crate::schema::KeyGenerator;
use crate::value::Value;

impl FieldValue for Uuid {
    const TYPE: FieldType = FieldType::Uuid;
    const KEY_GENERATOR: KeyGenerator = KeyGenerator::UuidV7;

    fn to_value(&self) -> Value {
        Value::Uuid(self.into_bytes())
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        Ok(Self::from_bytes(row.uuid(ordinal)?))
    }
}
