//! What happens to a foreign key.

use proc_macro2::Ident;
use syn::LitStr;

/// The words beside `belongs_to`.
pub(crate) struct ParsedRules {
    pub(crate) on_delete: Option<ParsedAction>,
    pub(crate) on_update: Option<ParsedAction>,
    pub(crate) deferred: Option<Ident>,
    pub(crate) name: Option<LitStr>,
}

/// What follows `on_delete` or `on_update`.
pub(crate) struct ParsedAction {
    pub(crate) literal: LitStr,
    pub(crate) kind: Action,
}

/// What becomes of a row.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    Nothing,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}
