//! A struct that rows are read as.

use proc_macro2::Ident;
use syn::{LitStr, Path, Type, Visibility};

/// A struct that derives `FromRow`.
pub(crate) struct ParsedRow {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) krate: Option<Path>,
    /// The model whose columns it has.
    pub(crate) of: Option<Path>,
    pub(crate) fields: Vec<ParsedRowField>,
}

/// A field of it.
pub(crate) struct ParsedRowField {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) field_type: Type,
    /// The name of its column in the statement.
    pub(crate) column: Option<LitStr>,
    /// The field of the model.
    pub(crate) field: Option<Ident>,
}

impl ParsedRowField {
    /// What its column is called in the statement.
    pub(crate) fn column_name(&self) -> String {
        match &self.column {
            Some(column) => column.value(),
            None => self.name.clone(),
        }
    }
}
