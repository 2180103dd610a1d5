//! Who sees which rows of tables.

use dataflow_core::dialect::identifier;
use dataflow_core::snapshot::RowSecurity;

use super::row::Row;

/// The policies of the house, the tables that hide their rows without one, and those whose rows may
/// be hidden from whoever looks. One that some role,
/// some statement or the owner does not mind does not do what it is there for.
pub(super) const POLICIES: &str = "
SELECT 'policy' AS kind, found.position, attribute.attname AS column,
       quote_ident(attribute.attname) AS spelled,
       CASE WHEN owner.relrowsecurity AND owner.relforcerowsecurity AND entry.polpermissive
                 AND entry.polcmd = '*' AND entry.polroles = '{0}'::oid[]
                 AND entry.polwithcheck IS NULL
            THEN pg_get_expr(entry.polqual, entry.polrelid) END AS condition
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
    WHERE entry.polrelid = found.oid AND entry.polname = 'dataflow_tenant')
UNION ALL
SELECT CASE WHEN row_security_active(found.oid) THEN 'limited' ELSE 'owner' END,
       found.position, NULL, NULL, NULL
FROM wanted found
JOIN pg_roles role ON role.rolname = current_user
WHERE NOT (role.rolsuper OR role.rolbypassrls)";

/// Reads one row of [`POLICIES`]. The server puts a name in quotes only where it must.
pub(super) fn read(row: Row<'_>) -> RowSecurity {
    let column = row.text("column");
    let condition = row.text("condition");
    RowSecurity {
        column: column.to_owned(),
        condition: condition.replacen(row.text("spelled"), &identifier(column), 1),
    }
}
