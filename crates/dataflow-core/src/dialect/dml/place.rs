//! A place inside a JSON document, in SQL.

/// Expressions that look at a place inside a document. Those that read it are only asked for a
/// value of their kind, which the others tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whether it is a text.
    pub is_text: String,
    /// Its text; null where it is missing or null.
    pub text: String,
    /// Whether it is a number.
    pub is_number: String,
    /// Its number.
    pub number: String,
    /// Its number as the nearest float of 64 bits.
    pub float: String,
    /// Whether it is true or false.
    pub is_bool: String,
    /// Its truth value.
    pub bool: String,
    /// What is there, as a document; null where there is nothing.
    pub document: String,
}
