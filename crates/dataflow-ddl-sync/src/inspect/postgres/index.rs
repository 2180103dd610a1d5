//! The indexes of tables.

use dataflow_core::schema::Nulls;
use dataflow_core::snapshot::{Index, IndexKey, IndexMember, Table};
use postgres::SimpleQueryRow;

use crate::inspect::add_index_member;

/// One row for each member of each index that can be relied on: those left behind half-made and
/// those checked late serve nobody. The members that follow the key are those it includes.
pub(super) const INDEXES: &str = "
SELECT 'index', found.position, name.relname, entry.indisunique AND entry.indimmediate,
       nullif(method.amname, 'btree'), pg_get_expr(entry.indpred, entry.indrelid),
       member.position > entry.indnkeyatts, attribute.attname,
       CASE WHEN member.attnum = 0
           THEN pg_get_indexdef(entry.indexrelid, member.position::integer, false) END,
       entry.indoption[member.position - 1] & 1 <> 0,
       entry.indoption[member.position - 1] & 2 <> 0,
       CASE WHEN NOT class.opcdefault THEN CASE WHEN pg_opclass_is_visible(class.oid)
           THEN class.opcname::text
           ELSE class.opcnamespace::regnamespace || '.' || class.opcname END END,
       sorting.collname
FROM wanted found
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
pub(super) fn read(row: &SimpleQueryRow, table: &mut Table) {
    let text = |position| row.get(position).unwrap_or_default().to_owned();
    let some = |position| row.get(position).map(ToOwned::to_owned);
    let flag = |position| row.get(position) == Some("t");
    let is_included = flag(6);
    if is_included {
        let index = table.indexes.last_mut();
        let index = index.expect("an index covers something before it includes anything");
        index.include.push(text(7));
        return;
    }
    let index = Index {
        name: text(2),
        unique: flag(3),
        method: some(4),
        predicate: some(5),
        ..Index::default()
    };
    let (descending, nulls_first) = (flag(9), flag(10));
    let member = IndexMember {
        key: match row.get(8) {
            Some(expression) => IndexKey::Expression(expression.to_owned()),
            None => IndexKey::Column(text(7)),
        },
        descending,
        // Where a value is descending, null stands first unless declared otherwise.
        nulls: match nulls_first {
            _ if nulls_first == descending => None,
            true => Some(Nulls::First),
            false => Some(Nulls::Last),
        },
        operator_class: some(11),
        collation: some(12),
    };
    add_index_member(table, index, member);
}
