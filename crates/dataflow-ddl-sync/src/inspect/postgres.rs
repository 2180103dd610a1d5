//! `pg_catalog`, read for any number of tables in one round trip.

mod index;
pub(crate) mod inventory;

use dataflow_core::dialect::{identifier, literal};
use dataflow_core::schema::{Action, Kept, TableName};
use dataflow_core::snapshot::{
    Check, Column, DatabaseSnapshot, EnumType, ForeignKey, Generated, RowSecurity, Table, Trigger,
};
use postgres::SimpleQueryRow;

/// One row for each column. A table without columns has one row without a column. A domain may refuse
/// null, or have a default, for all columns of it.
const COLUMNS: &str = "
SELECT 'column', found.position, attribute.attname,
       format_type(attribute.atttypid, attribute.atttypmod),
       NOT (attribute.attnotnull OR coalesce(kind.typnotnull, false)),
       coalesce(pg_get_expr(attrdef.adbin, attrdef.adrelid), kind.typdefault),
       attribute.attidentity <> '' OR pg_get_expr(attrdef.adbin, attrdef.adrelid) LIKE 'nextval(%',
       attribute.attgenerated,
       CASE WHEN pg_collation_is_visible(sorting.oid) THEN sorting.collname::text
           ELSE sorting.collnamespace::regnamespace || '.' || sorting.collname END,
       CASE kind.typtype WHEN 'e' THEN kind.typname END
FROM wanted found
LEFT JOIN pg_attribute attribute
    ON attribute.attrelid = found.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
LEFT JOIN pg_attrdef attrdef
    ON attrdef.adrelid = found.oid AND attrdef.adnum = attribute.attnum
LEFT JOIN pg_collation sorting
    ON sorting.oid = attribute.attcollation
    AND sorting.oid <> 'pg_catalog.default'::regcollation
LEFT JOIN pg_type kind
    ON kind.oid = attribute.atttypid
    AND (kind.typtype = 'd' OR kind.typtype = 'e' AND pg_type_is_visible(kind.oid))
ORDER BY found.position, attribute.attnum";

/// One row for each label of each type of named values that a column could have by its name alone,
/// and one without a label for a type without any.
const ENUM_TYPES: &str = "
SELECT 'enum type', kind.typname, label.enumlabel
FROM pg_type kind
LEFT JOIN pg_enum label ON label.enumtypid = kind.oid
WHERE kind.typtype = 'e' AND pg_type_is_visible(kind.oid)
ORDER BY kind.typname, label.enumsortorder";

/// One row for each column of each primary key.
const PRIMARY_KEYS: &str = "
SELECT 'key', found.position,
       (SELECT attname FROM pg_attribute
        WHERE attrelid = entry.indrelid AND attnum = member.attnum)
FROM wanted found
JOIN pg_index entry ON entry.indrelid = found.oid
CROSS JOIN LATERAL unnest(entry.indkey::int2[]) WITH ORDINALITY member(attnum, position)
WHERE entry.indisprimary AND member.position <= entry.indnkeyatts
ORDER BY found.position, member.position";

/// Those of several columns are none of ours. A table that was asked for is named as it was then.
const FOREIGN_KEYS: &str = "
SELECT 'foreign key', found.position, entry.conname, origin.attname, referenced.relname,
       target.attname, entry.confdeltype, entry.confupdtype, entry.condeferred,
       CASE WHEN asked.oid IS NULL THEN nullif(namespace.nspname, current_schema())
           ELSE asked.namespace END
FROM wanted found
JOIN pg_constraint entry ON entry.conrelid = found.oid
JOIN pg_class referenced ON referenced.oid = entry.confrelid
JOIN pg_namespace namespace ON namespace.oid = referenced.relnamespace
LEFT JOIN wanted asked ON asked.oid = entry.confrelid
JOIN pg_attribute origin
    ON origin.attrelid = entry.conrelid AND origin.attnum = entry.conkey[1]
JOIN pg_attribute target
    ON target.attrelid = entry.confrelid AND target.attnum = entry.confkey[1]
WHERE entry.contype = 'f' AND cardinality(entry.conkey) = 1
ORDER BY found.position, entry.conname";

/// Indexes that nobody can rely on, and constraints that hold for new rows alone.
const UNFINISHED: &str = "
SELECT 'unfinished', found.position, name.relname
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
SELECT 'comment', found.position, attribute.attname, said.description
FROM wanted found
JOIN pg_description said ON said.objoid = found.oid
LEFT JOIN pg_attribute attribute
    ON attribute.attrelid = said.objoid AND attribute.attnum = said.objsubid
    AND said.objsubid > 0
WHERE said.classoid = 'pg_catalog.pg_class'::regclass";

const CHECKS: &str = "
SELECT 'check', found.position, entry.conname, pg_get_expr(entry.conbin, entry.conrelid)
FROM wanted found
JOIN pg_constraint entry ON entry.conrelid = found.oid
WHERE entry.contype = 'c'
ORDER BY found.position, entry.conname";

/// The triggers that write changes down. One that is turned off does nothing.
const TRIGGERS: &str = "
SELECT 'trigger', found.position, entry.tgname,
       CASE WHEN entry.tgenabled IN ('O', 'A') THEN called.prosrc END,
       quote_ident(space.nspname) || '.' || quote_ident(called.proname)
FROM wanted found
JOIN pg_trigger entry ON entry.tgrelid = found.oid
JOIN pg_proc called ON called.oid = entry.tgfoid
JOIN pg_namespace space ON space.oid = called.pronamespace
WHERE entry.tgname LIKE 'dataflow\\_%'
ORDER BY found.position, entry.tgname";

/// The policies of the house, and the tables that hide their rows without one. One that some role,
/// some statement or the owner does not mind does not do what it is there for.
const POLICIES: &str = "
SELECT 'policy', found.position, attribute.attname, quote_ident(attribute.attname),
       CASE WHEN owner.relrowsecurity AND owner.relforcerowsecurity AND entry.polpermissive
                 AND entry.polcmd = '*' AND entry.polroles = '{0}'::oid[]
                 AND entry.polwithcheck IS NULL
            THEN pg_get_expr(entry.polqual, entry.polrelid) END
FROM wanted found
JOIN pg_policy entry ON entry.polrelid = found.oid
JOIN pg_class owner ON owner.oid = entry.polrelid
LEFT JOIN pg_depend needed
    ON needed.classid = 'pg_catalog.pg_policy'::regclass AND needed.objid = entry.oid
    AND needed.refobjid = entry.polrelid AND needed.refobjsubid > 0
LEFT JOIN pg_attribute attribute
    ON attribute.attrelid = entry.polrelid AND attribute.attnum = needed.refobjsubid
WHERE entry.polname = 'dataflow_tenant'
UNION ALL
SELECT 'closed', found.position, NULL, NULL, NULL
FROM wanted found
JOIN pg_class owner ON owner.oid = found.oid
WHERE owner.relrowsecurity AND owner.relforcerowsecurity AND NOT EXISTS (
    SELECT 1 FROM pg_policy entry
    WHERE entry.polrelid = found.oid AND entry.polname = 'dataflow_tenant')";

/// The queries for those of the named tables that exist, to be sent together. Each row says which
/// of them it is about by its position, from `first`.
pub(crate) fn query(tables: &[TableName], first: usize) -> String {
    let wanted = wanted(tables, first);
    let schemas = tables.iter().filter_map(|table| table.schema.as_deref());
    let mut schemas: Vec<String> = schemas.map(literal).collect();
    schemas.dedup();
    let existing = format!(
        "SELECT 'schema', NULL, nspname FROM pg_namespace WHERE nspname = ANY (ARRAY[{}]::name[])",
        schemas.join(", ")
    );
    let of_tables = [
        COLUMNS,
        COMMENTS,
        PRIMARY_KEYS,
        index::INDEXES,
        FOREIGN_KEYS,
        CHECKS,
        TRIGGERS,
        POLICIES,
        UNFINISHED,
    ]
    .map(|select| format!("WITH wanted AS MATERIALIZED ({wanted}) {select}"));
    let existing = (!schemas.is_empty()).then_some(existing);
    let others = existing.into_iter().chain([ENUM_TYPES.to_owned()]);
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
    for row in rows {
        match row.get(0) {
            Some("schema") => {
                schemas.extend(row.get(2).map(ToOwned::to_owned));
                continue;
            }
            Some("enum type") => {
                read_label(row, &mut enum_types);
                continue;
            }
            _ => {}
        }
        let position: Option<usize> = row.get(1).and_then(|text| text.parse().ok());
        let Some(position) = position.filter(|position| *position < names.len()) else {
            continue;
        };
        let table = tables[position].get_or_insert_with(|| Table {
            name: names[position].clone(),
            ..Table::default()
        });
        read_row(row, table);
    }
    DatabaseSnapshot {
        schemas,
        tables: tables.into_iter().flatten().collect(),
        enum_types,
    }
}

fn read_row(row: &SimpleQueryRow, table: &mut Table) {
    let text = |position| row.get(position).unwrap_or_default().to_owned();
    let flag = |position| row.get(position) == Some("t");
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
            function: row.get(4).map(ToOwned::to_owned),
            statements: Vec::new(),
        }),
        Some("policy") => table.row_security = Some(row_security(row)),
        Some("closed") => table.existing.is_closed = true,
        Some("foreign key") => table.foreign_keys.push(ForeignKey {
            name: text(2),
            column: text(3),
            referenced_table: TableName {
                schema: row.get(9).map(|schema| schema.to_owned().into()),
                name: text(4).into(),
            },
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

/// The server puts a name in quotes only where it must.
fn row_security(row: &SimpleQueryRow) -> RowSecurity {
    let text = |position| row.get(position).unwrap_or_default();
    let (column, spelled, condition) = (text(2), text(3), text(4));
    RowSecurity {
        column: column.to_owned(),
        condition: condition.replacen(spelled, &identifier(column), 1),
    }
}

fn read_label(row: &SimpleQueryRow, enum_types: &mut Vec<EnumType>) {
    let name = row.get(1).unwrap_or_default();
    let label = row.get(2).map(ToOwned::to_owned);
    match enum_types.last_mut() {
        Some(last) if last.name == name => last.labels.extend(label),
        _ => enum_types.push(EnumType {
            name: name.to_owned(),
            labels: label.into_iter().collect(),
        }),
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
    let (mut column_type, mut expression) = (text(3), row.get(5).map(ToOwned::to_owned));
    if let Some(name) = row.get(9) {
        let quoted = identifier(name);
        let value = expression
            .as_ref()
            .and_then(|default| default.strip_suffix(&format!("::{column_type}")));
        expression = value
            .map(|value| format!("{value}::{quoted}"))
            .or(expression);
        column_type = quoted;
    }
    let (default, generated) = match kept {
        None => (expression, None),
        Some(kept) => {
            let expression = expression.unwrap_or_default();
            (None, Some(Generated { expression, kept }))
        }
    };
    Column {
        name: text(2),
        column_type,
        nullable: row.get(4) == Some("t"),
        default,
        is_serial: row.get(6) == Some("t"),
        generated,
        guard: None,
        limit: None,
        adopts: None,
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
