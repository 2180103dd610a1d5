//! Whether the catalogue entries of the recorded tables are still those that were left, in one
//! statement of PostgreSQL.
//!
//! A cookie is `format schema oids state`: a digest of the name of the ledger's schema, the oids of
//! the tables, so that one which was dropped and made again is missed, and what tells their entries
//! from others. Every change of a column, its type, its default or its nullability writes a new
//! version of its row in `pg_attribute`, and a version is known by its `xmin`, the transaction that
//! wrote it; the same holds for indexes and constraints, and where the models have such for types of
//! named values, triggers that write changes down and policies that keep tenants apart. So their
//! number and the sum of those transactions change with any of them: a later transaction has a
//! greater number, and where as many entries went as came, the sum grew. The row in `pg_class` also
//! changes with the data (`TRUNCATE`), so of that only the name counts. `ANALYZE`, `VACUUM` and
//! writes touch none of it. Maintenance that moves tables, such as `CLUSTER` or
//! `pg_upgrade`, may raise a false alarm, and so may two thousand million transactions; it costs one
//! full comparison.

use dataflow_core::ddl::{Probe, Recorded, STATE_TABLE};
use dataflow_core::dialect::literal;
use dataflow_core::schema::TableName;
use postgres::SimpleQueryRow;

use crate::inspect;

/// What cookies of this form begin with. Others count as none.
const FORMAT: &str = "2 ";

/// The entries of the tables in `known.oids`, where only `age` tells the number of a transaction
/// without spelling it. Each part reads its catalogue through the index on the owning table,
/// because the oids come from a subquery that is evaluated once; the plan for `ANY` would compare
/// each constraint with each oid.
const TABLES: [&str; 4] = [
    "(SELECT concat_ws(',', count(*), count(*) * age('3'::xid) - sum(age(xmin))) \
     FROM pg_attribute WHERE attrelid = ANY ((SELECT oids FROM known)::oid[]) AND attnum > 0)",
    "(SELECT concat_ws(',', count(*), count(*) * age('3'::xid) - sum(age(xmin))) \
     FROM pg_index WHERE indrelid = ANY ((SELECT oids FROM known)::oid[]))",
    "(SELECT concat_ws(',', count(*), count(*) * age('3'::xid) - sum(age(entry.xmin))) \
     FROM unnest((SELECT oids FROM known)) found(oid) \
     JOIN pg_constraint entry ON entry.conrelid = found.oid)",
    "(SELECT sum(hashnameextended(relname, oid::bigint * 4294967296 + relnamespace::bigint)) \
     FROM pg_class WHERE oid = ANY ((SELECT oids FROM known)::oid[]))",
];

const ENUM_TYPES: &str = "(SELECT sum(hashtextextended( \
        concat(label.xmin, ' ', kind.typname), label.oid::bigint)) \
     FROM pg_enum label JOIN pg_type kind ON kind.oid = label.enumtypid \
     WHERE kind.oid IN (SELECT atttypid FROM pg_attribute \
        WHERE attrelid = ANY ((SELECT oids FROM known)::oid[]) AND attnum > 0))";

const TRIGGERS: &str = "(SELECT sum(hashtextextended( \
        concat(entry.xmin, ' ', called.xmin), entry.oid::bigint)) \
     FROM pg_trigger entry JOIN pg_proc called ON called.oid = entry.tgfoid \
     WHERE tgrelid = ANY ((SELECT oids FROM known)::oid[]) AND tgname LIKE 'dataflow\\_%')";

const POLICIES: &str = "(SELECT sum(hashtextextended( \
        concat(entry.xmin, ' ', owner.relrowsecurity, ' ', owner.relforcerowsecurity), \
        entry.oid::bigint)) \
     FROM pg_policy entry JOIN pg_class owner ON owner.oid = entry.polrelid \
     WHERE polrelid = ANY ((SELECT oids FROM known)::oid[]) AND polname = 'dataflow_tenant')";

/// Tells the schemas of a database apart. To ask in which one a table stands would cost a fresh
/// connection as much again as reading the table.
const SCHEMA: &str = "hashtextextended(current_schema()::text, 0)";

/// The query for the state that an application left. One in the ledger of another schema of the
/// search path is somebody else's, and so is what it says of the catalogue.
pub(crate) fn recorded(application: &str, probe: Option<Probe>) -> String {
    let application = literal(application);
    let left = format!("FROM {STATE_TABLE} WHERE application = {application}");
    match probe {
        None => format!(
            "SELECT fingerprint, starts_with(cookie, concat('{FORMAT}', {SCHEMA}, ' ')) {left}"
        ),
        Some(probe) => format!(
            "WITH known AS MATERIALIZED ( \
                SELECT fingerprint, cookie, CASE WHEN starts_with(cookie, '{FORMAT}') \
                    THEN string_to_array(split_part(cookie, ' ', 3), ',')::oid[] END AS oids \
                {left}) \
             SELECT fingerprint, cookie = {} FROM known",
            current(probe)
        ),
    }
}

/// What [`recorded`] found. A fingerprint that cannot be read counts as none.
pub(crate) fn read_recorded(row: &SimpleQueryRow) -> Option<Recorded> {
    Some(Recorded {
        fingerprint: row.get(0)?.parse().ok()?,
        is_unmoved: row.get(1) == Some("t"),
    })
}

/// The query for the cookie of tables.
pub(crate) fn cookie(tables: &[TableName], probe: Probe) -> String {
    format!(
        "WITH wanted AS ({}), \
            known AS MATERIALIZED ( \
            SELECT coalesce(array_agg(oid ORDER BY oid), '{{}}') AS oids FROM wanted) \
         SELECT {} FROM known",
        inspect::postgres::wanted(tables, 0),
        current(probe)
    )
}

/// The cookie of the tables in `known.oids` as they are now.
fn current(probe: Probe) -> String {
    let mut state = TABLES.to_vec();
    state.extend(probe.enum_types.then_some(ENUM_TYPES));
    state.extend(probe.triggers.then_some(TRIGGERS));
    state.extend(probe.policies.then_some(POLICIES));
    format!(
        "concat('{FORMAT}', {SCHEMA}, ' ', array_to_string(oids, ','), ' ', \
         concat_ws('.', {}))",
        state.join(", ")
    )
}
