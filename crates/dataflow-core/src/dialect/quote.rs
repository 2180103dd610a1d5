//! Names and texts inside SQL.

use crate::schema::TableName;

/// A name, quoted as both databases do: any name works, whatever it holds.
///
/// ```
/// use dataflow_core::dialect::identifier;
///
/// assert_eq!(identifier("order"), r#""order""#);
/// assert_eq!(identifier(r#"a"b"#), r#""a""b""#);
/// ```
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table by all of its name, as it stands where a statement says which table it is about. Beside a
/// column, and behind `AS`, its name within the schema is enough.
///
/// ```
/// use dataflow_core::dialect::table_identifier;
/// use dataflow_core::schema::TableName;
///
/// assert_eq!(table_identifier(&TableName::new("users")), r#""users""#);
/// assert_eq!(
///     table_identifier(&TableName::within("billing", "invoices")),
///     r#""billing"."invoices""#
/// );
/// ```
pub fn table_identifier(table: &TableName) -> String {
    within(table, &table.name)
}

/// Something that is kept in the schema of a table, by all of its name.
pub(crate) fn within(table: &TableName, name: &str) -> String {
    let name = identifier(name);
    match &table.schema {
        Some(schema) => format!("{}.{name}", identifier(schema)),
        None => name,
    }
}

/// A text as a literal, for the places that take no parameter: defaults and the ledger.
///
/// ```
/// use dataflow_core::dialect::literal;
///
/// assert_eq!(literal("it's"), "'it''s'");
/// ```
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
