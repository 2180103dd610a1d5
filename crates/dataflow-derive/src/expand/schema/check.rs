//! The conditions of a model.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::{optional, text};
use crate::parsed::{ParsedCheck, ParsedModel};

/// Those of the fields first, in their order, then those of the struct.
pub(super) fn checks(model: &ParsedModel) -> Vec<TokenStream> {
    let of_fields = model.fields.iter().flat_map(|field| {
        let checks = field.checks.iter();
        checks.map(|declared| check(declared, Some(&field.name)))
    });
    let of_struct = model.checks.iter().map(|declared| check(declared, None));
    of_fields.chain(of_struct).collect()
}

// __dataflow::Check {
//     name: __dataflow::Option::None,
//     field: __dataflow::Option::Some(__dataflow::Cow::Borrowed("price")),
//     expression: __dataflow::Cow::Borrowed("price > 0"),
// }
fn check(check: &ParsedCheck, field: Option<&str>) -> TokenStream {
    let name = optional(check.name.as_ref().map(LitStr::value).as_deref().map(text));
    let field = optional(field.map(text));
    let expression = text(&check.expression.value());
    quote! {
        __dataflow::Check {
            name: #name,
            field: #field,
            expression: #expression,
        }
    }
}
