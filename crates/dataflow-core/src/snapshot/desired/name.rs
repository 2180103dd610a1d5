//! What indexes and constraints are called where their model does not say.

use std::collections::HashSet;

use crate::error::{Error, Kind, Result};
use crate::schema::{LONGEST_NAME, TableName};
use crate::snapshot::{DatabaseSnapshot, Table};

/// `table_column_key`, as PostgreSQL itself names such things. A name over its 63 bytes is cut and
/// ends in a hash of the whole, so that two long names stay two.
pub(crate) fn of(table: &str, parts: &[&str], suffix: &str) -> String {
    const HASH_AND_BAR: usize = 9;

    let parts: String = parts.iter().map(|part| format!("{part}_")).collect();
    let name = format!("{table}_{parts}{suffix}");
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let hash = crate::ddl::Fingerprint::of(name.as_bytes()).to_string();
    let mut end = LONGEST_NAME - HASH_AND_BAR;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{}", &name[..end], &hash[..HASH_AND_BAR - 1])
}

/// Sees that no index has the name of another or of a table: both databases keep those of a schema
/// in one place, and SQLite minds no case. The checks of one table have names of their own.
pub(super) fn are_unique(snapshot: &DatabaseSnapshot) -> Result<()> {
    let place = |table: &Table, name: &str| (table.name.schema.clone(), name.to_lowercase());
    let tables = snapshot.tables.iter();
    let tables = tables.map(|table| place(table, &table.name.name));
    let mut seen: HashSet<_> = tables.collect();
    let mut mistakes = Vec::new();
    for table in &snapshot.tables {
        let mut constraints = HashSet::new();
        for check in &table.checks {
            if !constraints.insert(check.name.to_lowercase()) {
                mistakes.push(format!(
                    "table {:?}: the name {:?} of a check is taken",
                    table.name, check.name
                ));
            }
        }
        for index in &table.indexes {
            if !seen.insert(place(table, &index.name)) {
                mistakes.push(format!(
                    "table {:?}: the name {:?} of an index is taken",
                    table.name, index.name
                ));
            }
        }
    }
    // A table is a type of its rows.
    for enum_type in &snapshot.enum_types {
        let name = TableName::new(enum_type.name.clone());
        if snapshot.table(&name).is_some() {
            mistakes.push(format!(
                "type {:?}: the name is that of a table",
                enum_type.name
            ));
        }
    }
    if mistakes.is_empty() {
        return Ok(());
    }
    let summary = "indexes, checks and types have names that are taken";
    Err(Error::new(Kind::Configuration, summary)
        .with_details(mistakes)
        .with_help(
            "give one of them a name of its own: index(…, name = \"…\"), check(…, name = \"…\"), \
             type = \"…\"",
        ))
}
