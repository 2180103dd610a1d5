//! A type of named values.

use super::Column;
use crate::dialect::identifier;

/// A type of named values, which a column has by the quoted name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EnumType {
    /// Its name, without a schema.
    pub name: String,
    /// The values, in the order in which they are sorted.
    pub labels: Vec<String>,
}

impl EnumType {
    /// It as the type of a column.
    pub(crate) fn column_type(&self) -> String {
        identifier(&self.name)
    }

    /// Whether a column holds values of it, or lists of such.
    pub(crate) fn is_in(&self, column: &Column) -> bool {
        let of = &column.column_type;
        *of.strip_suffix("[]").unwrap_or(of) == self.column_type()
    }
}
