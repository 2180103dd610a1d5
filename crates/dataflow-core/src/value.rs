//! The one dynamic value: what a field holds when its Rust type is not at hand.
//!
//! Values are kept in primitive forms, so that no crate but the one that wants `chrono`, `uuid` or
//! `rust_decimal` pays for them, and a row can be written to JSON without passing through them.

mod convert;
mod date;
mod decimal;
mod json;
mod list;
mod local_date_time;
mod local_time;
mod timestamp;
mod uuid_text;

pub use convert::{Refusal, from_json};
pub use date::{Date, DateError};
pub(crate) use decimal::order_of_decimals;
pub use decimal::shortest_decimal;
pub use json::{Object, parse_object, parse_value};
pub(crate) use list::{list_as_shown, list_read, list_text};
pub use local_date_time::{LocalDateTime, LocalDateTimeError};
pub use local_time::{LocalTime, LocalTimeError};
pub use timestamp::{Timestamp, TimestampError};
pub use uuid_text::{parse_uuid, uuid_to_text};

/// What a field holds. The column's [`FieldType`](crate::schema::FieldType) says how it is stored.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer of any declared width, exact.
    Integer(i64),
    /// A floating-point number of either width; an `f32` fits exactly.
    Float(f64),
    /// Text, or the name of an enum variant.
    Text(String),
    /// Bytes; base64 in JSON.
    Bytes(Vec<u8>),
    /// A UUID, as its 16 bytes in network order.
    Uuid([u8; 16]),
    /// An instant.
    Timestamp(Timestamp),
    /// A day and a time on the wall clock.
    LocalDateTime(LocalDateTime),
    /// A calendar day.
    Date(Date),
    /// A time of day on the wall clock.
    LocalTime(LocalTime),
    /// A decimal number as its text, so that no digit is lost.
    Decimal(String),
    /// A JSON document as its text.
    Json(String),
}

impl Value {
    /// Whether this is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value as JSON writes it, as [`from_json`] reads it back.
    pub fn to_json(&self) -> serde_json::Value {
        convert::to_json(self)
    }
}
