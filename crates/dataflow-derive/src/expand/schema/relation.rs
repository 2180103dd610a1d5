//! The relations of a model.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::optional;
use crate::parsed::{Action, ParsedAction, ParsedField};

// __dataflow::relation::<User, String>(
//     "author_id",
//     __dataflow::Action::Cascade,
//     __dataflow::Action::NoAction,
//     false,
//     __dataflow::Option::None,
// )
pub(super) fn relation(field: &ParsedField) -> Option<TokenStream> {
    let (parent, field_type, name) = (field.belongs_to.as_ref()?, &field.field_type, &field.name);
    let on_delete = action(field.rules.on_delete.as_ref());
    let on_update = action(field.rules.on_update.as_ref());
    let deferred = field.rules.deferred.is_some();
    let own_name = optional(field.rules.name.as_ref());
    Some(quote_spanned!(parent.span()=>
    __dataflow::relation::<#parent, #field_type>(
        #name, #on_delete, #on_update, #deferred, #own_name
    )))
}

fn action(declared: Option<&ParsedAction>) -> TokenStream {
    match declared.map_or(Action::Nothing, |action| action.kind) {
        Action::Nothing => quote!(__dataflow::Action::NoAction),
        Action::Restrict => quote!(__dataflow::Action::Restrict),
        Action::Cascade => quote!(__dataflow::Action::Cascade),
        Action::SetNull => quote!(__dataflow::Action::SetNull),
        Action::SetDefault => quote!(__dataflow::Action::SetDefault),
    }
}
