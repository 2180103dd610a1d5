//! Rows: a struct to values, and a row to a struct, both by ordinal.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::parsed::ParsedModel;

// fn values(&self) -> __dataflow::Vec<__dataflow::Value> {
//     __dataflow::vec![<String as __dataflow::FieldValue>::to_value(&self.id), …]
// }
pub(super) fn values(model: &ParsedModel) -> TokenStream {
    let values = model.fields.iter().map(|field| {
        let (ident, field_type) = (&field.ident, &field.field_type);
        quote_spanned!(field_type.span()=>
            <#field_type as __dataflow::FieldValue>::to_value(&self.#ident))
    });
    quote! {
        fn values(&self) -> __dataflow::Vec<__dataflow::Value> {
            __dataflow::vec![#(#values),*]
        }
    }
}

// fn from_row<__Row: __dataflow::RowSource>(row: &__Row) -> __dataflow::ModelResult<Self> {
//     __dataflow::ModelResult::Ok(Self {
//         id: <String as __dataflow::FieldValue>::read(row, 0usize)?,
//         …
//     })
// }
pub(super) fn from_row<'p>(fields: impl Iterator<Item = (&'p Ident, &'p Type)>) -> TokenStream {
    let fields = fields.enumerate().map(|(ordinal, (ident, field_type))| {
        let read = quote_spanned!(field_type.span()=>
            <#field_type as __dataflow::FieldValue>::read(row, #ordinal)?);
        quote!(#ident: #read)
    });
    quote! {
        fn from_row<__Row: __dataflow::RowSource>(row: &__Row) -> __dataflow::ModelResult<Self> {
            __dataflow::ModelResult::Ok(Self { #(#fields),* })
        }
    }
}
