//! The impl of `FromRow`, and that of `PartOf` for what is part of a model's rows.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::columns::constant;
use super::row::from_row;
use crate::parsed::{ParsedRow, ParsedRowField};

// #[automatically_derived]
// impl __dataflow::FromRow for CityTotal {
//     fn columns() -> __dataflow::Vec<__dataflow::RowColumn> {
//         __dataflow::vec![
//             __dataflow::RowColumn::named("city", <String as __dataflow::FieldValue>::TYPE),
//             …
//         ]
//     }
//     fn from_row(…) -> … { … }
// }
pub(super) fn row(row: &ParsedRow) -> TokenStream {
    let ident = &row.ident;
    let columns = match &row.of {
        None => named(row),
        Some(model) => quote!(__dataflow::columns_of::<#model, Self>()),
    };
    let fields = row.fields.iter();
    let from_row = from_row(fields.map(|field| (&field.ident, &field.field_type)));
    let part = part(row);
    quote! {
        #[automatically_derived]
        impl __dataflow::FromRow for #ident {
            fn columns() -> __dataflow::Vec<__dataflow::RowColumn> {
                #columns
            }

            #from_row
        }

        #part
    }
}

fn named(row: &ParsedRow) -> TokenStream {
    let columns = row.fields.iter().map(|field| {
        let (name, field_type) = (field.column_name(), &field.field_type);
        quote_spanned!(field_type.span()=>
            __dataflow::RowColumn::named(#name, <#field_type as __dataflow::FieldValue>::TYPE))
    });
    quote!(__dataflow::vec![#(#columns),*])
}

// #[automatically_derived]
// impl __dataflow::PartOf<User> for Contact {
//     const POSITIONS: &'static [__dataflow::usize] =
//         &[__dataflow::position_of::<User, String>(<User>::EMAIL), …];
// }
//
// #[automatically_derived]
// #[allow(dead_code, reason = "rows may be read in other ways alone")]
// impl Contact {
//     /// Its columns, for `select`.
//     pub const COLUMNS: __dataflow::PartialRow<User, Self> = __dataflow::PartialRow::new();
// }
/// Of what belongs to no model there is none.
pub(super) fn part(row: &ParsedRow) -> Option<TokenStream> {
    let (model, ident, visibility) = (row.of.as_ref()?, &row.ident, &row.visibility);
    let positions = row.fields.iter().map(|field| position(model, field));
    Some(quote! {
        #[automatically_derived]
        impl __dataflow::PartOf<#model> for #ident {
            const POSITIONS: &'static [__dataflow::usize] = &[#(#positions),*];
        }

        #[automatically_derived]
        #[allow(dead_code, reason = "rows may be read in other ways alone")]
        impl #ident {
            /// Its columns, for `select`.
            #visibility const COLUMNS: __dataflow::PartialRow<#model, Self> =
                __dataflow::PartialRow::new();
        }
    })
}

/// A field that the model does not have, or of another type, is underlined.
fn position(model: &syn::Path, field: &ParsedRowField) -> TokenStream {
    let (named, field_type) = (
        field.field.as_ref().unwrap_or(&field.ident),
        &field.field_type,
    );
    let column = constant(&named.unraw().to_string(), named.span());
    let column = quote_spanned!(named.span()=> <#model>::#column);
    quote!(__dataflow::position_of::<#model, #field_type>(#column))
}
