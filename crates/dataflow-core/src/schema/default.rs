//! What a field holds when an input leaves it out.

use serde::{Deserialize, Serialize};

use super::Text;

/// A default, declared as a value.
///
/// It stands in the table too, so that rows which exist when the column is added, and writers that
/// do not know it, get the same value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultValue {
    /// True or false.
    Bool(bool),
    /// For integers of any width.
    Integer(i64),
    /// For floating-point numbers.
    Float(f64),
    /// For strings, enums, and every type whose value is written as text: dates, timestamps, UUIDs,
    /// decimals, JSON.
    Text(Text),
}

impl DefaultValue {
    /// The default as JSON writes it.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Bool(value) => (*value).into(),
            Self::Integer(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(value) => value.as_ref().into(),
        }
    }
}
