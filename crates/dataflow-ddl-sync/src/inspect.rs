//! The catalogue of each database, read into a snapshot in a number of statements that does not
//! grow with the number of tables.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use dataflow_core::snapshot::{DatabaseSnapshot, Index, IndexMember, Table};

/// The table of a name in a snapshot that is being read; it is added when it is not there yet. The
/// tables are kept in the order of their names, so that finding one among many takes no longer.
fn table_of<'a>(snapshot: &'a mut DatabaseSnapshot, name: &str) -> &'a mut Table {
    let position = snapshot
        .tables
        .binary_search_by(|table| table.name.as_str().cmp(name));
    let position = position.unwrap_or_else(|position| {
        let table = Table {
            name: name.to_owned(),
            ..Table::default()
        };
        snapshot.tables.insert(position, table);
        position
    });
    &mut snapshot.tables[position]
}

/// Adds one member to the index that is being read, which starts a new one when its name is new.
fn add_index_member(table: &mut Table, index: Index, member: IndexMember) {
    let is_new = table
        .indexes
        .last()
        .is_none_or(|last| last.name != index.name);
    if is_new {
        table.indexes.push(index);
    }
    let last = table.indexes.last_mut().expect("an index was just read");
    last.members.push(member);
}
