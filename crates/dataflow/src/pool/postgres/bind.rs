//! Values as PostgreSQL's binary protocol wants them.

use dataflow_core::Value;
use dataflow_core::schema::FieldType;
use sqlx::Type;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, Postgres};

use super::numeric;
use super::row::{JSONB_VERSION, UNIX_DAYS, UNIX_MICROS};
use crate::pool::members::Stretch;

/// A value with the exact type of its parameter, which a null has as well.
pub(super) struct Parameter<'a> {
    pub(super) field_type: &'a FieldType,
    pub(super) value: &'a Value,
}

impl Encode<'_, Postgres> for Parameter<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self.value {
            Value::Null => return Ok(IsNull::Yes),
            Value::Bool(value) => buffer.push((*value).into()),
            Value::Integer(value) => match self.field_type {
                FieldType::I16 => buffer.extend(i16::try_from(*value)?.to_be_bytes()),
                FieldType::I32 => buffer.extend(i32::try_from(*value)?.to_be_bytes()),
                _ => buffer.extend(value.to_be_bytes()),
            },
            Value::Float(value) => match self.field_type {
                FieldType::F32 => buffer.extend((*value as f32).to_be_bytes()),
                _ => buffer.extend(value.to_be_bytes()),
            },
            Value::Text(text) => buffer.extend(text.as_bytes()),
            Value::Decimal(text) => {
                let bytes = numeric::bytes_of(text);
                buffer.extend(bytes.ok_or("the decimal is out of range")?);
            }
            Value::Bytes(bytes) => buffer.extend(bytes),
            Value::Uuid(uuid) => buffer.extend(uuid),
            Value::Timestamp(timestamp) => {
                buffer.extend(micros(timestamp.unix_micros())?.to_be_bytes());
            }
            Value::LocalDateTime(time) => buffer.extend(micros(time.micros())?.to_be_bytes()),
            Value::Date(date) => {
                let days = date.unix_days().checked_sub(UNIX_DAYS);
                buffer.extend(days.ok_or("the date is out of range")?.to_be_bytes());
            }
            Value::LocalTime(time) => buffer.extend(time.micros().to_be_bytes()),
            Value::Json(document) => {
                buffer.push(JSONB_VERSION);
                buffer.extend(document.as_bytes());
            }
        }
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(oid(self.field_type)))
    }
}

/// Microseconds since the day that PostgreSQL counts from.
fn micros(since_1970: i64) -> Result<i64, BoxDynError> {
    let micros = since_1970.checked_sub(UNIX_MICROS);
    Ok(micros.ok_or("the time is out of range")?)
}

/// One parameter of many members, as an array.
pub(super) struct Column<'a> {
    pub(super) field_type: &'a FieldType,
    pub(super) members: Stretch<'a>,
    /// The position of the parameter in each member.
    pub(super) position: usize,
}

impl Encode<'_, Postgres> for Column<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let values = || self.members.iter().map(|member| &member[self.position]);
        let dimensions = 1_i32;
        let lower_bound = 1_i32;
        let has_null = i32::from(values().any(Value::is_null));
        buffer.extend(dimensions.to_be_bytes());
        buffer.extend(has_null.to_be_bytes());
        buffer.extend(oid(self.field_type).0.to_be_bytes());
        buffer.extend(i32::try_from(self.members.len())?.to_be_bytes());
        buffer.extend(lower_bound.to_be_bytes());
        for value in values() {
            let start = buffer.len();
            // The length comes first, and is known last; that of a null is -1.
            buffer.extend((-1_i32).to_be_bytes());
            let parameter = Parameter {
                field_type: self.field_type,
                value,
            };
            if let IsNull::No = parameter.encode_by_ref(buffer)? {
                let length = i32::try_from(buffer.len() - start - 4)?;
                buffer[start..start + 4].copy_from_slice(&length.to_be_bytes());
            }
        }
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(array_oid(self.field_type)))
    }
}

impl Type<Postgres> for Column<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(array_oid(&FieldType::String))
    }
}

/// Only asked for where [`produces`](Encode::produces) has no answer, which it always has.
impl Type<Postgres> for Parameter<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TEXT)
    }
}

const TEXT: Oid = Oid(25);

pub(super) const NUMERIC: Oid = Oid(1700);

/// The types of `pg_type.dat`, which never change. An array travels as JSON, which the dialect
/// casts.
pub(super) fn oid(field_type: &FieldType) -> Oid {
    match field_type {
        FieldType::Bool => Oid(16),
        FieldType::Bytes => Oid(17),
        FieldType::I64 => Oid(20),
        FieldType::I16 => Oid(21),
        FieldType::I32 => Oid(23),
        FieldType::String | FieldType::Enum(_) => TEXT,
        FieldType::Decimal => NUMERIC,
        FieldType::F32 => Oid(700),
        FieldType::F64 => Oid(701),
        FieldType::Date => Oid(1082),
        FieldType::LocalTime => Oid(1083),
        FieldType::LocalDateTime => Oid(1114),
        FieldType::Timestamp => Oid(1184),
        FieldType::Uuid => Oid(2950),
        FieldType::Json | FieldType::Array(_) => Oid(3802),
    }
}

/// The types of arrays of them.
fn array_oid(field_type: &FieldType) -> Oid {
    match field_type {
        FieldType::Bool => Oid(1000),
        FieldType::Bytes => Oid(1001),
        FieldType::I64 => Oid(1016),
        FieldType::I16 => Oid(1005),
        FieldType::I32 => Oid(1007),
        FieldType::String | FieldType::Enum(_) => Oid(1009),
        FieldType::Decimal => Oid(1231),
        FieldType::F32 => Oid(1021),
        FieldType::F64 => Oid(1022),
        FieldType::Date => Oid(1182),
        FieldType::LocalTime => Oid(1183),
        FieldType::LocalDateTime => Oid(1115),
        FieldType::Timestamp => Oid(1185),
        FieldType::Uuid => Oid(2951),
        FieldType::Json | FieldType::Array(_) => Oid(3807),
    }
}
