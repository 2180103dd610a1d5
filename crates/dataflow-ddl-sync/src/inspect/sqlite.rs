//! `sqlite_schema`, joined with the pragmas that describe its tables.

mod foreign_key;
mod index;
mod inventory;
mod spelling;
mod written;

pub(crate) use inventory::inventory;
pub(crate) use spelling::spelled;

use std::collections::HashMap;

use dataflow_core::dialect::{TRIGGER_PREFIX, tell_narrowing};
use dataflow_core::schema::{Kept, TableName};
use dataflow_core::snapshot::{
    Attachment, Column, DatabaseSnapshot, Definition, Generated, Table, Trigger,
};
use rusqlite::{Connection, Row, params_from_iter};
use written::Written;

/// Those of the wanted tables that exist, in one pass over the schema. SQLite compares names without
/// regard to case.
const FOUND: &str = "found(name) AS MATERIALIZED (
    SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name COLLATE NOCASE IN (SELECT value FROM wanted))";

/// One row for each column. The key of a rowid table that is the rowid has no index of its own.
const COLUMNS: &str = "
SELECT found.name, info.name, info.type, info.\"notnull\", info.dflt_value, info.pk,
       lower(info.type) = 'integer' AND info.pk = 1
       AND (SELECT count(*) FROM pragma_table_xinfo(found.name) key WHERE key.pk > 0) = 1
       AND NOT EXISTS (SELECT 1 FROM pragma_index_list(found.name) list WHERE list.origin = 'pk'),
       info.hidden, list.wr
FROM found
JOIN pragma_table_list(found.name) list ON list.schema = 'main'
JOIN pragma_table_xinfo(found.name) info
ORDER BY found.name, info.cid";

/// How `hidden` marks a column that is computed: whenever it is read, or when its row is written.
const VIRTUAL: i64 = 2;
const STORED: i64 = 3;

/// The statements that each table was made with; those of its indexes and triggers follow that of
/// the table. An index that belongs to a constraint has none.
const DEFINITIONS: &str = "
SELECT entry.tbl_name, entry.type, entry.name, entry.sql
FROM sqlite_schema entry
WHERE entry.type IN ('table', 'index', 'trigger') AND entry.sql IS NOT NULL
    AND entry.tbl_name COLLATE NOCASE IN (SELECT name FROM found)
ORDER BY entry.tbl_name, entry.type = 'table' DESC, entry.rowid";

/// Those of the named tables that exist.
pub(crate) fn inspect(
    connection: &Connection,
    tables: &[TableName],
) -> rusqlite::Result<DatabaseSnapshot> {
    let mut snapshot = DatabaseSnapshot::default();
    let mut written = HashMap::new();
    for_each_row(connection, DEFINITIONS, tables, |name, row| {
        read_definition(row, table_of(&mut snapshot, name), &mut written)
    })?;
    for_each_row(connection, COLUMNS, tables, |name, row| {
        read_column(row, table_of(&mut snapshot, name), &written)
    })?;
    for_each_row(connection, index::INDEXES, tables, |name, row| {
        index::read(row, table_of(&mut snapshot, name))
    })?;
    for_each_row(
        connection,
        foreign_key::FOREIGN_KEYS,
        tables,
        |name, row| foreign_key::read(row, table_of(&mut snapshot, name), &written),
    )?;
    snapshot.tables.iter_mut().for_each(tell_narrowing);
    let triggers = snapshot.tables.iter_mut();
    for triggers in triggers.filter_map(|table| table.triggers.as_mut()) {
        triggers.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    }
    Ok(snapshot)
}

/// The table of a name in a snapshot that is being read; it is added when it is not there yet. The
/// tables are kept in the order of their names, so that finding one among many takes no longer.
fn table_of<'a>(snapshot: &'a mut DatabaseSnapshot, name: &str) -> &'a mut Table {
    let position = snapshot
        .tables
        .binary_search_by(|table| (*table.name.name).cmp(name));
    let position = position.unwrap_or_else(|position| {
        let table = Table {
            name: name.to_owned().into(),
            ..Table::default()
        };
        snapshot.tables.insert(position, table);
        position
    });
    &mut snapshot.tables[position]
}

/// Names are bound one by one, as many as SQLite's limit of 32,766 parameters allows. Each row begins
/// with the name of its table, which is reported as it was asked for. There are no schemas, and so
/// no table within one.
fn for_each_row(
    connection: &Connection,
    select: &str,
    tables: &[TableName],
    mut read: impl FnMut(&str, &Row) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let plain = tables.iter().filter(|table| table.schema.is_none());
    let names: Vec<&str> = plain.map(|table| &*table.name).collect();
    if names.is_empty() {
        return Ok(());
    }
    let folded = names.iter().map(|name| (name.to_ascii_lowercase(), *name));
    let asked: HashMap<String, &str> = folded.collect();
    let values = vec!["(?)"; names.len()].join(", ");
    let sql = format!("WITH wanted(value) AS (VALUES {values}), {FOUND} {select}");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(names))?;
    while let Some(row) = rows.next()? {
        let name = row.get_ref(0)?.as_str()?.to_ascii_lowercase();
        read(asked[&name], row)?;
    }
    Ok(())
}

fn read_column(
    row: &Row,
    table: &mut Table,
    written: &HashMap<String, Written>,
) -> rusqlite::Result<()> {
    let name: String = row.get(1)?;
    let refuses_null: bool = row.get(3)?;
    let is_serial: bool = row.get(6)?;
    let kept = match row.get(7)? {
        VIRTUAL => Some(Kept::Virtual),
        STORED => Some(Kept::Stored),
        _ => None,
    };
    let expression = |column| written.get(&*table.name.name)?.expression_of(column);
    let collation = |column| written.get(&*table.name.name)?.collation_of(column);
    let collation = collation(&name).map(ToOwned::to_owned);
    let generated = kept.map(|kept| Generated {
        expression: expression(&name).unwrap_or_default().to_owned(),
        kept,
    });
    table.without_rowid = row.get(8)?;
    // From 1, in the order of the key and not of the columns; 0 for what is no part of it.
    let place: u32 = row.get(5)?;
    if let Some(place) = place.checked_sub(1).map(|place| place as usize) {
        let key = &mut table.primary_key;
        key.resize(key.len().max(place + 1), String::new());
        key[place].clone_from(&name);
    }
    let mut column = Column {
        name,
        column_type: row.get(2)?,
        nullable: !refuses_null && !is_serial,
        default: row.get(4)?,
        is_serial,
        generated,
        guard: None,
        limit: None,
        adopts: None,
        collation,
        comment: None,
    };
    spelling::spell_default(&mut column);
    table.columns.push(column);
    Ok(())
}

fn read_definition(
    row: &Row,
    table: &mut Table,
    written: &mut HashMap<String, Written>,
) -> rusqlite::Result<()> {
    if row.get_ref(1)?.as_str()? == "table" {
        let sql: String = row.get(3)?;
        let mut statement = Written::read(&sql);
        table.checks = std::mem::take(&mut statement.checks);
        written.insert(table.name.to_string(), statement);
        table.existing.definition = Some(Definition {
            sql,
            attachments: Vec::new(),
        });
    } else if let Some(definition) = &mut table.existing.definition {
        let (name, sql): (String, String) = (row.get(2)?, row.get(3)?);
        if row.get_ref(1)?.as_str()? == "trigger" && name.starts_with(TRIGGER_PREFIX) {
            table.triggers.get_or_insert_default().push(Trigger {
                name: name.clone(),
                body: sql.clone(),
                function: None,
                statements: Vec::new(),
            });
        }
        definition.attachments.push(Attachment { name, sql });
    }
    Ok(())
}
