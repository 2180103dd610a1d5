//! What a model's rows promise, as impls of the traits that say so.

use proc_macro2::TokenStream;
use quote::quote;

use crate::parsed::ParsedModel;

// #[automatically_derived]
// impl __dataflow::Changeable for Note {}
// #[automatically_derived]
// impl __dataflow::SoftDelete for Note {}
pub(super) fn behaviors(model: &ParsedModel) -> TokenStream {
    let ident = &model.ident;
    let is_kept = model.fields.iter().any(|field| field.soft_delete.is_some());
    let changeable = model.append_only.is_none().then(|| quote!(Changeable));
    let soft_delete = is_kept.then(|| quote!(SoftDelete));
    let traits = changeable.into_iter().chain(soft_delete);
    quote! {
        #(
            #[automatically_derived]
            impl __dataflow::#traits for #ident {}
        )*
    }
}
