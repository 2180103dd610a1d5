//! What stands around each expansion:
//!
//! ```text
//! const _: () = {
//!     use ::dataflow_core::__private as __dataflow;
//!     …
//! };
//! ```

use proc_macro2::TokenStream;
use quote::quote;

/// Shuts the items in, so that nothing which a user's file shadows reaches inside and nothing gets
/// out. Without a foundation there is nothing they could refer to, so they are left out.
pub(super) fn wrap(foundation: Option<&TokenStream>, items: &TokenStream) -> Option<TokenStream> {
    let foundation = foundation?;
    Some(quote! {
        const _: () = {
            use #foundation::__private as __dataflow;
            #items
        };
    })
}
