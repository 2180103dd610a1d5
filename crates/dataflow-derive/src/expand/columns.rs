//! The columns, as constants of the struct.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::parsed::{ParsedField, ParsedModel};

// #[automatically_derived]
// #[allow(dead_code, reason = "a program need not name every column")]
// impl User {
//     /// The column of `email`.
//     pub const EMAIL: __dataflow::Column<User, String> = __dataflow::Column::new(1usize);
//     …
// }
pub(super) fn columns(model: &ParsedModel) -> TokenStream {
    let ident = &model.ident;
    let columns = model.fields.iter().enumerate();
    let columns = columns.map(|(position, field)| column(ident, position, field));
    quote! {
        #[automatically_derived]
        #[allow(dead_code, reason = "a program need not name every column")]
        impl #ident {
            #(#columns)*
        }
    }
}

/// What the column of a field is called.
pub(super) fn constant(field: &str, span: Span) -> Ident {
    Ident::new(&field.to_uppercase(), span)
}

/// A column is seen by whoever sees the field.
fn column(model: &Ident, position: usize, field: &ParsedField) -> TokenStream {
    let (visibility, field_type) = (&field.visibility, &field.field_type);
    let constant = constant(&field.name, field.ident.span());
    let description = format!("The column of `{}`.", field.name);
    quote_spanned! {field.ident.span()=>
        #[doc = #description]
        #visibility const #constant: __dataflow::Column<#model, #field_type> =
            __dataflow::Column::new(#position);
    }
}
