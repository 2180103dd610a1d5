//! Whether the catalogue entries of the recorded tables are still those that were left, in one
//! statement of PostgreSQL.
//!
//! A cookie is `format oids state`: the oids of the tables, so that one which was dropped and made
//! again is missed, and what tells their entries from others. Every change of a column, its type, its default or its nullability writes a new
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

use crate::backend::postgres::LITERALS;
use crate::inspect;

/// What cookies of this form begin with. Others count as none.
const FORMAT: &str = "3 ";

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
        concat(label.xmin, ' ', kind.typname, ' ', kind.typnamespace), label.oid::bigint)) \
     FROM pg_enum label JOIN pg_type kind ON kind.oid = label.enumtypid \
     WHERE kind.oid IN (SELECT coalesce(nullif(own.typelem, 0), own.oid) FROM pg_attribute \
        JOIN pg_type own ON own.oid = atttypid \
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

/// The question what an application left, asked in one statement.
///
/// Without a probe it is for a connection that was just opened, for which each function and each
/// operator that a statement names is another look into the catalogue. So it asks for every
/// application's few words, and compares them here.
#[derive(Debug, Clone, Copy)]
pub struct RecallQuery<'a> {
    application: &'a str,
    probe: Option<Probe>,
}

impl<'a> RecallQuery<'a> {
    /// What an application left; with `probe`, also whether the catalogue is still so.
    pub fn new(application: &'a str, probe: Option<Probe>) -> Self {
        Self { application, probe }
    }

    /// Simple queries, of which the last one's columns come as text, for a connection that may read
    /// literals in any way.
    pub fn sql(&self) -> String {
        LITERALS.to_owned() + &self.statement()
    }

    /// The query alone, where literals are read as they are written here.
    pub(crate) fn statement(&self) -> String {
        const LEFT: &str = "application, fingerprint, schema, CURRENT_SCHEMA";
        match self.probe {
            None => format!("SELECT {LEFT} FROM {STATE_TABLE}"),
            Some(probe) => format!(
                "WITH known AS MATERIALIZED ( \
                    SELECT application, fingerprint, schema, cookie, \
                        CASE WHEN starts_with(cookie, '{FORMAT}') \
                        THEN string_to_array(split_part(cookie, ' ', 2), ',')::oid[] END AS oids \
                    FROM {STATE_TABLE} WHERE application = {}) \
                 SELECT {LEFT}, split_part(cookie, ' ', 3) = {} FROM known",
                literal(self.application),
                state(probe)
            ),
        }
    }

    /// What a row says, given its columns by number; nothing where it is another application's, or
    /// its fingerprint cannot be read.
    ///
    /// What was left in another schema of the search path says nothing of the tables in this one.
    pub fn read<'r>(&self, column: impl Fn(usize) -> Option<&'r str>) -> Option<Recorded> {
        let is_mine = column(0)? == self.application;
        let fingerprint = column(1)?.parse().ok().filter(|_| is_mine)?;
        let is_here = column(2).is_some() && column(2) == column(3);
        Some(Recorded {
            fingerprint,
            is_unmoved: is_here && (self.probe.is_none() || column(4) == Some("t")),
        })
    }
}

/// The query for the schema that tables are made in, and the cookie of tables.
pub(crate) fn cookie(tables: &[TableName], probe: Probe) -> String {
    format!(
        "WITH wanted AS ({}), \
            known AS MATERIALIZED ( \
            SELECT coalesce(array_agg(oid ORDER BY oid), '{{}}') AS oids FROM wanted) \
         SELECT CURRENT_SCHEMA, concat('{FORMAT}', array_to_string(oids, ','), ' ', {}) FROM known",
        inspect::postgres::wanted(tables, 0),
        state(probe)
    )
}

/// The state of the tables in `known.oids` as they are now.
fn state(probe: Probe) -> String {
    let mut parts = TABLES.to_vec();
    parts.extend(probe.enum_types.then_some(ENUM_TYPES));
    parts.extend(probe.triggers.then_some(TRIGGERS));
    parts.extend(probe.policies.then_some(POLICIES));
    format!("concat_ws('.', {})", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_where_its_application_and_its_schema_are_those_of_now() {
        let same = "0123456789abcdef0123456789abcdef";
        let probe = Some(Probe::default());
        type Row = [Option<&'static str>; 5];
        let row = |schema, unmoved| [Some("app"), Some(same), schema, Some("public"), unmoved];
        let here = Some("public");
        let cases: [(Option<Probe>, Row, Option<bool>); 9] = [
            (None, row(here, None), Some(true)),
            (None, row(Some("other"), None), Some(false)),
            (None, row(None, None), Some(false)),
            (probe, row(here, Some("t")), Some(true)),
            (probe, row(here, Some("f")), Some(false)),
            (probe, row(here, None), Some(false)),
            (probe, row(Some("other"), Some("t")), Some(false)),
            (None, [Some("another"), Some(same), here, here, None], None),
            (
                None,
                [Some("app"), Some("no digits"), here, here, None],
                None,
            ),
        ];
        for (probe, row, expected) in cases {
            let recorded = RecallQuery::new("app", probe).read(|at| row[at]);
            let is_unmoved = recorded.map(|recorded| recorded.is_unmoved);
            assert_eq!(is_unmoved, expected, "{probe:?} {row:?}");
        }
    }
}
