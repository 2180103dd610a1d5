//! Where in a database an error happened.

/// What a database names as being at fault. Names only: never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The table.
    pub table: Option<String>,
    /// The columns, in the order of the constraint.
    pub columns: Vec<String>,
    /// The constraint or unique index.
    pub constraint: Option<String>,
}
