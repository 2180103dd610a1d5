//! The type of `uuid` as a field.

use uuid::Uuid;

use super::{FieldType, FieldValue, ItemType, Json};
use crate::error::{Error, Kind, Result};
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

impl FieldValue for Vec<Uuid> {
    const TYPE: FieldType = FieldType::Array(ItemType::Uuid);

    fn to_value(&self) -> Value {
        let texts: Vec<String> = self.iter().map(ToString::to_string).collect();
        texts.to_value()
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        let texts = Json::<Vec<String>>::read(row, ordinal)?.0;
        let uuids: Option<Self> = texts.iter().map(|text| text.parse().ok()).collect();
        uuids.ok_or_else(|| Error::new(Kind::Internal, "a list of UUIDs holds something else"))
    }
}
