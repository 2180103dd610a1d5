//! How much of its type a field takes.

use syn::LitInt;

/// What `max_length`, `precision` and `scale` say.
pub(crate) struct ParsedLimit {
    pub(crate) max_length: Option<LitInt>,
    pub(crate) precision: Option<LitInt>,
    pub(crate) scale: Option<LitInt>,
}
