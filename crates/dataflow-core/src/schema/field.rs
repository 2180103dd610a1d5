//! One field of a model.

use serde::{Deserialize, Serialize};

use super::{DefaultValue, FieldType, Text};

/// One field of a model, and the column that stores it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The name in Rust and in JSON.
    pub name: Text,
    /// The name of the column.
    pub column: Text,
    /// The field's documentation, shown by OpenAPI and MCP.
    pub description: Option<Text>,
    /// What it holds.
    pub field_type: FieldType,
    /// Whether it may hold no value.
    pub nullable: bool,
    /// What it holds when an input leaves it out.
    pub default: Option<DefaultValue>,
    /// Whether the library writes it when a row is created or changed.
    pub stamp: Option<Stamp>,
}

impl Field {
    /// A required field, stored in a column of its name, of which nothing else is declared.
    pub fn new(name: impl Into<Text>, field_type: FieldType) -> Self {
        let name = name.into();
        Self {
            column: name.clone(),
            name,
            description: None,
            field_type,
            nullable: false,
            default: None,
            stamp: None,
        }
    }

    /// Whether an input may leave it out: it is nullable, has a default, or is stamped.
    pub fn is_optional(&self) -> bool {
        self.nullable || self.default.is_some() || self.stamp.is_some()
    }
}

/// A time that the library writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stamp {
    /// When the row was created.
    Created,
    /// When the row was last changed.
    Updated,
}
