//! What is in a database, and in no model.

use std::fmt;

use crate::inventory::{Inventory, Item, ItemKind};
use crate::schema::TableName;

/// Something that is in a database, and that no model says. It stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaid {
    /// What it is about.
    pub about: About,
    /// What it is, or why it became nothing.
    pub what: String,
}

/// What something is about that no model says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// No table, or one that is none of ours.
    Database,
    /// A table that became no model.
    Table(TableName),
    /// A column, of a table that became a model. Reads and writes do not touch it.
    Column(TableName, String),
    /// Another part of a table that became a model.
    Part(TableName),
}

impl Unsaid {
    /// A part of a table that became a model.
    pub(super) fn part(table: &TableName, what: String) -> Self {
        Self {
            about: About::Part(table.clone()),
            what,
        }
    }

    /// A column of a table that became a model.
    pub(super) fn column(table: &TableName, column: &str, why: String) -> Self {
        Self {
            about: About::Column(table.clone(), column.to_owned()),
            what: why,
        }
    }

    /// A table that became no model.
    pub(super) fn table(table: &TableName, why: String) -> Self {
        Self {
            about: About::Table(table.clone()),
            what: why,
        }
    }

    /// A thing beside the models, or what no model says of it.
    pub(super) fn thing(item: &Item, inventory: &Inventory) -> Self {
        let table = item.table.as_deref().map(|name| inventory.table(name));
        Self {
            about: table.map_or(About::Database, About::Part),
            what: match (item.beyond.as_str(), item.shape.as_str()) {
                ("", manner) if item.kind == ItemKind::Table && !manner.is_empty() => {
                    format!("{item}: {manner}")
                }
                ("", _) => item.to_string(),
                (beyond, _) => format!("{item}: {beyond}"),
            },
        }
    }

    /// Whether it is about a table, or a part of it.
    pub(super) fn concerns(&self, table: &TableName) -> bool {
        match &self.about {
            About::Database => false,
            About::Table(of) | About::Column(of, _) | About::Part(of) => of == table,
        }
    }
}

impl fmt::Display for Unsaid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = &self.what;
        match &self.about {
            About::Table(table) => write!(formatter, "table {table:?} has no model: {what}"),
            About::Column(table, column) => write!(
                formatter,
                "table {table:?}: column {column:?} {what}; reads and writes do not touch it"
            ),
            About::Part(table) if !what.contains(&format!("table {table:?}")) => {
                write!(formatter, "table {table:?}: {what}")
            }
            About::Part(_) | About::Database => formatter.write_str(what),
        }
    }
}
