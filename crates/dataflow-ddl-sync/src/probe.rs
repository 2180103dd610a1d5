//! Whether the catalogue entries of the recorded tables are still those that were left, in one
//! statement of PostgreSQL.
//!
//! A cookie is `schema oids state`: a digest of the name of the ledger's schema, the oids of the
//! tables, so that one which was dropped and made again is missed, and a digest of their entries.
//! Every change of a column, its type, its default or its nullability writes a new version of its
//! row in `pg_attribute`, and a version is known by its `xmin`; the same holds for indexes and
//! constraints, for the triggers that write changes down with their functions and for the policies
//! that keep the rows of tenants apart, which leave no trace in a cookie where there are none. The row in `pg_class` also changes with the data
//! (`TRUNCATE`), so of that only the name counts. `ANALYZE`, `VACUUM` and writes touch none of it.
//! Maintenance that moves tables, such as `CLUSTER` or `pg_upgrade`, may raise a false alarm, which
//! costs one full comparison.

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
    (SELECT sum(hashtextextended(concat(label.xmin, ' ', kind.typname), label.oid::bigint)) \
     FROM pg_enum label JOIN pg_type kind ON kind.oid = label.enumtypid \
     WHERE kind.oid IN (SELECT atttypid FROM pg_attribute \
        WHERE attrelid = ANY ((SELECT oids FROM known)::oid[]) AND attnum > 0)), \
    (SELECT sum(hashtextextended(relname::text, oid::bigint * 4294967296 + relnamespace::bigint)) \
     FROM pg_class WHERE oid = ANY ((SELECT oids FROM known)::oid[])), \
    (SELECT sum(hashtextextended(concat(entry.xmin, ' ', called.xmin), entry.oid::bigint)) \
     FROM pg_trigger entry JOIN pg_proc called ON called.oid = entry.tgfoid \
     WHERE tgrelid = ANY ((SELECT oids FROM known)::oid[]) AND tgname LIKE 'dataflow\\_%'), \
    (SELECT sum(hashtextextended(concat(entry.xmin, ' ', owner.relrowsecurity, ' ', \
        owner.relforcerowsecurity), entry.oid::bigint)) \
     FROM pg_policy entry JOIN pg_class owner ON owner.oid = entry.polrelid \
     WHERE polrelid = ANY ((SELECT oids FROM known)::oid[]) AND polname = 'dataflow_tenant'))";

/// Tells the schemas of a database apart. To ask in which one a table stands would cost a fresh
/// connection as much again as reading the table.
const SCHEMA: &str = "hashtextextended(current_schema()::text, 0)";

/// The query for the newest record of an application. One in the ledger of another schema of the
/// search path is somebody else's, and so is what it says of the catalogue.
pub(crate) fn recorded(application: &str, probe: bool) -> String {
    let (oids, is_unmoved) = match probe {
        true => (
            ", CASE WHEN cookie ~ '^-?[0-9]+ [0-9]+(,[0-9]+)* ' \
             THEN string_to_array(split_part(cookie, ' ', 2), ',')::oid[] END AS oids",
            format!("cookie = {}", current()),
        ),
        false => ("", format!("starts_with(cookie, concat({SCHEMA}, ' '))")),
    };
    let application = literal(application);
    format!(
        "WITH known AS MATERIALIZED ( \
            SELECT fingerprint, cookie{oids} FROM {HISTORY_TABLE} \
            WHERE application = {application} ORDER BY id DESC LIMIT 1) \
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
    format!("concat({SCHEMA}, ' ', array_to_string(oids, ','), ' ', {STATE})")
}
