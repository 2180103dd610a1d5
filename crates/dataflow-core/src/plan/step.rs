//! One change of a database.

use crate::snapshot::{Column, ForeignKey, Index, Table};

/// One change, and what must hold for it to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is changed.
    pub change: Change,
    /// What must hold before.
    pub requires: Requirement,
}

/// What is changed. All of these add; none loses data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new table with its columns, key and foreign keys; its indexes follow as steps.
    CreateTable(Table),
    /// A new column of a table that exists.
    AddColumn {
        /// The table.
        table: String,
        /// The column.
        column: Column,
        /// Its foreign key, where the database takes one only together with a new column.
        foreign_key: Option<ForeignKey>,
    },
    /// A new index.
    CreateIndex {
        /// The table.
        table: String,
        /// The index.
        index: Index,
    },
    /// A foreign key between tables that exist.
    AddForeignKey {
        /// The table that points.
        table: String,
        /// The foreign key.
        foreign_key: ForeignKey,
    },
}

impl Change {
    /// The table that is changed, when it exists already.
    pub fn existing_table(&self) -> Option<&str> {
        match self {
            Self::CreateTable(_) => None,
            Self::AddColumn { table, .. }
            | Self::CreateIndex { table, .. }
            | Self::AddForeignKey { table, .. } => Some(table),
        }
    }
}

/// What must hold before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing: the step is safe on any table.
    Nothing,
    /// The table holds no row, for the reason given.
    EmptyTable {
        /// Why rows are in the way, and what to do, as advice.
        remedy: &'static str,
    },
}
