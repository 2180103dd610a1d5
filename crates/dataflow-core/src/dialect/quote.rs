//! Names and texts inside SQL.

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
