//! `pg_catalog`, read for any number of tables of the current schema in one round trip.

mod index;
pub(crate) mod inventory;

use dataflow_core::dialect::literal;
use dataflow_core::schema::{Action, Kept};
use dataflow_core::snapshot::{Check, Column, DatabaseSnapshot, ForeignKey, Generated, Trigger};
use postgres::SimpleQueryRow;

use super::table_of;

/// One row for each column. A table without columns has one row without a column.
const COLUMNS: &str = "
SELECT 'column', found.relname, attribute.attname,
       format_type(attribute.atttypid, attribute.atttypmod), NOT attribute.attnotnull,
       pg_get_expr(attrdef.adbin, attrdef.adrelid),
       attribute.attidentity <> '' OR pg_get_expr(attrdef.adbin, attrdef.adrelid) LIKE 'nextval(%',
       attribute.attgenerated,
       CASE WHEN pg_collation_is_visible(sorting.oid) THEN sorting.collname::text
           ELSE sorting.collnamespace::regnamespace || '.' || sorting.collname END
FROM pg_class found
LEFT JOIN pg_attribute attribute
    ON attribute.attrelid = found.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
LEFT JOIN pg_attrdef attrdef
    ON attrdef.adrelid = found.oid AND attrdef.adnum = attribute.attnum
LEFT JOIN pg_collation sorting
    ON sorting.oid = attribute.attcollation
    AND sorting.oid <> 'pg_catalog.default'::regcollation
WHERE found.oid = ANY ((SELECT oids FROM wanted)::oid[])
ORDER BY found.relname, attribute.attnum";

/// One row for each column of each primary key.
const PRIMARY_KEYS: &str = "
SELECT 'key', found.relname, attribute.attname
FROM pg_index entry
JOIN pg_class found ON found.oid = entry.indrelid
CROSS JOIN LATERAL unnest(entry.indkey::int2[]) WITH ORDINALITY member(attnum, position)
JOIN pg_attribute attribute
    ON attribute.attrelid = found.oid AND attribute.attnum = member.attnum
WHERE entry.indrelid = ANY ((SELECT oids FROM wanted)::oid[])
    AND entry.indisprimary AND member.position <= entry.indnkeyatts
ORDER BY found.relname, member.position";

/// Those of several columns, or into another schema, are none of ours.
const FOREIGN_KEYS: &str = "
SELECT 'foreign key', found.relname, entry.conname, origin.attname, referenced.relname,
       target.attname, entry.confdeltype, entry.confupdtype, entry.condeferred
FROM pg_constraint entry
JOIN pg_class found ON found.oid = entry.conrelid
JOIN pg_class referenced
    ON referenced.oid = entry.confrelid AND referenced.relnamespace = found.relnamespace
JOIN pg_attribute origin
    ON origin.attrelid = entry.conrelid AND origin.attnum = entry.conkey[1]
JOIN pg_attribute target
    ON target.attrelid = entry.confrelid AND target.attnum = entry.confkey[1]
WHERE entry.conrelid = ANY ((SELECT oids FROM wanted)::oid[])
    AND entry.contype = 'f' AND cardinality(entry.conkey) = 1
ORDER BY found.relname, entry.conname";

/// Indexes that nobody can rely on, and constraints that hold for new rows alone.
const UNFINISHED: &str = "
SELECT 'unfinished', found.relname, name.relname
FROM pg_index entry
JOIN pg_class found ON found.oid = entry.indrelid
JOIN pg_class name ON name.oid = entry.indexrelid
WHERE entry.indrelid = ANY ((SELECT oids FROM wanted)::oid[]) AND NOT entry.indisvalid
UNION ALL
SELECT 'unfinished', found.relname, entry.conname
FROM pg_constraint entry
JOIN pg_class found ON found.oid = entry.conrelid
WHERE entry.conrelid = ANY ((SELECT oids FROM wanted)::oid[]) AND NOT entry.convalidated";

/// What is said about tables and their columns.
const COMMENTS: &str = "
SELECT 'comment', found.relname, attribute.attname, said.description
FROM pg_description said
JOIN pg_class found ON found.oid = said.objoid
LEFT JOIN pg_attribute attribute
    ON attribute.attrelid = said.objoid AND attribute.attnum = said.objsubid
    AND said.objsubid > 0
WHERE said.objoid = ANY ((SELECT oids FROM wanted)::oid[])
    AND said.classoid = 'pg_catalog.pg_class'::regclass";

const CHECKS: &str = "
SELECT 'check', found.relname, entry.conname, pg_get_expr(entry.conbin, entry.conrelid)
FROM pg_constraint entry
JOIN pg_class found ON found.oid = entry.conrelid
WHERE entry.conrelid = ANY ((SELECT oids FROM wanted)::oid[]) AND entry.contype = 'c'
ORDER BY found.relname, entry.conname";

/// The triggers that write changes down. One that is turned off does nothing.
const TRIGGERS: &str = "
SELECT 'trigger', found.relname, entry.tgname,
       CASE WHEN entry.tgenabled IN ('O', 'A') THEN called.prosrc END
FROM pg_trigger entry
JOIN pg_class found ON found.oid = entry.tgrelid
JOIN pg_proc called ON called.oid = entry.tgfoid
WHERE entry.tgrelid = ANY ((SELECT oids FROM wanted)::oid[]) AND entry.tgname LIKE 'dataflow\\_%'
ORDER BY found.relname, entry.tgname";

/// The queries for those of the named tables that exist, to be sent together.
pub(crate) fn query(tables: &[&str]) -> String {
    let names: Vec<String> = tables.iter().map(|name| literal(name)).collect();
    let wanted = format!(
        "WITH wanted AS MATERIALIZED (SELECT array_agg(oid) AS oids FROM pg_class \
         WHERE relnamespace = quote_ident(current_schema())::regnamespace \
         AND relkind IN ('r', 'p') AND relname = ANY (ARRAY[{}]::name[]))",
        names.join(", ")
    );
    [
        COLUMNS,
        COMMENTS,
        PRIMARY_KEYS,
        index::INDEXES,
        FOREIGN_KEYS,
        CHECKS,
        TRIGGERS,
        UNFINISHED,
    ]
    .map(|select| format!("{wanted} {select}"))
    .join(";\n")
}

/// The tables that the rows of [`query`] describe.
pub(crate) fn read(rows: &[SimpleQueryRow]) -> DatabaseSnapshot {
    let mut snapshot = DatabaseSnapshot::default();
    for row in rows {
        read_row(row, &mut snapshot);
    }
    snapshot
}

fn read_row(row: &SimpleQueryRow, snapshot: &mut DatabaseSnapshot) {
    let text = |position| row.get(position).unwrap_or_default().to_owned();
    let flag = |position| row.get(position) == Some("t");
    let table = table_of(snapshot, &text(1));
    match row.get(0) {
        Some("column") if row.get(2).is_some() => table.columns.push(column(row)),
        Some("key") => table.primary_key.push(text(2)),
        Some("index") => index::read(row, table),
        Some("comment") => {
            let comment = row.get(3).map(ToOwned::to_owned);
            match row.get(2) {
                None => table.comment = comment,
                Some(name) => {
                    let column = table.columns.iter_mut().find(|column| column.name == name);
                    column
                        .into_iter()
                        .for_each(|column| column.comment.clone_from(&comment));
                }
            }
        }
        Some("unfinished") => table.existing.unfinished.push(text(2)),
        Some("trigger") => table.triggers.get_or_insert_default().push(Trigger {
            name: text(2),
            body: text(3),
            statements: Vec::new(),
        }),
        Some("foreign key") => table.foreign_keys.push(ForeignKey {
            name: text(2),
            column: text(3),
            referenced_table: text(4),
            referenced_column: text(5),
            on_delete: action(row.get(6)),
            on_update: action(row.get(7)),
            deferred: flag(8),
        }),
        Some("check") => table.checks.push(Check {
            name: text(2),
            expression: text(3),
        }),
        _ => {}
    }
}

/// What a column holds by default and what it is computed of stand in the same place.
fn column(row: &SimpleQueryRow) -> Column {
    let text = |position| row.get(position).unwrap_or_default().to_owned();
    let kept = match row.get(7) {
        Some("s") => Some(Kept::Stored),
        Some("v") => Some(Kept::Virtual),
        _ => None,
    };
    let expression = row.get(5).map(ToOwned::to_owned);
    let (default, generated) = match kept {
        None => (expression, None),
        Some(kept) => {
            let expression = expression.unwrap_or_default();
            (None, Some(Generated { expression, kept }))
        }
    };
    Column {
        name: text(2),
        column_type: text(3),
        nullable: row.get(4) == Some("t"),
        default,
        is_serial: row.get(6) == Some("t"),
        generated,
        guard: None,
        limit: None,
        collation: row.get(8).map(ToOwned::to_owned),
        comment: None,
    }
}

fn action(letter: Option<&str>) -> Action {
    match letter {
        Some("r") => Action::Restrict,
        Some("c") => Action::Cascade,
        Some("n") => Action::SetNull,
        Some("d") => Action::SetDefault,
        _ => Action::NoAction,
    }
}
