//! `sqlite_schema`, joined with the pragmas that describe its tables.

mod index;
mod spelling;
mod tokens;

pub(crate) use spelling::spelled;

use dataflow_core::snapshot::{Attachment, Column, DatabaseSnapshot, Definition, ForeignKey};
use rusqlite::{Connection, Row, params_from_iter};

use super::table_of;

/// One row for each column. The key of a rowid table that is the rowid has no index of its own.
/// SQLite compares names without regard to case, so tables are reported by the name asked for.
const COLUMNS: &str = "
SELECT wanted.value, info.name, info.type, info.\"notnull\", info.dflt_value, info.pk,
       lower(info.type) = 'integer' AND info.pk = 1
       AND (SELECT count(*) FROM pragma_table_xinfo(found.name) key WHERE key.pk > 0) = 1
       AND NOT EXISTS (SELECT 1 FROM pragma_index_list(found.name) list WHERE list.origin = 'pk'),
       info.hidden
FROM wanted
JOIN sqlite_schema found ON found.type = 'table' AND found.name = wanted.value COLLATE NOCASE
JOIN pragma_table_xinfo(found.name) info
ORDER BY wanted.value, info.cid";

/// A foreign key that names no column points at the key of the other table. Those of several
/// columns are none of ours.
const FOREIGN_KEYS: &str = "
SELECT wanted.value, list.\"from\", list.\"table\",
       coalesce(list.\"to\",
                (SELECT key.name FROM pragma_table_xinfo(list.\"table\") key WHERE key.pk = 1))
FROM wanted
JOIN sqlite_schema found ON found.type = 'table' AND found.name = wanted.value COLLATE NOCASE
JOIN pragma_foreign_key_list(found.name) list
GROUP BY wanted.value, list.id
HAVING count(*) = 1
ORDER BY wanted.value, list.id";

/// The statements that each table was made with; those of its indexes and triggers follow that of
/// the table. An index that belongs to a constraint has none.
const DEFINITIONS: &str = "
SELECT wanted.value, entry.type, entry.name, entry.sql
FROM wanted
JOIN sqlite_schema entry ON entry.tbl_name = wanted.value COLLATE NOCASE
WHERE entry.type IN ('table', 'index', 'trigger') AND entry.sql IS NOT NULL
ORDER BY wanted.value, entry.type = 'table' DESC, entry.rowid";

/// Those of the named tables that exist.
pub(crate) fn inspect(
    connection: &Connection,
    tables: &[&str],
) -> rusqlite::Result<DatabaseSnapshot> {
    let mut snapshot = DatabaseSnapshot::default();
    for_each_row(connection, COLUMNS, tables, |row| {
        read_column(row, &mut snapshot)
    })?;
    for_each_row(connection, index::INDEXES, tables, |row| {
        index::read(row, &mut snapshot)
    })?;
    for_each_row(connection, FOREIGN_KEYS, tables, |row| {
        read_foreign_key(row, &mut snapshot)
    })?;
    for_each_row(connection, DEFINITIONS, tables, |row| {
        read_definition(row, &mut snapshot)
    })?;
    Ok(snapshot)
}

/// Names are bound one by one, as many as SQLite's limit of 32,766 parameters allows.
fn for_each_row(
    connection: &Connection,
    select: &str,
    tables: &[&str],
    mut read: impl FnMut(&Row) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    if tables.is_empty() {
        return Ok(());
    }
    let values = vec!["(?)"; tables.len()].join(", ");
    let sql = format!("WITH wanted(value) AS (VALUES {values}) {select}");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(tables))?;
    while let Some(row) = rows.next()? {
        read(row)?;
    }
    Ok(())
}

fn read_column(row: &Row, snapshot: &mut DatabaseSnapshot) -> rusqlite::Result<()> {
    let table = table_of(snapshot, row.get_ref(0)?.as_str()?);
    let name: String = row.get(1)?;
    let refuses_null: bool = row.get(3)?;
    let default: Option<String> = row.get(4)?;
    let is_serial: bool = row.get(6)?;
    let is_computed = row.get::<_, i64>(7)? != 0;
    if row.get::<_, i64>(5)? > 0 {
        table.primary_key.push(name.clone());
    }
    table.columns.push(Column {
        name,
        column_type: row.get(2)?,
        nullable: !refuses_null && !is_serial || is_computed,
        default,
        is_serial,
        guard: None,
    });
    Ok(())
}

fn read_foreign_key(row: &Row, snapshot: &mut DatabaseSnapshot) -> rusqlite::Result<()> {
    let table = table_of(snapshot, row.get_ref(0)?.as_str()?);
    table.foreign_keys.push(ForeignKey {
        name: String::new(),
        column: row.get(1)?,
        referenced_table: row.get(2)?,
        referenced_column: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
    });
    Ok(())
}

fn read_definition(row: &Row, snapshot: &mut DatabaseSnapshot) -> rusqlite::Result<()> {
    let existing = &mut table_of(snapshot, row.get_ref(0)?.as_str()?).existing;
    if row.get_ref(1)?.as_str()? == "table" {
        existing.definition = Some(Definition {
            sql: row.get(3)?,
            attachments: Vec::new(),
        });
    } else if let Some(definition) = &mut existing.definition {
        definition.attachments.push(Attachment {
            name: row.get(2)?,
            sql: row.get(3)?,
        });
    }
    Ok(())
}
