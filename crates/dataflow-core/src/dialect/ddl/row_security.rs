//! Row-level security: the database itself keeps the rows of tenants apart.

use crate::dialect::{identifier, table_identifier};
use crate::schema::TableName;
use crate::snapshot::RowSecurity;

/// What the policy is called, on each table that has it.
pub const POLICY: &str = "dataflow_tenant";

/// The setting that names the tenant whose rows are shown. Where it is not set, or was and is not
/// any more, there is none.
pub const TENANT_SETTING: &str = "dataflow.tenant";

/// What holds of the rows of the tenant that is set, by the type of the column, all as PostgreSQL
/// writes it out.
pub(in crate::dialect) fn condition(column: &str, column_type: &str) -> String {
    let column = identifier(column);
    let tenant = format!("NULLIF(current_setting('{TENANT_SETTING}'::text, true), ''::text)");
    match column_type {
        "text" => format!("({column} = {tenant})"),
        "uuid" | "smallint" | "integer" | "bigint" => {
            format!("({column} = ({tenant})::{column_type})")
        }
        // A text that has a length.
        _ => format!("(({column})::text = {tenant})"),
    }
}

/// The statements that put a policy in the place of another, or of none.
pub(super) fn set(
    table: &TableName,
    wanted: Option<&RowSecurity>,
    found: Option<&RowSecurity>,
) -> Vec<String> {
    let (table, policy) = (table_identifier(table), identifier(POLICY));
    let dropped = found.map(|_| format!("DROP POLICY {policy} ON {table}"));
    let then = match wanted {
        Some(RowSecurity { condition, .. }) => vec![
            format!("CREATE POLICY {policy} ON {table} USING {condition}"),
            format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"),
        ],
        None => vec![format!(
            "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        )],
    };
    dropped.into_iter().chain(then).collect()
}
