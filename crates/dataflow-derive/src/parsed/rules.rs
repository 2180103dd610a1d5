//! What the values of a field fulfill beyond their type.

use proc_macro2::Ident;
use syn::{LitInt, LitStr, Path};

use super::ParsedDefault;

/// What `min_length`, `min`, `max`, `pattern`, `email`, `url` and `validate` say.
pub(crate) struct ParsedValueRules {
    pub(crate) min_length: Option<LitInt>,
    pub(crate) min: Option<ParsedDefault>,
    pub(crate) max: Option<ParsedDefault>,
    pub(crate) pattern: Option<LitStr>,
    pub(crate) email: Option<Ident>,
    pub(crate) url: Option<Ident>,
    pub(crate) validate: Option<Path>,
}
