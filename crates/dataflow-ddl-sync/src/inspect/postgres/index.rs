//! The indexes of tables.

use dataflow_core::schema::{Deferrable, Nulls};
use dataflow_core::snapshot::{Index, IndexKey, IndexMember, Table};

use super::row::Row;
use crate::inspect::add_index_member;

/// One row for each member of each index that can be relied on: those left behind half-made serve
/// nobody. The members that follow the key are those it includes. Before version 15 all nulls are
/// distinct, and there is no such column: its name then means that of `older`, which lies further out.
pub(super) const INDEXES: &str = "
SELECT 'index' AS kind, found.position, name.relname AS name,
       entry.indisunique AS is_unique,
       nullif(method.amname, 'btree') AS method,
       pg_get_expr(entry.indpred, entry.indrelid) AS predicate,
       member.position > entry.indnkeyatts AS is_included, attribute.attname AS column,
       CASE WHEN member.attnum = 0
           THEN pg_get_indexdef(entry.indexrelid, member.position::integer, false)
           END AS expression,
       entry.indoption[member.position - 1] & 1 <> 0 AS descending,
       entry.indoption[member.position - 1] & 2 <> 0 AS nulls_first,
       CASE WHEN NOT class.opcdefault THEN CASE WHEN pg_opclass_is_visible(class.oid)
           THEN class.opcname::text
           ELSE class.opcnamespace::regnamespace || '.' || class.opcname END END AS operator_class,
       sorting.collname AS collation,
       CASE WHEN entry.indisunique AND NOT entry.indimmediate THEN
           (SELECT rule.condeferred FROM pg_constraint rule
            WHERE rule.conindid = entry.indexrelid AND rule.contype = 'u') END AS is_deferred,
       entry.indisunique AND (SELECT indnullsnotdistinct FROM pg_index newer
                              WHERE newer.indexrelid = entry.indexrelid) AS nulls_not_distinct
FROM wanted found
CROSS JOIN (SELECT false AS indnullsnotdistinct) older
JOIN pg_index entry ON entry.indrelid = found.oid
JOIN pg_class name ON name.oid = entry.indexrelid
JOIN pg_am method ON method.oid = name.relam
CROSS JOIN LATERAL unnest(entry.indkey::int2[]) WITH ORDINALITY member(attnum, position)
LEFT JOIN pg_attribute attribute
    ON attribute.attrelid = found.oid AND attribute.attnum = member.attnum AND member.attnum <> 0
LEFT JOIN pg_opclass class ON class.oid = entry.indclass[member.position - 1]
LEFT JOIN pg_collation sorting
    ON sorting.oid = entry.indcollation[member.position - 1]
    AND sorting.oid <> coalesce(attribute.attcollation, 'pg_catalog.default'::regcollation::oid)
WHERE entry.indisvalid AND NOT entry.indisprimary
ORDER BY found.position, name.relname, member.position";

/// Reads one row of [`INDEXES`].
pub(super) fn read(row: Row<'_>, table: &mut Table) {
    if row.flag("is_included") {
        let index = table.indexes.last_mut();
        let index = index.expect("an index covers something before it includes anything");
        index.include.push(row.owned("column"));
        return;
    }
    let index = Index {
        name: row.owned("name"),
        unique: row.flag("is_unique"),
        method: row.some("method"),
        predicate: row.some("predicate"),
        deferrable: row
            .some("is_deferred")
            .map(|_| match row.flag("is_deferred") {
                true => Deferrable::InitiallyDeferred,
                false => Deferrable::InitiallyImmediate,
            }),
        nulls_not_distinct: row.flag("nulls_not_distinct"),
        ..Index::default()
    };
    let (descending, nulls_first) = (row.flag("descending"), row.flag("nulls_first"));
    let member = IndexMember {
        key: match row.some("expression") {
            Some(expression) => IndexKey::Expression(expression),
            None => IndexKey::Column(row.owned("column")),
        },
        descending,
        // Where a value is descending, null stands first unless declared otherwise.
        nulls: match nulls_first {
            _ if nulls_first == descending => None,
            true => Some(Nulls::First),
            false => Some(Nulls::Last),
        },
        operator_class: row.some("operator_class"),
        collation: row.some("collation"),
    };
    add_index_member(table, index, member);
}
