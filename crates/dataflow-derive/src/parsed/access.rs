//! Which way a field goes through doors.

use proc_macro2::Ident;

/// What `read_only`, `write_only` and `sensitive` say.
pub(crate) struct ParsedAccess {
    pub(crate) read_only: Option<Ident>,
    pub(crate) write_only: Option<Ident>,
    pub(crate) sensitive: Option<Ident>,
}

impl ParsedAccess {
    /// Whether nothing is declared.
    pub(crate) fn is_open(&self) -> bool {
        self.read_only.is_none() && self.write_only.is_none() && self.sensitive.is_none()
    }
}
