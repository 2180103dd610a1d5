//! What goes out beside messages: an impl that can never run, so that the rest of the program still
//! finds the trait and adds no errors of its own.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::{behaviors, columns, key, relations};
use crate::check::MOST_KEY_FIELDS;
use crate::parsed::{ParsedModel, ParsedRow};

/// A stub of `Model`. A key that is known stays the key, for relations that point here; in a generic
/// struct it may be no type that a key can have.
pub(super) fn model(input: &DeriveInput, parsed: Option<&ParsedModel>) -> TokenStream {
    let ident = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let bounds = where_static(bounds);
    let plain = parsed.filter(|_| input.generics.params.is_empty());
    let key_type = match plain {
        Some(model) if (1..=MOST_KEY_FIELDS).contains(&model.key().count()) => key::key_type(model),
        _ => quote!(__dataflow::String),
    };
    let behaviors = plain.map(behaviors::behaviors);
    let columns = plain.map(columns::columns);
    let relations = plain.and_then(relations::relations);
    quote! {
        #[automatically_derived]
        impl #generics __dataflow::Model for #ident #arguments #bounds {
            type Key = #key_type;
            const TABLE: __dataflow::TableName = __dataflow::TableName {
                schema: __dataflow::Option::None,
                name: __dataflow::Cow::Borrowed(""),
            };
            const KEY_COLUMN: &'static __dataflow::str = "";

            fn schema() -> &'static __dataflow::ModelSchema {
                __dataflow::unreachable!()
            }

            fn key(&self) -> <Self::Key as __dataflow::KeyValue>::Ref<'_> {
                __dataflow::unreachable!()
            }

            fn values(&self) -> __dataflow::Vec<__dataflow::Value> {
                __dataflow::unreachable!()
            }

            fn from_row<__Row: __dataflow::RowSource>(_: &__Row) -> __dataflow::ModelResult<Self> {
                __dataflow::unreachable!()
            }
        }

        #behaviors
        #columns
        #relations
    }
}

/// A stub of what `ModelEnum` yields.
pub(super) fn enumeration(input: &DeriveInput) -> TokenStream {
    let (ident, visibility) = (&input.ident, &input.vis);
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let static_bounds = where_static(bounds);
    quote! {
        #[automatically_derived]
        impl #generics #ident #arguments #bounds {
            #visibility const fn as_str(&self) -> &'static __dataflow::str {
                ""
            }
        }

        #[automatically_derived]
        impl #generics __dataflow::ModelEnum for #ident #arguments #static_bounds {
            const ENUM: __dataflow::EnumType = __dataflow::EnumType {
                name: __dataflow::Cow::Borrowed(""),
                variants: __dataflow::Cow::Borrowed(&[]),
                type_name: __dataflow::Option::None,
            };

            fn name(&self) -> &'static __dataflow::str {
                __dataflow::unreachable!()
            }

            fn named(_: &__dataflow::str) -> __dataflow::Option<Self> {
                __dataflow::unreachable!()
            }
        }

        #[automatically_derived]
        impl #generics __dataflow::FieldValue for #ident #arguments #static_bounds {
            const TYPE: __dataflow::FieldType = __dataflow::FieldType::String;

            fn to_value(&self) -> __dataflow::Value {
                __dataflow::unreachable!()
            }

            fn read<__Row: __dataflow::RowSource>(
                _: &__Row,
                _: __dataflow::usize,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::unreachable!()
            }
        }
    }
}

/// A stub of what `FromRow` yields.
pub(super) fn row(input: &DeriveInput, parsed: Option<&ParsedRow>) -> TokenStream {
    let (ident, visibility) = (&input.ident, &input.vis);
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let bounds = where_static(bounds);
    let part = parsed.and_then(|row| row.of.as_ref()).map(|model| {
        quote! {
            #[automatically_derived]
            impl #generics __dataflow::PartOf<#model> for #ident #arguments #bounds {
                const POSITIONS: &'static [__dataflow::usize] = &[];
            }

            #[automatically_derived]
            #[allow(dead_code, reason = "rows may be read in other ways alone")]
            impl #generics #ident #arguments #bounds {
                #visibility const COLUMNS: __dataflow::PartialRow<#model, Self> =
                    __dataflow::PartialRow::new();
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #generics __dataflow::FromRow for #ident #arguments #bounds {
            fn columns() -> __dataflow::Vec<__dataflow::RowColumn> {
                __dataflow::unreachable!()
            }

            fn from_row<__Row: __dataflow::RowSource>(_: &__Row) -> __dataflow::ModelResult<Self> {
                __dataflow::unreachable!()
            }
        }

        #part
    }
}

/// The bounds with what the traits ask of every type, which a generic type may not promise.
fn where_static(bounds: Option<&syn::WhereClause>) -> TokenStream {
    let given = bounds
        .map(|bounds| bounds.predicates.iter())
        .into_iter()
        .flatten();
    quote!(where #(#given,)* Self: __dataflow::Sized + __dataflow::Send + __dataflow::Sync + 'static)
}
