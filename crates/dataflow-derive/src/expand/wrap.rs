//! Around each expansion.

use proc_macro2::TokenStream;
use quote::quote;

/// ```ignore
/// const _: () = {
///     use ::dataflow_core::__private as __dataflow;
///     …
/// };
/// ```
///
/// Nothing that a user's file imports or shadows reaches inside, and nothing inside gets out.
/// Without a foundation there is nothing that the items could refer to, so they are left out.
pub(super) fn wrap(foundation: Option<&TokenStream>, items: &TokenStream) -> Option<TokenStream> {
    let foundation = foundation?;
    Some(quote! {
        const _: () = {
            use #foundation::__private as __dataflow;
            #items
        };
    })
}
