//! One end of a range.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::schema::field_value::StaticType;
use crate::schema::{FieldType, FieldValue, Text};
use crate::value::{self, Value};

/// One end of a range, which belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// For integers, floating-point numbers and decimals.
    Integer(i64),
    /// For floating-point numbers and decimals.
    Float(f64),
    /// For what is written as text: decimals, dates, times.
    Text(Text),
}

impl Bound {
    /// The bound as a value of a field's type, or why it is none.
    pub(super) fn value(&self, field_type: &FieldType) -> Result<Value, String> {
        if !has_order(field_type) {
            return Err(NO_ORDER.to_owned());
        }
        value::from_json(field_type, &self.to_json()).map_err(|(_, detail)| detail)
    }

    /// As JSON writes it.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Integer(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(text) => text.as_ref().into(),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(formatter),
            Self::Float(value) => value.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

const NO_ORDER: &str = "`min` and `max` bound a number, a decimal, a date or a time, which have \
                        an order; this field has no order";

const fn has_order(field_type: &FieldType) -> bool {
    matches!(
        field_type,
        FieldType::I16
            | FieldType::I32
            | FieldType::I64
            | FieldType::F32
            | FieldType::F64
            | FieldType::Decimal
            | FieldType::Date
            | FieldType::Timestamp
            | FieldType::LocalDateTime
            | FieldType::LocalTime
    )
}

/// How two values of one type that can be bounded stand to each other. A number that is none has no
/// place among the others.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Decimal(left), Value::Decimal(right)) => {
            Some(value::order_of_decimals(left, right))
        }
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::LocalTime(left), Value::LocalTime(right)) => Some(left.cmp(right)),
        (Value::LocalDateTime(left), Value::LocalDateTime(right)) => Some(left.cmp(right)),
        (Value::Timestamp(left), Value::Timestamp(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// The bound of a compiled model's field; a type without an order does not compile.
#[doc(hidden)]
pub const fn bound<T: FieldValue>(bound: Bound) -> Bound {
    let field_type = <T as StaticType>::TYPE;
    assert!(
        has_order(field_type),
        "`min` and `max` bound a number, a decimal, a date or a time, or an Option of one"
    );
    let is_whole = matches!(field_type, FieldType::I16 | FieldType::I32 | FieldType::I64);
    let is_time = matches!(
        field_type,
        FieldType::Date | FieldType::Timestamp | FieldType::LocalDateTime | FieldType::LocalTime
    );
    let is_one = match &bound {
        Bound::Integer(_) => !is_time,
        Bound::Float(_) => !is_time && !is_whole,
        Bound::Text(_) => is_time || matches!(field_type, FieldType::Decimal),
    };
    assert!(is_one, "the bound has another type than the field");
    bound
}

/// The least length of a compiled model's text; another type does not compile.
#[doc(hidden)]
pub const fn min_length<T: FieldValue>(characters: u32) -> u32 {
    assert!(
        matches!(<T as StaticType>::TYPE, FieldType::String),
        "`min_length` is for a text: a String, or an Option of one"
    );
    characters
}

/// A pattern or a format of a compiled model's text; another type does not compile.
#[doc(hidden)]
pub const fn text_rule<T: FieldValue, R: Copy>(rule: R) -> R {
    assert!(
        matches!(<T as StaticType>::TYPE, FieldType::String),
        "`pattern`, `email` and `url` are for a text: a String, or an Option of one"
    );
    rule
}
