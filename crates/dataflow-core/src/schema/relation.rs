//! A model that points at another.

use serde::{Deserialize, Serialize};

use super::Text;

/// A field whose value is the key of a row of another model: a foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The field that holds the other row's key.
    pub field: Text,
    /// The table of the other model.
    pub table: Text,
    /// The column of the other model's key.
    pub column: Text,
}
