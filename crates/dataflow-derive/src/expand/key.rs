//! What identifies a row: a field, or a tuple of fields.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::parsed::{ParsedField, ParsedModel};

// type Key = (i64, i64);
// const KEY_COLUMN: &'static __dataflow::str = "post_id";
// fn key(&self) -> <Self::Key as __dataflow::KeyValue>::Ref<'_> {
//     (&self.post_id, &self.tag_id)
// }
pub(super) fn key(model: &ParsedModel) -> TokenStream {
    let key_type = key_type(model);
    let fields: Vec<&ParsedField> = model.key().collect();
    let column = fields
        .first()
        .expect("a checked model has a key")
        .column_name();
    let idents = fields.iter().map(|field| &field.ident);
    let parts = idents.map(|ident| quote!(&self.#ident));
    let key = one_or_tuple(parts);
    quote! {
        type Key = #key_type;
        const KEY_COLUMN: &'static __dataflow::str = #column;

        fn key(&self) -> <Self::Key as __dataflow::KeyValue>::Ref<'_> {
            #key
        }
    }
}

/// The type of the key of a model that has one.
pub(super) fn key_type(model: &ParsedModel) -> TokenStream {
    one_or_tuple(model.key().map(|field| {
        let field_type = &field.field_type;
        quote_spanned!(field_type.span()=> #field_type)
    }))
}

fn one_or_tuple(parts: impl Iterator<Item = TokenStream>) -> TokenStream {
    let parts: Vec<TokenStream> = parts.collect();
    match &parts[..] {
        [only] => only.clone(),
        several => quote!((#(#several),*)),
    }
}
