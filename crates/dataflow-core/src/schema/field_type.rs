//! What a field can hold.

use serde::{Deserialize, Serialize};

use super::{List, Text};

/// What a field holds; how each database stores it is the dialect's matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// True or false.
    Bool,
    /// A signed integer of 16 bits.
    I16,
    /// A signed integer of 32 bits.
    I32,
    /// A signed integer of 64 bits.
    I64,
    /// An IEEE 754 number of 32 bits.
    F32,
    /// An IEEE 754 number of 64 bits.
    F64,
    /// Text without U+0000, which PostgreSQL cannot store.
    String,
    /// Bytes; base64 in JSON.
    Bytes,
    /// A UUID.
    Uuid,
    /// An instant in UTC, to the microsecond.
    Timestamp,
    /// A day and a time on the wall clock, without an offset, to the microsecond.
    LocalDateTime,
    /// A calendar day.
    Date,
    /// A time of day on the wall clock, without an offset, to the microsecond.
    LocalTime,
    /// An exact decimal number; a string in JSON.
    Decimal,
    /// A JSON document.
    Json,
    /// One of a fixed set of names.
    Enum(EnumType),
    /// Any number of items, none of which is null.
    Array(ItemType),
}

/// What the items of an array can be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemType {
    /// True or false.
    Bool,
    /// Signed integers of 16 bits.
    I16,
    /// Signed integers of 32 bits.
    I32,
    /// Signed integers of 64 bits.
    I64,
    /// IEEE 754 numbers of 32 bits.
    F32,
    /// IEEE 754 numbers of 64 bits.
    F64,
    /// Texts.
    String,
    /// UUIDs.
    Uuid,
    /// Instants in UTC.
    Timestamp,
    /// Days and times on the wall clock.
    LocalDateTime,
    /// Calendar days.
    Date,
    /// Times of day on the wall clock.
    LocalTime,
    /// Exact decimal numbers, each in its shortest form.
    Decimal,
    /// Names of one enum.
    Enum(EnumType),
}

impl ItemType {
    /// Each of them but those of enums.
    pub const PLAIN: [Self; 13] = [
        Self::Bool,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::F32,
        Self::F64,
        Self::String,
        Self::Uuid,
        Self::Timestamp,
        Self::LocalDateTime,
        Self::Date,
        Self::LocalTime,
        Self::Decimal,
    ];

    /// The type of a single item.
    pub fn field_type(&self) -> FieldType {
        match self {
            Self::Bool => FieldType::Bool,
            Self::I16 => FieldType::I16,
            Self::I32 => FieldType::I32,
            Self::I64 => FieldType::I64,
            Self::F32 => FieldType::F32,
            Self::F64 => FieldType::F64,
            Self::String => FieldType::String,
            Self::Uuid => FieldType::Uuid,
            Self::Timestamp => FieldType::Timestamp,
            Self::LocalDateTime => FieldType::LocalDateTime,
            Self::Date => FieldType::Date,
            Self::LocalTime => FieldType::LocalTime,
            Self::Decimal => FieldType::Decimal,
            Self::Enum(enum_type) => FieldType::Enum(enum_type.clone()),
        }
    }
}

/// A string enum: stored as the name of its variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EnumType {
    /// The name of the Rust enum.
    pub name: Text,
    /// What is stored for each variant, in the order of declaration.
    pub variants: List<Text>,
    /// The type of its own that PostgreSQL keeps it in, and SQLite a condition for; without a name,
    /// it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<Text>,
}

impl FieldType {
    /// The enum, where it has a type of its own, and the name of that.
    pub(crate) fn as_named(&self) -> Option<(&EnumType, &str)> {
        match self {
            Self::Enum(enum_type) => Some((enum_type, enum_type.type_name.as_deref()?)),
            _ => None,
        }
    }

    /// The enum that its values, or the items of those, are of.
    pub fn enum_type(&self) -> Option<&EnumType> {
        match self {
            Self::Enum(enum_type) | Self::Array(ItemType::Enum(enum_type)) => Some(enum_type),
            _ => None,
        }
    }

    /// The enum with a type of its own that a column of it, or of lists of it, is made with, and the
    /// name of that type.
    pub(crate) fn made_with(&self) -> Option<(&EnumType, &str)> {
        let enum_type = self.enum_type()?;
        Some((enum_type, enum_type.type_name.as_deref()?))
    }

    /// Whether a column of it is text on every database, which sorts, matches and measures it as
    /// such.
    pub(crate) fn is_text(&self) -> bool {
        match self {
            Self::String => true,
            Self::Enum(enum_type) => enum_type.type_name.is_none(),
            _ => false,
        }
    }

    /// Whether its values say when something was written.
    pub(crate) fn is_time(&self) -> bool {
        matches!(self, Self::Timestamp | Self::LocalDateTime)
    }

    /// Whether its values have seconds, and digits of one after them.
    pub(crate) fn has_seconds(&self) -> bool {
        self.is_time() || *self == Self::LocalTime
    }

    /// Whether its values can name a tenant.
    pub(crate) fn names_tenants(&self) -> bool {
        matches!(
            self,
            Self::String | Self::Uuid | Self::I16 | Self::I32 | Self::I64
        )
    }

    /// The type in words, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Bool => "a boolean",
            Self::I16 => "an integer from -32768 to 32767",
            Self::I32 => "an integer from -2147483648 to 2147483647",
            Self::I64 => "an integer of 64 bits",
            Self::F32 | Self::F64 => "a number",
            Self::String => "a string",
            Self::Bytes => "a base64 string",
            Self::Uuid => "a UUID string",
            Self::Timestamp => "an RFC 3339 date and time",
            Self::LocalDateTime => "a date and time without an offset, such as 2026-11-23T09:30:00",
            Self::Date => "a date such as 2026-11-23",
            Self::LocalTime => "a time of day without an offset, such as 09:30:00",
            Self::Decimal => "a decimal number as a string",
            Self::Json => "a JSON document",
            Self::Enum(_) => "one of the declared names",
            Self::Array(item) => match item {
                ItemType::Bool => "a list of booleans",
                ItemType::I16 => "a list of integers from -32768 to 32767",
                ItemType::I32 => "a list of integers from -2147483648 to 2147483647",
                ItemType::I64 => "a list of integers of 64 bits",
                ItemType::F32 | ItemType::F64 => "a list of numbers",
                ItemType::String => "a list of strings",
                ItemType::Uuid => "a list of UUID strings",
                ItemType::Timestamp => "a list of RFC 3339 dates and times",
                ItemType::LocalDateTime => "a list of dates and times without an offset",
                ItemType::Date => "a list of dates such as 2026-11-23",
                ItemType::LocalTime => "a list of times of day without an offset",
                ItemType::Decimal => "a list of decimal numbers as strings",
                ItemType::Enum(_) => "a list of the declared names",
            },
        }
    }
}
