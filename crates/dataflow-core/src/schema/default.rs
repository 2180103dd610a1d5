//! What a field holds when an input leaves it out.

use serde::{Deserialize, Serialize};

use super::Text;

/// A default, declared as a value or as an expression.
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
    /// An expression in SQL, which the database computes for each new row. What its value will be is
    /// known only when the row is read back.
    Sql(Text),
}

impl DefaultValue {
    /// The default as JSON writes it; none where the database computes it.
    pub fn to_json(&self) -> Option<serde_json::Value> {
        Some(match self {
            Self::Bool(value) => (*value).into(),
            Self::Integer(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(value) => value.as_ref().into(),
            Self::Sql(_) => return None,
        })
    }
}
