//! What a model's rows promise, as impls of the traits that say so.

use proc_macro2::TokenStream;
use quote::quote;

use crate::parsed::ParsedModel;

// #[automatically_derived]
// impl __dataflow::SoftDelete for Note {}
pub(super) fn behaviors(model: &ParsedModel) -> Option<TokenStream> {
    let ident = &model.ident;
    let is_kept = model.fields.iter().any(|field| field.soft_delete.is_some());
    is_kept.then(|| {
        quote! {
            #[automatically_derived]
            impl __dataflow::SoftDelete for #ident {}
        }
    })
}
