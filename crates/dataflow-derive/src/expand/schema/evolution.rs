//! What became of the table and its columns since versions before.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::{list, optional, text};
use crate::parsed::{ParsedField, ParsedModel};

// __dataflow::Evolution::NONE
//
// __dataflow::Evolution {
//     renamed_from: __dataflow::Option::Some(__dataflow::Cow::Borrowed("people")),
//     moved_from: __dataflow::Option::None,
//     renamed_fields: __dataflow::Cow::Borrowed(&[__dataflow::RenamedField { … }]),
//     …
// }
pub(super) fn evolution(model: &ParsedModel) -> TokenStream {
    let renamed: Vec<TokenStream> = model.fields.iter().filter_map(renamed_field).collect();
    let drops = &model.drops;
    let all_drops = [&drops.columns, &drops.indexes, &drops.constraints];
    let is_silent =
        model.renamed_from.is_none() && model.moved_from.is_none() && renamed.is_empty();
    if is_silent && all_drops.iter().all(|names| names.is_empty()) {
        return quote!(__dataflow::Evolution::NONE);
    }
    let optional_text =
        |written: &Option<LitStr>| optional(written.as_ref().map(|name| text(&name.value())));
    let renamed_from = optional_text(&model.renamed_from);
    let moved_from = optional_text(&model.moved_from);
    let renamed_fields = list(renamed);
    let [columns, indexes, constraints] = all_drops.map(|names| self::names(names));
    quote! {
        __dataflow::Evolution {
            renamed_from: #renamed_from,
            moved_from: #moved_from,
            renamed_fields: #renamed_fields,
            dropped_columns: #columns,
            dropped_indexes: #indexes,
            dropped_constraints: #constraints,
        }
    }
}

fn renamed_field(field: &ParsedField) -> Option<TokenStream> {
    let from = text(&field.renamed_from.as_ref()?.value());
    let name = text(&field.name);
    Some(quote!(__dataflow::RenamedField { field: #name, from: #from }))
}

fn names(names: &[LitStr]) -> TokenStream {
    list(names.iter().map(|name| text(&name.value())))
}
