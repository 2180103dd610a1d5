//! The impl of `FieldValue` for an enum, and the names of its variants.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::schema;
use crate::parsed::{ParsedEnum, ParsedVariant};

// #[automatically_derived]
// impl Status {
//     /// The name that is stored.
//     pub const fn as_str(&self) -> &'static __dataflow::str {
//         match self { Self::Draft => "draft", … }
//     }
// }
//
// #[automatically_derived]
// impl __dataflow::ModelEnum for Status {
//     const ENUM: __dataflow::EnumType = …;
//     fn name(&self) -> &'static __dataflow::str { self.as_str() }
//     fn named(name: &__dataflow::str) -> … { match name { "draft" => …, … } }
// }
//
// #[automatically_derived]
// impl __dataflow::FieldValue for Status {
//     const TYPE: __dataflow::FieldType = __dataflow::FieldType::Enum(<Self as …>::ENUM);
//     fn to_value(&self) -> __dataflow::Value { … }
//     fn read<__Row: __dataflow::RowSource>(row: &__Row, ordinal: usize) -> … { … }
// }
pub(super) fn enumeration(parsed: &ParsedEnum) -> TokenStream {
    let (ident, visibility) = (&parsed.ident, &parsed.visibility);
    let name = parsed.ident.unraw().to_string();
    let variants: Vec<_> = parsed
        .variants
        .iter()
        .map(|variant| &variant.ident)
        .collect();
    let names: Vec<_> = parsed
        .variants
        .iter()
        .map(ParsedVariant::stored_name)
        .collect();
    // A type of its own sorts by the places of its labels.
    let ordered = parsed.type_name.as_ref().map(|_| {
        quote! {
            #[automatically_derived]
            impl __dataflow::Ordered for #ident {}
        }
    });
    let type_name = schema::optional(
        parsed
            .type_name
            .as_ref()
            .map(|name| schema::text(&name.value())),
    );
    quote! {
        #[automatically_derived]
        impl #ident {
            /// The name that is stored.
            #visibility const fn as_str(&self) -> &'static __dataflow::str {
                match self {
                    #(Self::#variants => #names),*
                }
            }
        }

        #[automatically_derived]
        impl __dataflow::ModelEnum for #ident {
            const ENUM: __dataflow::EnumType = __dataflow::EnumType {
                name: __dataflow::Cow::Borrowed(#name),
                variants: __dataflow::Cow::Borrowed(&[#(__dataflow::Cow::Borrowed(#names)),*]),
                type_name: #type_name,
            };

            fn name(&self) -> &'static __dataflow::str {
                self.as_str()
            }

            fn named(name: &__dataflow::str) -> __dataflow::Option<Self> {
                match name {
                    #(#names => __dataflow::Option::Some(Self::#variants),)*
                    _ => __dataflow::Option::None,
                }
            }
        }

        #[automatically_derived]
        impl __dataflow::FieldValue for #ident {
            const TYPE: __dataflow::FieldType =
                __dataflow::FieldType::Enum(<Self as __dataflow::ModelEnum>::ENUM);

            fn to_value(&self) -> __dataflow::Value {
                __dataflow::text(self.as_str())
            }

            fn read<__Row: __dataflow::RowSource>(
                row: &__Row,
                ordinal: __dataflow::usize,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::read_variant(row, ordinal)
            }
        }

        #ordered
    }
}
