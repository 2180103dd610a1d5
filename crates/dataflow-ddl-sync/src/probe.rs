//! Whether the catalogue entries of the recorded tables are still those that were left, in one
//! statement of PostgreSQL.
//!
//! A cookie is `oids state`: the oids of the tables, so that one which was dropped and made again is
//! missed, and a digest of their entries. Every change of a column, its type, its default or its
//! nullability writes a new version of its row in `pg_attribute`, and a version is known by its
//! `xmin`; the same holds for indexes and constraints, and for the triggers that write changes down
//! with their functions, which leave no trace in a cookie where there are none. The row in `pg_class` also changes with the
//! data (`TRUNCATE`), so of that only the name counts. `ANALYZE`, `VACUUM` and writes touch none of
//! it. Maintenance that moves tables, such as `CLUSTER` or `pg_upgrade`, may raise a false alarm,
//! which costs one full comparison.

use dataflow_core::ddl::{HISTORY_TABLE, Recorded};
use dataflow_core::dialect::literal;
use dataflow_core::schema::TableName;
use postgres::SimpleQueryRow;

use crate::inspect;

/// The digest of the tables in `known.oids`. Each part reads its catalogue through the index on the
/// owning table, because the oids come from a subquery that is evaluated once.
const STATE: &str = "concat_ws('.', \
    (SELECT sum(hashtextextended(xmin::text, attrelid::bigint * 65536 + attnum)) \
     FROM pg_attribute WHERE attrelid = ANY ((SELECT oids FROM known)::oid[]) AND attnum > 0), \
    (SELECT sum(hashtextextended(xmin::text, indexrelid::bigint)) \
     FROM pg_index WHERE indrelid = ANY ((SELECT oids FROM known)::oid[])), \
    (SELECT sum(hashtextextended(xmin::text, oid::bigint)) \
     FROM pg_constraint WHERE conrelid = ANY ((SELECT oids FROM known)::oid[])), \
    (SELECT sum(hashtextextended(relname::text, oid::bigint * 4294967296 + relnamespace::bigint)) \
     FROM pg_class WHERE oid = ANY ((SELECT oids FROM known)::oid[])), \
    (SELECT sum(hashtextextended(concat(entry.xmin, ' ', called.xmin), entry.oid::bigint)) \
     FROM pg_trigger entry JOIN pg_proc called ON called.oid = entry.tgfoid \
     WHERE tgrelid = ANY ((SELECT oids FROM known)::oid[]) AND tgname LIKE 'dataflow\\_%'))";

/// The query for the newest record of an application in the ledger of the current schema; one in
/// another schema of the search path is somebody else's.
pub(crate) fn recorded(application: &str, probe: bool) -> String {
    let is_unmoved = match probe {
        true => format!("cookie = {}", current()),
        false => "true".to_owned(),
    };
    let application = literal(application);
    format!(
        "WITH known AS MATERIALIZED ( \
            SELECT fingerprint, cookie, CASE WHEN cookie ~ '^[0-9]+(,[0-9]+)* ' \
                THEN string_to_array(split_part(cookie, ' ', 1), ',')::oid[] END AS oids \
            FROM {HISTORY_TABLE} ledger \
            WHERE application = {application} AND tableoid = \
                to_regclass(quote_ident(current_schema()) || '.{HISTORY_TABLE}') \
            ORDER BY id DESC LIMIT 1) \
         SELECT fingerprint, {is_unmoved} FROM known"
    )
}

/// What [`recorded`] found. A fingerprint that cannot be read counts as none.
pub(crate) fn read_recorded(row: &SimpleQueryRow) -> Option<Recorded> {
    Some(Recorded {
        fingerprint: row.get(0)?.parse().ok()?,
        is_unmoved: row.get(1) == Some("t"),
    })
}

/// The query for the cookie of tables.
pub(crate) fn cookie(tables: &[TableName]) -> String {
    format!(
        "WITH wanted AS ({}), \
            known AS MATERIALIZED ( \
            SELECT coalesce(array_agg(oid ORDER BY oid), '{{}}') AS oids FROM wanted) \
         SELECT {} FROM known",
        inspect::postgres::wanted(tables, 0),
        current()
    )
}

/// The cookie of the tables in `known.oids` as they are now.
fn current() -> String {
    format!("concat(array_to_string(oids, ','), ' ', {STATE})")
}
