//! The columns of tables.

use dataflow_core::dialect::identifier;
use dataflow_core::schema::Kept;
use dataflow_core::snapshot::{Column, Generated};

use super::row::Row;

/// One row for each column. A table without columns has one row without a column. A domain may refuse
/// null, or have a default, for all columns of it.
pub(super) const COLUMNS: &str = "
SELECT 'column' AS kind, found.position, attribute.attname AS name,
       format_type(attribute.atttypid, attribute.atttypmod) AS type,
       NOT (attribute.attnotnull OR coalesce(kind.typnotnull, false)) AS nullable,
       coalesce(pg_get_expr(attrdef.adbin, attrdef.adrelid), kind.typdefault) AS expression,
       attribute.attidentity <> ''
           OR pg_get_expr(attrdef.adbin, attrdef.adrelid) LIKE 'nextval(%' AS is_serial,
       attribute.attgenerated AS generated,
       CASE WHEN pg_collation_is_visible(sorting.oid) THEN sorting.collname::text
           ELSE sorting.collnamespace::regnamespace || '.' || sorting.collname END AS collation,
       coalesce(CASE kind.typtype WHEN 'e' THEN kind.typname END, item.typname) AS enum_type,
       item.typname IS NOT NULL AS is_list
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
LEFT JOIN pg_type list
    ON list.oid = attribute.atttypid AND list.typcategory = 'A' AND list.typelem >= 16384
LEFT JOIN pg_type item
    ON item.oid = list.typelem AND item.typtype = 'e' AND pg_type_is_visible(item.oid)
ORDER BY found.position, attribute.attnum";

/// Reads one row of [`COLUMNS`]. What a column holds by default and what it is computed of stand in the
/// same place.
pub(super) fn read(row: Row<'_>) -> Option<Column> {
    let name = row.some("name")?;
    let kept = match row.text("generated") {
        "s" => Some(Kept::Stored),
        "v" => Some(Kept::Virtual),
        _ => None,
    };
    let (mut column_type, mut expression) = (row.owned("type"), row.some("expression"));
    if let Some(name) = row.get("enum_type") {
        let list = if row.flag("is_list") { "[]" } else { "" };
        let quoted = identifier(name) + list;
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
    Some(Column {
        name,
        column_type,
        nullable: row.flag("nullable"),
        default,
        is_serial: row.flag("is_serial"),
        generated,
        guard: None,
        limit: None,
        adopts: None,
        collation: row.some("collation"),
        comment: None,
    })
}
