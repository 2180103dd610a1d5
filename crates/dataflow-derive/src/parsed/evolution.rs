//! What became of the columns of versions before.

use syn::LitStr;

/// The names that a struct says may go.
#[derive(Default)]
pub(crate) struct ParsedDrops {
    pub(crate) columns: Vec<LitStr>,
    pub(crate) indexes: Vec<LitStr>,
    pub(crate) constraints: Vec<LitStr>,
}
