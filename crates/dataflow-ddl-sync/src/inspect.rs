//! The catalogue of each database, read into a snapshot in a number of statements that does not
//! grow with the number of tables.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use dataflow_core::snapshot::{DatabaseSnapshot, Index, Table};

/// The table of a name in a snapshot that is being read; it is added when it is not there yet.
fn table_of<'a>(snapshot: &'a mut DatabaseSnapshot, name: &str) -> &'a mut Table {
    let position = snapshot.tables.iter().position(|table| table.name == name);
    let position = position.unwrap_or_else(|| {
        snapshot.tables.push(Table {
            name: name.to_owned(),
            ..Table::default()
        });
        snapshot.tables.len() - 1
    });
    &mut snapshot.tables[position]
}

/// Adds one column to the index that is being read, which starts a new one when its name is new.
/// No column stands for an expression, and an index with an expression counts as one without
/// columns.
fn add_index_column(table: &mut Table, index: Index, column: Option<String>) {
    let is_new = table
        .indexes
        .last()
        .is_none_or(|last| last.name != index.name);
    if is_new {
        table.indexes.push(Index {
            columns: column.into_iter().collect(),
            ..index
        });
        return;
    }
    let last = table.indexes.last_mut().expect("an index was just read");
    match column {
        Some(column) if !last.columns.is_empty() => last.columns.push(column),
        _ => last.columns.clear(),
    }
}
