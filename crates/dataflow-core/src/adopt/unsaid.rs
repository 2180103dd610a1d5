//! What is in a database, and in no model.

use std::fmt;

use crate::inventory::Item;
use crate::schema::TableName;

/// Something that is in a database, and that no model says. It stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaid {
    /// The table that it belongs to, where it belongs to one.
    pub table: Option<TableName>,
    /// Whether the whole table became no model.
    pub is_table: bool,
    /// What it is.
    pub what: String,
}

impl Unsaid {
    /// A part of a table that became a model.
    pub(super) fn new(table: &TableName, what: String) -> Self {
        Self {
            table: Some(table.clone()),
            is_table: false,
            what,
        }
    }

    /// A table that became no model.
    pub(super) fn table(table: &TableName, reason: &str) -> Self {
        Self {
            table: Some(table.clone()),
            is_table: true,
            what: reason.to_owned(),
        }
    }

    pub(super) fn thing(item: &Item) -> Self {
        Self {
            table: item.table.clone().map(Into::into),
            is_table: false,
            what: item.to_string(),
        }
    }

    pub(super) fn part(item: &Item, beyond: &str) -> Self {
        Self {
            what: format!("{item}: {beyond}"),
            ..Self::thing(item)
        }
    }
}

impl fmt::Display for Unsaid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.table, self.is_table) {
            (Some(table), true) => write!(formatter, "table {table:?} has no model: {}", self.what),
            (Some(table), false) if !self.what.contains(&format!("table {table:?}")) => {
                write!(formatter, "table {table:?}: {}", self.what)
            }
            _ => formatter.write_str(&self.what),
        }
    }
}
