//! A condition that every row fulfills.

use serde::{Deserialize, Serialize};

use super::Text;

/// A condition that the database sees fulfilled by every row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its name in the database; without one, it is made of the table and the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The field it stands on, where it is about one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Text>,
    /// The condition, in SQL over columns. A row whose condition is null fulfills it.
    pub expression: Text,
}

impl Check {
    /// A condition on the model, under a name.
    pub fn new(name: impl Into<Text>, expression: impl Into<Text>) -> Self {
        Self {
            name: Some(name.into()),
            field: None,
            expression: expression.into(),
        }
    }
}
