//! The keys and checks of tables.

use dataflow_core::schema::{Action, TableName};
use dataflow_core::snapshot::{Check, ForeignKey};

use super::row::Row;

/// One row for each column of each primary key.
pub(super) const PRIMARY_KEYS: &str = "
SELECT 'key' AS kind, found.position,
       (SELECT attname FROM pg_attribute
        WHERE attrelid = entry.indrelid AND attnum = member.attnum) AS column
FROM wanted found
JOIN pg_index entry ON entry.indrelid = found.oid
CROSS JOIN LATERAL unnest(entry.indkey::int2[]) WITH ORDINALITY member(attnum, position)
WHERE entry.indisprimary AND member.position <= entry.indnkeyatts
ORDER BY found.position, member.position";

/// Those of several columns are none of ours. A table that was asked for is named as it was then.
pub(super) const FOREIGN_KEYS: &str = "
SELECT 'foreign key' AS kind, found.position, entry.conname AS name, origin.attname AS column,
       CASE WHEN asked.oid IS NULL THEN nullif(namespace.nspname, current_schema())
           ELSE asked.namespace END AS referenced_schema,
       referenced.relname AS referenced_table, target.attname AS referenced_column,
       entry.confdeltype AS on_delete, entry.confupdtype AS on_update,
       entry.condeferred AS deferred
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

pub(super) const CHECKS: &str = "
SELECT 'check' AS kind, found.position, entry.conname AS name,
       pg_get_expr(entry.conbin, entry.conrelid) AS expression
FROM wanted found
JOIN pg_constraint entry ON entry.conrelid = found.oid
WHERE entry.contype = 'c'
ORDER BY found.position, entry.conname";

/// Those that have an index of their name, but for primary keys.
pub(super) const WITH_INDEX: &str = "
SELECT 'constraint' AS kind, found.position, entry.conname AS name
FROM wanted found
JOIN pg_constraint entry ON entry.conrelid = found.oid
WHERE entry.contype IN ('u', 'x')
ORDER BY found.position, entry.conname";

/// Reads one row of [`FOREIGN_KEYS`].
pub(super) fn foreign_key(row: Row<'_>) -> ForeignKey {
    ForeignKey {
        name: row.owned("name"),
        column: row.owned("column"),
        referenced_table: TableName {
            schema: row.some("referenced_schema").map(Into::into),
            name: row.owned("referenced_table").into(),
        },
        referenced_column: row.owned("referenced_column"),
        on_delete: action(row.text("on_delete")),
        on_update: action(row.text("on_update")),
        deferred: row.flag("deferred"),
    }
}

fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// Reads one row of [`CHECKS`].
pub(super) fn check(row: Row<'_>) -> Check {
    Check {
        name: row.owned("name"),
        expression: row.owned("expression"),
    }
}
