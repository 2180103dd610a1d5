//! `pg_catalog`, read for any number of tables in one round trip.
//!
//! Each row says in its first column what kind of thing it is about. The rooms hold the query for a
//! kind, and what becomes of its rows.

mod column;
mod constraint;
mod enum_type;
mod index;
pub(crate) mod inventory;
mod row;
mod row_security;

use dataflow_core::dialect::literal;
use dataflow_core::schema::TableName;
use dataflow_core::snapshot::{DatabaseSnapshot, Sight, Table, Trigger};
use postgres::SimpleQueryRow;

use row::Row;

/// Indexes that nobody can rely on, and constraints that hold for new rows alone.
const UNFINISHED: &str = "
SELECT 'unfinished' AS kind, found.position, name.relname AS name
FROM wanted found
JOIN pg_index entry ON entry.indrelid = found.oid
JOIN pg_class name ON name.oid = entry.indexrelid
WHERE NOT entry.indisvalid
UNION ALL
SELECT 'unfinished', found.position, entry.conname
FROM wanted found
JOIN pg_constraint entry ON entry.conrelid = found.oid
WHERE NOT entry.convalidated";

/// What is said about tables and their columns.
const COMMENTS: &str = "
SELECT 'comment' AS kind, found.position, attribute.attname AS column, said.description AS comment
FROM wanted found
JOIN pg_description said ON said.objoid = found.oid
LEFT JOIN pg_attribute attribute
    ON attribute.attrelid = said.objoid AND attribute.attnum = said.objsubid
    AND said.objsubid > 0
WHERE said.classoid = 'pg_catalog.pg_class'::regclass";

/// The triggers that write changes down. One that is turned off does nothing.
const TRIGGERS: &str = "
SELECT 'trigger' AS kind, found.position, entry.tgname AS name,
       CASE WHEN entry.tgenabled IN ('O', 'A') THEN called.prosrc END AS body,
       quote_ident(space.nspname) || '.' || quote_ident(called.proname) AS function
FROM wanted found
JOIN pg_trigger entry ON entry.tgrelid = found.oid
JOIN pg_proc called ON called.oid = entry.tgfoid
JOIN pg_namespace space ON space.oid = called.pronamespace
WHERE entry.tgname LIKE 'dataflow\\_%'
ORDER BY found.position, entry.tgname";

/// The queries for those of the named tables that exist, to be sent together. Each row says which
/// of them it is about by its position, from `first`.
pub(crate) fn query(tables: &[TableName], first: usize) -> String {
    let wanted = wanted(tables, first);
    let schemas = tables.iter().filter_map(|table| table.schema.as_deref());
    let mut schemas: Vec<String> = schemas.map(literal).collect();
    schemas.dedup();
    let existing = format!(
        "SELECT 'schema' AS kind, nspname AS name FROM pg_namespace \
         WHERE nspname = ANY (ARRAY[{}]::name[])",
        schemas.join(", ")
    );
    let of_tables = [
        column::COLUMNS,
        COMMENTS,
        constraint::PRIMARY_KEYS,
        index::INDEXES,
        constraint::FOREIGN_KEYS,
        constraint::CHECKS,
        constraint::WITH_INDEX,
        TRIGGERS,
        row_security::POLICIES,
        UNFINISHED,
    ]
    .map(|select| format!("WITH wanted AS MATERIALIZED ({wanted}) {select}"));
    let existing = (!schemas.is_empty()).then_some(existing);
    let others = existing
        .into_iter()
        .chain([enum_type::ENUM_TYPES.to_owned()]);
    let queries: Vec<String> = of_tables.into_iter().chain(others).collect();
    queries.join(";\n")
}

/// The query for the oids of those of the named tables that exist, each with its position and the
/// schema that it was asked for in.
pub(crate) fn wanted(tables: &[TableName], first: usize) -> String {
    let names: Vec<String> = tables.iter().map(|table| literal(&table.name)).collect();
    let schemas = tables.iter().map(|table| match &table.schema {
        Some(schema) => literal(schema),
        None => "NULL".to_owned(),
    });
    format!(
        "SELECT found.oid, asked.position - 1 + {first} AS position, asked.namespace \
         FROM unnest(ARRAY[{}]::name[], ARRAY[{}]::name[]) \
             WITH ORDINALITY asked(name, namespace, position) \
         JOIN pg_class found ON found.relname = asked.name AND found.relnamespace = \
             to_regnamespace(quote_ident(coalesce(asked.namespace, current_schema()))) \
         WHERE found.relkind IN ('r', 'p')",
        names.join(", "),
        schemas.collect::<Vec<_>>().join(", ")
    )
}

/// The tables that the rows of [`query`] describe, by the names that they were asked for with.
pub(crate) fn read(names: &[TableName], rows: &[SimpleQueryRow]) -> DatabaseSnapshot {
    let mut tables: Vec<Option<Table>> = vec![None; names.len()];
    let (mut schemas, mut enum_types) = (Vec::new(), Vec::new());
    for row in rows.iter().map(Row) {
        match row.text("kind") {
            "schema" => schemas.push(row.owned("name")),
            "enum type" => enum_type::read(row, &mut enum_types),
            kind => {
                let position: Option<usize> = row.text("position").parse().ok();
                let Some(position) = position.filter(|position| *position < names.len()) else {
                    continue;
                };
                let table = tables[position].get_or_insert_with(|| Table {
                    name: names[position].clone(),
                    ..Table::default()
                });
                read_row(kind, row, table);
            }
        }
    }
    DatabaseSnapshot {
        schemas,
        tables: tables.into_iter().flatten().collect(),
        enum_types,
    }
}

fn read_row(kind: &str, row: Row<'_>, table: &mut Table) {
    match kind {
        "column" => table.columns.extend(column::read(row)),
        "comment" => read_comment(row, table),
        "key" => table.primary_key.push(row.owned("column")),
        "index" => index::read(row, table),
        "foreign key" => table.foreign_keys.push(constraint::foreign_key(row)),
        "check" => table.checks.push(constraint::check(row)),
        "constraint" => table.existing.constraints.push(row.owned("name")),
        "trigger" => table.triggers.get_or_insert_default().push(Trigger {
            name: row.owned("name"),
            body: row.owned("body"),
            function: row.some("function"),
            statements: Vec::new(),
        }),
        "policy" => table.row_security = Some(row_security::read(row)),
        "closed" => table.existing.is_closed = true,
        "owner" => table.existing.sight = Sight::Owner,
        "limited" => table.existing.sight = Sight::Limited,
        "unfinished" => table.existing.unfinished.push(row.owned("name")),
        _ => {}
    }
}

fn read_comment(row: Row<'_>, table: &mut Table) {
    let comment = row.some("comment");
    let Some(name) = row.get("column") else {
        table.comment = comment;
        return;
    };
    let mut columns = table.columns.iter_mut();
    if let Some(column) = columns.find(|column| column.name == name) {
        column.comment = comment;
    }
}
