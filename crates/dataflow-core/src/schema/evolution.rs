//! What became of the tables and columns of versions before.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{List, TableName, Text};

/// What became of the table of a model and its columns since versions before: what no comparison
/// can find out.
///
/// Each of these counts while the database is as it was, and does nothing afterwards, so it may
/// stay as long as some database has not been brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Evolution {
    /// The name that the table had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<Text>,
    /// The schema that the table was in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Text>,
    /// The fields whose column had another name.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub renamed_fields: List<RenamedField>,
    /// Columns that may be dropped, with their values.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub dropped_columns: List<Text>,
    /// Indexes that may be dropped, or made anew as they are declared now.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub dropped_indexes: List<Text>,
    /// Constraints that may be dropped.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub dropped_constraints: List<Text>,
}

/// A field whose column had another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenamedField {
    /// The field.
    pub field: Text,
    /// The name that its column had.
    pub from: Text,
}

impl Evolution {
    /// Nothing was said.
    pub const NONE: Self = Self {
        renamed_from: None,
        moved_from: None,
        renamed_fields: Cow::Borrowed(&[]),
        dropped_columns: Cow::Borrowed(&[]),
        dropped_indexes: Cow::Borrowed(&[]),
        dropped_constraints: Cow::Borrowed(&[]),
    };

    /// What a table was called, where that was otherwise.
    pub fn former_table(&self, table: &TableName) -> Option<TableName> {
        if self.renamed_from.is_none() && self.moved_from.is_none() {
            return None;
        }
        Some(TableName {
            schema: self.moved_from.clone().or_else(|| table.schema.clone()),
            name: self
                .renamed_from
                .clone()
                .unwrap_or_else(|| table.name.clone()),
        })
    }

    /// Whether nothing was said.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }
}
