//! What the values of a field fulfill beyond their type.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{optional, text};
use crate::parsed::{DefaultLiteral, ParsedDefault, ParsedField, ParsedValueRules};

// __dataflow::Rules {
//     min_length: __dataflow::Option::Some(__dataflow::min_length::<String>(2)),
//     pattern: __dataflow::Option::Some(__dataflow::Cow::Borrowed(
//         __dataflow::text_rule::<String, _>("^[a-z]+$"),
//     )),
//     format: __dataflow::Option::Some(
//         __dataflow::text_rule::<String, _>(__dataflow::Format::Email),
//     ),
//     validator: __dataflow::Validator::new(
//         |value| __dataflow::validate::<String, _, _>(value, crate::is_even),
//     ),
//     ..__dataflow::Rules::NONE
// }
pub(super) fn rules(field: &ParsedField) -> TokenStream {
    let rules = &field.value_rules;
    let members: Vec<TokenStream> = [
        min_length(field),
        bound("min", rules.min.as_ref(), field),
        bound("max", rules.max.as_ref(), field),
        pattern(field),
        format(field),
        validator(field),
    ]
    .into_iter()
    .flatten()
    .collect();
    if members.is_empty() {
        return quote!(__dataflow::Rules::NONE);
    }
    quote!(__dataflow::Rules { #(#members,)* ..__dataflow::Rules::NONE })
}

fn min_length(field: &ParsedField) -> Option<TokenStream> {
    let (field_type, least) = (&field.field_type, field.value_rules.min_length.as_ref()?);
    let least = quote_spanned!(least.span()=> __dataflow::min_length::<#field_type>(#least));
    Some(member("min_length", &least))
}

fn bound(name: &str, bound: Option<&ParsedDefault>, field: &ParsedField) -> Option<TokenStream> {
    let (field_type, bound) = (&field.field_type, bound?);
    let value = match &bound.literal {
        DefaultLiteral::Integer(value) => quote!(__dataflow::Bound::Integer(#value)),
        DefaultLiteral::Float(value) => quote!(__dataflow::Bound::Float(#value)),
        DefaultLiteral::Text(value) => {
            let value = text(value);
            quote!(__dataflow::Bound::Text(#value))
        }
        DefaultLiteral::Bool(_) => return None,
    };
    let value = quote_spanned!(bound.tokens.span()=> __dataflow::bound::<#field_type>(#value));
    Some(member(name, &value))
}

fn pattern(field: &ParsedField) -> Option<TokenStream> {
    let (field_type, pattern) = (&field.field_type, field.value_rules.pattern.as_ref()?);
    let pattern = quote_spanned!(pattern.span()=>
        __dataflow::Cow::Borrowed(__dataflow::text_rule::<#field_type, _>(#pattern)));
    Some(member("pattern", &pattern))
}

fn format(field: &ParsedField) -> Option<TokenStream> {
    let ParsedValueRules { email, url, .. } = &field.value_rules;
    let (word, format) = match (email, url) {
        (Some(word), _) => (word, quote!(__dataflow::Format::Email)),
        (None, word) => (word.as_ref()?, quote!(__dataflow::Format::Url)),
    };
    let field_type = &field.field_type;
    let format = quote_spanned!(word.span()=> __dataflow::text_rule::<#field_type, _>(#format));
    Some(member("format", &format))
}

fn validator(field: &ParsedField) -> Option<TokenStream> {
    let (field_type, function) = (&field.field_type, field.value_rules.validate.as_ref()?);
    Some(quote_spanned!(function.span()=>
    validator: __dataflow::Validator::new(
        |value| __dataflow::validate::<#field_type, _, _>(value, #function)
    )))
}

fn member(name: &str, value: &TokenStream) -> TokenStream {
    let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
    let value = optional(Some(value));
    quote!(#name: #value)
}
