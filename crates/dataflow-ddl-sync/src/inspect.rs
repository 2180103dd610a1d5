//! The catalogue of each database, read into a snapshot in a number of statements that does not
//! grow with the number of tables.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use dataflow_core::snapshot::{Index, IndexMember, Table};

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
