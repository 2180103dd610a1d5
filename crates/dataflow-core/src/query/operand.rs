//! What a column can be compared with, and how.

use crate::schema::{FieldValue, ItemType, Json, ModelEnum};
use crate::value::{Date, LocalDateTime, LocalTime, Timestamp, Value};

/// What a column of type `T` can be compared with: a `T`, a reference to one, the same for the `T`
/// of an `Option<T>`, and a `&str` where there is a `String`.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with `{Self}`",
    note = "compare it with a value of its own type"
)]
pub trait Operand<T> {
    /// The value that the column is compared with.
    fn into_value(self) -> Value;
}

impl<T: FieldValue> Operand<T> for T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

impl<T: FieldValue> Operand<Option<T>> for T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

impl<T: FieldValue> Operand<T> for &T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

impl<T: FieldValue> Operand<Option<T>> for &T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

impl Operand<String> for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Operand<Option<String>> for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

/// A type whose columns can be compared with those of type `T`: the same, or an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with one of type `{Self}`",
    note = "compare columns of one type"
)]
pub trait Alike<T> {}

impl<T> Alike<T> for T {}
impl<T> Alike<Option<T>> for T {}
impl<T> Alike<T> for Option<T> {}

/// A type whose columns have an order: a value may be less than another.
///
/// Implement it for a type of your own whose stored form sorts as its values do.
#[diagnostic::on_unimplemented(message = "columns of type `{Self}` have no order")]
pub trait Ordered {}

/// A type whose columns hold text that patterns are matched with.
#[diagnostic::on_unimplemented(message = "columns of type `{Self}` hold no text")]
pub trait Textual {}

/// A type whose columns hold JSON documents that a path can look into.
#[diagnostic::on_unimplemented(message = "columns of type `{Self}` hold no JSON document")]
pub trait Document {}

/// A type whose columns hold lists.
#[diagnostic::on_unimplemented(message = "columns of type `{Self}` hold no list")]
pub trait Items {
    /// What the lists are made of.
    type Item;
    /// The same for the database.
    const ITEM: ItemType;
}

/// Bytes are no list.
macro_rules! items {
    ($($item_type:ident: $rust:ty;)*) => {$(
        impl Items for Vec<$rust> {
            type Item = $rust;
            const ITEM: ItemType = ItemType::$item_type;
        }
    )*};
}

items! {
    Bool: bool;
    I16: i16;
    I32: i32;
    I64: i64;
    F32: f32;
    F64: f64;
    String: String;
    Timestamp: Timestamp;
    LocalDateTime: LocalDateTime;
    Date: Date;
    LocalTime: LocalTime;
}
#[cfg(feature = "uuid")]
items! {
    Uuid: uuid::Uuid;
}
#[cfg(feature = "chrono")]
items! {
    Timestamp: chrono::DateTime<chrono::Utc>;
    LocalDateTime: chrono::NaiveDateTime;
    Date: chrono::NaiveDate;
    LocalTime: chrono::NaiveTime;
}
#[cfg(feature = "decimal")]
items! {
    Decimal: rust_decimal::Decimal;
}

impl<E: ModelEnum> Items for Vec<E> {
    type Item = E;
    const ITEM: ItemType = ItemType::Enum(E::ENUM);
}

impl<T: Items> Items for Option<T> {
    type Item = T::Item;
    const ITEM: ItemType = T::ITEM;
}

macro_rules! mark {
    ($mark:ident: $($rust:ty)*) => {$(impl $mark for $rust {})*};
}

impl<T: Ordered> Ordered for Option<T> {}
impl<T: Textual> Textual for Option<T> {}
impl<T: Document> Document for Option<T> {}

mark!(Ordered: bool i16 i32 i64 f32 f64 String Timestamp LocalDateTime Date LocalTime);
mark!(Textual: String);
mark!(Document: serde_json::Value);

impl<T> Document for Json<T> {}

#[cfg(feature = "uuid")]
mark!(Ordered: uuid::Uuid);
#[cfg(feature = "chrono")]
mark!(Ordered: chrono::DateTime<chrono::Utc> chrono::NaiveDateTime chrono::NaiveDate chrono::NaiveTime);
#[cfg(feature = "decimal")]
mark!(Ordered: rust_decimal::Decimal);
