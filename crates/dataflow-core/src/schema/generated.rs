//! A field that the database computes.

use serde::{Deserialize, Serialize};

use super::Text;

/// How the database computes a field of the others in its row. Nobody else can write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    /// The value, in SQL over columns.
    pub expression: Text,
    /// When it is computed.
    #[serde(default)]
    pub kept: Kept,
}

/// When a generated field is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// When the row is written; the value takes room in it.
    #[default]
    Stored,
    /// Whenever the row is read.
    Virtual,
}
