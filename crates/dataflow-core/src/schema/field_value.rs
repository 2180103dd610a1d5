//! The bridge between a Rust type and a column.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{FieldType, ItemType, KeyGenerator};
use crate::error::{Error, Kind, Result};
use crate::row::{OneValue, RowSource};
use crate::value::{Date, LocalDateTime, LocalTime, Timestamp, Value, list_read, list_text};

/// A Rust type that a model's field may have.
///
/// Implemented for `bool`, `i16`, `i32`, `i64`, `f32`, `f64`, `String`, `Vec<u8>`,
/// [`serde_json::Value`], [`Json`], [`Timestamp`], [`LocalDateTime`], [`Date`], [`LocalTime`], for the types of `uuid`, `chrono` and
/// `rust_decimal` behind features of those names, for a `Vec` of any of these but bytes and documents,
/// for enums that derive `ModelEnum` and a `Vec` of one, and for an `Option` of each.
///
/// An implementation MUST give back from [`read`](FieldValue::read) what
/// [`to_value`](FieldValue::to_value) stored, or rows change when they are read and written again.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a model",
    note = "use bool, i16, i32, i64, f32, f64, String, Vec<u8>, Uuid, DateTime<Utc>, NaiveDateTime, NaiveDate, NaiveTime, Decimal, serde_json::Value, Json<T>, an enum with `#[derive(ModelEnum)]`, a Vec of any of these but bytes and documents, or an Option of each"
)]
pub trait FieldValue: Sized + Send + Sync + 'static {
    /// What the column holds.
    const TYPE: FieldType;
    /// Whether the column may hold no value.
    const NULLABLE: bool = false;
    /// Who makes the value when this is the type of a key and nothing else is declared.
    const KEY_GENERATOR: KeyGenerator = KeyGenerator::None;

    /// The value that is stored.
    fn to_value(&self) -> Value;

    /// Reads the column at an ordinal.
    ///
    /// # Errors
    ///
    /// When the column holds what this type cannot hold.
    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self>;
}

/// The type of a field as a reference, which a constant function can look at.
pub(super) trait StaticType {
    const TYPE: &'static FieldType;
}

impl<T: FieldValue> StaticType for T {
    const TYPE: &'static FieldType = &<T as FieldValue>::TYPE;
}

impl<T: FieldValue> FieldValue for Option<T> {
    const TYPE: FieldType = T::TYPE;
    const NULLABLE: bool = true;

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        if row.is_null(ordinal)? {
            Ok(None)
        } else {
            T::read(row, ordinal).map(Some)
        }
    }
}

/// A field of any type that serde knows, stored as a JSON document.
///
/// ```
/// use dataflow_core::schema::{FieldType, FieldValue, Json};
/// use dataflow_core::Value;
///
/// let tags = Json(vec!["a", "b"]);
/// assert_eq!(<Json<Vec<String>> as FieldValue>::TYPE, FieldType::Json);
/// assert_eq!(Json(vec!["a".to_owned()]).to_value(), Value::Json(r#"["a"]"#.to_owned()));
/// # let _ = tags;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> FieldValue for Json<T> {
    const TYPE: FieldType = FieldType::Json;

    /// # Panics
    ///
    /// When `T` cannot be written as JSON: a map with keys that are not strings.
    fn to_value(&self) -> Value {
        Value::Json(serde_json::to_string(&self.0).expect("a model's JSON field serializes"))
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        let value = serde_json::from_str(&row.json(ordinal)?).map_err(|_| {
            // The parser's own message may quote the document, so it is not passed on.
            Error::new(
                Kind::Internal,
                "a JSON column does not hold its field's type",
            )
        })?;
        Ok(Self(value))
    }
}

impl FieldValue for serde_json::Value {
    const TYPE: FieldType = FieldType::Json;

    fn to_value(&self) -> Value {
        Value::Json(self.to_string())
    }

    fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
        Json::<Self>::read(row, ordinal).map(|document| document.0)
    }
}

/// Types that one method of [`RowSource`] reads and one variant of [`Value`] holds.
macro_rules! field_values {
    ($($rust:ty: $field_type:ident, $read:ident, $value:ident, $generator:ident;)*) => {$(
        impl FieldValue for $rust {
            const TYPE: FieldType = FieldType::$field_type;
            const KEY_GENERATOR: KeyGenerator = KeyGenerator::$generator;

            fn to_value(&self) -> Value {
                Value::$value(self.clone().into())
            }

            fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
                Ok(row.$read(ordinal)?.into())
            }
        }
    )*};
}

field_values! {
    bool: Bool, bool, Bool, None;
    i16: I16, i16, Integer, Serial;
    i32: I32, i32, Integer, Serial;
    i64: I64, i64, Integer, Serial;
    f32: F32, f32, Float, None;
    f64: F64, f64, Float, None;
    String: String, text, Text, None;
    Vec<u8>: Bytes, bytes, Bytes, None;
    Timestamp: Timestamp, timestamp, Timestamp, None;
    LocalDateTime: LocalDateTime, local_date_time, LocalDateTime, None;
    Date: Date, date, Date, None;
    LocalTime: LocalTime, local_time, LocalTime, None;
}

/// Arrays of what serde reads and writes as the JSON of a single value.
macro_rules! array_values {
    ($($rust:ty: $item_type:ident;)*) => {$(
        impl FieldValue for Vec<$rust> {
            const TYPE: FieldType = FieldType::Array(ItemType::$item_type);

            fn to_value(&self) -> Value {
                Value::Json(serde_json::to_string(self).expect("a list of values is JSON"))
            }

            fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
                Json::<Self>::read(row, ordinal).map(|items| items.0)
            }
        }
    )*};
}

array_values! {
    bool: Bool;
    i16: I16;
    i32: I32;
    i64: I64;
    f64: F64;
    String: String;
}

/// Arrays of other types, whose items pass through their [`Value`].
macro_rules! list_values {
    ($($rust:ty: $item_type:ident;)*) => {$(
        impl FieldValue for Vec<$rust> {
            const TYPE: FieldType = FieldType::Array(ItemType::$item_type);

            fn to_value(&self) -> Value {
                let items = self.iter().map(FieldValue::to_value);
                Value::Json(list_text(&ItemType::$item_type, items))
            }

            fn read<R: RowSource>(row: &R, ordinal: usize) -> Result<Self> {
                read_list(&ItemType::$item_type, row, ordinal)
            }
        }
    )*};
}

list_values! {
    f32: F32;
    Timestamp: Timestamp;
    LocalDateTime: LocalDateTime;
    Date: Date;
    LocalTime: LocalTime;
}
#[cfg(feature = "uuid")]
list_values! {
    ::uuid::Uuid: Uuid;
}
#[cfg(feature = "chrono")]
list_values! {
    ::chrono::DateTime<::chrono::Utc>: Timestamp;
    ::chrono::NaiveDateTime: LocalDateTime;
    ::chrono::NaiveDate: Date;
    ::chrono::NaiveTime: LocalTime;
}
#[cfg(feature = "decimal")]
list_values! {
    ::rust_decimal::Decimal: Decimal;
}

fn read_list<T: FieldValue, R: RowSource>(
    item_type: &ItemType,
    row: &R,
    ordinal: usize,
) -> Result<Vec<T>> {
    let items = list_read(item_type, &row.json(ordinal)?)?;
    let items = items.iter();
    items.map(|item| T::read(&OneValue(item), 0)).collect()
}

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "decimal")]
mod decimal;
#[cfg(feature = "uuid")]
mod uuid;
