//! What the columns of a database hold, where their types do not say it.

use std::collections::HashMap;

use super::seen::{Seen, Stored};
use crate::schema::TableName;
use crate::snapshot::Column;

/// What was seen in the columns of tables. Nothing is known of a database that was not looked into,
/// because there each column holds its type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contents {
    columns: HashMap<(TableName, String), Seen>,
    /// By the type that columns were declared with.
    declared: HashMap<String, Seen>,
}

/// What was seen in a column, and in all that were declared alike.
#[derive(Clone, Copy)]
pub(super) struct Sight<'c> {
    pub(super) own: &'c Seen,
    alike: &'c Seen,
}

impl Contents {
    /// Takes the values of a column into account.
    pub fn note<'v>(
        &mut self,
        table: &TableName,
        column: &Column,
        values: impl IntoIterator<Item = Stored<'v>>,
    ) {
        let place = (table.clone(), column.name.clone());
        let own = self.columns.entry(place).or_default();
        let declared = column.column_type.to_ascii_uppercase();
        let alike = self.declared.entry(declared).or_default();
        for value in values {
            own.note(value);
            alike.note(value);
        }
    }

    pub(super) fn of(&self, table: &TableName, column: &Column) -> Option<Sight<'_>> {
        let place = (table.clone(), column.name.clone());
        Some(Sight {
            own: self.columns.get(&place)?,
            alike: self
                .declared
                .get(&column.column_type.to_ascii_uppercase())?,
        })
    }
}

impl<'c> Sight<'c> {
    /// A column that holds nothing is taken to hold what those hold that were declared alike, because
    /// one tool made them.
    pub(super) fn or_alike(self) -> &'c Seen {
        match self.own.is_empty() {
            true => self.alike,
            false => self.own,
        }
    }
}
